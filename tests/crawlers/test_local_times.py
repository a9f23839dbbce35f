"""Times as boards write them for people."""

import re
from datetime import UTC, datetime

import pytest

from crawlers.answers import tree_of
from crawlers.local_times import Told, read_time, time_in
from crawlers.sites import Site

CHICAGO = Site(time_zone="America/Chicago")
SEEN = datetime(2026, 4, 5, 15, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0, *, month: int = 4) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-04-03T18:22:00-0500", at(3, 23, 22)),
        ("2026-04-03T18:22:00", at(3, 23, 22)),
        ("04-03-2026, 06:22 PM", at(3, 23, 22)),
        ("04-03-2026 at 06:22 PM", at(3, 23, 22)),
        ("Fri Apr 03, 2026 6:22 pm", at(3, 23, 22)),
        ("April 3, 2026, 6:22 p.m.", at(3, 23, 22)),
        ("April 3, 2026, noon", at(3, 17)),
        ("April 3, 2026, midnight", at(3, 5)),
        ("03 April 2026 - 18:22", at(3, 23, 22)),
        ("January 3, 2026, 6:22 p.m.", datetime(2026, 1, 4, 0, 22, tzinfo=UTC)),
        ("Today, 08:15 AM", at(5, 13, 15)),
        ("Yesterday, 08:15 AM", at(4, 13, 15)),
        ("5 minutes ago", at(5, 14, 55)),
    ],
)
def test_times_stand_in_the_boards_zone(text: str, expected: datetime) -> None:
    """Whole dates and those that count from now, in summer and winter time."""
    assert read_time(text, site=CHICAGO, seen_at=SEEN) == Told(expected)


@pytest.mark.parametrize("text", ["5 minutes ago", "Today, 08:15 AM", "08:15", "April 3"])
def test_without_a_moment_nothing_counts_from_it(text: str) -> None:
    """A page of unknown age tells no time by how long ago."""
    assert read_time(text, site=CHICAGO, seen_at=None) is None


@pytest.mark.parametrize("text", ["", "x", "never", "9" * 50, "0001-01-01T00:00:00", "a " * 200])
def test_what_is_no_time_is_none(text: str) -> None:
    """Odd text brings about no time and no error."""
    assert read_time(text, site=CHICAGO, seen_at=None) is None


def test_a_zone_that_nobody_told_is_said_to_be_assumed() -> None:
    """Without a zone on the page or in the boards file it is UTC, and known to be a guess."""
    assert read_time("04-03-2026, 06:22 PM", site=Site(), seen_at=None) == Told(at(3, 18, 22), is_assumed=True)
    assert read_time("2026-04-03T18:22:00Z", site=Site(), seen_at=None) == Told(at(3, 18, 22))


def test_day_and_month_stand_as_the_site_writes_them() -> None:
    """03-04 is March or April, by the site's order; months have the site's names."""
    german = Site(time_zone="Europe/Berlin", date_order="DMY", languages=("de",))
    assert read_time("03.04.2026, 18:22", site=german, seen_at=None) == Told(at(3, 16, 22))
    assert read_time("3. März 2026, 18:22", site=german, seen_at=None) == Told(at(3, 17, 22, month=3))


@pytest.mark.parametrize(
    "html",
    [
        '<time datetime="2026-04-03T18:22:00-05:00">some day</time>',
        '<meta content="2026-04-03T18:22:00-05:00">',
        '<span data-time="1775258520">some day</span>',
        '<span><span title="04-03-2026">Today</span>, 06:22 PM</span>',
        '<span title="04-03-2026, 06:22 PM">an hour ago</span>',
        "<span>by kim on 04-03-2026, 06:22 PM</span>",
    ],
)
def test_elements_tell_times_to_machines_before_people(html: str) -> None:
    """Attributes come first, a title stands for the word in its place, and a pattern cuts off what is no time."""
    tree = tree_of(f"<p>{html}</p>")
    assert tree is not None
    element = next(e for e in tree.iter("time", "meta", "span"))
    pattern = re.compile(r"(?:.*\bon )?(.+)")
    assert time_in(element, site=CHICAGO, seen_at=SEEN, pattern=pattern) == Told(at(3, 23, 22))
