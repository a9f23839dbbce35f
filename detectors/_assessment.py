"""How good references are, told when they are registered: too plain, too alike, and how small they are still found."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _bank, _decode, _features, _hashes, _whole
from detectors._bank import Known
from detectors._claims import name_of
from detectors.detector import Reference, Tell
from footprint.identifiers import Polarity
from footprint.precision import wilson

VIEW_SIDES_PX = (160, 96, 64, 48)
"""Longer sides at which a mark is shown to itself again, each seen from three directions."""
TILTS = ((0.0, 0.0), (0.22, 0.05), (-0.05, 0.22))
"""By what share of its side a mark's far edge is shortened: left to right, top to bottom. 0.22 is a turn by some 40 degrees."""
EXPECTED_SIDE_PX = 96
"""Longer side of the views by which recall is estimated: a patch on a person who stands in the middle of a photograph."""
MOST_OWN, MOST_OTHERS = 12, 60
LEAST_OTHERS = 20
"""Pictures that do not show a mark from which a rate of false alarms means anything: none in 20 is still up to 1 in 6."""
ENOUGH_RECALL, ENOUGH_EXEMPLARS = 0.9, 6
"""Expected recall from which no more exemplars are asked for, and how many are asked for below it."""
SMALL_PX, BLURRED_PX = 80, 8.0
"""Lesser side of a picture, and median size of its points (at MARK_SIDE_PX), from which it shows too little of how a mark looks."""
MOST_NAMED = 3
THREADS = 2
CANVAS_PX = 256
SEED = 27

T = TypeVar("T")
U = TypeVar("U")

Finds = Callable[[Sequence[Known], NDArray[np.uint8]], bool]
"""Whether a detector finds any of these references in a grey picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """
    What to expect of one exemplar.

    `points` counts local features; `smallest_px` is the least side at which it was found again in drawn views, None where in none or
    where it does not apply; `near_duplicates` are ids of exemplars that show nearly the same picture; `sentence` says it in plain words.
    """

    exemplar_id: str
    points: int
    smallest_px: int | None
    near_duplicates: tuple[str, ...]
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """
    What to expect of all exemplars of a mark together.

    `found` of `views` drawn views of an exemplar are found by the others alone, each left out in turn with its near-duplicates. `false_alarms` of `others`
    are taken for this mark by its points: pictures of other identifiers, and `photographs` of the bank; `mistaken` names some. Its look is
    learned from `learned_from` exemplars on, 0 for never.
    """

    identifier_id: str
    exemplars: int
    found: int
    views: int
    false_alarms: int
    others: int
    photographs: int = 0
    mistaken: tuple[str, ...] = ()
    learned_from: int = 0

    @property
    def sentence(self) -> str:
        """All of it in plain words, and what is too little to tell anything by."""
        return f"{self._recall()} {self._false_alarms()}{self._more()}{self._look()}"

    def _recall(self) -> str:
        if not self.views:
            return "Recall cannot be estimated from one exemplar and copies of it: add another photograph of it."
        low, high = wilson(self.found, self.views)
        return (
            f"Expected recall by points: {self.found} of {self.views} drawn views of an exemplar are found by the others alone "
            f"({low:.0%} to {high:.0%})."
        )

    def _false_alarms(self) -> str:
        if self.others < LEAST_OTHERS:
            return f"False alarms cannot be estimated: only {self.others} pictures are there that do not show it."
        _, high = wilson(self.false_alarms, self.others)
        elsewhere = self.others - self.photographs
        of = f"{self.photographs} photographs of the bank{f', {elsewhere} of other identifiers' if elsewhere else ''}"
        rate = f", about 1 in {round(self.others / self.false_alarms)}" if self.false_alarms else ""
        named = f" Mistaken: {', '.join(self.mistaken)}." if self.mistaken else ""
        return (
            f"Expected false alarms by its points: {self.false_alarms} in {self.others} pictures of something else ({of}){rate}, with 95 % "
            f"confidence at most 1 in {int(1 / high)}.{named}"
        )

    def _look(self) -> str:
        if not self.learned_from:
            return ""
        if self.exemplars < self.learned_from:
            return f" As a mark its look is learned from {self.learned_from} exemplars on."
        return (
            " Its look, learned from so many exemplars, may find more and is not counted here: "
            f"`footprint identifier threshold {self.identifier_id} --false-alarms 1/100` tries it on the bank."
        )

    def _more(self) -> str:
        enough = self.views and self.found >= ENOUGH_RECALL * self.views
        more = 0 if enough else max(0, ENOUGH_EXEMPLARS - self.exemplars)
        return f" {more} more from other sides and in other light would help." if more else ""


def expect(
    references: Sequence[Reference],
    identifier_id: str,
    finds: Finds,
    photographs: Sequence[NDArray[np.uint8]] = (),
    tell: Tell = lambda *_: None,
) -> Expectation | None:
    """
    Estimate from the bank what an identifier's exemplars find, and what they take for it. None where it is no mark or has none.

    `photographs`, RGB, show no mark; all are looked at, and at most MOST_OWN exemplars and MOST_OTHERS pictures of other identifiers, evenly chosen.
    """
    pictorial = [r for r in references if _bank.is_pictorial(r) and r.exemplar.polarity is Polarity.POSITIVE]
    own = [r for r in pictorial if r.identifier.id == identifier_id and r.identifier.kind in _bank.MARKS]
    if not own:
        return None
    known = [_bank.known(r) for r in _evenly(own, MOST_OWN)]
    views = [(rest, _view(k, EXPECTED_SIDE_PX, tilt)) for k, rest in _left_out(known) if rest for tilt in TILTS]
    elsewhere = [r for r in pictorial if r.identifier.id != identifier_id]
    others = [(name_of(r), _bank.known(r).grey) for r in _evenly(elsewhere, MOST_OTHERS)]
    others += [("a photograph of the bank", _features.grey_of(rgb)) for rgb in photographs]
    found = _each(
        lambda pair: finds(*pair), [*views, *((known, grey) for _, grey in others)], "exemplars together", tell
    )
    mistaken = [name for (name, _), is_found in zip(others, found[len(views) :], strict=True) if is_found]
    return Expectation(
        identifier_id=identifier_id,
        exemplars=len(own),
        found=sum(found[: len(views)]),
        views=len(views),
        false_alarms=len(mistaken),
        others=len(others),
        photographs=len(photographs),
        mistaken=tuple(dict.fromkeys(mistaken))[:MOST_NAMED],
    )


def _left_out(known: Sequence[Known]) -> Iterator[tuple[Known, list[Known]]]:
    """Each with the others that show it in another photograph."""
    prints = [_prints(k.reference) for k in known]
    for place, left in enumerate(known):
        yield (
            left,
            [k for k, own in zip(known, prints, strict=True) if k is not left and not _is_near(prints[place], own)],
        )


def _each(work: Callable[[T], U], items: Sequence[T], stage: str, tell: Tell) -> list[U]:
    """What comes of each, in order, on THREADS: most of it is OpenCV's, which waits for nobody."""
    done: list[U] = []
    with ThreadPoolExecutor(THREADS) as threads:
        for one in threads.map(work, items):
            done.append(one)
            tell(stage, len(done), len(items))
    return done


def _evenly(items: Sequence[T], most: int) -> Sequence[T]:
    return items[:: -(-len(items) // most) or 1]


def assess(
    references: Sequence[Reference],
    finds: Finds,
    only: Collection[str] | None = None,
    tell: Tell = lambda *_: None,
) -> tuple[Assessment, ...]:
    """
    Assess pictorial references in order of their labels: those whose exemplars are in `only`, None for all, beside all others.

    Raises UnreadableMedia that names an exemplar which cannot be used.
    """
    own = sorted((r for r in references if _bank.is_pictorial(r)), key=lambda r: (r.exemplar.label, r.exemplar.id))
    prints = {r.exemplar.id: _prints(r) for r in own}
    names = {r.exemplar.id: r.exemplar.label or r.exemplar.id for r in own}
    asked = [r for r in own if only is None or r.exemplar.id in only]
    return tuple(_each(lambda r: _assess(r, prints, names, finds), asked, "exemplars one by one", tell))


def _prints(reference: Reference) -> tuple[_hashes.Fingerprint, ...]:
    with _bank.named(reference):
        rgb, _ = _decode.picture(reference.data)
    return _hashes.fingerprints(rgb)


def _assess(
    reference: Reference,
    prints: Mapping[str, tuple[_hashes.Fingerprint, ...]],
    names: Mapping[str, str],
    finds: Finds,
) -> Assessment:
    own = reference.exemplar.id
    known = _bank.known(reference)
    is_mark = reference.identifier.kind in _bank.MARKS
    smallest = min(_sizes_found(known, finds), default=None) if is_mark else None
    alike = tuple(other for other in prints if other != own and _is_near(prints[own], prints[other]))
    quality = max(p.quality for p in prints[own])
    words = _words_of_mark(known, smallest) if is_mark else _words_of_picture(quality)
    if alike:
        words += f" Nearly the same picture as {', '.join(names[other] for other in alike)}: it adds little."
    return Assessment(
        exemplar_id=own,
        points=len(known.features),
        smallest_px=smallest,
        near_duplicates=alike,
        sentence=f"{names[own]}: {words[0].lower()}{words[1:]}",
    )


def _is_near(one: Sequence[_hashes.Fingerprint], other: Sequence[_hashes.Fingerprint]) -> bool:
    pairs = [(a, b) for a in one for b in other]
    return any(int(_hashes.distances(a.pdq, b.pdq[:1]).min()) <= _whole.CLOSE_BITS for a, b in pairs)


def _words_of_mark(known: Known, smallest_px: int | None) -> str:
    points = len(known.features)
    if smallest_px is None:
        return (
            f"Too plain ({points} points): not found again even at {VIEW_SIDES_PX[0]} pixels. By points it will be recognised only "
            "where a whole picture is this one. A closer, sharper photograph that shows lettering or detail helps."
        )
    height, width = known.grey.shape
    scale = min(_bank.MARK_SIDE_PX / max(height, width), _bank.MAX_ENLARGED)
    if min(height, width) < SMALL_PX:
        verdict = f"Small, {width} x {height} pixels: a larger picture shows how it looks from nearby"
    elif float(np.median(known.features.sizes)) * scale > BLURRED_PX:
        verdict = "Blurred: a sharper photograph finds it where it is seen sharply"
    elif smallest_px <= VIEW_SIDES_PX[2]:
        verdict = "Good"
    else:
        verdict = "Fair: found only where it is large; a sharper photograph helps"
    return f"{verdict} ({points} points): found again down to {smallest_px} pixels in drawn views."


def _words_of_picture(quality: int) -> str:
    if quality < _hashes.MIN_QUALITY:
        return "Near-blank: too much like other pictures for its fingerprint to count; only local features may find it."
    return "Good: its fingerprint tells it from other pictures."


def _sizes_found(known: Known, finds: Finds) -> Iterator[int]:
    """The sizes at which most of the drawn views show it well enough to be found."""
    for side_px in VIEW_SIDES_PX:
        found = sum(finds((known,), _view(known, side_px, tilt)) for tilt in TILTS)
        if 2 * found > len(TILTS):
            yield side_px


def _view(known: Known, side_px: int, tilt: tuple[float, float]) -> NDArray[np.uint8]:
    """The mark as a telephone would take it: small, from an angle, slightly blurred, as JPEG, on a mottled ground."""
    rng = np.random.default_rng(SEED)
    mottle = cv2.resize(
        rng.normal(0, 1, (24, 24)).astype(np.float32), (CANVAS_PX, CANVAS_PX), interpolation=cv2.INTER_CUBIC
    )
    ground = np.clip(120 + 30 * mottle + rng.normal(0, 3, mottle.shape), 0, 255).astype(np.uint8)
    height, width = known.grey.shape
    scale = side_px / max(height, width)
    w, h = width * scale, height * scale
    across, down = tilt
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    shape = np.array(
        [
            [max(down, 0) * w, max(across, 0) * h],
            [w - max(down, 0) * w, max(-across, 0) * h],
            [w - max(-down, 0) * w, h - max(-across, 0) * h],
            [max(-down, 0) * w, h - max(across, 0) * h],
        ],
        np.float32,
    )
    onto = cv2.getPerspectiveTransform(corners, shape + np.float32((CANVAS_PX - side_px) / 2))
    small = cv2.GaussianBlur(known.grey, (0, 0), max(0.5 / scale, 0.1)) if scale < 1 else known.grey
    size = (CANVAS_PX, CANVAS_PX)
    laid = cv2.warpPerspective(small, onto, size, flags=cv2.INTER_LINEAR)
    solid = np.full(known.grey.shape, 255, np.uint8) if known.solid is None else known.solid
    where = cv2.warpPerspective(solid, onto, size, flags=cv2.INTER_NEAREST) > 0
    view = cv2.GaussianBlur(np.where(where, laid, ground).astype(np.uint8), (0, 0), 0.6)
    _, encoded = cv2.imencode(".jpg", view, (cv2.IMWRITE_JPEG_QUALITY, 75))
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
