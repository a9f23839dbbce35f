"""
Web archives, WARC (ISO 28500) and WACZ: answers of a platform that somebody else recorded, read by that platform's own parser.

Only answers with status 200 from the account's own host are read, and none that was asked for with a cookie or a token: what needed one was not
shown to be public (guardrail G4).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawlers.bundle import BROKEN, MAX_MEMBERS, MAX_TEXT_BYTES, Bundle
from crawlers.export import Format, Holder, Part
from crawlers.parsing import parse_answer
from crawlers.values import host_of, time_of, url_of
from footprint.errors import BadInput, SourceError

FORMAT = Format(
    name="warc",
    title="Web archive (WARC, WACZ)",
    reads="recorded answers of the account's own host, and media that were recorded with them",
    proves_public=True,
)

ARCHIVES = r"(?:(?:[^/]+/)?archive/)?[^/]+\.warc(\.gz)?"
SECRET_HEADERS = ("cookie", "authorization")
WORDS = ("html", "json", "xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """Where a recorded answer lies: the member and the offset of its record in it."""

    member: str
    offset: int
    url: str
    content_type: str
    at: datetime | None


def recognises(bundle: Bundle) -> bool:
    return bool(bundle.find(ARCHIVES))


def holders(bundle: Bundle) -> frozenset[str]:
    """Each answer names its own author."""
    return frozenset()


def read(bundle: Bundle, holder: Holder) -> Iterator[Part]:
    answers = _answers(bundle)
    own = host_of(holder.address)
    for answer in answers.values():
        if own not in ("", host_of(answer.url)) or not any(word in answer.content_type for word in WORDS):
            continue
        body = _payload(bundle, answer, MAX_TEXT_BYTES)
        try:
            posts = parse_answer(
                holder.platform, body, url=answer.url, content_type=answer.content_type, answered_at=answer.at
            )
        except SourceError:
            continue  # a profile, a list of something else: archives hold whatever was looked at
        if posts:
            evidence = f"recorded in a web archive without signing in, {answer.at:%Y-%m-%d}" if answer.at else ""
            shown = {m.url: answers[m.url] for post in posts for m in post.media if m.url in answers}
            files: dict[str, Callable[[int], bytes]] = {
                url: partial(_payload, bundle, found) for url, found in shown.items()
            }
            said = tuple(replace(p, visibility="; ".join(filter(None, (p.visibility, evidence)))) for p in posts)
            yield Part(source=f"{answer.member}@{answer.offset}", posts=said, files=files)


def _answers(bundle: Bundle) -> dict[str, _Answer]:
    """The answers by address, the latest of each, without those that were asked for with a cookie or a token."""
    found: dict[str, _Answer] = {}
    signed: set[str] = set()
    for member in bundle.find(ARCHIVES):
        for number, (record, offset) in enumerate(_records(bundle, member)):
            if number >= MAX_MEMBERS:
                raise BadInput(f"{member} holds more than {MAX_MEMBERS} records. Mend: hand it over in parts.")
            url = url_of(record.rec_headers.get_header("WARC-Target-URI"))
            if url is None or record.http_headers is None:
                continue
            if record.rec_type == "request":
                signed |= {url} if any(record.http_headers.get_header(name) for name in SECRET_HEADERS) else set()
            elif record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                found[url] = _Answer(
                    member=member,
                    offset=offset,
                    url=url,
                    content_type=(record.http_headers.get_header("Content-Type") or "").lower(),
                    at=time_of(record.rec_headers.get_header("WARC-Date")),
                )
    return {url: answer for url, answer in found.items() if url not in signed}


def _records(bundle: Bundle, member: str) -> Iterator[tuple[Any, int]]:
    with bundle.open(member) as stream:
        try:
            archive, is_empty = ArchiveIterator(stream), True
            for record in archive:
                if record.format == "warc":  # the older ARC is so loose that any text passes for it
                    yield record, archive.get_record_offset()
                    is_empty = False
        except (ArchiveLoadFailed, ValueError, *BROKEN) as error:
            raise BadInput(f"{bundle.title}: {member} is no sound WARC file: {error}") from error
    if is_empty:
        raise BadInput(f"{bundle.title}: {member} holds no record of a web archive.")


def _payload(bundle: Bundle, answer: _Answer, limit_bytes: int) -> bytes:
    with bundle.open(answer.member) as stream:
        try:
            stream.seek(answer.offset)
            record = next(iter(ArchiveIterator(stream)))
            body: bytes = record.content_stream().read(limit_bytes + 1)
        except (ArchiveLoadFailed, ValueError, StopIteration, *BROKEN) as error:
            raise BadInput(f"{bundle.title}: {answer.url} cannot be read from {answer.member}: {error}") from error
    if len(body) > limit_bytes:
        raise BadInput(f"{bundle.title}: {answer.url} is larger than {limit_bytes / 2**20:.0f} MiB; it was not read.")
    return body
