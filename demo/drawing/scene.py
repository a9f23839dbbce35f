"""A scene that is being composed: a picture, and the marks that can be seen in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from demo.drawing.canvas import Floats, Points, blurred, over, polygon, tinted, warped

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """
    One mark that is drawn: of the Department, or a thing that looks like one.

    `what` is the identifier's id, or the look-alike's name; `quad` its corners clockwise from the mark's own top left, in pixels;
    `hidden` the share of its area that something else covers or the frame cuts off.
    """

    what: str
    quad: Quad
    hidden: float = 0.0

    @property
    def side_px(self) -> float:
        """Square root of the area that it takes up."""
        return float(np.sqrt(abs(cv2.contourArea(np.asarray(self.quad, np.float32)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Something that can be put into a scene: a layer, and the marks on it in the layer's pixels."""

    layer: Floats
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class Scene:
    """A picture under work. What is put in later covers what was there; the marks keep account of it."""

    picture: Floats
    marks: list[Mark] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.picture.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.picture.shape[0])

    def put(self, subject: Subject, quad: Points, *, shadow: tuple[float, float, float] | None = None) -> None:
        """
        Warp a subject onto `quad` (clockwise from its top left).

        `shadow` is (right, down, softness) in pixels of the shadow that it casts on what lies below.
        """
        drawn, at = warped(subject.layer, quad, self.width, self.height)
        if shadow is not None:
            self._cast(drawn, at, shadow)
        over(self.picture, drawn, at=at)
        self.marks = [self._covered(mark, drawn, at) for mark in self.marks]
        rows, columns = subject.layer.shape[:2]
        start = np.asarray([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
        matrix = cv2.getPerspectiveTransform(start, np.asarray(quad, np.float32))
        self.marks += [replace(mark, quad=moved(mark.quad, matrix)) for mark in subject.marks]

    def put_box(
        self,
        subject: Subject,
        *,
        left: float,
        top: float,
        width: float,
        shadow: tuple[float, float, float] | None = None,
    ) -> None:
        """Put a subject in upright at a place, `width` pixels wide, its proportions kept."""
        tall = width * subject.layer.shape[0] / subject.layer.shape[1]
        corners = [(left, top), (left + width, top), (left + width, top + tall), (left, top + tall)]
        self.put(subject, corners, shadow=shadow)

    def _cast(self, drawn: Floats, at: tuple[int, int], shadow: tuple[float, float, float]) -> None:
        right, down, softness = shadow
        margin = int(softness * 3) + 2
        dark = blurred(np.pad(drawn[..., 3], margin), softness) * np.float32(0.5)
        over(
            self.picture,
            tinted(dark, (0.03, 0.03, 0.05)),
            at=(at[0] - margin + round(right), at[1] - margin + round(down)),
        )

    def _covered(self, mark: Mark, drawn: Floats, at: tuple[int, int]) -> Mark:
        shifted = [(x - at[0], y - at[1]) for x, y in mark.quad]
        inside = polygon(drawn.shape[1], drawn.shape[0], shifted) * (drawn[..., 3] > 0.5)
        share = float(inside.sum()) / max(mark.side_px**2, 1.0)
        return replace(mark, hidden=min(1.0, mark.hidden + share)) if share > 0.01 else mark


def moved(quad: Points, matrix: NDArray[Any]) -> Quad:
    """A quad mapped by a homography."""
    points = cv2.perspectiveTransform(np.asarray(quad, np.float32)[None], np.asarray(matrix, np.float64))[0]
    return as_quad(points.tolist())


def as_quad(points: Sequence[Sequence[float]]) -> Quad:
    """Four points, typed."""
    a, b, c, d = ((float(x), float(y)) for x, y in points)
    return a, b, c, d


def whole(what: str, layer: Floats) -> Subject:
    """A subject that is a mark and nothing else."""
    rows, columns = layer.shape[:2]
    corners: Quad = ((0.0, 0.0), (float(columns), 0.0), (float(columns), float(rows)), (0.0, float(rows)))
    return Subject(layer=layer, marks=(Mark(what=what, quad=corners),))
