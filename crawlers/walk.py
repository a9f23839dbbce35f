"""Which pages of an account a crawl still has to read, and what the next crawl has to know."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from crawlers.platform import PageRequest, Progress
from crawlers.sites import Site, read_sites
from crawlers.values import host_of
from footprint.accounts import Account
from footprint.ports import Reader
from footprint.posts import Cursor
from footprint.settings import Crawl

TRIES = 3
"""In how many crawls on end a page may fail before it no longer holds up the cursor."""

NAMED = "named by a person"
"""Role of a page that is read by itself, whatever the platform would make of it on the way."""


class Walk:
    """
    One crawl's way through the pages of an account.

    A cursor holds the platform's `state` as of the last crawl that read everything, and, where a crawl had to stop early, the pages that it
    `owed` and the state that is `pending` until they are read. The next crawl then reads those first; new posts are the turn after. `failures`
    counts, by address, in how many crawls on end a page failed.
    """

    def __init__(self, cursor: str | None, *, reread_from: datetime, max_pages: int, site: Site | None = None) -> None:
        saved: dict[str, Any] = json.loads(cursor) if cursor else {}
        self.progress = Progress(state=saved.get("state", {}), reread_from=reread_from, site=site or Site())
        self.owed = tuple(PageRequest(**page) for page in saved.get("owed", ()))
        self._pending: dict[str, Any] = dict(saved.get("pending", {}))
        self._failures: dict[str, int] = dict(saved.get("failures", {}))
        self.is_single = False
        self.sought = ""
        self._room = max_pages
        self._met: set[str] = set()
        self._open: dict[str, PageRequest] = {}
        self._left: list[PageRequest] = []
        self._failed: list[PageRequest] = []

    @property
    def is_over(self) -> bool:
        """Whether every page that was taken has been answered."""
        return not self._open

    @property
    def is_cut_short(self) -> bool:
        """Whether there were more pages than one crawl may read."""
        return bool(self._left)

    def take(self, pages: Iterable[PageRequest]) -> tuple[PageRequest, ...]:
        """Those of the pages that are to be read now: each address once, and no more than there is room for."""
        taken = []
        for page in pages:
            if page.url in self._met:
                continue
            self._met.add(page.url)
            if self._room == 0:
                self._left.append(page)
                continue
            self._room -= 1
            self._open[page.url] = page
            taken.append(page)
        return tuple(taken)

    @property
    def left(self) -> tuple[PageRequest, ...]:
        """The pages for which there was no room."""
        return tuple(self._left)

    def take_room(self, wanted: int) -> int:
        """Take room for fetches that are no pages of the walk. Returns for how many there is."""
        granted = min(wanted, self._room)
        self._room -= granted
        return granted

    def read(self, page: PageRequest, state: Mapping[str, Any]) -> None:
        """A page has been answered for good; `state` is what it adds to the cursor."""
        del self._open[page.url]
        self._pending.update(state)

    def failed(self, page: PageRequest) -> None:
        """A page could not be read this time, and may be the next."""
        self._failed.append(self._open.pop(page.url))

    def cursor(self) -> str:
        """
        The cursor to keep once everything that was read is durable.

        Where pages are left over, they are owed, with those that failed. Where pages only failed, the next crawl starts from the old
        state, so that it sees new posts too; but a page that was owed already, or failed in `TRIES` crawls on end, is given up, lest it
        hold up all others forever. That it failed is in the ledger, each time.
        """
        left = [*self._open.values(), *self._left]
        if left:
            owed = [_fields(page) for page in (*self._failed, *left)]
            return json.dumps({"state": dict(self.progress.state), "pending": self._pending, "owed": owed})
        failures = {page.url: self._failures.get(page.url, 0) + 1 for page in self._failed}
        if not self.owed and any(count < TRIES for count in failures.values()):
            return json.dumps({"state": dict(self.progress.state), "failures": failures})
        return json.dumps({"state": {**self.progress.state, **self._pending}})


def resume(record: Reader, account: Account, *, crawl: Crawl, at: datetime) -> Walk:
    """The walk that goes on where the record's cursor stands. Raises BadConfiguration for a `boards_file` that cannot be read."""
    cursor = record.get(Cursor, account.id)
    return Walk(
        cursor.state if cursor else None,
        reread_from=at - timedelta(days=crawl.reread_days),
        max_pages=crawl.max_pages,
        site=read_sites(crawl.boards_file).get(host_of(account.address)),
    )


def single(url: str, *, at: datetime, sought: str = "") -> Walk:
    """The walk to one page that a person named: nothing follows from it, and no cursor moves. `sought` is words to look for in place of posts."""
    walk = Walk(None, reread_from=at, max_pages=1)
    walk.owed = (PageRequest(url=url, role=NAMED),)
    walk.is_single = True
    walk.sought = sought
    return walk


def _fields(page: PageRequest) -> dict[str, Any]:
    return {**asdict(page), "headers": dict(page.headers), "context": dict(page.context)}
