"""
YouTube channels, by the Data API with the operator's key.

The address of an account is its channel, `https://www.youtube.com/@name`. The uploads of a channel are a playlist:
https://developers.google.com/youtube/v3. Films themselves may not be copied: the cover and the words of each are read.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, medium, objects_in, text_of, time_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, RateLimited, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost

API = "https://youtube.googleapis.com/youtube/v3"

MANIFEST = Manifest(
    name="youtube",
    title="YouTube",
    reads="titles, descriptions and covers of the public uploads of one channel",
    authority="YouTube Data API with the operator's key",
    terms_url="https://developers.google.com/youtube/terms/developer-policies",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    token_place="X-Goog-Api-Key",  # noqa: S106 - where it goes
    requests_per_minute=30,  # a key may ask 10,000 times a day
    api_hosts=("youtube.googleapis.com",),
    media_hosts=("ytimg.com",),
)

HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})
CHANNEL = re.compile(r"/(?:channel/(UC[\w-]{22})|(@[\w.·-]{1,60}))(?:/.*)?")
NUMBER = re.compile(r"[\w-]{1,64}")
WITHDRAWN = frozenset({"Private video", "Deleted video"})
SIZES = ("maxres", "standard", "high", "medium", "default")
DAY_S = 86400.0


def native_id(address: str) -> str:
    """The handle in lower case with its `@`, or the channel's id."""
    parts = urlsplit(url_of(address) or "")
    channel = CHANNEL.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or channel is None:
        raise BadInput(f"'{address}' is no channel of YouTube. One looks like https://www.youtube.com/@name.")
    return channel[1] or channel[2].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    name = account.native_id
    which = {"forHandle": name} if name.startswith("@") else {"id": name}
    return (_asked("channels", role="channel", part="contentDetails,snippet", **which),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    answer = _answer(page)
    match page.request.role:
        case "channel":
            return _read_channel(answer, page, account)
        case "look-up":
            if not objects_in(answer, "items"):
                raise SourceGone(f"{page.url} knows no such film, or shows it to nobody.")
            return Reading()
    names = page.request.context.get("names")
    posts, unreadable = _posts(answer, page.url, names if isinstance(names, dict) else {})
    token = text_of(answer.get("nextPageToken"))
    context = {name: page.request.context[name] for name in ("playlist", "names") if name in page.request.context}
    following = replace(_uploads(text_of(context.get("playlist")), token), context=context) if token else None
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str, names: Mapping[str, str] | None = None) -> list[ObservedPost]:
    """
    The films of an answer with entries of a playlist, or with films. `url` is where it came from; `names` tells under which name a channel is
    registered, by its id. What is private, unlisted or deleted is none.
    """
    answer = json_of(body, url)
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise SourceError(f"{url} did not answer with films.")
    return _posts(answer, url, names or {})[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return _asked("videos", role="look-up", part="status", id=native_id)


class YoutubeSpider(AccountSpider):
    """Reads one channel of YouTube."""

    name = "youtube"


def _asked(what: str, *, role: str, **query: str) -> PageRequest:
    return PageRequest(url=f"{API}/{what}?{urlencode(query, safe=',@')}", role=role)


def _uploads(playlist: str, token: str = "") -> PageRequest:
    more = {"pageToken": token} if token else {}
    part = "snippet,contentDetails,status"
    return _asked("playlistItems", role="posts", part=part, playlistId=playlist, maxResults="50", **more)


def _answer(page: Page) -> Mapping[str, Any]:
    """The object of an answer. A key whose day's quota is spent is RateLimited, whatever the status."""
    try:
        answer = json_of(page.body, page.url)
    except SourceError:
        require_found(page)
        raise
    error = answer.get("error") if isinstance(answer, dict) else None
    reasons = {text_of(problem.get("reason")) for problem in objects_in(error, "errors")}
    if reasons & {"quotaExceeded", "rateLimitExceeded", "dailyLimitExceeded"}:
        raise RateLimited(f"{page.url}: the key's quota is spent", retry_after_s=DAY_S)
    if "playlistItemsNotAccessible" in reasons:
        raise NotPublic(f"{page.url}: the channel does not show its uploads.")
    require_found(page)
    if not isinstance(answer, dict):
        raise SourceError(f"{page.url} did not answer as YouTube does.")
    return answer


def _read_channel(answer: Mapping[str, Any], page: Page, account: Account) -> Reading:
    channel = next(iter(objects_in(answer, "items")), None)
    if channel is None:
        raise SourceGone(f"There is no channel {account.address}.")
    details = channel.get("contentDetails")
    lists = details.get("relatedPlaylists") if isinstance(details, dict) else None
    uploads, number = text_of(lists.get("uploads")) if isinstance(lists, dict) else "", text_of(channel.get("id"))
    if not NUMBER.fullmatch(uploads) or not NUMBER.fullmatch(number):
        raise SourceError(f"{page.url} names no uploads of the channel.")
    context = {"playlist": uploads, "names": {number: account.native_id}}
    return Reading(next=(replace(_uploads(uploads), context=context),))


def _posts(answer: Mapping[str, Any], url: str, names: Mapping[str, str]) -> tuple[list[ObservedPost], int]:
    return readable(objects_in(answer, "items"), lambda item: _post(item, url, names))


def _post(item: Mapping[str, Any], url: str, names: Mapping[str, str]) -> ObservedPost | None:
    snippet, details, status = (
        part if isinstance(part := item.get(name), dict) else {} for name in ("snippet", "contentDetails", "status")
    )
    resource = snippet.get("resourceId")
    number = id_of(details.get("videoId")) or (id_of(resource.get("videoId")) if isinstance(resource, dict) else "")
    number = number or id_of(item.get("id"))
    title = text_of(snippet.get("title"))
    if title in WITHDRAWN or text_of(status.get("privacyStatus")) in ("private", "unlisted"):
        return None
    created_at = time_of(details.get("videoPublishedAt")) or time_of(snippet.get("publishedAt"))
    owner = text_of(snippet.get("videoOwnerChannelId")) or text_of(snippet.get("channelId"))
    if not NUMBER.fullmatch(number) or created_at is None:
        raise SourceError(f"{url} shows a film without id or time.")
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=names.get(owner, owner) or None,
        permalink=f"https://www.youtube.com/watch?v={number}",
        text="\n\n".join(filter(None, (title, text_of(snippet.get("description")).strip()))),
        language=text_of(snippet.get("defaultAudioLanguage")) or text_of(snippet.get("defaultLanguage")) or None,
        created_at=created_at,
        visibility=f"privacyStatus={text_of(status.get('privacyStatus')) or 'not told'}, listed by the API for everybody",
        media=distinct([_cover(snippet, number)]),
    )


def _cover(snippet: Mapping[str, Any], number: str) -> ObservedMedia | None:
    covers = snippet.get("thumbnails")
    sizes = [covers.get(size) for size in SIZES] if isinstance(covers, dict) else []
    largest = next((cover.get("url") for cover in sizes if isinstance(cover, dict)), None)
    return medium(largest, key=f"{number}/cover", kind=MediaKind.IMAGE)
