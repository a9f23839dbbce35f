"""
Which of very many hashes are within some bits of one: every one of them, none missed.

The hashes lie word by word and are gone through in stretches that stay in the processor's cache. A stretch in which half of the bits tell
all of them apart already is left there; so small radii cost half. A million hashes of 256 bits take some milliseconds.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from detectors import _hashes
from detectors._hashes import Bits

STRETCH = 16_384
"""Hashes looked at in one go: their words and what is worked out of them fit the second cache."""
WORDS = _hashes.BITS // 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Hashes ready to be searched: `words` of shape (4, n), C order."""

    words: Bits

    @classmethod
    def of(cls, hashes: Bits) -> Self:
        """Of hashes of shape (n, 4)."""
        return cls(words=np.ascontiguousarray(hashes.reshape(-1, WORDS).T))

    def __len__(self) -> int:
        return int(self.words.shape[1])

    def rows(self, query: Bits, *, within_bits: int) -> NDArray[np.intp]:
        """The rows whose distance to a query, shape (4,), is at most `within_bits`, in order. Exact."""
        most = np.uint8(max(0, min(within_bits, 255)))
        found = [np.empty(0, np.intp)]
        for start in range(0, len(self), STRETCH):
            rows = _likely(self.words[:, start : start + STRETCH], query, most)
            if len(rows):
                found.append(rows + start)
        likely: NDArray[np.intp] = np.concatenate(found)
        is_near = _hashes.distances(query[None], self.at(likely))[0] <= within_bits
        return np.asarray(likely[is_near], dtype=np.intp)

    def at(self, rows: NDArray[np.intp]) -> Bits:
        """Hashes by their rows, shape (rows, 4)."""
        return np.ascontiguousarray(self.words[:, rows].T)


def _likely(words: Bits, query: Bits, most: np.uint8) -> NDArray[np.intp]:
    """Rows within `most` bits, and any that differ in all 256, which do not fit the 8 bits in which they are counted."""
    differing: NDArray[np.uint8] = np.bitwise_count(words[0] ^ query[0])
    for index in range(1, WORDS):
        differing += np.bitwise_count(words[index] ^ query[index])
        if index == WORDS // 2 - 1 and differing.min() > most:
            return np.empty(0, np.intp)
    rows: NDArray[np.intp] = np.flatnonzero(differing <= most)
    return rows
