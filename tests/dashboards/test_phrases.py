"""How things are said."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboards.phrases import WORDS, brief, chance, count, is_web, listed, say, span, times
from footprint.accounts import AccountState, AccountStep
from footprint.coverage import Outcome
from footprint.findings import clock
from footprint.reviews import Element, FindingState, Verdict

MOMENT = datetime(2026, 11, 5, 17, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize("kind", [AccountState, AccountStep, Outcome, Element, FindingState, Verdict])
def test_every_member_has_words(kind: type) -> None:
    """No page shows a code where there is a sentence."""
    assert set(WORDS[kind]) == set(kind)  # type: ignore[call-overload]


def test_members_with_one_value_are_told_apart() -> None:
    """A verdict is said otherwise than a state, though both are called "confirmed"."""
    assert (say(Verdict.CONFIRMED), say(FindingState.CONFIRMED)) == ("Confirmed", "confirmed")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Los_Angeles", "5 Nov 2026, 09:14 (UTC−8)"),
        ("UTC", "5 Nov 2026, 17:14 (UTC)"),
        ("Asia/Kolkata", "5 Nov 2026, 22:44 (UTC+5:30)"),
    ],
)
def test_a_time_is_said_with_its_zone(zone: str, words: str) -> None:
    """In the Department's zone, with its distance from Greenwich."""
    assert words in times(ZoneInfo(zone))["when"](MOMENT)


def test_a_time_is_also_said_to_machines() -> None:
    """The element carries the exact moment."""
    assert 'datetime="2026-11-05T17:14:09+00:00"' in times(ZoneInfo("UTC"))["day"](MOMENT)


@pytest.mark.parametrize(("number", "words"), [(0, "no pages"), (1, "1 page"), (1204, "1,204 pages")])
def test_numbers_come_with_their_noun(number: int, words: str) -> None:
    """One, many, none."""
    assert count(number, "page") == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (200_000, "2 d")]
)
def test_a_span_is_said_in_its_largest_unit(seconds: int, words: str) -> None:
    """Nobody needs the rest."""
    assert span(timedelta(seconds=seconds)) == words


def test_lists_hashes_and_places_in_recordings_are_brief() -> None:
    """As a person would say them."""
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert brief("9f2c" + "0" * 56 + "e41a") == "9f2c…e41a"
    assert clock(101.4) == "1:41"


@pytest.mark.parametrize(("probability", "words"), [(0.58, "0.58"), (0.994, "0.99"), (0.9999, ">0.99"), (1.0, ">0.99")])
def test_nothing_is_called_certain(probability: float, words: str) -> None:
    """What rounds to one is said to be more than the rest."""
    assert chance(probability) == words


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "JAVASCRIPT:x", ""])
def test_only_web_addresses_become_links(address: str) -> None:
    """An address from a post may be hostile."""
    assert not is_web(address)
