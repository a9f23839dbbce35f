"""Windows of pictures without marks that looks learn from: some at random, and what is most like a mark."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from detectors import _network, _second, _windows, models
from detectors._learned import Learned
from detectors._network import Maps
from detectors._windows import Place, Shape
from detectors.detector import Frame
from footprint.digests import digest

Floats = NDArray[np.float32]

RANDOM_WINDOWS = 8800
WORST = 2
HARDEST, OF_EACH = 700, (3, 30)
"""Windows without marks that the second look learns from: so many of all photographs together, and of each so many at least and at most."""


def seen_by() -> str:
    """What makes rows that can be learned from together."""
    return digest(models.LITE2.sha256, _windows.WIDTH, _second.WIDTH, _second.SIDE_PX)


def mistaken(learned: Learned, frame: Frame, names: Collection[str]) -> tuple[Floats, Floats]:
    """What is most like these marks in a frame that shows none of them: rows for the first and for the second look."""
    network = _network.network()
    pyramid = network.pyramid(frame)
    own = [mark for mark, name in enumerate(learned.marks) if name in names]
    shapes = [learned.shapes[mark] for mark in own]
    found = _windows.best(pyramid, learned.weights[own], learned.bias[own], shapes, most=WORST)
    return _described(pyramid, found), _second.at(network, frame.rgb, pyramid, hardest(found, OF_EACH[1]))


def drawn(shapes: Sequence[Shape], bank: Sequence[Sequence[Maps]]) -> Floats:
    """Rows of RANDOM_WINDOWS windows or somewhat fewer, the same every time."""
    rng = np.random.default_rng(11)
    rows = []
    for pyramid in bank:
        sizes = np.sqrt([maps.mid.shape[1] * maps.mid.shape[2] for maps in pyramid])
        levels = rng.choice(len(pyramid), -(-RANDOM_WINDOWS // len(bank)), p=sizes / sizes.sum())
        for level, maps in enumerate(pyramid):
            _, height, width = maps.mid.shape
            some = [shapes[int(rng.integers(len(shapes)))] for _ in range(int((levels == level).sum()))]
            places = [
                (int(rng.integers(width - s.across + 1)), int(rng.integers(height - s.down + 1)), s)
                for s in some
                if s.across <= width and s.down <= height
            ]
            rows.append(_windows.described(maps, places))
    return np.concatenate(rows)


def worst(pyramid: Sequence[Maps], weights: Floats, bias: Floats, shapes: Sequence[Shape]) -> Floats:
    """Rows of the windows that are most like each mark."""
    return _described(pyramid, _windows.best(pyramid, weights, bias, shapes, most=WORST))


def hardest(found: Sequence[Sequence[Place]], count: int) -> list[Place]:
    """The best of all marks' windows."""
    return sorted((p for ranked in found for p in ranked), key=lambda p: (-p.score, p.level, p.y, p.x))[:count]


def alike(
    bank: Sequence[Sequence[Maps]], weights: Floats, bias: Floats, shapes: Sequence[Shape]
) -> list[list[list[Place]]]:
    """Of each photograph and mark the best windows, enough for the second look to learn from."""
    most = -(-of_each(len(bank)) // len(shapes))
    return [_windows.best(pyramid, weights, bias, shapes, most=most) for pyramid in bank]


def of_each(photographs: int) -> int:
    """Windows of each photograph that the second look learns from."""
    return min(max(-(-HARDEST // photographs), OF_EACH[0]), OF_EACH[1])


def _described(pyramid: Sequence[Maps], found: Sequence[Sequence[Place]]) -> Floats:
    """Rows of windows, by level."""
    places = [p for ranked in found for p in ranked]
    return np.concatenate(
        [
            _windows.described(pyramid[level], [(p.x, p.y, p.shape) for p in places if p.level == level])
            for level in sorted({p.level for p in places})
        ]
        or [np.zeros((0, _windows.WIDTH), np.float32)]
    )
