"""
Reddit, by its API with the operator's token.

The address of an account is its profile, `https://www.reddit.com/user/name`. Its last thousand posts and comments are one list:
https://www.reddit.com/dev/api. Use by a government takes an agreement with Reddit.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, media_kind, medium, moment_of, objects_in, text_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

API = "https://oauth.reddit.com"
SITE = "https://www.reddit.com"

MANIFEST = Manifest(
    name="reddit",
    title="Reddit",
    reads="the last thousand public posts and comments of one account",
    authority="Data API with the operator's token, under an agreement with Reddit",
    terms_url="https://redditinc.com/policies/data-api-terms",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    requests_per_minute=60,  # a client may ask 100 times
    api_hosts=("oauth.reddit.com",),
    media_hosts=("redd.it",),
    needs_approval=True,
)

HOSTS = frozenset({"reddit.com", "www.reddit.com", "old.reddit.com", "new.reddit.com"})
PROFILE = re.compile(r"/(?:user|u)/([A-Za-z0-9_-]{3,20})(?:/.*)?")
NAME = re.compile(r"t[13]_[a-z0-9]{1,20}")
NOBODY = "[deleted]"


def native_id(address: str) -> str:
    """The name in lower case."""
    parts = urlsplit(url_of(address) or "")
    profile = PROFILE.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or profile is None:
        raise BadInput(f"'{address}' is no profile of Reddit. One looks like https://www.reddit.com/user/name.")
    return profile[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (_overview(account),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    listing = _listing(page.body, page.url)
    items = objects_in(listing, "children")
    posts, unreadable = readable(items, lambda item: _post(item, page.url))
    if page.request.role == "look-up":
        if not any(_stands(item) for item in items):
            raise SourceGone(f"{page.url} shows no such post any more.")
        return Reading()
    after = text_of(listing.get("after"))
    following = _overview(account, after) if NAME.fullmatch(after) else None
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts and comments of a listing. `url` is where it came from. What was removed is none."""
    return readable(objects_in(_listing(body, url), "children"), lambda item: _post(item, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author.lower() == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=f"{API}/api/info?id={quote(native_id)}&raw_json=1", role="look-up")


class RedditSpider(AccountSpider):
    """Reads one account of Reddit."""

    name = "reddit"


def _overview(account: Account, after: str = "") -> PageRequest:
    query = {"sort": "new", "limit": "100", "raw_json": "1", **({"after": after} if after else {})}
    return PageRequest(url=f"{API}/user/{quote(account.native_id)}/overview?{urlencode(query)}")


def _listing(body: bytes, url: str) -> Mapping[str, Any]:
    answer = json_of(body, url)
    listing = answer.get("data") if isinstance(answer, dict) and answer.get("kind") == "Listing" else None
    if not isinstance(listing, dict) or not isinstance(listing.get("children"), list):
        raise SourceError(f"{url} did not answer with a listing.")
    return listing


def _stands(item: Mapping[str, Any]) -> bool:
    """Whether a thing is neither deleted by its author nor removed by others."""
    thing = item.get("data")
    return (
        isinstance(thing, dict)
        and text_of(thing.get("author")) not in ("", NOBODY)
        and not thing.get("removed_by_category")
    )


def _post(item: Mapping[str, Any], url: str) -> ObservedPost | None:
    thing = item.get("data")
    thing = thing if isinstance(thing, dict) else {}
    if item.get("kind") not in ("t1", "t3"):
        return None
    name, created_at = text_of(thing.get("name")), moment_of(thing.get("created_utc"))
    permalink = url_of(thing.get("permalink"), SITE)
    if not NAME.fullmatch(name) or created_at is None or permalink is None:
        raise SourceError(f"{url} shows a post without name, time or address.")
    if not _stands(item):
        return None
    is_comment = name.startswith("t1_")
    content = read_html(text_of(thing.get("body_html" if is_comment else "selftext_html")), SITE)
    words = text_of(thing.get("body" if is_comment else "selftext")).strip()
    link = url_of(thing.get("url"))
    outside = (link,) if link and not is_comment and thing.get("is_self") is False else ()
    passes_on = bool(objects_in(thing, "crosspost_parent_list"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=name,
        author=text_of(thing.get("author")).lower(),
        kind=PostKind.COMMENT if is_comment else PostKind.QUOTE if passes_on else PostKind.POST,
        parent_id=text_of(thing.get("parent_id" if is_comment else "crosspost_parent")) or None,
        permalink=permalink,
        text=titled(text_of(thing.get("title")), words),
        html=text_of(thing.get("body_html" if is_comment else "selftext_html")),
        created_at=created_at,
        edited_at=moment_of(thing.get("edited")),
        visibility="listed by the API for everybody",
        media=() if passes_on else distinct((*_media(thing), *content.media)),
        links=tuple(dict.fromkeys((*content.links, *outside))),
    )


def _media(thing: Mapping[str, Any]) -> Iterable[ObservedMedia | None]:
    """A gallery in its order, a film of Reddit's own, or the picture that a post leads to."""
    told, gallery, film = thing.get("media_metadata"), thing.get("gallery_data"), thing.get("media")
    captions = {id_of(entry.get("media_id")): entry.get("caption") for entry in objects_in(gallery, "items")}
    for key in dict.fromkeys((*captions, *(told if isinstance(told, dict) else ()))):
        details = told.get(key) if isinstance(told, dict) else None
        source = details.get("s") if isinstance(details, dict) else None
        if isinstance(source, dict):
            address = source.get("u") or source.get("gif") or source.get("mp4")
            yield medium(address, key=text_of(key), kind=MediaKind.IMAGE, alt=captions.get(key))
    video = film.get("reddit_video") if isinstance(film, dict) else None
    if isinstance(video, dict):
        yield medium(video.get("fallback_url"), kind=MediaKind.VIDEO)
    link = url_of(thing.get("url"))
    if link and media_kind(link) is not MediaKind.UNKNOWN:
        yield medium(link)
