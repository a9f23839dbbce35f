"""The protocols behind which stores, blobs, indexes and pictures stand. Fakes in tests pass the same contract suites."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from footprint.audit import AuditEvent
from footprint.documents import FindingDocument
from footprint.findings import Region
from footprint.posts import Cursor

if TYPE_CHECKING:
    from footprint.query import Query

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Between:
    """A condition on a time: `start` <= value < `end`."""

    start: datetime
    end: datetime


class Reader(Protocol):
    """
    Reads domain objects of any recorded type.

    Conditions are by field: a value (equal), a collection (any of), or Between. Objects come ordered by id.
    """

    def get(self, kind: type[T], key: str) -> T | None: ...

    def select(self, kind: type[T], /, **conditions: Any) -> Iterator[T]: ...

    def count(self, kind: type[Any], /, **conditions: Any) -> int: ...


class Transaction(Reader, Protocol):
    """All or nothing. What is added is durable when the `with` block ends without an error."""

    def add(self, item: Any) -> bool:
        """Append a domain object unless its id is there already. Returns whether it is new."""

    def audit(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        purpose: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> AuditEvent:
        """Append the next event of the audit chain."""

    def move_cursor(self, cursor: Cursor) -> None:
        """Replace the cursor of an account."""

    def enqueue(self, finding_id: str) -> None:
        """Ask for a finding to be indexed (again)."""


class Record(Reader, Protocol):
    """The truth. Opened by `footprint.store.record.open_record(url)`; safe for several processes at once."""

    def transaction(self) -> AbstractContextManager[Transaction]: ...

    def unscanned(self, versions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Pairs (asset sha256, detector name) that have no AssetScan for the detector's version, ordered."""

    def outstanding_media(self, account_id: str) -> Iterator[str]:
        """Ids of the MediaReferences of an account's posts that have no MediaUse yet, the oldest first."""

    def outbox(self, limit: int) -> Sequence[tuple[int, str]]:
        """The oldest (position, finding id) pairs that wait to be indexed."""

    def dequeue(self, positions: Iterable[int]) -> None:
        """Forget outbox rows: called after the index holds what they stood for."""

    def check(self) -> str:
        """One line about the record's health for `doctor`. Raises RecordUnavailable with the mend."""

    def close(self) -> None: ...


class Blobs(Protocol):
    """Bytes by their SHA-256. Opened by `footprint.blobs.open.open_blobs(url)`."""

    def put(self, data: bytes) -> str:
        """Store durably (atomic, fsynced) and return the SHA-256. Storing twice is storing once, at the later moment."""

    def get(self, sha256: str) -> bytes:
        """The bytes, verified against their hash. Raises KeyError where absent, RecordUnavailable where damaged."""

    def has(self, sha256: str) -> bool: ...

    def delete(self, sha256: str) -> None:
        """Remove; no error where absent."""

    def stored_before(self, moment: datetime) -> Iterator[str]:
        """The hashes of what was last stored before a moment, in no order."""

    def check(self) -> str:
        """One line about free space and writability for `doctor`. Raises RecordUnavailable with the mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """
    One page of search results, the surest finding first, then the oldest, then by id; never by person.

    `total` counts all matches; `facets` maps field (state, certainty, kind, platform, identifier_id, permission) to value to count over all matches;
    `after` continues on the next page, None on the last.
    """

    hits: tuple[FindingDocument, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    after: str | None


class FindingIndex(Protocol):
    """A projection of the record for search. Opened by `footprint.index.open_index(url)`."""

    def create(self) -> None:
        """Make the index where it is not there yet. Harmless when repeated."""

    def put(self, documents: Iterable[FindingDocument]) -> None:
        """Insert or replace by id. Raises RecordUnavailable unless all of them are held durably."""

    def remove(self, ids: Iterable[str]) -> None: ...

    def search(self, query: "Query", *, size: int = 20, after: str | None = None) -> SearchPage: ...

    def rebuild(self, documents: Iterable[FindingDocument]) -> int:
        """Build anew beside the old one, then switch over at once. Returns how many documents it holds."""

    def check(self) -> str:
        """One line about health for `doctor`. Raises RecordUnavailable with the mend."""

    def close(self) -> None: ...


class Pictures(Protocol):
    """Turns stored media into what a page may show. Handed to the dashboards by `flows/wiring.py`."""

    def render(self, data: bytes, *, frame_s: float | None = None, max_side_px: int = 1600, blur: bool = True) -> bytes:
        """
        A JPEG of a picture, or of one frame of a video, upright, faces blurred unless told otherwise; of a sound its spectrogram.

        Where faces cannot be looked for, the whole picture is blurred. Raises UnreadableMedia.
        """

    def media_type(self, data: bytes) -> str:
        """The media type of a picture, film or sound by what the bytes hold. Raises UnreadableMedia where they do not decode."""

    def spectrogram(
        self, data: bytes, *, stretch_s: tuple[float, float] | None = None, max_side_px: int = 1600
    ) -> bytes:
        """A JPEG that shows a stretch of what there is to hear in a recording or video, None for all of it. Raises UnreadableMedia."""

    def clip(self, data: bytes, span_s: tuple[float, float]) -> bytes:
        """A WAV of a span of what there is to hear in a recording or video, so that a player begins there. Raises UnreadableMedia."""

    def overlay(self, exemplar: bytes, region: Region) -> bytes:
        """A PNG of the region's full picture size, transparent but for the exemplar warped onto the quad."""

    def cut(self, data: bytes, region: Region) -> bytes:
        """
        A PNG of what the region holds, straightened out, faces blurred: an exemplar made from a claim.

        Raises UnreadableMedia where the region is too small to teach anything, mostly a face, or faces cannot be looked for.
        """


class Platforms(Protocol):
    """What the dashboards need to know of the platforms. Handed in by `flows/wiring.py`."""

    def names(self) -> tuple[str, ...]:
        """The platforms there are."""

    def native_id(self, platform: str, address: str) -> str:
        """How the platform tells an account apart. Raises BadInput with the mend for a platform or address that is none."""
