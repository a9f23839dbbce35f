"""The figures of a week, from facts made by hand."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footprint.coverage import Outcome, Target
from footprint.findings import ScanOutcome
from footprint.identifiers import Kind
from footprint.reports import summarise
from footprint.reviews import ReviewDecision, Verdict
from footprint.weekly.facts import (
    AccountFact,
    AssetLook,
    DetectorLooks,
    Facts,
    FindingFact,
    Looks,
    PermissionFact,
    RunFact,
)
from footprint.weekly.figures import Accounts, Band, Outcomes, Runs, WeeklyReport

FactsOf = Callable[..., Facts]
FindingOf = Callable[..., FindingFact]
C, P, N, A, X = (
    Verdict.CONFIRMED,
    Verdict.PERMITTED,
    Verdict.NOT_DEPARTMENT_MATERIAL,
    Verdict.PROTECTED_ACTIVITY,
    Verdict.INSUFFICIENT,
)
WEEK_H = 168


def looks(account: str, outcome: Outcome | None, count: int = 1, target: Target = Target.PAGE) -> Looks:
    """Fetches of an account `platform:holder`."""
    return Looks(account_id=account, platform=account.partition(":")[0], target=target, outcome=outcome, count=count)


def account(key: str, *, in_scope: bool = True) -> AccountFact:
    """An account `platform:holder`."""
    return AccountFact(id=key, platform=key.partition(":")[0], in_scope=in_scope)


def run(at: datetime, *, has_ended: bool = True, was_cut_off: bool = False) -> RunFact:
    """A run that began at a moment."""
    return RunFact(started_at=at, has_ended=has_ended, was_cut_off=was_cut_off)


def test_every_plan_is_counted_under_how_it_ended(facts: FactsOf) -> None:
    """Equal looks add up; a plan without an ending is unfinished, and not looked at."""
    given = (
        looks("mastodon:ann", Outcome.FETCHED, 3),
        looks("mastodon:ann", Outcome.FETCHED, 2),
        looks("city:hall", Outcome.GONE),
        looks("city:hall", Outcome.ROBOTS_DENIED, 4),
        looks("city:hall", None, 2),
        looks("city:hall", Outcome.ERROR, 7, Target.MEDIA),
    )
    coverage = summarise(facts(looks=given)).coverage
    pages = coverage.pages
    assert (pages.planned, pages.fetched, pages.gone, pages.robots_denied, pages.unfinished) == (12, 5, 1, 4, 2)
    assert (pages.looked_at, pages.not_looked_at) == (6, 6)
    assert (coverage.media.planned, coverage.media.error) == (7, 7)
    assert [(p.platform, p.pages.planned) for p in coverage.platforms] == [("city", 7), ("mastodon", 5)]


def test_an_account_is_read_in_full_in_part_or_not_at_all(facts: FactsOf) -> None:
    """Its pages decide, not its media; an account that nothing was planned for was not read."""
    accounts = [account(key) for key in ("mastodon:full", "mastodon:part", "city:none", "city:idle")]
    given = (
        looks("mastodon:full", Outcome.UNCHANGED, 2),
        looks("mastodon:full", Outcome.ERROR, 1, Target.MEDIA),
        looks("mastodon:part", Outcome.FETCHED),
        looks("mastodon:part", Outcome.RATE_DEFERRED),
        looks("city:none", Outcome.NOT_PUBLIC),
        looks("city:left", Outcome.FETCHED),
    )
    out = (account("city:paused", in_scope=False),)
    coverage = summarise(facts(accounts=(*accounts, *out), looks=given)).coverage
    assert coverage.accounts == Accounts(in_scope=4, in_full=1, in_part=1, not_at_all=2, out_of_scope=1)
    assert coverage.platforms[0].accounts == Accounts(in_scope=2, in_full=0, in_part=0, not_at_all=2, out_of_scope=1)


def test_runs_count_in_the_week_that_they_began_in(facts: FactsOf, monday: datetime) -> None:
    """Ended by themselves, cut off, or with no end on record; earlier ones are of the series alone."""
    given = (
        run(monday),
        run(monday + timedelta(hours=9), was_cut_off=True),
        run(monday + timedelta(hours=99), has_ended=False),
        run(monday - timedelta(seconds=1)),
    )
    report = summarise(facts(runs=given))
    assert report.coverage.runs == Runs(started=3, ended=1, cut_off=1, unfinished=1)
    assert [week.runs for week in report.series[-3:]] == [0, 1, 3]


@pytest.mark.parametrize(
    ("decisions", "found", "expected"),
    [
        ([], 0, {"new": 1, "open": 1}),
        ([], -1, {"open": 1}),
        ([(C, 5)], 0, {"new": 1, "second_review": 1}),
        ([(C, 5), (C, 6)], -30, {"confirmed": 1}),
        ([(C, -9), (C, -6)], -30, {}),
        ([(N, 0)], -1, {"dismissed": 1}),
        ([(N, -0.01)], -1, {}),
        ([(P, WEEK_H - 0.01)], 0, {"new": 1, "permitted": 1}),
        ([(X, 5)], 0, {"new": 1, "insufficient": 1}),
        ([(A, 5)], 0, {}),
        ([(C, 1), (C, 2), (A, 5)], 0, {}),
    ],
)
def test_a_finding_counts_under_what_the_week_brought_it(
    facts: FactsOf, finding: FindingOf, decisions: list[tuple[Verdict, float]], found: float, expected: dict[str, int]
) -> None:
    """New if found in the week, waiting if it waits at its end, decided if that was in the week; with counsel it is nowhere."""
    none = dict.fromkeys(
        ("new", "covered", "open", "second_review", "confirmed", "permitted", "dismissed", "insufficient"), 0
    )
    report = summarise(facts(findings=(finding(*decisions, found=found),)))
    assert report.outcomes == Outcomes(**(none | expected))


def test_what_went_to_counsel_is_only_counted_as_a_diversion(facts: FactsOf, finding: FindingOf) -> None:
    """It leaves no trace in matters, series, stock, kinds or platforms; a diversion of an earlier week is not counted again."""
    diverted = (finding((C, 1), (C, 2), (A, 5)), finding((A, -5), found=-9))
    report = summarise(facts(findings=diverted))
    without = summarise(facts())
    assert report.oversight.diversions == 1
    assert replace(report, oversight=without.oversight) == without


def test_confirmed_findings_are_compared_with_the_weeks_before(
    facts: FactsOf, finding: FindingOf, monday: datetime
) -> None:
    """The range is that of the weeks before in which a run began: nothing confirmed while nobody looked says nothing."""
    confirmed = [
        finding((C, hours - 1), (C, hours), found=hours - 2, kind=kind)
        for hours, kind in ((5, Kind.PATCH), (9, Kind.BADGE), (-5, Kind.PATCH), (-2 * WEEK_H - 5, Kind.PATCH))
    ]
    runs = tuple(run(monday - timedelta(hours=hours)) for hours in (1, 2 * WEEK_H + 1, 12 * WEEK_H - 1))
    report = summarise(facts(findings=tuple(confirmed), runs=runs))
    assert report.series[-2].total == 1
    assert report.band == Band(low=1, high=1, weeks=2)
    assert [week.total for week in report.series[-4:]] == [1, 0, 1, 2]
    assert (report.series[-1].week, report.series[-1].confirmed) == ("2026-W19", {Kind.PATCH: 1, Kind.BADGE: 1})
    assert (len(report.series), report.series[0].runs) == (13, 1)


def test_there_is_no_range_before_the_first_run(facts: FactsOf, monday: datetime) -> None:
    """The week itself does not count."""
    assert summarise(facts(runs=(run(monday),))).band is None


def test_times_to_review_are_of_the_weeks_decisions(facts: FactsOf, finding: FindingOf) -> None:
    """Half within the median, nine in ten within the other; the oldest that waits is as old as it is at the cut-off."""
    decided = [finding((N, hours), found=0) for hours in range(1, 11)]
    waiting = [finding(found=-24), finding((C, 3), found=1)]
    earlier = finding((N, -1), found=-99)
    review = summarise(facts(findings=(*decided, *waiting, earlier))).review
    assert (review.decided, review.median_s, review.p90_s) == (10, 5 * 3600, 9 * 3600)
    assert review.oldest_open_s == (WEEK_H + 24) * 3600


def test_a_week_without_decisions_has_no_times(facts: FactsOf) -> None:
    """Rather than zero."""
    review = summarise(facts()).review
    assert (review.decided, review.median_s, review.p90_s, review.oldest_open_s) == (0, None, None, None)


@pytest.mark.parametrize(
    ("posted", "gone", "days"), [(0, None, 7), (1, 24, 1), (1, 25.5, 2), (-24, None, 8), (10, 10, 1)]
)
def test_a_matter_was_public_for_so_many_begun_days(
    facts: FactsOf, finding: FindingOf, monday: datetime, posted: float, gone: float | None, days: int
) -> None:
    """From publication until it was found gone, or until the cut-off."""
    fact = finding(
        (C, 26), (C, 27), found=25, posted_at=monday + timedelta(hours=posted),
        gone_at=None if gone is None else monday + timedelta(hours=gone),
    )  # fmt: skip
    (matter,) = summarise(facts(findings=(fact,))).matters
    assert (matter.number, matter.days_public) == ("M-0001", days)


def test_matters_of_earlier_weeks_are_counted_while_they_are_public(
    facts: FactsOf, finding: FindingOf, monday: datetime
) -> None:
    """Those of the week stand in its table."""
    earlier = [finding((C, -9), (C, -8), found=-30, gone_at=gone) for gone in (None, None, monday)]
    report = summarise(facts(findings=(*earlier, finding((C, 8), (C, 9)))))
    assert (report.earlier_still_public, [m.number for m in report.matters]) == (2, ["M-0004"])


def test_permissions_in_force_are_counted_and_those_that_end_soon_dated(facts: FactsOf, monday: datetime) -> None:
    """Within thirty days of the cut-off; not begun, ended and revoked ones are not in force."""
    end = monday + timedelta(days=7)

    def permission(until: float | None, *, begins: float = -9, revoked: bool = False) -> PermissionFact:
        return PermissionFact(
            valid_from=end + timedelta(days=begins),
            valid_until=None if until is None else end + timedelta(days=until),
            revoked_at=monday if revoked else None,
        )

    given = [permission(until) for until in (None, 30, 31, 2, 0)]
    given += [permission(9, begins=1), permission(9, revoked=True)]
    permissions = summarise(facts(permissions=tuple(given))).permissions
    assert permissions.in_force == 4
    assert permissions.ending == (end + timedelta(days=2), end + timedelta(days=30))


VERDICTS = st.sampled_from([C, P, N, A, X, Verdict.OUT_OF_JURISDICTION])
HOURS = st.integers(min_value=-14 * WEEK_H, max_value=WEEK_H - 1)


@st.composite
def finding_facts(draw: st.DrawFn, monday: datetime) -> FindingFact:
    """Any finding."""
    key = draw(st.uuids()).hex
    found = draw(HOURS)
    decided = draw(st.lists(st.tuples(VERDICTS, st.integers(found, WEEK_H - 1), st.sampled_from("abc")), max_size=4))
    made = tuple(
        ReviewDecision(
            id=f"{key}{place}", finding_id=key, reviewer=reviewer, verdict=verdict, decided_at=monday + timedelta(hours=hours)
        )
        for place, (verdict, hours, reviewer) in enumerate(decided)
    )  # fmt: skip
    return FindingFact(
        id=key,
        kind=draw(st.sampled_from(Kind)),
        platform=draw(st.sampled_from(["mastodon", "city", "feeds"])),
        found_at=monday + timedelta(hours=found),
        decisions=made,
        is_covered=draw(st.booleans()),
        posted_at=monday + timedelta(hours=found - 5),
        gone_at=draw(st.sampled_from([None, monday])),
        detectors=draw(st.sampled_from([(), ("marks",), ("copies", "marks")])),
    )


@st.composite
def any_facts(draw: st.DrawFn, empty: Facts) -> Facts:
    """Any facts of the week."""
    monday = empty.scope.bounds.start
    names = st.sampled_from(["mastodon:ann", "mastodon:bea", "city:hall", "feeds:cid"])
    look = st.builds(
        looks,
        names,
        st.sampled_from([None, *Outcome]),
        st.integers(0, 9),
        st.sampled_from(Target),
    )
    moments = HOURS.map(lambda hours: monday + timedelta(hours=hours))
    return replace(
        empty,
        runs=tuple(draw(st.lists(st.builds(run, moments, has_ended=st.booleans()), max_size=5))),
        accounts=tuple(draw(st.lists(st.builds(account, names, in_scope=st.booleans()), unique_by=lambda a: a.id))),
        looks=tuple(draw(st.lists(look, max_size=12))),
        detector_looks=tuple(
            draw(st.lists(st.builds(DetectorLooks, detector=st.sampled_from(["marks", "copies"]), version=st.just("1"),
                                    outcome=st.sampled_from(ScanOutcome), count=st.integers(0, 9)), max_size=5))
        ),
        assets=draw(st.dictionaries(st.sampled_from(AssetLook), st.integers(0, 9))),
        findings=tuple(draw(st.lists(finding_facts(monday), max_size=8, unique_by=lambda f: f.id))),
    )  # fmt: skip


@pytest.fixture
def any_of(nothing: Facts) -> st.SearchStrategy[Facts]:
    """A strategy for facts of the week."""
    return any_facts(nothing)


def shuffled(items: Sequence[Any], chance: random.Random) -> tuple[Any, ...]:
    """The same items in another order."""
    return tuple(chance.sample(items, len(items)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), chance=st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(
    any_of: st.SearchStrategy[Facts], data: st.DataObject, chance: random.Random
) -> None:
    """Nor does it change the facts to sum them."""
    facts = data.draw(any_of)
    mixed = replace(
        facts,
        runs=shuffled(facts.runs, chance),
        accounts=shuffled(facts.accounts, chance),
        looks=shuffled(facts.looks, chance),
        detector_looks=shuffled(facts.detector_looks, chance),
        findings=tuple(replace(f, decisions=shuffled(f.decisions, chance)) for f in shuffled(facts.findings, chance)),
    )
    assert summarise(mixed) == summarise(facts) == summarise(facts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_the_sums_agree(any_of: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    """Every plan has one ending, every account one degree, every finding one state; the parts add up to the whole."""
    facts = data.draw(any_of)
    report = summarise(facts)
    _require_coverage_adds_up(report)
    stock = report.stock
    states = (stock.open, stock.second_review, stock.confirmed, stock.permitted, stock.dismissed, stock.insufficient)
    assert sum(states) == stock.total <= len(facts.findings)
    for group in (report.kinds, report.platforms):
        for name in Outcomes.__dataclass_fields__:
            assert sum(getattr(row.outcomes, name) for row in group) == getattr(report.outcomes, name)
    assert sum(sum(p.new_by_kind.values()) for p in report.platforms) == report.outcomes.new
    assert report.series[-1].total == len(report.matters) == report.outcomes.confirmed
    decided = ("confirmed", "permitted", "dismissed", "insufficient")
    assert report.review.decided == sum(getattr(report.outcomes, name) for name in decided)


def _require_coverage_adds_up(report: WeeklyReport) -> None:
    coverage = report.coverage
    for part in (coverage, *coverage.platforms):
        for fetches in (part.pages, part.media):
            ends = (name for name in type(fetches).__dataclass_fields__ if name != "planned")
            assert sum(getattr(fetches, name) for name in ends) == fetches.planned
        accounts = part.accounts
        assert accounts.in_full + accounts.in_part + accounts.not_at_all == accounts.in_scope
    assert sum(p.pages.planned for p in coverage.platforms) == coverage.pages.planned
    assert sum(p.accounts.in_scope for p in coverage.platforms) == coverage.accounts.in_scope
    assert coverage.assets.looked_at + coverage.assets.in_part + coverage.assets.not_looked_at == coverage.assets.total
