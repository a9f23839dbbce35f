"""The registry: two people, a written basis, a notice; never a search for accounts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from footprint.accounts import Account, AccountEvent, Identity, Registrant
from footprint.audit import AuditEvent
from footprint.digests import sha256
from footprint.ports import Blobs, Record

DEED = ("consent.pdf", b"%PDF-1.7 consent of Cleo")
FORM = {
    "platform": "mastodon",
    "address": "https://social.example/@cleo2",
    "registrant_id": "R-0103",
    "role": "employee",
    "basis": "consent",
    "expires_on": "2027-01-01",
}


def test_the_registry_shows_what_waits_first(signed_in: Callable[[str], Any]) -> None:
    """Approvals and notices come before what runs by itself."""
    page = signed_in("ines").get("/accounts").text
    order = [page.index(f">{key}</a>") for key in ("forum:cleo", "mastodon:@cleo", "forum:ben", "mastodon:@ada")]
    assert order == sorted(order)
    assert "ends soon" in page


def test_the_registry_is_narrowed_by_state(signed_in: Callable[[str], Any]) -> None:
    """The state is in the address."""
    page = signed_in("ines").get("/accounts?state=proposed").text
    assert "forum:cleo" in page
    assert "mastodon:@ada" not in page


def test_an_account_is_written_down_with_its_document(
    signed_in: Callable[[str], Any], record: Record, blobs: Blobs
) -> None:
    """The platform derives the id, the document is kept and known by its hash, and nothing is read yet."""
    ines = signed_in("ines")
    page = ines.follow(ines.send("/accounts", files={"document": DEED}, **FORM)).text
    account = record.get(Account, "mastodon:@cleo2")
    assert account is not None
    assert account.document_sha256 == sha256(DEED[1])
    assert blobs.get(account.document_sha256) == DEED[1]
    assert "awaits approval" in page
    assert "another registrar approves it" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"platform": "myspace"}, "There is no platform"),
        ({"address": "cleo"}, "An address is such as"),
        ({"registrant_id": "R-9999"}, "There is no registrant R-9999"),
        ({"basis": "official"}, "official accounts"),
        ({"expires_on": "2020-01-01"}, "expired already"),
        ({"expires_on": "some day"}, "Basis ends on: write the day"),
        ({"address": "https://forum.example/ben", "platform": "forum"}, "registered already"),
    ],
)
def test_a_registration_that_cannot_be_is_refused_with_what_was_typed(
    change: dict[str, str], words: str, signed_in: Callable[[str], Any], record: Record
) -> None:
    """The form comes back open, filled, with the reason; nothing is recorded."""
    ines, before = signed_in("ines"), record.count(Account)
    page = ines.follow(ines.send("/accounts", files={"document": DEED}, **FORM | change)).text
    assert words in page
    assert f'value="{(FORM | change)["address"]}"' in page
    assert record.count(Account) == before


def test_a_registration_needs_its_document(signed_in: Callable[[str], Any]) -> None:
    """No basis without a writing."""
    ines = signed_in("ines")
    assert "document of the basis: choose a file" in ines.follow(ines.send("/accounts", **FORM)).text


def test_who_wrote_it_down_does_not_approve_it(signed_in: Callable[[str], Any], record: Record) -> None:
    """The page does not offer it, and the server refuses it (G3, G16)."""
    ines = signed_in("ines")
    assert 'value="approved"' not in ines.get("/accounts/forum:cleo").text
    page = ines.follow(ines.send("/accounts/forum:cleo/steps", step="approved")).text
    assert "A second person approves" in page
    assert list(record.select(AccountEvent, account_id="forum:cleo")) == []


def test_an_account_is_read_after_approval_and_notice(signed_in: Callable[[str], Any], clock: Any) -> None:
    """Each step leads to the next until it is active, paused, resumed and withdrawn."""
    omar = signed_in("omar")
    said = []
    for step in ("approved", "notified", "paused", "resumed", "withdrawn"):
        clock.pass_by(timedelta(minutes=1))
        page = omar.follow(omar.send("/accounts/forum:cleo/steps", step=step, reason="by letter of today")).text
        said.append(page.split("</h1>")[1].split("</span>")[0].rpartition(">")[2])
    assert said == ["awaits notice to its holder", "active", "paused", "active", "withdrawn"]


def test_a_pause_says_why(signed_in: Callable[[str], Any]) -> None:
    """Without a reason it is refused."""
    ines = signed_in("ines")
    assert "Say why." in ines.follow(ines.send("/accounts/forum:ben/steps", step="paused")).text


def test_a_registrant_is_a_pseudonym_and_a_name_apart(signed_in: Callable[[str], Any], record: Record) -> None:
    """The pages carry the pseudonym; the name lies in a place of its own."""
    ines = signed_in("ines")
    fields = {"registrant_id": "R-0200", "name": "Dana Example", "employed_from": "2020-02-01"}
    page = ines.follow(ines.send("/registrants", **fields)).text
    assert record.get(Registrant, "R-0200") is not None
    assert record.get(Identity, "R-0200") == Identity(registrant_id="R-0200", name="Dana Example")
    assert "R-0200" in page
    assert "Dana Example" not in page


@pytest.mark.parametrize("pseudonym", ["R 1", "../x", "R/1", "<b>", "x" * 40, ""])
def test_a_pseudonym_is_plain(pseudonym: str, signed_in: Callable[[str], Any], record: Record) -> None:
    """It stands in addresses and in queries."""
    ines, before = signed_in("ines"), record.count(Registrant)
    ines.send("/registrants", registrant_id=pseudonym, name="Dana", employed_from="2020-02-01")
    assert record.count(Registrant) == before


def test_a_registrar_sees_a_name_for_a_reason(
    signed_in: Callable[[str], Any], events: Callable[[str], list[AuditEvent]]
) -> None:
    """To send the notice, say; it is logged."""
    ines = signed_in("ines")
    assert "Cleo Muster" not in ines.get("/accounts/forum:cleo").text
    page = ines.follow(ines.send("/accounts/forum:cleo/reveal", reason="to send the notice")).text
    assert "Cleo Muster" in page
    assert [event.subject for event in events("identity.revealed")] == ["R-0103"]


def test_an_account_that_is_not_there_says_so(signed_in: Callable[[str], Any]) -> None:
    """Not found is an answer."""
    assert signed_in("ines").get("/accounts/forum:nobody").status_code == 404
