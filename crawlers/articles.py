"""
The article of one page of a site: its title, text, times, authors and media.

A page that lists others (a front page, a section) has none: what it lists has pages of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawlers.answers import decoded, tree_of
from crawlers.claims import Claims, h_entry, json_ld, open_graph, words_of
from crawlers.markup import classes_of, read_element
from crawlers.values import distinct, host_of, text_of, time_of, url_of, without_fragment
from footprint.errors import NotPublic, SourceError
from footprint.posts import ObservedMedia

ENTRIES = frozenset({"h-entry", "hentry"})
CONTENTS = frozenset({"e-content", "entry-content", "post-content", "article-content", "article-body", "gh-content"})
LISTS = frozenset({"h-feed", "hfeed"})

# Ways to other pages, and what other people say below an article.
OTHER_TAGS = frozenset({"nav", "aside"})
OTHER_ROLES = frozenset({"navigation", "complementary", "contentinfo", "search"})
COMMENTS = frozenset({"comments", "comment", "comment-list", "comment-body", "comments-area", "disqus_thread"})
REPLIES = frozenset({"h-cite", "respond", "comment-respond", "p-comment", "u-comment"})

# What stands beside the words: who wrote them, and what comes with every article.
BESIDES = frozenset({"p-author", "byline", "breadcrumb", "breadcrumbs", "related-posts", "sharedaddy"})

PUBLISHED = ("datepublished", "date", "pubdate", "dc.date", "dcterms.created", "dcterms.issued")
MODIFIED = ("datemodified", "last-modified", "dcterms.modified")
PASSWORD_FORM = "post-password-form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. `url` is its canonical address; what the page does not tell is empty or None."""

    url: str
    title: str
    text: str
    authors: tuple[str, ...]
    published: datetime | None
    modified: datetime | None
    media: tuple[ObservedMedia, ...]
    links: tuple[str, ...]
    language: str | None


def read_article(body: bytes, url: str, *, content_type: str = "") -> Article | None:
    """
    The article of a page, None for a page that lists others.

    Raises SourceError where the answer is no HTML page, NotPublic where it asks for a password.
    """
    tree = tree_of(decoded(body, content_type))
    if tree is None:
        raise SourceError(f"{url} did not answer with a page.")
    address = _canonical(tree, url)
    linked = json_ld(tree, address)
    sort, graph = open_graph(tree, url)
    scope = _scope(tree, is_article=linked is not None or sort == "article")
    if scope is None:
        return None
    if any(PASSWORD_FORM in classes_of(form) for form in scope.iter("form")):
        raise NotPublic(f"{url} asks for a password.")
    entry = h_entry(_own(scope), _base(tree, url)) if not ENTRIES.isdisjoint(classes_of(scope)) else Claims()
    claims = [claim for claim in (linked, entry, graph, _markup(tree, scope)) if claim is not None]
    base = _base(tree, url)
    shown = read_element(scope, base, skip=partial(_is_unsaid, scope))
    return Article(
        url=address,
        title=next((claim.title for claim in claims if claim.title), ""),
        text=_text(scope, base) or shown.text or next((claim.text for claim in claims if claim.text), ""),
        authors=next((claim.authors for claim in claims if claim.authors), ()),
        published=next((claim.published for claim in claims if claim.published), None),
        modified=next((claim.modified for claim in claims if claim.modified), None),
        media=distinct((*shown.media, *(item for claim in claims for item in claim.media))),
        links=shown.links,
        language=text_of(tree.get("lang")) or None,
    )


def links_on(body: bytes, url: str, *, content_type: str = "") -> tuple[str, ...]:
    """Every document that a page links to, in order."""
    tree = tree_of(decoded(body, content_type))
    if tree is None:
        return ()
    base = _base(tree, url)
    found = (url_of(anchor.get("href"), base) for anchor in tree.iter("a"))
    return tuple(dict.fromkeys(without_fragment(link) for link in found if link))


def _canonical(tree: Any, url: str) -> str:
    """The address that the page gives itself, on its own host. A page that claims to be the front page is mistaken."""
    told = next((link.get("href") for link in tree.iter("link") if link.get("rel", "").lower() == "canonical"), None)
    address = url_of(told, _base(tree, url))
    if address is None or host_of(address) != host_of(url) or urlsplit(address).path in ("", "/"):
        address = url
    return without_fragment(address)


def _base(tree: Any, url: str) -> str:
    base = tree.find(".//base")
    return (url_of(base.get("href"), url) if base is not None else None) or url


def _scope(tree: Any, *, is_article: bool) -> Any | None:
    """The element around the article and nothing else; None where several stand side by side and the page says of none that it is it."""
    found: list[Any] = []
    is_list = False
    walker = etree.iterwalk(tree, events=("start",))
    for _, element in walker:
        classes = classes_of(element)
        is_list = is_list or not LISTS.isdisjoint(classes)
        if _is_foreign(element) or _is_beside(element):
            walker.skip_subtree()
        elif element.tag == "article" or not ENTRIES.isdisjoint(classes):
            found.append(element)
            walker.skip_subtree()
    if is_article and found:
        return next((element for element in found if element.find(".//h1") is not None), found[0])
    if len(found) > 1 or (found and is_list):
        return None
    main = (element for element in tree.iter() if element.tag == "main" or element.get("role") == "main")
    return found[0] if found else next(main, tree.find("body"))  # a page that only leads on to another has no body


def _names(element: Any) -> set[str]:
    return {*classes_of(element), element.get("id", "")}


def _is_foreign(element: Any) -> bool:
    """Whether an element leads to other pages, or holds what other people say."""
    is_other = element.tag in OTHER_TAGS or element.get("role") in OTHER_ROLES
    return is_other or not (COMMENTS | REPLIES).isdisjoint(_names(element))


def _is_beside(element: Any) -> bool:
    return element.tag == "footer" or not BESIDES.isdisjoint(_names(element))


def _is_outside(scope: Any, element: Any) -> bool:
    """Whether an element inside the scope is not the article's. An article inside of another is a comment or a teaser."""
    is_frame = element.tag == "article" or (scope.tag == "body" and element.tag in ("header", "footer"))
    return element is not scope and (is_frame or _is_foreign(element))


def _is_unsaid(scope: Any, element: Any) -> bool:
    """Whether an element inside the scope is not among the article's words."""
    return _is_outside(scope, element) or (element is not scope and _is_beside(element))


def _own(scope: Any) -> Iterator[Any]:
    """The elements that are the article's."""
    walker = etree.iterwalk(scope, events=("start",))
    for _, element in walker:
        if _is_outside(scope, element):
            walker.skip_subtree()
        else:
            yield element


def _text(scope: Any, base: str) -> str:
    """The words of the part that the page marks as the content, "" where it marks none."""
    parts = (e for e in _own(scope) if not CONTENTS.isdisjoint(classes_of(e)) or e.get("itemprop") == "articleBody")
    part = next(parts, None)
    return "" if part is None else read_element(part, base, skip=partial(_is_unsaid, part)).text


def _markup(tree: Any, scope: Any) -> Claims:
    """What the markup itself tells, on pages that say nothing to machines."""
    told = {name.lower(): meta.get("content", "") for meta in tree.iter("meta") for name in _meta_names(meta)}
    own = list(_own(scope))
    headings = (words_of(element) for element in (*own, *tree.iter("h1", "title")) if element.tag in ("h1", "title"))
    times = (time_of(element.get("datetime")) for element in own if element.tag == "time")
    links = (element for element in own if element.tag == "a" and "author" in element.get("rel", "").split())
    names = (told.get("author", ""), *map(words_of, islice(links, 1)))
    return Claims(
        title=next(filter(None, headings), ""),
        authors=tuple(text_of(name) for name in names if name)[:1],
        published=next(filter(None, (*map(time_of, map(told.get, PUBLISHED)), *times)), None),
        modified=next(filter(None, map(time_of, map(told.get, MODIFIED))), None),
    )


def _meta_names(meta: Any) -> Iterator[str]:
    return (meta.get(name) for name in ("name", "itemprop") if meta.get(name))
