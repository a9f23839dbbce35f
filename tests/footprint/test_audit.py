"""The audit chain tells when it was touched (guardrail G23)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from footprint.audit import AuditEvent, follow, verify

AT = datetime(2026, 5, 1, tzinfo=UTC)


def chain(length: int) -> list[AuditEvent]:
    """A chain of so many events."""
    events: list[AuditEvent] = []
    for n in range(length):
        last = events[-1] if events else None
        events.append(follow(last, at=AT, actor="ann", action="finding.viewed", subject=str(n), detail={"n": n}))
    return events


def test_an_untouched_chain_is_whole() -> None:
    """Any number of events that followed each other verifies, none included."""
    assert [verify(chain(n)) for n in (0, 1, 5)] == [None, None, None]


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "bob"},
        {"action": "finding.decided"},
        {"subject": "x"},
        {"purpose": "curiosity"},
        {"detail": {"n": 99}},
        {"at": datetime(2026, 5, 2, tzinfo=UTC)},
        {"previous": "f" * 64},
        {"digest": "f" * 64},
        {"sequence": 9},
    ],
)
def test_any_altered_field_breaks_the_chain_there(change: dict[str, object]) -> None:
    """One altered field of one event is found at that event."""
    events = chain(5)
    events[2] = replace(events[2], **change)  # type: ignore[arg-type]
    assert verify(events) == 3


def test_a_missing_event_is_noticed() -> None:
    """An event taken out is found at its place."""
    events = chain(5)
    del events[1]
    assert verify(events) == 2


def test_an_altered_event_with_a_new_digest_breaks_the_next() -> None:
    """Recomputing the digest of an altered event only moves the break by one."""
    events = chain(3)
    forged = follow(events[0], at=AT, actor="bob", action="finding.viewed", subject="1", detail={"n": 1})
    assert verify([events[0], forged, events[2]]) == 3
