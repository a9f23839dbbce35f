"""How well words fit what the reader saw, letter by letter, rather than what it settled for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detectors._ocr import LETTERS, Line

_COLUMN = {letter: column for column, letter in enumerate(LETTERS, start=1)}
_NEVER = -1e9


def likeness(lines: Sequence[Line], word: str) -> float:
    """
    How likely the word is, against the reader's own best guess, on the line where it fits best: 1 where it was read as such, near 0 where
    nothing like it stands. The geometric mean by letter.
    """
    return likenesses(lines, (word,))[0]


def likenesses(lines: Sequence[Line], words: Sequence[str]) -> tuple[float, ...]:
    """The likeness of each of many words, worked out together."""
    columns = [[_COLUMN[letter] for letter in word.upper() if letter != " " and letter in _COLUMN] for word in words]
    counts = np.array([len(own) for own in columns], np.intp)
    table = np.zeros((len(words), max([1, *map(len, columns)])), np.intp)
    for row, own in zip(table, columns, strict=True):
        row[: len(own)] = own
    best = np.full(len(words), _NEVER)
    for line in lines:
        best = np.maximum(best, _best_paths(line.letters, table, counts))
    return tuple(float(x) for x in np.where(counts > 0, np.exp(best / np.maximum(counts, 1)), 0.0))


def _best_paths(
    letters: NDArray[np.float32], columns: NDArray[np.intp], counts: NDArray[np.intp]
) -> NDArray[np.float64]:
    """
    Logarithm of the best alignment (Viterbi over CTC steps, Graves et al. 2006) of each row's first columns, so many as `counts` says, to
    any stretch of the steps, less that of the greedy one over the same stretch.
    """
    greedy = np.maximum(letters.max(axis=1), 1.0 - letters.sum(axis=1))
    steps = np.log(np.maximum(letters, 1e-6)) - np.log(np.maximum(greedy, 1e-6))[:, None]
    gaps = np.maximum(steps[:, 0], steps[:, _COLUMN[" "]])
    repeats = columns[:, 1:] == columns[:, :-1]
    rows, last = np.arange(len(columns)), np.maximum(counts - 1, 0)
    at = np.full(columns.shape, _NEVER)  # best paths that end on letter i
    after = np.full(columns.shape, _NEVER)  # best paths that end in a gap after letter i
    best = np.full(len(columns), _NEVER)
    for step, gap in zip(steps, gaps, strict=True):
        before = np.maximum(after[:, :-1], np.where(repeats, _NEVER, at[:, :-1]))
        after = np.maximum(at, after) + gap
        at[:, 1:] = np.maximum(at[:, 1:], before)
        at[:, 0] = np.maximum(at[:, 0], 0.0)
        at += step[columns]
        best = np.maximum(best, at[rows, last])
    return best
