"""Members of an export: how they are named, and how posts come with the files that lie beside them."""

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
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
    """Posts of one member, some at a time, with their files. A medium that has neither file nor address is left out and counted."""
    for start in range(0, max(1, len(posts)), POSTS_OF_PART):
        files: dict[str, Callable[[int], bytes]] = {}
        kept, absent = [], 0
        for post in posts[start : start + POSTS_OF_PART]:
            shown = []
            for medium in post.media:
                file = file_of(post, medium)
                if file is not None and bundle.has(file):
                    files[medium.url] = partial(_read, bundle, file)
                elif medium.url.startswith(LOCAL):
                    absent += 1
                    continue
                shown.append(medium)
            kept.append(replace(post, media=tuple(shown)))
        number = f"#{start + 1}" if len(posts) > POSTS_OF_PART else ""
        yield Part(
            source=f"{source}{number}",
            posts=tuple(kept),
            files=files,
            unreadable=unreadable if start == 0 else 0,
            absent=absent,
        )


def _read(bundle: Bundle, name: str, limit_bytes: int) -> bytes:
    return bundle.read(name, limit_bytes=limit_bytes)
