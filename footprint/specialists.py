"""Detectors that look for one kind of identifier, and only where an exemplar of that kind is registered."""

from collections.abc import Collection, Iterable
from types import MappingProxyType

from footprint.identifiers import Kind

OF_KIND = MappingProxyType(
    {Kind.VEHICLE: "vehicles", Kind.UNIFORM: "uniforms", Kind.EQUIPMENT: "stamps", Kind.AUDIO: "audio"}
)
"""Kinds that have a detector of their own."""


def needed(detectors: Iterable[str], kinds: Collection[Kind]) -> tuple[str, ...]:
    """The detectors that have something to look for, where identifiers of these kinds have exemplars."""
    idle = {name for kind, name in OF_KIND.items() if kind not in kinds}
    return tuple(name for name in detectors if name not in idle)


def off(kind: Kind, detectors: Collection[str]) -> str:
    """What to say of an exemplar whose kind's own detector is switched off, "" where it is on or there is none."""
    name = OF_KIND.get(kind)
    return (
        "" if name is None or name in detectors else f"What finds it is switched off: add {name} to detect.detectors."
    )
