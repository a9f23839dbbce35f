"""Lines of text that belong together: one after the other, or one below the other."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detectors import _wording
from detectors._ocr import Line
from detectors._wording import Wording
from footprint.findings import Quad
from footprint.words import words

MOST_LINES = 4
"""Lines that one passage may run over."""
MOST_FOLLOWERS = 2
ALIKE_HEIGHT = 3.0
"""How many times as high as the next a line may be."""
MOST_SLANT = np.cos(np.radians(15))
ACROSS_GAP, BELOW_GAP = 3.0, 4.0
"""Gaps between lines of one passage, in heights of the higher: to the right, and below."""


@dataclass(frozen=True)
class Passage:
    """Lines in the order of reading."""

    lines: tuple[Line, ...]
    numbers: tuple[int, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Their words, folded."""
        return tuple(word for line in self.lines for word in _words(line))

    @cached_property
    def _counted(self) -> Counter[str]:
        return _wording.counted("".join(self.words))

    def may_hold(self, wording: Wording) -> bool:
        """Whether it is worth looking closely. Wording of one word does not run over several lines."""
        return len(self.lines) <= len(wording.words) and wording.could_stand_in(self._counted)

    def letters(self, start: int, end: int) -> frozenset[tuple[int, int]]:
        """What of each line the letters from `start` to `end` take up, as (number of the line, letter)."""
        return frozenset(
            (number, i)
            for number, (first, last, _) in zip(self.numbers, self._parts(start, end), strict=True)
            for i in range(first, last)
        )

    def score(self, start: int, end: int) -> float:
        """The least score of the lines that these letters take up."""
        parts = zip(self.lines, self._parts(start, end), strict=True)
        return min((line.score for line, (first, last, _) in parts if last > first), default=0.0)

    def quad(self, start: int, end: int) -> Quad:
        """A box round these letters, along the first line, in pixels of the picture."""
        corners = np.concatenate(
            [
                _between(line.quad, first / length, last / length)
                for line, (first, last, length) in zip(self.lines, self._parts(start, end), strict=True)
                if last > first
            ]
        )
        along = _direction(corners[:4])
        axes = np.stack([along, [-along[1], along[0]]])
        turned = corners @ axes.T
        (left, top), (right, bottom) = turned.min(axis=0), turned.max(axis=0)
        box = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) @ axes
        a, b, c, d = ((float(x), float(y)) for x, y in box)
        return a, b, c, d

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Of each line: first letter, letter after the last, and how many it has."""
        before = 0
        for line in self.lines:
            length = sum(len(word) for word in _words(line))
            first, last = max(0, start - before), min(length, end - before)
            yield first, max(first, last), length
            before += length


def of(lines: Sequence[Line]) -> Iterator[Passage]:
    """Every line by itself, and with what may follow it."""
    followers = [_followers(i, lines) for i in range(len(lines))]
    waiting: list[tuple[int, ...]] = [(i,) for i in reversed(range(len(lines)))]
    while waiting:
        numbers = waiting.pop()
        yield Passage(lines=tuple(lines[i] for i in numbers), numbers=numbers)
        if len(numbers) < MOST_LINES:
            waiting += [(*numbers, j) for j in followers[numbers[-1]] if j not in numbers]


def _words(line: Line) -> tuple[str, ...]:
    return tuple(word for part in line.text.split() if (word := "".join(words(part))))


def _followers(i: int, lines: Sequence[Line]) -> list[int]:
    """The lines that most likely go on where line i ends, the nearest first."""
    gaps = [(gap, j) for j in range(len(lines)) if j != i and (gap := _gap(lines[i].quad, lines[j].quad)) is not None]
    return [j for _, j in sorted(gaps)[:MOST_FOLLOWERS]]


def _gap(one: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    """How far the other line is behind or below one, in heights; None where it does not follow it."""
    along = _direction(one)
    heights = _height(one), _height(other)
    if along @ _direction(other) < MOST_SLANT or max(heights) > ALIKE_HEIGHT * min(heights):
        return None
    across = np.array([-along[1], along[0]])
    (x1, x2), (y1, y2) = _extent(one @ along), _extent(one @ across)
    (u1, u2), (v1, v2) = _extent(other @ along), _extent(other @ across)
    unit = max(heights)
    if abs((y1 + y2) - (v1 + v2)) / 2 < 0.5 * unit:
        return (u1 - x2) / unit if -0.5 * unit < u1 - x2 < ACROSS_GAP * unit else None
    is_below = -0.5 * unit < v1 - y2 < BELOW_GAP * unit
    shared = min(x2, u2) - max(x1, u1)
    return (v1 - y2) / unit if is_below and shared > 0.3 * min(x2 - x1, u2 - u1) else None


def _direction(quad: NDArray[np.float32]) -> NDArray[np.float32]:
    along = quad[1] - quad[0]
    return np.asarray(along / max(float(np.hypot(*along)), 1e-6))


def _height(quad: NDArray[np.float32]) -> float:
    return float(np.hypot(*(quad[3] - quad[0])))


def _extent(values: NDArray[np.float32]) -> tuple[float, float]:
    return float(values.min()), float(values.max())


def _between(quad: NDArray[np.float32], start: float, end: float) -> NDArray[np.float32]:
    """The part of a line from one share of its length to another."""
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    return np.array([quad[0] + start * top, quad[0] + end * top, quad[3] + end * bottom, quad[3] + start * bottom])
