"""Values out of hostile answers: text, times, addresses, or a plain "not there" where they are none."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from footprint.digests import digest
from footprint.posts import MediaKind, ObservedMedia

FIRST_TIME = datetime.min.replace(tzinfo=UTC)
LAST_TIME = datetime.max.replace(tzinfo=UTC)

# Servers say "no time" as the year 1 or 1970; nothing was published on the web before.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

LONGEST_ID = 300
LONGEST_URL = 4000

# What neither UTF-8 nor PostgreSQL holds (lone surrogates, NUL), and controls that no text needs.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,9})?")

# Parameters of addresses that are signed anew for each visitor or hour, and those by which one knows such an address.
SIGNATURES = frozenset(("x-amz-signature", "x-goog-signature", "signature", "sig"))
SIGNED = re.compile(
    r"(x-amz-|x-goog-).*|signature|expires|key-pair-id|policy|awsaccesskeyid|googleaccessid|sig|se|sp|st|sv|sr|spr|ske|skt"
)

KIND_OF_SUFFIX = (
    dict.fromkeys(
        ("jpg", "jpeg", "png", "gif", "webp", "avif", "heic", "bmp", "tif", "tiff", "jfif", "svg"), MediaKind.IMAGE
    )
    | dict.fromkeys(("mp4", "m4v", "mov", "webm", "ogv", "mkv", "avi"), MediaKind.VIDEO)
    | dict.fromkeys(("mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "aac"), MediaKind.AUDIO)
)

DOCUMENT_SUFFIXES = frozenset(("pdf", "docx", "pptx", "xlsx", "odt", "odp", "ods"))


def text_of(value: Any) -> str:
    """A string without what cannot be stored, "" for anything that is not one."""
    return UNSTORABLE.sub("", value) if isinstance(value, str) else ""


def id_of(value: Any) -> str:
    """An id as text, as platforms write it: a string or a whole number. "" for anything else; what is too long is digested."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**30:
        return str(value)
    text = text_of(value).strip()
    return text if len(text) <= LONGEST_ID else digest(text)


def time_of(value: Any) -> datetime | None:
    """Aware UTC from ISO 8601 or an HTTP date; without an offset it is read as UTC. None for no time, or none that can be."""
    text = text_of(value).strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        return at if at >= EARLIEST else None
    return None


def moment_of(value: Any, *, per_second: int = 1) -> datetime | None:
    """Aware UTC from a number since 1970, or a number as text; `per_second` is 1000 for milliseconds. None as in `time_of`."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and NUMBER.fullmatch(value)):
        return None
    try:
        at = datetime.fromtimestamp(float(value) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at >= EARLIEST else None


def url_of(value: Any, base: str = "") -> str | None:
    """
    An absolute http or https address, percent-encoded, resolved against `base`.

    None for other schemes, for what cannot be parsed, and for addresses with a user name or a password in them.
    """
    if not value or not isinstance(value, str) or len(value) > LONGEST_URL:
        return None
    text = re.sub(r"[\t\r\n]", "", text_of(value)).strip()
    try:
        url = safe_url_string(urljoin(base, text))
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return url if text and is_usable else None


def objects_in(container: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects of a list in a JSON object, none where there is no such list."""
    items = container.get(name) if isinstance(container, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def without_fragment(url: str) -> str:
    """The address of the whole document."""
    return url.partition("#")[0]


def origin_of(url: str) -> str:
    """Scheme, host and port, such as `https://social.example`."""
    return urlunsplit((*urlsplit(url)[:2], "", "", ""))


def host_of(url: str) -> str:
    """Host in lower case, with the port where there is one."""
    return urlsplit(url).netloc.lower()


def media_kind(url: str, mime: Any = "") -> MediaKind:
    """What sort of medium this is, by its MIME type, else by the ending of its address."""
    family = text_of(mime).partition("/")[0].strip().lower()
    if family in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO):
        return MediaKind(family)
    return KIND_OF_SUFFIX.get(PurePosixPath(urlsplit(url).path).suffix.lower().lstrip("."), MediaKind.UNKNOWN)


def media_key(url: str) -> str:
    """An address without the signature that changes from visit to visit."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    key = url
    if any(name.lower() in SIGNATURES for name, _ in query):
        kept = urlencode([(name, value) for name, value in query if not SIGNED.fullmatch(name.lower())])
        key = urlunsplit((*parts[:3], kept, ""))
    return key if len(key) <= LONGEST_ID else digest(key)


def medium(
    value: Any, base: str = "", *, key: str = "", kind: MediaKind = MediaKind.UNKNOWN, mime: Any = "", alt: Any = ""
) -> ObservedMedia | None:
    """
    One medium by its address; None where that is no web address.

    `key` is the platform's own id of it; `kind` is taken where neither `mime` nor the address tell.
    """
    url = url_of(value, base)
    if url is None:
        return None
    url = without_fragment(url)
    told = media_kind(url, mime)
    return ObservedMedia(
        key=key or media_key(url), url=url, kind=kind if told is MediaKind.UNKNOWN else told, alt=text_of(alt).strip()
    )


def documents(links: Iterable[str], base: str) -> Iterable[ObservedMedia | None]:
    """Of the links of a post, the documents on its own host that may have pictures in them: who publishes a page publishes these."""
    for link in links:
        suffix = PurePosixPath(urlsplit(link).path).suffix.lower().lstrip(".")
        if suffix in DOCUMENT_SUFFIXES and host_of(link) == host_of(base):
            yield medium(link, base)


def distinct(media: Iterable[ObservedMedia | None]) -> tuple[ObservedMedia, ...]:
    """Each medium once, in order; None is left out."""
    kept: dict[str, ObservedMedia] = {}
    for item in media:
        if item is not None:
            kept.setdefault(item.key, item)
    return tuple(kept.values())
