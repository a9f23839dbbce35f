"""
Known recordings, heard again: in another recording, in a film, cut, re-encoded, with noise over them. Never who speaks.

Exemplars of the kind `audio` are looked for; a film among them by its sound. What sounds like a look-alike (a song that was played at
the ceremony) is left out where the look-alike agrees better. Played faster or slower, or sung by another, a recording is not found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detectors import _bank, _calibration, _decode, _evidence, _landmarks, _spectrogram
from detectors._assessment import Assessment
from detectors._claims import name_of
from detectors._landmarks import HOP_S, RATE_HZ, WINDOW, Heard, Landmarks
from detectors.detector import Media, Reference
from footprint.findings import Detection, Quad, Region, clock, detection_id
from footprint.identifiers import Kind, Polarity

NAME = "audio"
CODE = "3"
LEAST_LANDMARKS = 20
"""Landmarks that must agree on one delay."""
FEW_LANDMARKS, SHORT_S = 150, 5.0
"""What an exemplar should have at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A reference made ready."""

    reference: Reference
    landmarks: Landmarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """The detector."""

    version: str
    recordings: tuple[Recording, ...]
    name: str = NAME
    rate_hz: int = RATE_HZ

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Claims about the sound, the surest first; one for each span in which a recording is heard."""
        sound = _heard_in(media)
        found = [
            (recording.reference, heard)
            for recording in self.recordings
            for heard in _landmarks.heard(recording.landmarks, sound, least=LEAST_LANDMARKS)
        ]
        found.sort(key=lambda pair: (-pair[1].landmarks, pair[0].exemplar.id, pair[1].span_s))
        kept: list[tuple[Reference, Heard]] = []
        for reference, heard in found:
            rivals = [r for r, h in kept if _overlap(h, heard) and _is_rival(r, reference)]
            if not rivals:
                kept.append((reference, heard))
        claims = [
            self._detection(media, reference, heard, found)
            for reference, heard in kept
            if reference.exemplar.polarity is Polarity.POSITIVE
        ]
        return tuple(sorted(claims, key=lambda d: (-d.probability, d.id)))

    def _detection(
        self, media: Media, reference: Reference, heard: Heard, found: Sequence[tuple[Reference, Heard]]
    ) -> Detection:
        length_s = media.duration_s or heard.span_s[1]
        span_s = heard.span_s[0], min(heard.span_s[1], length_s)
        stretch_s = _spectrogram.shown_s(span_s, length_s)
        region = Region(
            quad=_rounded(_spectrogram.quad(span_s, stretch_s)),
            width_px=_spectrogram.WIDTH_PX,
            height_px=_spectrogram.HEIGHT_PX,
            span_s=span_s,
        )
        exemplar, identifier = reference.exemplar, reference.identifier
        approved = [
            r.exemplar.id
            for r, h in found
            if r.exemplar.polarity is Polarity.APPROVED_USE and r.identifier.id == identifier.id and _overlap(h, heard)
        ]
        evidence: dict[str, Any] = {
            "shown_s": list(stretch_s),
            "points": _points(heard, stretch_s),
            "starts_s": heard.starts_s,
            "landmarks": heard.landmarks,
            "landmarks_possible": heard.possible,
            "look_alike": _rival(heard, found),
            **({"approved_use": approved[0]} if approved else {}),
        }
        return Detection(
            id=detection_id(media.sha256, self.name, self.version, identifier.id, exemplar.id, region),
            asset_sha256=media.sha256,
            detector=self.name,
            version=self.version,
            identifier_id=identifier.id,
            exemplar_id=exemplar.id,
            region=region,
            measure=float(heard.landmarks),
            unit="landmarks",
            probability=round(_calibration.of_sound(heard.landmarks), 4),
            sentence=(
                f"From {clock(span_s[0])} to {clock(span_s[1])}, {name_of(reference)} is heard, from its {clock(heard.starts_s)} on: "
                f"{heard.landmarks} of {heard.possible} landmarks agree on one delay."
            ),
            evidence=evidence,
        )


def _rival(heard: Heard, found: Sequence[tuple[Reference, Heard]]) -> dict[str, Any] | None:
    """The look-alike that is heard best in half of this span or more, None where none is: what plays before and after is no rival."""
    for reference, other in found:
        shared_s = min(other.span_s[1], heard.span_s[1]) - max(other.span_s[0], heard.span_s[0])
        is_there = 2 * shared_s >= heard.span_s[1] - heard.span_s[0]
        if is_there and reference.exemplar.polarity is Polarity.LOOK_ALIKE:
            exemplar = reference.exemplar
            return {"exemplar_id": exemplar.id, "label": exemplar.label, "landmarks": other.landmarks}
    return None


def _points(heard: Heard, stretch_s: _spectrogram.Span) -> list[list[float]]:
    """Peaks that agree, taken evenly: second in the exemplar, pitch in Hz, and their place on the picture of the sound."""
    step = -(-len(heard.peaks) // _evidence.MAX_POINTS) or 1
    return [
        [round(v, 2) for v in (own * HOP_S, pitch * RATE_HZ / WINDOW, *_spectrogram.point(there, pitch, stretch_s))]
        for own, there, pitch in heard.peaks[::step].tolist()
    ]


def _rounded(quad: Quad) -> Quad:
    a, b, c, d = ((round(x, 2), round(y, 2)) for x, y in quad)
    return a, b, c, d


def _overlap(one: Heard, other: Heard) -> bool:
    return one.span_s[0] < other.span_s[1] and other.span_s[0] < one.span_s[1]


def _is_rival(stronger: Reference, weaker: Reference) -> bool:
    """Whether hearing the stronger one explains the weaker one: a look-alike, or another exemplar of the same identifier."""
    if stronger.exemplar.polarity is Polarity.LOOK_ALIKE:
        return True
    same = stronger.identifier.id == weaker.identifier.id
    return same and stronger.exemplar.polarity is weaker.exemplar.polarity


def build(references: Sequence[Reference], options: Mapping[str, Any]) -> Audio:
    """Make the detector from the recordings among the references; no options. Raises UnreadableMedia that names an exemplar."""
    own = sorted((r for r in references if _is_sound(r)), key=lambda r: r.exemplar.id)
    return Audio(version=_bank.version(CODE, own, {}), recordings=tuple(_recording(r)[0] for r in own))


def assess(references: Sequence[Reference]) -> tuple[Assessment, ...]:
    """Say how good recordings are, in the order given. Raises UnreadableMedia that names an exemplar which cannot be used."""
    return tuple(_assess(r) for r in references if _is_sound(r))


def _is_sound(reference: Reference) -> bool:
    return reference.identifier.kind is Kind.AUDIO and reference.exemplar.mime.split("/")[0] in ("audio", "video")


def _recording(reference: Reference) -> tuple[Recording, float]:
    """A reference made ready, and its length in seconds."""
    with _bank.named(reference):
        media = _decode.listen(reference.data)
    return Recording(reference=reference, landmarks=_heard_in(media)), media.duration_s or 0.0


def _heard_in(media: Media) -> Landmarks:
    return _landmarks.landmarks(np.zeros(0, np.float32) if media.sound is None else media.sound)


def _assess(reference: Reference) -> Assessment:
    recording, length_s = _recording(reference)
    count = len(recording.landmarks)
    name = reference.exemplar.label or reference.exemplar.id
    if count < LEAST_LANDMARKS:
        words = f"silent or too plain to be heard again ({count} landmarks): it will find nothing"
    elif length_s < SHORT_S or count < FEW_LANDMARKS:
        words = f"short or plain ({length_s:.1f} s, {count} landmarks): it is found only where nearly all of it is heard clearly"
    else:
        words = f"good ({length_s:.1f} s, {count} landmarks)"
    return Assessment(
        exemplar_id=reference.exemplar.id,
        points=count,
        smallest_px=None,
        near_duplicates=(),
        sentence=f"{name}: {words}.",
    )
