"""
The bank that marks learn "not ours" from grows by what people dismissed: of each picture that was wrongly claimed, the windows that were taken for the
mark, as numbers. What a dismissal no longer stands behind leaves the bank, and so does what is too old.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from detectors import marks, mistakes
from detectors.growth import Grower
from footprint.digests import digest, sha256
from footprint.dossiers import detections_of
from footprint.findings import Detection, Finding
from footprint.ports import Blobs, Reader, Record
from footprint.precision import refuted

GREW, RETIRED = "bank.grown", "bank.retired"
OF_FINDING = "f-"
"""What names of sources begin with that are dismissed findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many pictures the bank learned of, lost because nobody stands behind their dismissal any more, and could not learn of."""

    added: int
    gone: int
    left_out: int


def grow(record: Record, blobs: Blobs, grower: Grower, *, now: datetime, actor: str) -> Growth:
    """
    Bring the bank to what is dismissed now. Pictures that are in it already are not looked at again, unless another network or rule looks now.
    """
    dismissed = dict(_dismissed(record))
    before = {source for source in mistakes.sources(grower.folder) if source.startswith(OF_FINDING)}
    gone = before - dismissed.keys()
    mistakes.forget(grower.folder, gone)
    new = sorted(dismissed.keys() - grower.knows())
    added = 0
    for source in new:
        identifier_id, asset = dismissed[source]
        added += blobs.has(asset) and grower.add(source, blobs.get(asset), at=now, of=identifier_id)
    found = Growth(added=added, gone=len(gone), left_out=len(new) - added)
    if added or gone:
        _audit(record, GREW, now=now, actor=actor, detail={"added": added, "gone": len(gone)})
    return found


def vouch(record: Record, grower: Grower, pictures: Iterator[bytes], *, now: datetime, actor: str) -> Growth:
    """Learn of pictures that somebody says show none of the Department's marks."""
    added = left_out = 0
    for content in pictures:
        was_added = grower.add(sha256(content), content, at=now)
        added, left_out = added + was_added, left_out + (not was_added)
    if added:
        _audit(record, GREW, now=now, actor=actor, detail={"added": added, "vouched": True})
    return Growth(added=added, gone=0, left_out=left_out)


def retire(record: Record, folder: Path, *, now: datetime, keep: timedelta, actor: str) -> int:
    """Take out of the bank what is older than `keep`. Returns how much."""
    gone = mistakes.older(folder, now - keep)
    mistakes.forget(folder, gone)
    if gone:
        _audit(record, RETIRED, now=now, actor=actor, detail={"gone": len(gone)})
    return len(gone)


def _dismissed(record: Reader) -> Iterator[tuple[str, tuple[str, str]]]:
    """
    Of each picture that marks claimed in a finding dismissed as not Department material: its source, the identifier, its hash. A picture on which
    another identifier was claimed is left out: that one may be there.
    """
    for finding in record.select(Finding, id=refuted(record)):
        for claim in detections_of(record, finding.id):
            claimed = {d.identifier_id for d in record.select(Detection, asset_sha256=claim.asset_sha256)}
            if claim.detector == marks.NAME and len(claimed) == 1:
                source = f"{OF_FINDING}{digest(finding.id, claim.asset_sha256)}"
                yield source, (finding.identifier_id, claim.asset_sha256)


def _audit(record: Record, action: str, *, now: datetime, actor: str, detail: dict[str, int | bool]) -> None:
    with record.transaction() as tx:
        tx.audit(at=now, actor=actor, action=action, subject=marks.NAME, detail=detail)
