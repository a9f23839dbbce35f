"""
WordPress sites, by their REST API.

The address of an account is the site, `https://city.example/`, or one author's archive on it, `https://city.example/author/name/`. The first
crawl reads every post and page, newest first. Later ones ask for what was changed since, and for a bare list of what there is:
https://developer.wordpress.org/rest-api/reference/posts/
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.byline import byline, names_account
from crawlers.markup import read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.profiles import Profiles
from crawlers.values import (
    FIRST_TIME,
    LAST_TIME,
    distinct,
    documents,
    id_of,
    medium,
    objects_in,
    text_of,
    time_of,
    url_of,
)
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost

MANIFEST = Manifest(
    name="wordpress",
    title="WordPress site",
    reads="public posts and pages of a site, or those of one author on it, with edits",
    authority="unauthenticated public REST API of the site itself",
    terms_url="https://developer.wordpress.org/rest-api/reference/posts/",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,
)

SITES = Profiles(
    what="WordPress site",
    example="https://city.example/ or https://city.example/author/name/",
    path=re.compile(r"(?P<folder>[^?]*?)(?:/author/(?P<name>[^/?]+))?/*"),
    name=re.compile(r"[\w.@%-]{1,100}"),
)
SORTS = ("posts", "pages")
PER_PAGE = 100
PAST_THE_END = "rest_post_invalid_page_number"

# What was changed while the last crawl read is asked for again.
OVERLAP = timedelta(hours=1)


native_id = SITES.native_id


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    base, name = SITES.home(account.address)
    if name:
        return (PageRequest(url=_route(base, "users", slug=name), role="author"),)
    return _lists(base, progress)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.request.role == "look-up":
        require_found(page)
        return Reading()
    if page.status == 404 and "rest_route=" not in page.request.url:
        return Reading(next=(_by_parameter(page.request),))  # sites without readable addresses have no /wp-json/ either
    if page.status == 400 and _refusal(page.body) == PAST_THE_END:
        return Reading()
    require_found(page)
    if page.request.role == "author":
        return _read_author(page, account, progress)
    return _read_list(page)


def parse_posts(body: bytes, *, url: str, names: Mapping[str, str] | None = None) -> list[ObservedPost]:
    """
    The posts of an answer of `/wp/v2/posts` or `/wp/v2/pages`. `url` is where it came from: it names the site.

    `names` tells the slugs of authors by their number, for sites that do not embed their authors. Posts behind a password are none.
    """
    return readable(_items(body, url), lambda item: _post(item, url, names or {}))[0]


is_author = names_account


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    """By number, which works for posts in the trash too: the API says of those that they are for members only."""
    base, _ = SITES.home(account.address)
    return PageRequest(url=f"{base}/?p={quote(native_id.rpartition('/')[2])}", role="look-up")


class WordpressSpider(AccountSpider):
    """Reads one WordPress site, or one author of it."""

    name = "wordpress"


def _base(url: str) -> str:
    """Where the site's addresses begin, from an address of its API."""
    return re.split(r"/wp-json/|/\?rest_route=", url)[0].rstrip("/")


def _route(base: str, route: str, **parameters: Any) -> str:
    return f"{base}/wp-json/wp/v2/{route}?{urlencode(parameters)}"


def _by_parameter(request: PageRequest) -> PageRequest:
    """The same request in the spelling that works on every site."""
    base, _, rest = request.url.partition("/wp-json/")
    route, _, parameters = rest.partition("?")
    url = f"{base}/?rest_route=/{route}&{parameters}"
    return PageRequest(url=url, role=request.role, context=request.context)


def _lists(base: str, progress: Progress, *, author: str = "", name: str = "") -> tuple[PageRequest, ...]:
    """The first page of each list that this crawl reads."""
    who = {"author": author} if author else {}
    context = {"names": {author: name}} if author else {}
    wanted = []
    for sort in SORTS:
        changed = time_of(progress.state.get(sort))
        newest_first = {"orderby": "date", "order": "desc", "per_page": PER_PAGE}
        whole = {"_embed": "author,wp:featuredmedia"}
        if changed is None:
            wanted.append(("posts", sort, newest_first | whole))
            continue
        since = (changed - OVERLAP).strftime("%Y-%m-%dT%H:%M:%S")
        wanted.append(("changed", sort, newest_first | whole | {"orderby": "modified", "modified_after": since}))
        wanted.append(("index", sort, newest_first | {"_fields": "id,date_gmt"}))
    return tuple(
        PageRequest(url=_route(base, sort, **who, **parameters), role=role, context={"sort": sort, **context})
        for role, sort, parameters in wanted
    )


def _read_author(page: Page, account: Account, progress: Progress) -> Reading:
    base, name = SITES.home(account.address)
    found = next((who for who in _items(page.body, page.url) if text_of(who.get("slug")).lower() == name), None)
    number = id_of(found.get("id")) if found else ""
    if not number.isdigit():
        raise SourceGone(f"{page.url} knows no author '{name}'.")
    lists = _lists(base, progress, author=number, name=name)
    is_plain = "rest_route=" in page.request.url
    return Reading(next=tuple(_by_parameter(request) for request in lists) if is_plain else lists)


def _read_list(page: Page) -> Reading:
    """One page of a list: posts in full, or a bare index of what there is."""
    context, url, role = page.request.context, page.request.url, page.request.role
    items = _items(page.body, url)
    times = [at for item in items if (at := time_of(item.get("date_gmt"))) is not None]
    changes = [time_of(item.get("modified_gmt")) for item in items]
    changed = max(filter(None, (time_of(context.get("changed")), *changes)), default=None)
    further = _next(page, len(items), before=min(times, default=None), changed=changed)
    oldest = min(times) if times and further else FIRST_TIME
    span = (oldest, time_of(context.get("before")) or LAST_TIME)
    site = _base(url).partition("://")[2]
    if role == "index":
        return Reading(next=further, covers=span, lists=tuple(f"{site}/{id_of(item.get('id'))}" for item in items))
    posts, unreadable = readable(items, lambda item: _post(item, url, context.get("names") or {}))
    return Reading(
        posts=tuple(posts),
        next=further,
        state={context.get("sort", "posts"): changed.isoformat()} if changed else {},
        covers=span if role == "posts" else None,
        lists=tuple(f"{site}/{id_of(item.get('id'))}" for item in items if _is_protected(item)),
        unreadable=unreadable,
    )


def _next(page: Page, count: int, **told: datetime | None) -> tuple[PageRequest, ...]:
    """The next page of a list, as far as the site says that there is one; `told` travels along."""
    url = page.request.url
    number = int((parse_qs(urlsplit(url).query).get("page") or ["1"])[0])
    total = page.headers.get("x-wp-totalpages", "")
    is_last = number >= int(total) if re.fullmatch(r"\d{1,6}", total) else count < PER_PAGE
    if is_last or not count:
        return ()
    context = {**page.request.context, **{name: at.isoformat() for name, at in told.items() if at}}
    following = f"{re.sub(r'&page=[0-9]+$', '', url)}&page={number + 1}"
    return (PageRequest(url=following, role=page.request.role, context=context),)


def _items(body: bytes, url: str) -> list[Mapping[str, Any]]:
    answer = json_of(body, url)
    if isinstance(answer, list):
        return [item if isinstance(item, dict) else {} for item in answer]
    if isinstance(answer, dict) and "id" in answer:
        return [answer]
    reason = _refusal(body)
    if re.search(r"forbidden|cannot|not_logged_in|unauthorized", reason):
        raise NotPublic(f"{url} is not public: {reason}")
    raise SourceError(f"{url} did not answer as a WordPress site does: {reason or 'something else'}")


def _refusal(body: bytes) -> str:
    answer = json_of(body, "the site")
    return text_of(answer.get("code")) if isinstance(answer, dict) else ""


def _is_protected(item: Mapping[str, Any]) -> bool:
    content = item.get("content")
    return isinstance(content, dict) and content.get("protected") is True


def _post(item: Mapping[str, Any], url: str, names: Mapping[str, str]) -> ObservedPost | None:
    number, created_at = id_of(item.get("id")), time_of(item.get("date_gmt"))
    permalink = url_of(item.get("link"), url)
    if not number or created_at is None or permalink is None:
        raise SourceError(f"{url} shows a post without id, time or address.")
    if item.get("status", "publish") != "publish" or _is_protected(item):
        return None
    site = _base(url).partition("://")[2]
    markup = _rendered(item, "content")
    content = read_html(markup, permalink)
    modified = time_of(item.get("modified_gmt"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{site}/{number}",
        author=byline(_authors(item, site, names)),
        permalink=permalink,
        text=titled(read_html(_rendered(item, "title"), permalink).text, content.text),
        html=markup,
        created_at=created_at,
        edited_at=modified if modified and modified > created_at else None,
        visibility="status=publish, shown by the site's API without signing in",
        media=distinct((*_featured(item, permalink), *content.media, *documents(content.links, permalink))),
        links=content.links,
    )


def _rendered(item: Mapping[str, Any], name: str) -> str:
    field = item.get(name)
    return text_of(field.get("rendered")) if isinstance(field, dict) else ""


def _authors(item: Mapping[str, Any], site: str, names: Mapping[str, str]) -> Iterable[str]:
    """The name under which a post appears, and the author's own id on the site."""
    number = id_of(item.get("author"))
    slugs = [names.get(number, "")]
    for person in objects_in(item.get("_embedded"), "author"):
        if id_of(person.get("id")) == number:
            yield text_of(person.get("name")).strip()
            slugs.append(text_of(person.get("slug")).lower())
    yield next((f"{slug}@{site}" for slug in slugs if slug), "")


def _featured(item: Mapping[str, Any], base: str) -> Iterable[ObservedMedia | None]:
    for picture in objects_in(item.get("_embedded"), "wp:featuredmedia"):
        yield medium(
            picture.get("source_url"),
            base,
            kind=MediaKind.IMAGE,
            mime=picture.get("mime_type"),
            alt=picture.get("alt_text"),
        )
