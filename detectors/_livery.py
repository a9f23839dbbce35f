"""
How a vehicle or a garment looks, and how far that is from others of its sort towards what is registered.

Never a raw likeness: one cruiser looks much like another, so a look is judged along the direction in which the exemplars differ from a
bank of others (linear discriminant with a shrunk covariance, after Fisher 1936 and Ledoit and Wolf 2004), in standard deviations of that bank.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _network, _ocr, _spelling
from detectors._ocr import Line

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDES_PX = (288, 384)
"""Longer sides that a crop is looked at in, each with its mirror image."""
READ_SIDE_PX = 736
MOST_ENLARGED = 3.0
COLOUR_SIDE_PX = 96
SHRINK = 0.3
"""Weight of the mean variance against the bank's covariance."""
COLOUR_WEIGHT, WORD_WEIGHT = 0.5, 1.5
"""Of colours by height and of lettering, against 1 for the look."""
FOLDS = 5
LEAST_OTHERS = 20
"""Fewer others say nothing about how unlike them something is."""
LEAST_WORD = 4
"""Letters of a word that is taken from exemplars without being registered."""
READ_FROM = 0.7
"""Score of a line from which its words count."""


@dataclass(frozen=True, eq=False)
class Look:
    """A crop: `whole` says what it looks like, `thirds` its colours from top to bottom, both float32; `lines` what is written on it."""

    whole: Floats
    thirds: Floats
    lines: tuple[Line, ...]
    _fits: dict[str, float] = field(default_factory=dict, repr=False)

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


def look_at(rgb: Picture, *, lines: tuple[Line, ...] | None = None) -> Look:
    """Look at the crop of one thing. Its lettering is read unless `lines` are given."""
    network = _network.network()
    heads = []
    for side_px in SIDES_PX:
        for view in (rgb, np.ascontiguousarray(rgb[:, ::-1])):
            heads.append(network.look(view, side_px=side_px))
    means = [np.asarray((heads[i] + heads[i + 1]) / 2, np.float32) for i in range(0, len(heads), 2)]
    small = cv2.resize(rgb, (COLOUR_SIDE_PX, COLOUR_SIDE_PX), interpolation=cv2.INTER_AREA)
    hsv = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2HSV), dtype=np.uint8)
    tenth = COLOUR_SIDE_PX // 10
    inner = hsv[tenth:-tenth, tenth:-tenth]
    third = len(inner) // 3
    return Look(
        whole=np.concatenate([*(_unit(m) for m in means), np.float32(0.3) * _histogram(inner, (8, 4, 4))]),
        thirds=np.concatenate([_histogram(inner[i : i + third], (6, 3, 3)) for i in (0, third, 2 * third)]),
        lines=_lines(rgb) if lines is None else lines,
    )


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


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-6), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """
    How a look stands to a livery: `look` and `colour` in standard deviations of the others, `lettering` in nats for or against, `total` their
    weighted sum.
    """

    look: float
    colour: float
    lettering: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """A discriminant: `weights` on what is left of a vector less `middle`; scores of others have this mean and deviation."""

    middle: Floats
    weights: Floats
    mean: float
    deviation: float

    def of(self, vectors: Floats) -> NDArray[np.float64]:
        """Scores of rows in standard deviations of the others."""
        raw = (vectors - self.middle) @ self.weights
        return np.asarray((raw - self.mean) / self.deviation, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Livery:
    """What was learned of one livery. `threshold` is the total that one of a hundred others exceeds at most, `spread` the deviation of theirs, `others` how many."""

    look: Direction
    colour: Direction
    words: tuple[tuple[str, float], ...]
    threshold: float = 0.0
    spread: float = 1.0
    others: int = 0

    def score(self, look: Look) -> Score:
        """Judge one look."""
        by_look = float(self.look.of(look.whole[None])[0])
        by_colour = float(self.colour.of(look.thirds[None])[0])
        likeness = [look.likeness(word) for word, _ in self.words]
        nats = sum(_nats(a, share) for a, (_, share) in zip(likeness, self.words, strict=True))
        lettering = nats / max(1, len(self.words)) ** 0.5
        return Score(
            look=by_look,
            colour=by_colour,
            lettering=lettering,
            total=by_look + COLOUR_WEIGHT * by_colour + WORD_WEIGHT * lettering,
        )


def learn(exemplars: Sequence[Look], others: Sequence[Look], wording: Sequence[str] = ()) -> Livery:
    """
    Learn a livery from looks at it and at other vehicles, at least LEAST_OTHERS, and the words registered for it.

    Words that are read on the exemplars count as registered ones do. The threshold comes from others that the discriminant has not
    seen: each fold is judged by what was learned from the rest.
    """
    words = _words(exemplars, wording)
    totals = []
    for fold in range(FOLDS):
        seen = [o for i, o in enumerate(others) if i % FOLDS != fold]
        part = _learn(exemplars, seen, words)
        totals += [part.score(o).total for i, o in enumerate(others) if i % FOLDS == fold]
    whole = _learn(exemplars, others, words)
    return Livery(
        look=whole.look,
        colour=whole.colour,
        words=whole.words,
        threshold=max(float(np.quantile(totals, 0.99)), float(np.mean(totals) + 2.33 * np.std(totals))),
        spread=max(float(np.std(totals)), 1e-3),
        others=len(others),
    )


def _words(exemplars: Sequence[Look], wording: Sequence[str]) -> tuple[str, ...]:
    registered = {word for text in wording for word in text.upper().split()}
    return tuple(sorted(registered.union(*(e.words for e in exemplars))))


def _learn(exemplars: Sequence[Look], others: Sequence[Look], words: Sequence[str]) -> Livery:
    rarity = []
    for word in words:
        likeness = [other.likeness(word) ** 2 for other in others]
        rarity.append((word, (sum(likeness) + 1) / (len(others) + 2)))
    return Livery(
        look=_direction([e.whole for e in exemplars], [o.whole for o in others], shrink=SHRINK),
        colour=_direction([e.thirds for e in exemplars], [o.thirds for o in others], shrink=1.0),
        words=tuple(rarity),
    )


def _direction(own: Sequence[Floats], others: Sequence[Floats], *, shrink: float) -> Direction:
    """The inverse of the shrunk covariance of the others, times how far the exemplars' mean is from theirs; by as many equations as others."""
    bank = np.stack(others).astype(np.float64)
    middle = bank.mean(axis=0)
    left = bank - middle
    step = np.stack(own).mean(axis=0) - middle
    count = len(left)
    ridge = max(shrink * float((left**2).sum()) / count / min(left.shape), 1e-9)
    inner = np.linalg.solve(left @ left.T / count + ridge * np.eye(count), left @ step)
    weights = (step - left.T @ inner / count) / ridge
    scores = left @ weights
    return Direction(
        middle=middle.astype(np.float32),
        weights=weights.astype(np.float32),
        mean=float(scores.mean()),
        deviation=max(float(scores.std()), 1e-9),
    )


def _nats(likeness: float, share: float) -> float:
    """What a word says that stands on `share` of the others: much where it is rare and there, little where it is not to be seen."""
    there = likeness**2
    return there * max(0.0, float(np.log(0.8 / share))) + 0.5 * (1 - there) * min(0.0, float(np.log(0.4 / (1 - share))))
