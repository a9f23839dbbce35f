"""
Which known pictures a scene may hold, by votes of its local features: a shortlist, so that few are looked at closely however many there are.

Features of the known pictures, as they are and mirrored, are filed by the nearest of some hundred sample features (an inverted file; Sivic and
Zisserman 2003), each with 64 bits that say on which side of random planes it lies (Hamming embedding; Jegou et al. 2008). A feature of the
scene votes for the picture that has the most alike in the drawers nearest to it; where several have, they share the vote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from detectors._features import Features, Floats

BITS = 64
MOST_BITS = 16
"""Bits of 64 that may differ for a vote. Unlike features differ in some 32."""
DRAWER = 64
"""Features to a drawer, about; more where there would be more than MOST_DRAWERS."""
MOST_DRAWERS = 2048
NEIGHBOURS = 2
"""Drawers that a feature of the scene looks into."""
LEAST_VOTES = 3
SHORTLIST = 12
"""Known pictures that are looked at closely."""
SEED = 11
STRETCH = 256
"""Features of the scene that vote in one go, so that memory stays bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A picture that may be there, by its number, and whether mirrored."""

    owner: int
    is_mirrored: bool
    votes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """
    The inverted file. `codes` (n,) and `owners` (n,) lie drawer by drawer, those of drawer d from `starts[d]` on; an owner is twice the number
    of its picture, plus one for its mirror image.
    """

    centres: Floats
    planes: Floats
    mean: Floats
    starts: NDArray[np.intp]
    codes: NDArray[np.uint64]
    owners: NDArray[np.intp]
    pictures: int

    @classmethod
    def of(cls, pictures: Sequence[Features]) -> Self:
        """One picture for each element, in order. Deterministic."""
        both = [seen for own in pictures for seen in (own, own.mirrored())]
        rows = np.concatenate([np.zeros((0, 128), np.float32), *(f.descriptors for f in both)])
        owners = np.repeat(np.arange(len(both)), [len(f) for f in both])
        rng = np.random.default_rng(SEED)
        count = min(MOST_DRAWERS, max(1, len(rows) // DRAWER))
        centres = rows[np.sort(rng.choice(len(rows), count, replace=False))] if len(rows) else rows
        planes = rng.standard_normal((128, BITS)).astype(np.float32)
        mean = rows.mean(axis=0) if len(rows) else np.zeros(128, np.float32)
        drawers = _nearest(rows, centres, 1)[:, 0] if len(rows) else np.zeros(0, np.intp)
        order = np.argsort(drawers, kind="stable")
        return cls(
            centres=centres,
            planes=planes,
            mean=mean,
            starts=np.searchsorted(drawers[order], np.arange(len(centres) + 1)),
            codes=_codes(rows[order], mean, planes),
            owners=owners[order],
            pictures=len(pictures),
        )

    def shortlist(self, scene: Features) -> tuple[Candidate, ...]:
        """At most SHORTLIST pictures with at least LEAST_VOTES, the most voted for first."""
        if not len(scene) or not len(self.codes):
            return ()
        votes = np.zeros(2 * self.pictures)
        for start in range(0, len(scene), STRETCH):
            votes += self._votes(scene.descriptors[start : start + STRETCH])
        best = np.argsort(-votes, kind="stable")[:SHORTLIST]
        return tuple(
            Candidate(owner=int(o) // 2, is_mirrored=bool(o % 2), votes=float(votes[o]))
            for o in best
            if votes[o] >= LEAST_VOTES
        )

    def _votes(self, descriptors: Floats) -> NDArray[np.float64]:
        """What so many features of a scene vote for, by owner."""
        codes = _codes(descriptors, self.mean, self.planes)
        drawers = _nearest(descriptors, self.centres, min(NEIGHBOURS, len(self.centres)))
        lengths = (self.starts[drawers + 1] - self.starts[drawers]).ravel()
        voters = np.repeat(np.repeat(np.arange(len(codes)), drawers.shape[1]), lengths)
        ends = np.cumsum(lengths)
        entries = np.arange(ends[-1]) + np.repeat(self.starts[drawers].ravel() - (ends - lengths), lengths)
        bits = np.bitwise_count(self.codes[entries] ^ codes[voters])
        nearest = np.full(len(codes), MOST_BITS, np.uint8)
        np.minimum.at(nearest, voters, bits)
        alike = bits <= nearest[voters]
        ballots = np.unique(voters[alike] * (2 * self.pictures) + self.owners[entries[alike]])
        voter, owner = np.divmod(ballots, 2 * self.pictures)
        weights = 1.0 / np.maximum(np.bincount(voter, minlength=len(codes)), 1)
        return np.bincount(owner, weights=weights[voter], minlength=2 * self.pictures).astype(np.float64)


def _nearest(rows: Floats, centres: Floats, count: int) -> NDArray[np.intp]:
    """The most alike centres of each row, which are of length 1, shape (rows, count)."""
    found = [np.zeros((0, count), np.intp)]
    for start in range(0, len(rows), 4096):
        likeness = rows[start : start + 4096] @ centres.T
        found.append(
            likeness.argmax(axis=1)[:, None] if count == 1 else np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        )
    return np.concatenate(found)


def _codes(rows: Floats, mean: Floats, planes: Floats) -> NDArray[np.uint64]:
    sides = (rows - mean) @ planes > 0
    return np.packbits(sides, axis=1).view(np.uint64)[:, 0]
