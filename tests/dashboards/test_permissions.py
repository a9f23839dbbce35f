"""The registry of permissions: the Chief grants and revokes, reviewers read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from footprint.audit import AuditEvent
from footprint.digests import sha256
from footprint.identifiers import Kind
from footprint.index.memory import MemoryIndex
from footprint.permissions import Permission, Revocation
from footprint.ports import Blobs, Record
from footprint.query import Query

DEED = ("permission.pdf", b"%PDF-1.7 the Chief permits the fair")
FORM: dict[str, Any] = {
    "permission_id": "P-2026-009",
    "grantor": "Chief Example",
    "purpose": "town fair",
    "grantees": ["R-0101"],
    "identifiers": ["shoulder-patch-2019"],
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
}


def test_a_permission_is_granted_with_its_document(
    signed_in: Callable[[str], Any], record: Record, blobs: Blobs, clock: Any
) -> None:
    """Everything that was ticked and typed is kept, with the hash of the writing."""
    chief = signed_in("chief")
    page = chief.follow(chief.send("/permissions", files={"document": DEED}, **FORM | {"kinds": ["badge"]})).text
    permission = record.get(Permission, "P-2026-009")
    assert permission is not None
    assert (permission.grantees, permission.identifiers, permission.kinds) == (
        ("R-0101",),
        ("shoulder-patch-2019",),
        (Kind.BADGE,),
    )
    assert blobs.get(permission.document_sha256) == DEED[1]
    assert (permission.granted_by, permission.granted_at) == ("chief", clock())
    assert "Shoulder patch 2019" in page


def test_a_new_permission_is_looked_for_in_every_finding(
    signed_in: Callable[[str], Any], index: MemoryIndex, town: Any
) -> None:
    """What it covers is covered in the index when the answer was sent."""
    signed_in("chief").send("/permissions", files={"document": DEED}, **FORM)
    certainty = {hit.id: hit.certainty for hit in index.search(Query(), size=100).hits}
    assert certainty[town.findings["fair shoulder-patch-2019"]] == "covered"
    assert certainty[town.findings["again shoulder-patch-2019"]] == "found"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grantees": []}, "Name whom it is given to"),
        ({"identifiers": []}, "Name what is permitted"),
        ({"valid_until": "2025-01-01"}, "ends before it begins"),
        ({"permission_id": "P-2026-004"}, "already"),
        ({"grantor": ""}, "Granted by is missing"),
    ],
)
def test_a_permission_that_covers_nothing_is_refused(
    change: dict[str, Any], words: str, signed_in: Callable[[str], Any], record: Record
) -> None:
    """With the reason and what was typed."""
    chief = signed_in("chief")
    page = chief.follow(chief.send("/permissions", files={"document": DEED}, **FORM | change)).text
    assert words in page
    assert 'value="town fair"' in page
    assert record.count(Permission) == 1


def test_a_permission_is_revoked_with_a_reason(
    signed_in: Callable[[str], Any], record: Record, events: Callable[[str], list[AuditEvent]]
) -> None:
    """From now on; it stays in the registry with why."""
    chief = signed_in("chief")
    assert "Say why." in chief.follow(chief.send("/permissions/P-2026-004/revoke")).text
    page = chief.follow(chief.send("/permissions/P-2026-004/revoke", reason="the day is over")).text
    assert "“the day is over”" in page
    assert record.get(Revocation, "P-2026-004") is not None
    assert [event.purpose for event in events("permission.revoked")] == ["the day is over"]


@pytest.mark.parametrize(("days", "state"), [(-45, "in force"), (0, "ends soon"), (12, "ended")])
def test_where_a_permission_stands(days: int, state: str, signed_in: Callable[[str], Any], clock: Any) -> None:
    """Its days decide, and thirty days before the end it says so."""
    clock.pass_by(timedelta(days=days))
    page = signed_in("rosa").get("/permissions").text
    assert f">{state}</span>" in page


def test_a_permission_of_the_future_is_not_in_force_yet(signed_in: Callable[[str], Any]) -> None:
    """It is granted, and says from when."""
    chief = signed_in("chief")
    page = chief.follow(
        chief.send("/permissions", files={"document": DEED}, **FORM | {"valid_from": "2026-06-01"})
    ).text
    assert ">not yet</span>" in page


def test_the_writing_is_saved_and_never_shown(
    signed_in: Callable[[str], Any], record: Record, blobs: Blobs, events: Callable[[str], list[AuditEvent]]
) -> None:
    """An uploaded document may be hostile: it leaves as a file of no type."""
    answer = signed_in("rosa").get("/permissions/P-2026-004/document")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert [event.detail["sha256"] for event in events("document.opened")] == [sha256(answer.content)]


def test_reviewers_read_and_grant_nothing(signed_in: Callable[[str], Any]) -> None:
    """Their page has no form but the way out."""
    assert signed_in("rosa").get("/permissions").text.count('method="post"') == 1
