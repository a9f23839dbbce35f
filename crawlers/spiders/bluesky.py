"""
Bluesky, and every server of its protocol, AT.

The address of an account is its profile, `https://bsky.app/profile/name.example` or with the account's permanent id, `did:plc:...`, in place of
the name; for a server of one's own, `https://pds.example/profile/name.example`. Posts are read where they are kept, on the account's personal
data server, and all of them whenever anything has changed: what the application shows is sorted by a time that authors choose, so that a
post dated back would be missed there. https://docs.bsky.app, https://atproto.com/specs/repository
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.at_records import APPLICATION, NO_VISITORS, PLATFORM, native_id_of, post_of
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import (
    FIRST_TIME,
    LAST_TIME,
    host_of,
    objects_in,
    origin_of,
    text_of,
    url_of,
)
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, SourceError, SourceGone
from footprint.posts import ObservedPost

MANIFEST = Manifest(
    name=PLATFORM,
    title="Bluesky",
    reads="public posts of one account, with replies, quotes and edits",
    authority="public records of the account's own data server, read without signing in",
    terms_url="https://docs.bsky.app/docs/advanced-guides/rate-limits",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=60,  # servers allow 3000 in five minutes
    api_hosts=("public.api.bsky.app", "plc.directory"),
)

RESOLVER = "https://public.api.bsky.app"
DIRECTORY = "https://plc.directory"

PROFILE = re.compile(r"/profile/([^/]{1,300})/?")
HANDLE = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[a-z0-9.-]{1,253})")

POSTS = "app.bsky.feed.post"
PROFILES = "app.bsky.actor.profile"
GONE = frozenset({"RecordNotFound", "RepoNotFound", "RepoTakendown", "RepoDeactivated", "AccountTakedown"})
LIMIT = 100


def native_id(address: str) -> str:
    """The name or the permanent id; for another server than bsky.app with its host: `name.example@pds.example`."""
    host, name = _profile(address)
    return name if host == APPLICATION else f"{name}@{host}"


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    host, name = _profile(account.address)
    if host != APPLICATION:
        return (_ask(origin_of(account.address), "com.atproto.repo.describeRepo", role="repository", repo=name),)
    if DID.fullmatch(name):
        return (_document(name, name),)
    return (_ask(RESOLVER, "com.atproto.identity.resolveHandle", role="name", handle=name),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    role, context = page.request.role, page.request.context
    if role == "look-up":
        return _read_look_up(page)
    if page.status == 400 and role == "profile" and _error(page.body) == "RecordNotFound":
        return _to_commit(page)  # nobody has to have a profile
    if page.status == 400:
        _answer(page.body, page.url)  # raises what the server says
    require_found(page)
    answer = _answer(page.body, page.url)
    match role:
        case "name":
            return Reading(next=(_document(_did(answer.get("did"), page.url), context.get("handle", "")),))
        case "identity":
            return _read_identity(answer, page, account, progress)
        case "repository":
            document = answer.get("didDoc")
            return _read_identity(document if isinstance(document, dict) else {}, page, account, progress)
        case "profile":
            return _read_profile(answer, page)
        case "commit":
            return _read_commit(answer, page, progress)
    return _read_posts(answer, page)


def parse_posts(body: bytes, *, url: str, names: Mapping[str, str] | None = None) -> list[ObservedPost]:
    """
    The posts of an answer with records (`listRecords`, `getRecord`) or with what the application shows (`getAuthorFeed`, `getPosts`).

    `url` is where it came from. `names` tells under which name an account is registered, by its permanent id.
    """
    return readable(_items(_answer(body, url), url), lambda item: post_of(item, url, names or {}))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    """At the application, which leaves out what is gone; a server of one's own is asked for the record itself."""
    did, _, key = native_id.partition("/")
    host, _ = _profile(account.address)
    if host == APPLICATION:
        uri = f"at://{did}/{POSTS}/{key}"
        return _ask(RESOLVER, "app.bsky.feed.getPosts", role="look-up", uris=uri)
    place = origin_of(account.address)
    return _ask(place, "com.atproto.repo.getRecord", role="look-up", repo=did, collection=POSTS, rkey=key)


class BlueskySpider(AccountSpider):
    """Reads one Bluesky account."""

    name = "bluesky"


def _read_look_up(page: Page) -> Reading:
    """The server knows no such record, or the application leaves it out of the posts that it was asked for."""
    is_unknown = page.status in (400, 404) and _error(page.body) in GONE
    if is_unknown or (page.status == 200 and _answer(page.body, page.url).get("posts") == []):
        raise SourceGone(f"{page.url} knows no such post.")
    if page.status >= 400:
        raise SourceError(f"{page.url} answered HTTP {page.status}.")
    return Reading()


def _profile(address: str) -> tuple[str, str]:
    """The host of a profile's address, and the name or the permanent id in it."""
    url = url_of(address) or ""
    found = PROFILE.fullmatch(urlsplit(url).path)
    name = unquote(found[1]).lower() if found else ""
    if not (HANDLE.fullmatch(name) or DID.fullmatch(name)):
        raise BadInput(f"'{address}' is no Bluesky profile. One looks like https://bsky.app/profile/name.example.")
    return host_of(url), name


def _ask(origin: str, method: str, *, role: str, context: Mapping[str, Any] | None = None, **query: Any) -> PageRequest:
    told = dict(context or {})
    if role == "name":
        told["handle"] = query["handle"]
    return PageRequest(url=f"{origin}/xrpc/{method}?{urlencode(query)}", role=role, context=told)


def _did(value: Any, url: str) -> str:
    did = text_of(value)
    if not DID.fullmatch(did):
        raise SourceError(f"{url} did not answer with the id of an account.")
    return did


def _document(did: str, name: str) -> PageRequest:
    """Where it is written which server keeps an account."""
    method, place = did.split(":")[1:3]
    if method == "plc":
        return PageRequest(url=f"{DIRECTORY}/{did}", role="identity", context={"handle": name})
    if name not in (did, place) and not name.endswith(f".{place}"):
        raise SourceError(f"{name} claims to be {did}, on a host that is not its own.")
    return PageRequest(url=f"https://{place}/.well-known/did.json", role="identity", context={"handle": name})


def _read_identity(document: Mapping[str, Any], page: Page, account: Account, progress: Progress) -> Reading:
    """
    From an account's document to its server.

    A name can pass to somebody else: then the account must be registered anew, and nothing is read.
    """
    did, (host, name) = _did(document.get("id"), page.url), _profile(account.address)
    if DID.fullmatch(name):
        if name != did:
            raise SourceError(f"{page.url} did not answer with the account '{name}'.")
    elif f"at://{name}" not in _names(document):
        raise SourceError(f"{did} does not say that its name is '{name}'.")
    known = progress.state.get("did")
    if known is not None and known != did:
        raise SourceError(f"'{name}' is another account now: {did}, not {known}. Mend: register it anew, with a basis.")
    place = origin_of(account.address) if host != APPLICATION else _server(document, page.url)
    told = {"did": did, "name": account.native_id}
    profile = _ask(
        place, "com.atproto.repo.getRecord", role="profile", context=told, repo=did, collection=PROFILES, rkey="self"
    )
    return Reading(next=(profile,), state={"did": did})


def _names(document: Mapping[str, Any]) -> frozenset[str]:
    aliases = document.get("alsoKnownAs")
    return frozenset(text_of(alias).lower() for alias in aliases) if isinstance(aliases, list) else frozenset()


def _server(document: Mapping[str, Any], url: str) -> str:
    for service in objects_in(document, "service"):
        place = url_of(service.get("serviceEndpoint"))
        if text_of(service.get("id")).endswith("#atproto_pds") and place and place.startswith("https://"):
            return origin_of(place)
    raise SourceGone(f"{url} names no server that keeps the account.")


def _read_profile(answer: Mapping[str, Any], page: Page) -> Reading:
    """People can ask not to be shown to visitors who are not signed in: then we are not their public."""
    value = answer.get("value")
    labels = value.get("labels") if isinstance(value, dict) else None
    if any(text_of(label.get("val")) == NO_VISITORS for label in objects_in(labels, "values")):
        raise NotPublic(f"{page.url}: the account asks to be shown to signed-in people only.")
    return _to_commit(page)


def _to_commit(page: Page) -> Reading:
    context = page.request.context
    commit = _ask(
        origin_of(page.request.url), "com.atproto.sync.getLatestCommit", role="commit", context=context, did=context.get("did")
    )  # fmt: skip
    return Reading(next=(commit,))


def _read_commit(answer: Mapping[str, Any], page: Page, progress: Progress) -> Reading:
    """A repository with the revision that is known has not changed, not even by an edit or a deletion."""
    revision, context = text_of(answer.get("rev")), page.request.context
    if not revision:
        raise SourceError(f"{page.url} did not answer with a revision.")
    if revision == progress.state.get("rev"):
        return Reading()
    listing = _ask(
        origin_of(page.request.url), "com.atproto.repo.listRecords", role="records", context={**context, "rev": revision},
        repo=context.get("did"), collection=POSTS, limit=LIMIT,
    )  # fmt: skip
    return Reading(next=(listing,))


def _read_posts(answer: Mapping[str, Any], page: Page) -> Reading:
    """One page of the records, in order of their keys. Only the last one can say of a post that it is missing."""
    url, context = page.request.url, page.request.context
    items = _items(answer, url)
    names = {text_of(context.get("did")): text_of(context.get("name"))}
    posts, unreadable = readable(items, lambda item: post_of(item, url, names))
    shown = [*context.get("shown", ()), *filter(None, (native_id_of(item) for item in items))]
    cursor = text_of(answer.get("cursor")) if items else ""
    if cursor:
        following = f"{re.sub(r'&cursor=[^&]*$', '', url)}&cursor={quote(cursor, safe='')}"
        further = PageRequest(url=following, role="records", context={**context, "shown": shown})
        return Reading(posts=tuple(posts), next=(further,), unreadable=unreadable)
    return Reading(
        posts=tuple(posts),
        state={"rev": context.get("rev")},
        covers=(FIRST_TIME, LAST_TIME),
        lists=tuple(shown),
        unreadable=unreadable,
    )


def _error(body: bytes) -> str:
    answer = json_of(body, "the server")
    return text_of(answer.get("error")) if isinstance(answer, dict) else ""


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    """The JSON object of an answer. Raises what the server says in place of one."""
    answer = json_of(body, url)
    if not isinstance(answer, dict):
        raise SourceError(f"{url} did not answer as a server of Bluesky's does.")
    if error := text_of(answer.get("error")):
        message = text_of(answer.get("message"))
        is_gone = error in GONE or re.search(r"not found|unable to resolve|could not find", message, re.IGNORECASE)
        wall = error in ("AuthMissing", "AuthenticationRequired", "BlockedActor", "BlockedByActor")
        raise (NotPublic if wall else SourceGone if is_gone else SourceError)(f"{url}: {error} {message}")
    return answer


def _items(answer: Mapping[str, Any], url: str) -> list[Mapping[str, Any]]:
    if isinstance(answer.get("uri"), str) and isinstance(answer.get("value"), dict):
        return [answer]
    for name in ("records", "feed", "posts"):
        if isinstance(answer.get(name), list):
            return [item if isinstance(item, dict) else {} for item in answer[name]]
    raise SourceError(f"{url} did not answer with posts.")
