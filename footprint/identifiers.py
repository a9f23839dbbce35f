"""What identifies the Department, and the references that it is found by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Material that specifically identifies the Department, in the policy's words and a few of the trade's."""

    LOGO = "logo"
    EMBLEM = "emblem"
    PATCH = "patch"
    BADGE = "badge"
    UNIFORM = "uniform"
    VEHICLE = "vehicle"
    EQUIPMENT = "equipment"
    PHOTOGRAPH = "photograph"
    VIDEO = "video"
    AUDIO = "audio"
    WORDMARK = "wordmark"


class Polarity(StrEnum):
    """What an exemplar teaches."""

    POSITIVE = "positive"
    LOOK_ALIKE = "look_alike"
    APPROVED_USE = "approved_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A thing that identifies the Department, such as "Shoulder patch 2019". `id` is a slug: `shoulder-patch-2019`."""

    id: str
    kind: Kind
    name: str
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemplar:
    """One reference for an identifier. `sha256` names its bytes among the blobs; `id` is digest(identifier, sha256)."""

    id: str
    identifier_id: str
    sha256: str
    mime: str
    polarity: Polarity = Polarity.POSITIVE
    label: str = ""
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemplarEvent:
    """An exemplar switched off or on again, append-only."""

    id: str
    exemplar_id: str
    enabled: bool
    by: str
    at: datetime
    reason: str = ""


def enabled(exemplars: Iterable[Exemplar], events: Iterable[ExemplarEvent]) -> tuple[Exemplar, ...]:
    """The exemplars in force, ordered by id: the latest event of each decides, none means enabled."""
    latest = {event.exemplar_id: event.enabled for event in sorted(events, key=lambda e: e.at)}
    return tuple(sorted((e for e in exemplars if latest.get(e.id, True)), key=lambda e: e.id))
