"""How a feed is walked: asked for politely, page by page into the past, and never twice for the same."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress
from crawlers.platforms import platform_of
from crawlers.spiders import feeds
from crawlers.values import LAST_TIME
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError, SourceGone

PLATFORM = platform_of("feeds")
FEED = "https://blog.example/feed.xml"
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
NEVER = Progress(state={}, reread_from=JUNE)

Answer = Callable[..., Page]


@pytest.fixture
def account(account_at: Callable[[Platform, str], Account]) -> Account:
    """A blog."""
    return account_at(PLATFORM, FEED)


def at(day: int) -> datetime:
    return datetime(2026, 5, day, 12, tzinfo=UTC)


def item(day: int, **fields: str) -> str:
    more = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<item><guid isPermaLink='false'>{day}</guid><title>Day {day}</title><pubDate>{format_datetime(at(day))}</pubDate>{more}</item>"


def rss(*items: str, head: str = "") -> str:
    return (
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{head}{"".join(items)}</channel></rss>'
    )


def link(relation: str, address: str) -> str:
    return f'<atom:link rel="{relation}" href="{address}"/>'


def first(account: Account) -> PageRequest:
    (request,) = feeds.start(account, NEVER)
    return request


def test_an_address_with_a_fragment_is_no_feed() -> None:
    """What stands behind a # never reaches the server, so two such addresses would be one feed."""
    with pytest.raises(BadInput):
        feeds.native_id(f"{FEED}#top")


def test_the_next_crawl_asks_whether_anything_changed(account: Account, answer: Answer) -> None:
    """What the server said to tell versions by is sent back to it."""
    told = {"etag": 'W/"7"', "last_modified": "Fri, 01 May 2026 00:00:00 GMT"}
    reading = feeds.read(answer(first(account), rss(item(3)), **told), account, NEVER)
    (request,) = feeds.start(account, Progress(state=reading.state, reread_from=JUNE))
    assert request.headers == {"If-None-Match": 'W/"7"', "If-Modified-Since": "Fri, 01 May 2026 00:00:00 GMT"}


def test_the_first_crawl_sends_no_conditions(account: Account) -> None:
    """Nothing is known yet, so nothing is asked about."""
    assert first(account).headers == {}


def test_an_unchanged_feed_says_nothing(account: Account, answer: Answer) -> None:
    """A 304 shows no posts and covers none: nobody is looked up for being absent from it."""
    reading = feeds.read(answer(first(account), status=304), account, NEVER)
    assert (reading.posts, reading.next, reading.covers, reading.state) == ((), (), None, {})


def test_a_feed_that_is_gone_is_gone(account: Account, answer: Answer) -> None:
    """A 404 or 410 for the feed itself is not an empty feed."""
    with pytest.raises(SourceGone):
        feeds.read(answer(first(account), status=410), account, NEVER)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (link("next", "/feed.xml?page=2"), "https://blog.example/feed.xml?page=2"),
        (link("prev-archive", "archive/1.xml"), "https://blog.example/archive/1.xml"),
        ("<generator>https://wordpress.org/?v=6.1</generator>", "https://blog.example/feed.xml?paged=2"),
        (link("next", "https://evil.example/feed.xml?page=2"), None),
        ("", None),
    ],
)
def test_older_entries_are_read_where_the_feed_leads_to_them(
    account: Account, answer: Answer, head: str, expected: str | None
) -> None:
    """RFC 5005 links and WordPress' own pages are followed, on the feed's own host only."""
    reading = feeds.read(answer(first(account), rss(item(9), head=head)), account, NEVER)
    assert [request.url for request in reading.next] == ([expected] if expected else [])


def test_json_feeds_lead_to_older_entries_too(account: Account, answer: Answer) -> None:
    """`next_url` is followed."""
    entry = {"id": "1", "content_text": "x", "date_published": "2026-05-03T00:00:00Z"}
    body = {"version": "https://jsonfeed.org/version/1.1", "items": [entry], "next_url": "https://blog.example/2.json"}
    reading = feeds.read(answer(first(account), json.dumps(body)), account, NEVER)
    assert [request.url for request in reading.next] == ["https://blog.example/2.json"]


def test_wordpress_pages_are_counted_on(account: Account, answer: Answer) -> None:
    """From the second page the third follows, with the address of the feed kept in the posts' ids."""
    request = PageRequest(url=f"{FEED}?paged=2", role="older", context={"before": at(9).isoformat()})
    body = rss(item(8), head="<generator>https://wordpress.org/?v=6.1</generator>")
    reading = feeds.read(answer(request, body), account, NEVER)
    assert [request.url for request in reading.next] == [f"{FEED}?paged=3"]
    assert [post.native_id for post in reading.posts] == [f"{FEED}#8"]
    assert reading.state == {}


def test_past_the_last_wordpress_page_the_walk_ends(account: Account, answer: Answer) -> None:
    """A 404 for an older page means that there are no older pages, not that the feed is gone."""
    request = PageRequest(url=f"{FEED}?paged=9", role="older", context={"before": at(1).isoformat()})
    assert feeds.read(answer(request, "<html>", status=404), account, NEVER).next == ()


def test_a_feed_that_repeats_itself_ends_the_walk(account: Account, answer: Answer) -> None:
    """A server that ignores the page number would be asked forever."""
    body = rss(item(9), head=link("next", "/feed.xml?page=2"))
    (second,) = feeds.read(answer(first(account), body), account, NEVER).next
    assert feeds.read(answer(second, body), account, NEVER).next == ()


@pytest.mark.parametrize(
    ("newest", "reread_from", "goes_on"),
    [(9, at(20), False), (8, at(20), True), (9, at(5), True)],
)
def test_later_crawls_stop_at_what_is_old_and_known(
    account: Account, answer: Answer, newest: int, reread_from: datetime, goes_on: bool
) -> None:
    """Older pages are read only while there may be something new, or young enough to have been edited."""
    progress = Progress(state={"newest": at(newest).isoformat()}, reread_from=reread_from)
    body = rss(item(9), item(8), head=link("next", "/feed.xml?page=2"))
    assert bool(feeds.read(answer(first(account), body), account, progress).next) is goes_on


def test_a_feed_in_order_of_time_covers_its_span(account: Account, answer: Answer) -> None:
    """A known post younger than the oldest entry that is not listed has to be looked up; of older ones a feed says nothing."""
    assert feeds.read(answer(first(account), rss(item(9), item(4))), account, NEVER).covers == (at(4), LAST_TIME)


@pytest.mark.parametrize(
    "body",
    [
        rss(),
        rss(item(4), item(9)),  # a pinned entry first, or no order at all
        rss(item(9), item(4))[:-30],  # cut off
        rss(
            item(9),
            "<item><guid>x</guid><title>Undated</title></item>",
            head="<lastBuildDate>Fri, 01 May 2026 00:00:00 GMT</lastBuildDate>",
        ),
    ],
)
def test_a_feed_without_a_reliable_order_covers_nothing(account: Account, answer: Answer, body: str) -> None:
    """Absence from a document that is empty, unordered, cut off or undated says nothing about a post."""
    assert feeds.read(answer(first(account), body), account, NEVER).covers is None


def test_an_undated_entry_takes_the_time_of_the_answer(account: Account, answer: Answer) -> None:
    """Where neither entry nor feed tells a time, that of the answer stands in, and the post says so."""
    body = rss("<item><guid>https://blog.example/x</guid><title>Undated</title></item>")
    reading = feeds.read(answer(first(account), body, date="Tue, 05 May 2026 12:00:00 GMT"), account, NEVER)
    assert [post.created_at for post in reading.posts] == [at(5)]
    assert "tells no time" in reading.posts[0].visibility


def test_an_authors_entries_are_told_from_others(
    account: Account, as_author: Callable[[Account, str], Account]
) -> None:
    """On a shared feed only entries under exactly the holder's name are the holder's, alone or with others."""
    names = ["Dana Reed", "dana reed", "Dana Reed; Kim Lee", "Kim Lee; Dana Reed", "Lee, Dana Reed", "Dana", None]
    post = feeds.parse_posts(rss(item(1)).encode(), url=FEED)[0]
    holder = as_author(account, "Dana Reed")
    assert [feeds.is_author(replace(post, author=name), holder) for name in names] == [True] * 4 + [False] * 3
    assert all(feeds.is_author(replace(post, author=name), account) for name in names)


def test_a_name_without_end_is_cut(account: Account, answer: Answer) -> None:
    """A name of any length is read in no time: feedparser's search for a mail address in it would take minutes."""
    body = rss(item(1, author="a." * 200_000))
    (post,) = feeds.read(answer(first(account), body), account, NEVER).posts
    assert post.author == "a." * 500


def test_a_feed_with_entities_is_refused_with_the_reason(account: Account, answer: Answer) -> None:
    """The coverage entry says why nothing was read."""
    body = '<!DOCTYPE rss [<!ENTITY a "ha">]>' + rss("<item><title>&a;</title></item>")
    with pytest.raises(SourceError, match="entities"):
        feeds.read(answer(first(account), body), account, NEVER)


def test_a_post_is_looked_up_at_its_own_page(account: Account) -> None:
    """A feed forgets old entries, so only the post's page can say that it is gone."""
    assert feeds.look_up(f"{FEED}#1", "https://blog.example/1", account).url == "https://blog.example/1"
