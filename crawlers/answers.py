"""What a server answered: bytes that may be what was asked for, or anything else. Each reader raises SourceError and nothing else."""

import json
import re
import sys
import zlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from lxml import etree, html
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from crawlers.platform import Page
from crawlers.values import text_of
from footprint.errors import NotPublic, SourceError, SourceGone
from footprint.posts import ObservedPost

Item = TypeVar("Item")

# Of the codecs that a server can name, those that are text and fast; "punycode" is slow on purpose, "zip" no text at all.
TEXT_CODEC = re.compile(r"utf-?(8|16|32).*|ascii|iso8859.*|cp\d+|koi8.*|big5.*|gb.*|euc.*|shift.*|mac.*|hz|johab|tis.*")

# The most that the sitemap protocol allows a file to hold.
UNPACKED_LIMIT_BYTES = 50 * 2**20

# What may stand before a document type, and the only sort of document type that declares nothing.
PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
BARE_DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+[\w:.-]+(\s+(SYSTEM|PUBLIC\s*("[^"]*"|'[^']*'))\s*("[^"]*"|'[^']*'))?\s*>""", re.IGNORECASE
)
# A character by its number. Those that are none (halves of a surrogate pair, NUL) get through libxml2 in 2.14 and are no UTF-8.
REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,6})|0*([0-9]{1,7}));")
FIRST_ELEMENT = re.compile(r"<\w")


def require_found(page: Page) -> None:
    """Raise for an answer that is no page: SourceGone for 404 and 410, NotPublic for 401 and 403, else SourceError."""
    if page.status in (404, 410):
        raise SourceGone(f"{page.url} is gone (HTTP {page.status}).")
    if page.status in (401, 403):
        raise NotPublic(f"{page.url} is not public (HTTP {page.status}).")
    if page.status >= 400:
        raise SourceError(f"{page.url} answered HTTP {page.status}.")


def json_of(body: bytes, url: str) -> Any:
    """JSON as Python has it; NaN, infinities, absurdly long numbers and absurdly deep nesting are none."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{url} did not answer with JSON: {error}") from error


def decoded(body: bytes, content_type: str = "") -> str:
    """Text as browsers decode it: by byte order mark, header, declaration in the document, UTF-8. Bad bytes become U+FFFD."""
    told, mark = read_bom(body)
    name = told or http_content_type_encoding(content_type) or html_body_declared_encoding(body) or "utf-8"
    codec = name if TEXT_CODEC.fullmatch(name.replace("_", "")) else "utf-8"
    return body[len(mark or b"") :].decode(codec, "replace")


def tree_of(text: str) -> Any | None:
    """The root element of an HTML document or fragment, None where there is none."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(text_of(text).encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def xml_of(text: str, url: str, *, is_strict: bool = False) -> Any:
    """
    The root element of an XML document, read as far as it goes unless `is_strict`.

    Raises SourceError where there is none, where it declares entities and, if strict, where it is not well-formed.
    """
    require_no_declarations(text, url)
    safe = {"resolve_entities": False, "load_dtd": False, "no_network": True, "remove_comments": True}
    parser = etree.XMLParser(encoding="utf-8", recover=not is_strict, **safe)
    try:
        root = etree.fromstring(text_of(REFERENCE.sub(_character, text)).encode(), parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(f"{url} did not answer with XML: {error}") from error
    if root is None:
        raise SourceError(f"{url} did not answer with XML.")
    return root


def local_name(element: Any) -> str:
    """The name of an XML element in lower case, without its namespace, which sites get wrong in many ways."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def require_no_declarations(text: str, url: str) -> None:
    """Raise SourceError for XML that declares anything: entities grow without end, or name files of ours."""
    prolog = PROLOG.match(text)
    rest = text[prolog.end() if prolog else 0 :]
    first = FIRST_ELEMENT.search(rest)
    head = rest[: first.start() if first else len(rest)].upper()
    if "<!ENTITY" in head or (head.startswith("<!DOCTYPE") and not BARE_DOCTYPE.match(rest)):
        raise SourceError(f"{url} answered with XML that declares entities; it was not parsed.")


def readable(items: Iterable[Item], read: Callable[[Item], ObservedPost | None]) -> tuple[list[ObservedPost], int]:
    """
    Read items one by one: the posts, and how many items were broken (`read` raised SourceError; None is for what is no post).

    A broken item does not hide the others; where there are no others, its SourceError is raised.
    """
    posts: list[ObservedPost] = []
    failures: list[SourceError] = []
    for item in items:
        try:
            post = read(item)
        except SourceError as error:
            failures.append(error)
        else:
            posts += [post] if post else []
    if failures and not posts:
        raise failures[0]
    return posts, len(failures)


def unpacked(body: bytes, url: str) -> bytes:
    """The content of a gzip file, which sitemaps often are; other bytes as they stand. Raises SourceError beyond the cap."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(body, UNPACKED_LIMIT_BYTES)
    except zlib.error as error:
        raise SourceError(f"{url} answered with a broken gzip file: {error}") from error
    if not unpacker.eof:
        limit = f"{UNPACKED_LIMIT_BYTES // 2**20} MiB"
        raise SourceError(
            f"{url} answered with a gzip file that is cut off or holds more than {limit}; it was not read."
        )
    return content


def _character(reference: re.Match[str]) -> str:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if number <= sys.maxunicode and text_of(chr(number)) else ""


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
