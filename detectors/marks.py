"""
Marks in a scene: patches, badges, seals, emblems, logos, decals, by local features and by what was learned of their look.

A reference is claimed where enough of its points agree on one placement of it. Look-alikes are looked for in the same way, and what one
of them explains better is not claimed. Of identifiers with many exemplars it is also learned what they look like; both together then say
how probable a mark is, and one that shows no points is claimed by its look. What this cannot find, and why, is in docs/detection.md.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors import (
    _assessment,
    _bank,
    _calibration,
    _features,
    _looks,
    _placed,
    _pooled,
    _quads,
    _taught,
    _whole,
    stamps,
)
from detectors._assessment import Assessment, Expectation
from detectors._bank import Known
from detectors._calibration import Measures
from detectors._claims import Claim, detections
from detectors._features import Features
from detectors._inscriptions import Reading
from detectors._learned import Sight
from detectors._learned import name_of as mark_of
from detectors._placed import Placed
from detectors._taught import Taught
from detectors._whole import Copy, Gallery
from detectors.detector import Frame, Media, Reference, Tell
from footprint.errors import BadConfiguration
from footprint.findings import Detection
from footprint.identifiers import Polarity
from footprint.wording import is_text

NAME = "marks"
CODE = "7"
SIDE_PX = 1024
SCENE_POINTS = 4000
MIN_PROBABILITY = 0.5
MANY_INLIERS, SURE_ALONE = 8, 0.9
"""What points must show of a learned mark whose look was not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glance:
    """All that is known of a frame before it is decided what to claim; `ours` the strongest first."""

    grey: NDArray[np.uint8]
    scene: Features
    readings: Mapping[str, Reading]
    sights: Mapping[str, Sight]
    ours: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """
    The detector. `positives` and `look_alikes` are the bank, `taught` what was learned of it; `side_px` the longer side that pictures
    are looked at in.
    """

    version: str
    positives: tuple[Known, ...]
    look_alikes: tuple[Known, ...]
    approved: Gallery
    taught: Taught
    side_px: int
    name: str = NAME

    @property
    def hindrance(self) -> str:
        """Why nothing is looked for by its look, where something would be; "" elsewhere."""
        return (
            self.taught.hindrance
            and f"what marks look like is not looked for, only their points: {self.taught.hindrance}"
        )

    def detect(self, media: Media) -> tuple[Detection, ...]:
        """Claims about the asset, the surest first; at most one an identifier and place."""
        seen = [tuple(sorted(self._claims(frame), key=lambda c: -c.probability)) for frame in media.frames]
        for frame, claims in zip(media.frames, seen, strict=True):
            frame.shared[NAME] = claims
        return detections(media, seen, detector=self.name, version=self.version)

    def _claims(self, frame: Frame) -> Iterator[Claim]:
        glance = self._glance(frame)
        scene, sights, readings, ours = glance.scene, glance.sights, glance.readings, glance.ours
        sure = {i: _sureness(i, sights.get(i), readings.get(i), ours) for i in self._learned()}
        if not ours and max(sure.values(), default=0.0) < MIN_PROBABILITY:
            return
        others = sorted(_placed.on_scene(self.look_alikes, glance.grey, scene), key=lambda s: s.rank)
        approved = tuple(self.approved.copies(frame, side_px=self.side_px, max_points=SCENE_POINTS))
        shown = set()
        for seen in _placed.best_of_each_place(ours):
            rival = next((o for o in others if _placed.is_same_place(o, seen)), None)
            if rival is None or seen.strength > rival.strength:
                identifier = seen.identifier
                if identifier in sure and identifier in shown:
                    probability = min(sure[identifier], seen.probability)
                else:
                    probability = sure.get(identifier, seen.probability)
                if probability >= MIN_PROBABILITY and (identifier not in sure or _bears(seen, sights.get(identifier))):
                    shown.add(identifier)
                    yield replace(_placed.claim_of(seen, scene, rival, approved), probability=probability)
        for identifier in sorted(sure.keys() - shown):
            if sure[identifier] >= MIN_PROBABILITY:
                claim = self._unpointed(sights.get(identifier), readings.get(identifier), sure[identifier], approved)
                if claim is not None and not any(_placed.covers(other, claim.quad) for other in others):
                    yield claim

    def measures(self, frame: Frame) -> dict[str, Measures]:
        """What the probability of each learned mark that was looked at twice is worked out from, for those who fit and compare."""
        glance = self._glance(frame)
        return {
            i: measured
            for i, sight in glance.sights.items()
            if self.taught.covers(i)
            and (measured := _measures(i, sight, glance.readings.get(i), glance.ours)) is not None
        }

    def _glance(self, frame: Frame) -> _Glance:
        scene = _features.of_frame(frame, side_px=self.side_px, max_points=SCENE_POINTS)
        grey = _features.grey_of(frame.rgb)
        readings = self.taught.inscriptions.readings(frame)
        sights = self._sights(frame, scene, readings)
        ours = sorted(_placed.on_scene(self._likely(sights), grey, scene), key=lambda s: s.rank)
        return _Glance(grey=grey, scene=scene, readings=readings, sights=sights, ours=tuple(ours))

    def _sights(self, frame: Frame, scene: Features, readings: Mapping[str, Reading]) -> dict[str, Sight]:
        """Where learned marks may be, with how much the local points speak for each."""
        sights = self.taught.sights(frame, also={i for i, reading in readings.items() if reading.hit is not None})
        learned = self.taught.learned
        if learned is None:
            return sights
        bank: dict[str, list[Features]] = {}
        for known in (*self.positives, *self.look_alikes):
            bank.setdefault(mark_of(known.reference), []).append(known.features)
        places = {name: sight.box for name, sight in sights.items()}
        least = _pooled.UNRIVALLED if _calibration.is_lone(learned.rivals) else 0.0
        leads = _pooled.leads(places, bank, scene, learned.ground, least=least)
        return {name: replace(sight, votes=leads[name]) for name, sight in sights.items()}

    def _unpointed(
        self, sight: Sight | None, reading: Reading | None, probability: float, approved: Sequence[Copy]
    ) -> Claim | None:
        """A claim by the look, or by the lettering where the look alone would not do."""
        hit = None if reading is None else reading.hit
        by_look = None if sight is None else _taught.measures(sight, None, inliers=0, agreement=0.0, lead=1.0)
        if hit is not None and (by_look is None or _calibration.of_sight(by_look) < MIN_PROBABILITY):
            return _looks.of_hit(hit, probability, approved)
        if sight is None or sight.look is None:
            return None
        return _looks.of_sight(self.taught.references[sight.look.exemplar_id], sight, probability, approved)

    def _likely(self, sights: Mapping[str, Sight]) -> list[Known]:
        """What is worth matching by points: all but learned marks whose look says no. Where nothing was looked at, all."""
        unlikely = set(self._learned()) - sights.keys() if sights else set()
        return [k for k in self.positives if k.reference.identifier.id not in unlikely]

    def _learned(self) -> Iterator[str]:
        """Identifiers whose look was learned."""
        return (i for i in sorted({k.reference.identifier.id for k in self.positives}) if self.taught.covers(i))


def claimed(frame: Frame) -> tuple[Claim, ...]:
    """What was claimed on a frame, for detectors that look at it afterwards; empty before."""
    known: tuple[Claim, ...] = frame.shared.get(NAME, ())
    return known


def _sureness(identifier: str, sight: Sight | None, reading: Reading | None, ours: Sequence[Placed]) -> float:
    """How probable a learned identifier is, by its look, its lettering, and its strongest placement against others'."""
    if sight is not None:
        measured = _measures(identifier, sight, reading, ours)
        return 0.0 if measured is None else _calibration.of_sight(measured)
    # others look more like theirs, or the picture is too small: only many points count, or wording
    best, rival = _placed.strongest(identifier, ours)
    alone = best is not None and best.placement.inliers >= MANY_INLIERS and best.strength > rival
    by_points = best.probability if best is not None and alone and best.probability >= SURE_ALONE else 0.0
    return max(by_points, 0.0 if reading is None else reading.strict)


def _measures(identifier: str, sight: Sight, reading: Reading | None, ours: Sequence[Placed]) -> Measures | None:
    best, rival = _placed.strongest(identifier, ours)
    if best is None:
        return _taught.measures(sight, reading, inliers=0, agreement=0.0, lead=1.0)
    return _taught.measures(
        sight, reading, inliers=best.placement.inliers, agreement=best.agreement, lead=best.strength / rival
    )


def _bears(seen: Placed, sight: Sight | None) -> bool:
    """Whether a placement may be shown for what was found: it is sure by itself, or lies where the look is."""
    return seen.probability >= MIN_PROBABILITY or (sight is not None and _placed.covers(seen, _quads.of_box(sight.box)))


def build(references: Sequence[Reference], options: Mapping[str, Any]) -> Marks:
    """
    Make the detector from the pictures of marks among the references.

    Options: `side_px`, the longer side that pictures are looked at in, and those of `_taught.taught`. Raises UnreadableMedia that names an
    exemplar.
    """
    side_px = int(_bank.option(options, "side_px", SIDE_PX))
    own = _of_marks(references)
    by_polarity = {
        p: sorted((r for r in own if r.exemplar.polarity is p), key=lambda r: r.exemplar.id) for p in Polarity
    }
    wording = [r for r in references if r.identifier.kind in _bank.MARKS and is_text(r.exemplar)]
    learns = _taught.taught(own, options, wording=wording)
    return Marks(
        version=_bank.version(CODE, own, {"side_px": side_px, "taught": learns.digest}),
        positives=tuple(_bank.known(r) for r in by_polarity[Polarity.POSITIVE]),
        look_alikes=tuple(_bank.known(r) for r in by_polarity[Polarity.LOOK_ALIKE]),
        approved=_whole.gallery(by_polarity[Polarity.APPROVED_USE], anywhere=True),
        taught=learns,
        side_px=side_px,
    )


def learn(references: Sequence[Reference], options: Mapping[str, Any], tell: Tell) -> None:
    """Learn what there is to learn, and keep it where `build` finds it. Options and errors are those of `build`."""
    _taught.taught(_of_marks(references), options, tell=tell)


def is_due(references: Sequence[Reference], options: Mapping[str, Any], identifier_id: str) -> bool:
    """Whether it is still to be learned what an identifier looks like."""
    return _taught.is_due(_of_marks(references), options, identifier_id)


def _of_marks(references: Sequence[Reference]) -> list[Reference]:
    return [r for r in _unframed(references) if r.identifier.kind in _bank.MARKS and _bank.is_pictorial(r)]


def _unframed(references: Sequence[Reference]) -> list[Reference]:
    """Without whole frames of a camera, which `stamps` looks for."""
    framed = stamps.framed(references)
    return [r for r in references if r.exemplar.id not in framed]


def assess(
    references: Sequence[Reference], only: Collection[str] | None = None, tell: Tell = lambda *_: None
) -> tuple[Assessment, ...]:
    """
    Say how good references are, in order of their labels: those whose exemplars are in `only`, None for all; some half second each. What is
    neither picture nor film is left out.

    Raises UnreadableMedia that names an exemplar which cannot be used.
    """
    return _assessment.assess(_unframed(references), _finds, only, tell)


def expect(
    references: Sequence[Reference],
    identifier_id: str,
    options: Mapping[str, Any],
    *,
    every: int = 1,
    tell: Tell = lambda *_: None,
) -> Expectation | None:
    """
    Estimate what an identifier's exemplars find together, and what they take for it; None where it is no mark or has none.

    Takes the options of `build`: of the photographs that it learns from one in `every` is looked at, too. With ten exemplars that is half a minute of
    processor time for all.
    """
    try:
        photographs = _taught.photographs(options).photographs
    except BadConfiguration:  # `footprint doctor` has the mend
        photographs = ()
    found = _assessment.expect(_unframed(references), identifier_id, _finds, photographs[::every], tell)
    least = int(_bank.option(options, "learn_from", _taught.LEARN_FROM))
    return None if found is None else replace(found, learned_from=least)


def _finds(bank: Sequence[Known], grey: NDArray[np.uint8]) -> bool:
    scene = _features.describe(grey, scale=1.0, max_points=SCENE_POINTS)
    return any(s.probability >= MIN_PROBABILITY for s in _placed.on_scene(bank, grey, scene))
