"""
Which identifiers are looked for by what was learned of them, and what a look says: local points, learned looks and lettering together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detectors import _bank, _kept, _mining, _ocr, _wording, lettering, mistakes, models, negatives
from detectors._calibration import Measures
from detectors._inscriptions import Inscriptions, Reading
from detectors._learned import Learned, Sight
from detectors.detector import Frame, Reference, Tell
from detectors.lettering import Registered
from detectors.negatives import Negatives
from footprint.digests import digest
from footprint.errors import BadConfiguration, NetworkUnusable
from footprint.identifiers import Kind, Polarity
from footprint.wording import reader_of

LEARN_FROM = 6
"""Exemplars of one identifier from which on it is learned what it looks like."""
BESIDE = frozenset({Kind.LOGO, Kind.EMBLEM, Kind.PATCH, Kind.BADGE, Kind.WORDMARK})
"""Kinds whose exemplars show a mark by itself: one is told from another also where there are few of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """`learned` is None where no identifier has enough exemplars, or `hindrance` says what is missing."""

    digest: str
    references: Mapping[str, Reference]
    learned: Learned | None = None
    inscriptions: Inscriptions = field(default_factory=Inscriptions)
    hindrance: str = ""

    def sights(self, frame: Frame, *, also: Collection[str] = ()) -> dict[str, Sight]:
        """By identifier, where it may be, those in `also` in any case; empty where nothing was learned."""
        if self.learned is None:
            return {}
        return {self.learned.marks[s.mark]: s for s in self.learned.sights(frame, also=also) if s.look is not None}

    def covers(self, identifier: str) -> bool:
        """Whether it was learned what this identifier looks like."""
        return self.learned is not None and identifier in self.learned.marks


def taught(
    references: Sequence[Reference],
    options: Mapping[str, Any],
    *,
    wording: Sequence[Reference] = (),
    tell: Tell = lambda *_: None,
) -> Taught:
    """
    Learn what there is enough to learn from. `wording` are the texts that were registered.

    Options: `learn_from`, the least number of exemplars; `negatives_dir`, photographs that show no mark, in place of the starter bank;
    `held_out`, 0 or 1, every other one of which is not learned from; `mistakes_dir`, what was mistaken
    for marks besides (see `growth`); `cache_dir`, where what was learned is kept.
    """
    least = _bank.option(options, "learn_from", LEARN_FROM)
    own = _enough(references, least)
    by_id = {r.exemplar.id: r for r in own}
    if not own:
        return Taught(digest="none", references=by_id)
    try:
        _require_networks()
        bank = photographs(options)
    except BadConfiguration as error:
        if options.get("negatives_dir") and not isinstance(error, NetworkUnusable):
            raise
        return Taught(digest="without", references=by_id, hindrance=str(error))
    folder = options.get("cache_dir")
    learned = _kept.learned(own, bank, folder=Path(folder) if folder else None, tell=tell)
    inscriptions = _inscribed(learned, by_id, wording)
    known = sorted(r.reference.exemplar.id for r in (*inscriptions.positives, *inscriptions.others))
    return Taught(
        digest=digest(_kept.key(own, bank), known),
        references=by_id,
        learned=learned,
        inscriptions=inscriptions,
    )


def is_due(references: Sequence[Reference], options: Mapping[str, Any], identifier: str) -> bool:
    """Whether it is still to be learned what an identifier looks like. Takes the options of `taught`."""
    own = _enough(references, _bank.option(options, "learn_from", LEARN_FROM))
    if identifier not in {r.identifier.id for r in own} or not options.get("cache_dir"):
        return False
    try:
        _require_networks()
        return not _kept.file_of(Path(options["cache_dir"]), own, photographs(options)).is_file()
    except BadConfiguration:
        return False


def measures(sight: Sight, reading: Reading | None, *, inliers: int, agreement: float, lead: float) -> Measures | None:
    """
    What is measured of a learned mark, by its sight, by how its wording was read (None where it has none), and by its local points; `lead` is
    how many times as strong they are as others'. None where it was not looked at twice.
    """
    look = sight.look
    if look is None:
        return None
    return Measures(
        window=sight.window,
        ahead=sight.ahead,
        score=look.score,
        second_lead=look.lead,
        inliers=inliers,
        agreement=agreement,
        lead=lead,
        votes=sight.votes,
        rivals=sight.rivals,
        lettering=None if reading is None else (reading.strict, reading.likeness),
    )


def _require_networks() -> None:
    """Raise NetworkUnusable unless looks can be learned and what is written on exemplars can be read."""
    for weights in (models.LITE2, models.OCR_LINES, models.OCR_LETTERS):
        models.content_of(weights)


def _inscribed(learned: Learned, references: Mapping[str, Reference], wording: Sequence[Reference]) -> Inscriptions:
    """What is written on the marks that were learned: the registered wording, and the words that were read on their exemplars."""
    first = {
        learned.marks[m]: references[e]
        for m, e in zip(reversed(learned.owners), reversed(learned.exemplars), strict=True)
    }
    read = [
        Registered(reference=first[learned.marks[mark]], wording=_wording.wording_of(word))
        for word, mark in zip(learned.words, learned.bearers, strict=True)
        if not learned.is_beside(mark)
    ]
    texts = lettering.registered_in(
        [w for w in wording if w.identifier.id in first and reader_of(w.identifier.kind) == lettering.NAME]
    )
    known = [r for r in (*texts, *read) if not r.wording.is_generic]
    if known:
        _ocr.reader()  # loads what a bound process could not
    return Inscriptions(
        positives=tuple(r for r in known if r.reference.exemplar.polarity is Polarity.POSITIVE),
        others=tuple(r for r in known if r.reference.exemplar.polarity is not Polarity.POSITIVE),
    )


def _enough(references: Sequence[Reference], least: float) -> list[Reference]:
    """
    Stills of identifiers with enough exemplars, and the look-alikes of these. Where there are any, marks with too few exemplars are look-alikes,
    too: what is ours but something else must not be taken for it.
    """
    stills = [r for r in references if r.exemplar.mime.startswith("image/")]
    positives = [r.identifier.id for r in stills if r.exemplar.polarity is Polarity.POSITIVE]
    rich = {i for i in positives if positives.count(i) >= least}
    if not rich:
        return []
    own = [r for r in stills if r.identifier.id in rich and r.exemplar.polarity is not Polarity.APPROVED_USE]
    poor = [r for r in stills if r.identifier.id not in rich and r.identifier.kind in BESIDE]
    return own + [
        replace(r, exemplar=replace(r.exemplar, polarity=Polarity.LOOK_ALIKE))
        for r in poor
        if r.exemplar.polarity is Polarity.POSITIVE
    ]


def photographs(options: Mapping[str, Any]) -> Negatives:
    """What is learned from that shows no mark, by the options of `taught`. Raises BadConfiguration where there is none."""
    named, held_out, grown = (options.get(name) for name in ("negatives_dir", "held_out", "mistakes_dir"))
    files = negatives.paths(Path(named) if named else None)[: negatives.MOST]
    bank = negatives.read([f for place, f in enumerate(files) if held_out is None or place % 2 != held_out])
    return negatives.grown(bank, mistakes.known(Path(grown), seen_by=_mining.seen_by())) if grown else bank
