"""
A folder or zip file of pictures and films with a table that says when each was published: for what has no export of its own.

The table is one CSV file beside them. Columns: `file` (relative to the table) and `published` (ISO 8601) must be there; `text`, `permalink`
and `alt` may be. Rows with the same permalink are one post with several pictures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crawlers.answers import readable
from crawlers.bundle import Bundle
from crawlers.export import Format, Holder, Part
from crawlers.exports.members import beside, local_medium, parts
from crawlers.exports.table import rows
from crawlers.values import time_of, url_of
from footprint.digests import digest
from footprint.errors import SourceError
from footprint.posts import EXPORTED, ObservedPost

FORMAT = Format(
    name="pictures",
    title="Pictures with a table",
    reads="pictures and films that a CSV file lists with the time of publication",
)

TABLE = r"(?:[^/]+/)?[^/]+\.csv"
COLUMNS = ("file", "published")


def recognises(bundle: Bundle) -> bool:
    return len(bundle.find(TABLE)) == 1


def holders(bundle: Bundle) -> frozenset[str]:
    """The table is the operator's own."""
    return frozenset()


def read(bundle: Bundle, holder: Holder) -> Iterator[Part]:
    (name,) = bundle.find(TABLE)
    posts, unreadable = readable(rows(bundle, name, needs=COLUMNS), lambda row: _post(row, name, holder))
    yield from parts(bundle, name, _joined(posts), lambda _, medium: medium.key, unreadable)


def _post(row: Mapping[str, str], table: str, holder: Holder) -> ObservedPost:
    file, created_at = row["file"].strip(), time_of(row["published"])
    if not file or created_at is None:
        raise SourceError("A row without file or time.")
    permalink, text = url_of(row.get("permalink", "")), row.get("text", "").strip()
    return ObservedPost(
        platform=holder.platform,
        native_id=f"{EXPORTED}{digest(permalink or [file, created_at.isoformat(), text])}",
        author=holder.author,
        permalink=permalink or holder.address,
        text=text,
        created_at=created_at,
        visibility=holder.visibility,
        media=(local_medium(beside(table, file), alt=row.get("alt", "").strip()),),
    )


def _joined(posts: Sequence[ObservedPost]) -> list[ObservedPost]:
    whole: dict[str, ObservedPost] = {}
    for post in posts:
        before = whole.get(post.native_id)
        whole[post.native_id] = replace(before, media=(*before.media, *post.media)) if before else post
    return list(whole.values())
