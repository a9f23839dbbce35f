"""
Known pictures, posted again: whole, cropped, in a screenshot or a collage, turned or mirrored.

Exemplars of photographs and films are looked for inside every picture. An exemplar of a mark (a patch, a logo) is claimed here only where
the picture as a whole is that exemplar; where it is part of a scene, it is for `marks`. So is a picture that was approved for
publication: its copies are claimed, and say so (`approved_use` among the evidence), so that what follows from it is decided elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detectors import _bank, _calibration, _evidence, _features, _quads, _whole
from detectors._claims import Claim, detections, name_of
from detectors._features import Features
from detectors._whole import Copy, Gallery
from detectors.detector import Frame, Media, Reference
from detectors.marks import SCENE_POINTS, SIDE_PX
from footprint.findings import Detection
from footprint.identifiers import Polarity

NAME = "copies"
CODE = "3"
SAME_PLACE = 0.5
"""Overlap from which two known pictures are found in one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """The detector. `side_px` is the longer side that pictures are looked at in."""

    version: str
    gallery: Gallery
    side_px: int
    name: str = NAME

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Claims about the asset, the surest first; at most one an identifier and place."""
        seen = [tuple(sorted(self._claims(frame), key=lambda c: -c.probability)) for frame in media.frames]
        return detections(media, seen, detector=self.name, version=self.version)

    def _claims(self, frame: Frame) -> Iterator[Claim]:
        found = list(self.gallery.copies(frame, side_px=self.side_px, max_points=SCENE_POINTS))
        found.sort(key=lambda c: (*(-s for s in c.strength), c.exemplar_id))
        others = [c for c in found if _polarity(c) is Polarity.LOOK_ALIKE]
        approved = [c for c in found if _polarity(c) is Polarity.APPROVED_USE]
        kept: list[Copy] = []
        for copy in found:
            if _polarity(copy) is Polarity.LOOK_ALIKE or any(_is_better(other, copy) for other in others):
                continue
            if not any(before.identifier_id == copy.identifier_id and _same_place(before, copy) for before in kept):
                kept.append(copy)
                rival = next((o for o in others if _same_place(o, copy)), None)
                scene = _features.of_frame(frame, side_px=self.side_px, max_points=SCENE_POINTS).coarse(_whole.SIDE_PX)
                yield _claim(copy, scene, rival, approved)


def _polarity(copy: Copy) -> Polarity:
    return copy.whole.known.reference.exemplar.polarity


def _same_place(one: Copy, other: Copy) -> bool:
    return _quads.overlap(one.quad, other.quad) > SAME_PLACE


def _is_better(other: Copy, copy: Copy) -> bool:
    return _same_place(other, copy) and other.strength > copy.strength


def _claim(copy: Copy, scene: Features, rival: Copy | None, approved: Sequence[Copy]) -> Claim:
    reference, placement = copy.whole.known.reference, copy.placement
    known = copy.whole.known.features
    evidence: dict[str, Any] = {
        "exemplar_size": [known.width, known.height],
        **(_evidence.of_placement(known, scene, placement) if placement else {}),
        "pdq_bits": copy.near.pdq_bits,
        "phash_bits": copy.near.phash_bits,
        "mirrored": copy.is_mirrored,
        "consent": round(copy.consent, 3),
        "look_alike": None if rival is None else {"exemplar_id": rival.exemplar_id, "bits": rival.near.bits},
        **_whole.approved_use(reference, copy.quad, approved),
    }
    by_hash = copy.near.bits <= _whole.CLOSE_BITS
    return Claim(
        reference=reference,
        quad=copy.quad,
        measure=float(copy.near.bits if by_hash or placement is None else placement.inliers),
        unit="bits" if by_hash else "inliers",
        probability=_calibration.of_copy(copy.near.bits, placement.inliers if placement else 0, copy.consent),
        sentence=_sentence(copy),
        evidence=evidence,
    )


def _sentence(copy: Copy) -> str:
    name = name_of(copy.whole.known.reference)
    how = ", mirrored" if copy.is_mirrored else ""
    points = f"{copy.placement.inliers} of {copy.placement.candidates} points agree" if copy.placement else ""
    if copy.near.bits <= _whole.CLOSE_BITS:
        and_points = f", and {points}" if points else ""
        return f"The picture is {name}{how}: {copy.near.bits} of 256 bits of its fingerprint differ{and_points}."
    return f"A part of the picture is {name}, or of it{how}: {points} on one placement."


def build(references: Sequence[Reference], options: Mapping[str, Any]) -> Copies:
    """
    Make the detector from all pictures and films among the references.

    Option: `side_px`, the longer side that pictures are looked at in. Raises UnreadableMedia that names an exemplar.
    """
    side_px = int(_bank.option(options, "side_px", SIDE_PX))
    own = sorted((r for r in references if _bank.is_pictorial(r)), key=lambda r: r.exemplar.id)
    wholes = [whole for reference in own for whole in _whole.prepared(reference, anywhere=_is_looked_for(reference))]
    return Copies(version=_bank.version(CODE, own, {"side_px": side_px}), gallery=Gallery.of(wholes), side_px=side_px)


def _is_looked_for(reference: Reference) -> bool:
    return reference.identifier.kind in _bank.PICTURES or reference.exemplar.polarity is Polarity.APPROVED_USE
