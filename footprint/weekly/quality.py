"""By which thresholds findings were made, and which detectors did not look: as it stood, and what was changed in the week (guardrails G32, G33)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from footprint.suspensions import DetectorEvent, suspended
from footprint.thresholds import Threshold
from footprint.weekly.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdFigures:
    """
    The threshold of one identifier at the cut-off. `before` was in force when the week began, 0 where none was, None where it is the same.

    Who proposed and approved it are people of the service, not registrants.
    """

    identifier_id: str
    value: float
    version: int
    before: float | None
    proposed_by: str
    approved_by: str
    approved_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorChange:
    """A detector suspended, or let look again; `judged` and `material` are the decisions that it rests on, 0 where a person said so."""

    detector: str
    is_suspended: bool
    by: str
    at: datetime
    reason: str
    judged: int
    material: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Thresholds and suspensions in force at the cut-off, and what was suspended or resumed in the week, in order of time."""

    thresholds: tuple[ThresholdFigures, ...] = ()
    suspended: tuple[DetectorChange, ...] = ()
    changes: tuple[DetectorChange, ...] = ()


def quality(facts: Facts) -> Quality:
    """The quality figures of a week."""
    start = facts.scope.bounds.start
    by_identifier: dict[str, list[Threshold]] = {}
    for threshold in facts.thresholds:
        by_identifier.setdefault(threshold.proposal.identifier_id, []).append(threshold)
    events = sorted(facts.detector_events, key=lambda e: (e.at, e.id))
    return Quality(
        thresholds=tuple(_threshold(versions, start) for _, versions in sorted(by_identifier.items())),
        suspended=tuple(_changes(suspended(events).values())),
        changes=tuple(_changes(event for event in events if event.at >= start)),
    )


def _threshold(versions: Iterable[Threshold], start: datetime) -> ThresholdFigures:
    ordered = sorted(versions, key=lambda t: t.version)
    last = ordered[-1]
    earlier = next((t.value for t in reversed(ordered) if t.approval.approved_at < start), 0.0)
    return ThresholdFigures(
        identifier_id=last.proposal.identifier_id,
        value=last.value,
        version=last.version,
        before=earlier if last.approval.approved_at >= start else None,
        proposed_by=last.proposal.proposed_by,
        approved_by=last.approval.approved_by,
        approved_at=last.approval.approved_at,
        reason=last.proposal.reason,
    )


def _changes(events: Iterable[DetectorEvent]) -> Iterable[DetectorChange]:
    for event in events:
        yield DetectorChange(
            detector=event.detector,
            is_suspended=event.is_suspended,
            by=event.by,
            at=event.at,
            reason=event.reason,
            judged=event.judged,
            material=event.material,
        )
