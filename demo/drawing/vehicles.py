"""Cars from the side: the Department's, its neighbours', other people's, and one that is a toy."""

from dataclasses import dataclass

import numpy as np

from demo.drawing.canvas import Colour, Floats, disc, noise, rgb, smooth
from demo.drawing.lettering import line
from demo.drawing.painter import Bends, Painter
from demo.drawing.scene import Subject

_WIDE, _TALL = 300, 108
_BODY = smooth(
    [
        (8, 78), (6, 62), (14, 52), (48, 46), (72, 42), (104, 16), (132, 10), (184, 10), (220, 16), (246, 40),
        (284, 44), (294, 54), (295, 76), (288, 86), (150, 88), (16, 86),
    ],
    per_segment=10,
)  # fmt: skip
_GLASS = (
    smooth([(82, 42), (110, 20), (134, 16), (138, 17), (138, 42)], per_segment=6),
    smooth([(145, 17), (184, 16), (192, 18), (193, 42), (145, 42)], per_segment=6),
    smooth([(200, 19), (216, 22), (234, 40), (200, 42)], per_segment=6),
)
_DARK = rgb("202227")


@dataclass(frozen=True, slots=True, kw_only=True)
class Livery:
    """How a car is painted. `shield` goes on the front door, `word` along the rear door, `number` behind it."""

    paint: Colour
    band: Colour | None = None
    trim: Colour = (1.0, 1.0, 1.0)
    lettering: Colour = (1.0, 1.0, 1.0)
    word: str = ""
    slant: float = 0.0
    band_y: float = 72.5
    number: str = ""
    shield: Floats | None = None
    what: str = ""
    lightbar: bool = False
    is_toy: bool = False


def car(livery: Livery, *, unit_px: float, rng: np.random.Generator) -> Subject:
    """A car seen from its left side; one unit is a three-hundredth of the layer's width. Its mark is the shield on the door."""
    bends = Bends(rng, reach=5.0, wave=90)
    painter = Painter(_WIDE, _TALL, unit_px=unit_px, rng=rng, bends=bends)
    painter.fill(_BODY, _reflections(painter, livery))
    if livery.band is not None:
        _band(painter, livery)
    for pane in _GLASS:
        painter.fill(pane, _glass(painter))
    _details(painter)
    if livery.lightbar:
        _lightbar(painter)
    if livery.word:
        painter.stencil(_word(livery), (148, 48, 194, 61), livery.lettering)
    if livery.number:
        painter.stencil(line(livery.number, height_px=120, weight=0.05), (204, 47, 226, 57), livery.lettering)
    for x in (62, 236):
        _wheel(painter, x, 84, 23 if livery.is_toy else 19.5)
    if livery.shield is None:
        return Subject(layer=painter.layer)
    half = 20 if livery.is_toy else 17
    corners = [(112 - half, 65 - half), (112 + half, 65 - half), (112 + half, 65 + half), (112 - half, 65 + half)]
    return Subject(layer=painter.layer, marks=(painter.attach(livery.what, livery.shield, corners),))


def _word(livery: Livery) -> Floats:
    return line(livery.word, height_px=120, weight=0.07, spacing=0.03, slant=livery.slant)


def _reflections(painter: Painter, livery: Livery) -> Floats:
    """Paint that mirrors a bright sky above and a dark road below, bulging along the shoulder line."""
    height, width = painter.layer.shape[:2]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    ridge = np.exp(-(((y - 0.42) / 0.035) ** 2))
    sheen = 1.04 - 0.30 * y + 0.20 * ridge - 0.30 / (1 + np.exp(-(y - 0.72) * 40))
    wave = noise(width, height, painter.rng, cell=height / 3, octaves=3, stretch=5) * 0.05
    glossy = np.asarray(livery.paint, np.float32) * (sheen + wave)[..., None]
    return np.asarray(np.clip(glossy + (0.14 if livery.is_toy else 0.04) * ridge[..., None], 0, 1), np.float32)


def _band(painter: Painter, livery: Livery) -> None:
    """The stripe along the side, thin lines above and below it, sweeping up at the rear."""
    height, width = painter.layer.shape[:2]
    sheen = np.linspace(1.12, 0.75, height, dtype=np.float32)[:, None, None] * np.ones((1, width, 1), np.float32)
    body, where = painter.mask(_BODY, margin=0)
    inside = np.zeros((height, width), np.float32)
    inside[where] = body
    y = livery.band_y
    for high, low, paint in (
        (y - 9.5, y - 7.5, livery.trim),
        (y - 5.5, y + 5.5, livery.band),
        (y + 7.5, y + 9, livery.trim),
    ):
        upper = [(0, high + 6), (70, high), (190, high), (300, high - 14)]
        lower = [(300, low - 10), (190, low), (70, low), (0, low + 3)]
        tone = np.asarray(np.clip(np.asarray(paint, np.float32) * sheen, 0, 1), np.float32)
        painter.fill([*upper, *lower], tone, inside=inside)


def _glass(painter: Painter) -> Floats:
    height, width = painter.layer.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    streak = np.clip(np.sin((x * 0.9 + y * 1.6) / (26 * painter.unit_px) + 1.0), 0, 1) ** 3
    scenery = noise(width, height, painter.rng, cell=height / 4, octaves=3, stretch=2) * 0.08
    tone = 0.16 + 0.30 * streak * (1 - y / height) + scenery
    return np.asarray(np.clip(tone[..., None] * np.asarray((0.9, 1.0, 1.1), np.float32), 0, 1), np.float32)


def _details(painter: Painter) -> None:
    """Door gaps, handles, mirror, lamps and the sill."""
    for (ax, ay), (bx, by) in (((142, 14), (143, 84)), ((196, 18), (197, 60)), ((80, 44), (84, 84))):
        gap = [(ax - 0.35, ay), (ax + 0.35, ay), (bx + 0.35, by), (bx - 0.35, by)]
        painter.flat(gap, _DARK, soft=0.25, strength=0.55)
    for x in (128.0, 182.0):
        painter.fill([(x, 46), (x + 9, 46), (x + 9, 47.6), (x, 47.6)], rgb("3a3d44"))
    painter.fill(smooth([(84, 40), (94, 38), (95, 45), (86, 46)]), _DARK)
    painter.fill(smooth([(9, 55), (26, 52), (24, 61), (9, 64)]), rgb("f6f3df"))
    painter.fill(smooth([(280, 47), (293, 54), (293, 62), (284, 58)]), rgb("b3201f"))
    painter.flat([(10, 81), (292, 81), (290, 89), (14, 89)], _DARK, soft=0.4, strength=0.85)


def _lightbar(painter: Painter) -> None:
    painter.fill([(146, 6), (186, 6), (187, 11), (145, 11)], rgb("2b2e35"))
    for left, colour in ((147, rgb("d8262c")), (156, rgb("f05a5a")), (168, rgb("3f74e8")), (177, rgb("1f49c8"))):
        painter.fill([(left, 2.6), (left + 8, 2.6), (left + 8, 8), (left, 8)], colour)


def _wheel(painter: Painter, x: float, y: float, radius: float) -> None:
    spin = float(painter.rng.uniform(0, 1))
    for share, colour in ((1.13, rgb("0b0c0e")), (1.0, rgb("1d1e21")), (0.68, rgb("9aa0a8")), (0.60, rgb("4a4f56"))):
        painter.fill(disc(x, y, radius * share), colour)
    for k in range(5):
        turn = 2 * np.pi * (k / 5 + spin)
        tip = (x + radius * 0.62 * float(np.cos(turn)), y + radius * 0.62 * float(np.sin(turn)))
        across = (radius * 0.1 * float(np.sin(turn)), -radius * 0.1 * float(np.cos(turn)))
        spoke = [
            (px + sign * across[0], py + sign * across[1])
            for (px, py), sign in (((x, y), 1), (tip, 1), (tip, -1), ((x, y), -1))
        ]
        painter.fill(spoke, rgb("c3c8ce"))
    painter.fill(disc(x, y, radius * 0.16), rgb("7d838b"))
