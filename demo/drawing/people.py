"""People as cameras see them: rounded by light, clothed, and in uniform with patch and badge where they serve."""

from dataclasses import dataclass

import numpy as np

from demo.drawing.canvas import Colour, Floats, Points, disc, rgb, smooth
from demo.drawing.lettering import line
from demo.drawing.painter import Bends, Painter
from demo.drawing.scene import Subject

_SKINS = tuple(rgb(code) for code in ("e9bd98", "d8a47c", "c08a60", "946040", "6f472f", "efcbae"))
_HAIRS = tuple(rgb(code) for code in ("2a1c14", "4a3020", "6f4a2e", "a07a44", "77777a", "151515"))
_BLACK = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worn:
    """A mark on somebody's clothes: which, and its picture."""

    what: str
    layer: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """
    How a person is dressed. `patch` is on the sleeve that the camera sees best, `badge` on the chest, `plate` a name on the other side.

    `turn` in [0, 1] says how far that shoulder is turned towards the camera.
    """

    shirt: Colour
    trousers: Colour
    patch: Worn | None = None
    badge: Worn | None = None
    plate: str = ""
    cap: Colour | None = None
    turn: float = 0.3
    is_uniform: bool = False
    long_sleeves: bool = False
    stripe: Colour | None = None


def person(look: Look, *, unit_px: float, waist_up: bool, rng: np.random.Generator) -> Subject:
    """A standing person; one unit is a hundredth of the layer's width. Head to belt, or to the shoes."""
    bends = Bends(rng, reach=4.2, wave=46)
    painter = Painter(100, 122 if waist_up else 256, unit_px=unit_px, rng=rng, bends=bends)
    skin, hair = _SKINS[rng.integers(len(_SKINS))], _HAIRS[rng.integers(len(_HAIRS))]
    if not waist_up:
        _legs(painter, look)
    for side in (-1, 1):
        _forearm(painter, look, skin, side)
    _torso(painter, look)
    for side in (-1, 1):
        painter.part(_sleeve(side), look.shirt, depth=5.0, creases=0.6)
    _head(painter, look, skin, hair)
    marks = []
    if look.patch is not None:
        marks.append(painter.attach(look.patch.what, look.patch.layer, _upper_arm(look.turn)))
    if look.badge is not None:
        marks.append(
            painter.attach(look.badge.what, look.badge.layer, [(56, 55), (67.5, 55), (67.5, 66.5), (56, 66.5)])
        )
    return Subject(layer=painter.layer, marks=tuple(marks))


def _upper_arm(turn: float) -> Points:
    """Where the patch sits: on the upper arm at the viewer's left, narrowed by how far it is turned away."""
    width, lean = 8.5 + 4.5 * turn, 1.6
    middle = 20.6 + turn
    left, right = middle - width / 2, middle + width / 2
    return [(left + lean, 56.0), (right + lean, 56.8), (right - lean, 72.4), (left - lean, 71.4)]


def _legs(painter: Painter, look: Look) -> None:
    for side in (-1, 1):
        shoe = smooth([(50 + side * x, y) for x, y in ((3, 240), (14, 240), (20, 248), (19, 253), (4, 253))])
        painter.part(shoe, rgb("17171a"), depth=4)
        leg = ((0, 108), (20, 110), (20, 150), (16, 200), (15, 244), (4, 244), (3, 200), (1, 140))
        painter.part(smooth([(50 + side * x, y) for x, y in leg]), look.trousers, depth=7, creases=0.7)


def _torso(painter: Painter, look: Look) -> None:
    half = [(5, 43), (14, 46), (24, 50), (26, 58), (24, 76), (21, 96), (20, 124)]
    outline = [(50 + x, y) for x, y in half] + [(50 - x, y) for x, y in reversed(half)]
    painter.part(smooth(outline), look.shirt, depth=11, creases=1.2)
    if look.stripe is not None:
        painter.flat([(24, 70), (76, 70), (76, 80), (24, 80)], look.stripe, strength=0.9)
    if look.is_uniform:
        _uniform_front(painter, look.plate)


def _uniform_front(painter: Painter, plate: str) -> None:
    """Pockets, buttons, belt and name plate."""
    for x in (40.5, 61.0):
        painter.flat([(x - 6, 70), (x + 6, 70), (x + 6, 84), (x - 6, 84)], _BLACK, soft=0.5, strength=0.14)
        flap = [(x - 6.4, 68), (x + 6.4, 68), (x + 6.4, 71), (x, 73), (x - 6.4, 71)]
        painter.flat(flap, _BLACK, soft=0.25, strength=0.30)
    painter.flat([(49.7, 46), (50.3, 46), (50.3, 110), (49.7, 110)], _BLACK, soft=0.2, strength=0.5)
    for y in range(52, 108, 9):
        painter.flat(disc(50, y, 0.75), rgb("d9c27a"), strength=0.8)
    painter.part([(29, 108), (71, 108), (71, 114), (29, 114)], rgb("1b1a19"), depth=2)
    painter.part([(46, 107.6), (54, 107.6), (54, 114.4), (46, 114.4)], rgb("c8a447"), depth=1)
    if plate:
        painter.part([(35, 63), (46, 63), (46, 66), (35, 66)], rgb("d9bf6a"), depth=0.5)
        painter.stencil(line(plate, height_px=40, weight=0.03), (36, 63.6, 45, 65.4), rgb("1d1a12"))


def _forearm(painter: Painter, look: Look, skin: Colour, side: int) -> None:
    arm = [(22, 72), (33, 72), (33.5, 92), (31, 114), (32.5, 124), (26, 127), (23.5, 116), (24, 92)]
    colour = look.shirt if look.long_sleeves else skin
    painter.part(_mirrored(arm, side), colour, depth=4.5, creases=0.6 if look.long_sleeves else 0.0)


def _sleeve(side: int) -> Points:
    """From the collar bone over the shoulder to above the elbow."""
    return _mirrored([(15, 46.4), (25, 49), (32, 55), (35.6, 67), (36, 80), (23, 81), (22.6, 68), (20, 58)], side)


def _head(painter: Painter, look: Look, skin: Colour, hair: Colour) -> None:
    painter.part(smooth([(44.5, 30), (55.5, 30), (56, 42), (60, 47), (50, 53), (40, 47), (44, 42)]), skin, depth=5)
    painter.flat([(42, 37), (58, 37), (58, 43), (42, 43)], _BLACK, soft=1.4, strength=0.30)
    if look.is_uniform:
        for side in (-1, 1):
            painter.part([(50 + side * x, y) for x, y in ((1, 50), (9, 44), (13, 49), (6, 57))], look.shirt, depth=1.2)
    for side in (-1, 1):
        painter.part(_mirrored([(11, 21), (13.6, 20), (13, 27), (11, 28)], side), skin, depth=1.2)
    jaw = [(50, 7), (58, 10), (61, 19), (59.6, 30), (55, 37), (50, 39.6), (45, 37), (40.4, 30), (39, 19), (42, 10)]
    painter.part(smooth(jaw), skin, depth=7)
    _face(painter, skin, hair)
    locks = [
        (38.4, 22),
        (37.6, 11),
        (43, 4),
        (50, 2.4),
        (57, 4),
        (62.4, 11),
        (61.6, 22),
        (59.4, 14),
        (50, 10.6),
        (40.6, 14),
    ]
    painter.part(smooth(locks), hair, depth=4, rough=0.14)
    if look.cap is not None:
        painter.part(smooth([(36, 13), (38, 4), (50, 0.8), (62, 4), (64, 13), (50, 10)]), look.cap, depth=5)
        painter.part(
            smooth([(37, 13), (50, 10), (63, 13), (58, 17.5), (50, 18.6), (42, 17.5)]), rgb("101116"), depth=1.6
        )


def _face(painter: Painter, skin: Colour, hair: Colour) -> None:
    red = (skin[0] * 0.92, skin[1] * 0.62, skin[2] * 0.58)
    for side in (-1, 1):
        x = 50 + side * 4.7
        painter.flat(disc(x, 21.2, 3.0), _BLACK, soft=1.0, strength=0.25)
        painter.flat([(x - 2, 21.8), (x, 20.9), (x + 2, 21.8), (x, 22.5)], rgb("ece6dc"), soft=0.2, strength=0.8)
        painter.flat(disc(x, 21.7, 0.95), rgb("2b211b"), soft=0.15)
        painter.flat([(x - 2.8, 19.2), (x, 18.0), (x + 2.8, 19.0), (x, 18.9)], hair, soft=0.3, strength=0.8)
        painter.flat(disc(50 + side * 6.2, 28, 2.6), red, soft=1.6, strength=0.25)
    painter.flat([(49.4, 21), (50.8, 21), (52.4, 27.6), (50, 28.6), (48.6, 27.8)], _BLACK, soft=0.9, strength=0.28)
    painter.flat(smooth([(46.4, 32.4), (50, 31.7), (53.6, 32.4), (50, 34)]), red, soft=0.4, strength=0.7)
    painter.flat([(46.4, 32.5), (53.6, 32.5), (50, 32.9)], (0.15, 0.05, 0.05), soft=0.25, strength=0.5)
    painter.flat(disc(50, 36.6, 1.6), _BLACK, soft=0.9, strength=0.15)


def _mirrored(half: Points, side: int) -> Points:
    return smooth([(50 + side * x, y) for x, y in half])
