"""Local points that agree with a look speak for its mark, and those that lie elsewhere or look like other things do not."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _features, _pooled
from detectors._features import Features

Picture = NDArray[np.uint8]
SIDE = 128


def _mark(seed: int) -> Picture:
    """Lines and dots such as no other seed draws."""
    rng = np.random.default_rng(seed)
    mark = np.full((SIDE, SIDE), 230, np.uint8)
    for _ in range(14):
        ends = rng.integers(8, SIDE - 8, 4).tolist()
        cv2.line(mark, tuple(ends[:2]), tuple(ends[2:]), int(rng.integers(0, 120)), 3)
        cv2.circle(mark, tuple(rng.integers(8, SIDE - 8, 2).tolist()), int(rng.integers(3, 9)), 20, -1)
    return mark


def _features_of(grey: Picture) -> Features:
    return _features.describe(grey, scale=1.0, max_points=600)


def _scene(mark: Picture, *, at: tuple[int, int], turn: float = 0.0) -> Features:
    """A grey wall with the mark on it, turned by so many degrees."""
    turned = cv2.warpAffine(
        mark, cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), turn, 1.0), (SIDE, SIDE), borderValue=230
    )
    wall = np.random.default_rng(0).normal(150, 4, (400, 500)).clip(0, 255).astype(np.uint8)
    wall[at[1] : at[1] + SIDE, at[0] : at[0] + SIDE] = turned
    return _features_of(wall)


@pytest.fixture(scope="module")
def bank() -> dict[str, list[Features]]:
    """Two marks with one exemplar each."""
    return {"ours": [_features_of(_mark(1))], "theirs": [_features_of(_mark(2))]}


@pytest.fixture(scope="module")
def ground() -> NDArray[np.float32]:
    """Points of a third thing."""
    return _features_of(_mark(3)).descriptors


HERE = (100.0, 80.0, 100.0 + SIDE, 80.0 + SIDE)


def test_points_where_the_look_is_speak_for_the_mark(
    bank: dict[str, list[Features]], ground: NDArray[np.float32]
) -> None:
    """Turned a little and in its window, a mark leads the other; the other falls behind by as much."""
    leads = _pooled.leads({"ours": HERE, "theirs": HERE}, bank, _scene(_mark(1), at=(100, 80), turn=12), ground)
    assert leads["ours"] > 1.0
    assert leads["theirs"] == pytest.approx(-leads["ours"])


@pytest.mark.parametrize(
    ("window", "turn"),
    [((300.0, 200.0, 428.0, 328.0), 0.0), ((150.0, 130.0, 182.0, 162.0), 0.0), (HERE, 90.0)],
    ids=["elsewhere", "another size", "turned away"],
)
def test_points_that_do_not_agree_with_the_look_say_nothing(
    window: _pooled.Box, turn: float, bank: dict[str, list[Features]], ground: NDArray[np.float32]
) -> None:
    """The same points in another place, size or direction than the window has speak for nothing, or for little."""
    agreed = _pooled.leads({"ours": HERE}, bank, _scene(_mark(1), at=(100, 80)), ground)["ours"]
    leads = _pooled.leads({"ours": window}, bank, _scene(_mark(1), at=(100, 80), turn=turn), ground)
    assert leads["ours"] < agreed / 2


def test_exemplars_speak_together(ground: NDArray[np.float32]) -> None:
    """Halves of a mark as two exemplars have more votes together than either alone."""
    whole = _features_of(_mark(1))
    halves = [
        Features(
            points=whole.points[keep], sizes=whole.sizes[keep], angles=whole.angles[keep],
            descriptors=whole.descriptors[keep], width=SIDE, height=SIDE,
        )
        for keep in (whole.points[:, 0] < SIDE / 2, whole.points[:, 0] >= SIDE / 2)
    ]  # fmt: skip
    scene = _scene(_mark(1), at=(100, 80))
    both, left, right = (
        _pooled.leads({"ours": HERE}, {"ours": some}, scene, ground)["ours"]
        for some in (halves, halves[:1], halves[1:])
    )
    assert both > max(left, right)


def test_what_looks_like_the_ground_has_no_votes(bank: dict[str, list[Features]]) -> None:
    """Points that are as like what is no mark as they are like the mark do not count, and what has no votes is behind the least."""
    scene = _scene(_mark(1), at=(100, 80))
    lead = _pooled.leads({"ours": HERE}, bank, scene, scene.descriptors, least=0.5)["ours"]
    assert lead == pytest.approx(-0.5)


def test_a_scene_without_points_says_nothing(bank: dict[str, list[Features]], ground: NDArray[np.float32]) -> None:
    """A blank wall leads nowhere."""
    assert _pooled.leads({"ours": HERE}, bank, _features.none(), ground) == {"ours": 0.0}


def test_ground_is_bounded() -> None:
    """However many photographs there are, few are asked and few points are kept; without any there are none."""
    photographs = [np.random.default_rng(i).integers(0, 255, (90, 90, 3)).astype(np.uint8) for i in range(130)]
    assert 0 < len(_pooled.ground(photographs)) <= _pooled.GROUND_POINTS
    assert _pooled.ground([]).shape == (0, 128)
