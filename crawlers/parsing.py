"""A platform's parser on bytes that came from elsewhere than a crawl: a saved answer, or a record of somebody's web archive."""

import inspect
import re
from datetime import datetime

from crawlers.platforms import platform_of
from crawlers.values import url_of
from footprint.errors import BadInput
from footprint.posts import ObservedPost

# Where a saved answer tells its own address: HTML, then JSON and feeds. The first that is found names the server.
OWN_ADDRESS = (
    re.compile(rb"""<link\b[^>]{0,200}\brel=["']?canonical["']?[^>]{0,200}?\bhref=["']?(https?://[^"'\s>]+)""", re.I),
    re.compile(rb"""<meta\b[^>]{0,200}\bproperty=["']og:url["'][^>]{0,200}?\bcontent=["'](https?://[^"'\s>]+)""", re.I),
    re.compile(rb"""["'](?:uri|url|id|permalink|link|feed_url|home_page_url)["']\s*:\s*["'](https?:[^"'\s]+)"""),
    re.compile(rb"""<link>\s*(https?://[^<\s]+)|<link\b[^>]{0,200}\bhref=["'](https?://[^"'\s>]+)""", re.I),
)
SEARCHED_BYTES = 2**20

NOWHERE = "https://unknown.invalid/"
"""The address of an answer that tells none."""


def parse_answer(
    platform: str, body: bytes, *, url: str, content_type: str = "", answered_at: datetime | None = None
) -> list[ObservedPost]:
    """The posts of one answer. `url` is where it came from. Raises BadInput for an unknown platform, SourceError for another answer."""
    parse = getattr(platform_of(platform), "parse_posts", None)
    if parse is None:
        raise BadInput(f"'{platform}' cannot read an answer by itself: its module has no parse_posts.")
    offered = {"url": url, "content_type": content_type, "answered_at": answered_at}
    taken = inspect.signature(parse).parameters
    posts: list[ObservedPost] = parse(body, **{name: value for name, value in offered.items() if name in taken})
    return posts


def own_address(body: bytes) -> str | None:
    """The address that a saved answer gives as its own, or as that of the first thing on it; None where it gives none."""
    for pattern in OWN_ADDRESS:
        found = pattern.search(body[:SEARCHED_BYTES])
        if found and (url := url_of(next(filter(None, found.groups())).decode("latin-1").replace("\\/", "/"))):
            return url
    return None
