"""ISO weeks: which there are, and when they begin and end where clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.errors import BadInput
from footprint.weeks import Week

PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
"""The last minute of 2026-W47 in California, the first morning of W48 in UTC."""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a week"),
        ("26-W1", "is not a week"),
        ("2026-14", "is not a week"),
        ("2026-W14 ", "is not a week"),
        ("2026-w14", "is not a week"),
        ("٢٠٢٦-W14", "is not a week"),
        ("2026-W00", "2026 has the weeks W01 to W53"),
        ("2026-W60", "2026 has the weeks W01 to W53"),
        ("2025-W53", "2025 has the weeks W01 to W52"),
        ("0000-W01", "lies before 2000"),
        ("1999-W52", "lies before 2000"),
        ("2026-W48", "has not begun"),
        ("2026-W53", "has not begun"),
        ("9999-W52", "has not begun"),
    ],
)
def test_a_week_that_cannot_be_is_refused(text: str, words: str) -> None:
    """The message says why, and names a week that there is."""
    with pytest.raises(BadInput, match=words):
        Week.parse(text, now=NOW, zone=PACIFIC)


@pytest.mark.parametrize("text", ["2026-W47", "2026-W01", "2020-W53", "2000-W01"])
def test_a_week_that_has_begun_is_read_and_written_alike(text: str) -> None:
    """Its text is how it was written."""
    assert str(Week.parse(text, now=NOW, zone=PACIFIC)) == text


def test_whether_a_week_has_begun_depends_on_the_zone() -> None:
    """At eight in the morning UTC it is still Sunday in California."""
    assert Week.of(NOW, PACIFIC) == Week(2026, 47)
    assert str(Week.parse("2026-W48", now=NOW, zone=ZoneInfo("UTC"))) == "2026-W48"


@pytest.mark.parametrize(
    ("week", "zone", "start", "hours"),
    [
        (Week(2026, 14), "UTC", "2026-03-30T00:00", 168),
        (Week(2026, 10), "America/Los_Angeles", "2026-03-02T08:00", 167),
        (Week(2026, 11), "America/Los_Angeles", "2026-03-09T07:00", 168),
        (Week(2026, 44), "America/Los_Angeles", "2026-10-26T07:00", 169),
        (Week(2020, 53), "America/Los_Angeles", "2020-12-28T08:00", 168),
        (Week(2025, 1), "Pacific/Kiritimati", "2024-12-29T10:00", 168),
        (Week(2026, 1), "Europe/Berlin", "2025-12-28T23:00", 168),
    ],
)
def test_a_week_begins_and_ends_at_the_midnights_of_its_zone(week: Week, zone: str, start: str, hours: int) -> None:
    """Weeks in which clocks change have 167 or 169 hours."""
    bounds = week.bounds(ZoneInfo(zone))
    assert bounds.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert bounds.end - bounds.start == timedelta(hours=hours)
    assert bounds.start.tzinfo is UTC


@pytest.mark.parametrize(
    ("week", "weeks", "before"),
    [
        (Week(2026, 14), 1, Week(2026, 13)),
        (Week(2026, 1), 1, Week(2025, 52)),
        (Week(2021, 1), 1, Week(2020, 53)),
        (Week(2021, 2), 12, Week(2020, 43)),
        (Week(2026, 5), 0, Week(2026, 5)),
    ],
)
def test_weeks_are_counted_back_over_the_ends_of_years(week: Week, weeks: int, before: Week) -> None:
    """Some years have 53 weeks."""
    assert week.previous(weeks) == before
    assert week.monday - before.monday == timedelta(weeks=weeks)


@given(
    moment=st.integers(10**9, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    zone=st.sampled_from(["UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_every_moment_lies_in_the_bounds_of_its_week(moment: datetime, zone: str) -> None:
    """And a week ends where the next one begins."""
    week = Week.of(moment, ZoneInfo(zone))
    bounds = week.bounds(ZoneInfo(zone))
    assert bounds.start <= moment < bounds.end
    assert week.previous().bounds(ZoneInfo(zone)).end == bounds.start
    assert week.previous() < week
