"""From raw measures to probabilities. The numbers are fitted; docs/detection.md has the command and the data."""

import math
from dataclasses import dataclass

SIGHT_WEIGHTS = (3.861, 2.438, 3.848, 2.236, 4.966, 21.470, 4.641, 2.321)
SIGHT_BIAS = 10.660
LETTERED_WEIGHTS = (3.283, 2.477, 3.373, 2.561, 3.737, 16.009, 3.504, 2.294, 14.378, 22.718)
LETTERED_BIAS = 3.790
"""
Of marks without wording, and of those that have some. Fitted by logistic regression (C .05 on standardised values) on the validation half of 539
photographs of 27 logos, ten exemplars each, and on 119 photographs without (Flickr Logos 27 and BSDS500: research data, of which these numbers are
figures). Scale and bias are set over both halves, so that of all that is "found" (0.9) some 98 of 100 were right, and of all that is claimed (0.5) some 96: a
department with few marks has fewer rivals that keep others' away.
"""
ENOUGH_RIVALS = 20
"""Other marks that a look must be told from for its leads to say anything: what nobody registered is like none of a few."""
LONE_WEIGHTS = (0.374, 1.272, 0.762, 8.173, 1.123, 0.514)
LONE_BIAS = -1.598
"""
Of marks that are told from fewer. Fitted (C .5) on the validation half for eight logos, each learned alone, on pictures of all 27 and without any. On the
other half all that was "found" was right, and 89 of 100 of what was claimed.
"""

POSSIBLE = 0.85
"""The most that a look is worth which others may share, as long as nothing else speaks for it."""


def sigmoid(x: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def of_mark(inliers: int, agreement: float) -> float:
    """Probability that a mark is where `inliers` points agree on it and gradients correlate by `agreement`."""
    return sigmoid(-6.0 + 2.6 * math.log(max(inliers, 1)) + 5.0 * agreement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """
    What is measured of a mark whose look was learned: by the window, the second look, the local points and its lettering.

    `inliers` is 0 where no points agree; `lead` is how many times as strong they are as those of the next identifier; `votes` is the lead of those that
    agree with the look; `rivals` counts the marks that it was told from. `lettering` is the probability that its wording was read and its likeness to what was, None where it has no wording.
    """

    window: float
    ahead: float
    score: float
    second_lead: float
    inliers: int
    agreement: float
    lead: float
    votes: float
    lettering: tuple[float, float] | None
    rivals: int

    def row(self) -> tuple[float, ...]:
        """The numbers that are weighed, eight or, with lettering, ten."""
        looks = (self.window, self.ahead, self.score, self.second_lead)
        return (*looks, *self._points(), self.votes, *(self.lettering or ()))

    def lone_row(self) -> tuple[float, ...]:
        """The six numbers that are weighed where there are few rivals."""
        return (self.window, self.score, *self._points(), self.votes)

    def _points(self) -> tuple[float, float, float]:
        return (math.log(self.inliers / 4), self.agreement, math.log(self.lead)) if self.inliers else (0.0, 0.0, 0.0)


def is_lone(rivals: int) -> bool:
    """Whether a mark is told from too few others for its leads to say anything."""
    return rivals < ENOUGH_RIVALS


def of_sight(measures: Measures) -> float:
    """Probability that a mark whose look was learned is there. With few rivals leads say nothing, and wording counts as it was read."""
    if is_lone(measures.rivals):
        by_look = sum(w * v for w, v in zip(LONE_WEIGHTS, measures.lone_row(), strict=True))
        return max(sigmoid(LONE_BIAS + by_look), measures.lettering[0] if measures.lettering else 0.0)
    weights, bias = (SIGHT_WEIGHTS, SIGHT_BIAS) if measures.lettering is None else (LETTERED_WEIGHTS, LETTERED_BIAS)
    return sigmoid(bias + sum(weight * value for weight, value in zip(weights, measures.row(), strict=True)))


def of_copy(bits: int, inliers: int, consent: float) -> float:
    """
    Probability that a known picture is there: by the distance of its hashes in bits where no points were matched, else by
    the points that agree and the share of the picture that looks the same.
    """
    if inliers == 0:
        return sigmoid(0.25 * (52 - bits))
    return sigmoid(-6.0 + 2.6 * math.log(inliers) + 5.0 * consent)


def of_sound(landmarks: int) -> float:
    """Probability that a known recording is heard where so many landmarks agree on one delay."""
    return sigmoid(0.25 * (landmarks - 20))


def of_wording(*, letters: int, cost: float, score: float, is_generic: bool) -> float:
    """
    Probability that wording of so many `letters` stands where it was read with mistakes that `cost` so much, by lines of that `score`.

    Wording that many departments share, and that of up to four letters, is possible at most.
    """
    sure = sigmoid(3.6 - 22.0 * cost / letters - 6.0 * max(0.0, 0.9 - score) - (1.6 if letters <= 4 else 0.0))
    return min(sure, 0.6) if is_generic else sure


def of_livery(margin: float, *, is_boxed: bool) -> float:
    """
    Probability that a vehicle bears a livery whose score is `margin` deviations beyond what one of a hundred others exceeds.

    Windows that nobody knows a vehicle in are several looks at one thing: they must stand out by one deviation more.
    """
    return sigmoid(2.0 * (margin if is_boxed else margin - 1.0))


def of_stamp(agreement: float) -> float:
    """Probability that a picture bears a stamp whose template agrees with it so well."""
    return sigmoid(20.0 * (agreement - 0.6))
