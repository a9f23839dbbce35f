"""What is written on marks, by registered wording and by what is read on their exemplars, and how well it stands in a picture."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detectors import _ocr, _spelling, _wording, lettering
from detectors._ocr import Line
from detectors._wording import Wording
from detectors.detector import Frame
from detectors.lettering import Hit, Registered
from footprint.words import words

READ_SIDE_PX = 640
"""Longer side that exemplars are read in."""
READ_FROM = 0.7
"""Score of a line from which its words count."""
LEAST_LETTERS = 3
LEAST_EXEMPLARS = 2
LEAST_SHARE = 0.5
"""A word is a mark's that stands on so many of its exemplars, and at least so often as this share of the word that is read most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    How an identifier's wording stands in a picture: `hit` is where it was read, None where it was not; `likeness` how well it fits the
    lettering that is likest, in [0, 1].
    """

    hit: Hit | None = None
    likeness: float = 0.0

    @property
    def strict(self) -> float:
        """Probability that the wording was read."""
        return 0.0 if self.hit is None else self.hit.probability


@dataclass(frozen=True, slots=True)
class Inscriptions:
    """The wording of marks, and of their look-alikes."""

    positives: tuple[Registered, ...] = ()
    others: tuple[Registered, ...] = ()

    @property
    def identifiers(self) -> frozenset[str]:
        """Identifiers that bear wording."""
        return frozenset(r.reference.identifier.id for r in self.positives)

    def readings(self, frame: Frame) -> dict[str, Reading]:
        """How the wording of each identifier that has any stands in a frame, which is read once for all detectors."""
        if not self.positives:
            return {}
        lines = lettering.lines_of(frame, side_px=_ocr.SIDE_PX)
        best = dict.fromkeys(self.identifiers, Reading())
        fits = _spelling.likenesses(lines, [_plain(r.wording) for r in self.positives])
        for registered, fit in zip(self.positives, fits, strict=True):
            identifier = registered.reference.identifier.id
            best[identifier] = replace(best[identifier], likeness=max(best[identifier].likeness, fit))
        for hit in lettering.read(lines, self.positives, self.others):
            identifier = hit.registered.reference.identifier.id
            if hit.probability > best[identifier].strict:
                best[identifier] = replace(best[identifier], hit=hit)
        return best


def read_on(pictures: Mapping[int, Sequence[NDArray[np.uint8]]]) -> dict[int, tuple[str, ...]]:
    """
    The words that stand on several exemplars of a mark and on no other's, by mark. Words that many departments share are none.

    Raises NetworkUnusable where the reader is missing.
    """
    reader = _ocr.reader()
    counts: dict[int, Counter[str]] = {mark: Counter() for mark in pictures}
    for mark, own in pictures.items():
        for picture in own:
            counts[mark].update(_words(reader.lines(picture, side_px=READ_SIDE_PX)))
    return {
        mark: tuple(
            sorted(
                word
                for word, count in own.items()
                if count >= max(LEAST_EXEMPLARS, LEAST_SHARE * max(own.values()))
                and not any(word in other for rival, other in counts.items() if rival != mark)
            )
        )
        for mark, own in counts.items()
    }


def _plain(wording: Wording) -> str:
    """Its letters, or none where some may be any: these fit too much."""
    return "" if {_wording.DIGIT, _wording.ANY} & set(wording.letters) else wording.letters


def _words(lines: Sequence[Line]) -> set[str]:
    folded = {"".join(words(part)) for line in lines if line.score >= READ_FROM for part in line.text.split()}
    return {w for w in folded if len(w) >= LEAST_LETTERS and w.isascii() and w.isalpha() and w not in _wording.GENERIC}
