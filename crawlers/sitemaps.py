"""Sitemaps (https://www.sitemaps.org/protocol.html): which pages a site has, and when each was changed last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.answers import decoded, local_name, unpacked, xml_of
from crawlers.values import text_of, time_of, url_of, without_fragment
from footprint.errors import SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page. `published` is the date of news sitemaps; `images` are pairs of address and caption of image sitemaps."""

    url: str
    changed: datetime | None = None
    published: datetime | None = None
    images: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The pages that a sitemap lists, or the addresses of the sitemaps that an index lists."""

    pages: tuple[Listed, ...] = ()
    parts: tuple[str, ...] = ()


def read_sitemap(body: bytes, url: str, *, content_type: str = "") -> Sitemap:
    """Read a sitemap or an index of sitemaps, packed by gzip or not. Raises SourceError for anything else."""
    root = xml_of(decoded(unpacked(body, url), content_type), url)
    match local_name(root):
        case "sitemapindex":
            parts = (url_of(_text(part, "loc"), url) for part in _children(root, "sitemap"))
            return Sitemap(parts=tuple(dict.fromkeys(filter(None, parts))))
        case "urlset":
            pages = [page for entry in _children(root, "url") if (page := _listed(entry, url)) is not None]
            return Sitemap(pages=tuple({page.url: page for page in pages}.values()))
    raise SourceError(f"{url} did not answer with a sitemap.")


def _listed(entry: Any, base: str) -> Listed | None:
    address = url_of(_text(entry, "loc"), base)
    if address is None:
        return None
    news = next(_children(entry, "news"), None)
    found = ((url_of(_text(image, "loc"), base), _text(image, "caption")) for image in _children(entry, "image"))
    return Listed(
        url=without_fragment(address),
        changed=time_of(_text(entry, "lastmod")),
        published=None if news is None else time_of(_text(news, "publication_date")),
        images=tuple((image, caption) for image, caption in found if image is not None),
    )


def _children(parent: Any, name: str) -> Iterator[Any]:
    return (child for child in parent if local_name(child) == name)


def _text(parent: Any, name: str) -> str:
    child = next(_children(parent, name), None)
    return "" if child is None else text_of(child.text).strip()
