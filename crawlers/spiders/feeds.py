"""
Feeds: RSS, RDF, Atom and JSON Feed, of blogs, newsrooms, podcasts and channels.

The address of an account is that of the feed. Older entries are read along RFC 5005 links, JSON Feed's `next_url` and WordPress' pages.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import decoded, json_of, readable, require_found
from crawlers.byline import byline, names_holder
from crawlers.entries import Entry, Feed
from crawlers.json_feed import read_json_feed
from crawlers.markup import titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import LAST_TIME, LONGEST_ID, time_of, url_of
from crawlers.xml_feed import read_xml_feed
from footprint.accounts import Account
from footprint.digests import digest
from footprint.errors import BadInput, SourceError
from footprint.posts import ObservedPost

MANIFEST = Manifest(
    name="feeds",
    title="RSS, Atom or JSON Feed",
    reads="the entries of one public feed, or one author's entries of it",
    authority="feed published for automatic reading",
    terms_url="https://www.rssboard.org/rss-specification",
    terms_reviewed_on=date(2026, 11, 20),
    requests_per_minute=20,
)

PASSWORD_FORM = "post-password-form"


def native_id(address: str) -> str:
    """The feed's own address."""
    url = url_of(address)
    if url is None or urlsplit(url).fragment:
        raise BadInput(f"'{address}' is no address of a feed. One looks like https://city.example/news/feed.xml.")
    return url


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    told = {"If-None-Match": progress.state.get("etag"), "If-Modified-Since": progress.state.get("last_modified")}
    headers = {name: value for name, value in told.items() if isinstance(value, str)}
    return (PageRequest(url=account.native_id, headers=headers),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    is_first = "before" not in page.request.context
    if page.status == 304:
        return Reading()
    if page.request.role == "older" and page.status == 404:
        return Reading()  # WordPress says in this way that there are no older pages
    require_found(page)
    if page.request.role == "look-up":
        return Reading()
    feed = _feed(page.body, page.url, page.headers.get("content-type", ""))
    answered_at = time_of(page.headers.get("last-modified")) or time_of(page.headers.get("date"))
    posts, unreadable = _posts(feed, page.url, of=account.native_id, answered_at=answered_at)
    newest = max((post.created_at for post in posts), default=None)
    state = {**_validators(page), **({"newest": newest.isoformat()} if newest else {})}
    return Reading(
        posts=tuple(posts),
        next=_older(feed, posts, page, progress),
        state=state if is_first else {},
        covers=_span(feed, posts, page),
        unreadable=unreadable,
    )


def parse_posts(
    body: bytes, *, url: str, of: str = "", content_type: str = "", answered_at: datetime | None = None
) -> list[ObservedPost]:
    """
    The posts of one page of a feed. `url` is where it came from, `of` the address of the feed where that is another one.

    An entry that tells no time of publication takes the time of its update, else the feed's own, else `answered_at`, and its `visibility`
    says so; without any it counts as broken.
    """
    return _posts(_feed(body, url, content_type), url, of=of or url, answered_at=answered_at)[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return names_holder(post, account)


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=permalink, role="look-up")


class FeedsSpider(AccountSpider):
    """Reads one feed."""

    name = "feeds"


def _feed(body: bytes, url: str, content_type: str) -> Feed:
    text = decoded(body, content_type)
    return (
        read_json_feed(json_of(text.encode(), url), url) if text.lstrip().startswith("{") else read_xml_feed(text, url)
    )


def _posts(feed: Feed, url: str, *, of: str, answered_at: datetime | None) -> tuple[list[ObservedPost], int]:
    posts, broken = readable(feed.entries, lambda entry: _post(entry, url, of=of, fallback=feed.updated or answered_at))
    return posts, broken + feed.unreadable


def _post(entry: Entry, url: str, *, of: str, fallback: datetime | None) -> ObservedPost | None:
    if PASSWORD_FORM in entry.html:
        return None  # WordPress lists posts that it shows for a password only
    created_at = entry.published or entry.updated or fallback
    if created_at is None:
        raise SourceError(f"{url} shows an entry without a time.")
    told = "" if entry.published or entry.updated else "; the entry itself tells no time"
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{of}#{entry.guid}" if len(entry.guid) <= LONGEST_ID else f"{of}#{digest(entry.guid)}",
        author=byline(entry.authors),
        permalink=entry.link or f"{of}#{quote(entry.guid, safe='')}",
        text=titled(entry.title, entry.content.text),
        html=entry.html,
        language=entry.language,
        created_at=created_at,
        edited_at=entry.updated if entry.published and entry.updated and entry.updated > entry.published else None,
        visibility=f"listed in a public feed{told}",
        media=entry.media,
        links=entry.content.links,
    )


def _older(feed: Feed, posts: Sequence[ObservedPost], page: Page, progress: Progress) -> tuple[PageRequest, ...]:
    """The page of older entries, while there is one that may say something new."""
    guids = [entry.guid for entry in feed.entries]
    if feed.next_url is None or not posts or guids == page.request.context.get("guids"):
        return ()
    last = time_of(progress.state.get("newest"))
    newest, oldest = max(post.created_at for post in posts), min(post.created_at for post in posts)
    if last is not None and newest <= last and newest < progress.reread_from:
        return ()
    return (PageRequest(url=feed.next_url, role="older", context={"before": oldest.isoformat(), "guids": guids}),)


def _span(feed: Feed, posts: Sequence[ObservedPost], page: Page) -> tuple[datetime, datetime] | None:
    """What a page promises to list in full: that can be said of whole documents in order of time only."""
    times = [entry.published for entry in feed.entries]
    dated = [at for at in times if at is not None]
    if not posts or len(dated) < len(times) or dated != sorted(dated, reverse=True) or not feed.is_well_formed:
        return None
    return dated[-1], time_of(page.request.context.get("before")) or LAST_TIME


def _validators(page: Page) -> Mapping[str, Any]:
    """What the next crawl asks with, to be told that nothing changed."""
    return {"etag": page.headers.get("etag"), "last_modified": page.headers.get("last-modified")}
