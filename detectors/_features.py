"""Local features: RootSIFT points of a picture, and which points of two pictures look alike."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.detector import Frame

Floats = NDArray[np.float32]
Pairs = NDArray[np.intp]

FINEST_PX = 1.8
"""Diameter of the smallest points that SIFT finds."""
SPREAD_CELLS = 4
"""Cells a side over which points are spread."""
_OPPOSITE = (0, 7, 6, 5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """
    RootSIFT features of a picture (Lowe 2004; Arandjelovic and Zisserman 2012).

    `points` are pixels of the full picture, shape (n, 2); `sizes` the diameters in these pixels, shape (n,); `angles` radians, shape (n,);
    `descriptors` rows of length 1, shape (n, 128). All float32. `width`, `height` are the picture's.
    """

    points: Floats
    sizes: Floats
    angles: Floats
    descriptors: Floats
    width: int
    height: int

    def __len__(self) -> int:
        return len(self.points)

    def coarse(self, side_px: int) -> "Features":
        """Only the points that would have been found at a longer side of `side_px`."""
        keep = self.sizes >= FINEST_PX * max(self.width, self.height) / side_px
        return replace(
            self,
            points=self.points[keep],
            sizes=self.sizes[keep],
            angles=self.angles[keep],
            descriptors=self.descriptors[keep],
        )

    def mirrored(self) -> "Features":
        """
        The features of the mirror image (left and right exchanged), in its pixels, without looking at it.

        In a point's own frame mirroring exchanges the four rows of cells and the sense of the eight directions (OpenCV keeps a descriptor as
        4 rows x 4 columns x 8 directions).
        """
        cells = self.descriptors.reshape(-1, 4, 4, 8)[:, ::-1, :, _OPPOSITE]
        points = self.points.copy()
        points[:, 0] = self.width - 1 - points[:, 0]
        angles = np.mod(np.float32(math.pi) - self.angles, np.float32(2 * math.pi))
        return replace(self, points=points, angles=angles, descriptors=np.ascontiguousarray(cells).reshape(-1, 128))


def none() -> Features:
    """The features of a picture without any."""
    return Features(
        points=np.zeros((0, 2), np.float32),
        sizes=np.zeros(0, np.float32),
        angles=np.zeros(0, np.float32),
        descriptors=np.zeros((0, 128), np.float32),
        width=0,
        height=0,
    )


def grey_of(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luma (ITU-R BT.601), shape (height, width)."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def resized(grey: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Scaled by area when shrinking, by cubics when growing."""
    if scale == 1.0:
        return grey
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=how), dtype=np.uint8)


def describe(
    grey: NDArray[np.uint8],
    *,
    scale: float,
    max_points: int,
    mask: NDArray[np.uint8] | None = None,
    is_spread: bool = False,
) -> Features:
    """
    Features of a grey picture looked at in `scale`, the strongest `max_points`. `mask` is 0 where points do not count.

    With `is_spread`, every part of the picture has its share of the points first, so that a part alone can be told by its own.

    Points come in a fixed order, so that what is built on them is the same in every process.
    """
    small = resized(grey, scale)
    where = (
        None if mask is None else cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_NEAREST)
    )
    keypoints, descriptors = _sift(0 if is_spread else max_points).detectAndCompute(small, where)
    height, width = grey.shape
    if not keypoints:
        return replace(none(), width=width, height=height)
    if is_spread:
        chosen = _spread(keypoints, small.shape, max_points)
        keypoints, descriptors = [keypoints[i] for i in chosen], descriptors[chosen]
    table = np.array([(k.pt[0], k.pt[1], k.size, math.radians(k.angle)) for k in keypoints], np.float32)
    rooted = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-7), dtype=np.float32)
    ratio = np.array([width / small.shape[1], height / small.shape[0]], np.float32)
    return Features(
        points=(table[:, :2] + 0.5) * ratio - 0.5,
        sizes=table[:, 2] * ratio[0],
        angles=table[:, 3],
        descriptors=rooted,
        width=width,
        height=height,
    )


def _spread(keypoints: Sequence[Any], shape: tuple[int, ...], count: int) -> NDArray[np.intp]:
    """Rows of `count` points in order of row: of each cell its strongest, and where cells have too few, the strongest left."""
    at = np.array([k.pt for k in keypoints]) * SPREAD_CELLS / (shape[1], shape[0])
    column, line = np.clip(at.astype(np.intp), 0, SPREAD_CELLS - 1).T
    strength = np.array([k.response for k in keypoints])
    cell = line * SPREAD_CELLS + column
    by_cell = np.lexsort((-strength, cell))
    rank = np.empty(len(cell), np.intp)
    rank[by_cell] = np.arange(len(cell)) - np.searchsorted(cell[by_cell], cell[by_cell])
    is_extra = rank >= count // SPREAD_CELLS**2
    return np.sort(np.lexsort((-strength, is_extra))[:count])


def _sift(max_points: int) -> Any:
    return cv2.SIFT.create(nfeatures=max_points, contrastThreshold=0.03, enable_precise_upscale=True)


def of_frame(frame: Frame, *, side_px: int, max_points: int) -> Features:
    """A frame's features at a longer side of at most `side_px`, worked out once for all detectors."""
    key = f"sift {side_px} {max_points}"
    if key not in frame.shared:
        scale = min(1.0, side_px / max(frame.rgb.shape[:2]))
        frame.shared[key] = describe(grey_of(frame.rgb), scale=scale, max_points=max_points)
    known: Features = frame.shared[key]
    return known


def alike(reference: Features, scene: Features, *, ratio: float) -> Pairs:
    """
    Pairs (index into reference, index into scene) of points that look alike, the most distinctive first, shape (k, 2).

    A point of the scene goes with the nearest of the reference where the second nearest is farther by `ratio`, so that a mark which is
    there several times matches several times.
    """
    if len(reference) < 2 or not len(scene):
        return np.zeros((0, 2), np.intp)
    likeness = scene.descriptors @ reference.descriptors.T
    nearest = likeness.argmax(axis=1)
    rows = np.arange(len(scene))
    best = likeness[rows, nearest]
    likeness[rows, nearest] = -1.0
    second = likeness.max(axis=1)
    doubt = (1.0 - best) / np.maximum(1.0 - second, 1e-6)  # of squared distances: rows are of length 1
    order = np.argsort(doubt, kind="stable")
    order = order[doubt[order] < ratio * ratio]
    return np.stack([nearest[order], rows[order]], axis=1)
