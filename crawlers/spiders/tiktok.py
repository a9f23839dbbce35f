"""
TikTok, by its Display API with the token of the account's holder.

The address of an account is its profile, `https://www.tiktok.com/@name`. The API lists the holder's own public films, and shows of each the words and
the cover: https://developers.tiktok.com/doc/tiktok-api-v2-video-list. Addresses of covers live for six hours.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, medium, moment_of, objects_in, text_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, RateLimited, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedPost

API = "https://open.tiktokapis.com/v2"

MANIFEST = Manifest(
    name="tiktok",
    title="TikTok",
    reads="words and covers of the public films of the account whose token it is",
    authority="Display API with the token of the account's holder",
    terms_url="https://www.tiktok.com/legal/page/global/tik-tok-developer-terms-of-service/en",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    requests_per_minute=30,  # a token may ask 600 times
    api_hosts=("open.tiktokapis.com",),
    media_hosts=("tiktokcdn.com", "tiktokcdn-us.com", "tiktokcdn-eu.com"),
)

HOSTS = frozenset({"tiktok.com", "www.tiktok.com", "m.tiktok.com"})
PROFILE = re.compile(r"/@([\w.]{1,24})/?")
FIELDS = "id,create_time,cover_image_url,share_url,video_description,title"
AT_ONCE = 20
WAIT_S = 60.0
REFUSALS = {
    "access_token_invalid": SourceError,
    "scope_not_authorized": NotPublic,
    "scope_permission_missed": NotPublic,
}


def native_id(address: str) -> str:
    """The name in lower case."""
    parts = urlsplit(url_of(address) or "")
    profile = PROFILE.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or profile is None:
        raise BadInput(f"'{address}' is no profile of TikTok. One looks like https://www.tiktok.com/@name.")
    return profile[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (PageRequest(url=f"{API}/user/info/?fields=username", role="account"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    data = _data(page)
    match page.request.role:
        case "account":
            return _read_account(data, account)
        case "look-up":
            if not objects_in(data, "videos"):
                raise SourceGone(f"{page.url} knows no such film any more.")
            return Reading()
    posts, unreadable = readable(objects_in(data, "videos"), lambda video: _post(video, page.url, account.native_id))
    cursor = data.get("cursor")
    following = _films(cursor) if data.get("has_more") is True and isinstance(cursor, int) else None
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str, author: str = "") -> list[ObservedPost]:
    """The films of an answer. `url` is where it came from; `author` whose token asked, which the answer does not tell but by addresses."""
    data = _data_of(json_of(body, url), url)
    if not isinstance(data.get("videos"), list):
        raise SourceError(f"{url} did not answer with films.")
    return readable(objects_in(data, "videos"), lambda video: _post(video, url, author))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    url = f"{API}/video/query/?{urlencode({'fields': 'id'})}#{quote(native_id)}"
    return PageRequest(url=url, role="look-up", body=json.dumps({"filters": {"video_ids": [native_id]}}))


class TiktokSpider(AccountSpider):
    """Reads one account of TikTok."""

    name = "tiktok"


def _films(cursor: int | None = None) -> PageRequest:
    asked = {"max_count": AT_ONCE, **({"cursor": cursor} if cursor is not None else {})}
    url = f"{API}/video/list/?{urlencode({'fields': FIELDS}, safe=',')}#{cursor or 'newest'}"
    return PageRequest(url=url, role="posts", body=json.dumps(asked))


def _data(page: Page) -> Mapping[str, Any]:
    """What an answer says. TikTok says what is wrong in the answer, whatever the status."""
    try:
        answer = json_of(page.body, page.url)
    except SourceError:
        require_found(page)
        raise
    data = _data_of(answer, page.url)
    require_found(page)
    return data


def _data_of(answer: Any, url: str) -> Mapping[str, Any]:
    error = answer.get("error") if isinstance(answer, dict) else None
    code = text_of(error.get("code")) if isinstance(error, dict) else ""
    if code == "rate_limit_exceeded":
        raise RateLimited(f"{url}: {code}", retry_after_s=WAIT_S)
    if code not in ("", "ok"):
        raise REFUSALS.get(code, SourceError)(f"{url}: {code}")
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        raise SourceError(f"{url} did not answer as TikTok does.")
    return data


def _read_account(data: Mapping[str, Any], account: Account) -> Reading:
    user = data.get("user")
    name = text_of(user.get("username")).lower() if isinstance(user, dict) else ""
    if name != account.native_id:
        raise SourceError(f"The token for {API} is of '{name}', not of '{account.native_id}'. Mend: configure its own.")
    return Reading(next=(_films(),))


def _post(video: Mapping[str, Any], url: str, author: str) -> ObservedPost:
    """The publisher is who the film's own address names; where it names nobody, whose token it is."""
    number, created_at = id_of(video.get("id")), moment_of(video.get("create_time"))
    permalink = url_of(video.get("share_url"))
    if not number.isdecimal() or created_at is None:
        raise SourceError(f"{url} shows a film without id or time.")
    told = re.match(r"/@([\w.]{1,24})/", urlsplit(permalink or "").path)
    publisher = told[1].lower() if told else author
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=publisher or None,
        permalink=permalink or f"https://www.tiktok.com/@{quote(publisher)}/video/{number}",
        text=titled(text_of(video.get("title")), text_of(video.get("video_description"))),
        created_at=created_at,
        visibility="listed by the API among the holder's public films",
        media=distinct([medium(video.get("cover_image_url"), key=f"{number}/cover", kind=MediaKind.IMAGE)]),
    )
