"""Marks that are printed flat: the Department's round seal, the shield on its cars' doors, and a toy maker's sticker."""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from demo.drawing import motifs
from demo.drawing.canvas import Colour, Floats, Points, area, disc, ellipse, over, polygon, rgb, smooth, tinted
from demo.drawing.lettering import around, engraved, fitted, line
from demo.drawing.pieces import Box, Piece, painted

_SIDE_PX = 600
_MIDDLE = _SIDE_PX / 2
_CREST = [(8, 10), (50, 3), (92, 10), (94, 50), (84, 76), (50, 97), (16, 76), (6, 50)]


@cache
def seal() -> Floats:
    """The seal: a rope, a ring of lettering with two stars, and a ship."""
    layer = np.zeros((_SIDE_PX, _SIDE_PX, 4), np.float32)
    gold, navy, cream = rgb("c79a34"), rgb("14264d"), rgb("f6efdc")
    for radius, colour in ((296, gold), (284, navy), (276, cream), (270, navy), (186, gold), (178, cream)):
        over(layer, tinted(_disc(radius), colour))
    for k in range(72):
        x, y = _at(k * 5.0, 290)
        area(layer, disc(x, y, 8.5, squeeze=0.7), cream if k % 2 else rgb("8d6a1c"))
    for words, span, below in (("POLICE DEPARTMENT", 165, False), ("PORT ALDER", 92, True)):
        letters = engraved(words, height_px=74, thickness=6, face=cv2.FONT_HERSHEY_DUPLEX)
        over(layer, tinted(_round_text(letters, span, below=below), rgb("f3d27c")))
    for side in (-122, 122):
        area(layer, _star(side, 228, 24), cream)
    _motif(layer, motifs.ship(), box=(124, 124, 476, 476), inside=_disc(176))
    over(layer, tinted(np.clip(_disc(180) - _disc(174), 0, 1), navy))
    over(
        layer,
        tinted(
            fitted(engraved("1887", height_px=60, thickness=4), _SIDE_PX, _SIDE_PX, box=(258, 444, 342, 470)), cream
        ),
    )
    return layer


@cache
def door_shield() -> Floats:
    """The shield on the doors of the Department's cars."""
    layer = np.zeros((_SIDE_PX, _SIDE_PX, 4), np.float32)
    _crest(layer, ((0, rgb("c79a34")), (9, rgb("0f1c3a")), (15, rgb("c79a34")), (20, rgb("1a3c86"))))
    over(layer, tinted(_text("Port Alder", (130, 66, 470, 134)), rgb("f7e3a1")))
    over(layer, tinted(polygon(_SIDE_PX, _SIDE_PX, [(66, 138), (534, 138), (534, 150), (66, 150)]), rgb("c79a34")))
    window = polygon(
        _SIDE_PX,
        _SIDE_PX,
        smooth([(110, 176), (300, 164), (490, 176), (478, 330), (420, 408), (300, 440), (180, 408), (122, 330)]),
    )
    _motif(layer, motifs.alder(), box=(104, 160, 496, 446), inside=window)
    over(layer, tinted(_text("Harbor City", (196, 462, 404, 516)), rgb("ffffff")))
    area(layer, _star(180, 248, 15), rgb("f7e3a1"))
    return layer


@cache
def elk_shield() -> Floats:
    """The shield on the doors of the neighbours' cars: same outline, other colours, lettering and motif."""
    layer = np.zeros((_SIDE_PX, _SIDE_PX, 4), np.float32)
    _crest(layer, ((0, rgb("c9a24a")), (9, rgb("2a1a10")), (15, rgb("c9a24a")), (20, rgb("5a3a22"))))
    over(layer, tinted(_text("Elk Bay County", (110, 70, 490, 130), slant=0.0, bold=0.04), rgb("f3e3b0")))
    window = polygon(
        _SIDE_PX,
        _SIDE_PX,
        smooth([(110, 150), (300, 140), (490, 150), (478, 330), (420, 408), (300, 440), (180, 408), (122, 330)]),
    )
    _motif(layer, motifs.elk(), box=(104, 136, 496, 446), inside=window)
    over(layer, tinted(_text("SHERIFF", (188, 462, 412, 512), slant=0.0, bold=0.06), rgb("f3e3b0")))
    return layer


@cache
def toy_shield() -> Floats:
    """A sticker as toy makers print them: a star, a smile of stripes, and the one word."""
    layer = np.zeros((_SIDE_PX, _SIDE_PX, 4), np.float32)
    _crest(layer, ((0, rgb("f6c945")), (18, rgb("d33b2f")), (30, rgb("f6c945"))))
    area(layer, _star(0, 0, 150, points=5), rgb("d33b2f"))
    over(layer, tinted(_text("POLICE", (130, 240, 470, 330), slant=0.0, bold=0.14), rgb("ffffff")))
    return layer


def _disc(radius: float) -> Floats:
    return ellipse(_SIDE_PX, _SIDE_PX, centre=(_MIDDLE, _MIDDLE), radii=(radius, radius))


def _at(clockwise_deg: float, radius: float) -> tuple[float, float]:
    turn = np.radians(clockwise_deg)
    return float(_MIDDLE + radius * np.sin(turn)), float(_MIDDLE - radius * np.cos(turn))


def _star(clockwise_deg: float, radius: float, size: float, *, points: int = 7) -> Points:
    x, y = _at(clockwise_deg, radius)
    corners = []
    for k in range(2 * points):
        turn, reach = np.pi * k / points, size if k % 2 == 0 else size * 0.52
        corners.append((float(x + reach * np.sin(turn)), float(y - reach * np.cos(turn))))
    return corners


def _round_text(mask: Floats, span_deg: float, *, below: bool) -> Floats:
    return around(mask, _SIDE_PX, _SIDE_PX, centre=(_MIDDLE, _MIDDLE), radii=(204, 254), span_deg=span_deg, below=below)


def _text(words: str, box: tuple[float, float, float, float], *, slant: float = 0.28, bold: float = 0.05) -> Floats:
    letters = line(words, height_px=90, weight=bold, spacing=0.06, slant=slant)
    return fitted(letters, _SIDE_PX, _SIDE_PX, box=box)


def _crest(layer: Floats, rings: Sequence[tuple[float, Colour]]) -> None:
    for inset, colour in rings:
        scale = (_SIDE_PX / 2 - inset) / 50
        outline: Points = [(_MIDDLE + (x - 50) * scale, _MIDDLE + (y - 50) * scale) for x, y in smooth(_CREST)]
        over(layer, tinted(polygon(_SIDE_PX, _SIDE_PX, outline), colour))


def _motif(layer: Floats, pieces: Sequence[Piece], *, box: Box, inside: Floats) -> None:
    over(layer, tinted(inside, painted(pieces, _SIDE_PX, _SIDE_PX, box)))
