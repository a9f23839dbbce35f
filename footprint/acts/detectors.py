"""Detectors suspended and let look again: by what people decided, or by a person (guardrail G33)."""

from collections.abc import Collection
from datetime import datetime

from footprint.acts.authority import SYSTEM, require
from footprint.digests import digest
from footprint.errors import BadInput
from footprint.ports import Record, Transaction
from footprint.precision import measured, together
from footprint.suspensions import DetectorEvent, latest, suspended
from footprint.users import Role, User


def suspend_imprecise(
    record: Record, names: Collection[str], *, least_precision: float, least_decisions: int, at: datetime
) -> tuple[DetectorEvent, ...]:
    """
    Suspend those of the named detectors whose measured precision is below the agreed one. Returns what was suspended just now.

    A detector that a person let look again is measured by what was decided since. With a `least_precision` of 0 none is suspended.
    """
    with record.transaction() as tx:
        events = latest(tx.select(DetectorEvent))
        resumed = {name: event.at for name, event in events.items() if not event.is_suspended}
        precision = together(measured(tx, since=resumed) if least_precision else ())
        imprecise = [
            one
            for name, one in sorted(precision.items())
            if name in names
            and one.judged >= least_decisions
            and one.material < least_precision * one.judged
            and not (name in events and events[name].is_suspended)
        ]
        return tuple(
            _record(
                tx,
                one.detector,
                is_suspended=True,
                by=SYSTEM,
                at=at,
                reason=f"{one.material} of {one.judged} judged findings were right; {least_precision:.0%} was agreed.",
                judged=one.judged,
                material=one.material,
            )
            for one in imprecise
        )


def suspend(record: Record, name: str, *, actor: User, at: datetime, reason: str) -> DetectorEvent:
    """Let a detector look no more. Raises BadInput where it is suspended already."""
    require(actor, Role.REGISTRAR)
    with record.transaction() as tx:
        if name in suspended(tx.select(DetectorEvent)):
            raise BadInput(f"{name} is suspended already.")
        return _record(tx, name, is_suspended=True, by=actor.name, at=at, reason=_said(reason))


def resume(record: Record, name: str, *, actor: User, at: datetime, reason: str) -> DetectorEvent:
    """Let a suspended detector look again. Raises BadInput where it is not suspended."""
    require(actor, Role.REGISTRAR)
    with record.transaction() as tx:
        if name not in suspended(tx.select(DetectorEvent)):
            raise BadInput(f"{name} is not suspended.")
        return _record(tx, name, is_suspended=False, by=actor.name, at=at, reason=_said(reason))


def _said(reason: str) -> str:
    if not reason.strip():
        raise BadInput("Say why.")
    return reason.strip()


def _record(
    tx: Transaction,
    name: str,
    *,
    is_suspended: bool,
    by: str,
    at: datetime,
    reason: str,
    judged: int = 0,
    material: int = 0,
) -> DetectorEvent:
    event = DetectorEvent(
        id=digest(name, is_suspended, at.isoformat()),
        detector=name,
        is_suspended=is_suspended,
        by=by,
        at=at,
        reason=reason,
        judged=judged,
        material=material,
    )
    tx.add(event)
    action = "detector.suspended" if is_suspended else "detector.resumed"
    detail = {"judged": judged, "material": material} if judged else {}
    tx.audit(at=at, actor=by, action=action, subject=name, purpose=reason, detail=detail)
    return event
