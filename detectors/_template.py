"""
What stays in its place over the pictures of one camera, and where it lies in another picture.

Compared are directions of gradients (orientation correlation; Fitch et al., BMVC 2002): neither the scene's brightness behind a stamp nor
edges that happen to be strong change them. A frame is looked for where one can lie: all over a picture or what is left of it without plain borders, filling
it or cut off by it, and, where the picture is taller or wider (a telephone's screenshot), anywhere along it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _features
from detectors._hashes import Box

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]
Span = tuple[float, float]

SMOOTHING_PX = 1.0
FAINT = 24.0
"""Gradient (of 8-bit samples, by Sobel) that counts half: below, noise has directions too."""
STEADY = 0.8
"""Length of the mean direction over all frames from which a pixel stays the same."""
AROUND_PX, DENSE = 11, 0.3
"""Width of a neighbourhood, and the share of it that must stay the same: what agrees by chance lies scattered."""
JOINED_PX, LEAST_GROUP = 5, 60
"""How near steady pixels must be to be one thing, and how many make one."""
LEAST_POINTS = 300
"""Steady pixels that a template must have: fewer are found by chance."""
SAME_SHAPE = 0.012
"""By how much two proportions may differ and be the same."""
SLACK_PX = 6
LEAST_SHOWN = 0.5
"""Least share of a frame, and of its template, that must lie inside a picture."""
MOST_ROOM = 4.5
"""How many frames may have room side by side in a picture."""
LEAST_POWER = 0.15
"""Mean power of directions that a place is taken to have at least: a blank wall agrees with nothing."""
CELL_PX = 10
ALIKE = 0.5
"""Correlation from which a cell of a template shows the same in the picture."""
LEAST_STEADY = 0.08
"""Share of a cell that must stay the same for it to be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """
    What stays the same: `directions` (height, width, 2) where `steady` (height, width) is 1, else 0, inside `box` of a frame of `size`
    (width, height), all in pixels of the frame as it is compared.
    """

    size: tuple[int, int]
    box: Box
    directions: Floats
    steady: Floats

    @property
    def points(self) -> int:
        """Pixels that stay the same."""
        return int(self.steady.sum())

    @property
    def share(self) -> float:
        """The share of the frame that they are."""
        return self.points / (self.size[0] * self.size[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """
    A template in a picture: `agreement` is the correlation of directions in [-1, 1], `scale` picture pixels for one of the frame, `corner` where
    the frame's top left lies in the picture, `directions` the picture's in the template's box, 0 outside of the picture.
    """

    agreement: float
    scale: float
    corner: tuple[float, float]
    directions: Floats


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture in grey that is looked at in several sizes; `boxes` are the parts of it that a frame may fill."""

    grey: Grey
    boxes: tuple[Box, ...]
    _known: dict[tuple[Box, float], Floats] = field(default_factory=dict, compare=False, repr=False)

    def directions(self, box: Box, scale: float) -> Floats:
        """Of a part of it, scaled."""
        key = box, round(scale, 6)
        if key not in self._known:
            left, top, right, bottom = box
            self._known[key] = directions(_features.resized(self.grey[top:bottom, left:right], scale))
        return self._known[key]


def directions(grey: Grey) -> Floats:
    """Unit vectors along the gradient, shorter where it is faint, shape (height, width, 2)."""
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), SMOOTHING_PX)
    along = np.dstack([cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)])
    power = (along**2).sum(axis=2, keepdims=True)
    return np.asarray(along / np.sqrt(power + FAINT**2), np.float32)


def template(frames: Sequence[Grey]) -> Template | None:
    """What stays the same over frames of one size, None where too little does."""
    mean: Floats = np.stack([directions(grey) for grey in frames]).mean(axis=0)
    steady = _gathered(np.sqrt((mean**2).sum(axis=2)) > STEADY)
    if steady.sum() < LEAST_POINTS:
        return None
    ys, xs = np.nonzero(steady)
    left, top, right, bottom = int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1
    solid = steady[top:bottom, left:right].astype(np.float32)
    height, width = mean.shape[:2]
    return Template(
        size=(width, height),
        box=(left, top, right, bottom),
        directions=np.ascontiguousarray(mean[top:bottom, left:right] * solid[:, :, None]),
        steady=np.ascontiguousarray(solid),
    )


def _gathered(steady: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Steady pixels among others, in groups that are large enough."""
    dense = cv2.blur(steady.astype(np.float32), (AROUND_PX, AROUND_PX)) > DENSE
    kept = steady & dense
    _, groups = cv2.connectedComponents(cv2.dilate(kept.astype(np.uint8), np.ones((JOINED_PX, JOINED_PX), np.uint8)))
    sizes = np.bincount(groups.ravel(), weights=kept.ravel())
    return np.asarray(kept & (sizes[groups] >= LEAST_GROUP))


def find(sought: Template, scene: Scene) -> Match | None:
    """Where a template agrees best with a picture, None where no frame of its shape has room."""
    matches = [m for box in scene.boxes for fit in _fits(sought, box) if (m := _best(sought, scene, box, *fit))]
    return max(matches, key=lambda m: m.agreement, default=None)


def _fits(sought: Template, box: Box) -> Iterator[tuple[float, Span, Span]]:
    """How a frame may fill a part of a picture: frame pixels for one of the part's, and where its corner then may lie, in frame pixels."""
    width, height = box[2] - box[0], box[3] - box[1]
    across, down = sought.size[0] / width, sought.size[1] / height
    scales = (across,) if abs(across / down - 1) < SAME_SHAPE else (across, down)
    for scale in scales:
        room = width * scale / sought.size[0], height * scale / sought.size[1]
        if min(room) >= LEAST_SHOWN and max(room) <= MOST_ROOM:
            free = width * scale - sought.size[0], height * scale - sought.size[1]
            yield scale, _reach(free[0]), _reach(free[1])


def _reach(free: float) -> Span:
    return min(0.0, free) - SLACK_PX, max(0.0, free) + SLACK_PX


def _best(sought: Template, scene: Scene, box: Box, scale: float, xs: Span, ys: Span) -> Match | None:
    whole = scene.directions(box, scale)
    left, top = math.floor(xs[0] + sought.box[0]), math.floor(ys[0] + sought.box[1])
    window, inside = _window(whole, left, top, math.ceil(xs[1] + sought.box[2]), math.ceil(ys[1] + sought.box[3]))
    own = (sought.directions**2).sum(axis=2)
    shown = _correlated(inside, sought.steady)
    power = np.maximum(_correlated((window**2).sum(axis=2), sought.steady), LEAST_POWER * shown)
    common = _correlated(window, sought.directions)
    agreement = common / np.sqrt(np.maximum(power * _correlated(inside, own), 1e-6))
    agreement[shown < LEAST_SHOWN * sought.points] = -1.0
    y, x = (int(i) for i in np.unravel_index(int(agreement.argmax()), agreement.shape))
    if agreement[y, x] <= 0:
        return None
    height, width = sought.steady.shape
    corner = left + x - sought.box[0], top + y - sought.box[1]
    return Match(
        agreement=float(agreement[y, x]),
        scale=1 / scale,
        corner=(box[0] + corner[0] / scale, box[1] + corner[1] / scale),
        directions=window[y : y + height, x : x + width].copy(),
    )


def _window(whole: Floats, left: int, top: int, right: int, bottom: int) -> tuple[Floats, Floats]:
    """A part, 0 where it lies outside, and 1 where inside."""
    height, width = whole.shape[:2]
    pads = max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width)
    part = whole[max(0, top) : max(0, min(bottom, height)), max(0, left) : max(0, min(right, width))]
    ones = np.ones(part.shape[:2], np.float32)
    window, inside = (cv2.copyMakeBorder(a, *pads, cv2.BORDER_CONSTANT, value=0) for a in (part, ones))
    return np.asarray(window, np.float32), np.asarray(inside, np.float32)


def _correlated(window: Floats, with_: Floats) -> Floats:
    return np.asarray(cv2.matchTemplate(window, with_, cv2.TM_CCORR), np.float32)


def likeness(sought: Template, others: Floats, match: Match) -> float:
    """The correlation of a picture with another frame's directions, in the box of a template, where that stays the same."""
    left, top, right, bottom = sought.box
    steady = sought.steady[:, :, None]
    one, other = others[top:bottom, left:right] * steady, match.directions * steady
    power = float((one**2).sum()) * float((other**2).sum())
    return float((one * other).sum()) / math.sqrt(power) if power > 0 else 0.0


def cells(sought: Template, match: Match) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The middles of a template's cells, in pixels of its frame, shape (n, 2), and which of them show the same in the picture, shape (n,)."""
    common = _cells((sought.directions * match.directions).sum(axis=2))
    own, theirs = _cells((sought.directions**2).sum(axis=2)), _cells((match.directions**2).sum(axis=2) * sought.steady)
    steady = _cells(sought.steady)
    rows, columns = np.nonzero(steady > LEAST_STEADY)
    power = own * np.maximum(theirs, LEAST_POWER * steady)
    alike = common[rows, columns] > ALIKE * np.sqrt(power[rows, columns])
    height, width = sought.steady.shape
    x = sought.box[0] + (columns + 0.5) * width / steady.shape[1]
    y = sought.box[1] + (rows + 0.5) * height / steady.shape[0]
    return np.stack([x, y], axis=1).astype(np.float64), np.asarray(alike)


def _cells(values: Floats) -> Floats:
    """Means over cells."""
    size = max(1, round(values.shape[1] / CELL_PX)), max(1, round(values.shape[0] / CELL_PX))
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)
