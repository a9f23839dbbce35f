"""
Registered wording in pictures: names, unit designations, and what cameras and terminals stamp on their pictures.

Exemplars are texts. What is read and not registered is forgotten at once: a claim holds the registered wording, how
its letters were read, and its place, and nothing else of what was read (guardrails G12, G20).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from detectors import _bank, _calibration, _ocr, _passages, _wording
from detectors._assessment import Assessment
from detectors._claims import Claim, detections, name_of
from detectors._ocr import Line
from detectors._passages import Passage
from detectors._wording import Match, Wording
from detectors.detector import Frame, Media, Reference
from footprint.findings import Detection, Quad
from footprint.identifiers import Polarity
from footprint.wording import decoded, is_text, reader_of

NAME = "lettering"
CODE = "1"
FILM_SIDE_PX = 640
"""Longer side that the frames of films are read in: there are many of them."""
MIN_PROBABILITY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """An exemplar that is wording."""

    reference: Reference
    wording: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """
    Wording that was read at a place. `score` is the least of its lines', `read` the stretch that stands for it, `rival` the look-alike
    wording that comes nearest in the same place.
    """

    registered: Registered
    match: Match
    quad: Quad
    score: float
    at: frozenset[tuple[int, int]]  # (line, letter) that it takes up
    read: str
    rival: "Hit | None" = None

    @property
    def letters(self) -> float:
        """How many letters it explains."""
        return len(self.registered.wording.letters) - 2 * self.match.cost

    @property
    def probability(self) -> float:
        """Probability that the wording is there."""
        wording = self.registered.wording
        return _calibration.of_wording(
            letters=len(wording.letters), cost=self.match.cost, score=self.score, is_generic=wording.is_generic
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """The detector. `side_px` is the longer side that still pictures are read in."""

    version: str
    positives: tuple[Registered, ...]
    others: tuple[Registered, ...]
    side_px: int
    name: str = NAME

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Claims about the asset, the surest first; at most one an identifier and place."""
        if not self.positives:
            return ()
        seen = [tuple(sorted(self._claims(frame), key=lambda c: -c.probability)) for frame in media.frames]
        return detections(media, seen, detector=self.name, version=self.version)

    def _claims(self, frame: Frame) -> Iterator[Claim]:
        yield from claims(read(lines_of(frame, side_px=self.side_px), self.positives, self.others))


def lines_of(frame: Frame, *, side_px: int) -> tuple[Line, ...]:
    """What stands on a frame, read once for all detectors: a still at `side_px`, a frame of a film smaller."""
    return _ocr.of_frame(frame, side_px=side_px if frame.time_s is None else min(side_px, FILM_SIDE_PX))


def read(lines: Sequence[Line], positives: Sequence[Registered], others: Sequence[Registered]) -> list[Hit]:
    """
    The best hit of each identifier and place among lines. One that look-alike wording, or wording of another identifier, explains better
    there is left out.
    """
    passages = list(_passages.of(lines))
    rivals = [hit for registered in others for hit in _hits(passages, registered)]
    ours = sorted(
        (hit for registered in positives for hit in _hits(passages, registered)),
        key=lambda h: (-h.letters, h.registered.reference.exemplar.id),
    )
    kept: list[Hit] = []
    for hit in ours:
        nearest = max((r for r in rivals if r.at & hit.at), key=lambda r: r.letters, default=None)
        if (nearest is None or nearest.letters < hit.letters) and not any(k.at & hit.at for k in kept):
            kept.append(replace(hit, rival=nearest))
    return kept


def claims(hits: Sequence[Hit]) -> Iterator[Claim]:
    """What is likely enough to be claimed."""
    return (_claim(hit) for hit in hits if hit.probability >= MIN_PROBABILITY)


def _hits(passages: Sequence[Passage], registered: Registered) -> Iterator[Hit]:
    for passage in passages:
        match = _wording.find(registered.wording, passage.words) if passage.may_hold(registered.wording) else None
        if match is not None:
            yield Hit(
                registered=registered,
                match=match,
                quad=passage.quad(match.start, match.end),
                score=passage.score(match.start, match.end),
                at=passage.letters(match.start, match.end),
                read="".join(passage.words)[match.start : match.end],
            )


def _claim(hit: Hit) -> Claim:
    reference, cost = hit.registered.reference, hit.match.cost
    wording = wording_in(reference)
    how = "letter for letter" if cost == 0 else "but for letters that look alike" if cost < 1 else "with mistakes"
    generic = " Many departments use these words." if hit.registered.wording.is_generic else ""
    return Claim(
        reference=reference,
        quad=hit.quad,
        measure=float(cost),
        unit="letters",
        probability=hit.probability,
        sentence=f"The wording '{wording}' of {name_of(reference)} stands here, {how}.{generic}",
        evidence={
            "wording": wording,
            "wrong_letters": round(cost, 2),
            "reading": round(hit.score, 3),
            "letters": [list(pair) for pair in _wording.spelled(hit.registered.wording, hit.read)],
            "look_alike": None if hit.rival is None else _rival_evidence(hit.rival),
        },
    )


def _rival_evidence(rival: Hit) -> dict[str, Any]:
    exemplar = rival.registered.reference.exemplar
    return {"exemplar_id": exemplar.id, "label": exemplar.label, "wrong_letters": round(rival.match.cost, 2)}


def wording_in(reference: Reference) -> str:
    """The text of an exemplar. Raises UnreadableMedia that names the exemplar."""
    with _bank.named(reference):
        return decoded(reference.data)


def registered_in(references: Sequence[Reference]) -> tuple[Registered, ...]:
    """The exemplars that are wording, in order of id. Raises UnreadableMedia that names one which cannot be used."""
    texts = sorted((r for r in references if is_text(r.exemplar)), key=lambda r: r.exemplar.id)
    return tuple(Registered(reference=r, wording=_wording.wording_of(wording_in(r))) for r in texts)


def build(references: Sequence[Reference], options: Mapping[str, Any]) -> Lettering:
    """
    Make the detector from the texts among the references.

    Option: `side_px`, the longer side that still pictures are read in. Raises UnreadableMedia that names an exemplar.
    """
    side_px = int(_bank.option(options, "side_px", _ocr.SIDE_PX))
    own = [r for r in references if reader_of(r.identifier.kind) == NAME and is_text(r.exemplar)]
    registered = registered_in(own)
    positives = tuple(r for r in registered if r.reference.exemplar.polarity is Polarity.POSITIVE)
    if positives:
        _ocr.reader()  # loads what a bound process could not
    return Lettering(
        version=_bank.version(CODE, own, {"side_px": side_px, "reader": _ocr.version()}),
        positives=positives,
        others=tuple(r for r in registered if r.reference.exemplar.polarity is not Polarity.POSITIVE),
        side_px=side_px,
    )


def assess(references: Sequence[Reference]) -> tuple[Assessment, ...]:
    """Say how good wording is to find something by, in the order given. What is no wording is left out."""
    return tuple(
        Assessment(
            exemplar_id=r.exemplar.id,
            points=0,
            smallest_px=None,
            near_duplicates=(),
            sentence=f"{text}: {_quality(text)}",
        )
        for r in references
        if is_text(r.exemplar)
        for text in (wording_in(r),)
    )


def _quality(text: str) -> str:
    wording = _wording.wording_of(text)
    if wording.is_generic:
        return "many departments use these words: by itself it is possible at most. Add the place or the name."
    if len(wording.letters) <= _wording.SHORT:
        return "short: it must stand there as a word of its own, letter for letter, and is possible at most."
    if len(wording.letters) <= _wording.PLAIN:
        return "fair: as words of its own, with no mistake but letters that look alike."
    return f"good: found with up to {int(wording.may_cost)} wrong letters, which make it possible rather than found."
