"""A table of known fingerprints, and which of them are near those of a picture. Exact: every distance is worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from detectors import _hashes
from detectors._hashes import Fingerprint
from detectors._search import Bank
from footprint.findings import Quad


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """How far a known picture's hashes are from a frame's, and where its corners lie if it is the same picture."""

    pdq_bits: int
    phash_bits: int
    quad: Quad
    is_mirrored: bool

    @property
    def bits(self) -> int:
        """The smaller of both distances."""
        return min(self.pdq_bits, self.phash_bits)


FAR = Near(pdq_bits=_hashes.BITS, phash_bits=_hashes.BITS, quad=((0, 0),) * 4, is_mirrored=False)
"""What is near nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hashes of known pictures in their upright position, a row each; `owners` says whose a row is."""

    pdq: Bank
    phash: Bank
    owners: NDArray[np.intp]

    @classmethod
    def of(cls, prints: Sequence[Sequence[Fingerprint]]) -> Self:
        """One owner for each element, in order."""
        rows = [(index, p) for index, own in enumerate(prints) for p in own]
        return cls(
            pdq=Bank.of(np.array([p.pdq[0] for _, p in rows], np.uint64)),
            phash=Bank.of(np.array([p.phash for _, p in rows], np.uint64)),
            owners=np.array([index for index, _ in rows], np.intp),
        )

    def near(self, prints: Sequence[Fingerprint], *, within_bits: int) -> Mapping[int, Near]:
        """Owners of which either hash is near to one of the picture's in any position, each with its nearest."""
        nearest: dict[int, Near] = {}
        for p in prints:
            rows = self._rows(p, within_bits)
            pdq = _hashes.distances(p.pdq, self.pdq.at(rows))
            phash = _hashes.distances(p.phash[None], self.phash.at(rows))[0]
            for index, owner in enumerate(self.owners[rows].tolist()):
                found = _near(p, pdq[:, index], int(phash[index]))
                if found.bits < nearest.get(owner, FAR).bits:
                    nearest[owner] = found
        return nearest

    def _rows(self, own: Fingerprint, within_bits: int) -> NDArray[np.intp]:
        by_pdq = [self.pdq.rows(position, within_bits=within_bits) for position in own.pdq]
        return np.unique(np.concatenate([*by_pdq, self.phash.rows(own.phash, within_bits=within_bits)]))


def _near(own: Fingerprint, pdq_bits: NDArray[np.int64], phash_bits: int) -> Near:
    """By the position that PDQ likes best; where pHash, which knows only the upright one, likes that better, by it."""
    position = int(pdq_bits.argmin()) if pdq_bits.min() <= phash_bits else 0
    return Near(
        pdq_bits=int(pdq_bits[position]),
        phash_bits=phash_bits,
        quad=_hashes.corners(own.box, position),
        is_mirrored=_hashes.POSITIONS[position][1],
    )
