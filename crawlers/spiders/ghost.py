"""
Ghost publications, by their Content API.

The address of an account is the site, `https://blog.example/`, or one author's page on it, `https://blog.example/author/name/`. The key is made by the
site's owner (a custom integration) and shows what is public anyway. The first crawl reads every post, newest first; later ones what was changed since,
and a bare list of what there is: https://ghost.org/docs/content-api/
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

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
from footprint.errors import NotPublic, SourceError
from footprint.posts import MediaKind, ObservedMedia, ObservedPost

MANIFEST = Manifest(
    name="ghost",
    title="Ghost publication",
    reads="public posts of a site, or those of one author on it, with edits",
    authority="Content API of the site, with the key that its owner made",
    terms_url="https://ghost.org/docs/content-api/",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - whether one is used
    token_place="?key",  # noqa: S106 - where it goes
    token_path="/ghost/api/",  # noqa: S106 - where it is sent
    requests_per_minute=30,
)

SITES = Profiles(
    what="Ghost publication",
    example="https://blog.example/ or https://blog.example/author/name/",
    path=re.compile(r"(?P<folder>[^?]*?)(?:/author/(?P<name>[^/?]+))?/*"),
    name=re.compile(r"[A-Za-z0-9_-]{1,190}"),
)
PER_PAGE = 50
OVERLAP = timedelta(hours=1)


native_id = SITES.native_id


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    base, name = SITES.home(account.address)
    filters = [f"authors:{name}"] if name else []
    whole = {"include": "authors", "order": "published_at desc"}
    changed = time_of(progress.state.get("changed"))
    if changed is None:
        return (_list(base, "posts", filters, **whole),)
    since = (changed - OVERLAP).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return (
        _list(base, "changed", [*filters, f"updated_at:>'{since}'"], **whole),
        _list(base, "index", filters, fields="id,published_at", order="published_at desc"),
    )


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.request.role == "look-up":
        return Reading()
    require_found(page)
    context, url, role = page.request.context, page.request.url, page.request.role
    items = _items(page.body, url)
    times = [at for item in items if (at := time_of(item.get("published_at"))) is not None]
    number = _next_number(page.body, url)
    oldest = min(times) if times and number else FIRST_TIME
    changes = [time_of(item.get("updated_at")) for item in items]
    changed = max(filter(None, (time_of(context.get("changed")), *changes)), default=None)
    told = {"before": oldest.isoformat(), **({"changed": changed.isoformat()} if changed else {})}
    following = f"{re.sub(r'&page=[0-9]+$', '', url)}&page={number}"
    further = (PageRequest(url=following, role=role, context=told),) if number and items else ()
    posts, unreadable = ([], 0) if role == "index" else readable(items, lambda item: _post(item, url))
    return Reading(
        posts=tuple(posts),
        next=further,
        state={"changed": changed.isoformat()} if changed and role != "index" else {},
        covers=None if role == "changed" else (oldest, time_of(context.get("before")) or LAST_TIME),
        lists=tuple(f"{_base(url).partition('://')[2]}/{id_of(item.get('id'))}" for item in items),
        unreadable=unreadable,
    )


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer of the Content API. `url` is where it came from: it names the site. Posts for members are none."""
    return readable(_items(body, url), lambda item: _post(item, url))[0]


is_author = names_account


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    """At the page for people: without a public post there is none."""
    return PageRequest(url=permalink, role="look-up")


class GhostSpider(AccountSpider):
    """Reads one Ghost publication, or one author of it."""

    name = "ghost"


def _base(url: str) -> str:
    return url.partition("/ghost/api/")[0].rstrip("/")


def _list(base: str, role: str, filters: Iterable[str], **parameters: str) -> PageRequest:
    wanted = {"limit": PER_PAGE, **parameters, **({"filter": "+".join(filters)} if filters else {})}
    return PageRequest(url=f"{base}/ghost/api/content/posts/?{urlencode(wanted)}", role=role)


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    answer = json_of(body, url)
    if isinstance(answer, dict) and isinstance(answer.get("posts"), list):
        return answer
    errors = objects_in(answer, "errors")
    reason = " ".join(text_of(error.get("message")) for error in errors)
    if any(text_of(error.get("type")) in ("UnauthorizedError", "NoPermissionError") for error in errors):
        raise NotPublic(f"{url} is not public: {reason}")
    raise SourceError(f"{url} did not answer as a Ghost publication does: {reason or 'something else'}")


def _items(body: bytes, url: str) -> list[Mapping[str, Any]]:
    return [item if isinstance(item, dict) else {} for item in _answer(body, url)["posts"]]


def _next_number(body: bytes, url: str) -> int | None:
    """The number of the next page, None on the last."""
    meta = _answer(body, url).get("meta")
    pages = meta.get("pagination") if isinstance(meta, dict) else None
    number = pages.get("next") if isinstance(pages, dict) else None
    return number if isinstance(number, int) and 1 < number < 1_000_000 else None


def _post(item: Mapping[str, Any], url: str) -> ObservedPost | None:
    number, created_at, permalink = (
        id_of(item.get("id")),
        time_of(item.get("published_at")),
        url_of(item.get("url"), url),
    )
    if not number or created_at is None or permalink is None:
        raise SourceError(f"{url} shows a post without id, time or address.")
    if text_of(item.get("visibility") or "public") != "public" or item.get("access") is False:
        return None
    site = _base(url).partition("://")[2]
    markup, changed = text_of(item.get("html")), time_of(item.get("updated_at"))
    content = read_html(markup, permalink)
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{site}/{number}",
        author=byline(_authors(item, site)),
        permalink=permalink,
        text=titled(" ".join(text_of(item.get("title")).split()), content.text),
        html=markup,
        created_at=created_at,
        edited_at=changed if changed and changed > created_at else None,
        visibility="visibility=public, shown by the site's Content API",
        media=distinct((*_cover(item, permalink), *content.media, *documents(content.links, permalink))),
        links=content.links,
    )


def _authors(item: Mapping[str, Any], site: str) -> Iterable[str]:
    """The names under which a post appears, and the authors' own ids on the site."""
    for person in objects_in(item, "authors"):
        yield text_of(person.get("name")).strip()
        if slug := text_of(person.get("slug")).lower():
            yield f"{slug}@{site}"


def _cover(item: Mapping[str, Any], base: str) -> Iterable[ObservedMedia | None]:
    yield medium(item.get("feature_image"), base, kind=MediaKind.IMAGE, alt=item.get("feature_image_alt"))
