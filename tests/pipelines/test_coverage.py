"""Whatever becomes of a process, each of its plans ends as exactly one coverage entry."""

from collections.abc import Callable
from datetime import datetime

import pytest

from footprint.coverage import CoverageEntry, Outcome, PlannedFetch, RunEnd, Target, ending, plan_id
from footprint.ports import Record
from pipelines.coverage import CUT_OFF, close_plans, close_runs, counts

ACCOUNT = "mastodon:ann@social.example"


@pytest.fixture
def plans(record: Record, show: Callable[..., str], start: datetime) -> list[PlannedFetch]:
    """Three plans of one run, of which the first has ended."""
    urls = [f"https://social.example/{n}" for n in range(3)]
    made = [
        PlannedFetch(
            id=plan_id("run", ACCOUNT, url),
            run_id="run",
            account_id=ACCOUNT,
            target=Target.PAGE,
            url=url,
            planned_at=start,
        )
        for url in urls
    ]
    with record.transaction() as tx:
        for plan in made:
            tx.add(plan)
        tx.add(ending(made[0], Outcome.FETCHED, start, status=200))
    return made


def test_open_plans_end_as_cut_off(record: Record, plans: list[PlannedFetch], start: datetime) -> None:
    """What a crawl left open could not be looked at; what had ended stays as it was; closing twice is closing once."""
    assert (close_plans(record, "run", at=start), close_plans(record, "run", at=start)) == (2, 0)
    ended = {entry.id: (entry.outcome, entry.detail) for entry in record.select(CoverageEntry)}
    assert ended == {
        plans[0].id: (Outcome.FETCHED, ""),
        plans[1].id: (Outcome.ERROR, CUT_OFF),
        plans[2].id: (Outcome.ERROR, CUT_OFF),
    }


def test_another_account_is_left_alone(record: Record, plans: list[PlannedFetch], start: datetime) -> None:
    """Closing one account's plans does not touch another's, which may still be running."""
    assert close_plans(record, "run", at=start, account_id="feeds:other") == 0


def test_a_run_that_was_cut_off_is_closed_once(record: Record, plans: list[PlannedFetch], start: datetime) -> None:
    """The next scan closes a run that never ended, with its plans, and says so in the audit log."""
    assert (close_runs(record, at=start), close_runs(record, at=start)) == (("run",), ())
    assert [end.outcome for end in record.select(RunEnd)] == [CUT_OFF]
    assert counts(record, "run") == {Outcome.FETCHED: 1, Outcome.ERROR: 2}
