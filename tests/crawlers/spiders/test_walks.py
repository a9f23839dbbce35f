"""Each platform on a live server, read by the real crawl: once, and again after a post was edited, one deleted and one added."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from crawlers.launch import CrawlResult, crawl
from crawlers.platforms import platform_of
from footprint.posts import MediaAsset, PostVersion, observed_post

NOW = datetime.now(UTC).replace(microsecond=0)

Server = Any


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Walked:
    """What two crawls made of a server: their results, and the paths that the second one asked for."""

    first: CrawlResult
    second: CrawlResult
    house: Any
    asked_again: list[str]

    def history(self) -> dict[str, list[str]]:
        """The first line of each version of each post, "gone" for a tombstone, in order of time."""
        lines: dict[str, list[str]] = {}
        for version in sorted(self.house.record.select(PostVersion), key=lambda version: version.observed_at):
            text = observed_post(self.house.blobs.get(version.body_sha256)).text if version.body_sha256 else "gone"
            lines.setdefault(version.post_id.rpartition("/")[2].rpartition("#")[2], []).append(text.partition("\n")[0])
        return lines


@pytest.fixture
def walk(sites: Callable[..., Server], houses: Callable[..., Any]) -> Callable[..., Walked]:
    """Crawls an account twice; `serve(site, is_later)` says what the server answers before each crawl."""

    def walk_twice(platform: str, path: str, serve: Callable[[Server, bool], None]) -> Walked:
        site = sites()
        address = site.origin + path
        native_id = platform_of(platform).native_id(address)
        house = houses(site, platform=platform, address=address, native_id=native_id, id=f"{platform}:{native_id}")
        serve(site, False)
        first = crawl(house.job(), timeout_s=90)
        asked = len(site.paths())
        serve(site, True)
        second = crawl(house.job(), timeout_s=90)
        return Walked(first, second, house, site.paths()[asked:])

    return walk_twice


def in_json(site: Server, value: Any, **headers: str) -> Any:
    return site.answer(json.dumps(value).encode(), headers={"Content-Type": "application/json"} | headers)


def test_mastodon(walk: Callable[..., Walked]) -> None:
    """Own public posts come in with their media over all pages; an edit, a deletion and a new post are seen the next time."""

    def status(site: Server, number: int, **fields: Any) -> dict[str, Any]:
        at, account = ago(20 - number).isoformat(), {"acct": "dana"}
        base = {
            "id": str(number),
            "created_at": at,
            "visibility": "public",
            "content": f"<p>post {number}</p>",
            "account": account,
        }
        return base | {"url": f"{site.origin}/@dana/{number}"} | fields

    def serve(site: Server, is_later: bool) -> None:
        path = "/api/v1/accounts/7/statuses?limit=40"
        picture = [{"id": "m1", "type": "image", "url": f"{site.origin}/m1.png", "description": "A car"}]
        third = status(site, 3, media_attachments=picture)
        newest = [third, status(site, 4, reblog=status(site, 90, account={"acct": "kim@other.example"}))]
        if is_later:
            newest = [status(site, 6), third | {"content": "<p>post 3, mended</p>", "edited_at": NOW.isoformat()}]
        oldest = (
            [status(site, 2, visibility="private"), status(site, 1)] if is_later else [status(site, 2), status(site, 1)]
        )
        site.says["/api/v1/accounts/lookup?acct=dana"] = in_json(site, {"id": "7", "acct": "dana"})
        site.says[path] = in_json(site, newest, Link=f'<{site.origin}{path}&max_id=3>; rel="next"')
        site.says[f"{path}&max_id=3"] = in_json(site, oldest)
        site.says["/m1.png"] = site.picture(1)

    walked = walk("mastodon", "/@dana", serve)
    assert (walked.first.ok, walked.second.ok) == (True, True)
    assert walked.history() == {
        "1": ["post 1"],
        "2": ["post 2", "gone"],
        "3": ["post 3", "post 3, mended"],
        "6": ["post 6"],
    }
    assert walked.house.record.count(MediaAsset) == 1
    assert "/m1.png" not in walked.asked_again


def test_discourse(walk: Callable[..., Walked]) -> None:
    """Topics and replies come in one by one; an edit, a deletion and a new post are seen the next time."""

    def action(number: int, **fields: Any) -> dict[str, Any]:
        at = ago(20 - number).isoformat()
        return {"created_at": at, "post_id": number, "topic_id": 5, "username": "dana", "title": "Lost keys"} | fields

    def post(number: int, **fields: Any) -> dict[str, Any]:
        base = {
            "id": number,
            "topic_id": 5,
            "topic_slug": "lost-keys",
            "post_number": number,
            "post_type": 1,
            "username": "dana",
        }
        return (
            base
            | {"created_at": ago(20 - number).isoformat(), "cooked": f"<p>post {number}</p>", "version": 1}
            | fields
        )

    def serve(site: Server, is_later: bool) -> None:
        listed = [action(4)] if is_later else [action(2)]
        actions = [*listed, action(3), action(1, post_id=None)]
        site.says["/user_actions.json?username=dana&filter=4,5&offset=0"] = in_json(site, {"user_actions": actions})
        for number in (1, 2, 3, 4):
            site.says[f"/posts/{number}.json"] = in_json(site, post(number))
        site.says["/posts/by_number/5/1.json"] = site.says["/posts/1.json"]
        if is_later:
            site.says["/posts/2.json"] = site.answer(b'{"errors":["x"],"error_type":"not_found"}', status=404)
            site.says["/posts/3.json"] = in_json(site, post(3, cooked="<p>post 3, mended</p>", version=2))

    walked = walk("discourse", "/u/dana", serve)
    assert (walked.first.ok, walked.second.ok) == (True, True)
    expected = {"1": ["Lost keys"], "2": ["post 2", "gone"], "3": ["post 3", "post 3, mended"], "4": ["post 4"]}
    assert walked.history() == expected
    assert "/posts/1.json" in walked.asked_again


def test_feeds(walk: Callable[..., Walked]) -> None:
    """Entries come in with their media; an edit, a deletion and a new entry are seen the next time, and the feed is asked for politely."""

    def item(site: Server, number: int, words: str = "") -> str:
        link, at = f"{site.origin}/p/{number}", format_datetime(ago(20 - number))
        inner = f"<title>post {number}{words}</title><link>{link}</link><guid isPermaLink='false'>{number}</guid><pubDate>{at}</pubDate>"
        return f"<item>{inner}<enclosure url='/{number}.png' type='image/png'/></item>"

    def serve(site: Server, is_later: bool) -> None:
        items = (
            [item(site, 4), item(site, 3, ", mended"), item(site, 1)]
            if is_later
            else [item(site, n) for n in (3, 2, 1)]
        )
        body = f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>".encode()
        site.says["/feed.xml"] = site.answer(
            body, headers={"Content-Type": "application/rss+xml", "ETag": f'"{is_later}"'}
        )
        for number in (1, 2, 3, 4):
            site.says[f"/{number}.png"] = site.picture(number)

    walked = walk("feeds", "/feed.xml", serve)
    assert (walked.first.ok, walked.second.ok) == (True, True)
    assert walked.history() == {
        "1": ["post 1"],
        "2": ["post 2", "gone"],
        "3": ["post 3", "post 3, mended"],
        "4": ["post 4"],
    }
    assert walked.asked_again == ["/feed.xml", "/4.png", "/p/2"]


def test_city(walk: Callable[..., Walked]) -> None:
    """Pages of a section come in; the next time only those that changed, are new or left the sitemap are asked for."""

    def page(number: int, words: str = "") -> bytes:
        data = {
            "@type": "NewsArticle",
            "headline": f"post {number}{words}",
            "datePublished": ago(20 - number).isoformat(),
        }
        script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        return f'<html><head>{script}</head><body><article><img src="/{number}.png"></article></body></html>'.encode()

    def serve(site: Server, is_later: bool) -> None:
        listed = {1: 9, 3: 2, 4: 1} if is_later else {1: 9, 2: 9, 3: 9}
        entries = (
            f"<url><loc>{site.origin}/news/{n}</loc><lastmod>{ago(days).isoformat()}</lastmod></url>"
            for n, days in listed.items()
        )
        site.says["/sitemap.xml"] = site.answer(
            f"<urlset>{''.join(entries)}</urlset>".encode(), headers={"Content-Type": "text/xml"}
        )
        for number in (1, 2, 3, 4):
            site.says[f"/news/{number}"] = site.answer(page(number), headers={"Content-Type": "text/html"})
            site.says[f"/{number}.png"] = site.picture(number)
        if is_later:
            site.says["/news/2"] = site.answer(status=410)
            site.says["/news/3"] = site.answer(page(3, ", mended"), headers={"Content-Type": "text/html"})

    walked = walk("city", "/news/", serve)
    assert (walked.first.ok, walked.second.ok) == (True, True)
    assert walked.history() == {
        "1": ["post 1"],
        "2": ["post 2", "gone"],
        "3": ["post 3", "post 3, mended"],
        "4": ["post 4"],
    }
    assert sorted(walked.asked_again) == ["/4.png", "/news/2", "/news/3", "/news/4", "/sitemap.xml"]


def test_mybb(walk: Callable[..., Walked]) -> None:
    """The search sends on, posts come in from their threads; an edit, a new post, and a deletion that is told in words are seen the next time."""

    def row(number: int) -> str:
        link = f'<a href="showthread.php?tid=5&amp;pid={number}#pid{number}">RE: Lost keys</a>'
        return f'<tr class="inline_row"><td>{link}</td><td><span class="smalltext">{ago(20 - number):%m-%d-%Y, %I:%M %p}</span></td></tr>'

    def post(number: int, words: str = "", member: int = 7) -> str:
        who = f'<div class="author_information"><a href="member.php?action=profile&amp;uid={member}">x</a></div>'
        date = f'<div class="post_head"><strong><a href="#pid{number}">#{number}</a></strong></div><span class="post_date">{ago(20 - number):%m-%d-%Y, %I:%M %p}</span>'
        return (
            f'<div class="post" id="post_{number}">{who}{date}<div class="post_body">post {number}{words}</div></div>'
        )

    def in_html(site: Server, body: str) -> Any:
        return site.answer(f"<html><body>{body}</body></html>".encode(), headers={"Content-Type": "text/html"})

    def serve(site: Server, is_later: bool) -> None:
        search = "/search.php?action=finduser&uid=7"
        results = f"/search.php?action=results&sid={'a' if is_later else 'b'}{'0' * 31}"
        site.says[search] = in_html(
            site, f'<meta http-equiv="refresh" content="2;URL={results.replace("&", "&amp;")}">'
        )
        site.says[results] = in_html(site, "<table>" + "".join(map(row, (4, 3) if is_later else (3, 2))) + "</table>")
        thread = [post(2), post(3), post(8, member=9)]
        if is_later:
            thread = [post(3, ", mended"), post(4), post(8, member=9)]
        for number in (2, 3, 4):
            site.says[f"/showthread.php?tid=5&pid={number}"] = in_html(site, "".join(thread))
        site.says["/showthread.php?pid=2"] = in_html(site, '<td class="trow1">The specified post does not exist.</td>')

    walked = walk("mybb", "/member.php?action=profile&uid=7", serve)
    assert (walked.first.ok, walked.second.ok) == (True, True)
    assert walked.history() == {"2": ["post 2", "gone"], "3": ["post 3", "post 3, mended"], "4": ["post 4"]}
    assert walked.asked_again[-1] == "/showthread.php?pid=2"
