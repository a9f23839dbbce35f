"""How a Bluesky account is walked: from its name to its server, past its profile and revision, to all of its records."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress, Reading
from crawlers.platforms import platform_of
from crawlers.spiders import bluesky
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone

PLATFORM = platform_of("bluesky")
DID = "did:plc:abcdefghijklmnopqrstuvwx"
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
ADDRESS = "https://bsky.app/profile/Dana.Example"
SERVER = "https://keeper.example"
DOCUMENT = {
    "id": DID,
    "alsoKnownAs": ["at://dana.example"],
    "service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": SERVER}],
}
CONTEXT = {"did": DID, "name": "dana.example"}

Answer = Callable[..., Page]


@pytest.fixture
def account(account_at: Callable[[Platform, str], Account]) -> Account:
    return account_at(PLATFORM, ADDRESS)


@pytest.fixture
def says(account: Account, answer: Answer) -> Callable[..., Reading]:
    """Reads an answer to a request of some role."""

    def read(role: str, said: Any, *, status: int = 200, url: str = f"{SERVER}/xrpc/x", **state: Any) -> Reading:
        context = {"handle": "dana.example"} if role in ("name", "identity") else CONTEXT | {"rev": "r2"}
        request = PageRequest(url=url, role=role, context=context)
        progress = Progress(state=state, reread_from=JUNE)
        return bluesky.read(answer(request, json.dumps(said), status=status), account, progress)

    return read


def record(key: str) -> dict[str, Any]:
    return {"uri": f"at://{DID}/app.bsky.feed.post/{key}", "value": {"text": key, "createdAt": "2026-05-01T00:00:00Z"}}


@pytest.mark.parametrize(
    ("address", "native_id", "first"),
    [
        (ADDRESS, "dana.example", "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle=dana.example"),
        (f"https://bsky.app/profile/{DID}", DID, f"https://plc.directory/{DID}"),
        (
            "http://127.0.0.1:2583/profile/dana.test",
            "dana.test@127.0.0.1:2583",
            "http://127.0.0.1:2583/xrpc/com.atproto.repo.describeRepo?repo=dana.test",
        ),
    ],
)  # fmt: skip
def test_a_profile_says_where_to_begin(
    account_at: Callable[[Platform, str], Account], address: str, native_id: str, first: str
) -> None:
    """A name is resolved by the application, a permanent id by the directory, and a server of one's own knows its people."""
    account = account_at(PLATFORM, address)
    assert account.native_id == native_id
    assert [request.url for request in bluesky.start(account, Progress(state={}, reread_from=JUNE))] == [first]


def test_a_name_leads_to_the_document_of_the_account(says: Callable[..., Reading]) -> None:
    """Where the account is kept stands in the directory, under its permanent id."""
    (request,) = says("name", {"did": DID}).next
    assert request.url == f"https://plc.directory/{DID}"


def test_a_document_leads_to_the_server(says: Callable[..., Reading]) -> None:
    """The profile is asked for where the account is kept, and the permanent id is remembered."""
    reading = says("identity", DOCUMENT)
    assert [request.url.partition("?")[0] for request in reading.next] == [f"{SERVER}/xrpc/com.atproto.repo.getRecord"]
    assert reading.state == {"did": DID}


@pytest.mark.parametrize(
    ("document", "state", "error"),
    [
        (DOCUMENT | {"alsoKnownAs": ["at://mallory.example"]}, {}, SourceError),
        (DOCUMENT, {"did": "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"}, SourceError),
        (DOCUMENT | {"alsoKnownAs": 5}, {}, SourceError),
        (DOCUMENT | {"service": []}, {}, SourceGone),
        (DOCUMENT | {"service": [{"id": "#atproto_pds", "serviceEndpoint": "http://10.0.0.1"}]}, {}, SourceGone),
        (DOCUMENT | {"id": "did:evil:x"}, {}, SourceError),
    ],
)
def test_a_name_that_is_somebody_elses_is_not_read(
    says: Callable[..., Reading], document: Any, state: dict[str, str], error: type[SourceError]
) -> None:
    """A document without the name, or of another account than last time, ends the crawl."""
    with pytest.raises(error):
        says("identity", document, **state)


def test_whoever_wants_no_visitors_is_not_read(says: Callable[..., Reading]) -> None:
    """An account that asks to be shown to signed-in people only is not public to us."""
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
    with pytest.raises(NotPublic):
        says("profile", {"uri": f"at://{DID}/app.bsky.actor.profile/self", "value": {"labels": labels}})


@pytest.mark.parametrize(("said", "status"), [({"value": {}}, 200), ({"error": "RecordNotFound", "message": ""}, 400)])
def test_a_profile_leads_to_the_revision(says: Callable[..., Reading], said: Any, status: int) -> None:
    """With a profile or without one, the next thing to know is whether anything changed."""
    (request,) = says("profile", said, status=status).next
    assert request.url.startswith(f"{SERVER}/xrpc/com.atproto.sync.getLatestCommit?did=")


def test_a_known_revision_ends_the_crawl(says: Callable[..., Reading]) -> None:
    """Nothing is listed while the repository is the one that was read."""
    assert says("commit", {"cid": "x", "rev": "r1"}, rev="r1") == Reading()


def test_a_new_revision_has_everything_listed(says: Callable[..., Reading]) -> None:
    """Whatever changed, all records are read: a post may be dated back, and an edit leaves its place as it is."""
    (request,) = says("commit", {"cid": "x", "rev": "r2"}, rev="r1").next
    assert "com.atproto.repo.listRecords" in request.url
    assert request.context["rev"] == "r2"


def test_only_the_last_page_says_what_is_missing(
    says: Callable[..., Reading], account: Account, answer: Answer
) -> None:
    """Records lie in order of their keys, not of their times: no page but the last can vouch for a span of time."""
    first = says("records", {"records": [record("b")], "cursor": "b"})
    assert (first.covers, first.state) == (None, {})
    (request,) = first.next
    assert request.url.endswith("&cursor=b")
    last = bluesky.read(
        answer(request, json.dumps({"records": [record("a")]})), account, Progress(state={}, reread_from=JUNE)
    )
    assert last.covers == (FIRST_TIME, LAST_TIME)
    assert last.lists == (f"{DID}/b", f"{DID}/a")
    assert last.state == {"rev": "r2"}


def test_records_are_the_registered_accounts(says: Callable[..., Reading], account: Account) -> None:
    """A record of the account is its holder's; one of another account in the same answer is not."""
    other = record("b") | {"uri": "at://did:plc:zzzzzzzzzzzzzzzzzzzzzzzz/app.bsky.feed.post/b"}
    posts = says("records", {"records": [record("a"), other]}).posts
    assert [bluesky.is_author(post, account) for post in posts] == [True, False]


@pytest.mark.parametrize(
    ("said", "status", "is_gone"),
    [
        ({"error": "RecordNotFound", "message": "Could not locate record"}, 400, True),
        ({"error": "InvalidRequest", "message": "Bad key"}, 400, False),
        ({"posts": []}, 200, True),
        ({"posts": [{"uri": "x"}]}, 200, False),
        ({"uri": "x", "value": {}}, 200, False),
        ([], 200, False),
    ],
)
def test_the_server_says_what_is_gone(account: Account, answer: Answer, said: Any, status: int, is_gone: bool) -> None:
    """A record that is not there, or that the application leaves out, is gone; any other refusal says nothing."""
    shown = answer(PageRequest(url=f"{SERVER}/x", role="look-up"), json.dumps(said), status=status)
    try:
        bluesky.read(shown, account, Progress(state={}, reread_from=JUNE))
        read_as_gone = False
    except SourceError as error:
        read_as_gone = isinstance(error, SourceGone)
    assert read_as_gone is is_gone
