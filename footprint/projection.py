"""Carries findings from the record to the index: what waits in the outbox, or everything anew."""

from collections.abc import Iterator
from datetime import datetime

from footprint.acts.permissions import search_for
from footprint.documents import FindingDocument
from footprint.dossiers import dossier
from footprint.findings import Finding
from footprint.ports import Blobs, FindingIndex, Record

BATCH = 200


def drain(record: Record, blobs: Blobs, index: FindingIndex, *, at: datetime) -> int:
    """
    Index every finding that waits in the outbox, after searching a permission for it. Returns how many.

    A row leaves the outbox only after the index holds its finding, so an index that is down (RecordUnavailable) loses nothing.
    """
    done = 0
    while batch := record.outbox(BATCH):
        ids = sorted({finding_id for _, finding_id in batch})
        documents = {finding_id: _document(record, blobs, finding_id, at) for finding_id in ids}
        index.put(document for document in documents.values() if document is not None)
        index.remove(finding_id for finding_id, document in documents.items() if document is None)
        record.dequeue(position for position, _ in batch)
        done += len(ids)
    return done


def rebuild(record: Record, blobs: Blobs, index: FindingIndex, *, at: datetime) -> int:
    """Build the whole index anew from the record and switch over. Returns how many findings it holds."""
    count = index.rebuild(_documents(record, blobs, at))
    drain(record, blobs, index, at=at)
    return count


def _documents(record: Record, blobs: Blobs, at: datetime) -> Iterator[FindingDocument]:
    for finding in record.select(Finding):
        document = _document(record, blobs, finding.id, at)
        if document is not None:
            yield document


def _document(record: Record, blobs: Blobs, finding_id: str, at: datetime) -> FindingDocument | None:
    with record.transaction() as tx:
        search_for(tx, finding_id, at=at)
    return dossier(record, blobs, finding_id).document()
