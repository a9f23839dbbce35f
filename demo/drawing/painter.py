"""Draws a subject part by part on a layer of its own, in units instead of pixels."""

from collections.abc import Sequence

import numpy as np

from demo.drawing.canvas import (
    Colour,
    Floats,
    Points,
    Window,
    blurred,
    inflated,
    lit,
    noise,
    over,
    tinted,
    warped,
    windowed,
)
from demo.drawing.canvas import box as rectangle
from demo.drawing.scene import Mark, as_quad


class Bends:
    """
    A soft deformation of the plane, another one for each subject: no two people are of one shape, and no two cars are seen from one side.

    `reach` is how far points move at most, in units; `wave` over how many units that changes.
    """

    def __init__(self, rng: np.random.Generator, *, reach: float, wave: float) -> None:
        self._reach = reach / 2
        self._turns = rng.uniform(0, 2 * np.pi, (2, 2))
        self._waves = 2 * np.pi / (wave * rng.uniform(0.8, 1.6, (2, 2)))

    def moved(self, points: Points) -> list[tuple[float, float]]:
        """Where points come to lie."""
        xy = np.asarray(points, np.float64)
        bent = xy.copy()
        for axis in (0, 1):
            waves = np.sin(xy * self._waves[axis] + self._turns[axis])
            bent[:, axis] += self._reach * waves.sum(1)
        return [(float(x), float(y)) for x, y in bent]

    def carried(self, quad: Points) -> list[tuple[float, float]]:
        """Where something stiff comes to lie: it moves and turns with what it is fixed to, and keeps its shape."""
        corners = np.asarray(quad, np.float64)
        middle = corners.mean(0)
        here, beside = np.asarray(self.moved([(middle[0], middle[1]), (middle[0] + 1, middle[1])]))
        turn = np.arctan2(*(beside - here)[::-1])
        c, s = np.cos(turn), np.sin(turn)
        laid = here + (corners - middle) @ np.asarray(((c, s), (-s, c)))
        return [(float(x), float(y)) for x, y in laid]


class Painter:
    """A layer, and the brightness of what lies on it. Every operation touches only the window around its outline."""

    def __init__(self, width: float, height: float, *, unit_px: float, rng: np.random.Generator, bends: Bends) -> None:
        self.unit_px, self.rng, self._bends = unit_px, rng, bends
        self.layer = np.zeros((round(height * unit_px), round(width * unit_px), 4), np.float32)
        self.light = np.ones(self.layer.shape[:2], np.float32)

    def mask(self, *outlines: Points, margin: float = 3.0) -> tuple[Floats, Window]:
        """The area inside outlines, as a mask and the window of the layer that it belongs to."""
        scaled = [self._placed(outline) for outline in outlines]
        height, width = self.layer.shape[:2]
        return windowed(scaled, width, height, margin=margin * self.unit_px + 1)

    def _placed(self, points: Points) -> list[tuple[float, float]]:
        """Units to pixels, bent."""
        return [(x * self.unit_px, y * self.unit_px) for x, y in self._bends.moved(points)]

    def part(self, outline: Points, colour: Colour, *, depth: float, rough: float = 0.03, creases: float = 0.0) -> None:
        """Lay a part over what is there, rounded by `depth` units and creased, with the shadow that it throws."""
        mask, where = self.mask(outline)
        height, width = mask.shape
        relief = inflated(mask, depth=depth * self.unit_px)
        if creases:
            folds = noise(width, height, self.rng, cell=16 * self.unit_px, octaves=3, stretch=0.8)
            relief = relief + folds * np.float32(creases * self.unit_px)
        light = lit(blurred(relief, 0.35 * self.unit_px), ambient=0.45)
        grain = 1 + noise(width, height, self.rng, cell=max(2.0, self.unit_px * 0.5), octaves=2) * rough
        self.layer[where][..., :3] *= 1 - (blurred(mask, 1.2 * self.unit_px) * 0.45 * (1 - mask))[..., None]
        drawn = np.clip(np.asarray(colour, np.float32) * (light * grain)[..., None], 0, 1)
        over(self.layer[where], tinted(mask, np.asarray(drawn, np.float32)))
        self.light[where] += (light - self.light[where]) * mask

    def flat(self, outline: Points, colour: Colour, *, soft: float = 0.0, strength: float = 1.0) -> None:
        """Paint on what is there, following its light; `soft` blurs the edge, in units."""
        mask, where = self.mask(outline, margin=3 * soft + 0.5)
        mask = blurred(mask, soft * self.unit_px) * self.layer[where][..., 3] * np.float32(strength)
        shaded = np.clip(np.asarray(colour, np.float32) * self.light[where][..., None], 0, 1)
        over(self.layer[where], tinted(mask, np.asarray(shaded, np.float32)))

    def fill(self, outline: Points, paint: Colour | Floats, *, inside: Floats | None = None) -> None:
        """Cover an area with a colour, or with the same place of a picture as large as the layer."""
        mask, where = self.mask(outline, margin=0)
        if inside is not None:
            mask = mask * inside[where]
        over(self.layer[where], tinted(mask, paint[where] if isinstance(paint, np.ndarray) else paint))

    def attach(self, what: str, picture: Floats, quad: Sequence[tuple[float, float]]) -> Mark:
        """Put a mark on: it takes on the light of what it lies on and throws a little shadow."""
        corners = [(x * self.unit_px, y * self.unit_px) for x, y in self._bends.carried(quad)]
        drawn, (x, y) = warped(picture, corners, self.layer.shape[1], self.layer.shape[0])
        where = (slice(y, y + drawn.shape[0]), slice(x, x + drawn.shape[1]))
        drawn = drawn[: self.layer[where].shape[0], : self.layer[where].shape[1]]
        self.layer[where][..., :3] *= 1 - (blurred(drawn[..., 3], 0.35 * self.unit_px) * 0.5)[..., None]
        drawn[..., :3] = np.clip(drawn[..., :3] * np.clip(self.light[where], 0.55, 1.25)[..., None], 0, 1)
        over(self.layer, drawn, at=(x, y))
        return Mark(what=what, quad=as_quad(corners))

    def stencil(self, mask: Floats, box: tuple[float, float, float, float], colour: Colour) -> None:
        """Lay a lettering mask into a box (left, top, right, bottom)."""
        drawn, at = warped(
            tinted(mask, colour), self._placed(rectangle(*box)), self.layer.shape[1], self.layer.shape[0]
        )
        over(self.layer, drawn, at=at)
