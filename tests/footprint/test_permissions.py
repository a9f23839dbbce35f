"""Whether a permission covered a post, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from footprint.identifiers import Kind
from footprint.permissions import EVERYBODY, Permission, Question, Revocation, covers, refusal, search

POSTED = datetime(2026, 5, 1, 12, tzinfo=UTC)
PERMISSION = Permission(
    id="P-1",
    grantor="Chief Alder",
    grantees=("R-1",),
    identifiers=("patch-2019",),
    purpose="recruiting page",
    valid_from=POSTED - timedelta(days=10),
    valid_until=POSTED + timedelta(days=10),
    document_sha256="0" * 64,
    granted_by="chief",
    granted_at=POSTED - timedelta(days=11),
)
QUESTION = Question(
    registrant_id="R-1",
    identifier_id="patch-2019",
    kind=Kind.PATCH,
    platform="mastodon",
    media=("a" * 64,),
    posted_at=POSTED,
)
REVOKED_BEFORE = Revocation(id="P-1", revoked_at=POSTED, by="chief", reason="over")
REVOKED_AFTER = replace(REVOKED_BEFORE, revoked_at=POSTED + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("change", "revocation", "reason"),
    [
        ({}, None, ""),
        ({"grantees": (EVERYBODY,)}, None, ""),
        ({"grantees": ("R-2",)}, None, "names other grantees"),
        ({"identifiers": (), "kinds": (Kind.PATCH,)}, None, ""),
        ({"identifiers": (), "kinds": (Kind.VEHICLE,)}, None, "is for other identifiers, kinds or media"),
        ({"identifiers": (), "approved_media": ("a" * 64, "b" * 64)}, None, ""),
        ({"identifiers": (), "approved_media": ("b" * 64,)}, None, "is for other identifiers, kinds or media"),
        ({"platforms": ("mastodon",)}, None, ""),
        ({"platforms": ("discourse",)}, None, "is for other platforms"),
        ({"valid_from": POSTED}, None, ""),
        ({"valid_from": POSTED + timedelta(microseconds=1)}, None, "was not in force yet"),
        ({"valid_until": POSTED}, None, "had ended"),
        ({"valid_until": None}, None, ""),
        ({}, REVOKED_BEFORE, "had been revoked"),
        ({}, REVOKED_AFTER, ""),
    ],
)
def test_refusal_says_why(change: dict[str, object], revocation: Revocation | None, reason: str) -> None:
    """A permission covers a post by grantee, material, platform and the time of the post, or says why not."""
    permission = replace(PERMISSION, **change)  # type: ignore[arg-type]
    assert refusal(permission, revocation, QUESTION) == reason
    assert covers(permission, revocation, QUESTION) is (reason == "")


def test_no_media_is_not_covered_by_approved_media() -> None:
    """A permission for certain pictures does not cover a post that shows none of them."""
    permission = replace(PERMISSION, identifiers=(), approved_media=("a" * 64,))
    assert not covers(permission, None, replace(QUESTION, media=()))


def test_search_considers_the_whole_registry() -> None:
    """The search keeps a reason for every permission, so that it can be shown when it found nothing."""
    other = replace(PERMISSION, id="P-0", grantees=("R-2",))
    considered, covering = search([PERMISSION, other], [], QUESTION)
    assert [(c.permission_id, c.reason) for c in considered] == [("P-0", "names other grantees"), ("P-1", "")]
    assert covering == "P-1"
