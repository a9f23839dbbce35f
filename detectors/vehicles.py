"""Vehicles in the Department's livery: how they look, their colours by height, and what is written on them. Decals are found as marks."""

from collections.abc import Mapping, Sequence
from typing import Any

from detectors import _bearers, _boxes
from detectors._bearers import Bearers, Sort
from detectors.detector import Reference
from footprint.identifiers import Kind

SORT = Sort(
    name="vehicles",
    code="3",
    kind=Kind.VEHICLE,
    bears=frozenset({Kind.LOGO, Kind.EMBLEM}),
    classes=_boxes.VEHICLES,
    whole="the whole vehicle",
    mark="a decal",
    others="other vehicles",
    shown=lambda crop: crop,
    has_windows=True,
)


def build(references: Sequence[Reference], options: Mapping[str, Any]) -> Bearers:
    """Make the detector; options and errors as `_bearers.bearers` has them."""
    return _bearers.bearers(SORT, references, options)


def lacks(own: Sequence[Reference], references: Sequence[Reference], options: Mapping[str, Any]) -> str:
    """What one identifier's exemplars need besides before they are looked for, "" where nothing; as `_bearers.lacks` has it."""
    return _bearers.lacks(SORT, own, references, options)
