"""Whether two pictures show the same thing once one is laid over the other: the check that matched points cannot make."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE_PX = 96
"""Longer side at which pictures are compared: coarse enough to forgive blur and a placement that is off by a pixel or two."""
SMOOTHING_PX = 1.5


def agreement(
    reference: NDArray[np.uint8],
    solid: NDArray[np.uint8] | None,
    scene: NDArray[np.uint8],
    homography: NDArray[np.float64],
    *,
    least_share: float = 0.3,
) -> float:
    """
    Correlation of the brightness gradients of a reference and of the scene warped onto it, in [-1, 1].

    Both grey; `homography` takes reference pixels to scene pixels; `solid` is 0 where the reference does not count. 0 where less than
    `least_share` of it lies inside the scene. Gradients rather than brightness, since a shadow or another exposure does not change where edges are.
    """
    height, width = reference.shape
    scale = SIDE_PX / max(height, width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    shrink = np.diag([size[0] / width, size[1] / height, 1.0])
    small = np.asarray(cv2.resize(reference, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    warped, inside = _warped(scene, shrink @ np.linalg.inv(homography), size)
    if solid is not None:
        inside &= cv2.resize(solid, size, interpolation=cv2.INTER_NEAREST) > 0
    if inside.mean() < least_share:
        return 0.0
    one, other = _gradients(small), _gradients(warped)
    inside = cv2.erode(inside.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    common = float((one * other)[:, inside].sum())
    power = float(np.sqrt((one**2)[:, inside].sum() * (other**2)[:, inside].sum()))
    return common / power if power > 0 else 0.0


def _warped(
    scene: NDArray[np.uint8], to_small: NDArray[np.float64], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The scene brought onto the reference, and where it has pixels for it."""
    warped = cv2.warpPerspective(scene, to_small, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.full(scene.shape, 255, np.uint8), to_small, size, flags=cv2.INTER_NEAREST)
    return np.asarray(warped, dtype=np.uint8), np.asarray(inside > 0)


def _gradients(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Horizontal and vertical gradient of the smoothed picture, shape (2, height, width)."""
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), SMOOTHING_PX)
    return np.stack([cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)]).astype(np.float32)
