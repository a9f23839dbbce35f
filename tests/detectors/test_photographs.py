"""The maps of the bank's photographs are made once, and made again where they are lost."""

import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _photographs

Picture = NDArray[np.uint8]


@pytest.fixture
def photograph(photographs: dict[str, Picture]) -> Picture:
    """A photograph that is small, so that looking is quick."""
    return np.asarray(cv2.resize(photographs["chelsea"], (96, 64), interpolation=cv2.INTER_AREA), dtype=np.uint8)


@pytest.fixture
def kept(photograph: Picture, tmp_path: Path) -> Path:
    """The file that is kept of it."""
    _photographs.pyramid(photograph, tmp_path)
    (file,) = tmp_path.iterdir()
    return file


def test_kept_maps_are_those_that_were_seen(photograph: Picture, kept: Path) -> None:
    """What is learned from kept maps is what would be learned from the photograph."""
    seen, loaded = _photographs.pyramid(photograph, None), _photographs.pyramid(photograph, kept.parent)
    assert [(m.scale_x, m.scale_y) for m in loaded] == [(m.scale_x, m.scale_y) for m in seen]
    for one, other in zip(loaded, seen, strict=True):
        np.testing.assert_array_equal(one.mid, other.mid)
        np.testing.assert_array_equal(one.deep, other.deep)


def test_a_photograph_is_seen_once(photograph: Picture, kept: Path) -> None:
    """The second time its maps come from the file: they are what the file says, whatever that is."""
    with np.load(kept) as held:
        arrays = {name: held[name] for name in held.files}
    np.savez(kept, **{**arrays, "mid0": arrays["mid0"] + 1})
    np.testing.assert_array_equal(_photographs.pyramid(photograph, kept.parent)[0].mid, arrays["mid0"] + 1)


def test_another_photograph_has_maps_of_its_own(photograph: Picture, kept: Path) -> None:
    """One pixel makes it another."""
    changed = photograph.copy()
    changed[0, 0, 0] ^= 1
    _photographs.pyramid(changed, kept.parent)
    assert len(list(kept.parent.iterdir())) == 2


@pytest.mark.parametrize("spoil", [lambda b: b[: len(b) // 2], lambda b: b""])
def test_a_spoilt_file_is_made_again(spoil: Callable[[bytes], bytes], photograph: Picture, kept: Path) -> None:
    """A file that was cut off is not trusted."""
    kept.write_bytes(spoil(kept.read_bytes()))
    seen = _photographs.pyramid(photograph, kept.parent)
    assert len(seen) == len(_photographs.pyramid(photograph, None))


def test_those_learned_from_last_are_kept(tmp_path: Path) -> None:
    """The folder does not grow without end."""
    for age in range(4):
        (tmp_path / f"{age}.npz").touch()
        os.utime(tmp_path / f"{age}.npz", (1000 - age, 1000 - age))
    _photographs.clear(tmp_path, most=2)
    assert {p.name for p in tmp_path.iterdir()} == {"0.npz", "1.npz"}
