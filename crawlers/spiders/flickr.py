"""
Flickr, by its API with the operator's key.

The address of an account is its photostream, `https://www.flickr.com/photos/name`. Public photographs are listed by upload, newest first:
https://www.flickr.com/services/api/flickr.people.getPublicPhotos.html
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, medium, moment_of, objects_in, text_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost

API = "https://api.flickr.com/services/rest/"

MANIFEST = Manifest(
    name="flickr",
    title="Flickr",
    reads="public photographs and covers of films of one account, with title and description",
    authority="API with the operator's key",
    terms_url="https://www.flickr.com/help/terms/api",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    token_place="?api_key",  # noqa: S106 - where it goes
    requests_per_minute=30,  # a key may ask 3600 times an hour
    api_hosts=("api.flickr.com",),
    media_hosts=("staticflickr.com",),
)

HOSTS = frozenset({"flickr.com", "www.flickr.com"})
STREAM = re.compile(r"/(?:photos|people)/([\w@-]{1,60})(?:/.*)?")
NUMBER = re.compile(r"[0-9]{1,20}@N[0-9]{2}")
EXTRAS = "description,date_upload,last_update,owner_name,path_alias,media,url_o,url_l,url_c,url_z"
SIZES = ("url_o", "url_l", "url_c", "url_z")
REFUSALS = {1: SourceGone, 2: NotPublic, 5: NotPublic}
"""Codes of an answer that failed: unknown user or photograph, and those that are kept from us."""


def native_id(address: str) -> str:
    """The number of the account, or the name in its address in lower case."""
    parts = urlsplit(url_of(address) or "")
    stream = STREAM.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or stream is None:
        raise BadInput(f"'{address}' is no photostream of Flickr. One looks like https://www.flickr.com/photos/name.")
    return stream[1] if NUMBER.fullmatch(stream[1]) else stream[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    if NUMBER.fullmatch(account.native_id):
        return (_photos(account.native_id, account.native_id, 1),)
    stream = f"https://www.flickr.com/photos/{quote(account.native_id)}/"
    return (_asked("flickr.urls.lookupUser", role="user", url=stream),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    answer = _answer(page.body, page.url)
    match page.request.role:
        case "user":
            return _read_user(answer, page, account)
        case "look-up":
            return Reading()
    names = page.request.context.get("names")
    names = names if isinstance(names, dict) else {}
    posts, unreadable = _posts(answer, page.url, names)
    photos = answer.get("photos")
    pages = id_of(photos.get("pages")) if isinstance(photos, dict) else ""
    number = page.request.context.get("page", 1)
    has_more = pages.isdecimal() and isinstance(number, int) and number < int(pages)
    owner = next(iter(names), "")
    following = _photos(owner, names[owner], number + 1) if has_more and owner else None
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str, names: Mapping[str, str] | None = None) -> list[ObservedPost]:
    """
    The photographs of an answer. `url` is where it came from; `names` tells under which name an account is registered, by its number. What
    is not public is none.
    """
    return _posts(_answer(body, url), url, names or {})[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return _asked("flickr.photos.getInfo", role="look-up", photo_id=native_id)


class FlickrSpider(AccountSpider):
    """Reads one account of Flickr."""

    name = "flickr"


def _asked(method: str, *, role: str, **query: str) -> PageRequest:
    fields = {"method": method, "format": "json", "nojsoncallback": "1", **query}
    return PageRequest(url=f"{API}?{urlencode(fields, safe=',@:/')}", role=role)


def _photos(owner: str, name: str, number: int) -> PageRequest:
    method = "flickr.people.getPublicPhotos"
    asked = _asked(method, role="posts", user_id=owner, per_page="500", page=str(number), extras=EXTRAS)
    return replace(asked, context={"names": {owner: name}, "page": number})


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    answer = json_of(body, url)
    if not isinstance(answer, dict) or answer.get("stat") not in ("ok", "fail"):
        raise SourceError(f"{url} did not answer as Flickr does.")
    if answer["stat"] == "fail":
        code = answer.get("code")
        refusal = REFUSALS.get(code, SourceError) if isinstance(code, int) else SourceError
        raise refusal(f"{url}: {text_of(answer.get('message')) or 'refused'} (code {code})")
    return answer


def _read_user(answer: Mapping[str, Any], page: Page, account: Account) -> Reading:
    user = answer.get("user")
    number = text_of(user.get("id")) if isinstance(user, dict) else ""
    if not NUMBER.fullmatch(number):
        raise SourceError(f"{page.url} names no account.")
    return Reading(next=(_photos(number, account.native_id, 1),))


def _posts(answer: Mapping[str, Any], url: str, names: Mapping[str, str]) -> tuple[list[ObservedPost], int]:
    photos = answer.get("photos")
    if not isinstance(photos, dict) or not isinstance(photos.get("photo"), list):
        raise SourceError(f"{url} did not answer with photographs.")
    return readable(objects_in(photos, "photo"), lambda photo: _post(photo, url, names))


def _post(photo: Mapping[str, Any], url: str, names: Mapping[str, str]) -> ObservedPost | None:
    number, owner = id_of(photo.get("id")), text_of(photo.get("owner"))
    created_at = moment_of(photo.get("dateupload"))
    if not number.isdecimal() or not NUMBER.fullmatch(owner) or created_at is None:
        raise SourceError(f"{url} shows a photograph without id, owner or time.")
    if photo.get("ispublic") not in (1, "1"):
        return None
    described = photo.get("description")
    words = text_of(described.get("_content")) if isinstance(described, dict) else ""
    content = read_html(words, "https://www.flickr.com/")
    edited_at = moment_of(photo.get("lastupdate"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=names.get(owner, owner),
        permalink=f"https://www.flickr.com/photos/{quote(text_of(photo.get('pathalias')) or owner)}/{number}",
        text=titled(text_of(photo.get("title")), content.text),
        html=words,
        created_at=created_at,
        edited_at=edited_at if edited_at and edited_at > created_at else None,
        visibility="ispublic=1, as the API says",
        media=distinct(_media(photo)),
        links=content.links,
    )


def _media(photo: Mapping[str, Any]) -> Iterable[ObservedMedia | None]:
    """The largest form that the owner lets be seen."""
    address = next((photo.get(size) for size in SIZES if photo.get(size)), None)
    yield medium(address, key=id_of(photo.get("id")), kind=MediaKind.IMAGE, alt=photo.get("title"))
