"""How the service is, for the administrator."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from footprint.accounts import Account
from footprint.coverage import Outcome, PlannedFetch, Run, Target, ending
from footprint.errors import RecordUnavailable
from footprint.index.memory import MemoryIndex
from footprint.ports import Record


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


def test_a_connector_that_reads_less_than_it_did_is_to_look_at(
    signed_in: Callable[[str], Any], record: Record, clock: Callable[[], datetime]
) -> None:
    """What its parser left out as broken stands beside its name; the others read as before."""
    account = next(account for account in record.select(Account) if account.platform == "mastodon")
    plan = PlannedFetch(
        id="broken", run_id="later", account_id=account.id, target=Target.PAGE, url="https://a.example/", planned_at=clock()
    )  # fmt: skip
    assert "to look at" not in signed_in("admin").get("/health").text
    with record.transaction() as tx:
        tx.add(Run(id="later", actor="schedule", started_at=clock()))
        tx.add(plan)
        tx.add(ending(plan, Outcome.FETCHED, clock(), detail="3 broken items were left out"))
    page = signed_in("admin").get("/health").text
    assert page.count("to look at") == 1
    assert "could not read 3 items" in page
