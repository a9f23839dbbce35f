"""Metal badges: struck stars and shields with enamel, engraved lettering and a number."""

from functools import cache

import numpy as np

from demo.drawing import motifs
from demo.drawing.canvas import (
    Colour,
    Floats,
    blurred,
    ellipse,
    inflated,
    lit,
    noise,
    polygon,
    rgb,
    smooth,
)
from demo.drawing.lettering import around, engraved, fitted, line
from demo.drawing.pieces import Piece, painted

_SIDE_PX = 560
_MIDDLE = _SIDE_PX / 2
_SHIELD = smooth(
    [
        (50, 4),
        (62, 11),
        (80, 8),
        (88, 22),
        (84, 34),
        (90, 56),
        (76, 80),
        (50, 97),
        (24, 80),
        (10, 56),
        (16, 34),
        (12, 22),
        (20, 8),
        (38, 11),
    ]
)


@cache
def star(number: str, seed: int = 0) -> Floats:
    """The Department's seven-point star, gold with a blue ring: POLICE OFFICER, PORT ALDER, a heron, and its number."""
    rng = np.random.default_rng([seed, 7])
    body, facets = _star(points=7, outer=0.485, inner=0.37, balls=True)
    metal = _metal(body, rgb("e2b64a"), rng, facets=facets)
    _enamel(metal, radii=(0.348, 0.232), colour=rgb("1c3d86"), rim=rgb("f3d98a"))
    _ring(metal, "POLICE OFFICER", "PORT ALDER", radii=(0.244, 0.336), colour=rgb("f8e6ae"))
    _medallion(metal, motifs.heron(), radius=0.224)
    _ribbon(metal, number, centre_y=0.885, colour=rgb("17233f"))
    return metal


@cache
def costume_star(seed: int = 0) -> Floats:
    """A tin star from a costume shop: five points, one word."""
    rng = np.random.default_rng([seed, 5])
    body, facets = _star(points=5, outer=0.48, inner=0.23, balls=True)
    metal = _metal(body, rgb("b9bec6"), rng, facets=facets)
    _engrave(
        metal, fitted(engraved("SHERIFF", height_px=70, thickness=4), _SIDE_PX, _SIDE_PX, box=(170, 262, 390, 318))
    )
    return metal


@cache
def guard_badge(number: str, seed: int = 0) -> Floats:
    """The badge of Halcyon Security, a private firm: a silver shield with a gate and a key."""
    rng = np.random.default_rng([seed, 3])
    body = polygon(_SIDE_PX, _SIDE_PX, [(x * _SIDE_PX / 100, y * _SIDE_PX / 100) for x, y in _SHIELD])
    metal = _metal(body, rgb("c4ccd6"), rng, facets=None)
    _enamel(metal, radii=(0.30, 0.205), colour=rgb("7c1f24"), rim=rgb("eef1f5"))
    _ring(metal, "HALCYON", "SECURITY OFFICER", radii=(0.215, 0.285), colour=rgb("f2f4f7"), has_serifs=False)
    _medallion(metal, motifs.gate(), radius=0.195)
    _ribbon(metal, number, centre_y=0.87, colour=rgb("3b1216"))
    return metal


def _star(*, points: int, outer: float, inner: float, balls: bool) -> tuple[Floats, Floats]:
    """A star's mask, and the brightness of its facets: each arm is a ridge with a light and a dark side."""
    side = _SIDE_PX
    corners = [_polar(180 * k / points, outer if k % 2 == 0 else inner) for k in range(2 * points)]
    body, facets = polygon(side, side, corners), np.ones((side, side), np.float32)
    for k in range(points):
        tip = corners[2 * k]
        for neighbour, turn in ((corners[2 * k - 1], -1), (corners[(2 * k + 1) % (2 * points)], 1)):
            facing = np.cos(np.radians(360 * k / points + turn * 62 + 38))
            half = polygon(side, side, [tip, neighbour, (_MIDDLE, _MIDDLE)])
            facets = facets * (1 - half) + half * np.float32(1 + 0.26 * facing)
    if balls:
        for k in range(points):
            at = _polar(360 * k / points, outer - 0.008)
            ball = ellipse(side, side, centre=at, radii=(side * 0.022,) * 2)
            body, facets = np.maximum(body, ball), facets * (1 - ball) + ball
    return body, facets


def _polar(clockwise_deg: float, radius: float) -> tuple[float, float]:
    turn = np.radians(clockwise_deg)
    return float(_MIDDLE + radius * _SIDE_PX * np.sin(turn)), float(_MIDDLE - radius * _SIDE_PX * np.cos(turn))


def _metal(body: Floats, colour: Colour, rng: np.random.Generator, *, facets: Floats | None) -> Floats:
    """A struck, brushed piece of metal with a bevelled edge, that reflects a bright sky above a dark ground."""
    side = _SIDE_PX
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    sky = 0.82 + 0.22 * np.cos((y * 1.5 + x * 0.5) * 2 * np.pi) * np.exp(-((y - 0.4) ** 2) * 3)
    brushed = noise(side, side, rng, cell=5, octaves=2, stretch=26) * 0.035
    bright = (sky + brushed) * lit(inflated(body, depth=9), ambient=0.25) * (1 if facets is None else facets)
    glint = np.clip(bright - 0.98, 0, 1)[..., None] * 1.2
    layer = np.empty((side, side, 4), np.float32)
    layer[..., :3] = np.clip(np.asarray(colour, np.float32) * bright[..., None] + glint, 0, 1)
    layer[..., 3] = body
    return layer


def _enamel(metal: Floats, *, radii: tuple[float, float], colour: Colour, rim: Colour) -> None:
    outer, inner = (_disc(radius) for radius in radii)
    raised = np.clip(_disc(radii[0] + 0.014) - _disc(radii[1] - 0.012), 0, 1)
    metal[..., :3] *= 1 - (blurred(_disc(radii[0] + 0.02), 5) * (1 - _disc(radii[0] + 0.014)) * 0.5)[..., None]
    relief = lit(inflated(raised, depth=6), ambient=0.3)[..., None]
    _tint(metal, raised, np.asarray(rim, np.float32) * relief)
    gloss = 1 + 0.35 * np.clip(np.linspace(1, -0.4, _SIDE_PX, dtype=np.float32), 0, 1)[:, None, None]
    _tint(metal, np.clip(outer - inner, 0, 1), np.asarray(colour, np.float32) * gloss)


def _ring(
    metal: Floats, top: str, bottom: str, *, radii: tuple[float, float], colour: Colour, has_serifs: bool = True
) -> None:
    low, high = (radius * _SIDE_PX for radius in radii)
    for text, under in ((top, False), (bottom, True)):
        letters = engraved(text, height_px=60, thickness=3) if has_serifs else line(text, height_px=60, weight=0.03)
        mask = around(
            letters, _SIDE_PX, _SIDE_PX, centre=(_MIDDLE, _MIDDLE),
            radii=(low + 3, high - 5), span_deg=min(170, 15.0 * len(text)), below=under,
        )  # fmt: skip
        _tint(metal, mask, np.asarray(colour, np.float32) * np.ones_like(metal[..., :3]))


def _medallion(metal: Floats, motif: list[Piece], *, radius: float) -> None:
    """The motif struck in relief and lightly enamelled."""
    side, edge = _SIDE_PX, radius * _SIDE_PX
    box = (_MIDDLE - edge, _MIDDLE - edge, _MIDDLE + edge, _MIDDLE + edge)
    height = np.zeros((side, side), np.float32)
    for level, piece in enumerate(motif):
        mask, where = piece.mask(side, side, box)
        height[where] += (np.float32(level % 5) * np.float32(1.6) - height[where]) * mask
    struck = painted(motif, side, side, box) * lit(blurred(height, 1.0), ambient=0.3)[..., None]
    _tint(metal, _disc(radius), struck * np.float32(0.85) + np.float32(0.08))


def _ribbon(metal: Floats, number: str, *, centre_y: float, colour: Colour) -> None:
    y = centre_y * _SIDE_PX
    plate = polygon(
        _SIDE_PX,
        _SIDE_PX,
        [(_MIDDLE - 62, y - 26), (_MIDDLE + 62, y - 26), (_MIDDLE + 62, y + 26), (_MIDDLE - 62, y + 26)],
    )
    lettering = engraved(number, height_px=60, thickness=4)
    metal[..., 3] = np.maximum(metal[..., 3], plate)
    _tint(metal, plate, metal[..., :3] * 0.35 + np.asarray(rgb("f4dc96"), np.float32) * 0.62)
    half = min(52, 15 * len(number))
    digits = fitted(lettering, _SIDE_PX, _SIDE_PX, box=(_MIDDLE - half, y - 17, _MIDDLE + half, y + 17))
    _tint(metal, digits, np.asarray(colour, np.float32) * np.ones_like(metal[..., :3]))


def _engrave(metal: Floats, mask: Floats) -> None:
    cut = lit(-inflated(mask, depth=5), ambient=0.2)[..., None]
    _tint(metal, mask, metal[..., :3] * 0.35 * cut)


def _disc(radius: float) -> Floats:
    return ellipse(_SIDE_PX, _SIDE_PX, centre=(_MIDDLE, _MIDDLE), radii=(radius * _SIDE_PX,) * 2)


def _tint(metal: Floats, mask: Floats, colour: Floats) -> None:
    metal[..., :3] += (np.clip(colour, 0, 1) - metal[..., :3]) * mask[..., None]
