"""What a platform module offers. All of it is pure; the Spider that fetches is `crawlers.account_spider.AccountSpider`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from crawlers.sites import Site
from footprint.accounts import Account
from footprint.posts import ObservedPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """
    What an operator must know before switching a platform on.

    `authority` says by which right it reads ("unauthenticated public API"), `terms_reviewed_on` when a person last read the
    terms at `terms_url`, `token` whether an official API token is sent: "none", "optional" or "required"; `token_place` where it goes: a
    header, or a parameter of the address, such as `?api_key`; `token_path` below which path, where the host serves other things, too.
    `api_hosts` are the platform's own, where they are others than the account's; `media_hosts` the domains from which its API serves the
    media that it names. Where the operator's token is sent, the API's terms govern both in place of robots.txt
    (docs/adr/0006-api-terms-in-place-of-robots.md). `usd_per_post` is what the platform charges for each post read. `needs_approval` says
    that the terms ask for the platform's written approval of this use, which must be on file. Accounts whose native id begins with `export_only`
    may be registered and are read from their holder's export alone.
    """

    name: str
    title: str
    reads: str
    authority: str
    terms_url: str
    terms_reviewed_on: date
    token: str = "none"
    token_place: str = "Authorization"
    token_path: str = "/"
    requests_per_minute: int
    api_hosts: tuple[str, ...] = ()
    media_hosts: tuple[str, ...] = ()
    needs_approval: bool = False
    usd_per_post: float = 0.0
    export_only: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """
    One page to fetch, and what it is for: `role` is the platform's own word, `context` what it wants back with the answer. `body` is JSON
    text to send by POST, for APIs that are asked in this way; the address then bears a fragment of its own, so that no two pages share one.

    `context` holds JSON values only: a page that a crawl did not get to waits in the cursor for the next one.
    """

    url: str
    role: str = "posts"
    headers: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response: the request it answers, the address it came from after redirects, lower-case header names, decoded bytes."""

    request: PageRequest
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    How far an account has been read. `state` is the platform's own JSON-able cursor, {} at first; posts created before
    `reread_from` need not be read again once they were. `site` is what the operator told of the board.
    """

    state: Mapping[str, Any]
    reread_from: datetime
    site: Site = field(default_factory=Site)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    What a page says: the posts on it (own and others', as shown), the pages to read next, and what to merge into the cursor's state
    when the whole crawl is durable. `covers` is the half-open span (oldest, newest] of creation times in which this page lists every
    post that still exists, None where it cannot promise that: known posts inside of it that it lacks are looked up one by one,
    but for those that `lists` names: native ids of posts that the page shows to exist without showing them in full. `missing` names
    posts to look up whatever `covers` says. `unreadable` counts items that were broken and left out, for the coverage entry.
    """

    posts: tuple[ObservedPost, ...] = ()
    next: tuple[PageRequest, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    covers: tuple[datetime, datetime] | None = None
    lists: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unreadable: int = 0


class Platform(Protocol):
    """The functions of a module in `crawlers/spiders`. `read` raises SourceError for a page that is not what was asked for."""

    MANIFEST: Manifest

    def native_id(self, address: str) -> str:
        """How the platform tells this account apart. Raises BadInput with an example where the address is none of it."""

    def start(self, account: Account, progress: Progress) -> tuple[PageRequest, ...]: ...

    def read(self, page: Page, account: Account, progress: Progress) -> Reading: ...

    def is_author(self, post: ObservedPost, account: Account) -> bool:
        """Whether the registered holder published this post. Reposts of others and comments by others are not theirs."""

    def look_up(self, native_id: str, permalink: str, account: Account) -> PageRequest:
        """
        The request for this one post. `read` raises SourceGone for its answer exactly where the post is gone, whatever the status: some
        servers say so with 404 and mean any address that they do not know, others with HTTP 200.
        """
