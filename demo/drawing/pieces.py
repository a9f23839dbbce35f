"""The pieces that motifs are put together from, in a square of 100 x 100."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from demo.drawing.canvas import Colour, Floats, Points, Window, box, over, rgb, tinted, windowed

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a place in a picture, in pixels."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One area of one colour."""

    colour: Colour
    outlines: tuple[Points, ...]

    def mask(self, width: int, height: int, box: Box) -> tuple[Floats, Window]:
        """The piece, with the square of 100 x 100 put into a box of a picture: a mask of its window, and the window."""
        left, top, right, bottom = box
        across, down = (right - left) / 100, (bottom - top) / 100
        scaled = [[(left + x * across, top + y * down) for x, y in outline] for outline in self.outlines]
        return windowed(scaled, width, height, margin=1)


def painted(pieces: Iterable[Piece], width: int, height: int, box: Box) -> Floats:
    """A picture of the pieces laid over each other in a box, black elsewhere."""
    picture = np.zeros((height, width, 3), np.float32)
    for piece in pieces:
        mask, where = piece.mask(width, height, box)
        over(picture[where], tinted(mask, piece.colour))
    return picture


def turned(outline: Points, degrees: float, *, about: tuple[float, float] = (50, 50)) -> list[tuple[float, float]]:
    """An outline turned around a point."""
    c, s = float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
    shifted = [(x - about[0], y - about[1]) for x, y in outline]
    return [(about[0] + c * x - s * y, about[1] + s * x + c * y) for x, y in shifted]


def ribbon(path: Points, width: float) -> list[tuple[float, float]]:
    """The outline of a band along a path."""
    points = np.asarray(path, np.float64)
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack([-along[:, 1], along[:, 0]], 1) * width / 2
    return [(float(x), float(y)) for x, y in np.concatenate([points + across, (points - across)[::-1]])]


def rays(*, centre: tuple[float, float], count: int, colour: Colour) -> list[Piece]:
    """Beams from a point to the edges of the square."""
    wedges = []
    for k in range(count):
        start, end = np.radians(360 * k / count), np.radians(360 * (k + 0.45) / count)
        far = [(centre[0] + 130 * float(np.cos(t)), centre[1] + 130 * float(np.sin(t))) for t in (start, end)]
        wedges.append([centre, *far])
    clipped = [[(min(max(x, 0.0), 100.0), min(max(y, 0.0), 100.0)) for x, y in wedge] for wedge in wedges]
    return [Piece(colour, (wedge,)) for wedge in clipped]


def fir(x: float, foot: float, size: float) -> list[Piece]:
    """A small fir tree."""
    tiers = [
        [(x - size * w, foot - size * low), (x, foot - size * high), (x + size * w, foot - size * low)]
        for w, low, high in ((0.36, 0.1, 0.75), (0.28, 0.45, 1.0), (0.2, 0.8, 1.3))
    ]
    return [
        Piece(rgb("5a3c22"), (box(x - size * 0.06, foot - size * 0.12, x + size * 0.06, foot + size * 0.06),)),
        *(Piece(rgb("1d5236") if k % 2 else rgb("26694a"), (tier,)) for k, tier in enumerate(tiers)),
    ]


def waves(level: float, body: Colour, crest: Colour) -> list[Piece]:
    """Water up to a level, with a crest along it."""
    tops = [(x, level + 2.6 * float(np.sin(x / 100 * 2 * np.pi * 5 + level))) for x in np.linspace(0, 100, 60)]
    return [
        Piece(body, ([*tops, (100, 100), (0, 100)],)),
        Piece(crest, (ribbon(tops, 1.7),)),
    ]
