"""How a WordPress site is walked: the author, its lists, and what changed since; tests/integration does it on a real one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress, Reading
from crawlers.platforms import platform_of
from crawlers.spiders import wordpress
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceGone

PLATFORM = platform_of("wordpress")
API = "https://city.example/news/wp-json/wp/v2"
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
NEVER = Progress(state={}, reread_from=JUNE)


@pytest.fixture
def account(account_at: Callable[[Platform, str], Account]) -> Account:
    return account_at(PLATFORM, "https://city.example/news/author/dana/")


@pytest.fixture
def says(account: Account, answer: Callable[..., Page]) -> Callable[..., Reading]:
    """Reads an answer to a request."""

    def read(request: PageRequest, said: Any, *, progress: Progress = NEVER, **how: Any) -> Reading:
        return wordpress.read(answer(request, json.dumps(said), **how), account, progress)

    return read


def item(number: int, day: int, modified: int | None = None, **fields: Any) -> dict[str, Any]:
    times = {"date_gmt": f"2026-05-{day:02}T00:00:00", "modified_gmt": f"2026-05-{modified or day:02}T00:00:00"}
    return {"id": number, "link": f"https://city.example/news/{number}/", "author": 7} | times | fields


def at(day: int) -> datetime:
    return datetime(2026, 5, day, tzinfo=UTC)


def asked(request: PageRequest) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


@pytest.mark.parametrize(
    ("address", "native_id"),
    [
        ("https://city.example/", "city.example"),
        ("https://City.example/news", "city.example/news"),
        ("https://city.example/news/author/Dana", "dana@city.example/news"),
        ("http://127.0.0.1:8081/author/dana/", "dana@127.0.0.1:8081"),
    ],
)
def test_sites_and_authors_are_told_apart(address: str, native_id: str) -> None:
    """A site is known by its place, an author by name and place."""
    assert wordpress.native_id(address) == native_id


def test_an_author_is_resolved_first(account: Account, says: Callable[..., Reading]) -> None:
    """One author is asked for by name, never the list of all; the number leads to both sorts of what they published."""
    (who,) = wordpress.start(account, NEVER)
    assert who.url == f"{API}/users?slug=dana"
    lists = says(who, [{"id": 7, "slug": "dana"}]).next
    assert [request.url.partition("?")[0] for request in lists] == [f"{API}/posts", f"{API}/pages"]
    assert {asked(request)["author"] for request in lists} == {"7"}


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [([], 200, SourceGone), ([{"id": 8, "slug": "kim"}], 200, SourceGone), ({"code": "rest_user_cannot_view"}, 401, NotPublic)],
)  # fmt: skip
def test_another_answer_than_the_author_ends_the_crawl(
    account: Account, says: Callable[..., Reading], said: Any, status: int, error: type[Exception]
) -> None:
    """Nobody of that name, somebody else, or a wall: nothing is read on."""
    (who,) = wordpress.start(account, NEVER)
    with pytest.raises(error):
        says(who, said, status=status)


def test_a_site_without_readable_addresses_is_asked_by_parameter(
    account: Account, says: Callable[..., Reading]
) -> None:
    """Where there is no /wp-json/, the same is asked in the spelling that every site knows, and so are the lists."""
    (who,) = wordpress.start(account, NEVER)
    (again,) = says(who, "", status=404).next
    assert again.url == "https://city.example/news/?rest_route=/wp/v2/users&slug=dana"
    lists = says(again, [{"id": 7, "slug": "dana"}]).next
    assert lists[0].url.startswith("https://city.example/news/?rest_route=/wp/v2/posts&author=7")
    assert says(lists[0], [item(1, 2)]).posts[0].native_id == "city.example/news/1"


def test_later_crawls_ask_for_changes_and_for_what_there_is(
    account_at: Callable[[Platform, str], Account],
) -> None:
    """What was changed since an hour before the last known change comes in full, the rest as a bare index."""
    site = account_at(PLATFORM, "https://city.example/news/")
    changed, index, pages = wordpress.start(site, Progress(state={"posts": at(2).isoformat()}, reread_from=JUNE))
    assert (asked(changed)["modified_after"], asked(changed)["orderby"]) == ("2026-05-01T23:00:00", "modified")
    assert asked(index)["_fields"] == "id,date_gmt"
    assert "modified_after" not in asked(pages)


def test_pages_of_a_list_are_counted_by_the_site(says: Callable[..., Reading]) -> None:
    """The header says how many there are; each vouches for the time from its oldest post on, and the last change of all is kept."""
    first = says(
        PageRequest(url=f"{API}/posts?per_page=100", context={"sort": "posts"}),
        [item(9, 9, 20), item(8, 8)],
        x_wp_totalpages="2",
    )
    (request,) = first.next
    assert request.url == f"{API}/posts?per_page=100&page=2"
    assert (first.covers, first.state) == ((at(8), LAST_TIME), {"posts": at(20).isoformat()})
    last = says(request, [item(3, 3)], x_wp_totalpages="2")
    assert (last.next, last.covers, last.state) == ((), (FIRST_TIME, at(8)), {"posts": at(20).isoformat()})


def test_a_page_past_the_end_is_no_failure(says: Callable[..., Reading]) -> None:
    """Posts that were deleted meanwhile can leave a page empty; sites say so with HTTP 400."""
    refusal = {"code": "rest_post_invalid_page_number", "data": {"status": 400}}
    assert says(PageRequest(url=f"{API}/posts?page=9"), refusal, status=400) == Reading()


def test_an_index_says_what_there_is(says: Callable[..., Reading]) -> None:
    """A bare index yields no posts; those that it names need not be looked up."""
    reading = says(PageRequest(url=f"{API}/posts?x=1", role="index"), [{"id": 4, "date_gmt": "2026-05-04T00:00:00"}])
    assert (reading.posts, reading.lists) == ((), ("city.example/news/4",))
    assert reading.covers == (FIRST_TIME, LAST_TIME)


def test_a_post_behind_a_password_is_not_gone(says: Callable[..., Reading]) -> None:
    """It is no public post, but it is listed: nobody may take it for deleted."""
    hidden = item(5, 5, content={"rendered": "", "protected": True})
    reading = says(PageRequest(url=f"{API}/posts?x=1"), [hidden])
    assert (reading.posts, reading.lists) == ((), ("city.example/news/5",))


def test_a_post_is_looked_up_by_its_number(account: Account) -> None:
    """Of a post in the trash the API says that it is for members only; the address by number is then simply not found."""
    request = wordpress.look_up("city.example/news/5", "https://city.example/news/5/", account)
    assert request.url == "https://city.example/news/?p=5"
