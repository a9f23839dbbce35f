"""How the service is, for the administrator."""

from collections.abc import Callable
from typing import Any

from footprint.errors import RecordUnavailable
from footprint.index.memory import MemoryIndex


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
