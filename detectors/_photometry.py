"""Whether two pictures show the same thing once one is laid over the other: the check that matched points cannot make."""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _features, _quads

Floats = NDArray[np.float32]

SIDE_PX = 96
"""Longer side at which pictures are compared: coarse enough to forgive blur and a placement that is off by a pixel or two."""
SMOOTHING_PX = 1.5
CELL_PX = 12
LEAST_GRADIENT = 4.0
"""Root mean square of gradients (of 8-bit samples) from which a cell shows something."""
ALIKE = 0.3
"""Correlation from which a cell shows the same in both."""
MOST_SHRINK = 0.8
"""Scale below which a scene is shrunk by area before it is warped: what warping skips would otherwise show as noise."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Gradients of a reference and of the scene warped onto it, each (2, height, width), and where both have pixels."""

    reference: Floats
    scene: Floats
    inside: NDArray[np.bool_]

    @property
    def share(self) -> float:
        """The share of the reference that lies inside the scene."""
        return float(self.inside.mean())

    def agreement(self) -> float:
        """Correlation of the gradients, in [-1, 1]. Gradients, since a shadow or another exposure moves no edge."""
        common = float((self.reference * self.scene)[:, self.inside].sum())
        power = float(np.sqrt((self.reference**2)[:, self.inside].sum() * (self.scene**2)[:, self.inside].sum()))
        return common / power if power > 0 else 0.0

    def consent(self) -> float:
        """
        The share of cells, among those that show something in either, which show the same in both.

        Two pictures with one patch in common agree where it is and nowhere else; copies agree all over.
        """
        one, other = self.reference * self.inside, self.scene * self.inside
        common = _cells((one * other).sum(axis=0))
        power_one, power_other = _cells((one**2).sum(axis=0)), _cells((other**2).sum(axis=0))
        most = np.maximum(power_one, power_other)
        shows = most > LEAST_GRADIENT**2 * np.maximum(_cells(self.inside.astype(np.float32)), 0.25)
        if not shows.any():
            return 0.0
        alike = common[shows] > ALIKE * np.sqrt(power_one[shows] * power_other[shows])
        return float(alike.mean())


def lay(
    reference: NDArray[np.uint8],
    solid: NDArray[np.uint8] | None,
    scene: NDArray[np.uint8],
    homography: NDArray[np.float64],
) -> Laid:
    """
    Bring a scene onto a reference, both grey.

    `homography` takes reference pixels to scene pixels; `solid` is 0 where the reference does not count, None where it counts all over.
    """
    height, width = reference.shape
    scale = SIDE_PX / max(height, width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    shrink = np.diag([size[0] / width, size[1] / height, 1.0])
    small = np.asarray(cv2.resize(reference, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    warped, inside = _warped(scene, shrink @ np.linalg.inv(homography), size)
    if solid is not None:
        inside &= cv2.resize(solid, size, interpolation=cv2.INTER_NEAREST) > 0
    core = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return Laid(_gradients(small), _gradients(warped), np.asarray(core))


def shrunk(
    scene: NDArray[np.uint8], homography: NDArray[np.float64], reference: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """A scene, and the placement in it, at about the size at which `lay` compares it with the reference; never larger."""
    height, width = reference.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    area_px = cv2.contourArea(_quads.apply(homography, corners).astype(np.float32))
    scale = SIDE_PX / max(height, width) * math.sqrt(width * height / max(area_px, 1.0))
    if scale > MOST_SHRINK:
        return scene, homography
    small = _features.resized(scene, scale)
    ratio = np.diag([small.shape[1] / scene.shape[1], small.shape[0] / scene.shape[0], 1.0])
    return small, ratio @ homography


def _cells(values: NDArray[Any]) -> Floats:
    """Means over square cells."""
    size = max(1, values.shape[1] // CELL_PX), max(1, values.shape[0] // CELL_PX)
    return np.asarray(cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_AREA))


def _warped(
    scene: NDArray[np.uint8], to_small: NDArray[np.float64], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The scene brought onto the reference, its edges drawn out beyond it so that they are none, and where it has pixels."""
    warped = cv2.warpPerspective(scene, to_small, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpPerspective(np.full(scene.shape, 255, np.uint8), to_small, size, flags=cv2.INTER_NEAREST)
    return np.asarray(warped, dtype=np.uint8), np.asarray(inside > 0)


def _gradients(grey: NDArray[np.uint8]) -> Floats:
    """Horizontal and vertical gradient of the smoothed picture, shape (2, height, width)."""
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), SMOOTHING_PX)
    return np.stack([cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)]).astype(np.float32)
