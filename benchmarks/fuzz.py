"""
What the detecting processes make of hostile files: cut, spoilt, mislabelled, inflated, and bombs.

    python -m benchmarks.fuzz [--inputs 10000] [--seed 1] [--json]

Files of every sort that is read are made by code, then damaged. The scan's own processes with their limits look at each, with a detector that
looks and one that listens. Every file must be answered with what became of it, and with why where nothing could be looked at; the exit code is 1
where one is not.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks import hostile
from benchmarks.setting import show
from detectors.worker import Look
from footprint.findings import ScanOutcome
from pipelines.scan import Bank, Limits, Work, looks

LIMITS = Limits(processes=2, timeout_s=60.0, memory_mb=2048, max_pixels=4_000_000)
DETECTORS = ("copies", "audio")
"""Without references they find nothing: what is tried is everything before them."""
LOOKED_AT = frozenset({ScanOutcome.FOUND, ScanOutcome.NOTHING})


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file that was damaged in some way; `why` is the answer where nothing could be looked at."""

    damage: str
    is_seen: bool
    why: str


def fates(inputs: int, *, seed: int) -> list[Fate]:
    """What becomes of so many different files."""
    files = list(_distinct(inputs, random.Random(seed)))
    work = [Work(asset_sha256=str(place), detectors=DETECTORS) for place in range(len(files))]
    bank = Bank(names=DETECTORS, references=(), options={})
    said = looks(work, lambda place: files[int(place)][1], bank, LIMITS)
    return [_fate(files[int(task.asset_sha256)][0], answer) for task, answer in said]


def _distinct(count: int, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    seen: set[bytes] = set()
    for damage, data in hostile.files(rng):
        if data not in seen:
            seen.add(data)
            yield damage, data
        if len(seen) == count:
            return


def _fate(damage: str, answer: Sequence[Look] | str) -> Fate:
    if isinstance(answer, str):
        return Fate(damage, False, answer)
    if any(look.outcome in LOOKED_AT for look in answer):
        return Fate(damage, True, "")
    return Fate(damage, False, next((look.detail for look in answer if look.detail), ""))


def figures(given: Sequence[Fate], inputs: int) -> Mapping[str, int]:
    """Counts over all files; `unanswered` and `without_a_reason` must be 0."""
    unseen = [fate for fate in given if not fate.is_seen]
    return {
        "inputs": inputs,
        "looked_at": len(given) - len(unseen),
        "refused": len(unseen),
        "unanswered": inputs - len(given),
        "without_a_reason": sum(not fate.why for fate in unseen),
        "processes_died": sum("process died" in fate.why for fate in unseen),
        "out_of_time": sum("took longer" in fate.why for fate in unseen),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__.splitlines()[1])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    start = time.monotonic()
    found = fates(given.inputs, seed=given.seed)
    counts = figures(found, given.inputs)
    seen, all_of = Counter(f.damage for f in found if f.is_seen), Counter(f.damage for f in found)
    lines = [
        f"{'damage':12} {'files':>7} {'looked at':>10}",
        *(f"{damage:12} {number:>7} {seen[damage]:>10}" for damage, number in sorted(all_of.items())),
        *(f"{name}: {number}" for name, number in counts.items()),
        *(f"{f.damage}: {f.why}" for f in found if "process died" in f.why or "took longer" in f.why),
        f"{time.monotonic() - start:.0f} s",
    ]
    show(dict(counts), as_json=given.json, lines=lines)
    sys.exit(int(counts["unanswered"] + counts["without_a_reason"] > 0))


if __name__ == "__main__":
    main()
