"""Lists of what a member of a board wrote: where their lines lead, and how they go on."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.claims import words_of
from crawlers.platform import PageRequest, Progress
from crawlers.selectors import find, gather
from crawlers.sheets import Sheet
from crawlers.values import host_of, time_of, url_of, without_fragment

REFRESH = re.compile(r"\s*\d+\s*[;,]\s*(?:url\s*=)?\s*['\"]?([^'\"]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list: where it leads, the number of the post, "" for one that leads to a thread as a whole, and the time."""

    url: str
    number: str
    at: datetime | None


def entries_of(sheet: Sheet) -> list[Entry]:
    """The lines of a list that lead to somewhere on the board, each place once."""
    board = sheet.board
    found: dict[str, Entry] = {}
    parts = {"link": board.entry_link} | ({"time": board.entry_time} if board.entry_time else {})
    for item in gather(sheet.tree, board.entries, parts):
        url = sheet.link(item.first("link"))
        number = board.entry_number.search(url) if url and board.entry_number else None
        if url is None or host_of(url) != host_of(sheet.url):
            continue
        if board.entry_number and not number and not board.thread.search(url):
            continue
        # From the last on: the title, which stands first, may name a day.
        told = sheet.time(item.parts.get("time", [])[::-1], board.entry_words)
        entry = Entry(url=without_fragment(url), number=number[1] if number else "", at=told.at if told else None)
        found.setdefault(entry.url, entry)
    return list(found.values())


def needs_reading(at: datetime, progress: Progress) -> bool:
    """Whether something of this time is new, or young enough to be edited."""
    newest = time_of(progress.state.get("newest"))
    return newest is None or at > newest or at >= progress.reread_from


def next_of(sheet: Sheet, role: str, **context: Any) -> tuple[PageRequest, ...]:
    """The page that follows, of a list or of a thread."""
    words = sheet.board.next_words
    found = (link for link in find(sheet.tree, sheet.board.next) if not words or words_of(link) in words)
    links = filter(None, map(sheet.link, found))
    following = next((without_fragment(link) for link in links if host_of(link) == host_of(sheet.url)), None)
    return (PageRequest(url=following, role=role, context=context),) if following else ()


def sent_to(sheet: Sheet) -> tuple[PageRequest, ...]:
    """Where a page sends browsers on: some boards answer a search so, and show what they found under another address."""
    for meta in sheet.tree.iter("meta"):
        found = REFRESH.match(meta.get("content", "")) if meta.get("http-equiv", "").lower() == "refresh" else None
        url = url_of(found[1], sheet.url) if found else None
        if url and host_of(url) == host_of(sheet.url):
            return (PageRequest(url=url, role="list", context={"was_sent": True}),)
    return ()
