"""Detectors whose mood the colour of a picture decides: what detecting processes must be guarded against."""

import os
import threading
from dataclasses import dataclass

import numpy as np

from detectors.detector import Media
from footprint.findings import Detection, Region, detection_id

MOODS = {
    "dies": (255, 0, 0),
    "hangs": (0, 255, 0),
    "raises": (0, 0, 255),
    "hogs": (255, 255, 0),
    "finds": (255, 0, 255),
}
GIB = 2**30


@dataclass(frozen=True)
class Moody:
    """Does what the first pixel says."""

    name: str = "moody"
    version: str = "1"

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """One claim for the colour of finds, none for other colours, and mischief for the rest."""
        mood = next((m for m, c in MOODS.items() if tuple(media.frames[0].rgb[0, 0]) == c), "calm")
        if mood == "dies":
            os._exit(9)
        if mood == "hangs":
            threading.Event().wait()
        if mood == "raises":
            raise ValueError("what a strange picture")
        if mood == "hogs":
            np.ones(64 * GIB, np.uint8)
        return (self._claim(media),) if mood == "finds" else ()

    def _claim(self, media: Media) -> Detection:
        region = Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=16, height_px=16)
        return Detection(
            id=detection_id(media.sha256, self.name, self.version, "patch", "exemplar", region),
            asset_sha256=media.sha256,
            detector=self.name,
            version=self.version,
            identifier_id="patch",
            exemplar_id="exemplar",
            region=region,
            measure=20.0,
            unit="inliers",
            probability=0.95,
            sentence="The picture is of the colour.",
            evidence={},
        )


@dataclass(frozen=True)
class MoodyBank:
    """A bank with one moody detector."""

    detector: Moody = Moody()
    names: tuple[str, ...] = ("moody",)

    def build(self) -> tuple[Moody, ...]:
        """The detector."""
        return (self.detector,)
