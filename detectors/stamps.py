"""
What cameras and terminals stamp on their pictures, always in the same place: a body-worn camera's name, a dispatch terminal's frame.

A template is made of what stays the same over frames of one camera, three or more, or of a stamp alone on a transparent ground, as large as a
frame. It needs no letters that can be read. Cameras of one maker stamp much alike, so a template is possible at most, and pictures that a look-alike frame
explains better are not claimed; registered wording, which `lettering` reads, says more.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _bank, _calibration, _decode, _evidence, _features, _hashes, _quads, _template, _whole
from detectors._claims import Claim, detections, name_of
from detectors._template import Match, Scene, Template
from detectors._whole import Gallery
from detectors.detector import Frame, Media, Reference
from footprint.findings import Detection
from footprint.identifiers import Kind, Polarity

NAME = "stamps"
CODE = "1"
SIDE_PX = 640
"""Longer side in which frames are compared: letters of 22 pixels on a frame of 1280 are 11 high."""
MIN_PROBABILITY = 0.5
LEAST_FRAMES = 3
LEAST_FRAME_PX = 320
LEAST_CLEAR = 0.6
"""Share of a picture that must be transparent for it to be a stamp, and no thing that was cut out."""
MOST_STEADY = 0.25
"""Share of a frame that stays the same from which its frames must show one scene."""
GROUNDS = 6
"""Mottled grounds that a transparent stamp is laid on."""
SEED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An exemplar that is a whole frame, in grey as frames are compared; `solid`, shape (height, width), is its opacity where it is a stamp alone, else None."""

    reference: Reference
    grey: NDArray[np.uint8]
    solid: NDArray[Any] | None

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width, by which frames of one camera are told."""
        return self.grey.shape[0], self.grey.shape[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What one camera stamps, with the exemplar that stands for it and how many frames it was made of."""

    reference: Reference
    template: Template
    frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """The detector. `look_alikes` are other cameras' frames."""

    version: str
    stamps: tuple[Stamp, ...]
    look_alikes: tuple[Shown, ...]
    approved: Gallery
    name: str = NAME

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Claims about the asset, the surest first; at most one an identifier."""
        if not self.stamps:
            return ()
        seen = [tuple(_best(self._claims(frame))) for frame in media.frames]
        return detections(media, seen, detector=self.name, version=self.version)

    def _claims(self, frame: Frame) -> Iterator[Claim]:
        height, width = frame.rgb.shape[:2]
        whole = (0, 0, width, height)
        scene = Scene(_features.grey_of(frame.rgb), tuple(dict.fromkeys((whole, _hashes.trimmed_box(frame.rgb)))))
        for stamp in self.stamps:
            match = _template.find(stamp.template, scene)
            if match is None or _calibration.of_stamp(match.agreement) < MIN_PROBABILITY:
                continue
            rival = self._rival(stamp, match)
            if rival is None or rival[1] < match.agreement:
                yield self._claim(stamp, match, rival, frame)

    def _rival(self, stamp: Stamp, match: Match) -> tuple[Reference, float] | None:
        """The look-alike of the same shape that is most like the picture where the stamp is."""
        likenesses = [
            (other.reference, _template.likeness(stamp.template, _template.directions(other.grey), match))
            for other in self.look_alikes
            if other.shape == stamp.template.size[::-1]
        ]
        return max(likenesses, key=lambda pair: pair[1], default=None)

    def _claim(self, stamp: Stamp, match: Match, rival: tuple[Reference, float] | None, frame: Frame) -> Claim:
        middles, alike = _template.cells(stamp.template, match)
        (width, height), (left, top) = stamp.template.size, match.corner
        quad = _quads.of_box((left, top, left + width * match.scale, top + height * match.scale))
        approved = tuple(self.approved.copies(frame, side_px=_whole.SIDE_PX, max_points=_whole.POINTS))
        evidence = {
            "agreement": round(match.agreement, 3),
            "frames": stamp.frames,
            "cells": len(alike),
            "cells_alike": int(alike.sum()),
            "points": _points(middles[alike], match),
            "look_alike": None if rival is None else _rival_evidence(*rival),
        }
        return Claim(
            reference=stamp.reference,
            quad=quad,
            measure=round(match.agreement, 3),
            unit="correlation",
            probability=min(_calibration.of_stamp(match.agreement), _calibration.POSSIBLE),
            sentence=(
                f"{int(alike.sum())} of {len(alike)} places of the stamp of {name_of(stamp.reference)}, made of {_made_of(stamp.frames)}, "
                "agree with this picture."
            ),
            evidence=evidence | _whole.approved_use(stamp.reference, quad, approved),
        )


def _best(claims: Iterator[Claim]) -> list[Claim]:
    """The surest of each identifier."""
    best: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda c: (-c.measure, c.reference.exemplar.id)):
        best.setdefault(claim.reference.identifier.id, claim)
    return sorted(best.values(), key=lambda c: -c.probability)


def _points(middles: NDArray[np.float64], match: Match) -> list[list[float]]:
    """Places that agree, taken evenly, as `_evidence.of_placement` has them."""
    step = -(-len(middles) // _evidence.MAX_POINTS) or 1
    return [
        [round(v, 1) for v in (x, y, match.corner[0] + x * match.scale, match.corner[1] + y * match.scale)]
        for x, y in middles[::step].tolist()
    ]


def _rival_evidence(reference: Reference, likeness: float) -> dict[str, Any]:
    exemplar = reference.exemplar
    return {"exemplar_id": exemplar.id, "label": exemplar.label, "agreement": round(likeness, 3)}


def build(references: Sequence[Reference], options: Mapping[str, Any]) -> Stamps:
    """
    Make the detector from the frames among the references of equipment.

    Options: `side_px`, the longer side that frames are compared in. Raises UnreadableMedia that names an exemplar.
    """
    side_px = int(_bank.option(options, "side_px", SIDE_PX))
    own = sorted((r for r in references if _is_own(r)), key=lambda r: r.exemplar.id)
    ours = {p: [r for r in own if r.exemplar.polarity is p] for p in Polarity}
    return Stamps(
        version=_bank.version(CODE, own, {"side_px": side_px}),
        stamps=tuple(_stamps(list(_frames(ours[Polarity.POSITIVE], side_px)))),
        look_alikes=tuple(_frames(ours[Polarity.LOOK_ALIKE], side_px)),
        approved=_whole.gallery(ours[Polarity.APPROVED_USE], anywhere=True),
    )


def framed(references: Sequence[Reference]) -> frozenset[str]:
    """
    Ids of the exemplars that are looked for as frames and not as marks: what they show behind the stamp is anybody's street.

    Raises UnreadableMedia that names an exemplar.
    """
    own = [r for r in references if _is_own(r) and r.exemplar.polarity is not Polarity.APPROVED_USE]
    frames = list(_frames(sorted(own, key=lambda r: r.exemplar.id), SIDE_PX))
    stamps = list(_stamps([f for f in frames if f.reference.exemplar.polarity is Polarity.POSITIVE]))
    shapes = {(s.reference.identifier.id, s.template.size[::-1]) for s in stamps}
    return frozenset(f.reference.exemplar.id for f in frames if (f.reference.identifier.id, f.shape) in shapes)


def advice(own: Sequence[Reference]) -> str:
    """What becomes of the frames among one identifier's exemplars, in a sentence; "" where there are none."""
    positives = [r for r in own if _is_own(r) and r.exemplar.polarity is Polarity.POSITIVE]
    frames = list(_frames(sorted(positives, key=lambda r: r.exemplar.id), SIDE_PX))
    stamps = list(_stamps(frames))
    if stamps and max(s.template.share for s in stamps) > MOST_STEADY:
        return "Its frames show one scene, which is taken for the stamp: add frames of other scenes by the same camera."
    if stamps:
        shares = ", ".join(f"{s.template.share:.1%} of the frame by {_made_of(s.frames)}" for s in stamps)
        return f"What it stamps on its pictures is looked for by template ({shares}), and possible at most without its wording."
    most = max(Counter(f.shape for f in frames if f.solid is None).values(), default=0)
    if most >= LEAST_FRAMES:
        return "Nothing stays in its place over its pictures: no template of a stamp is looked for."
    if most == 0:
        return ""
    return (
        f"Where these are whole frames that a camera stamps: {LEAST_FRAMES - most} more of the same proportions, of other scenes, and what stays the same "
        "is looked for as a template."
    )


def _made_of(frames: int) -> str:
    return "a transparent picture" if frames == 1 else f"{frames} frames"


def _is_own(reference: Reference) -> bool:
    return reference.identifier.kind is Kind.EQUIPMENT and _bank.is_pictorial(reference)


def _frames(references: Sequence[Reference], side_px: int) -> Iterator[Shown]:
    """Those that may be whole frames: large enough, and either opaque or mostly clear."""
    for reference in references:
        with _bank.named(reference):
            rgb, alpha = _decode.picture(reference.data)
        clear = 0.0 if alpha is None else float((alpha == 0).mean())
        if max(rgb.shape[:2]) < LEAST_FRAME_PX or 0 < clear < LEAST_CLEAR:
            continue
        scale = side_px / max(rgb.shape[:2])
        grey = _features.resized(_features.grey_of(rgb), scale)
        opacity = None if alpha is None or not clear else _features.resized(alpha, scale).astype(np.float32) / 255
        yield Shown(reference=reference, grey=grey, solid=opacity)


def _stamps(frames: Sequence[Shown]) -> Iterator[Stamp]:
    """One for each stamp alone, and one for each identifier's frames of one shape, where enough stays the same."""
    groups: dict[tuple[str, tuple[int, int]], list[Shown]] = {}
    for frame in frames:
        if frame.solid is not None:
            yield from _stamp([frame], _laid(frame.grey, frame.solid))
        else:
            groups.setdefault((frame.reference.identifier.id, frame.shape), []).append(frame)
    for group in groups.values():
        if len(group) >= LEAST_FRAMES:
            yield from _stamp(group, [frame.grey for frame in group])


def _stamp(of: Sequence[Shown], greys: Sequence[NDArray[np.uint8]]) -> Iterator[Stamp]:
    made = _template.template(greys)
    if made is not None:
        yield Stamp(reference=of[0].reference, template=made, frames=len(of))


def _laid(grey: NDArray[np.uint8], solid: NDArray[Any]) -> list[NDArray[np.uint8]]:
    """A stamp on grounds of every brightness."""
    rng = np.random.default_rng(SEED)
    height, width = grey.shape
    laid = []
    for level in np.linspace(40, 215, GROUNDS):
        mottle = cv2.resize(
            rng.normal(0, 1, (24, 24)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
        laid.append(np.clip(grey * solid + (level + 40 * mottle) * (1 - solid), 0, 255).astype(np.uint8))
    return laid
