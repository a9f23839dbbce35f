"""
What the bank of photographs without marks is worth: how well windows and second looks tell marks, learned from banks of several sizes and origins.

    python -m benchmarks.negatives --data FOLDER --negatives FOLDER [--bank FOLDER] [--sizes 19 50 0] [--exemplars 10] [--maps FOLDER] [--most 0] [--json]

`--data` is as in `benchmarks.marks`; `--negatives` are photographs without marks that are looked at, too. Banks are so many of the starter bank, drawn by the
seed, 0 for all, and likewise of `--bank`, and both together. Two folds: a logistic regression of both looks is fitted on one half of the
pictures and scores the other. Printed is the recall over all (picture, class) decisions at several precisions, the threshold read off these scores. `--maps`
keeps what the network saw of each picture, for the next time: 2 MB each.
"""

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from benchmarks.folds import PARTS, Decisions, at_precision, parser, pictures, scores
from benchmarks.marks import Query
from benchmarks.setting import is_in_part, show
from detectors import _decode, _learning, _network, negatives
from detectors._learned import Learned, Sight
from detectors._network import Maps
from detectors.detector import Frame
from detectors.negatives import Negatives

AT = (0.95, 0.97, 0.98)
"""Precisions at which recall is told."""


def frame_of(file: Path, maps: Path) -> Frame:
    """A picture with what the network sees of it, kept in a folder."""
    frame = Frame(rgb=_decode.picture(file.read_bytes())[0])
    kept = maps / f"{file.stem}.npz"
    if kept.exists():
        with np.load(kept) as held:
            frame.shared["lite2 pyramid"] = tuple(
                Maps(
                    mid=held[f"mid{i}"].astype(np.float32),
                    deep=held[f"deep{i}"].astype(np.float32),
                    scale_x=x,
                    scale_y=y,
                )
                for i, (x, y) in enumerate(held["scales"].tolist())
            )
        return frame
    seen = _network.network().pyramid(frame)
    rows = {f"{n}{i}": getattr(m, n).astype(np.float16) for i, m in enumerate(seen) for n in ("mid", "deep")}
    np.savez(kept, scales=np.array([(m.scale_x, m.scale_y) for m in seen]), **rows)
    return frame


def decided(learned: Learned, queries: Sequence[Query], maps: Path) -> Decisions:
    """What was learned says of every picture and each mark that was looked at twice."""
    rows: list[tuple[list[float], bool, bool, int]] = []
    for number, query in enumerate(queries):
        for sight in learned.sights(frame_of(query.file, maps)):
            mark = learned.marks[sight.mark]
            if sight.look is not None and mark not in query.unsure:
                is_first = is_in_part(query.file.name, PARTS[0])
                rows.append((_measures(sight), mark in query.classes, is_first, -1 if query.classes else number))
    return Decisions(
        measures=np.array([r[0] for r in rows]),
        is_there=np.array([r[1] for r in rows]),
        is_first=np.array([r[2] for r in rows]),
        empty=np.array([r[3] for r in rows], np.intp),
        there=sum(len(q.classes - q.unsure) for q in queries),
    )


def _measures(sight: Sight) -> list[float]:
    assert sight.look is not None
    return [sight.window, sight.ahead, sight.look.score, sight.look.lead]


def banks(sizes: Sequence[int], bank: Path | None, *, seed: int) -> Iterator[tuple[str, Negatives]]:
    """Parts of the starter bank and of another, and both together."""
    origins = {"starter": negatives.starter().paths}
    if bank is not None:
        origins["other"] = negatives.folder(bank).paths
    for name, paths in origins.items():
        drawn = random.Random(seed).sample(paths, len(paths))
        for size in sizes:
            if size <= len(drawn):
                yield f"{name}, {size or len(drawn)}", negatives.read(drawn[: size or None])
    if bank is not None:
        both = [path for paths in origins.values() for path in paths]
        yield f"both, {len(both)}", negatives.read(both)


def figures(made: Decisions) -> dict[str, list[float]]:
    """By looks: recall and pictures flagged at each precision of AT."""
    return {
        name: [figure for precision in AT for figure in at_precision(made, scored, precision)]
        for name, columns in (("windows", slice(0, 2)), ("both looks", slice(0, 4)))
        for scored in [scores(made, columns)]
    }


def main() -> None:
    """Run from the command line."""
    options = parser("benchmarks.negatives", __doc__)
    options.add_argument("--bank", type=Path, help="folder of other photographs without a mark to learn from")
    options.add_argument("--sizes", type=int, nargs="+", default=[19, 50, 100, 0], help="photographs of a bank; 0: all")
    options.add_argument("--maps", type=Path, help="folder to keep what the network saw in")
    given = options.parse_args()
    cv2.setNumThreads(1)
    references, looked_at = pictures(given)
    bare = sum(not q.classes for q in looked_at)
    result: dict[str, dict[str, list[float]]] = {}
    lines = [f"{len(references)} exemplars, {len(looked_at)} pictures, {bare} without marks"]
    lines.append(f"{'bank':14}  {'looks':10}  {'learned in':>10}  " + "  ".join(f"recall at {p}, flagged" for p in AT))
    with tempfile.TemporaryDirectory() as scratch:
        maps = given.maps or Path(scratch)
        maps.mkdir(parents=True, exist_ok=True)
        for name, bank in banks(given.sizes, given.bank, seed=given.seed):
            start = time.process_time()
            learned = _learning.learn(references, bank, tell=lambda *_: None)
            busy_s = time.process_time() - start
            result[name] = figures(decided(learned, looked_at, maps))
            for looks, told in result[name].items():
                pairs = zip(told[::2], told[1::2], strict=True)
                lines.append(
                    f"{name:14}  {looks:10}  {busy_s:8.0f} s  " + "  ".join(f"{r:14.3f}, {int(n):7}" for r, n in pairs)
                )
    show(result, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
