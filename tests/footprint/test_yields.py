"""An alarm when a platform's crawls bring less than they did, or what cannot be read."""

from datetime import UTC, datetime, timedelta

import pytest

from footprint.coverage import PLATFORM_REFUSED, CoverageEntry, Outcome, Target
from footprint.yields import alarm, new_fields, page_detail, yields_of

START = datetime(2026, 5, 1, tzinfo=UTC)


def entries(run: int, outcome: Outcome, count: int, detail: str = "") -> list[CoverageEntry]:
    at = START + timedelta(days=run)
    return [
        CoverageEntry(
            id=f"{run}-{outcome}-{n}", run_id=f"run-{run}", account_id="a", target=Target.PAGE, url=f"https://a.example/{n}",
            outcome=outcome, detail=detail if n == 0 else "", ended_at=at,
        )
        for n in range(count)
    ]  # fmt: skip


def runs(*pages: int) -> list[CoverageEntry]:
    return [entry for run, count in enumerate(pages) for entry in entries(run, Outcome.FETCHED, count)]


@pytest.mark.parametrize(
    ("pages", "says"),
    [
        ((10, 10, 10, 10), ""),
        ((10, 10, 10, 5), ""),
        ((10, 10, 10, 4), "the yield has dropped"),
        ((3, 3, 3, 1), ""),
        ((10,), ""),
        ((100, 2), ""),
        ((100, 2, 2), ""),
        ((100, 2, 2, 2, 2, 2, 2), ""),
    ],
)
def test_a_drop_of_yield_is_an_alarm(pages: tuple[int, ...], says: str) -> None:
    """Less than half of what the runs before it read, where that was more than a few pages in more than a few runs."""
    found = alarm(yields_of(runs(*pages)))
    assert says in found
    assert bool(found) == bool(says)


def test_unreadable_items_are_an_alarm() -> None:
    """What the parser left out as broken is told, however many pages were read."""
    broken = entries(1, Outcome.FETCHED, 10, "3 broken items were left out")
    assert "3 items" in alarm(yields_of([*runs(10), *broken]))


def test_failures_are_an_alarm_and_refusals_are_none() -> None:
    """A site that forbids its pages is not a broken connector; one that answers with errors may be."""
    assert "failed on 5 of 5" in alarm(yields_of(entries(0, Outcome.ERROR, 5)))
    assert alarm(yields_of(entries(0, Outcome.ROBOTS_DENIED, 5))) == ""
    assert alarm(yields_of(entries(0, Outcome.NOT_PUBLIC, 5))) == ""


def test_a_platform_that_was_never_read_gives_no_alarm() -> None:
    """There is nothing to compare."""
    assert alarm(yields_of([])) == ""


def test_accounts_that_were_left_out_say_nothing_of_a_connector() -> None:
    """A platform whose terms are to be read again is not broken."""
    assert yields_of(entries(0, Outcome.ERROR, 1, f"{PLATFORM_REFUSED}its terms were last reviewed long ago")) == ()


def test_new_fields_are_told_and_are_no_alarm() -> None:
    """What a page's coverage says of fields that no answer had before is read back, beside what else it says."""
    met = yields_of(entries(0, Outcome.FETCHED, 1, page_detail(0, ("account.noindex", "poll"))))
    assert "account.noindex, poll" in new_fields(met)
    assert alarm(met) == ""


def test_a_page_tells_broken_items_and_new_fields_together() -> None:
    """Neither hides the other."""
    (met,) = yields_of(entries(0, Outcome.FETCHED, 1, page_detail(3, ("poll",))))
    assert (met.unreadable, met.new_fields) == (3, ("poll",))


def test_new_fields_are_forgotten_after_some_runs() -> None:
    """A page that shows them for ever is read by nobody."""
    met = entries(0, Outcome.FETCHED, 1, page_detail(0, ("poll",)))
    later = [entry for run in range(1, 6) for entry in entries(run, Outcome.FETCHED, 1)]
    assert new_fields(yields_of([*met, *later])) == ""
