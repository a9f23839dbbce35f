"""
Forums of any other make, by what their pages say to machines, by common markup, and by what the operator tells in the boards file.

The address of an account is any page that leads to the member's posts: a list of them, a list of threads, a thread itself. The registration
names the author as the pages do. How to describe a board is in docs/boards.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import readable
from crawlers.board_lists import entries_of
from crawlers.boards import Board
from crawlers.claims import discussion, named, said, shown
from crawlers.forum import Forum
from crawlers.local_times import read_time
from crawlers.markup import read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.selectors import Item, find_all
from crawlers.sheets import GUESTS, Sheet
from crawlers.values import distinct, host_of, url_of, without_fragment
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, SourceError, SourceGone
from footprint.posts import ObservedPost, PostKind

MANIFEST = Manifest(
    name="forum",
    title="Forum",
    reads="public topics and replies of one author, with edits",
    authority="pages that the forum shows to guests, as far as robots.txt allows",
    terms_url="https://schema.org/DiscussionForumPosting",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=20,
)

# schema.org in microdata, then microformats, then what boards commonly write.
BOARD = Board(
    place=re.compile(r"()"),
    member=re.compile(r"^()"),
    thread=re.compile(r"^https?://[^/]+/([^?#]+)"),
    known_by="name",
    later_page=re.compile(r"[?&](?:page|start|offset)=(?:[2-9]|1\d)|/page[/-]?(?:[2-9]|1\d)"),
    posts='[itemtype$="/DiscussionForumPosting"], [itemtype$="/Comment"], [itemtype$="/Answer"], [itemtype$="/Question"], .h-entry, .hentry,'
    " article.post, div.post, li.post, div.comment, li.comment, article.message, div.message",
    attributes=("id", "data-id", "data-post-id"),
    author='[itemprop="author"] [itemprop="name"], [itemprop="author"], .p-author, .author, .username, .user-name, a[rel~="author"]',
    time='[itemprop="datePublished"], [itemprop="dateCreated"], .dt-published, .published, time, .date, .post-date',
    body='[itemprop="text"], [itemprop="articleBody"], .e-content, .entry-content, .post-content, .post-body, .content, .message-body',
    edited='[itemprop="dateModified"], .dt-updated, .updated, .edited, .edit-info',
    edited_words=re.compile(r"(?:\bon|:) (.+?)(?: by\b.*|,? edited.*)?$", re.DOTALL),
    foreign="blockquote, .quote, .h-cite, .signature",
    attached=".attachments, .attachment",
    link='[itemprop="url"], .u-url, .permalink, a[rel~="bookmark"]',
    title='[itemprop="headline"], .p-name, h1',
    entries="tr, li, article, .topic, .thread",
    entry_link='.topic-title a, .thread-title a, a.topictitle, a.title, .title a, h2 a, h3 a, [itemprop="url"], a.u-url',
    entry_time="time",
    entry_number=None,
)

# Around what a page says of an author, and how many levels of elements may lie between that and a link inside of it.
PEOPLE = '[itemprop="author"], .p-author, .h-card, .author'
NEAR = 8

# What says on which page of a thread one is.
PAGING = re.compile(r"(?<=[?&])(?:page|start|offset)=\d+(?:&|$)|/page[/-]?\d+(?=/?$)")


@dataclass(frozen=True, kw_only=True)
class OpenSheet(Sheet):
    """A page of a forum that is known only by what it says itself."""

    @cached_property
    def people(self) -> frozenset[Any]:
        """The elements around what the page says of authors."""
        return frozenset(find_all(self.tree, PEOPLE))

    def own_link(self, item: Item) -> str | None:
        """The address of a post; what stands around its author's name is that of the author."""
        links = item.parts.get("link", ())
        return next((self.link(e) for e in links if self.people.isdisjoint(islice(e.iterancestors(), NEAR))), None)

    def number(self, item: Item) -> str:
        """A post's own address, else its place in the thread; below the host."""
        link = self.own_link(item)
        if link and host_of(link) == host_of(self.url):
            return _below_host(link)
        names = (item.element.get(name, "") for name in self.board.attributes)
        place = next(filter(None, names), "")
        return f"{_below_host(PAGING.sub('', without_fragment(self.canonical)).rstrip('?&'))}#{place}" if place else ""

    def posts(self) -> tuple[list[ObservedPost], int]:
        """The posts in the markup, else those that the page tells machines as JSON-LD."""
        linked = list(discussion(self.tree))
        try:
            posts, unreadable = super().posts()
        except (SourceGone, NotPublic):
            raise
        except SourceError:
            if not linked:
                raise
            posts, unreadable = [], 0
        return (posts, unreadable) if posts or not linked else readable(linked, self._told)

    def _told(self, told: tuple[Mapping[str, Any], Mapping[str, Any] | None]) -> ObservedPost:
        node, parent = told
        url = self.link_of(node)
        at = read_time(said(node, "datePublished", "dateCreated"), site=self.site, seen_at=self.seen_at)
        if url is None or at is None:
            raise SourceError(f"{self.url} tells of a post without address or time.")
        edited = read_time(said(node, "dateModified"), site=self.site, seen_at=self.seen_at)
        above = self.link_of(parent) if parent else None
        content = read_html(said(node, "text", "articleBody"), self.url, skip=_is_quote)
        return ObservedPost(
            platform=self.platform,
            native_id=f"{self.forum}/{_below_host(url)}",
            author=named(node, "author") or None,
            kind=PostKind.REPLY if parent else PostKind.TOPIC,
            parent_id=f"{self.forum}/{_below_host(above)}" if above else None,
            permalink=url,
            text=content.text if parent else titled(said(node, "headline", "name"), content.text),
            created_at=at.at,
            edited_at=edited.at if edited and edited.at > at.at else None,
            visibility=GUESTS + ("; the time has no zone and was read as UTC" if at.is_assumed else ""),
            media=distinct((*content.media, *shown(node, self.url))),
            links=content.links,
        )

    def link_of(self, node: Mapping[str, Any]) -> str | None:
        """The address that a node gives itself, on the forum's own host."""
        url = url_of(said(node, "url", "@id"), self.url)
        return url if url and host_of(url) == host_of(self.url) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForum(Forum):
    """A forum whose addresses say nothing of members: everything on its host may belong to it, and a post is its author's by name."""

    def native_id(self, address: str) -> str:
        """The address itself."""
        return self.home(address)[0]

    def start(self, account: Account, progress: Progress) -> tuple[PageRequest, ...]:
        return (PageRequest(url=account.native_id, role="list"),)

    def is_author(self, post: ObservedPost, account: Account) -> bool:
        name = (account.author or "").strip().casefold()
        return bool(name) and (post.author or "").casefold() == name

    def read_list(self, sheet: Sheet, page: Page, account: Account, progress: Progress) -> Reading:
        """A page that shows posts is read as a thread, whatever it leads to. Raises SourceError where the registration names no author."""
        if account.author is None:
            raise SourceError(
                f"{page.url} shows posts of many. Mend: register the account with the author's name as the pages show it."
            )
        try:
            posts, _ = sheet.posts()
        except SourceError:
            if not entries_of(sheet):
                raise
            posts = []
        reader = Forum.read_thread if posts else Forum.read_list
        return reader(self, sheet, page, account, progress)

    def home(self, address: str) -> tuple[str, str]:
        """The address without its fragment; it names no member."""
        url = url_of(address)
        if url is None:
            raise BadInput(f"'{address}' is no address of a forum. One looks like {self.example}.")
        parts = urlsplit(without_fragment(url))
        query = f"?{parts.query}" if parts.query else ""
        return f"{parts.scheme}://{host_of(url)}{parts.path or '/'}{query}", ""


FORUM = OpenForum(
    manifest=MANIFEST,
    board=BOARD,
    profile=re.compile(r"(?P<folder>)(?P<name>)"),
    example="https://forum.example/latest",
    lists=(),
    picks_page=False,
    sheet=OpenSheet,
)

native_id, start, read, parse_posts, is_author, look_up = FORUM.functions()


class ForumSpider(AccountSpider):
    """Reads one author on a forum."""

    name = "forum"


def _below_host(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(("", "", parts.path.lstrip("/"), parts.query, parts.fragment))


def _is_quote(element: Any) -> bool:
    return bool(element.tag == "blockquote")
