"""The shortlist of known pictures that a scene may hold."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _features, _votes
from detectors._features import Features
from detectors._votes import Votes

Picture = NDArray[np.uint8]
STRANGERS = 30


def described(picture: Picture) -> Features:
    return _features.describe(_features.grey_of(np.ascontiguousarray(picture)), scale=1.0, max_points=400)


def stranger(seed: int) -> Features:
    """A picture's worth of features that are like nothing."""
    rng = np.random.default_rng(seed)
    rows = rng.exponential(size=(300, 128)).astype(np.float32)
    rooted = np.sqrt(rows / rows.sum(axis=1, keepdims=True))
    zeros = np.zeros(300, np.float32)
    return Features(
        points=np.zeros((300, 2), np.float32), sizes=zeros, angles=zeros, descriptors=rooted, width=512, height=512
    )


@pytest.fixture(scope="module")
def votes(photographs: dict[str, Picture]) -> Votes:
    """Three photographs among strangers, as numbers 0 to 2."""
    own = [described(photographs[name]) for name in ("astronaut", "chelsea", "rocket")]
    return Votes.of([*own, *(stranger(seed) for seed in range(STRANGERS))])


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("number", [0, 1])
def test_both_pictures_of_a_collage_are_voted_for(
    number: int, mirrored: bool, votes: Votes, photographs: dict[str, Picture]
) -> None:
    """Side by side, as they are or mirrored, both are on the list, in the right sense."""
    halves = [cv2.resize(photographs[name], (420, 420)) for name in ("astronaut", "chelsea")]
    sheet = np.concatenate(halves, axis=1)
    found = votes.shortlist(described(sheet[:, ::-1] if mirrored else sheet))
    assert (number, mirrored) in {(c.owner, c.is_mirrored) for c in found}


def test_the_list_is_short_however_many_are_known(photographs: dict[str, Picture]) -> None:
    """With one picture known a hundred times over, a bounded number is looked at."""
    own = described(photographs["astronaut"])
    assert len(Votes.of([own] * 100).shortlist(own)) <= _votes.SHORTLIST


def test_pictures_without_features_are_voted_for_by_none(photographs: dict[str, Picture]) -> None:
    """Nor do they vote."""
    own, nothing = described(photographs["astronaut"]), _features.none()
    assert {c.owner for c in Votes.of([nothing, own]).shortlist(own)} == {1}
    assert Votes.of([nothing]).shortlist(own) == ()
    assert Votes.of([own]).shortlist(nothing) == ()
