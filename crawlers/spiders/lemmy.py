"""
Lemmy, by both generations of its API.

The address of an account is its profile, `https://lemmy.example/u/name`. Servers from 1.0 on answer at `/api/v4/person/content`, older ones
and those that imitate them at `/api/v3/user`; which it is is tried once and remembered: https://join-lemmy.org/docs/contributors/04-api.html
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.profiles import Profiles
from crawlers.values import (
    FIRST_TIME,
    distinct,
    host_of,
    id_of,
    media_kind,
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
    name="lemmy",
    title="Lemmy",
    reads="public posts and comments of one account, with edits",
    authority="unauthenticated public API of the account's own server",
    terms_url="https://join-lemmy.org/docs/contributors/04-api.html",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,  # servers allow 180
)

PROFILES = Profiles(
    what="Lemmy profile",
    example="https://lemmy.example/u/name",
    path=re.compile(r"(?P<folder>)/u/(?P<name>[A-Za-z0-9_]{1,60})/?(?:\?.*)?"),
)
LIMIT = 50
V3, V4 = "v3", "v4"

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


native_id = PROFILES.native_id


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (_first_page(account, V3 if progress.state.get("api") == V3 else V4),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.request.role == "look-up":
        return _read_look_up(page)
    if page.status == 404 and page.request.role == V4 and not _error(page.body):
        return Reading(next=(_first_page(account, V3),))  # an older server knows no such address
    if page.status == 404 and page.request.role == V3 and not _error(page.body):
        return Reading(next=(_first_page(account, V4),))  # one that was renewed since
    if page.status == 400:
        _views(page.body, page.url)  # raises what the server says
    require_found(page)
    return _read_list(page, account, progress)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts and comments of an answer of either generation. `url` is where it came from: it names the server."""
    return readable(_views(body, url), lambda view: _post(view, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author.lower() == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    sort, _, number = native_id.rpartition("/")
    sort = sort.rpartition("/")[2]
    return PageRequest(url=f"{origin_of(account.address)}/api/v3/{quote(sort)}?id={quote(number)}", role="look-up")


class LemmySpider(AccountSpider):
    """Reads one Lemmy account."""

    name = "lemmy"


def _read_look_up(page: Page) -> Reading:
    """The server says that it knows no such post, or marks it as withdrawn; 404 alone is what it says to any address it does not know."""
    if page.status in (400, 404, 410) and _error(page.body) in (
        "couldnt_find_post",
        "couldnt_find_comment",
        "not_found",
    ):
        raise SourceGone(f"{page.url} knows no such post.")
    if page.status >= 400:
        raise SourceError(f"{page.url} answered HTTP {page.status}.")
    answer = json_of(page.body, page.url)
    views = (answer.get(f"{sort}_view") for sort in ("post", "comment")) if isinstance(answer, dict) else ()
    if any(_is_withdrawn(view) for view in views if isinstance(view, dict)):
        raise SourceGone(f"{page.url} shows a post that was withdrawn.")
    return Reading()


def _first_page(account: Account, api: str) -> PageRequest:
    base, user = origin_of(account.address), quote(account.native_id.partition("@")[0])
    query = f"user?username={user}&sort=New&limit={LIMIT}"
    if api == V4:
        query = f"person/content?username={user}&type_=all&limit={LIMIT}"
    return PageRequest(url=f"{base}/api/{api}/{query}", role=api)


def _read_list(page: Page, account: Account, progress: Progress) -> Reading:
    """One page, newest first: of posts and comments in one list (v4), or in two side by side (v3)."""
    url, api = page.request.url, page.request.role
    answer = json_of(page.body, url)
    views = _views(page.body, url)
    posts, unreadable = readable(views, lambda view: _post(view, url))
    bounds = [_bound(views)] if api == V4 else [_bound(_v3(answer, sort), limit=LIMIT) for sort in ("post", "comment")]
    further = _next(account, answer, page) if views else None
    following = PageRequest(url=further, role=api) if further else None
    reading = listed(posts, page, progress, following=following, unreadable=unreadable, oldest=max(bounds))
    return replace(
        reading,
        state={"api": api, **reading.state},
        missing=tuple(_native_id(view, url) for view in views if _is_withdrawn(view)),
    )


def _bound(views: list[Mapping[str, Any]], *, limit: int = 0) -> datetime:
    """How far back a list reaches; one that is not full reaches back to the beginning."""
    times = [at for view in views if (at := _published(_thing(view)[1])) is not None]
    return min(times) if times and len(views) >= limit else FIRST_TIME


def _next(account: Account, answer: Any, page: Page) -> str | None:
    first = _first_page(account, page.request.role).url
    if page.request.role == V4:
        cursor = text_of(answer.get("next_page")) if isinstance(answer, dict) else ""
        return f"{first}&page_cursor={quote(cursor, safe='')}" if cursor else None
    if all(len(_v3(answer, sort)) < LIMIT for sort in ("post", "comment")):
        return None
    number = re.search(r"&page=(\d+)$", page.request.url)
    return f"{first}&page={int(number[1]) + 1 if number else 2}"


def _v3(answer: Any, sort: str) -> list[Mapping[str, Any]]:
    return objects_in(answer, f"{sort}s")


def _error(body: bytes) -> str:
    """The word by which a server refuses, "" where it does not speak as Lemmy does."""
    try:
        answer = json_of(body, "the server")
    except SourceError:
        return ""
    return text_of(answer.get("error")) if isinstance(answer, dict) else ""


def _views(body: bytes, url: str) -> list[Mapping[str, Any]]:
    answer = json_of(body, url)
    if isinstance(answer, dict):
        if reason := text_of(answer.get("error")):
            gone = ("couldnt_find", "not_found", "deleted")
            wall = ("not_logged_in", "private", "login")
            if any(word in reason for word in wall):
                raise NotPublic(f"{url} is not public: {reason}")
            raise (SourceGone if any(word in reason for word in gone) else SourceError)(f"{url}: {reason}")
        if isinstance(answer.get("items"), list):
            return [item if isinstance(item, dict) else {} for item in answer["items"]]
        if isinstance(answer.get("posts"), list) or isinstance(answer.get("comments"), list):
            return [*_v3(answer, "post"), *_v3(answer, "comment")]
        if one := [answer[name] for name in ("post_view", "comment_view") if isinstance(answer.get(name), dict)]:
            return one
    raise SourceError(f"{url} did not answer as a Lemmy server does.")


def _thing(view: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """What a view shows: a comment, which stands beside its post, or a post."""
    for sort in ("comment", "post"):
        if isinstance(found := view.get(sort), dict):
            return sort, found
    return "", {}


def _published(thing: Mapping[str, Any]) -> datetime | None:
    return time_of(thing.get("published_at") or thing.get("published"))


def _is_withdrawn(view: Mapping[str, Any]) -> bool:
    return any(_thing(view)[1].get(flag) is True for flag in ("deleted", "removed"))


def _native_id(view: Mapping[str, Any], url: str) -> str:
    sort, thing = _thing(view)
    return f"{host_of(url)}/{sort}/{id_of(thing.get('id'))}"


def _post(view: Mapping[str, Any], url: str) -> ObservedPost | None:
    sort, thing = _thing(view)
    number, created_at, author = id_of(thing.get("id")), _published(thing), _author(view, url)
    if not number or created_at is None or not author:
        raise SourceError(f"{url} shows a post without id, time or author.")
    community = view.get("community")
    if _is_withdrawn(view) or not _is_public(community if isinstance(community, dict) else {}):
        return None
    permalink = url_of(thing.get("ap_id")) or f"{origin_of(url)}/{sort}/{number}"
    markup = MARKDOWN.render(text_of(thing.get("content" if sort == "comment" else "body")))
    content = read_html(markup, permalink)
    edited_at = time_of(thing.get("updated_at") or thing.get("updated"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=_native_id(view, url),
        author=author,
        kind=PostKind.COMMENT if sort == "comment" else PostKind.TOPIC,
        parent_id=_parent(thing, url) if sort == "comment" else None,
        permalink=permalink,
        text=content.text if sort == "comment" else titled(text_of(thing.get("name")).strip(), content.text),
        html=markup,
        created_at=created_at,
        edited_at=edited_at if edited_at and edited_at > created_at else None,
        visibility="listed by the server's API without signing in",
        media=distinct((*_linked(thing, permalink), *content.media)),
        links=tuple(dict.fromkeys((*_link(thing, permalink), *content.links))),
    )


def _is_public(community: Mapping[str, Any]) -> bool:
    """Some communities are for their members, or for people of the same server."""
    return text_of(community.get("visibility") or "public").lower() in ("public", "unlisted")


def _author(view: Mapping[str, Any], url: str) -> str:
    creator = view.get("creator")
    if not isinstance(creator, dict):
        return ""
    home = url_of(creator.get("ap_id") or creator.get("actor_id"))
    name = text_of(creator.get("name"))
    return f"{name}@{host_of(home or url)}" if name else ""


def _parent(comment: Mapping[str, Any], url: str) -> str | None:
    """A comment's path names the comments above it, from `0` down to itself."""
    above = text_of(comment.get("path")).split(".")[1:-1]
    if above and above[-1].isdigit():
        return f"{host_of(url)}/comment/{above[-1]}"
    post = id_of(comment.get("post_id"))
    return f"{host_of(url)}/post/{post}" if post else None


def _is_medium(thing: Mapping[str, Any], address: str) -> bool:
    return media_kind(address, thing.get("url_content_type")) is not MediaKind.UNKNOWN


def _linked(thing: Mapping[str, Any], base: str) -> Iterable[ObservedMedia | None]:
    """What a post links to, where that is a medium; the thumbnail of a page is somebody else's picture."""
    address = url_of(thing.get("url"), base)
    if address and _is_medium(thing, address):
        yield medium(address, mime=thing.get("url_content_type"), alt=thing.get("alt_text"))


def _link(thing: Mapping[str, Any], base: str) -> Iterable[str]:
    address = url_of(thing.get("url"), base)
    if address and not _is_medium(thing, address):
        yield address
