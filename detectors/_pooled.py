"""
How much local points speak for a mark where its look is, pooled over all of its exemplars.

A point that looks like one of an exemplar says where that exemplar lies, how large and how turned (Lowe 2004, section 7.3). Where this agrees with
the window of the look, it votes, the more the less it looks like anything else. So two points of one exemplar and one of another speak
together, which is too little for a placement of any.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detectors import _features
from detectors._features import Features
from detectors._second import Box

Floats = NDArray[np.float32]

CLOSER = 0.95
"""A point votes that is nearer to the mark than so many times its distance from anything else."""
SCALE_TOLERANCE = math.log(2.0)
TURN_TOLERANCE = math.radians(38)
REACH = 0.35
"""How far from its place a point may lie, in sides of the window."""
ROUNDING = 1e-5
WEIGHT = 4.0
UNRIVALLED = 0.5
"""What votes for a mark with few rivals are held against at least: on three of four photographs without marks the best of eight has no more."""
GROUND_PICTURES, GROUND_POINTS = 60, 4000


def leads(
    places: Mapping[str, Box],
    bank: Mapping[str, Sequence[Features]],
    scene: Features,
    ground: Floats,
    *,
    least: float = 0.0,
) -> dict[str, float]:
    """
    By how much the votes for each mark at its place lead those for the next, as a difference of logarithms.

    `bank` has the features of each mark's exemplars, `ground` descriptors of what is no mark, shape (n, 128). They are held against `least`
    where no other mark has more.
    """
    if not len(scene):
        return dict.fromkeys(places, 0.0)
    likeness = {name: _nearest(scene, bank[name]) for name in places}
    other = _best(scene.descriptors, ground)
    strengths = {}
    for name, box in places.items():
        rival = np.max([other, *(likeness[n] for n in places if n != name)], axis=0)
        strengths[name] = math.log1p(WEIGHT * _votes(box, bank[name], scene, rival))
    return {
        name: own - max([least, *(s for n, s in strengths.items() if n != name)]) for name, own in strengths.items()
    }


def ground(photographs: Sequence[NDArray[np.uint8]]) -> Floats:
    """Descriptors of what is no mark, at most GROUND_POINTS of at most GROUND_PICTURES photographs."""
    some = photographs[:: -(-len(photographs) // GROUND_PICTURES)] if photographs else []
    each = [
        _features.describe(_features.grey_of(rgb), scale=1.0, max_points=GROUND_POINTS // len(some)).descriptors
        for rgb in some
    ]
    return np.concatenate([_features.none().descriptors, *each])


def _nearest(scene: Features, exemplars: Sequence[Features]) -> Floats:
    """How like each point of the scene is to the nearest of any exemplar."""
    return np.asarray(np.max([_best(scene.descriptors, e.descriptors) for e in exemplars], axis=0))


def _best(descriptors: Floats, others: Floats) -> Floats:
    if not len(others):
        return np.full(len(descriptors), -1.0, np.float32)
    return np.asarray((descriptors @ others.T).max(axis=1))


def _votes(box: Box, exemplars: Sequence[Features], scene: Features, rival: Floats) -> float:
    left, top, right, bottom = box
    side = math.sqrt((right - left) * (bottom - top))
    middle = np.array([(left + right) / 2, (top + bottom) / 2], np.float32)
    away = np.sqrt(np.maximum(2.0 - 2.0 * rival, 1e-6))  # rows are of length 1
    least = 1.0 - (CLOSER * away) ** 2 / 2.0 + ROUNDING
    given = np.zeros(len(scene), np.float32)
    for exemplar in exemplars:
        scale = side / math.sqrt(exemplar.width * exemplar.height)
        centre = np.array([exemplar.width / 2, exemplar.height / 2], np.float32)
        reach = (np.array([exemplar.width, exemplar.height]) * scale / 2) + REACH * side
        near = np.flatnonzero((np.abs(scene.points - middle) < reach).all(axis=1))
        alike = scene.descriptors[near] @ exemplar.descriptors.T
        row, column = np.nonzero(alike > least[near, None])
        point = near[row]
        landing = middle + (exemplar.points[column] - centre) * scale
        agrees = (np.abs(scene.points[point] - landing) < REACH * side).all(axis=1)
        agrees &= np.abs(np.log(scene.sizes[point] / (exemplar.sizes[column] * scale))) < SCALE_TOLERANCE
        agrees &= np.cos(scene.angles[point] - exemplar.angles[column]) > math.cos(TURN_TOLERANCE)
        off = np.sqrt(np.maximum(2.0 - 2.0 * alike[row[agrees], column[agrees]], 0.0))
        np.maximum.at(given, point[agrees], 1.0 - off / away[point[agrees]])
    return float(given.sum())
