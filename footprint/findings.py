"""What the machine claims, and what a person is asked to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from footprint.digests import digest
from footprint.posts import MediaUse

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """
    Where in an asset.

    `quad` holds four corners clockwise from the exemplar's top left, in pixels of the upright picture (EXIF orientation
    applied) of `width_px` x `height_px`; corners may lie outside the picture. `span_s` is the first and last second of a video or
    sound in which the claim holds, None for a still picture; `frame_s` the second of the frame that the quad lies on.
    """

    quad: Quad
    width_px: int
    height_px: int
    span_s: tuple[float, float] | None = None
    frame_s: float | None = None

    @property
    def is_heard(self) -> bool:
        """Whether it is a part of a sound; the quad then lies on the spectrogram."""
        return self.span_s is not None and self.frame_s is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """
    One detector's claim about one asset.

    `measure` is the raw measure in `unit` ("inliers", "bits"), `probability` its calibrated probability in [0, 1], `sentence` the reason
    in plain words, `evidence` what a page needs to draw it (JSON values only, under 64 KiB). `id` is the digest of the rest.
    """

    id: str
    asset_sha256: str
    detector: str
    version: str
    identifier_id: str
    exemplar_id: str
    region: Region
    measure: float
    unit: str
    probability: float
    sentence: str
    evidence: Mapping[str, Any]


def detection_id(
    asset_sha256: str, detector: str, version: str, identifier_id: str, exemplar_id: str, region: Region
) -> str:
    """Identity of a claim: who says what about which place, not how surely. Coordinates are rounded to whole pixels."""
    corners = [[round(x), round(y)] for x, y in region.quad]
    return digest(
        asset_sha256, detector, version, identifier_id, exemplar_id, corners, region.span_s and list(region.span_s)
    )


class ScanOutcome(StrEnum):
    """What became of one detector's look at one asset. Nothing found and could not look are different words."""

    FOUND = "found"
    NOTHING = "nothing"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


SEEN = frozenset({ScanOutcome.FOUND, ScanOutcome.NOTHING})
"""Outcomes of a look that saw the asset."""


def clock(seconds: float) -> str:
    """A place in a recording: "0:41"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetScan:
    """One detector of one version looked at one asset, once. `id` is digest(asset, detector, version)."""

    id: str
    asset_sha256: str
    detector: str
    version: str
    run_id: str
    outcome: ScanOutcome
    detail: str = ""
    scanned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One post, one identifier: what a person is asked to look at. `id` is digest(post, identifier)."""

    id: str
    post_id: str
    account_id: str
    identifier_id: str
    run_id: str
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDetection:
    """
    A detection that supports a finding. `id` is digest(finding, detection).

    The detection names the detector's version; `threshold_id` is the ThresholdProposal that was in force, None where none was.
    """

    id: str
    finding_id: str
    detection_id: str
    threshold_id: str | None = None


def finding_id(post_id: str, identifier_id: str) -> str:
    """Identity of a finding."""
    return digest(post_id, identifier_id)


def fold(detections: Iterable[Detection], uses: Iterable[MediaUse]) -> dict[tuple[str, str], tuple[Detection, ...]]:
    """
    Fold claims about assets into findings about posts.

    Returns, for each (post id, identifier id), the detections on any asset that the post shows, the surest first.
    """
    posts_of: dict[str, set[str]] = {}
    for use in uses:
        posts_of.setdefault(use.asset_sha256, set()).add(use.post_id)
    folded: dict[tuple[str, str], list[Detection]] = {}
    for detection in detections:
        for post_id in posts_of.get(detection.asset_sha256, ()):
            folded.setdefault((post_id, detection.identifier_id), []).append(detection)
    return {key: tuple(sorted(claims, key=lambda d: (-d.probability, d.id))) for key, claims in sorted(folded.items())}
