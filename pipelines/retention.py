"""
Deletes the bytes that no finding needs: media in which every detector found nothing, and the posts that show no other media.

First the record says what goes, then the bytes go, then the audit log says that they are gone. A crash in between is made good by the next
retirement. Rows stay: they hold hashes, times and addresses, no content.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from footprint.accounts import Account
from footprint.audit import AuditEvent
from footprint.clearances import PlatformApproval
from footprint.digests import digest
from footprint.findings import AssetScan, Detection, Finding, ScanOutcome
from footprint.identifiers import Exemplar
from footprint.permissions import Permission
from footprint.ports import Blobs, Reader, Record
from footprint.posts import Capture, MediaReference, MediaUse, PostVersion
from footprint.reports import ReportFile
from footprint.retention import Holding, Retirement, Sort, due, found_nothing, has_left, latest
from footprint.settings import Retention
from footprint.thresholds import ThresholdApproval, ThresholdProposal, in_force, reaches

COMPLETED = "retention.completed"
BATCH = 500

LEFTOVER_AFTER = timedelta(days=1)
"""Age from which bytes that nothing on record names belong to nobody: whoever stores bytes names them right after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a retirement deleted, or would delete in a dry run. `id` is the subject of its audit event."""

    id: str
    media: int
    bodies: int
    captures: int
    leftovers: int

    @property
    def retired(self) -> int:
        """All of it."""
        return self.media + self.bodies + self.captures + self.leftovers


def retire(
    record: Record,
    blobs: Blobs,
    *,
    versions: Mapping[str, str],
    now: datetime,
    settings: Retention,
    actor: str,
    dry_run: bool = False,
) -> Receipt:
    """
    Delete what is due. Call while no scan is running; calling twice is calling once.

    `versions` maps the detectors in force to their versions: what one of them has not looked at, or failed to, stays.
    """
    needed, holdings = _needed(record), tuple(_holdings(record, versions))
    going = [
        *due(holdings, needed=needed, now=now, keep=timedelta(days=settings.non_hits_days)),
        *_leftovers(blobs, needed | {holding.sha256 for holding in holdings}, now - LEFTOVER_AFTER),
    ]
    receipt_id = digest("retirement", actor, now.isoformat())
    if dry_run or not going:
        return _receipt(receipt_id, going)
    gone: list[Holding] = []
    for start in range(0, len(going), BATCH):
        decided = _decide(record, going[start : start + BATCH], receipt_id, actor=actor, now=now)
        for holding in decided:
            blobs.delete(holding.sha256)
        gone += decided
    receipt = _receipt(receipt_id, gone)
    detail = {name: getattr(receipt, name) for name in ("media", "bodies", "captures", "leftovers")}
    with record.transaction() as tx:
        tx.audit(at=now, actor=actor, action=COMPLETED, subject=receipt_id, detail=detail)
    return receipt


def _receipt(key: str, going: Sequence[Holding]) -> Receipt:
    sorts = Counter(holding.sort for holding in going)
    return Receipt(
        id=key,
        media=sorts[Sort.MEDIA],
        bodies=sorts[Sort.BODY],
        captures=sorts[Sort.CAPTURE],
        leftovers=sorts[Sort.LEFTOVER],
    )


def _decide(record: Record, going: Sequence[Holding], receipt_id: str, *, actor: str, now: datetime) -> list[Holding]:
    """Record that bytes go, but for those that somebody came to need meanwhile. Returns what goes."""
    with record.transaction() as tx:
        needed = _documents(tx)
        chosen = [holding for holding in going if holding.sha256 not in needed]
        for holding in chosen:
            tx.add(
                Retirement(
                    id=digest(receipt_id, holding.sha256),
                    receipt_id=receipt_id,
                    sha256=holding.sha256,
                    sort=holding.sort,
                    retired_by=actor,
                    retired_at=now,
                )
            )
    return chosen


def _needed(record: Reader) -> set[str]:
    """Bytes that must stay whatever was looked at: documents, and all that belongs to a post with a finding."""
    posts = {finding.post_id for finding in record.select(Finding)}
    versions = tuple(record.select(PostVersion, post_id=posts))
    shown = {use.asset_sha256 for use in record.select(MediaUse, post_id=posts)}
    kept = {v.body_sha256 for v in versions} | {v.capture_sha256 for v in versions}
    return _documents(record) | shown | {sha256 for sha256 in kept if sha256 is not None}


def _documents(record: Reader) -> set[str]:
    """What people entered, and what was written for them."""
    permissions = tuple(record.select(Permission))
    return {
        *(exemplar.sha256 for exemplar in record.select(Exemplar)),
        *(account.document_sha256 for account in record.select(Account)),
        *(approval.document_sha256 for approval in record.select(PlatformApproval)),
        *(permission.document_sha256 for permission in permissions),
        *(sha256 for permission in permissions for sha256 in permission.approved_media),
        *(sha256 for report in record.select(ReportFile) for sha256 in (report.html_sha256, report.json_sha256)),
    }


def _holdings(record: Reader, versions: Mapping[str, str]) -> Iterator[Holding]:
    """Why bytes of the crawl are held that have not left yet."""
    completed = {event.subject for event in record.select(AuditEvent, action=COMPLETED)}
    left = latest(retirement for retirement in record.select(Retirement) if retirement.receipt_id in completed)
    stored: dict[str, datetime] = {}
    for use in record.select(MediaUse):
        stored[use.asset_sha256] = max(use.fetched_at, stored.get(use.asset_sha256, use.fetched_at))
    media = {sha256: at for sha256, at in stored.items() if not has_left(sha256, at, left)}
    clean = _clean(record, media.keys(), versions)
    for sha256, at in media.items():
        yield Holding(sha256=sha256, sort=Sort.MEDIA, stored_at=at, is_settled=sha256 in clean)
    yield from _of_posts(record, unclear=media.keys() - clean, left=left)


def _leftovers(blobs: Blobs, named: Collection[str], before: datetime) -> Iterator[Holding]:
    """What lies among the blobs though nothing on record names it, or it was deleted and came back without a post."""
    for sha256 in blobs.stored_before(before):
        if sha256 not in named:
            yield Holding(sha256=sha256, sort=Sort.LEFTOVER, stored_at=before, is_settled=True)


def _clean(record: Reader, media: Collection[str], versions: Mapping[str, str]) -> set[str]:
    scans: defaultdict[str, list[AssetScan]] = defaultdict(list)
    below = _below_threshold(record, media)
    for scan in record.select(AssetScan, asset_sha256=media):
        is_below = scan.outcome is ScanOutcome.FOUND and scan.asset_sha256 in below
        scans[scan.asset_sha256].append(replace(scan, outcome=ScanOutcome.NOTHING) if is_below else scan)
    return {sha256 for sha256 in media if found_nothing(scans[sha256], versions)}


def _below_threshold(record: Reader, media: Collection[str]) -> set[str]:
    """Assets on which something was claimed, but nothing that reaches the threshold in force of its identifier: no finding comes of it."""
    thresholds = in_force(record.select(ThresholdProposal), record.select(ThresholdApproval))
    claims = tuple(record.select(Detection, asset_sha256=media)) if thresholds else ()
    return {c.asset_sha256 for c in claims} - {
        c.asset_sha256 for c in claims if reaches(c, thresholds.get(c.identifier_id))
    }


def _of_posts(record: Reader, *, unclear: Collection[str], left: Mapping[str, datetime]) -> Iterator[Holding]:
    """Bodies and captures of posts. A capture is held for the posts that it shows, and where it shows none of ours, for nothing."""
    held: list[tuple[str, Sort, PostVersion]] = []
    for version in record.select(PostVersion):
        for sha256, sort in ((version.body_sha256, Sort.BODY), (version.capture_sha256, Sort.CAPTURE)):
            if sha256 is not None and not has_left(sha256, version.observed_at, left):
                held.append((sha256, sort, version))
    unsettled = _unsettled(record, {version.post_id for _, _, version in held}, unclear)
    for sha256, sort, version in held:
        is_settled = version.post_id not in unsettled
        yield Holding(sha256=sha256, sort=sort, stored_at=version.observed_at, is_settled=is_settled)
    for capture in record.select(Capture):
        if not has_left(capture.sha256, capture.fetched_at, left):
            yield Holding(sha256=capture.sha256, sort=Sort.CAPTURE, stored_at=capture.fetched_at, is_settled=True)


def _unsettled(record: Reader, posts: Collection[str], unclear: Collection[str]) -> set[str]:
    """Posts with a medium that was not fetched yet, or of which the detectors have not said that there is nothing."""
    shown = {reference.id: reference.post_id for reference in record.select(MediaReference, post_id=posts)}
    waiting = set()
    for use in record.select(MediaUse, post_id=posts):
        shown.pop(use.id, None)
        if use.asset_sha256 in unclear:
            waiting.add(use.post_id)
    return waiting | set(shown.values())
