"""Records with posts in them, for the stages that come after the crawl."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PIL import Image

from footprint.accounts import Account, AccountRole, Basis, Registrant
from footprint.coverage import Run
from footprint.identifiers import Exemplar, Identifier, Kind
from footprint.ports import Blobs, Record
from footprint.posts import (
    MediaAsset,
    MediaKind,
    MediaReference,
    MediaUse,
    ObservedPost,
    Post,
    PostKind,
    PostVersion,
    body,
    content_hash,
)

ShowPost = Callable[[str, bytes], str]


def picture(colour: tuple[int, int, int]) -> bytes:
    """A small PNG of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def coloured() -> Callable[[tuple[int, int, int]], bytes]:
    """Small PNGs of one colour."""
    return picture


@pytest.fixture
def show(record: Record, blobs: Blobs, start: datetime) -> ShowPost:
    """Record that a post (by id) of the one registered account shows a picture; returns the picture's hash."""
    account = "mastodon:ann@social.example"
    with record.transaction() as tx:
        tx.add(Registrant(id="R-1", employed_from=start - timedelta(days=99), registered_at=start))
        tx.add(Account(
            id=account, platform="mastodon", native_id="ann@social.example", address="https://social.example/@ann",
            registrant_id="R-1", role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256="0" * 64,
            registered_by="ines", registered_at=start, expires_at=start + timedelta(days=99),
        ))  # fmt: skip
        tx.add(Identifier(id="patch", kind=Kind.PATCH, name="Shoulder patch", created_by="ines", created_at=start))
        tx.add(Exemplar(
            id="exemplar", identifier_id="patch", sha256="e" * 64, mime="image/png", added_by="ines", added_at=start
        ))  # fmt: skip
        tx.add(Run(id="run", actor="ines", started_at=start))

    def add(post_id: str, data: bytes) -> str:
        observed = ObservedPost(
            platform="mastodon", native_id=post_id, author="ann", permalink=f"https://social.example/@ann/{post_id}",
            text=f"Post {post_id}", created_at=start, visibility="public",
        )  # fmt: skip
        sha256 = blobs.put(data)
        with record.transaction() as tx:
            tx.add(Post(id=post_id, account_id=account, kind=PostKind.POST, created_at=start, first_seen_at=start))
            tx.add(PostVersion(
                id=f"v-{post_id}", post_id=post_id, content_hash=content_hash(observed), observed_at=start, edited_at=None,
                visibility="public", body_sha256=blobs.put(body(observed)), capture_sha256=None,
            ))  # fmt: skip
            tx.add(MediaAsset(sha256=sha256, mime="image/png", size_bytes=len(data), first_fetched_at=start))
            tx.add(MediaReference(
                id=f"m-{post_id}", post_id=post_id, version_id=f"v-{post_id}", key="1",
                url="https://social.example/1.png", kind=MediaKind.IMAGE, seen_at=start,
            ))  # fmt: skip
            tx.add(MediaUse(
                id=f"m-{post_id}", post_id=post_id, asset_sha256=sha256, url="https://social.example/1.png", fetched_at=start
            ))  # fmt: skip
        return sha256

    return add
