"""RSS, RDF and Atom: mended by lxml where they are broken, then read by feedparser."""

import calendar
import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html.entities import html5
from typing import Any

import feedparser
from lxml import etree
from w3lib.url import add_or_replace_parameter

from crawlers.answers import local_name, xml_of
from crawlers.entries import Entry, Feed, distinct_entries
from crawlers.markup import Fragment, read_html
from crawlers.values import distinct, host_of, id_of, medium, text_of, time_of, url_of
from footprint.errors import SourceError
from footprint.posts import MediaKind, ObservedMedia

KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
MARKUP = ("text/html", "application/xhtml+xml")
FILES = ("image", "video", "audio", "")

# feedparser takes four letters of a top-level domain for the whole (to 6.0.14): what it leaves of "a@city.example (Name)" is no name.
MAIL = re.compile(r"[^\s<>()]+@[^\s<>()]+")

# Elements that name people, and what a document that is not well-formed may have in place of "&amp;".
PEOPLE = frozenset(
    {"author", "contributor", "creator", "publisher", "managingeditor", "webmaster", "owner", "name", "email"}
)
LONGEST_NAME = 1000
LOOSE_AMPERSAND = re.compile(r"&(?:([A-Za-z]\w{1,30};)|(?!#\w))")
XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})

# WordPress pages its feeds by this parameter, but does not say so in them.
WORDPRESS = "wordpress.org"


def read_xml_feed(text: str, url: str) -> Feed:
    """One page of an RSS, RDF or Atom feed. Raises SourceError for anything else, and for XML that declares entities."""
    root, is_well_formed = _document(text, url)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    data = io.BytesIO(etree.tostring(root, encoding="utf-8"))
    try:
        parsed = feedparser.parse(data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        version = text_of(parsed.get("version"))
        inherited = _names(parsed.feed) if version.startswith("atom") else ()
        entries = [_entry(entry, inherited, url) for entry in parsed.entries]
        updated = _time(parsed.feed, "updated") or _time(parsed.feed, "published")
        following = _next_url(parsed.feed, url)
    except Exception as error:  # feedparser raises whatever odd markup leads it into
        raise SourceError(f"{url} answered with a feed that cannot be read: {error!r}") from error
    if not version and not entries:
        raise SourceError(f"{url} did not answer with a feed.")
    return Feed(entries=distinct_entries(entries), updated=updated, next_url=following, is_well_formed=is_well_formed)


def _document(text: str, url: str) -> tuple[Any, bool]:
    """
    The root of a feed, mended where it was not well-formed, and whether it was.

    Names of people are cut: feedparser (to 6.0.14) takes minutes to look for a mail address in a name of 100 kB.
    """
    try:
        root, is_well_formed = xml_of(text, url, is_strict=True), True
    except SourceError:
        root, is_well_formed = xml_of(LOOSE_AMPERSAND.sub(_mended, text), url), False
    for element in root.iter("*"):
        if local_name(element) in PEOPLE and sum(map(len, element.itertext())) > LONGEST_NAME:
            name = "".join(element.itertext())[:LONGEST_NAME]
            element.clear(keep_tail=True)
            element.text = name
    return root, is_well_formed


def _mended(ampersand: re.Match[str]) -> str:
    """Characters for the names that HTML gives them and XML does not know, and ampersands that nobody escaped."""
    name = ampersand[1]
    if name is None:
        return "&amp;"
    return ampersand[0] if name in XML_ENTITIES else html5.get(name, "&amp;" + name)


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
    """Media that stand beside the content: Media RSS, enclosures, thumbnails, covers of episodes."""
    for item in entry.get("media_content") or ():
        if text_of(item.get("type")).partition("/")[0] in FILES:
            kind = KINDS.get(text_of(item.get("medium")), MediaKind.UNKNOWN)
            yield medium(item.get("url"), base, kind=kind, mime=item.get("type"))
    for item in entry.get("links") or ():
        if item.get("rel") == "enclosure" and text_of(item.get("type")).partition("/")[0] in FILES:
            yield medium(item.get("href"), base, mime=item.get("type"), alt=item.get("title"))
    for item in entry.get("media_thumbnail") or ():
        yield medium(item.get("url"), base, kind=MediaKind.IMAGE)
    cover = entry.get("image")  # of an episode
    if isinstance(cover, Mapping):
        yield medium(cover.get("href"), base, kind=MediaKind.IMAGE)


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


def _first(items: Any) -> Mapping[str, Any] | None:
    """The content that a page would show: markup before plain text, never bytes in base64."""
    readable = [item for item in items or () if item.get("type") in (*MARKUP, "text/plain")]
    return min(readable, key=lambda item: item.get("type") not in MARKUP, default=None)
