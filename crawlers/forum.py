"""
The one way to read a member of a board: the lists of what the member wrote, then the pages where it stands.

A list that tells of single posts leads to the page of each that is new or young; a list that tells of threads leads through all pages of
each thread that is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crawlers.answers import require_found
from crawlers.board_lists import Entry, entries_of, needs_reading, next_of, sent_to
from crawlers.boards import Board
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.profiles import Profiles
from crawlers.sheets import Sheet
from crawlers.sites import Site
from crawlers.values import FIRST_TIME, LAST_TIME, id_of, time_of, without_fragment
from footprint.accounts import Account
from footprint.errors import SourceGone
from footprint.posts import ObservedPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """
    The functions of a platform, for one sort of board.

    `profile` matches path and query of an account's address, with the board's `folder` and the member's `name`; `example` is such an address.
    `lists` are the addresses below the folder that list what the member wrote, `by_number` that of the page that shows one post and
    answers with another page where there is none; "" for the post's own address. `picks_page` says that such an address shows the page of
    the thread that the post is on now.
    """

    manifest: Manifest
    board: Board
    profile: re.Pattern[str]
    example: str
    lists: tuple[str, ...]
    by_number: str = ""
    picks_page: bool = True
    sheet: type[Sheet] = Sheet

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """What a platform's module offers: `native_id start read parse_posts is_author look_up`."""
        return self.native_id, self.start, self.read, self.parse_posts, self.is_author, self.look_up

    def native_id(self, address: str) -> str:
        """`member@host`, the host with its port and the board's folder where it has them."""
        return self.profiles.native_id(address)

    def start(self, account: Account, progress: Progress) -> tuple[PageRequest, ...]:
        base, member = self.home(account.address)
        return tuple(PageRequest(url=base + path.format(member=quote(member)), role="list") for path in self.lists)

    def read(self, page: Page, account: Account, progress: Progress) -> Reading:
        shown = progress.state.get(_shown_on(page))
        if page.request.role == "thread" and page.status in (404, 410) and isinstance(shown, list):
            return Reading(missing=tuple(map(id_of, shown)))
        require_found(page)
        sheet = self.sheet_of(page, progress.site)
        match page.request.role:
            case "list":
                return self.read_list(sheet, page, account, progress)
            case "thread":
                return self.read_thread(sheet, page, account, progress)
            case _:
                if self.picks_page or not _is_part(sheet):
                    require_shown(sheet, id_of(page.request.context.get("number")))
                return Reading()

    def parse_posts(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        answered_at: datetime | None = None,
        site: Site | None = None,
    ) -> list[ObservedPost]:
        """
        The posts of a page of a thread, everybody's; none on other pages. `url` is where it came from, `answered_at` when.

        Raises NotPublic for a page that asks to sign in, SourceGone for one that says in words that there is no such thread, SourceError
        where there are posts and none of them can be read.
        """
        sheet = self.sheet.of(
            body,
            platform=self.manifest.name,
            board=self.board,
            url=url,
            content_type=content_type,
            site=site,
            seen_at=answered_at,
        )
        return sheet.posts()[0]

    def is_author(self, post: ObservedPost, account: Account) -> bool:
        member, _, forum = account.native_id.partition("@")
        if self.board.known_by == "number":
            return (post.author or "").endswith(f" ({member})@{forum}")
        return (post.author or "").casefold() == account.native_id.casefold()

    def look_up(self, native_id: str, permalink: str, account: Account) -> PageRequest:
        number = native_id.rpartition("/")[2]
        url = without_fragment(permalink)
        if self.by_number:
            url = self.home(account.address)[0] + self.by_number.format(number=quote(number, safe=""))
        return PageRequest(url=url, role="look-up", context={"number": number})

    @property
    def profiles(self) -> Profiles:
        """The addresses of its members."""
        return Profiles(what=f"profile on a {self.manifest.title}", example=self.example, path=self.profile)

    def home(self, address: str) -> tuple[str, str]:
        """Where the board's addresses begin, and the member."""
        return self.profiles.as_typed(address)

    def sheet_of(self, page: Page, site: Site) -> Sheet:
        """A page of the board, to be read."""
        return self.sheet.of(
            page.body,
            platform=self.manifest.name,
            board=self.board,
            url=page.url,
            content_type=page.headers.get("content-type", ""),
            site=site,
            seen_at=time_of(page.headers.get("date")),
        )

    def read_thread(self, sheet: Sheet, page: Page, account: Account, progress: Progress) -> Reading:
        """The posts of one page. Own ones that stood on it before and do not any more are looked up."""
        posts, unreadable = sheet.posts()
        own = [post.native_id for post in posts if self.is_author(post, account)]
        before = progress.state.get(_shown_on(page))
        known = set(map(id_of, before)) if isinstance(before, list) else set()
        is_whole = sheet.board.entry_number is None or page.request.context.get("whole") is True
        return Reading(
            posts=tuple(posts),
            next=next_of(sheet, "thread", whole=True) if is_whole else (),
            state={_shown_on(page): own} if is_whole and (own or known) else {},
            missing=tuple(sorted(known - {*own})),
            unreadable=unreadable,
        )

    def read_list(self, sheet: Sheet, page: Page, account: Account, progress: Progress) -> Reading:
        """Ask for the pages of the posts that need reading, and for the next page of the list while it may tell of some."""
        entries = entries_of(sheet)
        context = page.request.context
        if not entries:
            sent = () if context.get("was_sent") else sent_to(sheet)
            if not sent:
                sheet.require_something()
            # All that was known may be gone: each is looked up by itself.
            is_empty = not sent and "urls" not in context
            return Reading(next=sent, covers=(FIRST_TIME, LAST_TIME) if is_empty else None)
        due = [entry for entry in entries if entry.at is None or needs_reading(entry.at, progress)]
        times = [entry.at for entry in entries if entry.at is not None]
        before = time_of(context.get("before"))
        urls = [entry.url for entry in entries]
        repeats = urls == context.get("urls")
        down_to = {"before": min(times).isoformat()} if times else {}
        more = () if repeats else next_of(sheet, "list", urls=urls, **down_to)
        is_first = "urls" not in context
        return Reading(
            next=tuple(_page_of(entry) for entry in due) + (more if due else ()),
            state={"newest": max(times).isoformat()} if times and is_first else {},
            covers=_covered(entries, before, progress, is_first=is_first, is_last=not more),
            lists=tuple(f"{sheet.forum}/{entry.number}" for entry in entries if entry.number),
        )


def require_shown(sheet: Sheet, number: str) -> None:
    """Raise SourceGone where a page that was asked for one post shows others and not that one."""
    posts, _ = sheet.posts()
    numbers = {post.native_id.rpartition("/")[2] for post in posts} | {*map(sheet.number, sheet.items)}
    if posts and number and number not in numbers:
        raise SourceGone(f"{sheet.url} shows no post {number}.")


def _page_of(entry: Entry) -> PageRequest:
    """The page that a line of a list leads to: that of one post, or the first of a whole thread."""
    return PageRequest(url=entry.url, role="thread", context={} if entry.number else {"whole": True})


def _covered(
    entries: list[Entry], before: datetime | None, progress: Progress, *, is_first: bool, is_last: bool
) -> tuple[datetime, datetime] | None:
    """
    The span of time in which a list tells of every post.

    Where it leads to threads, their posts are met on pages of their own: of young ones, those that were not met are looked up.
    """
    if not all(entry.number for entry in entries):
        return (progress.reread_from, LAST_TIME) if is_first else None
    times = [entry.at for entry in entries if entry.at is not None]
    if not is_last and not times:
        return None
    return FIRST_TIME if is_last else min(times), before or LAST_TIME


def _is_part(sheet: Sheet) -> bool:
    """Whether the thread has more pages than this one."""
    return bool(sheet.is_later or next_of(sheet, "thread"))


def _shown_on(page: Page) -> str:
    """The name in the cursor's state of what a page of a thread showed."""
    return f"shown {page.request.url}"
