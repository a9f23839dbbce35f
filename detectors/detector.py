"""What a detector is: a pure function of media, made from exemplars."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from footprint.digests import digest
from footprint.errors import NetworkUnusable
from footprint.findings import Detection
from footprint.identifiers import Exemplar, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """
    One picture: RGB, uint8, shape (height, width, 3), upright. `time_s` is its second in a video, None for a still.

    `shared` holds what one detector worked out of the picture and others need too, by name, such as its local features.
    """

    rgb: NDArray[np.uint8]
    time_s: float | None = None
    shared: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """
    A decoded asset: one frame for a still picture, the sampled frames of a video or animation in order of time.

    For a Listener it is what there is to hear instead: no frames, and `sound`, mono float32 at the Listener's rate, full scale 1.
    """

    sha256: str
    mime: str
    frames: tuple[Frame, ...]
    duration_s: float | None = None
    sound: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An exemplar in force, with its bytes and what it stands for."""

    exemplar: Exemplar
    identifier: Identifier
    data: bytes


class Detector(Protocol):
    """
    Finds identifiers in media.

    `version` changes whenever results could: with the code's version, the exemplars in force and the options.
    """

    @property
    def name(self) -> str:
        """The name of its module."""

    @property
    def version(self) -> str: ...

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Claims about the asset, the surest first; at most one an identifier and place. Deterministic."""


@runtime_checkable
class Listener(Protocol):
    """A detector that is given sounds, of recordings and of films, and no pictures."""

    @property
    def rate_hz(self) -> int:
        """Samples a second that it hears."""


@runtime_checkable
class Hindered(Protocol):
    """A detector that may have to look without what it needs, or without a part of it. With all of it its version is another."""

    @property
    def hindrance(self) -> str:
        """What it lacks and what mends that; "" where it lacks nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unable:
    """Stands in for a detector that cannot be made: each of its looks fails and says why."""

    name: str
    hindrance: str

    @property
    def version(self) -> str:
        """The same for the same reason, so that what it cannot look at is recorded once."""
        return f"unable-{digest(self.hindrance)[:12]}"

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Raises NetworkUnusable."""
        raise NetworkUnusable(self.hindrance)


Tell = Callable[[str, int, int], None]
"""Told how far work has come: stage, done, total."""


class Build(Protocol):
    """
    The function `build` of each detector module. Raises UnreadableMedia that names an exemplar which cannot be used, NetworkUnusable where a
    network that it needs is missing.
    """

    def __call__(self, references: Sequence[Reference], options: Mapping[str, Any]) -> Detector: ...
