"""Times as boards write them for people: in words, in the board's own zone, or as how long ago."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import dateparser

from crawlers.claims import words_of
from crawlers.sites import Site
from crawlers.values import EARLIEST, text_of, time_of

LONGEST = 100
EPOCH = re.compile(r"\d{9,10}")
MACHINE = ("datetime", "content", "data-time", "data-timestamp", "data-datetime", "title")
DATED = re.compile(r"\d.*\d")

# What Django writes for 12:00, and what stands between day and hour.
WORDS = ((r"\bnoon\b", "12:00 PM"), (r"\bmidnight\b", "12:00 AM"), (r"\bat\b|\s-\s|[»·]", " "))

# What dateparser 1.x raises over odd text.
BROKEN = (ValueError, OverflowError, TypeError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Told:
    """A time, and whether its zone was only assumed."""

    at: datetime
    is_assumed: bool = False


def time_in(
    element: Any, *, site: Site, seen_at: datetime | None, pattern: re.Pattern[str] | None = None
) -> Told | None:
    """
    The time that an element tells: by an attribute for machines, else by its words, of which `pattern` picks the group 1.

    `seen_at` is when the page was seen, from which "5 minutes ago" counts; without it only whole dates are read.
    """
    for name in MACHINE:
        value = element.get(name, "").strip()
        if EPOCH.fullmatch(value):
            value = datetime.fromtimestamp(int(value), UTC).isoformat()
        if DATED.search(value) and (told := read_time(value, site=site, seen_at=seen_at)):
            return told
    said = _words(element)
    if pattern is not None:
        found = pattern.search(said)
        said = found[1] if found else ""
    return read_time(said, site=site, seen_at=seen_at)


def read_time(text: str, *, site: Site, seen_at: datetime | None) -> Told | None:
    """A time in ISO 8601 or in words, in the site's zone where it names none; UTC where the site has none either."""
    said = " ".join(text_of(text).split())
    if not said or len(said) > LONGEST:
        return None
    at = _in_iso(said) or _in_words(said, site, seen_at)
    if at is None:
        return None
    if at.tzinfo is not None:
        exact = time_of(at.isoformat())
        return Told(exact) if exact else None
    try:
        at = at.replace(tzinfo=ZoneInfo(site.time_zone or "UTC")).astimezone(UTC)
    except OverflowError:
        return None
    return Told(at, is_assumed=not site.time_zone) if at >= EARLIEST else None


def _in_iso(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


def _in_words(said: str, site: Site, seen_at: datetime | None) -> datetime | None:
    for pattern, word in WORDS:
        said = re.sub(pattern, word, said)
    settings: dict[str, Any] = {"DATE_ORDER": site.date_order, "PREFER_DATES_FROM": "past"}
    if seen_at is None:
        settings |= {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    else:
        local = seen_at.astimezone(ZoneInfo(site.time_zone or "UTC")).replace(tzinfo=None)
        settings |= {"PARSERS": ["relative-time", "absolute-time"], "RELATIVE_BASE": local}
    try:
        at: datetime | None = dateparser.parse(said, languages=list(site.languages), settings=settings)
    except BROKEN:
        return None
    return at


def _words(element: Any) -> str:
    """The words of an element. A day in a title stands for the word in its place: `<span title="11-25-2026">Today</span>`."""
    pieces = [element.text or ""]
    for child in element:
        title = child.get("title", "")
        pieces += [title if DATED.search(title) else words_of(child), child.tail or ""]
    return " ".join(" ".join(pieces)[:1000].split())
