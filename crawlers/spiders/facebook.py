"""
Facebook Pages, by the Graph API with the operator's token.

The address of an account is the Page, `https://www.facebook.com/name`. Posts and reels are two lists: https://developers.facebook.com/docs/graph-api.
Of a busy Page the API lists some 600 posts a year, by rank. Personal profiles may be registered, but the API does not read them and their addresses do
not tell them from Pages: their holders hand over an export.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
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

API = "https://graph.facebook.com/v26.0"

MANIFEST = Manifest(
    name="facebook",
    title="Facebook Page",
    reads="published posts and reels of one Page; of a busy Page, some 600 a year",
    authority="Graph API with a token of the Page, or of an app that may read public Pages",
    terms_url="https://developers.facebook.com/terms",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    requests_per_minute=3,  # an app starts with 200 an hour
    api_hosts=("graph.facebook.com",),
    media_hosts=("fbcdn.net",),
)

HOSTS = frozenset({"facebook.com", "www.facebook.com", "m.facebook.com"})
PAGE = re.compile(r"/(?:pages/[^/]+/|pg/|p/)?([A-Za-z0-9.-]{1,100})/?")
NUMBERED = re.compile(r"/profile\.php\?(?:.*&)?id=([0-9]{1,25})(?:&.*)?")
PEOPLE = re.compile(r"/people/[^/]+/([0-9]{1,25})/?")
NO_PAGES = frozenset({"profile.php", "groups", "events", "watch", "marketplace", "login", "share", "search", "pages"})

FIELDS = (
    "id,message,story,created_time,permalink_url,status_type,is_published,is_hidden,is_expired,from,parent_id,full_picture,"
    "attachments{media_type,type,title,description,url,unshimmed_url,media,target,subattachments}"
)
REEL_FIELDS = "id,description,created_time,permalink_url,source,picture,published"


def native_id(address: str) -> str:
    """The name of the Page or person in lower case, or the number."""
    parts = urlsplit(url_of(address) or "")
    page = (
        NUMBERED.fullmatch(f"{parts.path}?{parts.query}") or PEOPLE.fullmatch(parts.path) or PAGE.fullmatch(parts.path)
    )
    if parts.netloc.lower() not in HOSTS or page is None or page[1].lower() in NO_PAGES:
        raise BadInput(f"'{address}' is no Page or profile of Facebook. One looks like https://www.facebook.com/name.")
    return page[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (graph.asked(API, quote(account.native_id), role="page", fields="id,name,username"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    answer = graph.answer_of(page)
    match page.request.role:
        case "page":
            return _read_page(answer, page, account)
        case "look-up":
            return Reading()
    names = page.request.context.get("names")
    items = objects_in(answer, "data")
    posts, unreadable = _posts(items, page.url, names if isinstance(names, dict) else {})
    reading = listed(posts, page, progress, following=graph.following(answer, page), unreadable=unreadable)
    return replace(reading, covers=None, state={}) if page.request.role == "reels" else reading


def parse_posts(body: bytes, *, url: str, names: Mapping[str, str] | None = None) -> list[ObservedPost]:
    """
    The posts or reels of an answer. `url` is where it came from; `names` tells under which name a Page is registered, by its number.

    What is hidden, expired or not published is none. A post that names no publisher is the Page's whose number its id begins with.
    """
    return _posts(graph.objects_of(body, url), url, names or {})[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author.lower() == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return graph.asked(API, quote(native_id), role="look-up", fields="id")


class FacebookSpider(AccountSpider):
    """Reads one Facebook Page."""

    name = "facebook"


def _read_page(answer: Mapping[str, Any], page: Page, account: Account) -> Reading:
    number, name = id_of(answer.get("id")), text_of(answer.get("username")).lower()
    if not number.isdecimal() or account.native_id not in (number, name):
        raise SourceError(f"{page.url} did not answer with the Page '{account.native_id}'.")
    lists = (
        graph.asked(API, f"{number}/published_posts", role="posts", fields=FIELDS, limit="100"),
        graph.asked(API, f"{number}/video_reels", role="reels", fields=REEL_FIELDS, limit="100"),
    )
    return Reading(next=tuple(replace(asked, context={"names": {number: account.native_id}}) for asked in lists))


def _posts(items: Iterable[Mapping[str, Any]], url: str, names: Mapping[str, str]) -> tuple[list[ObservedPost], int]:
    owner = next(iter(names.values()), "") if "/video_reels" in url else ""
    return readable(items, lambda item: _post(item, url, names, owner))


def _post(item: Mapping[str, Any], url: str, names: Mapping[str, str], owner: str) -> ObservedPost | None:
    number, created_at = id_of(item.get("id")), time_of(item.get("created_time"))
    if not graph.ID.fullmatch(number) or created_at is None:
        raise SourceError(f"{url} shows a post without id or time.")
    if False in (item.get("is_published"), item.get("published")) or True in (
        item.get("is_hidden"),
        item.get("is_expired"),
    ):
        return None
    sender = item.get("from")
    publisher = (
        id_of(sender.get("id")) if isinstance(sender, dict) else number.partition("_")[0] if "_" in number else ""
    )
    words = (item.get("message") or item.get("description") or item.get("name"), item.get("story"))
    is_shared = bool(item.get("parent_id")) or text_of(item.get("status_type")) == "shared_story"
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=names.get(publisher, publisher) or owner or None,
        kind=PostKind.QUOTE if is_shared else PostKind.POST,
        parent_id=id_of(item.get("parent_id")) or None,
        permalink=url_of(item.get("permalink_url") or item.get("link"), "https://www.facebook.com/")
        or f"https://www.facebook.com/{number}",
        text="\n\n".join(filter(None, (text_of(word).strip() for word in words))),
        created_at=created_at,
        visibility="published, as the Graph API says",
        media=() if is_shared else distinct(_media(item)),
        links=tuple(_links(item)),
    )


def _media(item: Mapping[str, Any]) -> Iterable[ObservedMedia | None]:
    attachments = list(objects_in(item.get("attachments"), "data"))
    if not attachments:
        images = [image.get("source") for image in objects_in(item, "images")]  # of a photo, the largest first
        address = item.get("source") or next(iter(images), None) or item.get("full_picture") or item.get("picture")
        yield medium(address, key=id_of(item.get("id")), alt=item.get("alt_text"))
    for attachment in attachments:
        parts = objects_in(attachment.get("subattachments"), "data") or [attachment]
        for part in parts:
            yield _medium(part)


def _medium(part: Mapping[str, Any]) -> ObservedMedia | None:
    """The film of an attachment where the token may have it, else its picture; known by what it shows, since addresses expire."""
    told, target = part.get("media"), part.get("target")
    told = told if isinstance(told, dict) else {}
    image = told.get("image")
    address = told.get("source") or (image.get("src") if isinstance(image, dict) else None)
    key = id_of(target.get("id")) if isinstance(target, dict) else ""
    kind = MediaKind.VIDEO if told.get("source") else MediaKind.IMAGE
    return medium(address, key=key, kind=kind, alt=part.get("description"))


def _links(item: Mapping[str, Any]) -> Iterable[str]:
    for attachment in objects_in(item.get("attachments"), "data"):
        link = url_of(attachment.get("unshimmed_url"))
        if link and text_of(attachment.get("media_type")) == "link":
            yield link
