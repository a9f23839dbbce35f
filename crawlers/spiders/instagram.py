"""
Instagram professional accounts, by the Graph API with the operator's token.

The address of an account is its profile, `https://www.instagram.com/name`; the token is that of the account itself:
https://developers.facebook.com/docs/instagram-platform. Films whose sound is protected come without an address; their cover stands for them.
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
from footprint.posts import MediaKind, ObservedMedia, ObservedPost

API = "https://graph.instagram.com/v26.0"

MANIFEST = Manifest(
    name="instagram",
    title="Instagram professional account",
    reads="posts, carousels and reels of the account whose token it is",
    authority="Instagram API with the token of the account's holder",
    terms_url="https://developers.facebook.com/terms",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    requests_per_minute=3,
    api_hosts=("graph.instagram.com",),
    media_hosts=("cdninstagram.com", "fbcdn.net"),
)

HOSTS = frozenset({"instagram.com", "www.instagram.com"})
PROFILE = re.compile(r"/([A-Za-z0-9._]{1,30})/?")
NO_PROFILES = frozenset({"p", "reel", "reels", "explore", "stories", "accounts", "direct"})
KINDS = {"IMAGE": MediaKind.IMAGE, "VIDEO": MediaKind.VIDEO}

FIELDS = (
    "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp,username,alt_text,"
    "children{id,media_type,media_url,thumbnail_url,alt_text}"
)


def native_id(address: str) -> str:
    """The name in lower case."""
    parts = urlsplit(url_of(address) or "")
    profile = PROFILE.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or profile is None or profile[1].lower() in NO_PROFILES:
        raise BadInput(f"'{address}' is no profile of Instagram. One looks like https://www.instagram.com/name.")
    return profile[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (graph.asked(API, "me", role="account", fields="user_id,username"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    answer = graph.answer_of(page)
    match page.request.role:
        case "account":
            return _read_account(answer, page, account)
        case "look-up":
            return Reading()
    posts, unreadable = readable(objects_in(answer, "data"), lambda item: _post(item, page.url))
    return listed(posts, page, progress, following=graph.following(answer, page), unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer with media, or with one. `url` is where it came from. Stories and advertisements are none."""
    return readable(graph.objects_of(body, url), lambda item: _post(item, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author.lower() == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return graph.asked(API, quote(native_id), role="look-up", fields="id")


class InstagramSpider(AccountSpider):
    """Reads one Instagram account."""

    name = "instagram"


def _read_account(answer: Mapping[str, Any], page: Page, account: Account) -> Reading:
    name, number = text_of(answer.get("username")).lower(), id_of(answer.get("user_id")) or id_of(answer.get("id"))
    if name != account.native_id or not number.isdecimal():
        raise SourceError(f"The token for {API} is of '{name}', not of '{account.native_id}'. Mend: configure its own.")
    return Reading(next=(graph.asked(API, f"{number}/media", role="posts", fields=FIELDS, limit="100"),))


def _post(item: Mapping[str, Any], url: str) -> ObservedPost | None:
    number, created_at = id_of(item.get("id")), time_of(item.get("timestamp"))
    if not graph.ID.fullmatch(number) or created_at is None:
        raise SourceError(f"{url} shows a medium without id or time.")
    if text_of(item.get("media_product_type")) in ("STORY", "AD"):
        return None
    owner = item.get("owner")
    author = text_of(item.get("username")) or (id_of(owner.get("id")) if isinstance(owner, dict) else "")
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=author.lower() or None,
        permalink=url_of(item.get("permalink")) or f"https://www.instagram.com/{quote(author)}",
        text=text_of(item.get("caption")),
        created_at=created_at,
        visibility="published by a professional account, as the API says",
        media=distinct(_media(item)),
    )


def _media(item: Mapping[str, Any]) -> Iterable[ObservedMedia | None]:
    for part in objects_in(item.get("children"), "data") or [item]:
        film = part.get("media_url")
        kind = KINDS.get(text_of(part.get("media_type")), MediaKind.UNKNOWN) if film else MediaKind.IMAGE
        yield medium(film or part.get("thumbnail_url"), key=id_of(part.get("id")), kind=kind, alt=part.get("alt_text"))
