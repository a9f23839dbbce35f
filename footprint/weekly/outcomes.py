"""What was found and decided in a week, and how that compares with the weeks before."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from footprint.identifiers import Kind
from footprint.reviews import FindingState
from footprint.weekly.facts import SERIES_WEEKS, Facts, Scope
from footprint.weekly.figures import Band, KindOutcomes, Matter, Outcomes, PlatformOutcomes, Review, SeriesWeek, Stock
from footprint.weekly.stands import Stand
from footprint.weeks import Week

BAND_WEEKS = 8

WAITING = (FindingState.OPEN, FindingState.SECOND_REVIEW)
DECIDED = (FindingState.CONFIRMED, FindingState.PERMITTED, FindingState.DISMISSED, FindingState.INSUFFICIENT)


def in_week(moment: datetime, scope: Scope) -> bool:
    """Whether a moment lies in the week, before the cut-off."""
    return scope.bounds.start <= moment < scope.cut_off


def outcomes(stands: Sequence[Stand], scope: Scope) -> Outcomes:
    """What the findings of a week came to."""
    new = [s for s in stands if in_week(s.fact.found_at, scope)]
    states = Counter(s.state for s in stands if s.state in WAITING or in_week(s.since, scope))
    return Outcomes(new=len(new), covered=sum(s.fact.is_covered for s in new), **_by_state(states))


def stock(stands: Sequence[Stand]) -> Stock:
    """All findings by state."""
    return Stock(total=len(stands), **_by_state(Counter(s.state for s in stands)))


def _by_state(states: Mapping[FindingState, int]) -> dict[str, int]:
    return {state.value: states.get(state, 0) for state in (*WAITING, *DECIDED)}


def by_kind(stands: Sequence[Stand], scope: Scope) -> tuple[KindOutcomes, ...]:
    """Outcomes of each kind that there are findings of, in order of declaration."""
    groups = {kind: [s for s in stands if s.fact.kind is kind] for kind in Kind}
    return tuple(KindOutcomes(kind=k, outcomes=outcomes(group, scope)) for k, group in groups.items() if group)


def by_platform(stands: Sequence[Stand], scope: Scope) -> tuple[PlatformOutcomes, ...]:
    """Outcomes on each platform that there are findings on, by name."""
    groups = {
        name: [s for s in stands if s.fact.platform == name] for name in sorted({s.fact.platform for s in stands})
    }
    return tuple(
        PlatformOutcomes(
            platform=platform,
            outcomes=outcomes(group, scope),
            new_by_kind=_counted(s.fact.kind for s in group if in_week(s.fact.found_at, scope)),
        )
        for platform, group in groups.items()
    )


def _counted(kinds: Iterable[Kind]) -> dict[Kind, int]:
    counts = Counter(kinds)
    return {kind: counts[kind] for kind in Kind if counts[kind]}


def series(facts: Facts, stands: Sequence[Stand]) -> tuple[SeriesWeek, ...]:
    """The week and those before it, the oldest first."""
    zone = facts.scope.zone
    runs = Counter(Week.of(run.started_at, zone) for run in facts.runs)
    confirmed: dict[Week, list[Kind]] = {}
    for s in stands:
        if s.state is FindingState.CONFIRMED:
            confirmed.setdefault(Week.of(s.since, zone), []).append(s.fact.kind)
    weeks = [facts.scope.week.previous(back) for back in reversed(range(SERIES_WEEKS))]
    return tuple(
        SeriesWeek(week=str(week), runs=runs[week], confirmed=_counted(confirmed.get(week, ()))) for week in weeks
    )


def band(weeks: Sequence[SeriesWeek]) -> Band | None:
    """The range of the weeks before the last one in which something was looked at, None where there is none."""
    before = [week.total for week in weeks[-1 - BAND_WEEKS : -1] if week.runs]
    return Band(low=min(before), high=max(before), weeks=len(before)) if before else None


def review(stands: Sequence[Stand], scope: Scope) -> Review:
    """How much was decided in the week, and how soon."""
    decided = [s for s in stands if s.state in DECIDED and in_week(s.since, scope)]
    took = sorted(int((s.since - s.fact.found_at).total_seconds()) for s in decided)
    ages = [int((scope.cut_off - s.fact.found_at).total_seconds()) for s in stands if s.state in WAITING]
    return Review(
        decided=len(decided),
        median_s=_quantile(took, 0.5),
        p90_s=_quantile(took, 0.9),
        oldest_open_s=max(ages, default=None),
    )


def _quantile(ordered: Sequence[int], share: float) -> int | None:
    """The smallest value that at least this share does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def matters(stands: Sequence[Stand], numbers: Mapping[str, str], scope: Scope) -> tuple[Matter, ...]:
    """What was confirmed in the week, by number."""
    confirmed = [s for s in stands if s.state is FindingState.CONFIRMED and in_week(s.since, scope)]
    return tuple(
        sorted((_matter(s, numbers[s.fact.id], scope) for s in confirmed), key=lambda m: (len(m.number), m.number))
    )


def _matter(stand: Stand, number: str, scope: Scope) -> Matter:
    fact = stand.fact
    posted_at = fact.posted_at or fact.found_at
    public = (fact.gone_at or scope.cut_off) - posted_at
    return Matter(
        number=number,
        kind=fact.kind,
        platform=fact.platform,
        posted_at=posted_at,
        found_at=fact.found_at,
        confirmed_at=stand.since,
        gone_at=fact.gone_at,
        days_public=max(1, math.ceil(public / timedelta(days=1))),
    )
