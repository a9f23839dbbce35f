"""
How a vehicle or a garment looks, and how far that is from others of its sort towards what is registered.

Never a raw likeness: one cruiser looks much like another, so a look is judged by the parts that it shares with the exemplars and others lack
(`_parts`), by the direction in which their colours differ from others' (linear discriminant with a shrunk covariance, after Fisher 1936 and
Ledoit and Wolf 2004), and by what is written on it, in standard deviations of others that were not learned from.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _ocr, _parts, _spelling
from detectors._ocr import Line
from detectors._parts import Choice, Windows

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

READ_SIDE_PX = 736
MOST_ENLARGED = 3.0
COLOUR_SIDE_PX = 96
COLOUR_WEIGHT, WORD_WEIGHT = 0.15, 0.3
"""Of colours by height and of lettering, against 1 for the parts."""
FOLDS = 5
LEAST_OTHERS = 20
"""Fewer others say nothing about how unlike them something is."""
LEAST_WORD = 4
"""Letters of a word that is taken from exemplars without being registered."""
READ_FROM = 0.7
"""Score of a line from which its words count."""


@dataclass(frozen=True, eq=False)
class Look:
    """A crop: `windows` are its parts, `thirds` its colours from top to bottom, float32; `lines` what is written on it."""

    windows: Windows
    thirds: Floats
    lines: tuple[Line, ...]
    _fits: dict[str, float] = field(default_factory=dict, repr=False)
    _answers: dict["Look", Floats] = field(default_factory=dict, repr=False)

    def answers(self, other: "Look") -> Floats:
        """How well each part that this may lend is answered in another look, worked out once."""
        if other not in self._answers:
            lent = self.windows.rows[self.windows.candidates]
            self._answers[other] = _parts.answers(lent, other.windows)
        return self._answers[other]

    def likeness(self, word: str) -> float:
        """How well a word fits what is written on it, worked out once."""
        if word not in self._fits:
            self._fits[word] = _spelling.likeness(self.lines, word)
        return self._fits[word]

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of letters that were read with some certainty."""
        return frozenset(
            word
            for line in self.lines
            if line.score >= READ_FROM
            for word in line.text.upper().replace("-", " ").split()
            if len(word) >= LEAST_WORD and word.isascii() and word.isalpha()
        )


Twice = tuple[Look, Look]
"""An exemplar, and its mirror image: a livery is on both sides."""


def look_at(rgb: Picture, *, lines: tuple[Line, ...] | None = None) -> Look:
    """Look at the crop of one thing. Its lettering is read unless `lines` are given."""
    small = cv2.resize(rgb, (COLOUR_SIDE_PX, COLOUR_SIDE_PX), interpolation=cv2.INTER_AREA)
    hsv = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2HSV), dtype=np.uint8)
    tenth = COLOUR_SIDE_PX // 10
    inner = hsv[tenth:-tenth, tenth:-tenth]
    third = len(inner) // 3
    return Look(
        windows=_parts.space().windows(rgb),
        thirds=np.concatenate([_histogram(inner[i : i + third], (6, 3, 3)) for i in (0, third, 2 * third)]),
        lines=_lines(rgb) if lines is None else lines,
    )


def look_twice(rgb: Picture) -> Twice:
    """Look at an exemplar's crop."""
    return look_at(rgb), look_at(np.ascontiguousarray(rgb[:, ::-1]), lines=())


def _lines(rgb: Picture) -> tuple[Line, ...]:
    """The lettering of a crop, looked for in it enlarged."""
    scale = min(READ_SIDE_PX / max(rgb.shape[:2]), MOST_ENLARGED)
    size = max(32, round(rgb.shape[1] * scale)), max(32, round(rgb.shape[0] * scale))
    large = cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    return _ocr.reader().lines(np.asarray(large, dtype=np.uint8), side_px=max(size))


def _histogram(hsv: Picture, bins: tuple[int, int, int]) -> Floats:
    """Square roots of shares, so that products are of length 1 at most (Bhattacharyya)."""
    counts, _ = np.histogramdd(hsv.reshape(-1, 3).astype(np.float32), bins=bins, range=((0, 180), (0, 256), (0, 256)))
    return np.asarray(np.sqrt(counts.ravel() / max(1.0, counts.sum())), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """
    How a look stands to a livery: `parts` and `colour` in standard deviations of the others, `lettering` in nats for or against, `total` their
    weighted sum, `margin` by how many of its deviations that exceeds what one of a hundred others exceeds.
    """

    parts: float
    colour: float
    lettering: float
    total: float
    margin: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and deviation of a measure among others that were not learned from."""

    mean: float
    deviation: float

    def __call__(self, raw: float) -> float:
        return (raw - self.mean) / self.deviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A discriminant: `weights` on what is left of a vector less `middle`."""

    middle: Floats
    weights: Floats

    def of(self, vectors: Floats) -> NDArray[np.float64]:
        """Scores of rows."""
        return np.asarray((vectors - self.middle) @ self.weights, dtype=np.float64)


Words = tuple[tuple[str, float], ...]
"""Words, each with the share of others that it stands on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Livery:
    """
    What was learned of one livery: `vectors` are its parts as `choice` chose them. `threshold` is the total that one of a hundred others exceeds
    at most, `spread` the deviation of theirs, `others` how many; `nearest` which of them comes nearest, and its margin.
    """

    vectors: Floats
    choice: Choice
    colour: Direction
    words: Words
    parts_scale: Scale
    colour_scale: Scale
    threshold: float
    spread: float
    others: int
    nearest: tuple[int, float]

    def score(self, look: Look, *, exemplars: Sequence[Twice] = ()) -> Score:
        """Judge one look. Where the `exemplars` that this was learned from are at hand, what they worked out before is not worked out again."""
        lent = [side for pair in exemplars for side in pair]
        answered = _answers(lent, look)[self.choice.rows] if lent else _parts.answers(self.vectors, look.windows)
        parts = self.parts_scale(float(self.choice.strength(answered[:, None])[0]))
        colour = self.colour_scale(float(self.colour.of(look.thirds[None])[0]))
        lettering = _lettering(look, self.words)
        total = parts + COLOUR_WEIGHT * colour + WORD_WEIGHT * lettering
        return Score(
            parts=parts, colour=colour, lettering=lettering, total=total, margin=(total - self.threshold) / self.spread
        )


def learn(exemplars: Sequence[Twice], others: Sequence[Look], wording: Sequence[str] = ()) -> Livery:
    """
    Learn a livery from looks at it and at other vehicles, at least LEAST_OTHERS, and the words registered for it.

    Words that are read on the exemplars count as registered ones do. Scales and threshold come from others that were not seen: each
    fold is judged by what was learned from the rest.
    """
    words, lent = _words([e for e, _ in exemplars], wording), [look for pair in exemplars for look in pair]
    own, answered = _own(exemplars), np.stack([_answers(lent, other) for other in others], axis=1)
    thirds, count = np.stack([other.thirds for other in others]), len(others)
    parts, colour, lettering = np.empty(count), np.empty(count), np.empty(count)
    for fold in range(FOLDS):
        judged = np.arange(count) % FOLDS == fold
        choice = _parts.choose(own, answered[:, ~judged])
        parts[judged] = choice.strength(answered[np.ix_(choice.rows, judged)])
        colour[judged] = _direction(exemplars, thirds[~judged]).of(thirds[judged])
        seen = _rarity(words, [o for o, is_judged in zip(others, judged, strict=True) if not is_judged])
        lettering[judged] = [_lettering(o, seen) for o, is_judged in zip(others, judged, strict=True) if is_judged]
    parts_scale, colour_scale = _scale(parts), _scale(colour)
    totals = (
        (parts - parts_scale.mean) / parts_scale.deviation
        + COLOUR_WEIGHT * (colour - colour_scale.mean) / colour_scale.deviation
        + WORD_WEIGHT * lettering
    )
    choice = _parts.choose(own, answered)
    threshold = max(float(np.quantile(totals, 0.99)), float(np.mean(totals) + 2.33 * np.std(totals)))
    spread = max(float(np.std(totals)), 1e-3)
    return Livery(
        vectors=np.concatenate([look.windows.rows[look.windows.candidates] for look in lent])[choice.rows].astype(
            np.float32
        ),
        choice=choice,
        colour=_direction(exemplars, thirds),
        words=_rarity(words, others),
        parts_scale=parts_scale,
        colour_scale=colour_scale,
        threshold=threshold,
        spread=spread,
        others=count,
        nearest=(int(np.argmax(totals)), (float(np.max(totals)) - threshold) / spread),
    )


def _answers(lent: Sequence[Look], other: Look) -> Floats:
    return np.concatenate([look.answers(other) for look in lent])


def _own(exemplars: Sequence[Twice]) -> Floats:
    """How each candidate is answered by each exemplar, from either side; NaN by the one that lends it."""
    columns = []
    for judged in exemplars:
        rows = []
        for lender in exemplars:
            for look in lender:
                best = np.maximum(*(look.answers(side) for side in judged))
                rows.append(np.full_like(best, np.nan) if lender is judged else best)
        columns.append(np.concatenate(rows))
    return np.stack(columns, axis=1)


def _scale(values: NDArray[np.float64]) -> Scale:
    return Scale(float(values.mean()), max(float(values.std()), 1e-6))


def _words(exemplars: Sequence[Look], wording: Sequence[str]) -> tuple[str, ...]:
    registered = {word for text in wording for word in text.upper().split()}
    return tuple(sorted(registered.union(*(e.words for e in exemplars))))


def _rarity(words: Sequence[str], others: Sequence[Look]) -> Words:
    return tuple((word, (sum(o.likeness(word) ** 2 for o in others) + 1) / (len(others) + 2)) for word in words)


def _lettering(look: Look, words: Words) -> float:
    return sum(_nats(look.likeness(word), share) for word, share in words) / math.sqrt(max(1, len(words)))


def _direction(exemplars: Sequence[Twice], bank: Floats) -> Direction:
    """Colours' discriminant: the inverse of the others' covariance and as much again of its mean variance, times how far the exemplars' mean is from theirs."""
    middle = bank.astype(np.float64).mean(axis=0)
    left = bank - middle
    covariance = left.T @ left / len(left)
    ridge = max(float(np.trace(covariance)) / min(left.shape), 1e-9)
    step = np.stack([e.thirds for e, _ in exemplars]).mean(axis=0) - middle
    weights = np.linalg.solve(covariance + ridge * np.eye(len(covariance)), step)
    return Direction(middle=middle.astype(np.float32), weights=weights.astype(np.float32))


def _nats(likeness: float, share: float) -> float:
    """What a word says that stands on `share` of the others: much where it is rare and there, little where it is not to be seen."""
    there = likeness**2
    return there * max(0.0, float(np.log(0.8 / share))) + 0.5 * (1 - there) * min(0.0, float(np.log(0.4 / (1 - share))))
