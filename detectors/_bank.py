"""References made ready to be looked for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _decode
from detectors._features import Features, describe, grey_of
from detectors.detector import Reference
from footprint.digests import digest
from footprint.errors import BadConfiguration, UnreadableMedia
from footprint.identifiers import Kind

MARKS = frozenset(
    {Kind.LOGO, Kind.EMBLEM, Kind.PATCH, Kind.BADGE, Kind.UNIFORM, Kind.VEHICLE, Kind.EQUIPMENT, Kind.WORDMARK}
)
"""Kinds whose exemplars show a thing that may appear in any scene."""
PICTURES = frozenset({Kind.PHOTOGRAPH, Kind.VIDEO})
"""Kinds whose exemplars are themselves what must not be published."""

MARK_SIDE_PX = 320
MARK_POINTS = 600
MAX_ENLARGED = 2.0
"""A small reference is looked at larger, which gives points; beyond this, only noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A reference's picture in grey with its local features. `solid` is 0 where it is transparent, None where nowhere."""

    reference: Reference
    grey: NDArray[np.uint8]
    solid: NDArray[np.uint8] | None
    features: Features


def is_pictorial(reference: Reference) -> bool:
    """Whether it is a picture or film to be seen, rather than sound or text."""
    return reference.identifier.kind is not Kind.AUDIO and reference.exemplar.mime.split("/")[0] in ("image", "video")


def known(reference: Reference) -> Known:
    """Decode and describe the picture of a mark. Raises UnreadableMedia that names the exemplar."""
    with named(reference):
        rgb, alpha = _decode.picture(reference.data)
    solid = None if alpha is None else _solid(alpha)
    return described(reference, grey_of(rgb), solid=solid, side_px=MARK_SIDE_PX, max_points=MARK_POINTS)


def described(
    reference: Reference,
    grey: NDArray[np.uint8],
    *,
    solid: NDArray[np.uint8] | None,
    side_px: int,
    max_points: int,
    is_spread: bool = False,
) -> Known:
    """A reference looked at with its longer side brought to `side_px`, small ones enlarged."""
    scale = min(side_px / max(grey.shape), MAX_ENLARGED)
    features = describe(grey, scale=scale, max_points=max_points, mask=solid, is_spread=is_spread)
    return Known(reference=reference, grey=grey, solid=solid, features=features)


@contextmanager
def named(reference: Reference) -> Iterator[None]:
    """Whatever cannot be read inside is laid to this exemplar."""
    try:
        yield
    except UnreadableMedia as error:
        exemplar = reference.exemplar
        what = f"{exemplar.id}{f' ({exemplar.label})' if exemplar.label else ''} of '{reference.identifier.name}'"
        raise UnreadableMedia(f"The exemplar {what} cannot be used. {error}") from error


def _solid(alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Where a mark is, with a margin: its outline against the ground is part of how it looks."""
    margin = max(3, round(0.02 * max(alpha.shape)) | 1)
    covered = np.where(alpha > 127, 255, 0).astype(np.uint8)
    return np.asarray(cv2.dilate(covered, np.ones((margin, margin), np.uint8)), dtype=np.uint8)


def version(code: str, references: Sequence[Reference], options: Mapping[str, Any]) -> str:
    """The version of a detector: its code's, then a digest of the exemplars in force, the options and OpenCV. Order does not count."""
    exemplars = sorted([r.exemplar.id, r.exemplar.polarity.value, r.identifier.kind.value] for r in references)
    return f"{code}-{digest(exemplars, dict(options), cv2.__version__)[:12]}"


def option(options: Mapping[str, Any], name: str, default: float) -> float:
    """A positive number among the options. Raises BadConfiguration that names it."""
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise BadConfiguration(
            f"The detectors' option {name} is {value!r}; it must be a positive number such as {default}."
        )
    return float(value)
