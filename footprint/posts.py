"""Public posts: what a platform showed, and what the record keeps of it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from footprint.digests import canonical, digest

EXPORTED = "export-"
"""Before the number of a post that an export tells without one: no address answers whether such a post is still there."""


LOCAL = "https://export.invalid/"
"""Before the name of a file of an export that has no address on the web: .invalid is nobody's (RFC 6761), and it is never asked for."""


class PostKind(StrEnum):
    """What sort of publication a post is."""

    POST = "post"
    REPLY = "reply"
    REPOST = "repost"
    QUOTE = "quote"
    COMMENT = "comment"
    TOPIC = "topic"


class MediaKind(StrEnum):
    """What sort of media a post refers to, as the platform says; the bytes decide later."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedMedia:
    """One medium of an observed post. `key` is the platform's own id of it, else its URL without a signature."""

    key: str
    url: str
    kind: MediaKind = MediaKind.UNKNOWN
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedPost:
    """
    The normal form: one post as one response showed it. What every parser yields.

    `author` is the publisher as the platform names it, None where the response names nobody and the address itself is the
    publisher's. `visibility` quotes the evidence that the post was public ("visibility=public, read without signing in").
    Times are aware UTC; `created_at` is what the platform claims.
    """

    platform: str
    native_id: str
    author: str | None
    kind: PostKind = PostKind.POST
    parent_id: str | None = None
    permalink: str
    text: str
    html: str = ""
    language: str | None = None
    created_at: datetime
    edited_at: datetime | None = None
    visibility: str
    media: tuple[ObservedMedia, ...] = ()
    links: tuple[str, ...] = ()


def content_hash(post: ObservedPost) -> str:
    """Digest of what the author can edit: text, markup and the keys of the media. Counters and signatures stay out."""
    return digest(post.text, post.html, [[m.key, m.alt] for m in post.media], post.permalink)


def body(post: ObservedPost) -> bytes:
    """An observed post as canonical JSON, times in ISO 8601: what the blobs keep of a version."""
    fields = asdict(post)
    fields["created_at"] = post.created_at.isoformat()
    fields["edited_at"] = post.edited_at.isoformat() if post.edited_at else None
    return canonical(fields)


def observed_post(body: bytes) -> ObservedPost:
    """The observed post that `body` wrote."""
    fields = json.loads(body)
    media = (ObservedMedia(**(medium | {"kind": MediaKind(medium["kind"])})) for medium in fields["media"])
    edited_at = fields["edited_at"]
    return ObservedPost(
        **fields
        | {
            "kind": PostKind(fields["kind"]),
            "created_at": datetime.fromisoformat(fields["created_at"]),
            "edited_at": datetime.fromisoformat(edited_at) if edited_at else None,
            "media": tuple(media),
            "links": tuple(fields["links"]),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One public post of one registered account. `id` is `platform:native_id`."""

    id: str
    account_id: str
    kind: PostKind
    created_at: datetime
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVersion:
    """
    One observed state of a post. `id` is digest(post, content hash).

    `body_sha256` names the canonical JSON of the ObservedPost among the blobs, `capture_sha256` the WARC record of the
    exchange that showed it; None for a tombstone, which says that a direct look-up found the post gone.
    """

    id: str
    post_id: str
    content_hash: str
    observed_at: datetime
    edited_at: datetime | None
    visibility: str
    body_sha256: str | None
    capture_sha256: str | None
    is_tombstone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One raw exchange, kept as WARC records (request and response) in one blob. `id` is digest(run, url, sha256)."""

    id: str
    sha256: str
    run_id: str
    url: str
    status: int
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReference:
    """
    A post shows a medium: what has to be fetched. `id` is digest(post, key).

    What the author says of it (alt text) stays in the version's body, so that it leaves with the body (guardrail G20).
    """

    id: str
    post_id: str
    version_id: str
    key: str
    url: str
    kind: MediaKind
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaAsset:
    """Fetched bytes, by their SHA-256. One picture in two posts is one asset and two uses."""

    sha256: str
    mime: str
    size_bytes: int
    first_fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaUse:
    """One post showing one asset. `id` is the id of the reference that was fetched."""

    id: str
    post_id: str
    asset_sha256: str
    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far an account has been read: the connector's own state as JSON, replaced when a run's pages are durable."""

    account_id: str
    state: str
    moved_at: datetime
