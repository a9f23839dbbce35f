"""Shoulder patches as they are sewn: cloth, thread that runs in directions, puffed lettering, and a whipped border."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from demo.drawing import motifs
from demo.drawing.canvas import Colour, Floats, Points, blurred, inflated, lit, noise, polygon, rgb, smooth
from demo.drawing.lettering import around, engraved, fitted, line
from demo.drawing.pieces import Piece

_SIDE_PX = 640
_THREAD_PX = 4.2


@dataclass(frozen=True, slots=True)
class Sewn:
    """One area of thread. `raised` is how far it stands out, in pixels; `angle_deg` the direction of its stitches."""

    mask: Floats
    colour: Colour
    angle_deg: float
    raised: float


@dataclass(frozen=True, slots=True)
class Design:
    """What a patch shows. Outlines in a square of 100 x 100."""

    outline: Points
    ground: Colour
    border: Colour
    letters: Colour
    top: str
    bottom: str
    motif: Sequence[Piece]
    motif_outline: Points
    has_serifs: bool
    scroll: str


_SHIELD = smooth(
    [
        (50, 3),
        (68, 7),
        (90, 5),
        (96, 22),
        (94, 48),
        (84, 74),
        (66, 90),
        (50, 97),
        (34, 90),
        (16, 74),
        (6, 48),
        (4, 22),
        (10, 5),
        (32, 7),
    ]
)
_TOMBSTONE = smooth(
    [
        (50, 3),
        (74, 8),
        (90, 24),
        (95, 46),
        (95, 72),
        (93, 93),
        (74, 96),
        (50, 97),
        (26, 96),
        (7, 93),
        (5, 72),
        (5, 46),
        (10, 24),
        (26, 8),
    ]
)
_OVAL = smooth([(50, 29), (69, 31), (80, 44), (78, 58), (68, 68), (50, 71), (32, 68), (22, 58), (20, 44), (31, 31)])
_ROUND = smooth([(50, 27), (70, 35), (78, 53), (70, 71), (50, 79), (30, 71), (22, 53), (30, 35)])


def design(name: str) -> Design:
    """`2019`, `2012` or `neighbour` (the City of Elk Bay's: same outline as 2019, other lettering and motif)."""
    match name:
        case "2019":
            return Design(
                _SHIELD,
                rgb("182546"),
                rgb("d9ab3c"),
                rgb("ecc657"),
                "PORT ALDER",
                "POLICE",
                motifs.harbour(),
                _OVAL,
                False,
                "1887",
            )
        case "2012":
            return Design(
                _TOMBSTONE,
                rgb("1c5a41"),
                rgb("e8e4d4"),
                rgb("f4f1e4"),
                "PORT ALDER",
                "POLICE DEPARTMENT",
                motifs.anchor(),
                _ROUND,
                True,
                "CITY OF",
            )
        case "neighbour":
            return Design(
                _SHIELD,
                rgb("3c2418"),
                rgb("c9a24a"),
                rgb("f0dc9c"),
                "ELK BAY",
                "SHERIFF",
                motifs.elk(),
                _OVAL,
                False,
                "1902",
            )
    raise ValueError(f"There is no patch '{name}'.")


@cache
def patch(name: str, seed: int = 0) -> Floats:
    """A patch as a square layer, sewn a little differently for each seed. The outline touches the layer's edges almost."""
    rng = np.random.default_rng([seed, len(name), ord(name[-1])])
    plan = design(name)
    shape = polygon(_SIDE_PX, _SIDE_PX, _scaled(plan.outline))
    colour, height = _sewn(_areas(plan, shape), rng)
    rim, relief = _border(shape, plan.border, rng)
    edge = np.clip(rim, 0, 1)[..., None]
    colour = colour * (1 - edge) + relief[..., None] * np.asarray(plan.border, np.float32) * edge
    shading = lit(blurred(height, 0.7), ambient=0.35)
    layer = np.empty((_SIDE_PX, _SIDE_PX, 4), np.float32)
    layer[..., :3] = np.clip(colour * (shading * (1 - rim) + rim)[..., None], 0, 1)
    layer[..., 3] = shape
    return layer


def _scaled(outline: Points) -> list[tuple[float, float]]:
    return [(x * _SIDE_PX / 100, y * _SIDE_PX / 100) for x, y in outline]


def _areas(plan: Design, shape: Floats) -> list[Sewn]:
    side = _SIDE_PX
    inset = polygon(side, side, _scaled(plan.motif_outline))
    ring = np.clip(np.asarray(cv2.dilate(inset, np.ones((15, 15), np.uint8)), np.float32), 0, 1)
    xs, ys = zip(*_scaled(plan.motif_outline), strict=True)
    box = (min(xs), min(ys), max(xs), max(ys))
    areas = [Sewn(shape, plan.ground, 62, 0), Sewn(ring, plan.border, 20, 7)]
    for k, piece in enumerate(plan.motif):
        inside, where = piece.mask(side, side, box)
        mask = np.zeros_like(inset)
        mask[where] = inside * inset[where]
        areas.append(Sewn(mask, piece.colour, (k * 47 + 15) % 180, 2.5))
    areas += [Sewn(mask, plan.letters, 90, 6) for mask in _lettering(plan)]
    return areas


def _lettering(plan: Design) -> list[Floats]:
    side = _SIDE_PX
    if plan.has_serifs:
        return [
            around(
                engraved(plan.top, height_px=96, thickness=9),
                side,
                side,
                centre=(320, 355),
                radii=(200, 268),
                span_deg=112,
            ),
            fitted(engraved(plan.bottom, height_px=80, thickness=7), side, side, box=(70, 530, 570, 582)),
            fitted(engraved(plan.scroll, height_px=60, thickness=5), side, side, box=(264, 44, 376, 74)),
        ]
    return [
        around(
            line(plan.top, height_px=96, weight=0.045, spacing=0.05),
            side,
            side,
            centre=(320, 618),
            radii=(480, 548),
            span_deg=55,
        ),
        fitted(line(plan.bottom, height_px=96, weight=0.045, spacing=0.05), side, side, box=(196, 476, 444, 532)),
        fitted(line(plan.scroll, height_px=60, weight=0.04, spacing=0.12), side, side, box=(282, 552, 358, 578)),
    ]


def _sewn(areas: Sequence[Sewn], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Colours and relief of all areas laid over each other, with stitches and the shadow at each edge."""
    side = _SIDE_PX
    colour, height = np.zeros((side, side, 3), np.float32), np.zeros((side, side), np.float32)
    wander = noise(side, side, rng, cell=90, octaves=2) * np.float32(0.6)
    for area in areas:
        where = _around_of(area.mask)
        mask = area.mask[where]
        stitches = _stitches(area.angle_deg, wander[where])
        drawn = np.asarray(area.colour, np.float32) * (0.94 + 0.16 * stitches[..., None])
        if area.raised:
            colour[where] *= 1 - (blurred(mask, 4.0) * 0.35 * (1 - mask))[..., None]
        colour[where] += (drawn - colour[where]) * mask[..., None]
        puffed = inflated(mask, depth=area.raised) if area.raised else np.float32(0)
        height[where] += (puffed + stitches * np.float32(0.55) - height[where]) * mask
    return colour, height


def _around_of(mask: Floats, margin: int = 12) -> tuple[slice, slice]:
    """The rows and columns that hold a mask, with a margin."""
    rows, columns = np.flatnonzero(mask.max(1)), np.flatnonzero(mask.max(0))
    if not rows.size:
        return slice(0, 1), slice(0, 1)
    low, left = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    return slice(low, int(rows[-1]) + margin), slice(left, int(columns[-1]) + margin)


def _stitches(angle_deg: float, wander: Floats) -> Floats:
    """Threads side by side, each of uneven length and brightness, in about [-1, 1]."""
    y, x = np.mgrid[0 : wander.shape[0], 0 : wander.shape[1]].astype(np.float32)
    c, s = np.float32(np.cos(np.radians(angle_deg))), np.float32(np.sin(np.radians(angle_deg)))
    across = (-s * x + c * y) / np.float32(_THREAD_PX) + wander
    along = (c * x + s * y) / 34
    thread = np.floor(across)
    jitter = np.modf(np.sin(thread * 12.9898) * 43758.5453)[0]
    ends = np.cos((along + jitter * 3) * 2 * np.pi) > 0.93
    return np.asarray(np.abs(np.sin(across * np.pi)) * 1.4 - 0.9 + jitter * 0.25 - ends * 0.5, np.float32)


def _border(shape: Floats, colour: Colour, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The whipped edge: its mask and its brightness, with twisted threads that cross the edge."""
    side = _SIDE_PX
    distance = np.asarray(cv2.distanceTransform((shape > 0.5).astype(np.uint8), cv2.DIST_L2, 5), np.float32)
    width = side * 0.032
    rim = np.clip(width - distance + 0.5, 0, 1) * shape
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    turn = np.arctan2(y - side / 2, x - side / 2) * side * 0.45 / _THREAD_PX
    twist = 0.5 + 0.5 * np.sin(turn + distance * 0.35 + noise(side, side, rng, cell=40, octaves=2))
    round_off = np.sqrt(np.clip(1 - ((distance - width / 2) / (width / 2)) ** 2, 0, 1))
    return rim, np.asarray((0.45 + 0.6 * round_off) * (0.78 + 0.3 * twist), np.float32)
