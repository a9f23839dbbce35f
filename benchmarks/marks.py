"""
How well marks are found on real photographs, from a few exemplars each.

    python -m benchmarks.marks --data FOLDER [--exemplars 10] [--queries FILE] [--bank FOLDER] [--negatives FOLDER] [--part test] [--json]

FOLDER holds `images/`, `annotations.txt` (image, class, subset, x1 y1 x2 y2) and maybe `unlabelled.tsv` (image, class: a mark that is on the
picture but not in its labels; left out of the score), as Flickr Logos 27 does. Exemplars are the largest box of a class on pictures drawn by
the seed; the other pictures are split in halves, `validation` to choose by and `test` to report. FILE names other queries:
image<TAB>class or none[<TAB>classes left out of the score]. `--negatives` adds photographs without marks, `--bank` names others to learn from.

The name of each class is registered as its wording, as an operator would register a logo's name; the table says, too, what is found without. The
figures are over all pairs of a picture and a class.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from threadpoolctl import threadpool_limits

from benchmarks.setting import is_in_part, pictures_in, reference_of, show
from detectors import marks
from detectors._decode import decode
from detectors._taught import LEARN_FROM
from detectors.detector import Detector, Reference
from footprint.documents import FOUND_FROM
from footprint.findings import Detection
from footprint.identifiers import Kind
from footprint.wording import LEAST_LETTERS, MIME, encoded

Box = tuple[int, int, int, int]
LEAST_SIDE_PX = 16
PROCESSES = 2
"""As a scan does by default; each works on one thread."""
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Query:
    """A picture, the classes that are on it, and those that nobody knows of."""

    file: Path
    classes: frozenset[str]
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was claimed of a query: class to probability."""

    query: Query
    claims: Mapping[str, float]


def boxes_in(folder: Path) -> dict[str, dict[str, list[Box]]]:
    """Picture to class to boxes."""
    boxes: dict[str, dict[str, list[Box]]] = {}
    for line in (folder / "annotations.txt").read_text().splitlines():
        name, mark, _, *corners = line.split()
        x1, y1, x2, y2 = (int(c) for c in corners)
        boxes.setdefault(name, {}).setdefault(mark, []).append((x1, y1, x2, y2))
    return boxes


def unlabelled_in(folder: Path) -> dict[str, frozenset[str]]:
    """Picture to classes that are on it without a label."""
    file = folder / "unlabelled.tsv"
    lines = file.read_text().splitlines() if file.exists() else []
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {name: frozenset(r[1] for r in rows if r[0] == name) for name, *_ in rows}


def exemplars_of(
    folder: Path, boxes: Mapping[str, Mapping[str, Sequence[Box]]], *, count: int, seed: int
) -> tuple[list[Reference], set[str]]:
    """Exemplars cut out as PNG, and the pictures that they were taken from."""
    rng = random.Random(seed)
    references, used = [], set()
    for mark in sorted({m for marks_of in boxes.values() for m in marks_of}):
        names = sorted(name for name, marks_of in boxes.items() if mark in marks_of)
        rng.shuffle(names)
        for name in names[:count]:
            box = max(boxes[name][mark], key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
            if min(box[2] - box[0], box[3] - box[1]) >= LEAST_SIDE_PX:
                cut = BytesIO()
                Image.open(folder / "images" / name).convert("RGB").crop(box).save(cut, "PNG")
                references.append(reference_of(cut.getvalue(), identifier=mark, kind=Kind.LOGO, label=name))
            used.add(name)
    return references, used


def wording_of(references: Sequence[Reference]) -> list[Reference]:
    """The name of each class as its wording, where it is long enough to be registered."""
    names = sorted({r.identifier.id for r in references})
    return [
        reference_of(encoded(name), identifier=name, kind=Kind.LOGO, mime=MIME)
        for name in names
        if len(name) >= LEAST_LETTERS
    ]


def queries_of(
    folder: Path, boxes: Mapping[str, Mapping[str, Sequence[Box]]], *, without: set[str], part: str
) -> Iterator[Query]:
    """The pictures of a part that gave no exemplar."""
    unlabelled = unlabelled_in(folder)
    for name in sorted(boxes.keys() - without):
        if is_in_part(name, part):
            yield Query(folder / "images" / name, frozenset(boxes[name]), unlabelled.get(name, frozenset()))


def queries_from(file: Path, folder: Path) -> Iterator[Query]:
    """Queries by name, relative to the file or to the folder's images."""
    for line in file.read_text().splitlines():
        name, mark, *left_out = line.split("\t")
        path = next(
            p for p in (file.parent / name, folder / "images" / name, file.parent / "images" / name) if p.exists()
        )
        unsure = frozenset(left_out[0].replace(",", " ").split()) if left_out else frozenset()
        yield Query(path, frozenset() if mark == "none" else frozenset({mark}), unsure)


_detectors: list[Detector] = []
"""What the processes that look have in common: they are copies of the one that made them."""


@dataclass(frozen=True, slots=True)
class Look:
    """What each detector claims of a query, and the seconds that the first took, by the clock and of processor time."""

    answers: tuple[Answer, ...]
    wall_s: float
    busy_s: float


def _look(query: Query) -> Look:
    wall_s, busy_s = time.perf_counter(), time.process_time()
    media = decode(query.file.read_bytes())
    found = [_detectors[0].detect(media)]
    wall_s, busy_s = time.perf_counter() - wall_s, time.process_time() - busy_s
    found += [other.detect(media) for other in _detectors[1:]]  # what pictures hold is worked out once for all
    return Look(tuple(_answer(query, claims) for claims in found), wall_s, busy_s)


def _answer(query: Query, found: Sequence[Detection]) -> Answer:
    claims: dict[str, float] = {}
    for claim in found:
        claims[claim.identifier_id] = max(claim.probability, claims.get(claim.identifier_id, 0.0))
    return Answer(query, claims)


def looks(detectors: Sequence[Detector], queries: Sequence[Query]) -> list[Look]:
    """What detectors claim, by PROCESSES of one thread each."""
    _detectors[:] = detectors
    with get_context("fork").Pool(PROCESSES, threadpool_limits, (1,)) as pool:
        return pool.map(_look, queries, chunksize=4)


def figures(given: Sequence[Answer], threshold: float) -> dict[str, float]:
    """Precision and recall over all pairs of picture and class, and the share of pictures without a mark that were flagged."""
    right = wrong = there = flagged = empty = 0
    for answer in given:
        claimed = {c for c, p in answer.claims.items() if p >= threshold} - answer.query.unsure
        right += len(claimed & answer.query.classes)
        wrong += len(claimed - answer.query.classes)
        there += len(answer.query.classes - answer.query.unsure)
        empty += not answer.query.classes
        flagged += not answer.query.classes and bool(claimed)
    return {
        "precision": round(right / (right + wrong), 4) if right + wrong else 1.0,
        "recall": round(right / there, 4) if there else 0.0,
        "negatives_flagged": round(flagged / empty, 4) if empty else 0.0,
    }


def table(title: str, given: Sequence[Answer]) -> list[str]:
    """Figures at each of THRESHOLDS, as lines."""
    return [
        f"{title}: probability  precision  recall  negatives flagged",
        *(
            f"{t:11.2f}  {f['precision']:9.3f}  {f['recall']:6.3f}  {f['negatives_flagged']:17.3f}"
            for t in THRESHOLDS
            for f in [figures(given, t)]
        ),
    ]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.marks", description=__doc__.splitlines()[1])
    parser.add_argument("--data", type=Path, required=True, help="folder as Flickr Logos 27")
    parser.add_argument("--exemplars", type=int, default=10, help="how many a class")
    parser.add_argument("--queries", type=Path, help="file with other queries")
    parser.add_argument(
        "--bank", type=Path, help="folder of photographs without a mark to learn from, in place of the starter bank"
    )
    parser.add_argument("--negatives", type=Path, help="folder of photographs without a mark")
    parser.add_argument("--part", choices=("validation", "test"), default="test")
    parser.add_argument("--most", type=int, default=0, help="at most so many queries and negatives each; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    boxes = boxes_in(given.data)
    references, used = exemplars_of(given.data, boxes, count=given.exemplars, seed=given.seed)
    if given.queries:
        queries = list(queries_from(given.queries, given.data))
    else:
        queries = list(queries_of(given.data, boxes, without=used, part=given.part))
    negatives = [p for p in pictures_in(given.negatives) if is_in_part(p.name, given.part)] if given.negatives else []
    if given.most:
        rng = np.random.default_rng(given.seed)
        queries = [queries[i] for i in sorted(rng.permutation(len(queries))[: given.most])]
        negatives = negatives[: given.most]
    queries += [Query(p, frozenset()) for p in negatives]
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "learn_from": min(given.exemplars, LEARN_FROM),
            "negatives_dir": given.bank and str(given.bank),
            "cache_dir": folder,
        }
        detectors = [marks.build([*references, *wording_of(references)], options), marks.build(references, options)]
    learning_s = time.process_time() - start
    seen = looks(detectors, queries)
    ms, busy_ms = (
        1000 * total / len(seen) for total in (sum(s.wall_s for s in seen) / PROCESSES, sum(s.busy_s for s in seen))
    )
    told, without = ([s.answers[i] for s in seen] for i in range(2))
    result = {
        **figures(told, FOUND_FROM),
        "ms_per_image": round(ms, 1),
        "without_registered_wording": figures(without, FOUND_FROM),
    }
    lines = [
        f"part {given.part}, seed {given.seed}, {len(references)} exemplars, {len(queries)} pictures, {len(negatives)} without marks",
        *table("names of classes registered as wording", told),
        *table("no wording registered", without),
        f"{ms:.0f} ms a picture with {PROCESSES} processes, {busy_ms:.0f} ms of processor time; {learning_s:.0f} s of it to learn before",
    ]
    show(result, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
