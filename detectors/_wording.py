"""
Whether registered wording stands in a text that was read, in spite of what reading gets wrong, and how much.

In registered wording `#` stands for any digit and `?` for any letter or digit, as in the serial numbers that cameras and terminals
stamp on their pictures.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from footprint.words import words

DIGIT, ANY = "#", "?"
CONFUSED = 0.25
"""What taking a letter for one that looks like it costs; any other mistake costs 1."""
SHORT = 4
"""Wording of up to so many letters must stand there letter for letter."""
PLAIN = 7
"""Wording of up to so many letters must be words of their own, with no other mistake than letters that look alike."""
SHARE = 0.12
"""Share of its letters that longer wording may cost."""
GENERIC = frozenset(
    [
        "police",
        "sheriff",
        "sheriffs",
        "trooper",
        "troopers",
        "state",
        "county",
        "city",
        "town",
        "village",
        "department",
        "dept",
        "office",
        "officer",
        "patrol",
        "highway",
        "unit",
        "k9",
        "emergency",
        "911",
        "public",
        "safety",
        "law",
        "enforcement",
        "to",
        "and",
        "protect",
        "serve",
        "service",
        "the",
        "of",
        "official",
        "security",
        "traffic",
    ]
)
"""Words that many departments share. Wording of such alone identifies nobody."""

_LOOKS_LIKE = str.maketrans("oilsbzq", "0115820")


@dataclass(frozen=True)
class Wording:
    """Registered wording as words of folded characters and wildcards."""

    words: tuple[str, ...]

    @cached_property
    def letters(self) -> str:
        """All words without space."""
        return "".join(self.words)

    @cached_property
    def is_generic(self) -> bool:
        """Whether it could be any department's."""
        return all(word in GENERIC or not word.strip(DIGIT + ANY) for word in self.words)

    @cached_property
    def may_cost(self) -> float:
        """The most that a match may cost."""
        if len(self.letters) <= SHORT:
            return 0.0
        return 2 * CONFUSED if len(self.letters) <= PLAIN else max(1.0, SHARE * len(self.letters))

    @cached_property
    def _counted(self) -> Counter[str]:
        return Counter(c.translate(_LOOKS_LIKE) for c in self.letters if c not in (DIGIT, ANY))

    def could_stand_in(self, counted: Counter[str]) -> bool:
        """Whether a text with so many of each character, as `counted` gives them, can hold it: cheap, and never wrongly no."""
        return (self._counted - counted).total() <= self.may_cost


EXTRA = "•"
"""In place of a letter that was read between those of the wording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where wording stands: characters `start` to `end` of the text without spaces, and what that costs."""

    start: int
    end: int
    cost: float


def wording_of(text: str) -> Wording:
    """Parse registered wording."""
    return Wording(tuple(word for part in text.split() if (word := _folded(part))))


def _folded(part: str) -> str:
    """One word, folded as search folds it, with the wildcards kept."""
    out, plain = [], ""
    for character in part:
        if character in (DIGIT, ANY):
            out += ["".join(words(plain)), character]
            plain = ""
        else:
            plain += character
    return "".join([*out, *words(plain)])


def counted(text: str) -> Counter[str]:
    """How often each character stands in a text without spaces, those that look alike as one."""
    return Counter(text.translate(_LOOKS_LIKE))


def find(wording: Wording, read: Sequence[str]) -> Match | None:
    """The best place of the wording in words that were read, folded as `wording_of` does, or None where it does not stand there."""
    text = "".join(read)
    if not wording.letters or not wording.could_stand_in(counted(text)):
        return None
    edges = list(accumulate((len(word) for word in read), initial=0))
    found = _as_words(wording, text, edges) if len(wording.letters) <= PLAIN else _anywhere(wording, text, edges)
    return found if found is not None and found.cost <= wording.may_cost else None


def _as_words(wording: Wording, text: str, edges: Sequence[int]) -> Match | None:
    """Letter for letter, and as words of its own: "ALDER" does not stand in "CALDERON"."""
    length = len(wording.letters)
    places = [start for start in edges if start + length in edges]
    costs = [sum(map(_cost, wording.letters, text[start : start + length])) for start in places]
    if not costs:
        return None
    best = min(range(len(costs)), key=costs.__getitem__)
    return Match(start=places[best], end=places[best] + length, cost=costs[best])


def _anywhere(wording: Wording, text: str, edges: Sequence[int]) -> Match | None:
    """With a few mistakes, and where words run together."""
    costs, starts = _aligned(wording.letters, text)
    end = int(costs[-1].argmin())
    start = int(starts[-1, end])
    inside = (start not in edges) + (end not in edges)
    if inside == 2 or not all(_stands(word, text[start:end]) for word in wording.words):
        return None
    return Match(start=start, end=end, cost=float(costs[-1, end]) + 2 * CONFUSED * inside)


def _stands(word: str, text: str) -> bool:
    """Whether no single word carries the mistakes: "COUNTY" is not "CITY"."""
    costs, _ = _aligned(word, text)
    return bool(costs[-1].min() <= max(CONFUSED * len(word), 2 * CONFUSED))


def _cost(pattern: str, character: str) -> float:
    if pattern in (character, ANY) or (pattern == DIGIT and character.isdigit()):
        return 0.0
    alike = character.translate(_LOOKS_LIKE)
    return CONFUSED if alike == pattern.translate(_LOOKS_LIKE) or (pattern == DIGIT and alike.isdigit()) else 1.0


def _aligned(pattern: str, text: str) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """
    Costs of the first i characters of a pattern against the best stretch of the text that ends before j, and where that stretch starts
    (Sellers 1980). Both of shape (len(pattern) + 1, len(text) + 1).
    """
    costs = np.zeros((len(pattern) + 1, len(text) + 1))
    starts = np.zeros(costs.shape, np.intp)
    starts[0] = np.arange(len(text) + 1)
    for i, p in enumerate(pattern, start=1):
        costs[i, 0] = i
        for j, c in enumerate(text, start=1):
            ways = (costs[i - 1, j - 1] + _cost(p, c), costs[i - 1, j] + 1, costs[i, j - 1] + 1)
            best = min(range(3), key=ways.__getitem__)
            costs[i, j] = ways[best]
            starts[i, j] = (starts[i - 1, j - 1], starts[i - 1, j], starts[i, j - 1])[best]
    return costs, starts


def spelled(wording: Wording, read: str) -> tuple[tuple[str, str], ...]:
    """
    Each letter of wording beside the one that was read for it, in a stretch that `find` gave; "" where one has none.

    What was read and is not registered is not told: a wildcard stands for itself, and EXTRA for a letter too many.
    """
    costs, _ = _aligned(wording.letters, read)
    pairs: list[tuple[str, str]] = []
    i, j = len(wording.letters), len(read)
    while i and j:
        pattern, character = wording.letters[i - 1], read[j - 1]
        if costs[i, j] == costs[i - 1, j - 1] + _cost(pattern, character):
            pairs.append((pattern, pattern if pattern in (DIGIT, ANY) else character))
            i, j = i - 1, j - 1
        elif costs[i, j] == costs[i - 1, j] + 1:
            pairs.append((pattern, ""))
            i -= 1
        else:
            pairs.append(("", EXTRA))
            j -= 1
    pairs += [(pattern, "") for pattern in reversed(wording.letters[:i])]
    return tuple(reversed(pairs))
