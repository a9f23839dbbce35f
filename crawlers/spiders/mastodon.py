"""
Mastodon and the servers that speak its API (Pleroma, Akkoma, Pixelfed, Friendica, GoToSocial where it is open).

The address of an account is its profile, `https://social.example/@user`. Its posts are read newest first, page by page along the
`Link` header: https://docs.joinmastodon.org/methods/accounts/#statuses
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.markup import read_html
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.profiles import Profiles
from crawlers.values import (
    FIRST_TIME,
    LAST_TIME,
    host_of,
    id_of,
    medium,
    objects_in,
    origin_of,
    text_of,
    time_of,
    url_of,
)
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

MANIFEST = Manifest(
    name="mastodon",
    title="Mastodon",
    reads="public and unlisted posts of one account, with replies and edits",
    authority="public API of the account's own server, with a token only where the operator configured one",
    terms_url="https://docs.joinmastodon.org/methods/accounts/#statuses",
    terms_reviewed_on=date(2026, 11, 20),
    token="optional",  # noqa: S106 - whether one is used: some servers answer nobody without
    requests_per_minute=30,  # servers allow 300 in five minutes
)

PROFILES = Profiles(
    what="Mastodon profile",
    example="https://social.example/@name",
    path=re.compile(r"(?P<folder>)/(?:@|users/)(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)/?(?:\?.*)?"),
)
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
LINK = re.compile(r'<([^<>]*)>\s*;[^,<]*?\brel="?next\b')

PUBLIC = ("public", "unlisted")
KINDS = {
    "image": MediaKind.IMAGE,
    "gifv": MediaKind.VIDEO,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
}


native_id = PROFILES.native_id


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    user = quote(account.native_id.partition("@")[0])
    return (PageRequest(url=f"{origin_of(account.address)}/api/v1/accounts/lookup?acct={user}", role="account"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.status == 422:
        _statuses(page.body, page.url)  # raises: so some servers say that they want people to sign in
    require_found(page)
    if page.request.role == "account":
        return Reading(next=(_first_page(page, account),))
    if page.request.role == "post":
        return Reading(posts=tuple(parse_posts(page.body, url=page.request.url)))
    return _read_statuses(page, progress)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer with statuses, or with one status. `url` is where it came from: it names the server."""
    return readable(_statuses(body, url), lambda status: _post(status, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    """Reposts bear the name of the original author; an account that reposts itself publishes again."""
    return post.author is not None and post.author.lower() == account.native_id.lower()


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    status = quote(native_id.rpartition("/")[2])
    return PageRequest(url=f"{origin_of(account.address)}/api/v1/statuses/{status}", role="post")


class MastodonSpider(AccountSpider):
    """Reads one Mastodon account."""

    name = "mastodon"


def _first_page(page: Page, account: Account) -> PageRequest:
    answer = json_of(page.body, page.url)
    who = answer if isinstance(answer, dict) else {}
    user = account.native_id.partition("@")[0]
    number = id_of(who.get("id"))
    if who.get("suspended") is True:
        raise SourceGone(f"{account.address} is suspended.")
    if text_of(who.get("acct")).lower() != user or not ID.fullmatch(number):
        raise SourceError(f"{page.url} did not answer with the account '{user}'.")
    return PageRequest(url=f"{origin_of(account.address)}/api/v1/accounts/{number}/statuses?limit=40")


def _read_statuses(page: Page, progress: Progress) -> Reading:
    url = page.request.url
    statuses = _statuses(page.body, url)
    posts, unreadable = readable(statuses, lambda status: _post(status, url))
    times = sorted(filter(None, (time_of(status.get("created_at")) for status in statuses)))
    ids = sorted(filter(ID.fullmatch, (id_of(status.get("id")) for status in statuses)), key=_age)
    following = _next_page(page) if statuses else None
    oldest = times[0] if times and following else FIRST_TIME
    before = page.request.context.get("before")
    is_enough = bool(times) and times[-1] < progress.reread_from and _reaches(ids, progress)
    return Reading(
        posts=tuple(posts),
        next=()
        if is_enough or not following
        else (PageRequest(url=following, context={"before": oldest.isoformat()}),),
        state={"newest": ids[-1]} if ids and before is None else {},
        covers=(oldest, time_of(before) or LAST_TIME),
        unreadable=unreadable,
    )


def _reaches(ids: Sequence[str], progress: Progress) -> bool:
    """Whether a page goes back to what an earlier crawl read. It may have been deleted since, so a smaller id is as good."""
    newest = progress.state.get("newest")
    return isinstance(newest, str) and any(_age(number) <= _age(newest) for number in ids)


def _age(status_id: str) -> tuple[int, str]:
    """Ids are numbers, ULIDs or flakes: the longer is the later, of the same length the alphabetically later."""
    return len(status_id), status_id


def _next_page(page: Page) -> str | None:
    """The address that the Link header names, on the account's own server and nowhere else."""
    link = LINK.search(page.headers.get("link", ""))
    if link is None:
        return None
    here, there = urlsplit(page.request.url), urlsplit(url_of(link[1], page.request.url) or "")
    if (here.hostname, here.path) != (there.hostname, there.path):
        raise SourceError(f"{page.url} continues on another page than its own: {link[1]}")
    return urlunsplit((here.scheme, here.netloc, here.path, there.query, ""))


def _statuses(body: bytes, url: str) -> list[Mapping[str, Any]]:
    answer = json_of(body, url)
    if isinstance(answer, dict) and "id" in answer:
        return [answer]
    if isinstance(answer, list):
        return [status if isinstance(status, dict) else {} for status in answer]
    reason = text_of(answer.get("error")) if isinstance(answer, dict) else ""
    if re.search(r"authenticat|authori[sz]|log in|sign in|token", reason, re.IGNORECASE):
        raise NotPublic(f"{url} is not public: {reason}")
    raise SourceError(f"{url} did not answer with statuses: {reason or 'something else'}")


def _post(status: Mapping[str, Any], url: str) -> ObservedPost | None:
    shown = status["reblog"] if isinstance(status.get("reblog"), dict) else status
    visibility = text_of(status.get("visibility"))
    number, created_at = id_of(status.get("id")), time_of(status.get("created_at"))
    author = _author(shown, url)
    if not ID.fullmatch(number) or created_at is None or not author or not visibility:
        raise SourceError(f"{url} shows a status without id, time, author or visibility.")
    if visibility not in PUBLIC or shown.get("visibility") not in PUBLIC:
        return None
    kind, parent = _relation(status)
    content = read_html(text_of(shown.get("content")), url)
    permalink = url_of(shown.get("url")) or url_of(shown.get("uri"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{host_of(url)}/{number}",
        author=author,
        kind=kind,
        parent_id=f"{host_of(url)}/{parent}" if parent else None,
        permalink=permalink or f"{origin_of(url)}/@{author.partition('@')[0]}/{number}",
        text="\n\n".join(filter(None, (text_of(shown.get("spoiler_text")).strip(), content.text, _choices(shown)))),
        html=text_of(shown.get("content")),
        language=text_of(shown.get("language")) or None,
        created_at=created_at,
        edited_at=time_of(shown.get("edited_at")),
        visibility=f"visibility={visibility}, as the server's API says",
        media=tuple(_media(shown)),
        links=tuple(link for link in content.links if link not in _mentions(shown)),
    )


def _author(status: Mapping[str, Any], url: str) -> str:
    """`user@host`; the server leaves its own host out."""
    account = status.get("account")
    acct = text_of(account.get("acct")) if isinstance(account, dict) else ""
    return acct if "@" in acct or not acct else f"{acct}@{host_of(url)}"


def _relation(status: Mapping[str, Any]) -> tuple[PostKind, str]:
    """What a status is in relation to another, and the other's id, "" where it is not told."""
    quoting = status.get("quote")
    if isinstance(status.get("reblog"), dict):
        return PostKind.REPOST, id_of(status["reblog"].get("id"))
    if parent := id_of(status.get("in_reply_to_id")):
        return PostKind.REPLY, parent
    if isinstance(quoting, dict):
        quoted = quoting.get("quoted_status")
        return PostKind.QUOTE, id_of(quoted.get("id") if isinstance(quoted, dict) else quoting.get("quoted_status_id"))
    return PostKind.POST, ""


def _choices(status: Mapping[str, Any]) -> str:
    """What a poll lets people choose, a line each."""
    poll = status.get("poll")
    return (
        "\n".join(text_of(choice.get("title")) for choice in objects_in(poll, "options"))
        if isinstance(poll, dict)
        else ""
    )


def _media(status: Mapping[str, Any]) -> Iterable[ObservedMedia]:
    """Media that can be fetched: one that is still being processed has no address yet."""
    for item in objects_in(status, "media_attachments"):
        kind = KINDS.get(text_of(item.get("type")), MediaKind.UNKNOWN)
        found = medium(item.get("url"), key=id_of(item.get("id")), kind=kind, alt=item.get("description"))
        if found is not None:
            yield found


def _mentions(status: Mapping[str, Any]) -> frozenset[str | None]:
    """Addresses of people and tags: not links that the author made."""
    return frozenset(url_of(item.get("url")) for name in ("mentions", "tags") for item in objects_in(status, name))
