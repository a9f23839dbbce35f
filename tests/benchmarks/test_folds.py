"""Recall read off two folds."""

import numpy as np
import pytest

from benchmarks import folds
from benchmarks.folds import Decisions


@pytest.fixture
def decisions() -> Decisions:
    """Forty decisions of which the first measure tells ten that are right, the second nothing; pictures 0-19 show no mark."""
    rng = np.random.default_rng(5)
    is_there = np.arange(40) >= 30
    return Decisions(
        measures=np.stack([is_there * 2.0 + rng.normal(0, 0.3, 40), rng.normal(0, 1, 40)], axis=1),
        is_there=is_there,
        is_first=np.arange(40) % 2 == 0,
        empty=np.where(np.arange(40) < 20, np.arange(40), -1),
        there=12,
    )


def test_recall_counts_marks_that_were_never_looked_at(decisions: Decisions) -> None:
    """All ten that were measured are found; two that were not are missed."""
    scored = folds.scores(decisions, [0])
    assert folds.at_precision(decisions, scored, 0.99) == (pytest.approx(10 / 12, abs=1e-3), 0)


def test_what_says_nothing_finds_little(decisions: Decisions) -> None:
    """By a measure without meaning no such recall is reached at that precision."""
    recall, _ = folds.at_precision(decisions, folds.scores(decisions, [1]), 0.9)
    assert recall < 0.5


def test_pictures_without_marks_are_counted_once(decisions: Decisions) -> None:
    """Where everything is claimed every picture without a mark is flagged."""
    assert folds.at_precision(decisions, np.zeros(40), 0.25) == (pytest.approx(10 / 12, abs=1e-3), 20)
