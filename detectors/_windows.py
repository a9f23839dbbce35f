"""
Windows of a picture's maps: what each holds, and how like it is to each mark, for all marks and places at once.

A window is so many cells of 16 px wide and high. It is described by the means of the 120 channels in 3 x 3 parts of it and the mean of the
352 deeper channels, so that a linear measure of it is a sum of box means, which integral images give everywhere at once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors._network import CHANNELS, DEEP_CHANNELS, STRIDE_PX, Maps

Floats = NDArray[np.float32]

PARTS = 3
WIDTH = PARTS * PARTS * CHANNELS + DEEP_CHANNELS
"""Numbers that describe a window."""
SIDE_CELLS = 7
LEAST_CELLS = 3
ASPECTS = (0.4, 3.2)


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """Cells across and down."""

    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Place:
    """A window: which map of the pyramid, its first cell, its shape, and how well it fits."""

    level: int
    x: int
    y: int
    shape: Shape
    score: float

    def box(self, maps: Maps) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels of the picture."""
        x, y, w, h = (v * STRIDE_PX for v in (self.x, self.y, self.shape.across, self.shape.down))
        return x / maps.scale_x, y / maps.scale_y, (x + w) / maps.scale_x, (y + h) / maps.scale_y


def shape_of(aspect: float) -> Shape:
    """The window for marks so many times as wide as high."""
    root = math.sqrt(min(max(aspect, ASPECTS[0]), ASPECTS[1]))
    return Shape(max(LEAST_CELLS, round(SIDE_CELLS * root)), max(LEAST_CELLS, round(SIDE_CELLS / root)))


def described(maps: Maps, places: Sequence[tuple[int, int, Shape]]) -> Floats:
    """Rows that describe the windows (x, y, shape), shape (n, WIDTH)."""
    mid, deep = _integral(maps.mid), _integral(_doubled(maps.deep))
    rows = np.empty((len(places), WIDTH), np.float32)
    for row, (x, y, shape) in zip(rows, places, strict=True):
        xs, ys = _edges(x, shape.across), _edges(y, shape.down)
        parts = [_mean(mid, xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(PARTS) for i in range(PARTS)]
        row[:-DEEP_CHANNELS] = np.concatenate(parts)
        row[-DEEP_CHANNELS:] = _mean(deep, x, y, x + shape.across, y + shape.down)
    return rows


def scores(maps: Maps, weights: Floats, bias: Floats, shapes: Sequence[Shape]) -> list[Floats]:
    """
    How well each window fits each mark: for each a map with a value for each first cell, empty where its window is too large.

    `weights` is (marks, WIDTH), `bias` (marks,).
    """
    count = len(weights)
    _, height, width = maps.mid.shape
    parts = weights[:, :-DEEP_CHANNELS].reshape(count * PARTS * PARTS, CHANNELS) @ maps.mid.reshape(CHANNELS, -1)
    deep = weights[:, -DEEP_CHANNELS:] @ maps.deep.reshape(DEEP_CHANNELS, -1)
    sums = _integral(parts.reshape(-1, height, width)).reshape(count, PARTS * PARTS, height + 1, width + 1)
    deep_sums = _integral(_doubled(deep.reshape(count, *maps.deep.shape[1:])))
    return [
        _fits(sums[i], deep_sums[i], shape) + bias[i]
        if shape.across <= width and shape.down <= height
        else np.zeros((0, 0), np.float32)
        for i, shape in enumerate(shapes)
    ]


def best(
    pyramid: Sequence[Maps], weights: Floats, bias: Floats, shapes: Sequence[Shape], *, most: int
) -> list[list[Place]]:
    """For each mark its best windows, at most `most`, no two in one place, the best first."""
    found: list[list[Place]] = [[] for _ in shapes]
    for level, maps in enumerate(pyramid):
        for mark, fit in enumerate(scores(maps, weights, bias, shapes)):
            if fit.size:
                top = np.argsort(-fit, axis=None, kind="stable")[: 4 * most] if most > 1 else [int(fit.argmax())]
                found[mark] += [
                    Place(level, int(i % fit.shape[1]), int(i // fit.shape[1]), shapes[mark], float(fit.flat[i]))
                    for i in top
                ]
    return [_apart(sorted(places, key=lambda p: -p.score), pyramid, most) for places in found]


def _apart(places: Sequence[Place], pyramid: Sequence[Maps], most: int) -> list[Place]:
    kept: list[Place] = []
    boxes: list[tuple[float, float, float, float]] = []
    for place in places:
        box = place.box(pyramid[place.level])
        if all(_overlap(box, other) < 0.3 for other in boxes):
            kept.append(place)
            boxes.append(box)
        if len(kept) == most:
            break
    return kept


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    common = max(across, 0.0) * max(down, 0.0)
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, other)]
    return common / (sum(areas) - common)


def _fits(sums: Floats, deep: Floats, shape: Shape) -> Floats:
    rows, columns = sums.shape[1] - shape.down, sums.shape[2] - shape.across
    xs, ys = _edges(0, shape.across), _edges(0, shape.down)
    total = _boxes(deep, 0, 0, shape.across, shape.down, rows, columns)
    for j in range(PARTS):
        for i in range(PARTS):
            total += _boxes(sums[j * PARTS + i], xs[i], ys[j], xs[i + 1], ys[j + 1], rows, columns)
    return total


def _boxes(sums: Floats, x1: int, y1: int, x2: int, y2: int, rows: int, columns: int) -> Floats:
    """Means of a box at every first cell."""
    of = (
        sums[y2 : y2 + rows, x2 : x2 + columns]
        - sums[y1 : y1 + rows, x2 : x2 + columns]
        - sums[y2 : y2 + rows, x1 : x1 + columns]
        + sums[y1 : y1 + rows, x1 : x1 + columns]
    )
    return np.asarray(of / ((x2 - x1) * (y2 - y1)), dtype=np.float32)


def _edges(first: int, count: int) -> list[int]:
    return [first + round(i * count / PARTS) for i in range(PARTS + 1)]


def _integral(maps: NDArray[np.floating]) -> Floats:
    out = np.zeros((maps.shape[0], maps.shape[1] + 1, maps.shape[2] + 1), np.float64)
    np.cumsum(np.cumsum(maps, axis=1, dtype=np.float64), axis=2, out=out[:, 1:, 1:])
    return out


def _mean(sums: Floats, x1: int, y1: int, x2: int, y2: int) -> Floats:
    total = sums[:, y2, x2] - sums[:, y1, x2] - sums[:, y2, x1] + sums[:, y1, x1]
    return np.asarray(total / ((x2 - x1) * (y2 - y1)), dtype=np.float32)


def _doubled(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """At stride 16 what is at stride 32."""
    return np.repeat(np.repeat(maps, 2, axis=1), 2, axis=2)
