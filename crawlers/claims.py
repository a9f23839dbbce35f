"""What a page says of itself to machines: JSON-LD, OpenGraph and microformats, each as the same few claims."""

import html
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from extruct.jsonld import JsonLdExtractor
from extruct.opengraph import OpenGraphExtractor

from crawlers.markup import classes_of
from crawlers.values import distinct, medium, text_of, time_of, url_of, without_fragment
from footprint.posts import MediaKind, ObservedMedia

NEWS = frozenset({"NewsArticle", "ReportageNewsArticle", "OpinionNewsArticle", "AnalysisNewsArticle", "Report"})
POSTINGS = frozenset({"BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting"})
ARTICLES = NEWS | POSTINGS | {"Article", "TechArticle", "SpecialAnnouncement"}

DISCUSSIONS = frozenset({"DiscussionForumPosting", "Question"})
ANSWERS = ("comment", "suggestedAnswer", "acceptedAnswer")

# Properties of an entry by the classes of microformats 2, and of the older sort.
PROPERTIES = {
    "p-name": "name",
    "entry-title": "name",
    "p-author": "author",
    "author": "author",
    "dt-published": "published",
    "published": "published",
    "dt-updated": "updated",
    "updated": "updated",
    "u-photo": MediaKind.IMAGE,
    "u-video": MediaKind.VIDEO,
    "u-audio": MediaKind.AUDIO,
}
MOST_AUTHORS, MOST_PIECES, LONGEST_LINE = 20, 200, 1000
CALLED = frozenset({"p-name", "fn"})

# What these parsers raise over markup that breaks their expectations; then the page makes no such claim.
BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims about the article of a page; what is not claimed is empty. `text` is the article as plain text."""

    title: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    media: tuple[ObservedMedia, ...] = ()


def json_ld(tree: Any, url: str) -> Claims | None:
    """The article that the page's JSON-LD describes; None where there is none, or several and none of them is this page."""
    nodes = list(_nodes(tree))
    articles = [node for node in nodes if not ARTICLES.isdisjoint(_types(node))]
    if len(articles) > 1:
        articles = [node for node in articles if url in _addresses(node)][:1]
    if not articles:
        return None
    article = articles[0]
    named = {text_of(node.get("@id")): node for node in nodes if len(node) > 1}
    return Claims(
        title=_said(article.get("headline")) or _said(article.get("name")),
        text=_said(article.get("articleBody")) or _said(article.get("text")),
        authors=tuple(filter(None, (_said(person.get("name")) for person in _objects(article.get("author"), named)))),
        published=time_of(_said(article.get("datePublished"))),
        modified=time_of(_said(article.get("dateModified"))),
        media=tuple(_described(article, named, url)),
    )


def discussion(tree: Any) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """The postings of a forum's page and the comments below each, with what each one answers."""
    waiting: deque[tuple[Mapping[str, Any], Mapping[str, Any] | None]] = deque(
        (node, None) for node in _nodes(tree) if not DISCUSSIONS.isdisjoint(_types(node))
    )
    while waiting:
        node, parent = waiting.popleft()
        yield node, parent
        for name in ANSWERS:
            waiting += [(inner, node) for inner in _objects(node.get(name), {}) if len(inner) > 2]


def said(node: Mapping[str, Any], *names: str) -> str:
    """The first of some properties that a node tells as text, "" where it tells none."""
    return next(filter(None, (_said(node.get(name)) for name in names)), "")


def named(node: Mapping[str, Any], name: str) -> str:
    """The name of the first thing that a property holds."""
    return next((told for thing in _objects(node.get(name), {}) if (told := _said(thing.get("name")))), "")


def shown(node: Mapping[str, Any], url: str) -> tuple[ObservedMedia, ...]:
    """The media that a node names."""
    return tuple(_described(node, {}, url))


def open_graph(tree: Any, url: str) -> tuple[str, Claims]:
    """What kind of page OpenGraph says it is ("article", "website", "" for nothing), and the claims."""
    said: dict[str, list[str]] = {}
    try:
        for item in OpenGraphExtractor().extract_items(tree):
            for name, value in item["properties"]:
                said.setdefault(name.lower(), []).append(value)
    except BROKEN:
        said = {}
    first = {name: text_of(values[0]).strip() for name, values in said.items()}
    found = (
        *(
            medium(image, url, kind=MediaKind.IMAGE, alt=first.get("og:image:alt"))
            for image in said.get("og:image", ())
        ),
        *_players(said, "og:video", url),
        *_players(said, "og:audio", url),
    )
    return first.get("og:type", "").lower(), Claims(
        title=first.get("og:title", ""),
        text=first.get("og:description", ""),
        authors=tuple(name for name in map(text_of, said.get("article:author", ())) if url_of(name) is None),
        published=time_of(first.get("article:published_time")),
        modified=time_of(first.get("article:modified_time") or first.get("og:updated_time")),
        media=tuple(filter(None, found)),
    )


def h_entry(elements: Iterable[Any], url: str) -> Claims:
    """
    The claims of an h-entry, or of an hentry of the older sort, by its elements (https://microformats.org/wiki/h-entry).

    Read here and not by mf2py 2.0: it takes a minute for ten kilobytes of nested entries.
    """
    said: dict[str, list[Any]] = {}
    for element in elements:
        for name in classes_of(element):
            said.setdefault(PROPERTIES.get(name, ""), []).append(element)
    return Claims(
        title=next(filter(None, map(words_of, said.get("name", ()))), ""),
        authors=tuple(dict.fromkeys(filter(None, map(_called, said.get("author", [])[:MOST_AUTHORS])))),
        published=next(filter(None, map(_time, said.get("published", ()))), None),
        modified=next(filter(None, map(_time, said.get("updated", ()))), None),
        media=distinct(
            medium(element.get("src") or element.get("href"), url, kind=kind, alt=element.get("alt"))
            for kind in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO)
            for element in said.get(kind, ())
        ),
    )


def words_of(element: Any) -> str:
    """The text inside of an element, as one line; of more than a line the beginning."""
    return " ".join(text_of("".join(islice(element.itertext(), MOST_PIECES)))[:LONGEST_LINE].split())


def _called(author: Any) -> str:
    """A person's name, which may stand in a card with more."""
    names = (inner for inner in author.iter() if not CALLED.isdisjoint(classes_of(inner)))
    return words_of(next(names, author))


def _time(element: Any) -> datetime | None:
    return time_of(element.get("datetime") or element.get("title") or words_of(element))


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of the page's JSON-LD that stands by itself, in a graph, or as the main thing of another."""
    for script in tree.iter("script"):
        try:
            waiting: list[Any] = JsonLdExtractor().extract_items(script)[::-1]
        except BROKEN:
            continue
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += reversed(node)
            elif isinstance(node, dict):
                yield node
                waiting += [node[name] for name in ("mainEntity", "@graph") if name in node]


def _types(node: Mapping[str, Any]) -> frozenset[str]:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return frozenset(text_of(name).rpartition("/")[2].rpartition(":")[2] for name in names)


def _addresses(node: Mapping[str, Any]) -> frozenset[str]:
    page = node.get("mainEntityOfPage")
    told = (node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    return frozenset(without_fragment(url) for value in told if (url := url_of(_said(value))))


def _said(value: Any) -> str:
    """A literal as text. Templates escape it as HTML, or put it in quotes twice."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    return html.unescape(text_of(value)).strip().strip('"').strip()


def _objects(value: Any, named: Mapping[str, Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The objects that a property holds: given in full, by reference, or by no more than a name or address."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield {"name": item, "url": item}
        elif isinstance(item, dict):
            yield {**named.get(text_of(item.get("@id")), {}), **item}


def _described(article: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]], url: str) -> Iterator[ObservedMedia]:
    for name, kind in (("image", MediaKind.IMAGE), ("video", MediaKind.VIDEO), ("audio", MediaKind.AUDIO)):
        for item in _objects(article.get(name), named):
            address = _said(item.get("contentUrl")) or (_said(item.get("url")) if kind is MediaKind.IMAGE else "")
            words = _said(item.get("caption")) or _said(item.get("alternateName"))
            found = (
                medium(address, url, kind=kind, mime=item.get("encodingFormat"), alt=words),
                medium(_said(item.get("thumbnailUrl")), url, kind=MediaKind.IMAGE),
            )
            yield from filter(None, found)


def _players(said: Mapping[str, list[str]], name: str, url: str) -> Iterable[ObservedMedia | None]:
    """Video and sound as files; a player to embed is a page, and no medium."""
    kind = MediaKind(name.removeprefix("og:"))
    mime = next(iter(said.get(f"{name}:type", ())), "")
    found = (
        medium(value, url, kind=kind if mime.startswith(kind) else MediaKind.UNKNOWN) for value in said.get(name, ())
    )
    return (item for item in found if item is not None and item.kind is not MediaKind.UNKNOWN)
