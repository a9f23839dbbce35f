"""Who did what to which record, and why: an append-only chain in which each event carries the digest of the one before."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from footprint.digests import canonical

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """
    One act. `action` is `subject.verb` ("finding.viewed"), `subject` the id of the record, `purpose` what the actor gave as reason.

    `digest` is the SHA-256 of the other fields; `previous` is the digest of the event before, GENESIS for the first.
    """

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    purpose: str
    detail: Mapping[str, Any]
    previous: str
    digest: str


def event_digest(
    *,
    sequence: int,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    purpose: str,
    detail: Mapping[str, Any],
    previous: str,
) -> str:
    """SHA-256 over the canonical JSON of an event, hexadecimal."""
    body = [sequence, at.isoformat(), actor, action, subject, purpose, dict(detail), previous]
    return hashlib.sha256(canonical(body)).hexdigest()


def follow(
    last: AuditEvent | None,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """The event that comes after `last` in the chain."""
    sequence, previous = (1, GENESIS) if last is None else (last.sequence + 1, last.digest)
    fields: dict[str, Any] = {
        "sequence": sequence,
        "at": at,
        "actor": actor,
        "action": action,
        "subject": subject,
        "purpose": purpose,
        "detail": dict(detail or {}),
        "previous": previous,
    }
    return AuditEvent(**fields, digest=event_digest(**fields))


def verify(events: Iterable[AuditEvent]) -> int | None:
    """
    Check a whole chain, given in order of sequence.

    Returns None where it is intact, else the sequence at which it breaks: of the first event that is missing, moved or altered.
    """
    previous, expected = GENESIS, 1
    for event in events:
        intact = (
            event.sequence == expected
            and event.previous == previous
            and event.digest
            == event_digest(
                sequence=event.sequence,
                at=event.at,
                actor=event.actor,
                action=event.action,
                subject=event.subject,
                purpose=event.purpose,
                detail=event.detail,
                previous=event.previous,
            )
        )
        if not intact:
            return expected
        previous, expected = event.digest, expected + 1
    return None
