"""Where findings stand: their decisions replayed, and the numbers of the matters that were confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from footprint.reviews import FindingState, status_of
from footprint.weekly.facts import FindingFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a finding stands: since when, and when people first had confirmed it, if ever."""

    fact: FindingFact
    state: FindingState
    since: datetime
    first_confirmed_at: datetime | None


def stand(fact: FindingFact) -> Stand:
    """Replay the decisions of a finding."""
    since, state, first_confirmed_at = fact.found_at, FindingState.OPEN, None
    ordered = sorted(fact.decisions, key=lambda d: (d.decided_at, d.id))
    for count, decision in enumerate(ordered, start=1):
        after = status_of(ordered[:count])
        if after is not state:
            since, state = decision.decided_at, after
        if state is FindingState.CONFIRMED and first_confirmed_at is None:
            first_confirmed_at = since
    return Stand(fact=fact, state=state, since=since, first_confirmed_at=first_confirmed_at)


def matter_numbers(stands: Iterable[Stand]) -> dict[str, str]:
    """
    Finding id to matter number, such as `M-0081`: by order of first confirmation, over all that were ever confirmed.

    Since decisions are only ever appended, a number once given stays, also after the finding was decided otherwise.
    """
    confirmed = sorted((s.first_confirmed_at, s.fact.id) for s in stands if s.first_confirmed_at is not None)
    return {finding_id: f"M-{number:04}" for number, (_, finding_id) in enumerate(confirmed, start=1)}
