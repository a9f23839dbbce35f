"""The search of many hashes: the same as counting bits one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import _search
from detectors._search import Bank

SEED = 5
Word = st.integers(0, 2**64 - 1)
Hash = st.lists(Word, min_size=4, max_size=4)


@given(st.lists(Hash, max_size=6), Hash, st.integers(0, 256))
def test_it_finds_what_counting_finds(hashes: list[list[int]], query: list[int], within_bits: int) -> None:
    """No row within the radius is missed, none beyond it is given."""
    counted = [
        index
        for index, known in enumerate(hashes)
        if sum((a ^ b).bit_count() for a, b in zip(known, query, strict=True)) <= within_bits
    ]
    found = Bank.of(np.array(hashes, np.uint64)).rows(np.array(query, np.uint64), within_bits=within_bits)
    assert found.tolist() == counted


@pytest.mark.parametrize("within_bits", [0, 40, 90, 255])
def test_the_opposite_of_a_hash_is_far_from_it(within_bits: int) -> None:
    """All 256 bits differing is a distance of 256, not of 0."""
    query = np.arange(4, dtype=np.uint64)
    assert Bank.of((~query)[None]).rows(query, within_bits=within_bits).tolist() == []


@pytest.mark.parametrize("flipped", [0, 30, 40])
def test_rows_are_numbered_through_all_stretches(flipped: int) -> None:
    """A near hash is found by its own number wherever it lies, whichever of its bits differ."""
    rng = np.random.default_rng(SEED)
    hashes = rng.integers(0, 2**64, size=(2 * _search.STRETCH + 7, 4), dtype=np.uint64)
    row = len(hashes) - 3
    bits = np.unpackbits(hashes[row].view(np.uint8))
    bits[rng.choice(256, flipped, replace=False)] ^= 1
    assert Bank.of(hashes).rows(np.packbits(bits).view(np.uint64), within_bits=40).tolist() == [row]
