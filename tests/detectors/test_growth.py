"""The bank grows by numbers that windows made of pictures without marks, and by nothing else of these."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from detectors import _kept, _mining, _second, _windows, growth, mistakes, negatives
from detectors.detector import Reference
from footprint.errors import BadConfiguration
from footprint.identifiers import Kind

Make = Callable[..., Reference]
ROWS = mistakes.Mistakes(np.ones((2, 3), np.float32), np.ones((1, 4), np.float32))


@pytest.fixture
def bank(tmp_path: Path) -> negatives.Negatives:
    """One photograph."""
    (tmp_path / "bank").mkdir()
    shipped = negatives.SHIPPED / "cat.webp"
    (tmp_path / "bank" / shipped.name).write_bytes(shipped.read_bytes())
    return negatives.folder(tmp_path / "bank")


@pytest.fixture
def other() -> bytes:
    """A picture that shows none of ours."""
    return (negatives.SHIPPED / "cards.webp").read_bytes()


def test_what_is_learned_from_names_what_was_learned(reference_of: Make, bank: negatives.Negatives) -> None:
    """Another bank is another key, so that what was learned before is not taken for it."""
    exemplars = [reference_of(np.zeros((40, 40, 3), np.uint8), identifier="disc", kind=Kind.EMBLEM)]
    grown = negatives.grown(bank, mistakes.Mistakes(ROWS.windows, ROWS.looks, "some"))
    assert _kept.key(exemplars, grown) != _kept.key(exemplars, bank)


def test_no_picture_is_kept(grower: growth.Grower, other: bytes, start: datetime) -> None:
    """Of a picture two windows stay that are most like the mark, as a row of numbers for each look."""
    assert grower.add("one", other, at=start, of="our-patch")
    with np.load(grower.folder / "one.npz", allow_pickle=False) as held:
        assert sorted(held) == ["at", "looks", "seen_by", "windows"]
        assert held["windows"].shape == (_mining.WORST, _windows.WIDTH)
        assert held["looks"].shape == (_mining.WORST, _second.WIDTH)


def test_what_nobody_learned_cannot_be_mistaken(grower: growth.Grower, other: bytes, start: datetime) -> None:
    """A picture that was taken for a mark which is not learned, or that does not decode, adds nothing."""
    assert not grower.add("one", other, at=start, of="our-badge")
    assert not grower.add("two", b"no picture", at=start)
    assert mistakes.sources(grower.folder) == frozenset()


def test_without_exemplars_the_bank_does_not_grow(tmp_path: Path) -> None:
    """Who asks is told what is missing."""
    with pytest.raises(BadConfiguration, match=r"detect\.learn_from exemplars"):
        growth.grower([], {"mistakes_dir": str(tmp_path)})


def test_what_is_kept_is_known_again(tmp_path: Path, start: datetime) -> None:
    """Rows of all sources, by a digest of what they hold."""
    for source in ("a", "b"):
        mistakes.keep(tmp_path, source, ROWS, seen_by="this", at=start)
    known = mistakes.known(tmp_path, seen_by="this")
    assert (known.windows.shape, known.looks.shape) == ((4, 3), (2, 4))
    assert known.digest
    assert mistakes.known(tmp_path / "none", seen_by="this").digest == ""


@pytest.mark.parametrize("spoil", [lambda b: b[: len(b) // 2], lambda b: b""])
def test_a_torn_file_counts_as_none(spoil: Callable[[bytes], bytes], tmp_path: Path, start: datetime) -> None:
    """It is not learned from, and leaves with what is too old."""
    mistakes.keep(tmp_path, "a", ROWS, seen_by="this", at=start)
    (tmp_path / "a.npz").write_bytes(spoil((tmp_path / "a.npz").read_bytes()))
    assert mistakes.known(tmp_path, seen_by="this").digest == ""
    assert mistakes.older(tmp_path, start) == {"a"}


def test_rows_of_another_network_are_not_mixed_in(tmp_path: Path, start: datetime) -> None:
    """What other weights or another rule made means something else."""
    mistakes.keep(tmp_path, "a", ROWS, seen_by="another", at=start)
    assert mistakes.known(tmp_path, seen_by="this").digest == ""


def test_what_is_older_is_told(tmp_path: Path, start: datetime) -> None:
    """By the moment at which it was kept."""
    mistakes.keep(tmp_path, "a", ROWS, seen_by="this", at=start)
    mistakes.keep(tmp_path, "b", ROWS, seen_by="this", at=start + timedelta(days=2))
    assert mistakes.older(tmp_path, start + timedelta(days=1)) == {"a"}
