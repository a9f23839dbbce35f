"""
Misago forums.

The address of an account is its profile, `https://forum.example/u/dana-reed/31/`. The JSON list of a member's posts shows them in full, but
not whether a post opens its thread: https://misago-project.org
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import classes_of, read_html
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import (
    distinct,
    host_of,
    id_of,
    medium,
    objects_in,
    text_of,
    time_of,
    url_of,
)
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, SourceError
from footprint.posts import ObservedPost, PostKind

MANIFEST = Manifest(
    name="misago",
    title="Misago forum",
    reads="public posts of one member, with edits",
    authority="unauthenticated public JSON of the forum itself",
    terms_url="https://misago-project.org",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,
)

PROFILE = re.compile(r"(.*?)/u/([\w-]{1,60})/(\d{1,18})(?:/.*)?")
QUOTES = frozenset({"blockquote"})
QUOTE_BOXES = frozenset({"quote-block", "quote-heading"})


def native_id(address: str) -> str:
    """`slug@host`, the host with its port and the forum's folder where it has them."""
    base, slug, _ = _profile(address)
    return f"{slug}@{base.partition('://')[2]}"


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (_list_from("0", account),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    if page.request.role == "look-up":
        return Reading()
    posts, unreadable = _posts(page.body, page.url)
    answer = json_of(page.body, page.url)
    number = id_of(answer.get("next"))
    following = _list_from(number, account) if number and posts else None
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer of `/api/users/{id}/posts/`, but for hidden and unapproved ones. `url` names the forum."""
    return _posts(body, url)[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return (post.author or "").casefold() == account.native_id.casefold()


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    """The address of the post itself, which leads to its place in the thread."""
    return PageRequest(url=permalink, role="look-up")


class MisagoSpider(AccountSpider):
    """Reads one member of a Misago forum."""

    name = "misago"


def _profile(address: str) -> tuple[str, str, str]:
    """Where the forum's addresses begin, the member's slug and number."""
    url = url_of(address) or ""
    found = PROFILE.fullmatch(urlsplit(url).path)
    if found is None:
        raise BadInput(f"'{address}' is no Misago profile. One looks like https://forum.example/u/dana-reed/31/.")
    return f"{urlsplit(url).scheme}://{host_of(url)}{found[1]}", _slug(found[2]), found[3]


def _slug(name: str) -> str:
    """A member's name as it stands in addresses."""
    return name.lower().replace("_", "-")


def _list_from(number: str, account: Account) -> PageRequest:
    base, _, member = _profile(account.address)
    return PageRequest(url=f"{base}/api/users/{member}/posts/?start={number}", role="posts")


def _posts(body: bytes, url: str) -> tuple[list[ObservedPost], int]:
    answer = json_of(body, url)
    if isinstance(answer, dict) and "detail" in answer:
        raise NotPublic(f"{url}: {text_of(answer['detail'])[:200]}")
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise SourceError(f"{url} did not answer as a Misago forum does.")
    base = url.partition("/api/")[0]
    return readable(objects_in(answer, "results"), lambda item: _post(item, base))


def _post(item: Mapping[str, Any], base: str) -> ObservedPost | None:
    if any(item.get(flag) for flag in ("is_hidden", "is_unapproved", "is_event")):
        return None
    number, name, created_at = id_of(item.get("id")), text_of(item.get("poster_name")), time_of(item.get("posted_on"))
    addresses, thread = item.get("url"), item.get("thread")
    permalink = url_of(addresses.get("index"), f"{base}/") if isinstance(addresses, dict) else None
    if not number or not name or created_at is None or permalink is None or host_of(permalink) != host_of(base):
        raise SourceError(f"{base} shows a post without id, author, time or address.")
    forum = base.partition("://")[2]
    found = re.search(r"/(\d+)/?$", text_of(thread.get("url"))) if isinstance(thread, dict) else None
    content = read_html(text_of(item.get("content")), f"{base}/", skip=_is_foreign)
    edits = item.get("edits")
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{forum}/{number}",
        author=f"{_slug(name)}@{forum}",
        kind=PostKind.POST,
        parent_id=f"{forum}/t/{found[1]}" if found else None,
        permalink=permalink,
        text=content.text,
        html=text_of(item.get("content")),
        created_at=created_at,
        edited_at=time_of(item.get("updated_on")) if isinstance(edits, int) and edits > 0 else None,
        visibility="shown by the forum's public JSON, read without signing in",
        media=distinct((*content.media, *(_attached(file, base) for file in objects_in(item, "attachments")))),
        links=content.links,
    )


def _attached(file: Mapping[str, Any], base: str) -> Any:
    addresses = file.get("url")
    address = addresses.get("index") if isinstance(addresses, dict) else None
    return medium(address, f"{base}/", mime=file.get("filetype"), alt=file.get("filename"))


def _is_foreign(element: Any) -> bool:
    return element.tag in QUOTES or not QUOTE_BOXES.isdisjoint(classes_of(element))
