"""
Things that are the Department's by how they look and by what is written on them: vehicles in its livery, persons in its uniform.

A look is learned from a few pictures of it against pictures of others: look-alike exemplars of the same kind, and the exemplars of other
identifiers of that kind. By its look alone a thing is possible; registered wording on it makes it more, and so does a mark that `marks` found
on it, where that looked at the frame before. With fewer than LEAST_OTHERS pictures of others, only wording counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from detectors import _bank, _boxes, _calibration, _decode, _livery, _ocr, _quads, lettering, marks
from detectors._boxes import Box, Finder, Picture
from detectors._claims import Claim, detections, name_of
from detectors._livery import LEAST_OTHERS, Livery, Look
from detectors.detector import Frame, Media, Reference
from detectors.lettering import Registered
from footprint.errors import BadConfiguration
from footprint.findings import Detection, Quad
from footprint.identifiers import Kind, Polarity

MIN_PROBABILITY = 0.5
CORROBORATES = 0.7
"""Probability from which wording corroborates a look: words that many departments share do not."""
SAME_PLACE = 0.4
LEAST_SIDE_PX = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """
    A sort of thing: the detector's `name` and `code` version, the `kind` of its identifiers, the kinds of marks that it `bears`, its `classes` for
    a finder, what a sentence calls the `whole`, a `mark` on it and `others`, what of a crop shows the look, and whether windows are worth looking
    at without a finder.
    """

    name: str
    code: str
    kind: Kind
    bears: frozenset[Kind]
    classes: frozenset[int]
    whole: str
    mark: str
    others: str
    shown: Callable[[Picture], Picture]
    has_windows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A look, the exemplar that stands for it, and the picture of another that comes nearest to it."""

    reference: Reference
    livery: Livery
    nearest: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearers:
    """The detector. Without a `finder` whole pictures and windows are looked at; `side_px` is the longer side that they are read in."""

    sort: Sort
    version: str
    liveries: tuple[Learned, ...]
    wording: tuple[Registered, ...]
    other_wording: tuple[Registered, ...]
    finder: Finder | None
    side_px: int

    @property
    def name(self) -> str:
        """The name of its module."""
        return self.sort.name

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Claims about the asset, the surest first; at most one an identifier and place."""
        if not self.liveries and not self.wording:
            return ()
        seen = [_best(self._claims(frame)) for frame in media.frames]
        return detections(media, seen, detector=self.name, version=self.version)

    def _claims(self, frame: Frame) -> Iterator[Claim]:
        boxes = self.finder.find(frame.rgb, self.sort.classes) if self.finder else _boxes.windows(frame.rgb)
        boxes = tuple(b for b in boxes if min(b.right - b.left, b.bottom - b.top) >= LEAST_SIDE_PX)
        if not boxes:
            return
        written = [claim for claim in self._written(frame) if any(b.holds(*_quads.middle(claim.quad)) for b in boxes)]
        yield from written
        for box in boxes if self.liveries and (self.finder or self.sort.has_windows) else ():
            for claim in self._looks(frame, box):
                ours = [w for w in written if _is_same(w, claim)]
                borne = [m for m in marks.claimed(frame) if m.reference.identifier.kind in self.sort.bears]
                grounds = [g for g in (*ours, *borne) if g.probability >= CORROBORATES]
                on_it = [g for g in grounds if box.holds(*_quads.middle(g.quad))]
                yield _corroborated(claim, on_it[0]) if on_it else claim

    def _written(self, frame: Frame) -> Iterator[Claim]:
        """Registered wording; by itself no more than possible where nobody knows that the thing is round it."""
        if self.wording:
            lines = lettering.lines_of(frame, side_px=self.side_px)
            for claim in lettering.claims(lettering.read(lines, self.wording, self.other_wording)):
                yield (
                    claim if self.finder else replace(claim, probability=min(claim.probability, _calibration.POSSIBLE))
                )

    def _looks(self, frame: Frame, box: Box) -> Iterator[Claim]:
        look = self._look(frame, box)
        for learned in self.liveries:
            score = learned.livery.score(look)
            probability = min(
                _calibration.of_livery(score.margin, is_boxed=self.finder is not None), _calibration.POSSIBLE
            )
            if probability >= MIN_PROBABILITY:
                yield Claim(
                    reference=learned.reference,
                    quad=_corners(box),
                    measure=round(score.margin, 3),
                    unit="deviations",
                    probability=probability,
                    sentence=f"This looks like {name_of(learned.reference)} rather than like {learned.livery.others} {self.sort.others}.",
                    evidence={
                        "parts": round(score.parts, 3),
                        "colour": round(score.colour, 3),
                        "lettering": round(score.lettering, 3),
                        "beyond_1_in_100": round(score.margin, 3),
                        "look_alike": _rival(learned, score.margin),
                    },
                )

    def _look(self, frame: Frame, box: Box) -> Look:
        """A box is read enlarged; windows share what was read of the whole frame."""
        crop = self.sort.shown(box.cut(frame.rgb))
        if self.finder:
            return _livery.look_at(crop)
        lines = lettering.lines_of(frame, side_px=self.side_px)
        return _livery.look_at(crop, lines=tuple(n for n in lines if box.holds(*n.quad.mean(axis=0).tolist())))


def _rival(learned: Learned, margin: float) -> dict[str, Any]:
    """The other that comes nearest to the look, and by how much this comes nearer."""
    exemplar, identifier = learned.nearest.exemplar, learned.nearest.identifier
    behind = round(margin - learned.livery.nearest[1], 2)
    return {"exemplar_id": exemplar.id, "label": exemplar.label or identifier.name, "deviations": behind}


def _corroborated(look: Claim, ground: Claim) -> Claim:
    """A look, and wording or a mark that only the Department has: wrong where both are."""
    wording = ground.evidence.get("wording")
    what = f"its wording '{wording}'" if wording else name_of(ground.reference)
    return replace(
        look,
        probability=1.0 - (1.0 - look.probability) * (1.0 - ground.probability),
        sentence=f"{look.sentence.rstrip('.')}, and {what} stands on it.",
        evidence={**look.evidence, "wording": wording}
        if wording
        else {**look.evidence, "mark": ground.reference.identifier.id},
    )


def _best(claims: Iterator[Claim]) -> tuple[Claim, ...]:
    """The surest of each identifier and place: of windows that overlap, one."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (-c.probability, -c.measure)):
        if not any(_is_same(k, claim) and _meet(k.quad, claim.quad) for k in kept):
            kept.append(claim)
    return tuple(kept)


def _meet(one: Quad, other: Quad) -> bool:
    return (
        _quads.overlap(one, other) > SAME_PLACE
        or _quads.contains(one, _quads.middle(other))
        or _quads.contains(other, _quads.middle(one))
    )


def _is_same(one: Claim, other: Claim) -> bool:
    return one.reference.identifier.id == other.reference.identifier.id


def _corners(box: Box) -> Quad:
    left, top, right, bottom = (float(v) for v in (box.left, box.top, box.right, box.bottom))
    return (left, top), (right, top), (right, bottom), (left, bottom)


def bearers(sort: Sort, references: Sequence[Reference], options: Mapping[str, Any]) -> Bearers:
    """
    Make the detector from the pictures of a sort of things and the wording on them among the references.

    Options: `finder`, the path of an ONNX network that finds them (see `_boxes`); `side_px`, the longer side that pictures are read in. Raises
    UnreadableMedia that names an exemplar, NetworkUnusable for a network that cannot be used.
    """
    side_px = int(_bank.option(options, "side_px", _ocr.SIDE_PX))
    own = sorted((r for r in references if r.identifier.kind is sort.kind), key=lambda r: r.exemplar.id)
    finder = _finder(options) if own else None
    registered = lettering.registered_in(own)
    positives = tuple(r for r in registered if r.reference.exemplar.polarity is Polarity.POSITIVE)
    liveries = tuple(_learned(sort, [r for r in own if _bank.is_pictorial(r)], positives))
    if positives or liveries:
        _ocr.reader()
    made_of = {
        "side_px": side_px,
        "finder": finder.sha256 if finder else "",
        "reader": _ocr.version(),
        "marks": [marks.CODE, *sorted(r.exemplar.id for r in references if r.identifier.kind in sort.bears)]
        if own
        else [],
    }
    return Bearers(
        sort=sort,
        version=_bank.version(sort.code, own, made_of),
        liveries=liveries,
        wording=positives,
        other_wording=tuple(r for r in registered if r.reference.exemplar.polarity is not Polarity.POSITIVE),
        finder=finder,
        side_px=side_px,
    )


def lacks(sort: Sort, own: Sequence[Reference], references: Sequence[Reference], options: Mapping[str, Any]) -> str:
    """
    What the pictures of one identifier, `own`, need besides before their look is looked for, as a sentence with the mend.

    Returns "" where nothing is missing, or they are not of this sort.
    """
    pictures = [r for r in references if r.identifier.kind is sort.kind and _bank.is_pictorial(r)]
    ours = {r.identifier.id for r in own if r.exemplar.polarity is Polarity.POSITIVE}
    others = sum(
        r.exemplar.polarity is Polarity.LOOK_ALIKE
        or (r.exemplar.polarity is Polarity.POSITIVE and r.identifier.id not in ours)
        for r in pictures
    )
    if not any(r.identifier.id in ours for r in pictures):
        return ""
    wants = []
    if not sort.has_windows and not options.get("finder"):
        wants.append("a network that finds them in pictures: name one in detect.finder")
    if others < LEAST_OTHERS:
        wants.append(f"{LEAST_OTHERS} pictures of {sort.others}, of which there are {others}: add them as look-alikes")
    marks_only = f"Marks on it, such as {sort.mark}, are looked for; how {sort.whole} looks is not yet."
    return f"{marks_only} That needs {'; and '.join(wants)}." if wants else ""


def _finder(options: Mapping[str, Any]) -> Finder | None:
    path = options.get("finder") or None
    if path is not None and not isinstance(path, str):
        raise BadConfiguration(f"detect.finder is {path!r}; it must be the path of an ONNX network.")
    return Finder(Path(path), expected_sha256=options.get("finder_sha256", "")) if path else None


def _learned(sort: Sort, pictures: Sequence[Reference], wording: Sequence[Registered]) -> Iterator[Learned]:
    """One look an identifier, where there are enough pictures of others to learn it from."""
    positives = [r for r in pictures if r.exemplar.polarity is Polarity.POSITIVE]
    negatives = [r for r in pictures if r.exemplar.polarity is Polarity.LOOK_ALIKE]
    names = sorted({r.identifier.id for r in positives})
    if not names or len(positives) + len(negatives) <= LEAST_OTHERS:
        return
    ours = {r.exemplar.id: _livery.look_twice(_shown(sort, r)) for r in positives}
    theirs = [_livery.look_at(_shown(sort, r)) for r in negatives]
    for name in names:
        own = [r for r in positives if r.identifier.id == name]
        strangers = [r for r in positives if r.identifier.id != name]
        others = [ours[r.exemplar.id][0] for r in strangers] + theirs
        if len(others) >= LEAST_OTHERS:
            texts = [lettering.wording_in(w.reference) for w in wording if w.reference.identifier.id == name]
            livery = _livery.learn([ours[r.exemplar.id] for r in own], others, texts)
            yield Learned(reference=own[0], livery=livery, nearest=[*strangers, *negatives][livery.nearest[0]])


def _shown(sort: Sort, reference: Reference) -> Picture:
    with _bank.named(reference):
        rgb, _ = _decode.picture(reference.data)
    return sort.shown(rgb)
