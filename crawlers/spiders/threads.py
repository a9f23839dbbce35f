"""
Threads, by its API with the operator's token.

The address of an account is its profile, `https://www.threads.net/@name`. Public profiles are read by name, which takes the permission
`threads_profile_discovery`: https://developers.facebook.com/docs/threads.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from crawlers import graph
from crawlers.account_spider import AccountSpider
from crawlers.answers import readable
from crawlers.listing import listed
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, medium, objects_in, text_of, time_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

API = "https://graph.threads.net/v1.0"

MANIFEST = Manifest(
    name="threads",
    title="Threads",
    reads="posts of one public profile, with quotes",
    authority="Threads API with the operator's token, which may look public profiles up",
    terms_url="https://developers.facebook.com/terms",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    requests_per_minute=3,
    api_hosts=("graph.threads.net",),
    media_hosts=("cdninstagram.com", "fbcdn.net"),
)

HOSTS = frozenset({"threads.net", "www.threads.net", "threads.com", "www.threads.com"})
PROFILE = re.compile(r"/@([A-Za-z0-9._]{1,30})/?")
KINDS = {"IMAGE": MediaKind.IMAGE, "VIDEO": MediaKind.VIDEO, "AUDIO": MediaKind.AUDIO}
REPOST = "REPOST_FACADE"

FIELDS = (
    "id,media_product_type,media_type,media_url,gif_url,permalink,owner,username,text,timestamp,shortcode,thumbnail_url,"
    "children{id,media_type,media_url,thumbnail_url,alt_text},is_quote_post,quoted_post,reposted_post,alt_text,"
    "link_attachment_url,is_reply,replied_to"
)


def native_id(address: str) -> str:
    """The name in lower case."""
    parts = urlsplit(url_of(address) or "")
    profile = PROFILE.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or profile is None:
        raise BadInput(f"'{address}' is no profile of Threads. One looks like https://www.threads.net/@name.")
    return profile[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (graph.asked(API, "profile_posts", role="posts", fields=FIELDS, username=account.native_id, limit="100"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    answer = graph.answer_of(page)
    if page.request.role == "look-up":
        return Reading()
    posts, unreadable = readable(objects_in(answer, "data"), lambda item: _post(item, page.url))
    return listed(posts, page, progress, following=graph.following(answer, page), unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer with many, or with one. `url` is where it came from."""
    return readable(graph.objects_of(body, url), lambda item: _post(item, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    """A repost bears the name of who passed it on, and is none of theirs."""
    return post.kind is not PostKind.REPOST and post.author is not None and post.author.lower() == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return graph.asked(API, quote(native_id), role="look-up", fields="id")


class ThreadsSpider(AccountSpider):
    """Reads one profile of Threads."""

    name = "threads"


def _post(item: Mapping[str, Any], url: str) -> ObservedPost:
    number, created_at = id_of(item.get("id")), time_of(item.get("timestamp"))
    author = text_of(item.get("username"))
    if not graph.ID.fullmatch(number) or created_at is None:
        raise SourceError(f"{url} shows a post without id or time.")
    kind, parent = _relation(item)
    link = url_of(item.get("link_attachment_url"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=author.lower() or None,
        kind=kind,
        parent_id=parent or None,
        permalink=url_of(item.get("permalink")) or f"https://www.threads.net/@{quote(author)}",
        text=text_of(item.get("text")),
        created_at=created_at,
        visibility="shown by the API among the posts of a public profile",
        media=() if kind is PostKind.REPOST else distinct(_media(item)),
        links=(link,) if link else (),
    )


def _relation(item: Mapping[str, Any]) -> tuple[PostKind, str]:
    related = {name: item.get(name) for name in ("reposted_post", "replied_to", "quoted_post")}
    ids = {name: id_of(other.get("id")) if isinstance(other, dict) else "" for name, other in related.items()}
    if text_of(item.get("media_type")) == REPOST:
        return PostKind.REPOST, ids["reposted_post"]
    if item.get("is_reply") is True or ids["replied_to"]:
        return PostKind.REPLY, ids["replied_to"]
    if item.get("is_quote_post") is True:
        return PostKind.QUOTE, ids["quoted_post"]
    return PostKind.POST, ""


def _media(item: Mapping[str, Any]) -> Iterable[ObservedMedia | None]:
    for part in objects_in(item.get("children"), "data") or [item]:
        film = part.get("media_url") or part.get("gif_url")
        kind = KINDS.get(text_of(part.get("media_type")), MediaKind.UNKNOWN) if film else MediaKind.IMAGE
        yield medium(film or part.get("thumbnail_url"), key=id_of(part.get("id")), kind=kind, alt=part.get("alt_text"))
