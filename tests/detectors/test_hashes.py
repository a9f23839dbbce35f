"""Fingerprints: which position of a picture each row means, borders, and exact distances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detectors import _hashes

Picture = NDArray[np.uint8]
Words = st.lists(st.integers(0, 2**64 - 1), min_size=4, max_size=4)


@pytest.mark.parametrize("position", range(8))
def test_each_row_is_the_hash_of_the_picture_in_that_position(position: int, portrait: Picture) -> None:
    """POSITIONS says truly how the library turns and mirrors."""
    turns, mirrored = _hashes.POSITIONS[position]
    turned = np.ascontiguousarray(np.rot90(portrait[:, ::-1] if mirrored else portrait, turns))
    (upright,), (all_eight,) = _hashes.fingerprints(turned), _hashes.fingerprints(portrait)
    bits = _hashes.distances(upright.pdq[:1], all_eight.pdq)[0]
    assert bits.argmin() == position
    assert bits[position] <= 32


@given(st.lists(Words, min_size=1, max_size=5), st.lists(Words, min_size=1, max_size=5))
def test_distances_are_those_of_counting_bits(queries: list[list[int]], bank: list[list[int]]) -> None:
    """The vectorised search is exactly the loop."""
    loop = [[sum((a ^ b).bit_count() for a, b in zip(q, k, strict=True)) for k in bank] for q in queries]
    fast = _hashes.distances(np.array(queries, np.uint64), np.array(bank, np.uint64))
    assert fast.tolist() == loop


@pytest.mark.parametrize("shade", [0, 90, 255])
def test_plain_borders_are_trimmed(shade: int, portrait: Picture) -> None:
    """A banner of any shade goes, the picture stays."""
    sheet = np.full((700, 900, 3), shade, np.uint8)
    sheet[100:612, 200:712] = portrait
    assert _hashes.trimmed_box(sheet) == pytest.approx((200, 100, 712, 612), abs=4)


def test_a_picture_without_borders_stays_whole(portrait: Picture) -> None:
    """Nothing of a full picture is cut off, and it has one fingerprint."""
    assert _hashes.trimmed_box(portrait) == (0, 0, 512, 512)
    assert len(_hashes.fingerprints(portrait)) == 1


def test_a_speck_on_a_plain_ground_is_no_picture_with_borders() -> None:
    """What would leave next to nothing is not trimmed."""
    sheet = np.full((400, 400, 3), 255, np.uint8)
    sheet[200:206, 200:206] = 0
    assert _hashes.trimmed_box(sheet) == (0, 0, 400, 400)


def test_blank_pictures_have_no_quality() -> None:
    """A plain picture's fingerprint says that it does not count."""
    (blank,) = _hashes.fingerprints(np.full((300, 300, 3), 222, np.uint8))
    assert blank.quality < _hashes.MIN_QUALITY
