"""A finding as the review page draws it: pictures, frames and sounds with boxes on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.phrases import chance
from footprint.documents import FOUND_FROM
from footprint.dossiers import Dossier
from footprint.findings import Detection, Point, Region, clock
from footprint.identifiers import Kind

SAME_PLACE = 0.6
"""Overlap (intersection over union of bounding boxes) from which two claims are drawn as one box."""

SHOWN_PX = (600, 460)
"""About the room that a picture has on the page, and the size of its labels there."""

LABEL_PX = 12.5
FRAME = 0.004
"""How far within the picture the frame is drawn of a claim about all of it, as a part of the longer side."""

Bounds = tuple[float, float, float, float]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """
    A claim on a picture, in the picture's pixels: the quad as an SVG `points` list, where its label stands, and the points of the
    picture that agree with the exemplar, where the detector kept them.
    """

    detection: Detection
    certainty: str
    points: str
    label: str
    bounds: Bounds
    label_x: float
    label_y: float
    label_width: float
    font_px: float
    matches: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What can be played of a claim about a sound: its own span, and the same of the exemplar, None where nobody kept where that begins."""

    span_s: Span
    exemplar_id: str
    exemplar_span_s: Span | None

    @property
    def query(self) -> str:
        """What the address of the post's sound asks for."""
        return _seconds(self.span_s)

    @property
    def exemplar_query(self) -> str:
        """What the address of the exemplar's sound asks for, "" where it is not known."""
        return _seconds(self.exemplar_span_s) if self.exemplar_span_s else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """
    One picture, one frame of a video, or a stretch of a sound as a spectrogram, with its boxes.

    `number` is its place in the URL, from 1; `crop` frames the surest claim, `when` says in words where in the asset that one holds, and `played`
    is what can be heard of it.
    """

    number: int
    sha256: str
    frame_s: float | None
    stretch_s: Span | None
    when: str
    width_px: int
    height_px: int
    boxes: tuple[Box, ...]
    crop: Bounds
    played: Played | None

    @property
    def shown_px(self) -> tuple[int, int]:
        """Width and height at which it is drawn where there is room: small pictures are enlarged."""
        scale = max(1.0, SHOWN_PX[1] / self.height_px)
        return round(self.width_px * scale), round(self.height_px * scale)

    @property
    def query(self) -> str:
        """What the picture's address asks for."""
        if self.stretch_s is not None:
            return _seconds(self.stretch_s)
        return "" if self.frame_s is None else f"?frame_s={self.frame_s:g}"


def plates(dossier: Dossier) -> tuple[Plate, ...]:
    """The pictures on which a finding's identifier was detected, that of the surest claim first."""
    groups: dict[tuple[str, float | None, Span | None], list[Detection]] = {}
    for detection in dossier.detections:
        place = detection.asset_sha256, detection.region.frame_s, _stretch(detection)
        groups.setdefault(place, []).append(detection)
    covered = dossier.permission_search is not None and dossier.permission_search.covering is not None
    mimes = {asset.sha256: asset.mime for asset in dossier.assets}
    return tuple(
        _plate(
            number, claims, name=dossier.identifier.name, covered=covered, mime=mimes.get(claims[0].asset_sha256, "")
        )
        for number, claims in enumerate(groups.values(), 1)
    )


def _plate(number: int, claims: Sequence[Detection], *, name: str, covered: bool, mime: str) -> Plate:
    region = claims[0].region
    boxes: list[Box] = []
    for claim in claims:
        box = _box(claim, name=name, covered=covered)
        if not any(_overlap(box.bounds, drawn.bounds) >= SAME_PLACE for drawn in boxes):
            boxes.append(box)
    return Plate(
        number=number,
        sha256=claims[0].asset_sha256,
        frame_s=region.frame_s,
        stretch_s=_stretch(claims[0]),
        when=_when(region, mime),
        width_px=region.width_px,
        height_px=region.height_px,
        boxes=tuple(boxes),
        crop=_crop(region),
        played=_played(claims[0]),
    )


def _stretch(detection: Detection) -> Span | None:
    """The stretch of a sound that a claim is drawn on; None for what was seen. Where the detector kept none, what was heard."""
    region, shown = detection.region, detection.evidence.get("shown_s")
    if region.span_s is None or not region.is_heard:
        return None
    if isinstance(shown, list) and len(shown) == 2 and all(isinstance(second, int | float) for second in shown):
        return float(shown[0]), float(shown[1])
    return region.span_s


def _played(detection: Detection) -> Played | None:
    region, starts_s = detection.region, detection.evidence.get("starts_s")
    if region.span_s is None or not region.is_heard:
        return None
    long_s = region.span_s[1] - region.span_s[0]
    there_s = (float(starts_s), round(starts_s + long_s, 2)) if isinstance(starts_s, int | float) else None
    return Played(span_s=region.span_s, exemplar_id=detection.exemplar_id, exemplar_span_s=there_s)


def _seconds(span_s: Span) -> str:
    return f"?from_s={span_s[0]:g}&to_s={span_s[1]:g}"


def _when(region: Region, mime: str) -> str:
    """Where in the asset, in words; "" of a still."""
    if region.span_s is None:
        return ""
    if mime.startswith("application/"):  # a document, whose pictures are numbered
        return f"picture {region.frame_s or 0:.0f} of the document"
    first, last = (clock(second) for second in region.span_s)
    words = f"at {first}" if first == last else f"from {first} to {last}"
    if region.is_heard:
        return f"heard {words}"
    return f"seen {words}" + (f", here at {clock(region.frame_s or 0)}" if first != last else "")


def can_overlay(dossier: Dossier) -> frozenset[str]:
    """Ids of the exemplars that can be laid over what was found by them: pictures and films of what is seen, no wording and no sound."""
    if dossier.identifier.kind is Kind.AUDIO:
        return frozenset()
    return frozenset(e.id for e in dossier.exemplars if e.mime.partition("/")[0] in ("image", "video"))


def certainty(detection: Detection, *, covered: bool) -> str:
    """`covered`, `found` or `possible`: the word and the look of a claim."""
    return "covered" if covered else "found" if detection.probability >= FOUND_FROM else "possible"


def _box(detection: Detection, *, name: str, covered: bool) -> Box:
    region = detection.region
    word = certainty(detection, covered=covered)
    label = f"{name} · {word} {chance(detection.probability)}"
    font = LABEL_PX * max(region.width_px / SHOWN_PX[0], region.height_px / SHOWN_PX[1])
    left, top, right, bottom = bounds(_in_sight(region))
    width = font * (0.56 * len(label) + 1)
    return Box(
        detection=detection,
        certainty=word,
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in _in_sight(region)),
        label=label,
        bounds=(left, top, right, bottom),
        label_x=round(max(0.0, min(left, region.width_px - width)), 1),
        label_y=round(_label_y(region, top, bottom, font), 1),
        label_width=round(width, 1),
        font_px=round(font, 1),
        matches=_matches(detection.evidence),
    )


def _label_y(region: Region, top: float, bottom: float, font: float) -> float:
    """Above the box; where there is no room below it, unless the time of a sound stands there; else inside at its top."""
    above, below, lowest = top - 2 * font, bottom + 0.4 * font, region.height_px - 2 * font
    if above >= 0:
        return above
    if below <= lowest and not region.is_heard:
        return below
    return max(0.0, min(max(top, 0.0) + 0.4 * font, lowest))


def _matches(evidence: Mapping[str, Any]) -> tuple[Point, ...]:
    """The picture's side of the `points` [exemplar x, y, picture x, y] that detectors of marks and copies keep."""
    points = evidence.get("points", ())
    return tuple((point[2], point[3]) for point in points if len(point) == 4) if isinstance(points, list) else ()


def bounds(quad: Iterable[Point]) -> Bounds:
    """Left, top, right and bottom of a quad."""
    xs, ys = zip(*quad, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _overlap(a: Bounds, b: Bounds) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / (_area(a) + _area(b) - shared) if shared else 0.0


def _area(bounds: Bounds) -> float:
    return (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])


def _in_sight(region: Region) -> tuple[Point, ...]:
    """The quad; where none of its corners lies in the picture, which it then fills, the picture's own frame."""
    width, height = region.width_px, region.height_px
    if any(0 <= x <= width and 0 <= y <= height for x, y in region.quad):
        return region.quad
    edge = FRAME * max(width, height)
    return tuple((min(max(x, edge), width - edge), min(max(y, edge), height - edge)) for x, y in region.quad)


def _crop(region: Region) -> Bounds:
    """Left, top, width and height of a square around what a claim covers of the picture, a third larger than it."""
    left, top, right, bottom = bounds(region.quad)
    left, right = max(left, 0.0), min(right, float(region.width_px))
    top, bottom = max(top, 0.0), min(bottom, float(region.height_px))
    margin = 1.33 if min(right - left, bottom - top) < min(region.width_px, region.height_px) * 0.75 else 1.0
    side = max(right - left, bottom - top, 1.0) * margin
    return round((left + right - side) / 2, 1), round((top + bottom - side) / 2, 1), round(side, 1), round(side, 1)
