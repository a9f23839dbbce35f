"""From raw measures to probabilities. The numbers are fitted; docs/detection.md has the command and the data."""

import math


def sigmoid(x: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def of_mark(inliers: int, agreement: float) -> float:
    """Probability that a mark is where `inliers` points agree on it and gradients correlate by `agreement`."""
    return sigmoid(-6.0 + 2.6 * math.log(max(inliers, 1)) + 5.0 * agreement)


def of_copy(bits: int, inliers: int, consent: float) -> float:
    """
    Probability that a known picture is there: by the distance of its hashes in bits where no points were matched, else by
    the points that agree and the share of the picture that looks the same.
    """
    if inliers == 0:
        return sigmoid(0.25 * (52 - bits))
    return sigmoid(-6.0 + 2.6 * math.log(inliers) + 5.0 * consent)
