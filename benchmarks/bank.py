"""
How long it takes to search known hashes, and that none is missed.

    python -m benchmarks.bank [--size 1000000] [--queries 200] [--within 90] [--json]

Hashes of 256 bits are drawn at random; half of the queries are known hashes with some bits flipped, half are strangers. What the copies
detector searches with is set beside a loop over imagehash's own distance and beside faiss' flat binary index, each on one thread and
for the same question: which hashes are within so many bits. `exact` is whether all answers are those of faiss, and those that the
loop gave too. Times are of the wall clock; `cpu_p95_ms` is the processor's time of the same queries, for machines that do other work.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import faiss
import imagehash
import numpy as np
from numpy.typing import NDArray

from benchmarks.setting import show
from detectors._search import Bank
from detectors._whole import NEAR_BITS

LOOP_QUERIES = 3
"""A loop over a million takes seconds a query."""
SIZES = (1_000, 100_000, 1_000_000)
Bits = NDArray[np.uint64]
Search = Callable[[Bits], list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What a search answered, and its times by the wall clock and the processor's, in ms."""

    answers: list[list[int]]
    wall_ms: list[float]
    cpu_ms: list[float]


def measure(size: int, *, queries: int, within_bits: int, seed: int) -> dict[str, float | bool | int]:
    """Search a bank of one size in all three ways."""
    rng = np.random.default_rng(seed)
    hashes = rng.integers(0, 2**64, size=(size, 4), dtype=np.uint64)
    asked = _queries(hashes, queries, within_bits, rng)
    bank = Bank.of(hashes)
    ours = _timed(lambda q: bank.rows(q, within_bits=within_bits).tolist(), asked)
    theirs = _timed(_by_faiss(hashes, within_bits), asked)
    loop = _timed(_by_loop(hashes, within_bits), asked[:LOOP_QUERIES])
    return {
        "size": size,
        "exact": ours.answers == theirs.answers and ours.answers[:LOOP_QUERIES] == loop.answers,
        "found": sum(len(rows) for rows in ours.answers),
        "p95_ms": _p95(ours.wall_ms),
        "cpu_p95_ms": _p95(ours.cpu_ms),
        "loop_p95_ms": _p95(loop.wall_ms),
        "faiss_p95_ms": _p95(theirs.wall_ms),
        "faiss_cpu_p95_ms": _p95(theirs.cpu_ms),
    }


def _queries(hashes: Bits, count: int, within_bits: int, rng: np.random.Generator) -> Bits:
    """Alternately a known hash with at most `within_bits` bits flipped, and a stranger."""
    asked = rng.integers(0, 2**64, size=(count, 4), dtype=np.uint64)
    for index in range(0, count, 2):
        bits = np.unpackbits(hashes[rng.integers(len(hashes))].view(np.uint8))
        bits[rng.choice(256, int(rng.integers(within_bits + 1)), replace=False)] ^= 1
        asked[index] = np.packbits(bits).view(np.uint64)
    return asked


def _by_faiss(hashes: Bits, within_bits: int) -> Search:
    index = faiss.IndexBinaryFlat(256)
    index.add(hashes.view(np.uint8))

    def search(query: Bits) -> list[int]:
        _, _, rows = index.range_search(query[None].view(np.uint8), within_bits + 1)  # finds what is strictly nearer
        return sorted(int(row) for row in rows)

    return search


def _by_loop(hashes: Bits, within_bits: int) -> Search:
    def picture_hash(words: Bits) -> imagehash.ImageHash:
        return imagehash.ImageHash(np.unpackbits(words.view(np.uint8)).astype(bool).reshape(16, 16))

    known = [picture_hash(words) for words in hashes]

    def search(query: Bits) -> list[int]:
        own = picture_hash(query)
        return [row for row, other in enumerate(known) if own - other <= within_bits]

    return search


def _timed(search: Search, asked: Bits) -> Times:
    """One query after the other, after one that does not count."""
    search(asked[0])
    times = Times(answers=[], wall_ms=[], cpu_ms=[])
    for query in asked:
        wall, cpu = time.perf_counter(), time.thread_time()
        times.answers.append(search(query))
        times.cpu_ms.append(1000 * (time.thread_time() - cpu))
        times.wall_ms.append(1000 * (time.perf_counter() - wall))
    return times


def _p95(times_ms: Sequence[float]) -> float:
    return round(float(np.percentile(times_ms, 95)), 3)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bank", description=__doc__.splitlines()[1])
    parser.add_argument("--size", type=int, default=max(SIZES), help="hashes of the largest bank")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--within", type=int, default=NEAR_BITS, help="bits that may differ")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    faiss.omp_set_num_threads(1)
    sizes = [*(size for size in SIZES if size < given.size), given.size]
    rows = [measure(n, queries=given.queries, within_bits=given.within, seed=given.seed) for n in sizes]
    load = os.getloadavg()[0]
    lines = [
        f"{given.queries} queries within {given.within} bits, seed {given.seed}, one thread, load average {load:.1f}"
    ]
    lines += [f"{'hashes':>9} {'p95':>9} {'processor':>9} {'loop':>10} {'faiss':>8}  ms"]
    lines += [
        f"{row['size']:>9} {row['p95_ms']:>9} {row['cpu_p95_ms']:>9} {row['loop_p95_ms']:>10} {row['faiss_p95_ms']:>8}"
        f"  {'exact' if row['exact'] else 'WRONG'}, {row['found']} found"
        for row in rows
    ]
    show({**rows[-1], "sizes": rows, "load": round(load, 1)}, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
