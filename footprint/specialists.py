"""Which detectors look for what; some look for one kind of identifier, and only where an exemplar of that kind is registered."""

from collections.abc import Collection, Iterable
from types import MappingProxyType

from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind, enabled
from footprint.ports import Reader
from footprint.wording import reader_of

OF_KIND = MappingProxyType(
    {Kind.VEHICLE: "vehicles", Kind.UNIFORM: "uniforms", Kind.EQUIPMENT: "stamps", Kind.AUDIO: "audio"}
)
"""Kinds that have a detector of their own."""

WHOLE = frozenset({Kind.PHOTOGRAPH, Kind.VIDEO})
"""Kinds that are found as copies, and not as marks in other scenes."""
IDLE = "idle: nothing of its kind is registered"
"""What to say of a detector that has nothing to look for."""


def kinds_in_force(record: Reader) -> frozenset[Kind]:
    """The kinds of identifiers that have exemplars in force."""
    live = {e.identifier_id for e in enabled(record.select(Exemplar), record.select(ExemplarEvent))}
    return frozenset(identifier.kind for identifier in record.select(Identifier, id=live))


def needed(detectors: Iterable[str], kinds: Collection[Kind]) -> tuple[str, ...]:
    """The detectors that have something to look for, where identifiers of these kinds have exemplars."""
    idle = {name for kind, name in OF_KIND.items() if kind not in kinds}
    return tuple(name for name in detectors if name not in idle)


def seeks(detector: str, kind: Kind, mime: str) -> bool:
    """Whether a detector looks for identifiers of a kind by exemplars of a media type; one that is not known here does."""
    sort = mime.partition("/")[0]
    is_shown = kind is not Kind.AUDIO and sort in ("image", "video")
    match detector:
        case "copies":
            return is_shown
        case "marks":
            return is_shown and kind not in WHOLE
        case "lettering":
            return sort == "text" and reader_of(kind) == detector
        case "audio":
            return kind is Kind.AUDIO and sort in ("audio", "video")
        case "stamps":
            return is_shown and OF_KIND.get(kind) == detector
        case "vehicles" | "uniforms":
            return OF_KIND.get(kind) == detector
        case _:
            return True


def off(kind: Kind, detectors: Collection[str]) -> str:
    """What to say of an exemplar whose kind's own detector is switched off, "" where it is on or there is none."""
    name = OF_KIND.get(kind)
    return (
        ""
        if name is None or name in detectors
        else f"Its own detector is switched off: add {name} to detect.detectors."
    )
