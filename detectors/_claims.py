"""From what was seen in single frames to detections: the same for every detector of pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from detectors.detector import Frame, Media, Reference
from footprint.findings import Detection, Quad, Region, detection_id

MAX_GAP_FRAMES = 2
"""A span goes on over so many sampled frames in which the mark was not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An identifier seen in one frame. Fields as in Detection."""

    reference: Reference
    quad: Quad
    measure: float
    unit: str
    probability: float
    sentence: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    index: int
    frame: Frame
    claims: tuple[Claim, ...]  # of one identifier, the surest first


def name_of(reference: Reference) -> str:
    """What a sentence calls a reference: its identifier, with the exemplar's label where it has one."""
    label = reference.exemplar.label
    return f"'{reference.identifier.name}'" + (f" ({label})" if label and label != reference.identifier.name else "")


def detections(media: Media, seen: Sequence[Sequence[Claim]], *, detector: str, version: str) -> tuple[Detection, ...]:
    """
    Detections of an asset, the surest first. `seen` holds the claims of each frame of it, in their order.

    A still picture gives one for each claim. In a film, claims of one identifier in successive frames are one detection with the time
    span, on the frame in which it is surest.
    """
    found = []
    for index, (frame, claims) in enumerate(zip(media.frames, seen, strict=True)):
        if frame.time_s is None:
            found += [_detection(media, index, c, None, detector=detector, version=version) for c in claims]
    found += [
        _detection(media, run.index, claim, span, detector=detector, version=version)
        for run, claim, span in _spans(media, seen)
    ]
    return tuple(sorted(found, key=lambda d: (-d.probability, d.id)))


def _spans(media: Media, seen: Sequence[Sequence[Claim]]) -> list[tuple[_Seen, Claim, tuple[float, float]]]:
    by_identifier: dict[str, list[_Seen]] = {}
    for index, (frame, claims) in enumerate(zip(media.frames, seen, strict=True)):
        for identifier in sorted({c.reference.identifier.id for c in claims} if frame.time_s is not None else ()):
            own = tuple(c for c in claims if c.reference.identifier.id == identifier)
            by_identifier.setdefault(identifier, []).append(_Seen(index=index, frame=frame, claims=own))
    return [
        _span(run, is_film=not media.mime.startswith("application/"))
        for sightings in by_identifier.values()
        for run in _runs(sightings)
    ]


def _runs(sightings: Sequence[_Seen]) -> list[list[_Seen]]:
    runs: list[list[_Seen]] = []
    for sighting in sightings:
        if runs and sighting.index - runs[-1][-1].index <= MAX_GAP_FRAMES + 1:
            runs[-1].append(sighting)
        else:
            runs.append([sighting])
    return runs


def _span(run: Sequence[_Seen], *, is_film: bool) -> tuple[_Seen, Claim, tuple[float, float]]:
    best = max(run, key=lambda s: (s.claims[0].probability, s.claims[0].measure, -s.index))
    first_s, last_s = run[0].frame.time_s or 0.0, run[-1].frame.time_s or 0.0
    claim = best.claims[0]
    more = {"frames_with": len(run), "instances": max(len(s.claims) for s in run)}
    where = (
        f"in {len(run)} of the frames looked at from {first_s:.1f} to {last_s:.1f} s"
        if len(run) > 1
        else f"at {first_s:.1f} s"
    )
    if not is_film:  # a document, whose pictures are numbered
        where = f"in picture {best.frame.time_s or 0.0:.0f} of the document" + (
            f" and {len(run) - 1} more" if len(run) > 1 else ""
        )
    spoken = f"{claim.sentence.rstrip('.')}, {where}."
    return best, replace(claim, evidence={**claim.evidence, **more}, sentence=spoken), (first_s, last_s)


def _detection(
    media: Media, index: int, claim: Claim, span_s: tuple[float, float] | None, *, detector: str, version: str
) -> Detection:
    frame = media.frames[index]
    height, width = frame.rgb.shape[:2]
    quad = tuple((round(float(x), 2), round(float(y), 2)) for x, y in claim.quad)
    region = Region(quad=quad, width_px=int(width), height_px=int(height), span_s=span_s, frame_s=frame.time_s)  # type: ignore[arg-type]
    exemplar, identifier = claim.reference.exemplar, claim.reference.identifier
    return Detection(
        id=detection_id(media.sha256, detector, version, identifier.id, exemplar.id, region),
        asset_sha256=media.sha256,
        detector=detector,
        version=version,
        identifier_id=identifier.id,
        exemplar_id=exemplar.id,
        region=region,
        measure=float(claim.measure),
        unit=claim.unit,
        probability=round(float(claim.probability), 4),
        sentence=claim.sentence,
        evidence=claim.evidence,
    )
