"""
What each measure of a learned mark contributes: recall with some of them, and with all but one.

    python -m benchmarks.ablation --data FOLDER --negatives FOLDER [--exemplars 10] [--most 0] [--seed 1] [--json]

`--data` and `--negatives` are as in `benchmarks.marks`; both halves are looked at. Two folds: the fusion is fitted on one half of the pictures and
scores the other, and recall over all (picture, class) decisions is read off these scores where precision is that of the column, with how
many pictures without a mark are flagged there.
"""

import tempfile
from collections.abc import Sequence
from multiprocessing import get_context

import cv2
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.folds import PARTS, Decisions, at_precision, parser, pictures, scores
from benchmarks.marks import PROCESSES, Query, wording_of
from benchmarks.setting import is_in_part, show
from detectors import _decode, marks
from detectors._calibration import Measures
from detectors._taught import LEARN_FROM
from detectors.detector import Frame
from detectors.marks import Marks

AT = (0.97, 0.98, 0.99)
COLUMNS = {
    "windows": (0, 1),
    "second look": (2, 3),
    "points": (4, 5, 6),
    "votes": (7,),
    "lettering": (8, 9),
}
UNREAD = (0.0, 0.0)

_detectors: list[Marks] = []
"""With wording registered, and without; the processes that look are copies of the one that made them."""


def _look(query: Query) -> list[dict[str, Measures]]:
    frame = Frame(rgb=_decode.picture(query.file.read_bytes())[0])
    return [detector.measures(frame) for detector in _detectors]


def decided(queries: Sequence[Query], measured: Sequence[dict[str, Measures]]) -> Decisions:
    """What was measured of every picture and mark, as rows."""
    rows = [
        ((*m.row()[:8], *(m.lettering or UNREAD)), mark in query.classes, is_in_part(query.file.name, PARTS[0]), number)
        for number, (query, seen) in enumerate(zip(queries, measured, strict=True))
        for mark, m in seen.items()
        if mark not in query.unsure
    ]
    return Decisions(
        measures=np.array([r[0] for r in rows]),
        is_there=np.array([r[1] for r in rows]),
        is_first=np.array([r[2] for r in rows]),
        empty=np.array([-1 if queries[r[3]].classes else r[3] for r in rows], np.intp),
        there=sum(len(q.classes - q.unsure) for q in queries),
    )


def subsets() -> dict[str, tuple[str, ...]]:
    """Names of rows to the measures in them: one after the other, then all but one."""
    names = tuple(COLUMNS)
    growing = {", ".join(names[: i + 1]): names[: i + 1] for i in range(len(names))}
    return growing | {f"all but {name}": tuple(n for n in names if n != name) for name in names[:-1]}


def figures(made: Decisions, names: Sequence[str]) -> list[float]:
    """Recall and pictures flagged at each precision of AT."""
    scored = scores(made, [column for name in names for column in COLUMNS[name]])
    return [figure for precision in AT for figure in at_precision(made, scored, precision)]


def main() -> None:
    """Run from the command line."""
    given = parser("benchmarks.ablation", __doc__).parse_args()
    cv2.setNumThreads(1)
    references, queries = pictures(given)
    with tempfile.TemporaryDirectory() as folder:
        options = {"learn_from": min(given.exemplars, LEARN_FROM), "cache_dir": folder}
        _detectors[:] = [marks.build([*references, *wording_of(references)], options), marks.build(references, options)]
        with get_context("fork").Pool(PROCESSES, threadpool_limits, (1,)) as pool:
            seen = pool.map(_look, queries, chunksize=4)
    told, untold = (decided(queries, [s[i] for s in seen]) for i in range(2))
    result = {name: figures(told, names) for name, names in subsets().items()}
    result["all, no wording registered"] = figures(untold, tuple(COLUMNS))
    width = max(map(len, result))
    bare = sum(not q.classes for q in queries)
    lines = [
        f"{len(references)} exemplars, {len(queries)} pictures, {bare} without marks, two folds, seed {given.seed}",
        f"{'measures':{width}}  " + "  ".join(f"recall at {p}, flagged" for p in AT),
    ]
    for name, row in result.items():
        pairs = zip(row[::2], row[1::2], strict=True)
        lines.append(f"{name:{width}}  " + "  ".join(f"{r:14.3f}, {int(n):7}" for r, n in pairs))
    show(result, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
