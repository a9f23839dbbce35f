"""The media of posts: which are still to be fetched, each address once, and which bytes are accepted as media."""

from collections.abc import Iterable

import filetype

from footprint.coverage import Outcome, Target
from footprint.digests import digest
from footprint.errors import UnsupportedMedia
from footprint.ports import Blobs, Record, Transaction
from footprint.posts import LOCAL, MediaAsset, MediaReference, MediaUse
from pipelines.ledger import Clock, Ledger

ACCEPTED = frozenset(
    {
        "image/apng", "image/avif", "image/bmp", "image/gif", "image/heic", "image/jpeg", "image/png", "image/tiff",
        "image/webp",
        "video/3gpp", "video/mp4", "video/mpeg", "video/quicktime", "video/webm", "video/x-flv", "video/x-m4v",
        "video/x-matroska", "video/x-ms-wmv", "video/x-msvideo",
        "application/pdf",
        "application/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/x-aiff", "audio/x-flac", "audio/x-wav",
    }
)  # fmt: skip
"""Pictures, video, sound and documents that a decoder may be given. No SVG: it is a document that can carry scripts and fetch."""


def mime_of(data: bytes, *, declared: str = "") -> str:
    """
    The media type of bytes, from their first bytes.

    `declared` is the server's Content-Type, quoted in the error only. Raises UnsupportedMedia for anything but pictures,
    video, sound and documents with pictures in them.
    """
    kind = filetype.guess(data)
    mime = str(kind.mime) if kind is not None else ""
    if mime not in ACCEPTED:
        said = f", declared as {declared.split(';')[0].strip()[:80]}" if declared else ""
        raise UnsupportedMedia(f"not a picture, video, sound or document: {mime or 'nothing known'}{said}")
    return mime


def reference_id(post_id: str, key: str) -> str:
    """Identity of a post showing a medium. The key is the platform's own, so a new signature in the URL changes nothing."""
    return digest(post_id, key)


class Media:
    """The media that one crawl asks for. Several posts that show one address share one fetch."""

    def __init__(self, record: Record, blobs: Blobs, ledger: Ledger, clock: Clock) -> None:
        self.fetched = 0
        self._record = record
        self._blobs = blobs
        self._ledger = ledger
        self._clock = clock
        self._asked: set[str] = set()
        self._waiting: dict[str, list[MediaReference]] = {}
        self._known: dict[str, str] = {}

    def ask(self, tx: Transaction, references: Iterable[MediaReference]) -> tuple[str, ...]:
        """
        Ask for media, each reference once a crawl. Returns the addresses that are to be fetched now; each is planned.

        What a post is known to show already is not fetched again, whatever its address is now.
        """
        new = {r.id: r for r in references if r.id not in self._asked}
        self._asked.update(new)
        for use in tx.select(MediaUse, id=list(new)):
            del new[use.id]
        return tuple(r.url for r in new.values() if self._needs_fetch(tx, r))

    def _needs_fetch(self, tx: Transaction, reference: MediaReference) -> bool:
        if reference.url in self._known:
            self._use(tx, reference, self._known[reference.url])
            return False
        waiting = self._waiting.setdefault(reference.url, [])
        waiting.append(reference)
        if len(waiting) == 1:
            self._ledger.plan(tx, Target.MEDIA, reference.url)
        return len(waiting) == 1

    def outstanding(self, account_id: str) -> tuple[str, ...]:
        """Ask for what earlier crawls could not fetch and no page of this one showed. Returns the addresses to fetch now."""
        ids = list(self._record.outstanding_media(account_id))
        with self._record.transaction() as tx:
            references = tx.select(MediaReference, id=ids)
            return self.ask(tx, [r for r in references if not r.url.startswith(LOCAL)])

    def keep(self, url: str, data: bytes, mime: str) -> None:
        """Record fetched bytes, and every post of this crawl that waits for them."""
        sha256 = self._blobs.put(data)
        at = self._clock()
        with self._record.transaction() as tx:
            tx.add(MediaAsset(sha256=sha256, mime=mime, size_bytes=len(data), first_fetched_at=at))
            for reference in self._waiting[url]:
                self._use(tx, reference, sha256)
            self._ledger.end(tx, url, Outcome.FETCHED, status=200)
        self._known[url] = sha256
        self.fetched += 1

    def _use(self, tx: Transaction, reference: MediaReference, sha256: str) -> None:
        tx.add(
            MediaUse(
                id=reference.id,
                post_id=reference.post_id,
                asset_sha256=sha256,
                url=reference.url,
                fetched_at=self._clock(),
            )
        )
