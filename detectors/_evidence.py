"""What a page needs to draw a placement: JSON values only."""

from typing import Any

from detectors._features import Features
from detectors._placement import Placement

MAX_POINTS = 60
"""Matched points that evidence holds, taken evenly from all of them."""


def of_placement(reference: Features, scene: Features, placement: Placement) -> dict[str, Any]:
    """
    `exemplar_size` [width, height]; `homography` row by row, exemplar pixels to picture pixels; `points` as [exemplar x, y, picture x, y];
    `inliers` and `candidates` as in Placement.
    """
    step = -(-placement.inliers // MAX_POINTS) or 1
    return {
        "exemplar_size": [reference.width, reference.height],
        "homography": [[float(f"{value:.8g}") for value in row] for row in placement.homography],
        "inliers": placement.inliers,
        "candidates": placement.candidates,
        "points": [
            [round(float(value), 1) for value in (*reference.points[r], *scene.points[s])]
            for r, s in placement.pairs[::step]
        ],
    }
