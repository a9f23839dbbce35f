"""How well a word fits what the reader saw, letter by letter, rather than what it settled for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detectors._ocr import LETTERS, Line

_COLUMN = {letter: column for column, letter in enumerate(LETTERS, start=1)}
_NEVER = -1e9


def likeness(lines: tuple[Line, ...], word: str) -> float:
    """
    How likely the word is, against the reader's own best guess, on the line where it fits best: 1 where it was read as such, near 0 where
    nothing like it stands. The geometric mean by letter.
    """
    columns = [_COLUMN[letter] for letter in word.upper() if letter != " " and letter in _COLUMN]
    if not columns or not lines:
        return 0.0
    return float(np.exp(_best_path([line.letters for line in lines], columns) / len(columns)))


def _best_path(lines: Sequence[NDArray[np.float32]], columns: list[int]) -> float:
    """
    Logarithm of the best alignment (Viterbi over CTC steps, Graves et al. 2006) of the columns to any stretch of any line's steps, less that
    of the greedy one over the same stretch. All lines at once; shorter ones end in steps on which nothing can be.
    """
    longest, count = max(map(len, lines)), len(columns)
    own = np.full((longest, len(lines), count), _NEVER)
    gaps = np.full((longest, len(lines), 1), _NEVER)
    for i, letters in enumerate(lines):
        greedy = np.maximum(letters.max(axis=1), 1.0 - letters.sum(axis=1))
        steps = np.log(np.maximum(letters, 1e-6)) - np.log(np.maximum(greedy, 1e-6))[:, None]
        own[: len(letters), i] = steps[:, columns]
        gaps[: len(letters), i, 0] = np.maximum(steps[:, 0], steps[:, _COLUMN[" "]])
    repeats = np.array([False, *(a == b for a, b in zip(columns[1:], columns, strict=False))])
    at = np.full((len(lines), count), _NEVER)  # best path that ends on letter i
    after = np.full((len(lines), count), _NEVER)  # best path that ends in a gap after letter i
    first, before = np.zeros((len(lines), 1)), np.full((len(lines), 1), _NEVER)
    best = _NEVER
    for step, gap in zip(own, gaps, strict=True):
        rested = np.concatenate([first, after[:, :-1]], axis=1)
        straight = np.where(repeats, _NEVER, np.concatenate([before, at[:, :-1]], axis=1))
        moved = np.maximum(np.maximum(at, straight), rested) + step
        after = np.maximum(at, after) + gap
        at = moved
        best = max(best, float(at[:, -1].max()))
    return best
