"""Findings are recorded once, and wait in the outbox to be indexed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from footprint import projection
from footprint.errors import RecordUnavailable
from footprint.findings import AssetScan, Detection, Finding, FindingDetection, Region, ScanOutcome
from footprint.index.memory import MemoryIndex
from footprint.ports import Blobs, Record
from footprint.query import Query
from footprint.reviews import ReviewDecision, Verdict
from pipelines.fold import fold_findings

VERSIONS = {"marks": "1"}


@pytest.fixture
def detected(record: Record, show: Callable[..., str], coloured: Callable[..., bytes], start: datetime) -> Detection:
    """Two posts show one picture, on which the patch was detected."""
    sha256 = show("one", coloured((9, 9, 9)))
    show("two", coloured((9, 9, 9)))
    detection = Detection(
        id="d", asset_sha256=sha256, detector="marks", version="1", identifier_id="patch", exemplar_id="exemplar",
        region=Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=16, height_px=16), measure=20.0, unit="inliers",
        probability=0.97, sentence="20 of 30 points agree.", evidence={},
    )  # fmt: skip
    with record.transaction() as tx:
        tx.add(detection)
        tx.add(AssetScan(
            id="s", asset_sha256=sha256, detector="marks", version="1", run_id="run", outcome=ScanOutcome.FOUND, scanned_at=start
        ))  # fmt: skip
    return detection


def fold(record: Record, at: datetime) -> int:
    """Fold once."""
    return fold_findings(record, versions=VERSIONS, run_id="run", clock=lambda: at)


def test_folding_twice_is_folding_once(record: Record, detected: Detection, start: datetime) -> None:
    """Two posts with the picture are two findings, however often they are folded."""
    assert (fold(record, start), fold(record, start)) == (2, 0)
    assert {f.post_id for f in record.select(Finding)} == {"one", "two"}
    assert record.count(FindingDetection) == 2
    assert len(record.outbox(10)) == 2


def test_claims_of_other_versions_are_left_alone(record: Record, detected: Detection, start: datetime) -> None:
    """Only the detectors in force make findings."""
    assert fold_findings(record, versions={"marks": "2"}, run_id="run", clock=lambda: start) == 0


class DownIndex(MemoryIndex):
    """An index that takes two documents and then goes down, until it is mended."""

    is_down = True

    def put(self, documents: Any) -> None:
        """Refuse while down."""
        for document in documents:
            if self.is_down and self._held:
                raise RecordUnavailable("The index is down.")
            super().put([document])


def test_an_index_that_is_down_loses_nothing(
    record: Record, blobs: Blobs, detected: Detection, start: datetime
) -> None:
    """Findings wait in the outbox while the index is down, and are there once it is up."""
    fold(record, start)
    index = DownIndex()
    with pytest.raises(RecordUnavailable):
        projection.drain(record, blobs, index, at=start)
    assert len(record.outbox(10)) == 2
    index.is_down = False
    assert projection.drain(record, blobs, index, at=start) == 2
    assert (index.search(Query()).total, len(record.outbox(10))) == (2, 0)


def test_a_rebuilt_index_equals_the_drained_one(
    record: Record, blobs: Blobs, index: MemoryIndex, detected: Detection, start: datetime
) -> None:
    """The index can be thrown away: the record makes the same one again."""
    fold(record, start)
    projection.drain(record, blobs, index, at=start)
    anew = MemoryIndex()
    assert projection.rebuild(record, blobs, anew, at=start) == 2
    assert anew.search(Query()).hits == index.search(Query()).hits


def test_a_diverted_finding_leaves_the_index(
    record: Record, blobs: Blobs, index: MemoryIndex, detected: Detection, start: datetime
) -> None:
    """Once a reviewer diverts a finding to counsel, no search shows it, nor does a rebuilt index (G13)."""
    fold(record, start)
    projection.drain(record, blobs, index, at=start)
    diverted = next(record.select(Finding))
    with record.transaction() as tx:
        tx.add(ReviewDecision(
            id="r", finding_id=diverted.id, reviewer="rosa", verdict=Verdict.PROTECTED_ACTIVITY, decided_at=start
        ))  # fmt: skip
        tx.enqueue(diverted.id)
    projection.drain(record, blobs, index, at=start)
    rebuilt = MemoryIndex()
    projection.rebuild(record, blobs, rebuilt, at=start)
    assert [diverted.id in {hit.id for hit in held.search(Query()).hits} for held in (index, rebuilt)] == [False, False]
