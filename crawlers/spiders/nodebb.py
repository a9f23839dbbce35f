"""
NodeBB forums.

The address of an account is its profile, `https://forum.example/user/dana-reed`. Every page has a twin in JSON below `/api`, and the list of
a member's posts shows them in full: https://docs.nodebb.org
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.profiles import Profiles
from crawlers.values import EARLIEST, id_of, objects_in, text_of, time_of, url_of
from footprint.accounts import Account
from footprint.errors import SourceError, SourceGone
from footprint.posts import ObservedPost, PostKind

MANIFEST = Manifest(
    name="nodebb",
    title="NodeBB forum",
    reads="public topics and replies of one member, with edits",
    authority="unauthenticated public JSON of the forum itself",
    terms_url="https://docs.nodebb.org/api/read/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,
)

PROFILES = Profiles(
    what="NodeBB profile",
    example="https://forum.example/user/dana-reed",
    path=re.compile(r"(?P<folder>.*?)/(?:api/)?user/(?P<name>[^/?#]+)(?:[/?].*)?"),
    name=re.compile(r"[^\s/@]{1,80}"),
)


native_id = PROFILES.native_id


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (_list_page(1, account),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.request.role == "look-up":
        _require_there(page)
        return Reading()
    require_found(page)
    posts, unreadable = _posts(page.body, page.url)
    context = page.request.context
    ids = [post.native_id for post in posts]
    # There is no telling how many pages there are: guests are told one. The one past the last is empty.
    is_last = not posts or ids == context.get("ids")
    number = int(id_of(context.get("page")) or 1)
    following = None if is_last else _list_page(number + 1, account, ids=ids)
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer of `/api/user/{slug}/posts` or `/api/topic/{tid}`, but for deleted ones. `url` names the forum."""
    return _posts(body, url)[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return (post.author or "").casefold() == account.native_id.casefold()


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    """The post itself, from version 1.15 on: a deleted one stays, and is marked as such."""
    base, _ = PROFILES.home(account.address)
    return PageRequest(url=f"{base}/api/v3/posts/{quote(native_id.rpartition('/')[2], safe='')}", role="look-up")


class NodebbSpider(AccountSpider):
    """Reads one member of a NodeBB forum."""

    name = "nodebb"


def _list_page(number: int, account: Account, **context: Any) -> PageRequest:
    base, slug = PROFILES.home(account.address)
    url = f"{base}/api/user/{quote(slug, safe='')}/posts?page={number}"
    return PageRequest(url=url, role="posts", context={"page": number, **context})


def _posts(body: bytes, url: str) -> tuple[list[ObservedPost], int]:
    answer = json_of(body, url)
    if not isinstance(answer, dict) or not isinstance(answer.get("posts"), list):
        raise SourceError(f"{url} did not answer as a NodeBB forum does.")
    base = url.partition("/api/")[0]
    return readable(objects_in(answer, "posts"), lambda item: _post(item, answer, base))


def _post(item: Mapping[str, Any], page: Mapping[str, Any], base: str) -> ObservedPost | None:
    """One post. Of a list the post names its topic; on the topic's page the page is the topic."""
    if _number(item.get("deleted")) or item.get("scheduled") is True:
        return None
    told = item.get("topic")
    topic: Mapping[str, Any] = told if isinstance(told, dict) else page
    number, thread = id_of(item.get("pid")), id_of(item.get("tid"))
    created_at = _time(item, "timestamp")
    if not number or not thread or created_at is None:
        raise SourceError(f"{base} shows a post without id, topic or time.")
    if _number(topic.get("deleted")):
        return None
    forum = base.partition("://")[2]
    user = item.get("user")
    slug = text_of(user.get("userslug")) if isinstance(user, dict) else ""
    is_topic = item.get("isMainPost") is True or number == id_of(topic.get("mainPid"))
    content = read_html(text_of(item.get("content")), f"{base}/", skip=_is_quote)
    title = read_html(text_of(topic.get("titleRaw")) or text_of(topic.get("title")), base).text
    above = id_of(item.get("toPid")) or id_of(topic.get("mainPid"))
    edited = _time(item, "edited")
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{forum}/{number}",
        author=f"{slug}@{forum}" if slug else None,
        kind=PostKind.TOPIC if is_topic else PostKind.REPLY,
        parent_id=None if is_topic else f"{forum}/{above}" if above else f"{forum}/t/{thread}",
        permalink=url_of(f"{base}/post/{quote(number, safe='')}") or base,
        text=titled(title, content.text) if is_topic else content.text,
        html=text_of(item.get("content")),
        created_at=created_at,
        edited_at=edited if edited and edited > created_at else None,
        visibility="shown by the forum's public JSON, read without signing in",
        media=content.media,
        links=content.links,
    )


def _is_quote(element: Any) -> bool:
    return bool(element.tag == "blockquote")


def _require_there(page: Page) -> None:
    """Raise SourceGone for a post that is deleted, whether it is kept or not, SourceError where the server cannot be asked for one."""
    if page.status not in (200, 404):
        require_found(page)
    answer = json_of(page.body, page.url)
    status, post = (answer.get("status"), answer.get("response")) if isinstance(answer, dict) else (None, None)
    if not isinstance(status, dict):
        raise SourceError(f"{page.url} is unknown to the server; NodeBB tells of single posts from version 1.15 on.")
    if page.status == 404 or (isinstance(post, dict) and _number(post.get("deleted"))):
        raise SourceGone(f"{page.url} is deleted.")


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    """A time as ISO 8601, else in milliseconds, which older versions write as text."""
    told = time_of(item.get(f"{name}ISO"))
    milliseconds = _number(item.get(name))
    if told is None and milliseconds < 10**13:
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        told = at if at >= EARLIEST else None
    return told


def _number(value: Any) -> int:
    """A whole number, also one in text, 0 for anything else."""
    text = id_of(int(value)) if isinstance(value, bool) else id_of(value)
    return int(text) if text.isdecimal() and len(text) < 20 else 0
