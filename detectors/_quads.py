"""Four corners in a picture: where a homography puts them, whether a flat thing can look so, what lies inside."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from footprint.findings import Point, Quad

Matrix = NDArray[np.float64]

MOST_FORESHORTENED = 4.0
"""How many times farther, or larger, one corner or side may be than another."""
LEAST_SIDE_PX = 8.0
LEAST_CORNER = math.radians(25)


def apply(homography: Matrix, points: Matrix) -> Matrix:
    """Where points land, shape (n, 2)."""
    lifted = points @ homography[:, :2].T + homography[:, 2]
    depth = lifted[:, 2:]
    return np.asarray(lifted[:, :2] / np.where(np.abs(depth) < 1e-9, 1e-9, depth))


def of_box(box: tuple[float, float, float, float]) -> Quad:
    """The corners of an upright box: left, top, right, bottom."""
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def plausible(width: int, height: int, homography: Matrix) -> Quad | None:
    """The corners of a rectangle in the picture, or None where no flat thing that is seen from in front could look so."""
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    depth = corners @ homography[2, :2] + homography[2, 2]
    if depth.min() * depth.max() <= 0 or np.abs(depth).max() > MOST_FORESHORTENED * np.abs(depth).min():
        return None
    landed = apply(homography, corners)
    sides = np.roll(landed, -1, axis=0) - landed
    if not _is_convex(sides):
        return None
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    scales = lengths / np.array([width, height, width, height])
    if scales.max() > MOST_FORESHORTENED * scales.min() or lengths.min() < LEAST_SIDE_PX:
        return None
    a, b, c, d = ((float(x), float(y)) for x, y in landed)
    return a, b, c, d


def _is_convex(sides: Matrix) -> bool:
    """Whether each corner turns clockwise, and none is too sharp. One that turns the other way would be seen from behind."""
    heading = np.arctan2(sides[:, 1], sides[:, 0])
    turns = (np.roll(heading, -1) - heading + math.pi) % (2 * math.pi) - math.pi
    return bool(turns.min() > LEAST_CORNER and turns.max() < math.pi - LEAST_CORNER)


def within(quad: Quad, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which points lie inside a quad that runs clockwise."""
    corners = np.array(quad, np.float64)
    sides = np.roll(corners, -1, axis=0) - corners
    offset = points[:, None, :].astype(np.float64) - corners[None]
    return np.asarray((sides[None, :, 0] * offset[:, :, 1] - sides[None, :, 1] * offset[:, :, 0] >= 0).all(axis=1))


def contains(quad: Quad, point: Point) -> bool:
    """Whether a point lies inside a quad, whichever way round it runs."""
    return bool(cv2.pointPolygonTest(np.array(quad, np.float32), point, False) >= 0)


def middle(quad: Quad) -> Point:
    """The mean of the corners."""
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def overlap(one: Quad, other: Quad) -> float:
    """Intersection over union of the upright boxes round two quads."""
    a, b = _box(one), _box(other)
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)


def _box(quad: Quad) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    return min(xs), min(ys), max(xs), max(ys)
