"""How a Ghost publication is walked: everything first, then what changed and a bare list of what there is."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.launch import crawl
from crawlers.platform import Page, PageRequest, Platform, Progress
from crawlers.platforms import platform_of
from crawlers.spiders import ghost
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic

PLATFORM = platform_of("ghost")
LIST = "https://blog.example/ghost/api/content/posts/?limit=50"
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def account(account_at: Callable[[Platform, str], Account]) -> Account:
    return account_at(PLATFORM, "https://blog.example/author/dana/")


def at(day: int) -> datetime:
    return datetime(2026, 5, day, tzinfo=UTC)


def page(*days: int, following: int | None = None) -> str:
    posts = [
        {
            "id": str(day),
            "published_at": at(day).isoformat(),
            "updated_at": at(day).isoformat(),
            "url": f"https://blog.example/{day}/",
        }
        for day in days
    ]
    return json.dumps({"posts": posts, "meta": {"pagination": {"next": following}}})


def asked(request: PageRequest) -> dict[str, list[str]]:
    return parse_qs(urlsplit(request.url).query)


def test_the_first_crawl_reads_every_post_of_the_author(account: Account) -> None:
    """One list, newest first, without the key: that is added where the request is sent."""
    (request,) = ghost.start(account, Progress(state={}, reread_from=JUNE))
    assert asked(request)["filter"] == ["authors:dana"]
    assert "key" not in asked(request)


def test_later_crawls_read_what_changed_and_what_there_is(account: Account) -> None:
    """What was updated since an hour before the last known change comes in full, the rest by its ids."""
    changed, index = ghost.start(account, Progress(state={"changed": at(2).isoformat()}, reread_from=JUNE))
    assert asked(changed)["filter"] == ["authors:dana+updated_at:>'2026-05-01T23:00:00.000Z'"]
    assert asked(index)["fields"] == ["id,published_at"]


def test_pages_are_numbered(account: Account, answer: Callable[..., Page]) -> None:
    """A page vouches for the time from its oldest post on, the last one for everything before."""
    progress = Progress(state={}, reread_from=JUNE)
    first = ghost.read(answer(PageRequest(url=LIST), page(9, 8, following=2)), account, progress)
    (request,) = first.next
    assert request.url == f"{LIST}&page=2"
    assert (first.covers, first.state) == ((at(8), LAST_TIME), {"changed": at(9).isoformat()})
    last = ghost.read(answer(request, page(3)), account, progress)
    assert (last.covers, last.state, last.next) == ((FIRST_TIME, at(8)), {"changed": at(9).isoformat()}, ())


def test_an_index_lists_without_showing(account: Account, answer: Callable[..., Page]) -> None:
    """The bare list tells what there is, and yields no posts."""
    reading = ghost.read(
        answer(PageRequest(url=LIST, role="index"), page(9)), account, Progress(state={}, reread_from=JUNE)
    )
    assert (reading.posts, reading.lists) == ((), ("blog.example/9",))


def test_a_wrong_key_ends_the_crawl(account: Account, answer: Callable[..., Page]) -> None:
    """Without the owner's key nothing is read."""
    said: Any = {"errors": [{"type": "UnauthorizedError", "message": "Unknown Content API Key"}]}
    with pytest.raises(NotPublic):
        ghost.read(
            answer(PageRequest(url=LIST), json.dumps(said), status=401), account, Progress(state={}, reread_from=JUNE)
        )


def test_the_key_is_sent_and_kept_nowhere(
    sites: Callable[..., Any], houses: Callable[..., Any], tmp_path: Path
) -> None:
    """The owner's key opens the API, which robots.txt closes to crawlers, and stands in no record, capture or cursor afterwards; pictures are asked for without it."""
    site = sites()
    post = {
        "id": "1",
        "published_at": at(9).isoformat(),
        "updated_at": at(9).isoformat(),
        "url": f"{site.origin}/1/",
        "html": "<img src='/a.png'>",
    }
    api = "/ghost/api/content/posts/?limit=50&include=authors&order=published_at+desc"
    said = json.dumps({"posts": [post], "meta": {"pagination": {"next": None}}}).encode()
    site.says |= {f"{api}&key=hush-hush": site.answer(said), "/a.png": site.picture()}
    site.says["/robots.txt"] = site.answer(b"User-agent: *\nDisallow: /ghost/\n")  # as every Ghost says
    tokens = tmp_path / "tokens.toml"
    tokens.touch(mode=0o600)
    tokens.write_text(f'"{site.origin.partition("://")[2]}" = "hush-hush"\n')
    address = f"{site.origin}/"
    house = houses(
        site, platform="ghost", address=address, native_id=PLATFORM.native_id(address), id=f"ghost:{address}"
    )
    result = crawl(house.job(tokens_file=str(tokens)), timeout_s=60)
    assert (result.ok, result.posts_seen, result.media_fetched) == (True, 1, 1)
    assert site.paths() == [f"{api}&key=hush-hush", "/a.png"]
    assert b"hush-hush" not in house.kept_bytes()
