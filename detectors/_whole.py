"""
Whole pictures known beforehand, found again: re-posts, crops, screenshots, collages.

Hashes come first and suffice where a picture was only recompressed, resized, turned or mirrored. What hashes cannot see is found by
local features; then the two pictures, laid over each other, must agree all over what they have in common. A scene that only shows the same
patch as the known picture does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from detectors import _bank, _decode, _features, _hashes, _photometry, _placement, _quads
from detectors._bank import Known
from detectors._features import Features
from detectors._hashes import Fingerprint
from detectors._near import FAR, Near, Table
from detectors._placement import Placement
from detectors._votes import Votes
from detectors.detector import Frame, Reference
from footprint.findings import Quad

SIDE_PX = 512
POINTS = 400
RATIO = 0.8
MOST_FRAMES = 12
"""Frames of a known film that are looked for."""
CLOSE_BITS = 40
"""Distance of either hash, of 256, up to which two pictures are the same without another look."""
NEAR_BITS = 90
"""Distance up to which a picture is a candidate, to be confirmed by local features."""
MIN_INLIERS = 8
MIN_INLIERS_NEAR = 6
"""Points that must agree: where hashes say nothing, and where they say that it may be."""
MIN_CONSENT = 0.6
"""Least share of what both show that must look the same."""
MIN_AGREEMENT = 0.75
"""
Least correlation of gradients all over what both show. Of copies on BSDS500's validation part (40 an attack of benchmarks/copies.py) the
lowest is 0.90, and where something was pasted over an eighth of a picture some 0.8; most pictures that have only a mark in common stay under it.
"""
LEAST_SHARE = 0.08
"""Least share of a known picture that must be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One known picture. `anywhere` says whether it is also looked for inside other pictures, or only by its hashes."""

    known: Known
    prints: tuple[Fingerprint, ...]
    anywhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """
    A known picture found in a frame.

    `near` says how far its fingerprint is, `consent` what share of what both show looks the same; `placement` says how it lies there, None where hashes alone tell; `is_mirrored` that left and right are exchanged, so that the quad
    runs counter-clockwise.
    """

    whole: Whole
    near: Near
    quad: Quad
    is_mirrored: bool
    placement: Placement | None = None
    consent: float = 0.0

    @property
    def exemplar_id(self) -> str:
        return self.whole.known.reference.exemplar.id

    @property
    def identifier_id(self) -> str:
        return self.whole.known.reference.identifier.id

    def covers(self, quad: Quad) -> bool:
        """Whether the middle of a quad in the same frame lies inside."""
        return _quads.contains(self.quad, _quads.middle(quad))

    @property
    def strength(self) -> tuple[int, int]:
        return self.placement.inliers if self.placement else 0, -self.near.bits


def approved_use(reference: Reference, quad: Quad, approved: Sequence[Copy]) -> dict[str, str]:
    """Evidence that what is claimed at a quad lies in a picture that was approved for use, if so."""
    uses = [c.exemplar_id for c in approved if c.identifier_id == reference.identifier.id and c.covers(quad)]
    return {"approved_use": uses[0]} if uses else {}


def prepared(reference: Reference, *, anywhere: bool) -> Iterator[Whole]:
    """The pictures of a reference: one of a still, some of a film. Raises UnreadableMedia that names the exemplar."""
    with _bank.named(reference):
        media = _decode.decode(reference.data, max_frames=MOST_FRAMES)
    for frame in media.frames:
        grey = _features.grey_of(frame.rgb)
        known = _bank.described(reference, grey, solid=None, side_px=SIDE_PX, max_points=POINTS, is_spread=True)
        yield Whole(known=known, prints=_telling(frame.rgb), anywhere=anywhere)


def _telling(rgb: NDArray[np.uint8]) -> tuple[Fingerprint, ...]:
    """Fingerprints that tell pictures apart: a near-blank picture has none."""
    return tuple(p for p in _hashes.fingerprints(rgb) if p.quality >= _hashes.MIN_QUALITY)


def gallery(references: Sequence[Reference], *, anywhere: bool) -> "Gallery":
    """Make references ready. Raises UnreadableMedia that names the exemplar."""
    return Gallery.of([whole for reference in references for whole in prepared(reference, anywhere=anywhere)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Known pictures, with their fingerprints as one table to search and the features of those looked for anywhere as one file of votes."""

    wholes: tuple[Whole, ...]
    table: Table
    votes: Votes

    @classmethod
    def of(cls, wholes: Sequence[Whole]) -> Self:
        nothing = _features.none()
        return cls(
            wholes=tuple(wholes),
            table=Table.of([whole.prints for whole in wholes]),
            votes=Votes.of([whole.known.features if whole.anywhere else nothing for whole in wholes]),
        )

    def copies(self, frame: Frame, *, side_px: int, max_points: int) -> Iterator[Copy]:
        """
        Every known picture that is in the frame, in the gallery's order; each at most once.

        Looked at closely are those with near hashes and those that local features vote for: a bounded number, however many are known.
        """
        if not self.wholes:
            return
        near = self.table.near(_prints(frame), within_bits=NEAR_BITS)
        looks = {(index, is_mirrored) for index in near for is_mirrored in (False, True)}
        scene = None
        if near or any(whole.anywhere for whole in self.wholes):
            scene = _features.of_frame(frame, side_px=side_px, max_points=max_points).coarse(SIDE_PX)
            looks |= {(c.owner, c.is_mirrored) for c in self.votes.shortlist(scene)}
        grey = _features.grey_of(frame.rgb)
        for index in sorted({index for index, _ in looks}):
            whole, close = self.wholes[index], near.get(index, FAR)
            ways = [w for w in (close.is_mirrored, not close.is_mirrored) if (index, w) in looks]
            found = None if scene is None else _placed(whole, scene, grey, close, ways)
            if found is None and close.bits <= CLOSE_BITS:
                found = Copy(whole=whole, near=close, quad=close.quad, is_mirrored=close.is_mirrored)
            if found is not None:
                yield found


def _prints(frame: Frame) -> tuple[Fingerprint, ...]:
    """The frame's fingerprints, unless it is near-blank."""
    if "hashes" not in frame.shared:
        frame.shared["hashes"] = _telling(frame.rgb)
    known: tuple[Fingerprint, ...] = frame.shared["hashes"]
    return known


def _placed(whole: Whole, scene: Features, grey: NDArray[np.uint8], near: Near, ways: Sequence[bool]) -> Copy | None:
    """The known picture by local features, mirrored or not, in the order of `ways`."""
    least = MIN_INLIERS_NEAR if near.bits <= NEAR_BITS else MIN_INLIERS
    for is_mirrored in ways:
        reference = whole.known.features.mirrored() if is_mirrored else whole.known.features
        pairs = _features.alike(reference, scene, ratio=RATIO)
        for found in _placement.placements(reference, scene, pairs, min_inliers=least, most=1):
            placement = _placement.unmirrored(found, reference) if is_mirrored else found
            laid = _photometry.lay(
                whole.known.grey, None, *_photometry.shrunk(grey, placement.homography, whole.known.grey)
            )
            if laid.share >= LEAST_SHARE and laid.agreement() >= MIN_AGREEMENT and laid.consent() >= MIN_CONSENT:
                return Copy(
                    whole=whole,
                    near=near,
                    quad=placement.quad,
                    is_mirrored=is_mirrored,
                    placement=placement,
                    consent=laid.consent(),
                )
    return None
