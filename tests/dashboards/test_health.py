"""How the service is, for the administrator."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from footprint.clearances import Review
from footprint.connectors import USABLE, Connector
from footprint.errors import RecordUnavailable
from footprint.index.memory import MemoryIndex
from footprint.yields import Yield


class Down(MemoryIndex):
    """An index that does not answer."""

    def check(self) -> str:
        raise RecordUnavailable("The index does not answer. Start it.")


def test_what_is_well_is_said_to_be(signed_in: Callable[[str], Any]) -> None:
    """Record, bytes and index answer for themselves; a service that makes no request says so."""
    page = signed_in("admin").get("/health").text
    assert page.count(">well<") == 3
    assert "no scan makes a request until" in page


def test_what_cannot_be_reached_is_said_with_its_mend(signed_in: Callable[..., Any], serve: Callable[..., Any]) -> None:
    """One that is down does not take the page with it."""
    page = signed_in("admin", serve(index=Down())).get("/health").text
    assert page.count(">well<") == 2
    assert "The index does not answer. Start it." in page


def connector(**told: Any) -> Connector:
    """A connector that read all that it should."""
    last = Yield(run_id="r", at=datetime(2026, 5, 4, tzinfo=UTC), pages=9, read=9, failed=0, unreadable=0)
    usual = {
        "name": "mastodon", "title": "Mastodon", "state": USABLE, "review": Review(on=date(2026, 4, 1), by="ines"),
        "needs_approval": False, "has_approval": False, "broken": "", "alarm": "", "new_fields": "", "last": last,
        "accounts": 3, "posts": None, "usd": None,
    }  # fmt: skip
    return Connector(**usual | told)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({}, "9 of 9 pages, 2026-05-04"),
        ({}, "2026-09-28"),
        ({"alarm": "The last run could not read 3 items."}, "The last run could not read 3 items."),
        ({"broken": "The parser does not read its canary."}, "The parser does not read its canary."),
        ({"new_fields": "New fields in its answers: badge."}, "New fields in its answers: badge."),
        ({"state": "review expired"}, "review expired"),
        ({"needs_approval": True}, "none on file"),
        ({"posts": 120, "usd": 0.6}, "0.60 USD"),
    ],
)
def test_a_connector_says_how_it_stands(
    told: dict[str, Any], says: str, signed_in: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    """Its last run, alarm, new fields, when its terms are to be read again, approval and bill."""
    page = signed_in("admin", serve(connectors=lambda: [connector(**told)])).get("/health").text
    assert says in page


def test_connectors_to_look_at_stand_first(signed_in: Callable[..., Any], serve: Callable[..., Any]) -> None:
    """Before those that are well, whatever their names; those without accounts stand apart."""
    shown = [
        connector(),
        connector(name="x", title="X", alarm="It broke."),
        connector(name="y", title="Ypsilon", accounts=0),
    ]
    page = signed_in("admin", serve(connectors=lambda: shown)).get("/health").text
    assert page.index("It broke.") < page.index("Mastodon") < page.index("1 without accounts") < page.index("Ypsilon")
