"""Detectors that look no more, because people disagreed with them too often, or because somebody said so (guardrail G33)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorEvent:
    """A detector suspended, or let look again; append-only. `judged` and `material` are the decisions that it rests on, as in Precision."""

    id: str
    detector: str
    is_suspended: bool
    by: str
    at: datetime
    reason: str
    judged: int = 0
    material: int = 0


def latest(events: Iterable[DetectorEvent]) -> Mapping[str, DetectorEvent]:
    """The last event of each detector that has one."""
    return {event.detector: event for event in sorted(events, key=lambda e: (e.at, e.id))}


def suspended(events: Iterable[DetectorEvent]) -> Mapping[str, DetectorEvent]:
    """The detectors that are suspended now, with the event that says so."""
    return {name: event for name, event in sorted(latest(events).items()) if event.is_suspended}
