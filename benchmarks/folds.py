"""Two folds: a logistic regression of measures is fitted on one half of the pictures and scores the other; recall is read off these scores."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

Floats = NDArray[np.float64]
PARTS = ("validation", "test")


@dataclass(frozen=True, slots=True)
class Decisions:
    """One a row: its measures, whether the mark is there, whether its picture is in the first fold, and the picture's number, -1 where it shows marks."""

    measures: Floats
    is_there: NDArray[np.bool_]
    is_first: NDArray[np.bool_]
    empty: NDArray[np.intp]
    there: int


def scores(made: Decisions, columns: slice | list[int]) -> Floats:
    """Of every decision, by what was fitted on the other fold."""
    rows = made.measures[:, columns]
    out = np.zeros(len(rows))
    for fold in (made.is_first, ~made.is_first):
        scaler = StandardScaler().fit(rows[fold])
        model = LogisticRegression(C=0.05, max_iter=500)
        model.fit(scaler.transform(rows[fold]), made.is_there[fold])
        out[~fold] = model.decision_function(scaler.transform(rows[~fold]))
    return out


def at_precision(made: Decisions, scored: Floats, precision: float) -> tuple[float, int]:
    """Recall at a precision, and how many pictures without a mark are flagged there."""
    order = np.argsort(-scored, kind="stable")
    right = np.cumsum(made.is_there[order])
    enough = np.flatnonzero(right / np.arange(1, len(order) + 1) >= precision)
    if not len(enough):
        return 0.0, 0
    claimed = order[: enough[-1] + 1]
    flagged = set(made.empty[claimed].tolist()) - {-1}
    return round(float(right[enough[-1]] / made.there), 3), len(flagged)
