"""Two folds: a logistic regression of measures is fitted on one half of the pictures and scores the other; recall is read off these scores."""

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks.marks import Query, boxes_in, exemplars_of, queries_of
from benchmarks.setting import pictures_in
from detectors.detector import Reference

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


def parser(module: str, doc: str) -> argparse.ArgumentParser:
    """The options that every benchmark of two folds has."""
    made = argparse.ArgumentParser(prog=f"python -m {module}", description=doc.splitlines()[1])
    made.add_argument("--data", type=Path, required=True, help="folder as Flickr Logos 27")
    made.add_argument("--negatives", type=Path, required=True, help="folder of photographs without a mark to look at")
    made.add_argument("--exemplars", type=int, default=10, help="how many a class")
    made.add_argument("--most", type=int, default=0, help="at most so many pictures of either sort; 0 for all")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--json", action="store_true")
    return made


def pictures(given: argparse.Namespace) -> tuple[list[Reference], list[Query]]:
    """Exemplars, and the pictures of both halves that are looked at, by the options of `parser`."""
    boxes = boxes_in(given.data)
    references, used = exemplars_of(given.data, boxes, count=given.exemplars, seed=given.seed)
    shown = [q for part in PARTS for q in queries_of(given.data, boxes, without=used, part=part)]
    empty = [Query(path, frozenset()) for path in pictures_in(given.negatives)]
    rng = random.Random(given.seed)
    return references, [q for some in (shown, empty) for q in rng.sample(some, min(given.most or len(some), len(some)))]


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
