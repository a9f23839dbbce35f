"""Thresholds: tried on the record, proposed by one person, approved by another (guardrail G32)."""

from dataclasses import asdict
from datetime import datetime, timedelta

from footprint.acts.authority import require
from footprint.bank_trials import BankTrial
from footprint.digests import digest
from footprint.errors import BadInput, NotPermitted
from footprint.findings import AssetScan
from footprint.identifiers import Exemplar, Identifier
from footprint.ports import Between, Reader, Record
from footprint.thresholds import ThresholdApproval, ThresholdProposal, pending
from footprint.users import Role, User
from footprint.whatif import Anew, Change, WhatIf, ask, threshold_of

GOOD_FOR = timedelta(days=14)
"""How old a what-if may be that a proposal rests on, and a proposal that is approved."""

MOST_WEEKS = 260


def try_out(
    record: Record,
    identifier_id: str,
    change: Change,
    *,
    weeks: int,
    actor: User,
    at: datetime,
    anew: Anew | None = None,
    bank: BankTrial | None = None,
) -> WhatIf:
    """
    Work out what a change would have done in the last weeks, and keep the answer, beside a trial on the bank where there was one.

    `anew` is what detectors said when they looked again. Raises BadInput for what cannot be asked.
    """
    with record.transaction() as tx:
        require_askable(tx, identifier_id, change, weeks=weeks, actor=actor)
        since = at - timedelta(weeks=weeks)
        answer = ask(tx, identifier_id, change, Between(since, at), anew)
        tried = WhatIf(
            id=digest(identifier_id, asdict(change), at.isoformat()),
            identifier_id=identifier_id,
            change=change,
            since=since,
            until=at,
            tried_by=actor.name,
            tried_at=at,
            threshold_before=answer.threshold_before,
            versions=answer.versions,
            looked_at=answer.looked_at,
            findings=answer.findings,
            lost=answer.lost,
            gained=answer.gained,
            false_alarms_before=answer.false_alarms_before,
            false_alarms_after=answer.false_alarms_after,
            undecided=answer.undecided,
            unknown=answer.unknown,
            bank=bank,
        )
        tx.add(tried)
        detail = {
            "what_if": tried.id,
            "threshold": change.threshold,
            "without": list(change.without),
            "adding": list(change.adding),
            "weeks": weeks,
        }
        tx.audit(at=at, actor=actor.name, action="threshold.tried", subject=identifier_id, detail=detail)
    return tried


def require_askable(reader: Reader, identifier_id: str, change: Change, *, weeks: int, actor: User) -> None:
    """Raise what `try_out` raises for a question that cannot be asked, before anything is looked at for it."""
    require(actor, Role.REGISTRAR, Role.CHIEF)
    _require_threshold(change.threshold)
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadInput(f"Ask about 1 to {MOST_WEEKS} weeks.")
    _require_identifier(reader, identifier_id)
    own = {exemplar.id for exemplar in reader.select(Exemplar, identifier_id=identifier_id)}
    if strange := sorted(set(change.without) - own):
        raise BadInput(f"{', '.join(strange)} is no exemplar of {identifier_id}. `footprint exemplar list` shows them.")
    if silent := [name for name in change.detectors if not reader.count(AssetScan, detector=name)]:
        raise BadInput(f"No look of {', '.join(silent)} is on record. `footprint detector list` shows the detectors.")


def propose(
    record: Record, identifier_id: str, value: float, *, actor: User, at: datetime, reason: str
) -> ThresholdProposal:
    """
    Propose a threshold. Nothing changes until another person approves it.

    Raises NotPermitted where no what-if of this very threshold is on record from the last days, against the threshold in force, or nothing
    was looked at for the identifier in it.
    """
    require(actor, Role.REGISTRAR)
    _require_threshold(value)
    if not reason.strip():
        raise BadInput("Say why.")
    with record.transaction() as tx:
        _require_identifier(tx, identifier_id)
        before = threshold_of(tx, identifier_id)
        if value == before:
            raise BadInput(f"{value:g} is the threshold of {identifier_id} already.")
        tried = _what_if(tx, identifier_id, value, before, at)
        proposal = ThresholdProposal(
            id=digest(identifier_id, value, tried.id, at.isoformat()),
            identifier_id=identifier_id,
            value=value,
            what_if_id=tried.id,
            reason=reason.strip(),
            proposed_by=actor.name,
            proposed_at=at,
        )
        tx.add(proposal)
        detail = {"threshold": value, "before": before, "what_if": tried.id}
        tx.audit(
            at=at,
            actor=actor.name,
            action="threshold.proposed",
            subject=identifier_id,
            purpose=proposal.reason,
            detail=detail,
        )
    return proposal


def approve(record: Record, identifier_id: str, value: float, *, actor: User, at: datetime) -> ThresholdApproval:
    """
    Approve the threshold that waits; the next scan makes findings by it.

    Raises BadInput where no such proposal waits, NotPermitted for the proposer, or where the proposal is too old.
    """
    require(actor, Role.REGISTRAR, Role.CHIEF)
    with record.transaction() as tx:
        proposals = tuple(tx.select(ThresholdProposal, identifier_id=identifier_id))
        waiting = pending(proposals, tx.select(ThresholdApproval), identifier_id)
        if waiting is None or waiting.value != value:
            raise BadInput(f"No threshold {value:g} waits for approval at {identifier_id}. Propose it first.")
        if waiting.proposed_by == actor.name:
            raise NotPermitted("A second person approves; you proposed this threshold.")
        if at - waiting.proposed_at > GOOD_FOR:
            raise NotPermitted(f"The proposal is older than {GOOD_FOR.days} days. Try it again, and propose it anew.")
        before = threshold_of(tx, identifier_id)
        approval = ThresholdApproval(id=waiting.id, approved_by=actor.name, approved_at=at)
        tx.add(approval)
        detail = {
            "threshold": value,
            "before": before,
            "what_if": waiting.what_if_id,
            "proposed_by": waiting.proposed_by,
        }
        tx.audit(at=at, actor=actor.name, action="threshold.approved", subject=identifier_id, detail=detail)
    return approval


def _what_if(reader: Reader, identifier_id: str, value: float, before: float, at: datetime) -> WhatIf:
    whole = Change(threshold=value)
    tried = [
        one
        for one in reader.select(WhatIf, identifier_id=identifier_id)
        if one.change == whole and one.threshold_before == before and at - one.tried_at <= GOOD_FOR
    ]
    if not tried:
        raise NotPermitted(
            f"No what-if of threshold {value:g} is on record from the last {GOOD_FOR.days} days. "
            f"See first what it would change: footprint identifier whatif {identifier_id} --threshold {value:g}"
        )
    measured = [one for one in tried if one.is_measured]
    if not measured:
        raise NotPermitted(
            f"No picture was looked at for {identifier_id}, so nothing is known of threshold {value:g}. Scan and ask again, or let a rate "
            f"decide: footprint identifier threshold {identifier_id} --false-alarms 1/100"
        )
    return max(measured, key=lambda one: (one.tried_at, one.id))


def _require_identifier(reader: Reader, identifier_id: str) -> None:
    if reader.get(Identifier, identifier_id) is None:
        raise BadInput(f"There is no identifier {identifier_id}. Add it first.")


def _require_threshold(value: float) -> None:
    if not 0 <= value < 1:
        raise BadInput("A threshold is a probability from 0 to below 1, such as 0.8.")
