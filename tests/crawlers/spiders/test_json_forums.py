"""How the lists of forums that answer in JSON are walked: page by page, with what each page covers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.platform import Page, Platform, Progress
from crawlers.platforms import platform_of
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
FIRST_READING = Progress(state={}, reread_from=JUNE)
LATER = Progress(state={"newest": "2026-04-20T12:00:00+00:00"}, reread_from=datetime(2026, 4, 10, tzinfo=UTC))
PROFILES = {
    "nodebb": "https://forum.example/user/Dana-Reed/posts",
    "misago": "https://forum.example/u/dana-reed/31/posts/",
    "flarum": "https://forum.example/u/Dana-Reed",
}

Answer = Callable[..., Page]
each = pytest.mark.parametrize("name", sorted(PROFILES))


def at(day: int) -> datetime:
    return datetime(2026, 4, day, 12, tzinfo=UTC)


def nodebb(*days: int) -> dict[str, Any]:
    user = {"userslug": "dana-reed"}
    return {
        "posts": [
            {"pid": day, "tid": 7, "timestampISO": at(day).isoformat(), "content": "x", "user": user} for day in days
        ]
    }


def misago(*days: int) -> dict[str, Any]:
    posts = [
        {"id": day, "poster_name": "Dana_Reed", "posted_on": at(day).isoformat(), "content": "x", "url": {"index": f"/t/a/7/post/{day}/"}}
        for day in days
    ]  # fmt: skip
    return {"results": posts, "next": days[-1] - 1 if days and days[-1] > 1 else None}


def flarum(*days: int) -> dict[str, Any]:
    relations = {
        "user": {"data": {"type": "users", "id": "31"}},
        "discussion": {"data": {"type": "discussions", "id": "7"}},
    }
    posts = [
        {"type": "posts", "id": str(day), "attributes": {"number": day, "createdAt": at(day).isoformat(), "contentType": "comment"}, "relationships": relations}
        for day in days
    ]  # fmt: skip
    links = {"next": "https://forum.example/api/posts?x"} if days and days[-1] > 1 else {}
    return {
        "data": posts,
        "links": links,
        "included": [{"type": "users", "id": "31", "attributes": {"username": "Dana-Reed"}}],
    }


PAGES: dict[str, Callable[..., dict[str, Any]]] = {"nodebb": nodebb, "misago": misago, "flarum": flarum}


@pytest.fixture
def accounts(account_at: Callable[[Platform, str], Account]) -> Callable[[str], Account]:
    """The member at the profile of each make."""
    return lambda name: account_at(platform_of(name), PROFILES[name])


@each
def test_members_are_told_apart_by_name_and_forum(name: str, accounts: Callable[[str], Account]) -> None:
    """A member is known as `name@host`, however the profile is typed."""
    assert accounts(name).native_id == "dana-reed@forum.example"


@each
def test_every_post_of_a_page_is_the_holders(name: str, accounts: Callable[[str], Account], answer: Answer) -> None:
    """The list shows the member's posts, and they bear the member's name."""
    account, platform = accounts(name), platform_of(name)
    (first,) = platform.start(account, FIRST_READING)
    posts = platform.read(answer(first, json.dumps(PAGES[name](21, 12))), account, FIRST_READING).posts
    assert [post.created_at for post in posts] == [at(21), at(12)]
    assert all(platform.is_author(post, account) for post in posts)


@each
def test_a_list_is_read_to_its_end(name: str, accounts: Callable[[str], Account], answer: Answer) -> None:
    """Each page covers the time down to its oldest post, the last one all that is older; the cursor gets the newest time."""
    account, platform = accounts(name), platform_of(name)
    (first,) = platform.start(account, FIRST_READING)
    one = platform.read(answer(first, json.dumps(PAGES[name](21, 12))), account, FIRST_READING)
    assert (one.covers, one.state) == ((at(12), LAST_TIME), {"newest": at(21).isoformat()})
    two = platform.read(answer(one.next[0], json.dumps(PAGES[name]())), account, FIRST_READING)
    assert (two.covers, two.state, two.next) == ((FIRST_TIME, at(12)), {}, ())


@each
def test_later_readings_stop_where_nothing_is_new_or_young(
    name: str, accounts: Callable[[str], Account], answer: Answer
) -> None:
    """A page of posts that were read, and are too old to be edited, is the last one; it covers what it shows."""
    account, platform = accounts(name), platform_of(name)
    (first,) = platform.start(account, LATER)
    one = platform.read(answer(first, json.dumps(PAGES[name](21, 12))), account, LATER)
    two = platform.read(answer(one.next[0], json.dumps(PAGES[name](5, 4))), account, LATER)
    assert (len(one.next), two.next, two.covers) == (1, (), (at(4), at(12)))


@pytest.mark.parametrize("name", ["nodebb", "flarum"])
def test_a_list_that_repeats_itself_ends(name: str, accounts: Callable[[str], Account], answer: Answer) -> None:
    """A server that answers every page with the first does not keep a crawl going."""
    account, platform = accounts(name), platform_of(name)
    (first,) = platform.start(account, FIRST_READING)
    body = json.dumps(PAGES[name](21, 12))
    (second,) = platform.read(answer(first, body), account, FIRST_READING).next
    assert platform.read(answer(second, body), account, FIRST_READING).next == ()


@each
def test_walls_and_deletions_are_told_apart(name: str, accounts: Callable[[str], Account], answer: Answer) -> None:
    """Where guests may not look there is nothing to read; a post that is not there is gone."""
    account, platform = accounts(name), platform_of(name)
    (first,) = platform.start(account, FIRST_READING)
    with pytest.raises(NotPublic):
        platform.read(answer(first, status=403), account, FIRST_READING)
    look_up = platform.look_up("forum.example/12", "https://forum.example/t/a/7/post/12/", account)
    with pytest.raises(SourceGone):
        platform.read(
            answer(look_up, '{"status":{"code":"not-found"},"response":{}}', status=404), account, FIRST_READING
        )


def test_flarum_says_in_json_that_a_post_is_gone(accounts: Callable[[str], Account], answer: Answer) -> None:
    """An error code says it as well as the status."""
    account, platform = accounts("flarum"), platform_of("flarum")
    look_up = platform.look_up("forum.example/12", "https://forum.example/d/7/12", account)
    with pytest.raises(SourceGone):
        platform.read(answer(look_up, '{"errors":[{"code":"not_found"}]}'), account, FIRST_READING)


def test_nodebb_keeps_deleted_posts_and_says_so(accounts: Callable[[str], Account], answer: Answer) -> None:
    """A post that is marked as deleted is gone, one that is not marked is there; an old server knows neither, and says nothing by that."""
    account, platform = accounts("nodebb"), platform_of("nodebb")
    look_up = platform.look_up("forum.example/12", "https://forum.example/post/12", account)
    there, marked = (json.dumps({"status": {"code": "ok"}, "response": {"deleted": deleted}}) for deleted in (0, 1))
    assert platform.read(answer(look_up, there), account, FIRST_READING).posts == ()
    with pytest.raises(SourceGone):
        platform.read(answer(look_up, marked), account, FIRST_READING)
    with pytest.raises(SourceError, match=r"1\.15"):
        platform.read(answer(look_up, '{"path":"/v3/posts/12"}', status=404), account, FIRST_READING)
