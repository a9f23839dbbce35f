"""How well a word fits what the reader saw, letter by letter, rather than what it settled for."""

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
    if not columns:
        return 0.0
    return float(np.exp(max((_best_path(line.letters, columns) for line in lines), default=_NEVER) / len(columns)))


def _best_path(letters: NDArray[np.float32], columns: list[int]) -> float:
    """
    Logarithm of the best alignment (Viterbi over CTC steps, Graves et al. 2006) of the columns to any stretch of the steps, less that of
    the greedy one over the same stretch.
    """
    greedy = np.maximum(letters.max(axis=1), 1.0 - letters.sum(axis=1))
    steps = np.log(np.maximum(letters, 1e-6)) - np.log(np.maximum(greedy, 1e-6))[:, None]
    gaps = np.maximum(steps[:, 0], steps[:, _COLUMN[" "]])
    own = steps[:, columns]
    repeats = np.array([False, *(a == b for a, b in zip(columns[1:], columns, strict=False))])
    count = len(columns)
    at = np.full(count, _NEVER)  # best path that ends on letter i
    after = np.full(count, _NEVER)  # best path that ends in a gap after letter i
    best = _NEVER
    for step, gap in zip(own, gaps, strict=True):
        before = np.concatenate([[0.0], after[:-1]])
        straight = np.where(repeats, _NEVER, np.concatenate([[_NEVER], at[:-1]]))
        moved = np.maximum(np.maximum(at, straight), before) + step
        after = np.maximum(at, after) + gap
        at = moved
        best = max(best, float(at[-1]))
    return best
