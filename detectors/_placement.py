"""
Where a reference lies in a picture: matched points that agree on one placement.

Each pair of SIFT points already says how the reference would be scaled, turned and shifted (Lowe 2004, section 7.3), so pairs are first
gathered by agreement on that, without chance; MAGSAC++ (Barath et al. 2020) then fits a homography to one gathering. Little is left to
sampling, which is what finds small marks among hundreds of wrong pairs, and several instances one after the other.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _quads
from detectors._features import Features, Floats, Pairs
from footprint.findings import Quad

SCALE_TOLERANCE = math.log(1.6)
TURN_TOLERANCE = math.radians(28)
SHIFT_TOLERANCE = 0.22
"""How far two pairs may differ in scale, turn and shift (as a share of the reference's diagonal) and still support each other."""
MAX_PAIRS = 600
"""Most pairs that are gathered, the most distinctive first: each is held against each."""
MIN_SUPPORT = 4
MOST_TRIES = 3
"""Gatherings that are tried before a place is given up."""
SEED = 20190401


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """
    A reference found in a picture.

    `homography` takes reference pixels to picture pixels, shape (3, 3), float64. `pairs` are the inliers, one for each distinct point of
    both, shape (k, 2); `candidates` counts the pairs of look-alike points inside the quad, agreeing or not.
    """

    homography: NDArray[np.float64]
    quad: Quad
    pairs: Pairs
    candidates: int

    @property
    def inliers(self) -> int:
        return len(self.pairs)


def placements(
    reference: Features, scene: Features, pairs: Pairs, *, min_inliers: int, most: int
) -> Iterator[Placement]:
    """
    Every place where at least `min_inliers` pairs agree, the best first, at most `most`. The same in any process.

    `pairs` come the most distinctive first, as from `_features.alike`.
    """
    left = pairs
    for _ in range(most):
        found = _best(reference, scene, left, min_inliers)
        if found is None:
            return
        yield found
        inside = _quads.within(found.quad, scene.points[left[:, 1]])
        left = left[~inside]


def unmirrored(placement: Placement, mirror: Features) -> Placement:
    """A placement of a mirror image as one of the picture itself: its quad runs counter-clockwise."""
    flip = np.array([[-1.0, 0.0, mirror.width - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    top_left, top_right, bottom_right, bottom_left = placement.quad
    quad = (top_right, top_left, bottom_left, bottom_right)
    return replace(placement, homography=placement.homography @ flip, quad=quad)


def _best(reference: Features, scene: Features, pairs: Pairs, min_inliers: int) -> Placement | None:
    for _ in range(MOST_TRIES):
        if len(pairs) < min_inliers:
            return None
        group = _agreeing(reference, scene, pairs)
        if len(group) < MIN_SUPPORT:
            return None
        placed = _fit(reference, scene, pairs, group)
        if placed is not None and placed.inliers >= min_inliers:
            return placed
        pairs = np.delete(pairs, group, axis=0)
    return None


def _agreeing(reference: Features, scene: Features, pairs: Pairs) -> NDArray[np.intp]:
    """Rows of the pairs in the largest gathering that agrees on scale, turn and shift."""
    r, s = pairs[:MAX_PAIRS, 0], pairs[:MAX_PAIRS, 1]
    log_scale = np.log(scene.sizes[s] / reference.sizes[r])
    turn = scene.angles[s] - reference.angles[r]
    scale = np.exp(log_scale)
    centre = np.array([reference.width / 2, reference.height / 2], np.float32)
    arm = (centre - reference.points[r]) * scale[:, None]
    c, si = np.cos(turn), np.sin(turn)
    landing = scene.points[s] + np.stack([c * arm[:, 0] - si * arm[:, 1], si * arm[:, 0] + c * arm[:, 1]], axis=1)
    diagonal = math.hypot(reference.width, reference.height)
    near = np.abs(log_scale[:, None] - log_scale[None]) < SCALE_TOLERANCE
    near &= np.cos(turn[:, None] - turn[None]) > math.cos(TURN_TOLERANCE)
    reach = SHIFT_TOLERANCE * diagonal * np.minimum(scale[:, None], scale[None])
    near &= np.abs(landing[:, None, 0] - landing[None, :, 0]) < reach
    near &= np.abs(landing[:, None, 1] - landing[None, :, 1]) < reach
    return np.flatnonzero(near[int(near.sum(axis=1).argmax())])


def _fit(reference: Features, scene: Features, pairs: Pairs, group: NDArray[np.intp]) -> Placement | None:
    chosen = pairs[group]
    source, target = reference.points[chosen[:, 0]], scene.points[chosen[:, 1]]
    spread = float(np.ptp(target, axis=0).max())
    tolerance_px = min(max(0.03 * spread, 1.5), 8.0)
    cv2.setRNGSeed(SEED)
    fitted, _ = cv2.findHomography(source, target, cv2.USAC_MAGSAC, tolerance_px, maxIters=2000, confidence=0.999)
    if fitted is None or not np.isfinite(fitted).all() or abs(np.linalg.det(fitted)) < 1e-9:
        return None
    homography = np.asarray(fitted, dtype=np.float64)
    quad = _quads.plausible(reference.width, reference.height, homography)
    if quad is None:
        return None
    inliers = _inliers(reference, scene, pairs, homography, tolerance_px)
    inside = _quads.within(quad, scene.points[pairs[:, 1]])
    return Placement(homography=homography, quad=quad, pairs=inliers, candidates=int(inside.sum()))


def _inliers(
    reference: Features, scene: Features, pairs: Pairs, homography: NDArray[np.float64], tolerance_px: float
) -> Pairs:
    """Pairs that agree with the homography in place, size and direction; a point of either picture counts once."""
    r, s = pairs[:, 0], pairs[:, 1]
    landing, scale, turn = _project(reference, r, homography)
    off = np.hypot(*(landing - scene.points[s]).T)
    good = off < tolerance_px
    good &= np.abs(np.log(scene.sizes[s] / np.maximum(reference.sizes[r] * scale, 1e-6))) < math.log(2.0)
    good &= np.cos(scene.angles[s] - reference.angles[r] - turn) > math.cos(math.radians(40))
    rows = np.flatnonzero(good)
    rows = rows[np.argsort(off[rows], kind="stable")]
    taken_r: set[tuple[int, int]] = set()
    taken_s: set[tuple[int, int]] = set()
    kept = []
    for row in rows:
        at_r = _cell(reference.points[r[row]])
        at_s = _cell(scene.points[s[row]])
        if at_r not in taken_r and at_s not in taken_s:
            taken_r.add(at_r)
            taken_s.add(at_s)
            kept.append(row)
    return pairs[sorted(kept)]


def _cell(point: Floats) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _project(
    reference: Features, rows: NDArray[np.intp], homography: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Where reference points land, with the local scale and turn of the homography there."""
    points = reference.points[rows].astype(np.float64)
    step = np.maximum(reference.sizes[rows].astype(np.float64), 1.0)
    angle = reference.angles[rows].astype(np.float64)
    ahead = np.stack([np.cos(angle), np.sin(angle)], axis=1) * step[:, None]
    here, there = _quads.apply(homography, points), _quads.apply(homography, points + ahead)
    moved = there - here
    turn = np.arctan2(moved[:, 1], moved[:, 0]) - angle
    a = _quads.apply(homography, points + np.array([1.0, 0.0])) - here
    b = _quads.apply(homography, points + np.array([0.0, 1.0])) - here
    area = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    return here, np.sqrt(area), turn
