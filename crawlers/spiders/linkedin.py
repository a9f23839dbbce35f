"""
LinkedIn pages of organisations, by the Posts API with the operator's token.

The address of an account is the page, `https://www.linkedin.com/company/name`, or a person's profile, `https://www.linkedin.com/in/name`. Posts name their media by URN; where these lie is asked in a second
request for all media of a page: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api. What people post cannot be read in this way;
they hand over their own export.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, medium, moment_of, objects_in, text_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

API = "https://api.linkedin.com/rest"
VERSION = "202610"
"""Each version of the API is served for a year."""
HEADERS = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": "2.0.0"}

PERSON = "in/"
"""How the native id of a person begins: no API reads what people post."""

MANIFEST = Manifest(
    name="linkedin",
    title="LinkedIn page",
    reads="published public posts of one organisation's page",
    authority="Posts API with the token of an administrator of the page",
    terms_url="https://www.linkedin.com/legal/l/api-terms-of-use",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    requests_per_minute=10,
    api_hosts=("api.linkedin.com",),
    media_hosts=("media.licdn.com", "dms.licdn.com"),
    export_only=PERSON,
)

HOSTS = frozenset({"linkedin.com", "www.linkedin.com"})
PAGE = re.compile(r"/(?:company|school|showcase|organization-guest/company)/([\w%-]{1,100})(?:/.*)?")
PROFILE = re.compile(rf"/({PERSON}[\w%-]{{1,100}})/?")
ORGANIZATION = "urn:li:organization:"
POST_URN = re.compile(r"urn:li:(?:share|ugcPost|activity):([0-9]{1,20})")
MEDIA_URN = re.compile(r"urn:li:(image|video|document):[\w-]{1,100}")
KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "document": MediaKind.UNKNOWN}
AT_ONCE = 100

# "Little text": mentions and hashtags in braces, and a backslash before each reserved sign.
MENTION = re.compile(r"@\[([^\]]*)\]\(urn:li:[^)]*\)")
HASHTAG = re.compile(r"\{hashtag\|\\?#\|([^}]*)\}")
ESCAPED = re.compile(r"\\([()\[\]{}<>@|~_*#\\])")


def native_id(address: str) -> str:
    """The number of the page, or the name in its address in lower case; of a person, `in/` before it."""
    parts = urlsplit(url_of(address) or "")
    page = PAGE.fullmatch(parts.path) or PROFILE.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or page is None:
        raise BadInput(
            f"'{address}' is no page or profile of LinkedIn. One looks like https://www.linkedin.com/company/name or https://www.linkedin.com/in/name."
        )
    return page[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    if account.native_id.isdecimal():
        return (_posts_from(account.native_id, account.native_id, 0),)
    url = f"{API}/organizations?q=vanityName&vanityName={account.native_id}"
    return (PageRequest(url=url, role="page", headers=HEADERS),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    answer = json_of(page.body, page.url)
    if not isinstance(answer, dict):
        raise SourceError(f"{page.url} did not answer as LinkedIn does.")
    match page.request.role:
        case "page":
            return _read_page(answer, page, account)
        case "look-up":
            if text_of(answer.get("lifecycleState")) not in ("", "PUBLISHED"):
                raise SourceGone(f"{page.url} shows a post that is published no longer.")
            return Reading()
        case "media":
            return _read_media(answer, page)
    return _read_list(answer, page, progress)


def parse_posts(
    body: bytes, *, url: str, names: Mapping[str, str] | None = None, places: Mapping[str, str] | None = None
) -> list[ObservedPost]:
    """
    The posts of an answer with many, or with one. `url` is where it came from; `names` tells under which name an organisation is registered, by
    its number; `places` where a medium lies, by its URN. What is a draft, an advertisement or not for everybody is none.
    """
    answer = json_of(body, url)
    if not isinstance(answer, dict) or not (isinstance(answer.get("elements"), list) or "author" in answer):
        raise SourceError(f"{url} did not answer with posts.")
    elements = objects_in(answer, "elements") if "elements" in answer else [answer]
    return readable(elements, lambda element: _post(element, url, names or {}, places or {}))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=f"{API}/posts/{quote(native_id, safe='')}", role="look-up", headers=HEADERS)


class LinkedinSpider(AccountSpider):
    """Reads one page of LinkedIn."""

    name = "linkedin"


def _posts_from(number: str, name: str, start: int) -> PageRequest:
    query = f"q=author&author={quote(ORGANIZATION + number, safe='')}&count={AT_ONCE}&start={start}&sortBy=CREATED"
    headers = {**HEADERS, "X-RestLi-Method": "FINDER"}
    context = {"names": {number: name}, "start": start}
    return PageRequest(url=f"{API}/posts?{query}", headers=headers, context=context)


def _read_page(answer: Mapping[str, Any], page: Page, account: Account) -> Reading:
    found = next(iter(objects_in(answer, "elements")), None)
    number = id_of(found.get("id")) if found else ""
    if not number.isdecimal():
        raise SourceGone(f"There is no page {account.address}, or the token may not see it.")
    return Reading(next=(_posts_from(number, account.native_id, 0),))


def _read_list(answer: Mapping[str, Any], page: Page, progress: Progress) -> Reading:
    """Posts without media are read at once; for the others it is asked where their media lie, and they are read then."""
    elements, names = objects_in(answer, "elements"), _names(page)
    posts, unreadable = readable(elements, lambda element: _post(element, page.url, names, {}))
    with_media = {id_of(element.get("id")): element for element in elements if _urns(element)}
    number, name = next(iter(names.items()), ("", ""))
    start = page.request.context.get("start")
    has_more = len(elements) == AT_ONCE and isinstance(start, int) and bool(number)
    following = _posts_from(number, name, start + AT_ONCE) if has_more and isinstance(start, int) else None
    reading = listed(posts, page, progress, following=following, unreadable=unreadable)
    waiting = [post.native_id for post in posts if post.native_id in with_media]
    return replace(
        reading,
        posts=tuple(post for post in posts if post.native_id not in with_media),
        next=(*_places([with_media[key] for key in waiting], names), *reading.next),
        lists=tuple(waiting),
    )


def _places(elements: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterable[PageRequest]:
    """A request for where media lie, for each sort of them; it bears the posts that show them."""
    for sort in KINDS:
        showing = [element for element in elements if any(u.split(":")[2] == sort for u in _urns(element))]
        urns = dict.fromkeys(u for element in showing for u in _urns(element) if u.split(":")[2] == sort)
        if urns:
            url = f"{API}/{sort}s?ids=List({','.join(quote(urn, safe='') for urn in urns)})"
            context = {"names": dict(names), "elements": [dict(element) for element in showing]}
            yield PageRequest(url=url, role="media", headers=HEADERS, context=context)


def _read_media(answer: Mapping[str, Any], page: Page) -> Reading:
    results = answer.get("results")
    found = {urn: told for urn, told in results.items() if isinstance(told, dict)} if isinstance(results, dict) else {}
    places = {urn: text_of(told.get("downloadUrl")) for urn, told in found.items()}
    elements = objects_in(page.request.context, "elements")
    posts, unreadable = readable(elements, lambda element: _post(element, page.url, _names(page), places))
    return Reading(posts=tuple(posts), unreadable=unreadable)


def _names(page: Page) -> Mapping[str, str]:
    names = page.request.context.get("names")
    return names if isinstance(names, dict) else {}


def _post(
    element: Mapping[str, Any], url: str, names: Mapping[str, str], places: Mapping[str, str]
) -> ObservedPost | None:
    urn, author = id_of(element.get("id")), text_of(element.get("author"))
    number = POST_URN.fullmatch(urn)
    created_at = moment_of(element.get("publishedAt"), per_second=1000) or moment_of(
        element.get("createdAt"), per_second=1000
    )
    if number is None or not author or created_at is None:
        raise SourceError(f"{url} shows a post without id, author or time.")
    context = element.get("adContext")
    is_advertisement = isinstance(context, dict) and context.get("isDsc") is True
    visibility, state = text_of(element.get("visibility")), text_of(element.get("lifecycleState"))
    if visibility != "PUBLIC" or state != "PUBLISHED" or is_advertisement:
        return None
    who = author.removeprefix(ORGANIZATION)
    shared = element.get("reshareContext")
    told = element.get("lifecycleStateInfo")
    is_edited = isinstance(told, dict) and told.get("isEditedByAuthor") is True
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=urn,
        author=names.get(who, who),
        kind=PostKind.QUOTE if isinstance(shared, dict) else PostKind.POST,
        parent_id=id_of(shared.get("parent")) or None if isinstance(shared, dict) else None,
        permalink=f"https://www.linkedin.com/feed/update/{urn}/",
        text="\n\n".join(filter(None, (plain(text_of(element.get("commentary"))), _article(element)))),
        created_at=created_at,
        edited_at=moment_of(element.get("lastModifiedAt"), per_second=1000) if is_edited else None,
        visibility=f"visibility={visibility}, lifecycleState={state}, as the API says",
        media=distinct(_media(element, places)),
        links=tuple(_links(element)),
    )


def plain(commentary: str) -> str:
    """Text without the marks of LinkedIn's "little text"."""
    return ESCAPED.sub(r"\1", HASHTAG.sub(r"#\1", MENTION.sub(r"\1", commentary)))


def _content(element: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    content = element.get("content")
    part = content.get(name) if isinstance(content, dict) else None
    return part if isinstance(part, dict) else {}


def _article(element: Mapping[str, Any]) -> str:
    article, poll = _content(element, "article"), _content(element, "poll")
    choices = [text_of(option.get("text")) for option in objects_in(poll, "options")]
    told = titled(text_of(article.get("title")), text_of(article.get("description")))
    return "\n".join(filter(None, (told, text_of(poll.get("question")), *choices)))


def _shown(element: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """URN and description of each medium of a post."""
    single = _content(element, "media")
    for item in (single, *objects_in(_content(element, "multiImage"), "images")):
        if MEDIA_URN.fullmatch(urn := text_of(item.get("id"))):
            yield urn, text_of(item.get("altText")) or text_of(item.get("title"))
    if MEDIA_URN.fullmatch(urn := text_of(_content(element, "article").get("thumbnail"))):
        yield urn, text_of(_content(element, "article").get("thumbnailAltText"))


def _urns(element: Mapping[str, Any]) -> list[str]:
    return [urn for urn, _ in _shown(element)]


def _media(element: Mapping[str, Any], places: Mapping[str, str]) -> Iterable[ObservedMedia | None]:
    for urn, alt in _shown(element):
        yield medium(places.get(urn), key=urn, kind=KINDS[urn.split(":")[2]], alt=alt)


def _links(element: Mapping[str, Any]) -> Iterable[str]:
    link = url_of(_content(element, "article").get("source"))
    if link:
        yield link
