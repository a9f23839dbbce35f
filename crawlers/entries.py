"""Feeds of every dialect as plain entries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from crawlers.markup import Fragment
from footprint.digests import digest
from footprint.posts import ObservedMedia


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One entry. `guid` is the publisher's own id of it, else its link, else a digest of what it says.

    `published` and `updated` are None where the entry does not tell them: neither stands in for the other. `authors` is empty
    where the entry names nobody.
    """

    guid: str
    link: str | None
    title: str
    content: Fragment
    html: str
    media: tuple[ObservedMedia, ...]
    authors: tuple[str, ...]
    language: str | None
    published: datetime | None
    updated: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed. `is_well_formed` is false where the document was broken, so that entries may have been lost."""

    entries: tuple[Entry, ...]
    updated: datetime | None
    next_url: str | None
    is_well_formed: bool = True
    unreadable: int = 0


def distinct_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """
    Entries with one id each. Broken feeds give several entries the same: then the link tells them apart, or what they say.
    """
    entries = tuple(entries)
    uses = Counter(entry.guid for entry in entries)
    named = (
        entry if entry.guid and uses[entry.guid] == 1 else replace(entry, guid=_own_id(entry)) for entry in entries
    )
    return tuple({entry.guid: entry for entry in reversed(tuple(named))}.values())[::-1]


def _own_id(entry: Entry) -> str:
    return f"{entry.guid} {entry.link}" if entry.link else digest(entry.guid, entry.title, entry.content.text)
