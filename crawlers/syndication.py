"""Feeds of every dialect as plain entries: RSS, RDF and Atom by feedparser, JSON Feed (1.0 and 1.1) here."""

import calendar
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import feedparser
from w3lib.url import add_or_replace_parameter

from crawlers.answers import decoded, json_of, require_no_declarations
from crawlers.markup import Fragment, read_html
from crawlers.values import distinct, host_of, id_of, medium, objects_in, text_of, time_of, url_of
from footprint.digests import digest
from footprint.errors import SourceError
from footprint.posts import MediaKind, ObservedMedia

KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
MARKUP = ("text/html", "application/xhtml+xml")
FILES = ("image", "video", "audio", "")

# feedparser takes four letters of a top-level domain for the whole (to 6.0.14): what it leaves of "a@city.example (Name)" is no name.
MAIL = re.compile(r"[^\s<>()]+@[^\s<>()]+")

# WordPress pages its feeds by this parameter, but does not say so in them.
WORDPRESS = "wordpress.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One entry. `guid` is the publisher's own id of it, else its link, else a digest of what it says.

    `published` and `updated` are None where the entry does not tell them: neither stands in for the other. `authors` is empty
    where the entry names nobody.
    """

    guid: str
    link: str | None
    title: str
    content: Fragment
    html: str
    media: tuple[ObservedMedia, ...]
    authors: tuple[str, ...]
    language: str | None
    published: datetime | None
    updated: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed. `is_well_formed` is false where the document was broken, so that entries may have been lost."""

    entries: tuple[Entry, ...]
    updated: datetime | None
    next_url: str | None
    is_well_formed: bool = True
    unreadable: int = 0


def read_feed(body: bytes, url: str, *, content_type: str = "") -> Feed:
    """Read one page of a feed. Raises SourceError for anything else, and for XML that declares entities."""
    text = decoded(body, content_type)
    if text.lstrip().startswith("{"):
        return _json_feed(json_of(text.encode(), url), url)
    require_no_declarations(text, url)
    return _xml_feed(text, url)


def _xml_feed(text: str, url: str) -> Feed:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    data = io.BytesIO(text_of(text).encode())
    try:
        parsed = feedparser.parse(data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        version = text_of(parsed.get("version"))
        inherited = _names(parsed.feed) if version.startswith("atom") else ()
        entries = [_entry(entry, inherited, url) for entry in parsed.entries]
        updated = _time(parsed.feed, "updated") or _time(parsed.feed, "published")
        following = _next_url(parsed.feed, url)
    except Exception as error:  # feedparser raises whatever broken markup leads it into
        raise SourceError(f"{url} answered with a feed that cannot be read: {error!r}") from error
    if not version and not entries:
        raise SourceError(f"{url} did not answer with a feed.")
    return Feed(entries=_distinct(entries), updated=updated, next_url=following, is_well_formed=not parsed.get("bozo"))


def _entry(entry: Mapping[str, Any], inherited: tuple[str, ...], url: str) -> Entry:
    detail = _first(entry.get("content")) or entry.get("summary_detail") or {}
    base = url_of(detail.get("base"), url) or url
    html = text_of(detail.get("value"))
    content = read_html(html, base) if detail.get("type") in MARKUP else Fragment(text=text_of(html).strip())
    heading = entry.get("title_detail") or {}
    title = text_of(heading.get("value"))
    link = url_of(entry.get("feedburner_origlink") or entry.get("link"), base)
    return Entry(
        guid=id_of(entry.get("id")) or link or "",
        link=link,
        title=read_html(title, base).text if heading.get("type") in MARKUP else " ".join(title.split()),
        content=content,
        html=html,
        media=distinct((*content.media, *_attached(entry, base))),
        authors=_names(entry) or _names(entry.get("source") or {}) or inherited,
        language=text_of(detail.get("language")) or None,
        published=_time(entry, "published"),
        updated=_time(entry, "updated"),
    )


def _attached(entry: Mapping[str, Any], base: str) -> Iterable[ObservedMedia | None]:
    """Media that stand beside the content: Media RSS, enclosures, thumbnails."""
    for item in entry.get("media_content") or ():
        if text_of(item.get("type")).partition("/")[0] in FILES:
            kind = KINDS.get(text_of(item.get("medium")), MediaKind.UNKNOWN)
            yield medium(item.get("url"), base, kind=kind, mime=item.get("type"))
    for item in entry.get("links") or ():
        if item.get("rel") == "enclosure" and text_of(item.get("type")).partition("/")[0] in FILES:
            yield medium(item.get("href"), base, mime=item.get("type"), alt=item.get("title"))
    for item in entry.get("media_thumbnail") or ():
        yield medium(item.get("url"), base, kind=MediaKind.IMAGE)


def _time(holder: Mapping[str, Any], name: str) -> datetime | None:
    """A time that is there: feedparser's `get` answers for `published` with `updated`, and the other way round."""
    if name not in holder.keys():  # noqa: SIM118 - `in` itself makes that exchange too
        return None
    parsed = holder.get(f"{name}_parsed")
    if parsed is None:
        return time_of(holder.get(name))
    return time_of(datetime.fromtimestamp(calendar.timegm(parsed), UTC).isoformat())


def _names(holder: Mapping[str, Any]) -> tuple[str, ...]:
    people = holder.get("authors") or ()
    names = [text_of(person.get("name") or person.get("email")).strip() for person in people]
    told, mail = text_of(holder.get("author")), text_of(people[-1].get("email")) if people else ""
    if mail and re.search(re.escape(mail) + r"[A-Za-z-]", told):
        names[-1] = MAIL.sub("", told).strip(" ()<>") or told
    return tuple(dict.fromkeys(filter(None, names)))


def _next_url(feed: Mapping[str, Any], url: str) -> str | None:
    """The page of older entries (RFC 5005), on the same host."""
    told = {text_of(link.get("rel")): link.get("href") for link in feed.get("links") or ()}
    following = url_of(told.get("next") or told.get("prev-archive"), url)
    generator = text_of(feed.get("generator")) + text_of((feed.get("generator_detail") or {}).get("href"))
    if following is None and WORDPRESS in generator:
        page = re.search(r"[?&]paged=(\d{1,6})", url)
        following = add_or_replace_parameter(url, "paged", str(int(page[1]) + 1 if page else 2))
    return following if following and host_of(following) == host_of(url) else None


def _json_feed(answer: Any, url: str) -> Feed:
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in text_of(answer.get("version")):
        raise SourceError(f"{url} did not answer with a feed.")
    inherited = _people(answer)
    usable = [item for item in items if isinstance(item, dict)]
    following = url_of(answer.get("next_url"), url)
    return Feed(
        entries=_distinct([_json_entry(item, inherited, answer, url) for item in usable]),
        updated=None,
        next_url=following if following and host_of(following) == host_of(url) else None,
        unreadable=len(items) - len(usable),
    )


def _json_entry(item: Mapping[str, Any], inherited: tuple[str, ...], feed: Mapping[str, Any], url: str) -> Entry:
    link = url_of(item.get("url"), url) or url_of(item.get("external_url"), url)
    base = link or url
    html = text_of(item.get("content_html"))
    content = read_html(html, base) if html else Fragment(text=text_of(item.get("content_text") or item.get("summary")))
    attached = (
        *(medium(item.get(name), base, kind=MediaKind.IMAGE) for name in ("image", "banner_image")),
        *(
            medium(file.get("url"), base, mime=file.get("mime_type"), alt=file.get("title"))
            for file in objects_in(item, "attachments")
        ),
    )
    return Entry(
        guid=id_of(item.get("id")) or link or "",
        link=link,
        title=" ".join(text_of(item.get("title")).split()),
        content=content,
        html=html,
        media=distinct((*content.media, *attached)),
        authors=_people(item) or inherited,
        language=text_of(item.get("language")) or text_of(feed.get("language")) or None,
        published=time_of(item.get("date_published")),
        updated=time_of(item.get("date_modified")),
    )


def _people(holder: Mapping[str, Any]) -> tuple[str, ...]:
    """Authors as JSON Feed 1.1 lists them, else the one of 1.0."""
    people = objects_in(holder, "authors") or objects_in({"authors": [holder.get("author")]}, "authors")
    names = (text_of(person.get("name") or person.get("url")).strip() for person in people)
    return tuple(dict.fromkeys(filter(None, names)))


def _distinct(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """
    Entries with one id each. Broken feeds give several entries the same: then the link tells them apart, or what they say.
    """
    entries = tuple(entries)
    uses = Counter(entry.guid for entry in entries)
    named = (
        entry if entry.guid and uses[entry.guid] == 1 else replace(entry, guid=_own_id(entry)) for entry in entries
    )
    return tuple({entry.guid: entry for entry in reversed(tuple(named))}.values())[::-1]


def _own_id(entry: Entry) -> str:
    return f"{entry.guid} {entry.link}" if entry.link else digest(entry.guid, entry.title, entry.content.text)


def _first(items: Any) -> Mapping[str, Any] | None:
    """The content that a page would show: markup before plain text, never bytes in base64."""
    readable = [item for item in items or () if item.get("type") in (*MARKUP, "text/plain")]
    return min(readable, key=lambda item: item.get("type") not in MARKUP, default=None)
