"""Photographs: the same description is the same picture, and what is said to be seen is seen."""

import cv2
import numpy as np
import pytest

from demo.drawing import marks, prints
from demo.drawing.canvas import Floats
from demo.drawing.scene import Mark
from demo.drawing.shots import Composition, Difficulty, Shot, any_shot, samples, suited, take

SMALL = {"width": 480, "height": 360}


def resemblance(picture: Floats, mark: Mark, layer: Floats) -> float:
    """Correlation of a mark's own picture with what is seen at its place, brightness only, 1 being the same."""
    side = 64
    corners = np.asarray([(0, 0), (side, 0), (side, side), (0, side)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.asarray(mark.quad, np.float32), corners)
    seen = cv2.warpPerspective(picture, matrix, (side, side)).mean(2)
    known = cv2.resize(layer, (side, side), interpolation=cv2.INTER_AREA)
    solid = known[..., 3] > 0.9
    return float(np.corrcoef(seen[solid], known[..., :3].mean(2)[solid])[0, 1])


@pytest.mark.parametrize(
    ("name", "composition"),
    [
        (marks.PATCH_2019, Composition.CLOSE_UP),
        (marks.PATCH_2012, Composition.GROUP),
        (marks.STAR, Composition.PORTRAIT),
        (marks.STAR, Composition.TABLE),
        (marks.SEAL, Composition.PLAQUE),
        (marks.CAR, Composition.ROADSIDE),
    ],
)
def test_a_mark_is_where_the_truth_says(name: str, composition: Composition) -> None:
    """At the quad of a mark the picture looks like the mark; variants of it differ little."""
    shot = Shot(seed=5, composition=composition, shows=(name,), mark_px=100, place="", **SMALL)
    taken = take(shot)
    (mark,) = (mark for mark in taken.marks if mark.what == name)
    layer = prints.door_shield() if name == marks.CAR else marks.layer(name)
    assert resemblance(taken.picture, mark, layer) > 0.7


def test_a_shot_is_the_same_bytes_again() -> None:
    """A photograph depends on its description alone."""
    shot = Shot(seed=3, composition=Composition.CLOSE_UP, shows=(marks.STAR,), **SMALL)
    assert take(shot).jpeg() == take(shot).jpeg()


def test_another_seed_is_another_picture() -> None:
    """Two shots of one sort differ."""
    shots = [Shot(seed=seed, composition=Composition.TABLE, shows=(marks.SEAL,), **SMALL) for seed in (1, 2)]
    assert take(shots[0]).jpeg() != take(shots[1]).jpeg()


def test_a_plain_picture_shows_no_mark() -> None:
    """What is to show nobody's marks has none."""
    assert take(Shot(seed=4, composition=Composition.PLAIN, place="street", **SMALL)).marks == ()


def test_two_marks_are_worn_together() -> None:
    """A patch on the sleeve and a star on the chest of one person."""
    shot = Shot(seed=6, composition=Composition.PORTRAIT, shows=(marks.PATCH_2019, marks.STAR), mark_px=40, **SMALL)
    assert {mark.what for mark in take(shot).marks} == {marks.PATCH_2019, marks.STAR}


def test_a_hard_picture_is_another_one() -> None:
    """The same shot, spoilt, is not the same picture."""
    clear = Shot(seed=8, composition=Composition.CLOSE_UP, shows=(marks.PATCH_2019,), **SMALL)
    hard = Shot(
        seed=8, composition=Composition.CLOSE_UP, shows=(marks.PATCH_2019,), difficulty=Difficulty.HARD, **SMALL
    )
    assert take(clear).jpeg() != take(hard).jpeg()


def test_samples_give_pictures_with_places() -> None:
    """Samples for calibration are JPEGs, each with the quads of its marks."""
    for data, found in samples(2, 2):
        assert data.startswith(b"\xff\xd8\xff")
        assert all(len(mark.quad) == 4 for mark in found)


def test_toys_lie_on_tables() -> None:
    """Every sort of mark gets a composition in which it is seen in life."""
    rng = np.random.default_rng(1)
    assert suited((marks.TOY,), rng) is Composition.TABLE
    assert suited((marks.CAR,), rng) is Composition.ROADSIDE
    assert suited((), rng) is Composition.PLAIN


def test_any_shot_follows_its_generator() -> None:
    """The same generator gives the same shots."""
    assert [any_shot(np.random.default_rng(9)) for _ in range(2)] == [any_shot(np.random.default_rng(9))] * 2
