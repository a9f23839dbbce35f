"""Members of an export: how they are named, and how posts come with the files that lie beside them."""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from urllib.parse import quote

from crawlers.bundle import Bundle
from crawlers.export import Part
from crawlers.values import media_kind
from footprint.posts import LOCAL, MediaKind, ObservedMedia, ObservedPost

POSTS_OF_PART = 50
"""So that what is kept of one part leaves with few others when its time is over (guardrail G20)."""

FileOf = Callable[[ObservedPost, ObservedMedia], str | None]


def within(folder: str, names: str) -> str:
    """The pattern of members of a folder, below one more or none; a file that is handed over alone stands in no folder."""
    return rf"(?:(?:[^/]+/)?{folder}/)?{names}"


def beside(source: str, name: str) -> str:
    """The name of a member relative to the folder of another."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), name))


def local_medium(name: str, *, alt: str = "", kind: MediaKind = MediaKind.UNKNOWN) -> ObservedMedia:
    """A file of the export as a medium."""
    url = LOCAL + quote(name)
    told = media_kind(url)
    return ObservedMedia(key=name, url=url, kind=kind if told is MediaKind.UNKNOWN else told, alt=alt)


def parts(
    bundle: Bundle, source: str, posts: Sequence[ObservedPost], file_of: FileOf, unreadable: int
) -> Iterator[Part]:
    """Posts of one member, some at a time, with those of their files that are there."""
    for start in range(0, max(1, len(posts)), POSTS_OF_PART):
        some = tuple(posts[start : start + POSTS_OF_PART])
        named = ((medium.url, file_of(post, medium)) for post in some for medium in post.media)
        files = {url: partial(_read, bundle, file) for url, file in named if file is not None and bundle.has(file)}
        number = f"#{start + 1}" if len(posts) > POSTS_OF_PART else ""
        yield Part(
            source=f"{source}{number}",
            posts=some,
            files=files,
            unreadable=unreadable if start == 0 else 0,
        )


def _read(bundle: Bundle, name: str, limit_bytes: int) -> bytes:
    return bundle.read(name, limit_bytes=limit_bytes)
