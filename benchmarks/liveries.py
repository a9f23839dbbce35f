"""
Finding a department's livery among other departments' vehicles, on photographs with boxes.

    python -m benchmarks.liveries --data DIR --exemplars 3 [--wording FILE] [--json]

DIR holds `images/` and `annotations.json` with `vehicles`: image, source, box [left, top, right, bottom], livery or null. FILE is JSON: livery to
the lettering that an operator would register, a text or a list of texts. For each split, exemplars are drawn from some sources of a livery;
the queries are its vehicles in others. All other vehicles, those of other liveries too, are parted by source into a bank to learn from
and negatives to report, then the other way round. The share found is over all queries of all splits, at the margin over each livery's own
threshold, which is what the product judges by, that one of a hundred negatives of all splits exceeds.
"""

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.setting import show
from detectors import _livery
from detectors._decode import picture
from detectors._livery import Look

FALSE_POSITIVES = 0.01
LEAST_SIDE_PX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One box of one photograph, looked at; one of a known livery from both sides, as exemplars are."""

    source: str
    livery: str | None
    look: Look
    mirror: Look | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Exemplars and queries of one livery, and other vehicles to learn from and to report. By index."""

    livery: str
    exemplars: Sequence[int]
    queries: Sequence[int]
    bank: Sequence[int]
    negatives: Sequence[int]


def vehicles_in(folder: Path) -> list[Vehicle]:
    """Every box of the folder's annotations, cut out."""
    pixels: dict[str, np.ndarray] = {}
    found = []
    for row in json.loads((folder / "annotations.json").read_text())["vehicles"]:
        if row["image"] not in pixels:
            pixels = {row["image"]: picture((folder / "images" / row["image"]).read_bytes())[0]}
        rgb = pixels[row["image"]]
        left, top, right, bottom = (max(0, round(value)) for value in row["box"])
        crop = np.ascontiguousarray(rgb[top:bottom, left:right])
        if min(crop.shape[:2]) >= LEAST_SIDE_PX:
            look, mirror = _livery.look_twice(crop) if row["livery"] else (_livery.look_at(crop), None)
            found.append(Vehicle(source=row["source"], livery=row["livery"], look=look, mirror=mirror))
    return found


def splits(vehicles: Sequence[Vehicle], *, exemplars: int, count: int, seed: int) -> Iterator[Split]:
    """`count` splits of each livery, each with bank and negatives both ways round. One source of a livery is left for queries."""
    sources = sorted({v.source for v in vehicles})
    for number in range(count):
        rng = random.Random(seed * 1000 + number)
        half = set(rng.sample(sources, len(sources) // 2))
        for livery in sorted({v.livery for v in vehicles if v.livery}):
            own = [i for i, v in enumerate(vehicles) if v.livery == livery]
            shuffled = sorted({vehicles[i].source for i in own})
            rng.shuffle(shuffled)
            given = [i for source in shuffled[:-1] for i in own if vehicles[i].source == source][:exemplars]
            used = {vehicles[i].source for i in given}
            queries = [i for i in own if vehicles[i].source not in used]
            others = [i for i, v in enumerate(vehicles) if v.livery != livery and v.source not in used]
            parts = [[i for i in others if (vehicles[i].source in half) is inside] for inside in (True, False)]
            for bank, negatives in (parts, reversed(parts)):
                yield Split(livery=livery, exemplars=given, queries=queries, bank=bank, negatives=negatives)


def figures(
    vehicles: Sequence[Vehicle], parts: Sequence[Split], wording: Mapping[str, Sequence[str]]
) -> tuple[float, float, dict[str, float]]:
    """Share found at FALSE_POSITIVES, area under the curve, and the share found of each livery."""
    found: list[tuple[str, float]] = []
    wrong: list[float] = []
    for part in parts:
        bank = [vehicles[i].look for i in part.bank]
        exemplars = [(v.look, v.mirror) for v in (vehicles[i] for i in part.exemplars) if v.mirror]
        livery = _livery.learn(exemplars, bank, wording.get(part.livery, ()))
        margins = {
            i: livery.score(vehicles[i].look, exemplars=exemplars).margin for i in (*part.queries, *part.negatives)
        }
        found += [(part.livery, margins[i]) for i in part.queries]
        wrong += [margins[i] for i in part.negatives]
    negatives = np.sort(np.array(wrong))
    limit = negatives[-1 - int(FALSE_POSITIVES * len(negatives))]
    by_livery = {
        name: float(np.mean([score > limit for other, score in found if other == name])) for name in sorted(dict(found))
    }
    positives = np.array([score for _, score in found])
    below = (np.searchsorted(negatives, positives, "left") + np.searchsorted(negatives, positives, "right")) / 2
    return float((positives > limit).mean()), float(below.mean() / len(negatives)), by_livery


def wording_in(file: Path | None) -> dict[str, tuple[str, ...]]:
    """Livery to the texts that are registered for it."""
    given = json.loads(file.read_text()) if file else {}
    return {livery: (texts,) if isinstance(texts, str) else tuple(texts) for livery, texts in given.items()}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.liveries", description=__doc__.splitlines()[1])
    parser.add_argument("--data", type=Path, required=True, help="folder with images/ and annotations.json")
    parser.add_argument("--exemplars", type=int, default=3, help="how many a livery")
    parser.add_argument("--wording", type=Path, help="JSON, livery to lettering")
    parser.add_argument("--splits", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    vehicles = vehicles_in(given.data)
    parts = list(splits(vehicles, exemplars=given.exemplars, count=given.splits, seed=given.seed))
    without, area, by_livery = figures(vehicles, parts, {})
    found = without
    if given.wording:
        found, area, by_livery = figures(vehicles, parts, wording_in(given.wording))
    result = {
        "tpr_at_fpr_1pct": round(found, 4),
        "auc": round(area, 4),
        "without_wording": round(without, 4),
    }
    lines = [
        f"{len(vehicles)} vehicles, {given.exemplars} exemplars a livery, {given.splits} splits, seed {given.seed}",
        f"found at {FALSE_POSITIVES:.0%} false positives: {found:.3f}; without registered wording {without:.3f}; area {area:.3f}",
        *(f"  {name}: {share:.2f}" for name, share in by_livery.items()),
    ]
    show(result, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
