"""How a Mastodon account is walked: the account, its pages newest first, and where to stop."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress
from crawlers.platforms import platform_of
from crawlers.spiders import mastodon
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone

PLATFORM = platform_of("mastodon")
ADDRESS = "http://social.example:3000/@Dana"
STATUSES = "http://social.example:3000/api/v1/accounts/109/statuses?limit=40"
JUNE = datetime(2026, 6, 1, tzinfo=UTC)

Answer = Callable[..., Page]


@pytest.fixture
def account(account_at: Callable[[Platform, str], Account]) -> Account:
    """An account on a server with a port, over plain HTTP, as on an intranet."""
    return account_at(PLATFORM, ADDRESS)


def status(number: int, day: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": f"2026-05-{day:02}T12:00:00Z",
        "visibility": "public",
        "content": "<p>words</p>",
        "account": {"acct": "Dana"},
        **fields,
    }


def page(*statuses: dict[str, Any]) -> str:
    return json.dumps(statuses)


def at(day: int) -> datetime:
    return datetime(2026, 5, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "native_id"),
    [
        ("https://social.example/@dana", "dana@social.example"),
        ("https://Social.Example/@Dana/", "dana@social.example"),
        ("https://social.example/users/dana", "dana@social.example"),
        ("http://127.0.0.1:3000/@dana", "dana@127.0.0.1:3000"),
    ],
)
def test_profiles_are_told_apart_by_name_and_server(address: str, native_id: str) -> None:
    """A profile is known as `user@host`, in both spellings of its address, with the port where there is one."""
    assert mastodon.native_id(address) == native_id


def test_the_account_is_resolved_first(account: Account) -> None:
    """A crawl asks the account's own server for the account, over the scheme that was registered."""
    (request,) = mastodon.start(account, Progress(state={}, reread_from=JUNE))
    assert request.url == "http://social.example:3000/api/v1/accounts/lookup?acct=dana"


def test_the_resolved_account_leads_to_its_statuses(account: Account, answer: Answer) -> None:
    """The answer to the look-up of the account names the number under which its statuses are listed."""
    (lookup,) = mastodon.start(account, Progress(state={}, reread_from=JUNE))
    found = answer(lookup, json.dumps({"id": "109", "acct": "Dana"}))
    (request,) = mastodon.read(found, account, Progress(state={}, reread_from=JUNE)).next
    assert request.url == STATUSES


@pytest.mark.parametrize(
    ("body", "status_code", "error"),
    [
        ({"id": "109", "acct": "mallory"}, 200, SourceError),
        ({"id": "../../x", "acct": "dana"}, 200, SourceError),
        ({"id": "109", "acct": "dana", "suspended": True}, 200, SourceGone),
        ({"error": "Record not found"}, 404, SourceGone),
        ({"error": "This API requires an authenticated user"}, 401, NotPublic),
        ({"error": "This method requires an authenticated user"}, 422, NotPublic),
        ({"error": "Validation failed"}, 422, SourceError),
        ([], 422, SourceError),
    ],
)
def test_another_answer_than_the_account_ends_the_crawl(
    account: Account, answer: Answer, body: Any, status_code: int, error: type[SourceError]
) -> None:
    """Another account, a suspended one, none, or a wall: nothing is read on."""
    (lookup,) = mastodon.start(account, Progress(state={}, reread_from=JUNE))
    with pytest.raises(error):
        mastodon.read(
            answer(lookup, json.dumps(body), status=status_code), account, Progress(state={}, reread_from=JUNE)
        )


def test_the_first_crawl_reads_to_the_end(account: Account, answer: Answer) -> None:
    """However old a page is, a first crawl goes on while the server names a next page; the newest id is remembered."""
    body = page(status(30, 20), status(20, 10))
    first = answer(
        PageRequest(url=STATUSES), body, link=f'<{STATUSES}&max_id=20>; rel="next", <{STATUSES}&min_id=30>; rel="prev"'
    )
    reading = mastodon.read(first, account, Progress(state={}, reread_from=JUNE))
    assert [request.url for request in reading.next] == [f"{STATUSES}&max_id=20"]
    assert reading.state == {"newest": "30"}
    assert reading.covers == (at(10), LAST_TIME)


def test_the_last_page_covers_everything_before(account: Account, answer: Answer) -> None:
    """Without a next page, whatever is older and not listed does not exist any more; the cursor is the first page's matter."""
    request = PageRequest(url=f"{STATUSES}&max_id=20", context={"before": at(10).isoformat()})
    reading = mastodon.read(answer(request, page(status(10, 5))), account, Progress(state={}, reread_from=JUNE))
    assert reading.next == ()
    assert reading.state == {}
    assert reading.covers == (FIRST_TIME, at(10))


def test_an_account_without_posts_covers_everything(account: Account, answer: Answer) -> None:
    """An empty list says of every known post that it is to be looked up."""
    reading = mastodon.read(
        answer(PageRequest(url=STATUSES), "[]"), account, Progress(state={"newest": "9"}, reread_from=JUNE)
    )
    assert (reading.posts, reading.next, reading.covers) == ((), (), (FIRST_TIME, LAST_TIME))


@pytest.mark.parametrize(
    ("newest", "reread_from", "goes_on"),
    [
        ("25", at(25), False),  # all of it is old, and known
        ("20", at(25), False),  # the very last is known
        ("19", at(25), True),  # old, but not all of it is known
        ("25", at(15), True),  # known, but young enough to have been edited
        ("5", at(15), True),
        ("100", at(25), False),  # the newest known was deleted since
    ],
)
def test_later_crawls_stop_at_what_is_old_and_known(
    account: Account, answer: Answer, newest: str, reread_from: datetime, goes_on: bool
) -> None:
    """A page that is wholly older than what is read again, and reaches what was read before, is the last."""
    body = page(status(30, 20), status(20, 10))
    first = answer(PageRequest(url=STATUSES), body, link=f'<{STATUSES}&max_id=20>; rel="next"')
    reading = mastodon.read(first, account, Progress(state={"newest": newest}, reread_from=reread_from))
    assert bool(reading.next) is goes_on


def test_ids_of_other_length_are_compared_by_age(account: Account, answer: Answer) -> None:
    """The id 100 is later than 99, though it sorts before it as text."""
    body = page(status(100, 20), status(99, 10))
    assert mastodon.read(
        answer(PageRequest(url=STATUSES), body), account, Progress(state={}, reread_from=JUNE)
    ).state == {"newest": "100"}


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/v1/accounts/109/statuses?max_id=1",
        "http://social.example:3000/api/v1/accounts/109/followers?max_id=1",
        "http://social.example:3000/api/v1/accounts/110/statuses?max_id=1",
        "javascript:alert(1)",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(account: Account, answer: Answer, link: str) -> None:
    """The list goes on at its own address or not at all: never at another host, account or list."""
    first = answer(PageRequest(url=STATUSES), page(status(30, 20)), link=f'<{link}>; rel="next"')
    with pytest.raises(SourceError, match="continues"):
        mastodon.read(first, account, Progress(state={}, reread_from=JUNE))


def test_a_proxy_that_forgets_tls_does_not_stop_the_walk(
    account_at: Callable[[Platform, str], Account], answer: Answer
) -> None:
    """A next page on http behind https is asked for over https."""
    account = account_at(PLATFORM, "https://social.example/@dana")
    request = PageRequest(url="https://social.example/api/v1/accounts/109/statuses?limit=40")
    link = '<http://social.example/api/v1/accounts/109/statuses?limit=40&max_id=20>; rel="next"'
    reading = mastodon.read(
        answer(request, page(status(20, 10)), link=link), account, Progress(state={}, reread_from=JUNE)
    )
    assert [request.url for request in reading.next] == [
        "https://social.example/api/v1/accounts/109/statuses?limit=40&max_id=20"
    ]


def test_broken_items_are_counted(account: Account, answer: Answer) -> None:
    """What could not be read among the statuses is a number in the reading, not silence."""
    body = json.dumps([status(30, 20), "nonsense", status(20, 10, created_at=None)])
    reading = mastodon.read(answer(PageRequest(url=STATUSES), body), account, Progress(state={}, reread_from=JUNE))
    assert (len(reading.posts), reading.unreadable) == (1, 2)


def test_posts_of_others_on_the_same_server_are_not_the_holders(account: Account) -> None:
    """Author and holder are compared with their servers: the same name elsewhere is somebody else."""
    (own,) = mastodon.parse_posts(page(status(1, 1)).encode(), url=STATUSES)
    (other,) = mastodon.parse_posts(page(status(1, 1, account={"acct": "dana@other.example"})).encode(), url=STATUSES)
    assert mastodon.is_author(own, account)
    assert not mastodon.is_author(other, account)


def test_a_post_is_looked_up_by_its_number(account: Account) -> None:
    """The direct look-up asks the server for one status."""
    request = mastodon.look_up("social.example:3000/30", "http://social.example:3000/@dana/30", account)
    assert request.url == "http://social.example:3000/api/v1/statuses/30"
