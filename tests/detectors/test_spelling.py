"""A word fits what the reader saw better than what it settled for, and worse than what it did not see."""

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _spelling
from detectors._ocr import LETTERS, Line


def seen(text: str, *, doubt: dict[int, tuple[str, float]] | None = None) -> tuple[Line, ...]:
    """A line of two steps a letter and a gap after each; `doubt` gives a letter's rival and its share."""
    steps: list[NDArray[np.float32]] = []
    for i, letter in enumerate(text):
        step = np.zeros(1 + len(LETTERS), np.float32)
        rival, share = (doubt or {}).get(i, (letter, 0.0))
        step[1 + LETTERS.index(letter)] = 1.0 - share
        step[1 + LETTERS.index(rival)] += share
        gap = np.zeros_like(step)
        gap[0] = 1.0
        steps += [step, step, gap]
    quad = np.array([[0, 0], [90, 0], [90, 20], [0, 20]], np.float32)
    return (Line(quad=quad, text=text, score=0.9, letters=np.stack(steps)),)


@pytest.mark.parametrize("word", ["ALDER", "BAY", "alder", "ALDER BAY"])
def test_what_was_read_fits_wholly(word: str) -> None:
    """Anywhere on the line, and whatever its case."""
    assert _spelling.likeness(seen("OLD ALDER BAY"), word) == pytest.approx(1.0)


def test_a_letter_in_doubt_still_fits() -> None:
    """The reader saw B at .6 where D stands at .4: the word is likelier than one that it did not see at all."""
    lines = seen("ALBER", doubt={2: ("D", 0.4)})
    assert _spelling.likeness(lines, "ALDER") == pytest.approx((0.4 / 0.6) ** (1 / 5), abs=0.15)
    assert _spelling.likeness(lines, "ALXER") < 0.2


def test_doubled_letters_need_two() -> None:
    """One L with a gap on either side is not two."""
    assert _spelling.likeness(seen("HILL"), "HILL") == pytest.approx(1.0)
    assert _spelling.likeness(seen("HIL"), "HILL") < 0.2


def test_nothing_fits_an_empty_picture() -> None:
    """No line, no word, no likeness."""
    assert _spelling.likeness((), "ALDER") < 1e-3
    assert _spelling.likeness(seen("ALDER"), "") == 0.0


def test_many_words_fit_as_each_does() -> None:
    """Long and short words worked out together are what they are one by one."""
    lines = (*seen("ALBER BAY", doubt={2: ("D", 0.4)}), *seen("HILL"))
    words = ("ALDER", "HILL", "", "ALDER BAY", "X")
    assert _spelling.likenesses(lines, words) == pytest.approx([_spelling.likeness(lines, word) for word in words])
