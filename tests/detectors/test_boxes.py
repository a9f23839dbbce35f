"""Boxes come from an operator's own network, whose answer is understood or refused at once."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from detectors import _boxes
from detectors._boxes import Finder
from footprint.errors import BadConfiguration

CAR, PERSON = 2.0, 0.0


PICTURE = np.full((300, 640, 3), 90, np.uint8)  # goes in at half its size
ROWS = np.array([[[20, 30, 120, 110, 0.9, CAR], [22, 31, 119, 108, 0.7, CAR], [200, 40, 240, 140, 0.8, PERSON]]])


def test_corners_come_back_in_pixels_of_the_picture(network: Callable[[np.ndarray], Path]) -> None:
    """Of two boxes round one car, the surer one; persons are not asked for."""
    (box,) = Finder(network(ROWS)).find(PICTURE, _boxes.VEHICLES)
    assert (box.left, box.top, box.right, box.bottom) == (40, 60, 240, 220)
    assert box.cut(PICTURE).shape == (160, 200, 3)


def test_answers_with_middles_and_sizes_are_understood(network: Callable[[np.ndarray], Path]) -> None:
    """The other common form: 4 + classes rows, one column a box."""
    answer = np.zeros((1, 84, 2))
    answer[0, :4, 0] = 70, 70, 100, 80
    answer[0, 4 + int(CAR), 0] = 0.9
    answer[0, :4, 1] = 70, 70, 100, 80
    answer[0, 4 + int(CAR), 1] = 0.1
    (box,) = Finder(network(answer)).find(PICTURE, _boxes.VEHICLES)
    assert (box.left, box.top, box.right, box.bottom) == (40, 60, 240, 220)


def test_boxes_stay_inside_and_small_ones_are_left(network: Callable[[np.ndarray], Path]) -> None:
    """A network may say anything."""
    wild = np.array([[[-500, -9, 9e6, 80, 0.9, CAR], [10, 10, 20, 20, 0.9, CAR], [np.nan, 0, 9, 9, np.nan, CAR]]])
    (box,) = Finder(network(wild)).find(PICTURE, _boxes.VEHICLES)
    assert (box.left, box.top, box.right, box.bottom) == (0, 0, 640, 160)


def test_large_pictures_are_looked_at_in_tiles_too(network: Callable[[np.ndarray], Path]) -> None:
    """The constant answer stands once in each of five looks."""
    large = np.full((600, 1280, 3), 90, np.uint8)
    assert len(Finder(network(ROWS)).find(large, _boxes.VEHICLES)) == 5


@pytest.mark.parametrize("shape", [(1, 10), (2, 84, 5), (1, 5, 4)])
def test_other_answers_are_refused_at_the_start(shape: tuple[int, ...], network: Callable[[np.ndarray], Path]) -> None:
    """With the shapes that are understood."""
    with pytest.raises(BadConfiguration, match=r"detect\.finder"):
        Finder(network(np.zeros(shape)))


def test_what_is_no_network_is_named(tmp_path: Path) -> None:
    """Neither a text nor a missing file becomes a detector."""
    text = tmp_path / "readme.onnx"
    text.write_text("not a network")
    for path in (text, tmp_path / "none.onnx"):
        with pytest.raises(BadConfiguration, match=path.name):
            Finder(path)


def test_without_a_network_there_are_windows() -> None:
    """The whole picture first, then overlapping parts that cover it."""
    whole, *parts = _boxes.windows(PICTURE)
    assert (whole.right, whole.bottom) == (640, 300)
    assert all(any(p.holds(x, y) for p in parts) for x in (0, 320, 639) for y in (0, 150, 299))
