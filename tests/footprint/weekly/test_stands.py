"""Decisions replayed: where a finding stands since when, and which number its matter has."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from footprint.reviews import FindingState, ReviewDecision, Verdict
from footprint.weekly.facts import FindingFact
from footprint.weekly.stands import matter_numbers, stand

FindingOf = Callable[..., FindingFact]
C, P, N, A, X = (
    Verdict.CONFIRMED,
    Verdict.PERMITTED,
    Verdict.NOT_DEPARTMENT_MATERIAL,
    Verdict.PROTECTED_ACTIVITY,
    Verdict.INSUFFICIENT,
)


@pytest.mark.parametrize(
    ("decisions", "state", "since", "first_confirmed"),
    [
        ([], FindingState.OPEN, 0, None),
        ([(C, 5)], FindingState.SECOND_REVIEW, 5, None),
        ([(C, 5), (C, 9)], FindingState.CONFIRMED, 9, 9),
        ([(C, 5), (C, 9), (C, 12)], FindingState.CONFIRMED, 9, 9),
        ([(C, 5), (C, 9), (N, 12)], FindingState.INSUFFICIENT, 12, 9),
        ([(C, 5), (C, 9), (A, 12)], FindingState.WITH_COUNSEL, 12, 9),
        ([(N, 3)], FindingState.DISMISSED, 3, None),
        ([(N, 3), (P, 7)], FindingState.PERMITTED, 7, None),
        ([(X, 3), (C, 7)], FindingState.INSUFFICIENT, 3, None),
    ],
)
def test_a_finding_stands_where_its_decisions_put_it_last(
    finding: FindingOf,
    monday: datetime,
    decisions: list[tuple[Verdict, float]],
    state: FindingState,
    since: float,
    first_confirmed: float | None,
) -> None:
    """Since the decision that put it there; a later one that changes nothing does not count."""
    stood = stand(finding(*decisions))
    assert (stood.state, stood.since) == (state, monday + timedelta(hours=since))
    assert stood.first_confirmed_at == (None if first_confirmed is None else monday + timedelta(hours=first_confirmed))


def test_an_undone_decision_leaves_the_finding_as_if_it_had_never_been_made(
    finding: FindingOf, monday: datetime
) -> None:
    """The undo is what it stands open since."""
    decided = finding((N, 3))
    undo = ReviewDecision(
        id="undo", finding_id=decided.id, reviewer="reviewer 0", verdict=None, undoes="0-0", decided_at=monday + timedelta(hours=4)
    )  # fmt: skip
    stood = stand(replace(decided, decisions=(*decided.decisions, undo)))
    assert (stood.state, stood.since) == (FindingState.OPEN, monday + timedelta(hours=4))


def test_matters_are_numbered_in_order_of_their_first_confirmation(finding: FindingOf) -> None:
    """Whatever order the findings come in."""
    late, early, never = finding((C, 1), (C, 50)), finding((C, 2), (C, 3)), finding((N, 1))
    stands = [stand(fact) for fact in (late, early, never)]
    assert matter_numbers(stands) == {early.id: "M-0001", late.id: "M-0002"}


def test_a_matter_keeps_its_number_when_an_earlier_one_is_decided_otherwise(finding: FindingOf) -> None:
    """A number that was given is never given again."""
    reversed_, kept = finding((C, 2), (C, 3), (N, 9)), finding((C, 4), (C, 5))
    assert matter_numbers([stand(kept), stand(reversed_)])[kept.id] == "M-0002"
