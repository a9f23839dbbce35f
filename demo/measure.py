"""Compares what the record holds with the truth, and what the hosts were asked with what they may be asked."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.drawing.shots import Difficulty
from demo.simulators.server import Asked
from demo.truth import Row, Truth
from footprint.coverage import CoverageEntry, PlannedFetch
from footprint.dossiers import latest_search
from footprint.findings import Detection, Finding, FindingDetection
from footprint.ports import Reader

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """
    Findings against the truth, over pairs of post and identifier that crawl and policy reach.

    `expected` and `found_of_expected` count what a perfect service had to find; `beyond` and `found_of_beyond` what is visible, but too
    small or too far hidden; `untaught` what is visible of identifiers without exemplar. The latter two count in neither precision nor
    recall. `false` lists the pairs in which there is nothing, each with the trap it fell into; `missed` the rows that were not
    found; `wrongly_permitted` the pairs whose permission search came to another end than the truth.
    """

    found: int
    expected: int
    found_of_expected: int
    hard: int
    found_of_hard: int
    beyond: int
    found_of_beyond: int
    untaught: int
    false: Mapping[Pair, str]
    missed: tuple[Row, ...]
    wrongly_permitted: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        """Share of the findings that are true; 1 where there are none."""
        claimed = self.found - self.found_of_beyond
        return (claimed - len(self.false)) / claimed if claimed else 1.0

    @property
    def recall(self) -> float:
        """Share of what had to be found that was found; 1 where there was nothing to find."""
        return self.found_of_expected / self.expected if self.expected else 1.0


def score(record: Reader, truth: Truth, *, detector: str | None = None) -> Score:
    """Compare a record's findings with the truth: all of them, or those that a claim of one detector supports."""
    supported = None if detector is None else _supported(record, detector)
    findings = {
        (finding.post_id, finding.identifier_id): finding.id
        for finding in record.select(Finding)
        if supported is None or finding.id in supported
    }
    reached = {(row.post, row.identifier): row for row in truth.rows if not row.unreached}
    taught = {pair: row for pair, row in reached.items() if row.is_taught}
    expected = {pair: row for pair, row in taught.items() if row.difficulty is not Difficulty.BEYOND}
    hard = {pair for pair, row in expected.items() if row.difficulty is Difficulty.HARD}
    beyond = taught.keys() - expected.keys()
    traps = {trap.post: trap.why for trap in truth.traps}
    unreached = {(row.post, row.identifier): row.unreached for row in truth.rows if row.unreached}
    nothing = "there is nothing of that sort in it"
    permitted = {pair: latest_search(record, findings[pair]) for pair in findings.keys() & reached.keys()}
    return Score(
        found=len(findings),
        expected=len(expected),
        found_of_expected=len(expected.keys() & findings.keys()),
        hard=len(hard),
        found_of_hard=len(hard & findings.keys()),
        beyond=len(beyond),
        found_of_beyond=len(beyond & findings.keys()),
        untaught=len(reached) - len(taught),
        false={p: unreached.get(p) or traps.get(p[0]) or nothing for p in sorted(findings.keys() - reached.keys())},
        missed=tuple(row for pair, row in sorted(expected.items()) if pair not in findings),
        wrongly_permitted=tuple(
            sorted(p for p, said in permitted.items() if (said.covering if said else None) != reached[p].covered_by)
        ),
    )


def detectors(record: Reader) -> list[str]:
    """Which detectors claimed anything."""
    return sorted({detection.detector for detection in record.select(Detection)})


def _supported(record: Reader, detector: str) -> set[str]:
    claims = {detection.id for detection in record.select(Detection) if detection.detector == detector}
    return {support.finding_id for support in record.select(FindingDetection) if support.detection_id in claims}


def coverage(record: Reader) -> Counter[str]:
    """How all planned fetches ended."""
    return Counter(entry.outcome.value for entry in record.select(CoverageEntry))


def unaccounted(record: Reader) -> int:
    """Planned fetches of which nobody knows how they ended."""
    ended = {entry.id for entry in record.select(CoverageEntry)}
    return sum(plan.id not in ended for plan in record.select(PlannedFetch))


def denied(log: Iterable[Asked]) -> tuple[Asked, ...]:
    """Requests that robots.txt forbids."""
    return tuple(asked for asked in log if asked.denied)


def unnamed(log: Iterable[Asked], *, contact_url: str) -> tuple[Asked, ...]:
    """Requests of somebody who does not say who asks."""
    return tuple(asked for asked in log if contact_url not in asked.user_agent)


def concerning(log: Iterable[Asked], words: Iterable[str]) -> tuple[Asked, ...]:
    """Requests whose path holds one of the words: handles or numbers of accounts that may not be read."""
    sought = tuple(words)
    return tuple(asked for asked in log if any(word in asked.path for word in sought))


def kept(folder: Path, secrets: Mapping[str, bytes]) -> dict[str, int]:
    """
    How many bytes of each secret lie anywhere below a folder: in the record, among the blobs, in the index, packed or not.
    """
    found: Counter[str] = Counter()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            for content in _readings(file.read_bytes()):
                for place, secret in secrets.items():
                    found[place] += content.count(secret) * len(secret)
    return {place: count for place, count in found.items() if count}


def _readings(data: bytes) -> Iterator[bytes]:
    """The bytes of a file and, where it holds gzip members as WARC files do, what they unpack to."""
    yield data
    rest = data
    while rest.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            yield unpacker.decompress(rest)
        except zlib.error:
            return
        rest = unpacker.unused_data
