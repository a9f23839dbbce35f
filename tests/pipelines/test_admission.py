"""Who comes in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from footprint.accounts import Account, AccountRole, Basis, Registrant
from footprint.jurisdiction import Policy
from footprint.posts import ObservedPost, PostKind
from pipelines.admission import Admission, post_id, sort

HIRED = datetime(2022, 1, 1, tzinfo=UTC)
NOTICE = datetime(2023, 1, 1, tzinfo=UTC)
LEFT = datetime(2026, 1, 1, tzinfo=UTC)
DURING = datetime(2024, 1, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)

ACCOUNT = Account(
    id="board:alice", platform="board", native_id="alice", address="https://board.example/alice", registrant_id="R-1",
    role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256="0" * 64, registered_by="registrar",
    registered_at=NOTICE, expires_at=LEFT,
)  # fmt: skip
ADMISSION = Admission(
    account=ACCOUNT,
    registrant=Registrant(
        id="R-1", employed_from=HIRED, employed_until=LEFT, notice_acknowledged_at=NOTICE, registered_at=NOTICE
    ),
    policy=Policy(version="1", effective_from=datetime(2020, 1, 1, tzinfo=UTC)),
    is_author=lambda post, account: post.author == account.native_id,
)


def post(**fields: Any) -> ObservedPost:
    defaults: dict[str, Any] = {
        "platform": "board", "native_id": "1", "author": "alice", "permalink": "https://board.example/1",
        "text": "hello", "created_at": DURING, "visibility": "listed",
    }  # fmt: skip
    return ObservedPost(**defaults | fields)


@pytest.mark.parametrize("kind", sorted(set(PostKind) - {PostKind.REPOST}))
def test_own_posts_of_every_kind_come_in(kind: PostKind) -> None:
    """Replies, quotes, comments and topics of the holder are publications too."""
    assert ADMISSION.refusal(post(kind=kind)) == ""


@pytest.mark.parametrize(
    "shown",
    [
        post(kind=PostKind.REPOST),
        post(author="bob"),
        post(author=None),
        post(platform="forum"),
        post(created_at=NOTICE - MOMENT),
        post(created_at=LEFT),
    ],
    ids=["repost", "other author", "no author", "other platform", "before the notice", "after leaving"],
)
def test_others_stay_out(shown: ObservedPost) -> None:
    """A repost, somebody else's post, and one that the policy does not reach have a reason to stay out."""
    assert ADMISSION.refusal(shown)


def test_reason_names_nobody() -> None:
    """What is counted says why, and not who."""
    assert "bob" not in ADMISSION.refusal(post(author="bob"))


def test_posts_are_sorted() -> None:
    """What comes in is told apart by id, the last of equals; each refusal is counted."""
    result = sort(
        [post(), post(native_id="2", author="bob"), post(text="again"), post(native_id="3", author="bob")], ADMISSION
    )
    assert {key: shown.text for key, shown in result.admitted.items()} == {post_id(ACCOUNT, "1"): "again"}
    assert result.refused == ["published by somebody else"] * 2
