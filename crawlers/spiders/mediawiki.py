"""
MediaWiki: what one user contributed to a wiki.

The address of an account is its user page, `https://wiki.example/wiki/User:Name`. Each revision is one post: a page has many authors, so that
only the lines that a revision adds to the one before it are its author's words. Revisions never change; they may be hidden, and pages
deleted: https://www.mediawiki.org/wiki/API:Usercontribs
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.markup import titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import (
    FIRST_TIME,
    LAST_TIME,
    distinct,
    host_of,
    id_of,
    medium,
    objects_in,
    text_of,
    time_of,
    url_of,
)
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

MANIFEST = Manifest(
    name="mediawiki",
    title="MediaWiki",
    reads="one user's public contributions to a wiki: the lines and pictures that each revision adds",
    authority="unauthenticated public API of the wiki itself",
    terms_url="https://www.mediawiki.org/wiki/API:Etiquette",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=20,
)

USER_PAGE = re.compile(r"(.*?)/(?:wiki|index\.php)/User:([^/#?]{1,200})")
ENDPOINTS = ("w/api.php", "api.php")

LIMIT = 100
# A wiki answers for fifty revisions at once; each comes with the one before it.
AT_ONCE = 25
OVERLAP = timedelta(hours=1)

FILE = re.compile(r"\[\[\s*(?:File|Image)\s*:\s*([^|\]\n]{1,240})((?:\|[^\[\]\n]*)?)\]\]", re.IGNORECASE)
LINK = re.compile(r"\[?(https?://[^\s\[\]<>\"|{}]+)")
LAYOUT = re.compile(
    r"thumb|frame|frameless|border|left|right|center|none|upright.*|\d*x?\d+px|(?:link|class|lang|page|alt)=.*", re.I
)
TALK = 1  # namespaces of odd numbers are for talk
REFUSED = frozenset({"readapidenied", "permissiondenied", "notloggedin"})


def native_id(address: str) -> str:
    """`Name@host`, with the folder where the wiki has one; names of users begin with a capital."""
    base, name = _user(address)
    return f"{name}@{base.partition('://')[2]}"


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    base, _ = _user(account.address)
    known = progress.state.get("api")
    place = known if isinstance(known, str) and known in ENDPOINTS else ENDPOINTS[0]
    return (_contributions(f"{base}/{place}", account, progress),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.request.role == "look-up":
        return _read_look_up(page)
    base, _ = _user(account.address)
    if page.status == 404 and page.request.role == "contributions":
        tried = {*page.request.context.get("tried", ()), page.request.url.partition("?")[0]}
        for place in ENDPOINTS:
            if f"{base}/{place}" not in tried:
                return Reading(next=(_contributions(f"{base}/{place}", account, progress, tried=sorted(tried)),))
    require_found(page)
    if page.request.role == "revisions":
        posts, unreadable = readable(_revisions(page.body, page.url), lambda told: _post(told, page.url))
        return Reading(posts=tuple(posts), unreadable=unreadable)
    return _read_contributions(page, account)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """
    The posts of an answer with revisions and the revisions before them, whoever wrote them.

    A revision that stands there without the one before it is no post, because nobody can tell what it added.
    """
    return readable(_revisions(body, url), lambda told: _post(told, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    base, number = permalink.partition("/index.php")[0], quote(native_id.rpartition("/")[2])
    query = urlencode({"action": "query", "revids": number, "prop": "revisions", "rvprop": "ids|content"})
    return PageRequest(url=f"{base}/api.php?{query}&rvslots=main&format=json&formatversion=2", role="look-up")


class MediawikiSpider(AccountSpider):
    """Reads one user of a wiki."""

    name = "mediawiki"


def _read_look_up(page: Page) -> Reading:
    """The wiki says that it knows no such revision any more, or hides what it said."""
    if page.status != 200:
        raise SourceError(f"{page.url} answered HTTP {page.status}.")
    query = json_of(page.body, page.url)
    query = query.get("query") if isinstance(query, dict) else None
    shown = [revision for item in objects_in(query, "pages") for revision in objects_in(item, "revisions")]
    is_unknown = isinstance(query, dict) and bool(query.get("badrevids"))
    if is_unknown or any(_main(revision).get("texthidden") is True for revision in shown):
        raise SourceGone(f"{page.url} shows no such revision.")
    return Reading()


def _user(address: str) -> tuple[str, str]:
    """Where the wiki's addresses begin, and the user's name."""
    url = url_of(address) or ""
    parts = urlsplit(url)
    found = USER_PAGE.fullmatch(parts.path)
    name = text_of(unquote(found[2])).replace("_", " ").strip() if found else ""
    if found is None or not name or parts.query or re.search(r"[#<>\[\]|{}@/]", name):
        raise BadInput(f"'{address}' is no user page of a wiki. One looks like https://wiki.example/wiki/User:Name.")
    return f"{parts.scheme}://{host_of(url)}{found[1]}", name[0].upper() + name[1:]


def _query(endpoint: str, **parameters: Any) -> str:
    return f"{endpoint}?{urlencode({'action': 'query', 'format': 'json', 'formatversion': 2, **parameters})}"


def _contributions(endpoint: str, account: Account, progress: Progress, **context: Any) -> PageRequest:
    newest = time_of(progress.state.get("newest"))
    back_to = min(newest - OVERLAP, progress.reread_from) if newest else None
    ending = {"ucend": back_to.strftime("%Y-%m-%dT%H:%M:%SZ")} if back_to else {}
    name = account.native_id.rpartition("@")[0]
    url = _query(
        endpoint, list="usercontribs", ucuser=name, uclimit=LIMIT, ucprop="ids|title|timestamp|flags", **ending
    )
    told = {"back_to": back_to.isoformat()} if back_to else {}
    return PageRequest(url=url, role="contributions", context={**told, **context})


def _read_contributions(page: Page, account: Account) -> Reading:
    """One page of the list: the revisions on it are fetched in groups."""
    url, context = page.request.url, page.request.context
    answer = _answer(page.body, url)
    contributions = objects_in(answer.get("query"), "usercontribs")
    times = [at for told in contributions if (at := time_of(told.get("timestamp"))) is not None]
    going_on = answer.get("continue")
    cursor = text_of(going_on.get("uccontinue")) if isinstance(going_on, dict) else ""
    endpoint, site = url.partition("?")[0], host_of(url)
    wanted = [(number, id_of(told.get("parentid"))) for told in contributions if (number := id_of(told.get("revid")))]
    pages = [_some_revisions(endpoint, wanted[n : n + AT_ONCE]) for n in range(0, len(wanted), AT_ONCE)]
    start_of_list = time_of(context.get("back_to")) or FIRST_TIME
    oldest = min(times, default=None) if cursor else start_of_list
    if cursor and oldest:
        following = f"{re.sub(r'&uccontinue=[^&]*$', '', url)}&uccontinue={quote(cursor, safe='')}"
        further = {**context, "before": oldest.isoformat()}
        pages.append(PageRequest(url=following, role="contributions", context=further))
    newest = {"newest": max(times).isoformat()} if times else {}
    place = {"api": next((place for place in ENDPOINTS if endpoint.endswith(f"/{place}")), ENDPOINTS[1])}
    return Reading(
        next=tuple(pages),
        state={**place, **newest} if "before" not in context else {},
        covers=(oldest, time_of(context.get("before")) or LAST_TIME) if oldest else None,
        lists=tuple(f"{site}/{number}" for number, _ in wanted),
    )


def _some_revisions(endpoint: str, pairs: Iterable[tuple[str, str]]) -> PageRequest:
    numbers = dict.fromkeys(number for pair in pairs for number in pair if number not in ("", "0"))
    url = _query(
        endpoint,
        prop="revisions|info",
        revids="|".join(numbers),
        rvprop="ids|timestamp|user|comment|content",
        rvslots="main",
        inprop="url",
    )
    return PageRequest(url=url, role="revisions")


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    answer = json_of(body, url)
    if not isinstance(answer, dict):
        raise SourceError(f"{url} did not answer as a wiki does.")
    if isinstance(error := answer.get("error"), dict):
        code = text_of(error.get("code"))
        refusal = NotPublic if code in REFUSED else SourceGone if code == "nosuchuser" else SourceError
        raise refusal(f"{url}: {code} {text_of(error.get('info'))}")
    if "query" not in answer and "batchcomplete" not in answer:
        raise SourceError(f"{url} did not answer as a wiki does.")
    return answer


Told = tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any] | None]


def _revisions(body: bytes, url: str) -> list[Told]:
    """Each revision with its page and the revision before it, which is None for the first of a page; without it, left out."""
    told: list[Told] = []
    for page in objects_in(_answer(body, url).get("query"), "pages"):
        known = {id_of(revision.get("revid")): revision for revision in objects_in(page, "revisions")}
        for revision in known.values():
            before = id_of(revision.get("parentid"))
            if before in ("", "0") or before in known:
                told.append((page, revision, known.get(before)))
    return told


def _main(revision: Mapping[str, Any]) -> Mapping[str, Any]:
    slots = revision.get("slots")
    main = slots.get("main") if isinstance(slots, dict) else None
    return main if isinstance(main, dict) else revision


def _post(told: Told, url: str) -> ObservedPost | None:
    page, revision, before = told
    number, created_at, user = id_of(revision.get("revid")), time_of(revision.get("timestamp")), revision.get("user")
    title, content = text_of(page.get("title")), _main(revision).get("content")
    if revision.get("userhidden") is True or _main(revision).get("texthidden") is True:
        return None
    if not number or created_at is None or not text_of(user) or not title or not isinstance(content, str):
        raise SourceError(f"{url} shows a revision without id, time, author, page or content.")
    known = frozenset(text_of(_main(before).get("content")).splitlines()) if before else frozenset()
    added = "\n".join(line for line in text_of(content).splitlines() if line not in known).strip()
    place = url.partition("/api.php")[0]
    base = place.removesuffix("/w")
    space = page.get("ns")
    is_talk = isinstance(space, int) and space % 2 == TALK
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{host_of(url)}/{number}",
        author=f"{text_of(user)}@{base.partition('://')[2]}",
        kind=PostKind.COMMENT if is_talk else PostKind.POST,
        permalink=f"{place}/index.php?oldid={number}",
        text=titled(title, "\n\n".join(filter(None, (text_of(revision.get("comment")).strip(), added)))),
        html=added,
        language=text_of(page.get("pagelanguage")) or None,
        created_at=created_at,
        visibility="listed by the wiki's API without signing in",
        media=distinct(_pictures(title, added, place, is_first=before is None)),
        links=tuple(dict.fromkeys(link for found in LINK.findall(added) if (link := url_of(found)))),
    )


def _pictures(title: str, added: str, place: str, *, is_first: bool) -> Iterable[ObservedMedia | None]:
    """The file that a file's page is about, when it is new, and the files that the added lines show."""
    shown = [(title.partition(":")[2], "")] if is_first and title.startswith("File:") else []
    for name, options in [*shown, *FILE.findall(added)]:
        words = [part.strip() for part in options.split("|") if part.strip()]
        alt = next((word[4:] for word in words if word.lower().startswith("alt=")), "")
        caption = next((word for word in reversed(words) if not LAYOUT.fullmatch(word)), "")
        address = f"{place}/index.php?title=Special:FilePath/{quote(name.strip().replace(' ', '_'))}"
        yield medium(address, key=f"File:{name.strip()}", kind=MediaKind.IMAGE, alt=alt or caption)
