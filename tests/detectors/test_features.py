"""Local features: in full pixels, without the finest where asked, and mirrored without looking again."""

import numpy as np
from numpy.typing import NDArray

from detectors import _features

Picture = NDArray[np.uint8]


def test_points_are_pixels_of_the_full_picture(portrait: Picture) -> None:
    """Looked at in half its size, a picture's points lie where they lay."""
    grey = _features.grey_of(portrait)
    full = _features.describe(grey, scale=1.0, max_points=2000)
    half = _features.describe(grey, scale=0.5, max_points=2000)
    coarse = full.coarse(256)
    nearest = [np.hypot(*(coarse.points - p).T).min() for p in half.points]
    assert np.median(nearest) < 1.0


def test_mirrored_features_are_those_of_the_mirror_image(portrait: Picture) -> None:
    """The exchange of cells and directions is exact: nearly every point of the mirror image has its twin."""
    grey = _features.grey_of(portrait)
    told = _features.describe(grey, scale=1.0, max_points=800).mirrored()
    looked = _features.describe(np.ascontiguousarray(grey[:, ::-1]), scale=1.0, max_points=800)
    twins = 0
    for point, descriptor in zip(told.points, told.descriptors, strict=True):
        near = np.hypot(*(looked.points - point).T) < 0.5
        twins += bool(near.any()) and float((looked.descriptors[near] @ descriptor).max()) > 0.98
    assert twins > 0.9 * len(told)


def test_a_blank_picture_has_no_points() -> None:
    """Nothing to see is no error."""
    assert len(_features.describe(np.full((100, 100), 7, np.uint8), scale=1.0, max_points=100)) == 0


def test_masked_points_do_not_count(portrait: Picture) -> None:
    """Of a transparent exemplar only what is solid counts."""
    mask = np.zeros(portrait.shape[:2], np.uint8)
    mask[:, :200] = 255
    features = _features.describe(_features.grey_of(portrait), scale=1.0, max_points=500, mask=mask)
    assert len(features) > 20
    assert features.points[:, 0].max() < 202
