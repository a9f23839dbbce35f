"""How boards that show their pages to people only differ from each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, cast

from crawlers.platform import Manifest
from crawlers.sites import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """
    How a sort of board writes its addresses and its pages.

    Addresses: `place` matches a path and has the folder of the board as its group 1; `member` and `thread` have the member and the topic as
    group 1 of a link to them. `known_by` says whether a member is told apart by the number or the name in that link, or by no more than the
    name that the page shows. `permalink` is a post's address below the folder, "" for that of its own link. `later_page` is in the address
    of any page of a thread but its first.

    Pages, as selectors of `crawlers.selectors`: `posts`, and inside of one `author time body edited foreign attached link ordinal`, of which
    `ordinal` is its place in the thread; anywhere `title`, the number of the `current` page, and the link to the `next`, only with one of
    `next_words` if there are any. `attributes` of a post hold its number. `entries` are those of a list, inside of one
    `entry_link entry_time`. Words around a time are cut off by `time_words edited_words entry_words`. `entry_number` has the number of a post
    as group 1 of an entry's link, None for a board whose lists never tell it; a link to a topic without it leads to the thread as a whole.
    """

    place: re.Pattern[str]
    member: re.Pattern[str]
    thread: re.Pattern[str]
    known_by: Literal["number", "link", "name"] = "number"
    permalink: str = ""
    later_page: re.Pattern[str]
    posts: str
    attributes: tuple[str, ...] = ("id",)
    author: str
    time: str
    time_words: re.Pattern[str] | None = None
    body: str
    edited: str
    edited_words: re.Pattern[str] | None = None
    foreign: str
    attached: str = ""
    link: str = ""
    ordinal: str = ""
    title: str
    current: str = '.pagination .active, [aria-current="page"]'
    next: str = 'a[rel~="next"], link[rel~="next"]'
    next_words: frozenset[str] = frozenset()
    entries: str
    entry_link: str
    entry_time: str
    entry_words: re.Pattern[str] | None = None
    entry_number: re.Pattern[str] | None

    def on(self, site: Site) -> "Board":
        """This sort of board, as the operator says that one site writes it."""
        return replace(self, **cast(Mapping[str, Any], site.markup))


def board_manifest(
    *, name: str, title: str, terms_url: str, terms_reviewed_on: date, requests_per_minute: int
) -> Manifest:
    """What an operator must know of a board that is read by the pages that it shows to guests."""
    return Manifest(
        name=name,
        title=title,
        reads="public topics and replies of one member, with edits",
        authority="pages that the board shows to guests, as far as robots.txt allows",
        terms_url=terms_url,
        terms_reviewed_on=terms_reviewed_on,
        requests_per_minute=requests_per_minute,
    )
