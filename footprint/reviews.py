"""What people decide about findings. Decisions are appended, never edited; the machine never decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from footprint.errors import NotPermitted

UNDO_WINDOW = timedelta(seconds=10)


class Verdict(StrEnum):
    """What a reviewer can say of a finding."""

    CONFIRMED = "confirmed"
    PERMITTED = "permitted"
    NOT_DEPARTMENT_MATERIAL = "not_department_material"
    NOT_PUBLISHED_BY_REGISTRANT = "not_published_by_registrant"
    OUT_OF_JURISDICTION = "out_of_jurisdiction"
    PROTECTED_ACTIVITY = "protected_activity"
    INSUFFICIENT = "insufficient"


class Element(StrEnum):
    """What must be evidenced before a finding may be confirmed (guardrail G14)."""

    REGISTERED_PUBLISHER = "registered_publisher"
    PUBLIC = "public"
    IDENTIFIES_DEPARTMENT = "identifies_department"
    IN_JURISDICTION = "in_jurisdiction"
    NO_PERMISSION = "no_permission"


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    SECOND_REVIEW = "second_review"
    CONFIRMED = "confirmed"
    PERMITTED = "permitted"
    DISMISSED = "dismissed"
    WITH_COUNSEL = "with_counsel"
    INSUFFICIENT = "insufficient"


DISMISSALS = frozenset(
    {Verdict.NOT_DEPARTMENT_MATERIAL, Verdict.NOT_PUBLISHED_BY_REGISTRANT, Verdict.OUT_OF_JURISDICTION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecision:
    """One person's verdict on one finding. `undoes` names the reviewer's own decision that this one takes back."""

    id: str
    finding_id: str
    reviewer: str
    verdict: Verdict | None
    elements: tuple[Element, ...] = ()
    permission_id: str | None = None
    note: str = ""
    undoes: str | None = None
    decided_at: datetime


def standing(decisions: Iterable[ReviewDecision]) -> tuple[ReviewDecision, ...]:
    """The decisions that were not taken back, each reviewer's latest only, in order of time."""
    ordered = sorted(decisions, key=lambda d: (d.decided_at, d.id))
    undone = {d.undoes for d in ordered if d.undoes is not None}
    latest = {d.reviewer: d for d in ordered if d.verdict is not None and d.id not in undone}
    return tuple(sorted(latest.values(), key=lambda d: (d.decided_at, d.id)))


def status_of(decisions: Iterable[ReviewDecision]) -> FindingState:
    """
    Where a finding stands after these decisions.

    A diversion to counsel outranks everything. Confirmed takes two reviewers; where a second one disagrees with a confirmation the
    finding is insufficient until one of them changes their verdict.
    """
    kept = standing(decisions)
    verdicts = [d.verdict for d in kept]
    if not verdicts:
        return FindingState.OPEN
    if Verdict.PROTECTED_ACTIVITY in verdicts:
        return FindingState.WITH_COUNSEL
    confirmations = verdicts.count(Verdict.CONFIRMED)
    if confirmations:
        if confirmations < len(verdicts):
            return FindingState.INSUFFICIENT
        return FindingState.CONFIRMED if confirmations >= 2 else FindingState.SECOND_REVIEW
    last = verdicts[-1]
    if last is Verdict.PERMITTED:
        return FindingState.PERMITTED
    return FindingState.DISMISSED if last in DISMISSALS else FindingState.INSUFFICIENT


def require_decidable(decision: ReviewDecision, earlier: Iterable[ReviewDecision], *, covering: str | None) -> None:
    """
    Raise NotPermitted, with the reason, unless this decision may be appended to the earlier ones.

    `covering` is the permission that the latest search found. Confirming needs every element and no covering permission; permitting
    cites one; an undo is the reviewer's own and comes within UNDO_WINDOW.
    """
    if decision.undoes is not None:
        undone = next((d for d in earlier if d.id == decision.undoes), None)
        if undone is None or undone.reviewer != decision.reviewer:
            raise NotPermitted("Only your own decision can be undone.")
        if decision.decided_at - undone.decided_at > UNDO_WINDOW:
            raise NotPermitted(f"A decision can be undone for {UNDO_WINDOW.seconds} s. Decide again instead.")
        return
    if decision.verdict is None:
        raise NotPermitted("A decision needs a verdict.")
    if decision.verdict is Verdict.PERMITTED and not decision.permission_id:
        raise NotPermitted("Name the permission that covers the post.")
    if decision.verdict is Verdict.CONFIRMED:
        missing = [element.value for element in Element if element not in decision.elements]
        if missing:
            raise NotPermitted(f"Confirming needs every element; not ticked: {', '.join(missing)}.")
        if covering is not None:
            raise NotPermitted(f"Permission {covering} covers this post; it cannot be confirmed.")
