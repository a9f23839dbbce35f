"""What leaves the house: bytes that no finding needs are deleted, and that they were is on record (guardrails G20, G21)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from footprint.findings import AssetScan, ScanOutcome
from footprint.ports import Reader
from footprint.posts import PostVersion


class Sort(StrEnum):
    """What bytes were, before they were deleted. A leftover is what a crawl stored that was killed before it could record it."""

    MEDIA = "media"
    BODY = "body"
    CAPTURE = "capture"
    LEFTOVER = "leftover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """
    Bytes whose deletion was decided. `id` is digest(receipt, sha256).

    `receipt_id` is the subject of the audit event that says that all bytes of the same decision are gone; while there is none, the next
    retirement deletes them again. The bytes may come back later, when another post shows them.
    """

    id: str
    receipt_id: str
    sha256: str
    sort: Sort
    retired_by: str
    retired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """
    One reason to hold bytes: a medium, or a post's body or capture.

    The reason is settled once everything was looked at that it is held for, and nothing was found. One capture shows several posts:
    then there are several holdings of the same bytes.
    """

    sha256: str
    sort: Sort
    stored_at: datetime
    is_settled: bool


def due(holdings: Iterable[Holding], *, needed: Collection[str], now: datetime, keep: timedelta) -> tuple[Holding, ...]:
    """
    The bytes to delete, one holding each, by hash: every reason to hold them is settled and `keep` old, and nothing else needs them.
    """
    known: dict[str, Holding] = {}
    held = set(needed)
    for holding in holdings:
        if not holding.is_settled or now - holding.stored_at < keep:
            held.add(holding.sha256)
        known[holding.sha256] = min(holding, known.get(holding.sha256, holding), key=lambda h: (h.sort, h.stored_at))
    return tuple(known[sha256] for sha256 in sorted(known.keys() - held))


def found_nothing(scans: Collection[AssetScan], versions: Mapping[str, str]) -> bool:
    """
    Whether every detector in force has looked at an asset, or cannot look at its sort, and no version ever found anything.

    Without a detector in force nobody has looked.
    """
    outcomes = {(scan.detector, scan.version): scan.outcome for scan in scans}
    nothing = {ScanOutcome.NOTHING, ScanOutcome.UNSUPPORTED}
    was_found = ScanOutcome.FOUND in outcomes.values()
    return bool(versions) and not was_found and all(outcomes.get(look) in nothing for look in versions.items())


def retired_posts(record: Reader, posts: Collection[str]) -> frozenset[str]:
    """
    Those of the posts whose last seen body has left the house. What a later detector finds of them can be shown to nobody, so it is no finding.
    """
    versions = (v for v in record.select(PostVersion, post_id=posts) if v.body_sha256 is not None)
    last = {version.post_id: version for version in sorted(versions, key=lambda v: v.observed_at)}
    retired = latest(record.select(Retirement, sha256={v.body_sha256 for v in last.values()}))
    return frozenset(
        post_id for post_id, version in last.items() if has_left(version.body_sha256, version.observed_at, retired)
    )


def latest(retirements: Iterable[Retirement]) -> Mapping[str, datetime]:
    """When bytes were last retired, by hash."""
    moments: dict[str, datetime] = {}
    for retirement in retirements:
        moments[retirement.sha256] = max(retirement.retired_at, moments.get(retirement.sha256, retirement.retired_at))
    return moments


def has_left(sha256: str | None, stored_at: datetime, retired: Mapping[str, datetime]) -> bool:
    """Whether bytes were retired after they were last stored."""
    return sha256 is not None and sha256 in retired and stored_at <= retired[sha256]
