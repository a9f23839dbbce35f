"""Posts as they are kept on servers of AT, the protocol of Bluesky, and as its application shows them. https://atproto.com/specs/record-key"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from crawlers.markup import read_html
from crawlers.values import distinct, medium, objects_in, origin_of, text_of, time_of, url_of
from footprint.errors import SourceError
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

PLATFORM = "bluesky"
APPLICATION = "bsky.app"
NO_VISITORS = "!no-unauthenticated"
"""The label by which people ask not to be shown to visitors who are not signed in."""

POST_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,500})/app\.bsky\.feed\.post/([A-Za-z0-9._:~-]{1,512})")
CONTENT_ID = re.compile(r"[a-z0-9]{10,200}", re.IGNORECASE)

# https://atproto.com/specs/tid
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
TIME_KEY = re.compile(r"[2-7a-j][2-7a-z]{12}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def native_id_of(item: Mapping[str, Any]) -> str | None:
    found = POST_URI.fullmatch(text_of(item.get("uri")))
    return f"{found[1]}/{found[2]}" if found else None


def post_of(item: Mapping[str, Any], url: str, names: Mapping[str, str]) -> ObservedPost | None:
    """
    A record as it is kept, or as the application shows it; None for one that is for signed-in people only.

    `url` is where it came from, `names` as in the spider. Raises SourceError for one without address, value or time.
    """
    shown = item["post"] if isinstance(item.get("post"), dict) else item
    record = shown.get("value") if isinstance(shown.get("value"), dict) else shown.get("record")
    found = POST_URI.fullmatch(text_of(shown.get("uri")))
    if found is None or not isinstance(record, dict):
        raise SourceError(f"{url} shows a record without an address or a value.")
    did, key = found[1], found[2]
    created_at = time_of(record.get("createdAt"))
    if created_at is None:
        raise SourceError(f"{url} shows a post without a time.")
    if _is_hidden(shown):
        return None
    reason = item.get("reason")
    is_repost = isinstance(reason, dict) and text_of(reason.get("$type")).endswith("#reasonRepost")
    kind, parent = _relation(record)
    text, markup = text_of(record.get("text")), _markup(record, text_of(record.get("text")))
    permalink = f"https://{APPLICATION}/profile/{quote(did, safe=':')}/post/{quote(key)}"
    languages = record.get("langs")
    return ObservedPost(
        platform=PLATFORM,
        native_id=f"{did}/{key}",
        author=names.get(did, did),
        kind=PostKind.REPOST if is_repost else kind,
        parent_id=parent,
        permalink=permalink,
        text=text,
        html=markup,
        language=text_of(languages[0]) or None if isinstance(languages, list) and languages else None,
        created_at=created_at,
        visibility=_evidence(created_at, key),
        media=distinct(_media(record.get("embed"), origin_of(url), did)),
        links=read_html(markup, permalink).links,
    )


def _is_hidden(shown: Mapping[str, Any]) -> bool:
    """Whether the application shows a post to signed-in people only."""
    author = shown.get("author")
    labels = [*objects_in(shown, "labels"), *objects_in(author, "labels")]
    return any(text_of(label.get("val")) == NO_VISITORS and label.get("neg") is not True for label in labels)


def _relation(record: Mapping[str, Any]) -> tuple[PostKind, str | None]:
    """What a post is in relation to another, and the other's id."""
    reply = record.get("reply")
    if isinstance(reply, dict) and isinstance(reply.get("parent"), dict):
        return PostKind.REPLY, native_id_of(reply["parent"])
    for embed in _embeds(record.get("embed")):
        quoted = embed.get("record")
        if isinstance(quoted, dict) and (number := native_id_of(quoted)):
            return PostKind.QUOTE, number
    return PostKind.POST, None


def _embeds(embed: Any) -> Iterable[Mapping[str, Any]]:
    """An embed, and the two halves of one that shows a quoted post beside media."""
    if isinstance(embed, dict):
        yield embed
        for name in ("record", "media"):
            if isinstance(half := embed.get(name), dict):
                yield half


def _media(embed: Any, origin: str, did: str) -> Iterable[ObservedMedia | None]:
    """Pictures and videos as their author uploaded them, not the smaller copies that the application shows."""
    for part in _embeds(embed):
        for name in ("images", "items"):
            for item in objects_in(part, name):
                yield _blob(item.get("image"), origin, did, kind=MediaKind.IMAGE, alt=item.get("alt"))
        yield _blob(part.get("video"), origin, did, kind=MediaKind.VIDEO, alt=part.get("alt"))


def _blob(blob: Any, origin: str, did: str, *, kind: MediaKind, alt: Any) -> ObservedMedia | None:
    """A blob by its content id; posts of 2022 name it without a reference."""
    if not isinstance(blob, dict):
        return None
    reference = blob.get("ref")
    number = text_of(reference.get("$link") if isinstance(reference, dict) else blob.get("cid"))
    if not CONTENT_ID.fullmatch(number):
        return None
    address = f"{origin}/xrpc/com.atproto.sync.getBlob?{urlencode({'did': did, 'cid': number})}"
    return medium(address, key=number, kind=kind, mime=blob.get("mimeType"), alt=alt)


def _markup(record: Mapping[str, Any], text: str) -> str:
    """The text with its links, whose places are counted in bytes of UTF-8; one that lies outside of the text or in another is none."""
    whole, pieces, done = text.encode(), [], 0
    for start, end, link in sorted(_places(record)):
        if done <= start < end <= len(whole):
            pieces += [
                escape(whole[done:start].decode(errors="replace")),
                _anchor(link, whole[start:end].decode(errors="replace")),
            ]
            done = end
    pieces.append(escape(whole[done:].decode(errors="replace")))
    cards = [_anchor(link, title) for link, title in _cards(record.get("embed"))]
    return "\n".join(["".join(pieces), *cards])


def _anchor(link: str, words: str) -> str:
    return f'<a href="{escape(link)}">{escape(words)}</a>'


def _places(record: Mapping[str, Any]) -> Iterable[tuple[int, int, str]]:
    for facet in objects_in(record, "facets"):
        index = facet.get("index")
        start, end = (index.get("byteStart"), index.get("byteEnd")) if isinstance(index, dict) else (None, None)
        for feature in objects_in(facet, "features"):
            if isinstance(start, int) and isinstance(end, int) and (link := url_of(feature.get("uri"))):
                yield start, end, link


def _cards(embed: Any) -> Iterable[tuple[str, str]]:
    for part in _embeds(embed):
        external = part.get("external")
        if isinstance(external, dict) and (link := url_of(external.get("uri"))):
            yield link, text_of(external.get("title"))


def _written_at(key: str) -> datetime | None:
    """When a key was made that is a time in base 32, as almost all are; authors can make up the other time, `createdAt`, more easily."""
    if not TIME_KEY.fullmatch(key):
        return None
    number = 0
    for letter in key:
        number = number * 32 + DIGITS.index(letter)
    return EPOCH + timedelta(microseconds=number >> 10)


def _evidence(created_at: datetime, key: str) -> str:
    written_at = _written_at(key)
    is_far = written_at is not None and abs(written_at - created_at) > timedelta(days=1)
    return "public record, read without signing in" + (
        f"; by its key written at {written_at:%Y-%m-%dT%H:%M:%SZ}" if is_far else ""
    )
