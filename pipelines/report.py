"""Writes the weekly report, and derives one anew from the record to see whether it still follows from it."""

import json
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from typing import Any

from footprint.audit import GENESIS, AuditEvent
from footprint.digests import canonical, digest
from footprint.errors import BadInput, RecordUnavailable
from footprint.ports import Blobs, Reader, Record
from footprint.reports import ReportFile, summarise
from footprint.settings import Department
from footprint.store.codec import plain
from footprint.weekly.facts import Head, Scope
from footprint.weekly.figures import WeeklyReport
from footprint.weekly.gathering import chain_head, gather
from footprint.weekly.sentences import sentences
from footprint.weeks import Week
from pipelines.page import render

SCHEMA = "footprint.weekly-report/1"
WRITTEN = "report.written"


def write(
    record: Record,
    blobs: Blobs,
    *,
    week: Week,
    as_of: datetime,
    actor: str,
    department: Department,
    at: datetime | None = None,
) -> ReportFile:
    """
    Write the report of a week as the record had it before `as_of`: page and figures among the blobs, who wrote them in the record.

    `at` is now, None where that is `as_of`. Raises BadInput for an `as_of` that lies ahead or a week that has not begun by then.
    """
    at = at or as_of
    scope = Scope(
        week=week,
        as_of=as_of,
        department=department.name,
        policy_version=department.policy_version,
        time_zone=department.time_zone,
    )
    if as_of > at or as_of < scope.bounds.start:
        raise BadInput(
            f"Nothing can be said of {week} as of {as_of.isoformat()}: take a moment between its beginning and now."
        )
    with record.transaction() as tx:  # nobody else appends to the chain meanwhile
        head = chain_head(tx)
    report = derive(record, scope, head)
    figures = document(report, made_with())
    json_sha256, html_sha256 = blobs.put(figures), blobs.put(render(report, made_with=made_with()))
    written = ReportFile(
        id=_identity(str(week), as_of, json_sha256),
        week=str(week),
        as_of=as_of,
        is_draft=scope.is_draft,
        html_sha256=html_sha256,
        json_sha256=json_sha256,
        audit_sequence=head.sequence,
        audit_head=head.digest,
        generated_by=actor,
        generated_at=at,
    )
    with record.transaction() as tx:
        tx.add(written)
        tx.audit(at=at, actor=actor, action=WRITTEN, subject=written.id, detail=_seal(written))
    return written


def verify(record: Reader, blobs: Blobs, report: ReportFile) -> list[str]:
    """
    Derive a report anew from the record. Returns what differs, in words; an empty list where every byte follows from the record.

    Of a report that another version of the software wrote, the figures that it has are compared, and its page by the hash alone.
    """
    try:
        stored = json.loads(blobs.get(report.json_sha256))
        page = blobs.get(report.html_sha256)
        scope = _scope(report, stored["figures"])
        made_by = stored["made_with"]
    except KeyError as error:
        return [f"The report's bytes are missing or incomplete: {error}."]
    except (RecordUnavailable, ValueError, TypeError) as error:
        return [f"The report's bytes cannot be read: {error}"]
    is_own = made_by == made_with()
    derived = derive(record, scope, Head(sequence=report.audit_sequence, digest=report.audit_head))
    anew = json.loads(document(derived, made_by))
    found = [*_unsealed(record, report), *_differences(stored, anew if is_own else _within(anew, stored), "")]
    if not found and is_own and page != render(derived, made_with=made_by):
        found.append("The page does not show what the figures say.")
    return found


def derive(record: Reader, scope: Scope, head: Head) -> WeeklyReport:
    """The figures of a week, from the record."""
    return summarise(gather(record, scope, head=head))


def document(report: WeeklyReport, made_with: str) -> bytes:
    """The figures as canonical JSON: times in ISO 8601 UTC, durations in seconds."""
    return canonical(
        {"schema": SCHEMA, "made_with": made_with, "summary": list(sentences(report)), "figures": plain(report)}
    )


def made_with() -> str:
    """Name and version of the software."""
    return f"footprint {version('footprint')}"


def _identity(week: str, as_of: datetime, json_sha256: str) -> str:
    return digest(week, as_of.isoformat(), json_sha256)


def _seal(report: ReportFile) -> dict[str, Any]:
    """What the audit chain keeps of a report, so that its row cannot be changed unnoticed."""
    return {
        "week": report.week,
        "as_of": report.as_of.isoformat(),
        "html": report.html_sha256,
        "json": report.json_sha256,
        "head": report.audit_head,
    }


def _scope(report: ReportFile, figures: dict[str, Any]) -> Scope:
    return Scope(
        week=Week.read(report.week),
        as_of=report.as_of,
        department=figures["department"],
        policy_version=figures["policy_version"],
        time_zone=figures["time_zone"],
    )


def _unsealed(record: Reader, report: ReportFile) -> Iterator[str]:
    """Where the report's row is not what the audit chain says was written."""
    if report.id != _identity(report.week, report.as_of, report.json_sha256):
        yield "The report's row was altered: its id does not fit its week, moment and figures."
    seals = [event.detail for event in record.select(AuditEvent, subject=report.id, action=WRITTEN)]
    if _seal(report) not in seals:
        yield "The audit log has no report of these hashes: its row or the log was altered."
    head = record.get(AuditEvent, str(report.audit_sequence)) if report.audit_sequence else None
    if (head.digest if head else GENESIS) != report.audit_head:
        yield f"Audit event {report.audit_sequence} is not the one that the report counted up to."


def _within(derived: Any, stored: Any) -> Any:
    """What of a JSON value an older one can have: figures that were added since are left out."""
    match derived, stored:
        case dict(), dict():
            return {key: _within(value, stored[key]) for key, value in derived.items() if key in stored}
        case list(), list() if len(derived) == len(stored):
            return [_within(one, other) for one, other in zip(derived, stored, strict=True)]
        case _:
            return derived


def _differences(stored: Any, derived: Any, path: str) -> Iterator[str]:
    """Where two JSON values differ, by path."""
    match stored, derived:
        case dict(), dict():
            for key in sorted(stored.keys() | derived.keys()):
                yield from _differences(stored.get(key), derived.get(key), f"{path}.{key}" if path else key)
        case list(), list() if len(stored) == len(derived):
            for place, (one, other) in enumerate(zip(stored, derived, strict=True)):
                yield from _differences(one, other, f"{path}[{place}]")
        case _ if stored != derived:
            yield f"{path}: the report says {json.dumps(stored)}, the record {json.dumps(derived)}."
