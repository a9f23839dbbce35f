"""Connectors that somebody had to look at in a week."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from footprint.reports import summarise
from footprint.weekly.facts import ConnectorFact, Facts
from footprint.weekly.figures import ConnectorFigures
from footprint.yields import Yield

START = datetime(2026, 5, 4, tzinfo=UTC)


def run(number: int, **told: Any) -> Yield:
    return Yield(
        **{
            "run_id": f"run {number}", "at": START + timedelta(days=number), "pages": 10, "read": 10, "failed": 0, "unreadable": 0,
        } | told
    )  # fmt: skip


def fact(*yields: Yield, before: int = 0, **left_out: str) -> ConnectorFact:
    return ConnectorFact(platform="mastodon", yields=yields, before=before, left_out=left_out)


def figures(facts: Callable[..., Facts], *connectors: ConnectorFact) -> tuple[ConnectorFigures, ...]:
    return summarise(facts(connectors=connectors)).connectors


def test_a_connector_that_read_as_before_is_not_told(facts: Callable[..., Facts]) -> None:
    """A report says what somebody has to know."""
    assert figures(facts, fact(run(1), run(2))) == ()


def test_an_alarm_that_a_later_run_ended_is_told_all_the_same(facts: Callable[..., Facts]) -> None:
    """What the run before may have missed, the later one need not have made good."""
    (one,) = figures(facts, fact(run(1), run(2, unreadable=3), run(3)))
    assert (one.runs, one.runs_with_alarm) == (3, 1)
    assert "3 items" in one.alarms[0]


def test_runs_before_the_week_are_compared_with_and_not_told(facts: Callable[..., Facts]) -> None:
    """Their alarms stood in the reports of their weeks."""
    (one,) = figures(facts, fact(run(1, unreadable=3), run(2), run(3), run(4, read=2, pages=2), before=3))
    assert (one.runs, len(one.alarms)) == (1, 1)
    assert "the yield has dropped" in one.alarms[0]


def test_accounts_that_were_left_out_are_counted_with_the_reason(facts: Callable[..., Facts]) -> None:
    """By platform; no account is named."""
    (one,) = figures(facts, fact(a="No approval is on file.", b="No approval is on file."))
    assert (one.left_out, one.reasons) == (2, ("No approval is on file.",))


def test_new_fields_of_the_week_are_counted(facts: Callable[..., Facts]) -> None:
    """Those that the runs before the week met stood in earlier reports. No name that a server made up is repeated."""
    (one,) = figures(facts, fact(run(1, new_fields=("old",)), run(2, new_fields=("badge",)), before=1))
    assert one.new_fields == 1
