"""
Parts that pictures of one thing share and pictures of others lack: a band of checks, a crest, a word as it is painted.

Windows of exemplars are held against those of a picture, and what counts is how much better the best of them are answered there than in
pictures of others (after Singh, Gupta and Efros 2012), compared in a space in which what all photographs have in common counts little
(Hariharan, Malik and Ramanan 2012).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detectors import _network, negatives
from detectors._network import CHANNELS, DEEP_CHANNELS, Maps

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]

SIDES_PX = (512, 352, 256)
"""Longer sides that a thing is looked at in: its parts are an eighth to a quarter of it."""
CELLS, QUARTER = 4, 2
"""Cells of 16 px across and down a window, and a quarter of it."""
WIDTH = 4 * CHANNELS + DEEP_CHANNELS
DIMENSIONS = 192
SPACE_RIDGE = 0.1
PHOTOGRAPHS, WINDOWS_OF_EACH = 24, 1050
"""What the space is learned from: of photographs that come with the installation, so many windows each."""
MOST_PARTS, BEST_PARTS = 2400, 66
"""Parts that are kept, and how many of them, the best in a picture, say how like it is: from any side only some are to be seen."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of one picture: directions of length 1, shape (n, DIMENSIONS), float16; `candidates` are the rows that may be parts, half overlapping."""

    rows: NDArray[np.float16]
    candidates: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Space:
    """A window's description less `middle`, times `matrix` (WIDTH, DIMENSIONS), is its direction."""

    middle: Floats
    matrix: Floats

    def windows(self, rgb: Picture) -> Windows:
        """Every window of a picture."""
        rows, candidates, count = [], [], 0
        for side_px in SIDES_PX:
            described, shape = _described(_network.network().maps(rgb, side_px=side_px))
            index = np.arange(count, count + len(described)).reshape(shape)
            directions = (described - self.middle) @ self.matrix
            rows.append((directions / (np.linalg.norm(directions, axis=1, keepdims=True) + 1e-6)).astype(np.float16))
            candidates.append(index[::QUARTER, ::QUARTER].ravel())
            count += len(described)
        return Windows(np.concatenate(rows), np.concatenate(candidates))


def answers(vectors: NDArray[np.floating], windows: Windows) -> Floats:
    """How well each of some parts (k, DIMENSIONS) is answered in a picture, at best: cosines, shape (k,)."""
    if not len(windows.rows):
        return np.zeros(len(vectors), np.float32)
    cosines = vectors.astype(np.float32) @ windows.rows.astype(np.float32).T
    return np.asarray(cosines.max(axis=1), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Parts chosen among candidates, by row, and how they are answered by others: `mean` and `deviation`, of the same length."""

    rows: NDArray[np.intp]
    mean: Floats
    deviation: Floats

    def strength(self, answered: Floats) -> NDArray[np.float64]:
        """How like pictures are, by their answers to the chosen parts, shape (len(rows), n): the mean of the best, in deviations of others."""
        off = (answered - self.mean[:, None]) / self.deviation[:, None]
        best = np.sort(off, axis=0)[-BEST_PARTS:]
        return np.asarray(best.mean(axis=0), dtype=np.float64)


def choose(own: Floats, others: Floats) -> Choice:
    """
    The candidates that each other exemplar answers better than others do: all of a few exemplars, the best of many.

    `own` are answers of exemplars, shape (candidates, exemplars), NaN where a candidate is the exemplar's own; `others` those of others. With one
    exemplar, the candidates that others answer least.
    """
    mean, deviation = others.mean(axis=1), np.maximum(others.std(axis=1), 1e-4)
    off = (own - mean[:, None]) / deviation[:, None]
    shared = np.where(np.isnan(off), np.inf, off).min(axis=1)
    order = np.argsort(-np.where(np.isinf(shared), -mean, shared), kind="stable")[:MOST_PARTS]
    return Choice(rows=order, mean=mean[order], deviation=deviation[order])


@lru_cache(maxsize=1)
def space() -> Space:
    """The space of this process, the same in each. Raises BadConfiguration where its photographs or the network's weights are missing."""
    rng = np.random.default_rng(5)
    network, some = _network.network(), []
    for photograph in negatives.starter().photographs[:PHOTOGRAPHS]:
        described = [_described(network.maps(photograph, side_px=side_px))[0] for side_px in SIDES_PX]
        each = WINDOWS_OF_EACH // len(SIDES_PX)
        some += [rows[rng.permutation(len(rows))[:each]] for rows in described]
    rows = np.concatenate(some).astype(np.float64)
    middle, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    level = (rows - middle) / scale
    variances, axes = np.linalg.eigh(level.T @ level / len(level))
    variances, axes = variances[::-1][:DIMENSIONS], axes[:, ::-1][:, :DIMENSIONS]
    matrix = axes / np.sqrt(variances + SPACE_RIDGE * variances.mean()) / scale[:, None]
    return Space(middle.astype(np.float32), matrix.astype(np.float32))


def _described(maps: Maps) -> tuple[Floats, tuple[int, int]]:
    """Means of the four quarters of every window and of its deeper channels, (n, WIDTH), and how many windows there are down and across."""
    mid = maps.mid
    deep = np.repeat(np.repeat(maps.deep, 2, axis=1), 2, axis=2)[:, : mid.shape[1], : mid.shape[2]]
    down, across = mid.shape[1] - CELLS + 1, mid.shape[2] - CELLS + 1
    if min(down, across) < 1:
        return np.zeros((0, WIDTH), np.float32), (0, 0)
    quarters, whole = _means(mid, QUARTER), _means(deep, CELLS)
    corners = [(y, x) for y in (0, QUARTER) for x in (0, QUARTER)]
    parts = [*(quarters[:, y : y + down, x : x + across] for y, x in corners), whole]
    return np.concatenate(parts).reshape(WIDTH, -1).T.astype(np.float32), (down, across)


def _means(maps: NDArray[np.floating], side: int) -> NDArray[np.float64]:
    """Means of squares of so many cells, at every first cell."""
    sums = np.zeros((maps.shape[0], maps.shape[1] + 1, maps.shape[2] + 1))
    np.cumsum(np.cumsum(maps, axis=1, dtype=np.float64), axis=2, out=sums[:, 1:, 1:])
    of = sums[:, side:, side:] - sums[:, :-side, side:] - sums[:, side:, :-side] + sums[:, :-side, :-side]
    return np.asarray(of / side**2)
