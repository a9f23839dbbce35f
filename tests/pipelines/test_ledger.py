"""Every plan ends once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from footprint.coverage import CoverageEntry, Outcome, PlannedFetch, Run, Target
from footprint.errors import (
    NotPermitted,
    NotPublic,
    RateLimited,
    RobotsDenied,
    SourceError,
    SourceGone,
    UnsupportedMedia,
)
from footprint.ports import Record
from pipelines.ledger import DETAIL_CHARS, Ledger, ending_of

AT = datetime(2026, 5, 4, tzinfo=UTC)
A, B = "https://town.example/a", "https://town.example/b"


@pytest.fixture
def ledger(record: Record, story: Any) -> Ledger:
    """The ledger of one account in one run."""
    account_id = story.account()
    with record.transaction() as tx:
        tx.add(Run(id="crawl", actor="ines", started_at=AT))
    return Ledger(record, run_id="crawl", account_id=account_id, clock=lambda: AT)


def test_plan_is_durable_before_the_fetch(record: Record, ledger: Ledger) -> None:
    """What is planned is on record before anything is asked for."""
    ledger.plan_all(Target.PAGE, [A, B])
    assert sorted(plan.url for plan in record.select(PlannedFetch)) == [A, B]


def test_address_is_planned_once(ledger: Ledger) -> None:
    """A second wish for the same address is no new plan."""
    assert ledger.plan_all(Target.PAGE, [A]) == {A}
    assert ledger.plan_all(Target.MEDIA, [A, B]) == {B}


def test_first_ending_stays(record: Record, ledger: Ledger) -> None:
    """A plan that has ended does not end again, and what was never planned does not end at all."""
    ledger.plan_all(Target.PAGE, [A])
    ledger.end_now(A, Outcome.ERROR, detail="first", status=500)
    ledger.end_now(A, Outcome.FETCHED)
    ledger.end_now(B, Outcome.FETCHED)
    (entry,) = record.select(CoverageEntry)
    assert (entry.url, entry.outcome, entry.detail, entry.status) == (A, Outcome.ERROR, "first", 500)
    assert ledger.coverage == {Outcome.ERROR: 1}


def test_what_is_open_ends_with_the_crawl(record: Record, ledger: Ledger) -> None:
    """The rest ends as one, and what has ended before is left alone."""
    ledger.plan_all(Target.PAGE, [A, B])
    ledger.end_now(A, Outcome.FETCHED)
    ledger.end_rest(Outcome.RATE_DEFERRED, "told to wait")
    endings = {entry.url: entry.outcome for entry in record.select(CoverageEntry)}
    assert endings == {A: Outcome.FETCHED, B: Outcome.RATE_DEFERRED}


@pytest.mark.parametrize(
    ("error", "outcome", "detail"),
    [
        (NotPublic("HTTP 401"), Outcome.NOT_PUBLIC, "HTTP 401"),
        (RobotsDenied("forbids /a", is_final=True), Outcome.ROBOTS_DENIED, "forbids /a"),
        (RateLimited("wait", retry_after_s=5), Outcome.RATE_DEFERRED, "wait"),
        (SourceGone("HTTP 404"), Outcome.GONE, "HTTP 404"),
        (UnsupportedMedia("a program"), Outcome.UNSUPPORTED, "a program"),
        (NotPermitted("private address"), Outcome.ERROR, "refused: private address"),
        (SourceError("not JSON"), Outcome.ERROR, "SourceError: not JSON"),
        (KeyError("id"), Outcome.ERROR, "KeyError: 'id'"),
        (ValueError("two\n  lines"), Outcome.ERROR, "ValueError: two lines"),
        (OSError("x" * 1000), Outcome.ERROR, "OSError: " + "x" * DETAIL_CHARS),
    ],
)
def test_errors_have_their_endings(error: Exception, outcome: Outcome, detail: str) -> None:
    """Each error is one outcome, with its reason in one line of bounded length."""
    assert ending_of(error) == (outcome, detail)
