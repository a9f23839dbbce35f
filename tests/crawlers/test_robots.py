"""robots.txt: obeyed, and where it cannot be had, everything is forbidden."""

import asyncio
import time
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from crawlers.robots import CACHE_S, PARSED_BYTES, Robots, rules_of
from footprint.errors import RobotsDenied


@pytest.mark.parametrize(
    ("status", "allows"),
    [
        (200, True), (204, True), (400, True), (404, True), (410, True), (451, True),
        (301, False), (304, False), (401, False), (403, False), (429, False), (500, False), (502, False), (503, False),
    ],
)  # fmt: skip
def test_status_of_robots_txt(status: int, allows: bool) -> None:
    """Only an answer, and a plain "there is none", allow anything."""
    rules = rules_of(status, b"", read_at=0.0)
    assert (rules.denial == "") is allows


@pytest.mark.parametrize(
    ("text", "path", "allows"),
    [
        (b"User-agent: *\nDisallow: /private", "/private/1", False),
        (b"User-agent: *\nDisallow: /private", "/public", True),
        (b"User-agent: footprint\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        (b"User-agent: other\nDisallow: /", "/a", True),
        (b"User-agent: *\nDisallow: /\nAllow: /a", "/a", True),
        (b"User-agent: *\nDisallow: /*.jpg$", "/media/a.jpg", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/a", False),
        (b"\xff\xfe broken \x00\nUser-agent: *\nDisallow: /", "/a", False),
        (b"<html><p>No such page</p></html>", "/a", True),
    ],
)
def test_rules(text: bytes, path: str, allows: bool) -> None:
    """Groups, wildcards, precedence, byte order marks and rubbish are read as RFC 9309 has it."""
    parser = rules_of(200, text, read_at=0.0).parser
    assert parser.can_fetch(f"https://town.example{path}", "Footprint") is allows


def test_rules_beyond_the_cap_are_not_read() -> None:
    """A robots.txt without end costs no more than its first 500 KiB."""
    padding = b"#" * PARSED_BYTES + b"\n"
    parser = rules_of(200, padding + b"User-agent: *\nDisallow: /", read_at=0.0).parser
    assert parser.can_fetch("https://town.example/a", "Footprint")


@pytest.mark.parametrize(
    ("url", "is_denied"),
    [
        ("https://api.a.example/posts", False),
        ("https://cdn.media.a.example/1.jpg", False),
        ("https://a.example/dana", True),
        ("https://nomedia.a.example/1.jpg", True),
        ("https://blog.example/key/posts", False),
        ("https://blog.example/keyless", True),
        ("https://more.blog.example/key/posts", True),
        ("http://blog.example/key/posts", True),
    ],
)
def test_terms_of_an_api_govern_its_own_domains_alone(url: str, is_denied: bool) -> None:
    """Where the operator's token is sent robots.txt is not asked; on every other host it binds, here for being out of reach."""

    async def download_async(_: Request) -> None:
        raise ConnectionError("refused")

    crawler: Any = SimpleNamespace(engine=SimpleNamespace(download_async=download_async))
    robots = Robots(crawler, 1.0, governed=["api.a.example", "media.a.example", "https://blog.example/key/"])
    with pytest.raises(RobotsDenied) if is_denied else nullcontext():
        asyncio.run(robots.process_request(Request(url)))


def _redirects(site: Any, count: int, to: Any) -> None:
    """robots.txt lies behind so many redirects."""
    for n in range(count):
        here = "/robots.txt" if n == 0 else f"/robots-{n}.txt"
        there = f"/robots-{n + 1}.txt" if n + 1 < count else "/there.txt"
        site.says[here] = site.answer(status=301, headers={"Location": there})
    site.says["/there.txt"] = to


@pytest.fixture(scope="module")
def crawled(sites: Any, houses: Any) -> Any:
    """One crawl whose first page leads to a page on each of several servers, which differ in their robots.txt."""
    home = sites()
    says = {
        "none": home.answer(status=404),
        "gone": home.answer(status=410),
        "allows": home.answer(b"User-agent: *\nDisallow: /private"),
        "forbids": home.answer(b"User-agent: *\nDisallow: /"),
        "broken": home.answer(status=500),
        "busy": home.answer(status=503),
        "limited": home.answer(status=429, headers={"Retry-After": "0"}),
        "refused": home.answer(status=401),
        "forbidden": home.answer(status=403),
        "hangs": home.answer(headers={"Content-Length": "10"}, then=lambda _: time.sleep(3)),
        "cut off": home.answer(headers={"Content-Length": "10"}, then=lambda handler: handler.connection.close()),
        "to login": home.answer(status=302, headers={"Location": "/login"}),
        "too patient": home.answer(b"User-agent: *\nCrawl-delay: 100"),
    }
    servers = {name: sites() for name in (*says, "five redirects", "six redirects", "closed")}
    for name, answer in says.items():
        servers[name].says["/robots.txt"] = answer
    _redirects(servers["five redirects"], 5, home.answer(b"User-agent: *\nDisallow: /private"))
    _redirects(servers["six redirects"], 6, home.answer(b""))
    for server in servers.values():
        server.says["/page"] = home.page()
    home.says["/alice/posts"] = home.page(
        home.post(1, media={"m": f"{servers['forbids'].origin}/m.png"}),
        next=[f"{server.origin}/page" for server in servers.values()],
    )
    servers["closed"].close()
    house = houses(home)
    house.crawl(timeout_s=1.0)
    outcomes = house.outcomes()
    return {name: (outcomes[f"{server.origin}/page"], server) for name, server in servers.items()}, outcomes


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("none", True), ("gone", True), ("allows", True), ("five redirects", True),
        ("forbids", False), ("broken", False), ("busy", False), ("limited", False), ("refused", False), ("closed", False),
        ("forbidden", False), ("hangs", False), ("cut off", False), ("to login", False), ("six redirects", False),
        ("too patient", False),
    ],
)  # fmt: skip
def test_page_behind_robots_txt(crawled: Any, name: str, is_read: bool) -> None:
    """A page is asked for exactly where robots.txt could be asked and allows it; a denial is on record."""
    outcome, server = crawled[0][name]
    assert ("/page" in server.paths()) is is_read
    assert outcome == ("fetched" if is_read else "robots_denied")


def test_media_obey_robots_txt(crawled: Any) -> None:
    """A picture on a server that forbids it is not fetched."""
    servers, outcomes = crawled
    server = servers["forbids"][1]
    assert outcomes[f"{server.origin}/m.png"] == "robots_denied"
    assert server.paths() == []


def test_robots_txt_is_asked_once_a_crawl(crawled: Any) -> None:
    """An origin is not asked again for each page, nor a failing one tried again."""
    servers, _ = crawled
    for name in ("forbids", "broken", "busy", "limited", "forbidden"):
        assert len(servers[name][1].asked) == 1


def test_crawl_delay_is_kept(site: Any, house: Any) -> None:
    """Between two requests lies what robots.txt asks for."""
    site.says["/robots.txt"] = site.answer(b"User-agent: *\nCrawl-delay: 0.5")
    site.says["/alice/posts"] = site.page(site.post(1), next=["/alice/2"])
    site.says["/alice/2"] = site.page(site.post(2))
    house.crawl()
    _, first, second = [asked.at for asked in site.asked]
    assert second - first >= 0.45


def test_redirect_to_a_forbidden_path_is_not_followed(site: Any, house: Any) -> None:
    """A page that is allowed cannot lead to one that is not."""
    site.says["/robots.txt"] = site.answer(b"User-agent: *\nDisallow: /private")
    site.says["/alice/posts"] = site.answer(status=302, headers={"Location": "/private/posts"})
    house.crawl()
    assert site.paths() == ["/alice/posts"]
    assert house.outcomes() == {"/alice/posts": "robots_denied"}


def test_rules_are_kept_for_a_day_at_most() -> None:
    """Within 24 hours an origin is not asked again; after them it is, and what it says then counts."""
    now, asked = [0.0], []

    async def download_async(request: Request) -> Response:
        asked.append(request.url)
        return Response(request.url, body=b"" if len(asked) == 1 else b"User-agent: *\nDisallow: /")

    crawler: Any = SimpleNamespace(engine=SimpleNamespace(download_async=download_async))
    robots = Robots(crawler, 1.0, clock=lambda: now[0])

    async def ask(at: float) -> None:
        now[0] = at
        await robots.process_request(Request("https://a.example/1"))

    async def days() -> None:
        for at in (0.0, 1.0, CACHE_S - 1.0):
            await ask(at)
        assert len(asked) == 1
        with pytest.raises(RobotsDenied):
            await ask(CACHE_S)

    asyncio.run(days())
    assert (CACHE_S, asked) == (86400.0, ["https://a.example/robots.txt"] * 2)
