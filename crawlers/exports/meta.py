"""What the exports of Facebook and Instagram share: text that was encoded twice, times as seconds, media by their place in the export."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from crawlers.answers import json_of
from crawlers.bundle import Bundle
from crawlers.export import Holder
from crawlers.exports.members import FileOf, local_medium
from crawlers.values import EARLIEST, text_of
from footprint.digests import digest
from footprint.errors import SourceError
from footprint.posts import EXPORTED, ObservedMedia, ObservedPost


def mended(text: Any) -> str:
    """Text whose UTF-8 bytes were written as if each were a character of Latin-1; other text as it stands."""
    plain = text_of(text)
    try:
        return text_of(plain.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return plain


def moment(seconds: Any) -> datetime | None:
    """A time in whole seconds since 1970, None where there is none."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 10**11:
        return None
    at = datetime.fromtimestamp(seconds, UTC)
    return at if at >= EARLIEST else None


def entries(bundle: Bundle, name: str, lists: Iterable[str]) -> list[Mapping[str, Any]]:
    """The entries of a member: a list, or an object with a list under one of the names, or one entry alone."""
    found = json_of(bundle.read(name), name)
    if isinstance(found, dict):
        listed = [found[key] for key in lists if isinstance(found.get(key), list)]
        found = listed[0] if listed else [found]
    if not isinstance(found, list):
        raise SourceError(f"{name} holds no list of posts.")
    return [item if isinstance(item, dict) else {} for item in found]


def media_of(items: Iterable[Mapping[str, Any]], *, alt: str) -> tuple[ObservedMedia, ...]:
    """Media by their place in the export, each once. `alt` is the field with what the holder says of it."""
    named = {text_of(item.get("uri")): mended(item.get(alt)) for item in items}
    return tuple(local_medium(uri, alt=words) for uri, words in named.items() if uri and "://" not in uri)


def files_of(bundle: Bundle, source: str, roots: Iterable[str]) -> FileOf:
    """How media are found: relative to the folder that holds one of the `roots` in the name of the member, which is packed or not."""
    start = min((at for root in roots if (at := source.find(root)) >= 0), default=0)

    def file_of(_: ObservedPost, medium: ObservedMedia) -> str | None:
        return next((name for name in (source[:start] + medium.key, medium.key) if bundle.has(name)), None)

    return file_of


def post(
    holder: Holder,
    *,
    text: str,
    created_at: datetime,
    edited_at: datetime | None,
    media: tuple[ObservedMedia, ...],
    links: tuple[str, ...] = (),
) -> ObservedPost:
    """A post of an export that tells neither number nor address of it: what it says stands for the number."""
    said = json.dumps([int(created_at.timestamp()), text, [medium.key for medium in media]])
    return ObservedPost(
        platform=holder.platform,
        native_id=f"{EXPORTED}{digest(said)}",
        author=holder.author,
        permalink=holder.address,
        text=text,
        created_at=created_at,
        edited_at=edited_at,
        visibility=holder.visibility,
        media=media,
        links=links,
    )
