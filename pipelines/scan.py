"""Looks at every asset that a detector has not seen yet, in worker processes with limits. Failures are records."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from multiprocessing import get_context
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from detectors import worker
from detectors.detector import Detector, Hindered, Reference, Unable
from footprint import plugins
from footprint.digests import digest
from footprint.errors import BadConfiguration, NetworkUnusable, UnreadableMedia
from footprint.findings import AssetScan, ScanOutcome
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, enabled
from footprint.ports import Blobs, Reader, Record
from footprint.retention import Retirement, Sort
from footprint.specialists import needed


class Progress(Protocol):
    """Told how far a stage has come."""

    def __call__(self, stage: str, done: int, total: int, /) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The detectors by name, and what they are made from: references in force and each detector's options."""

    names: tuple[str, ...]
    references: tuple[Reference, ...]
    options: Mapping[str, Any]

    def versions(self) -> dict[str, str]:
        """Version of each detector by name. Builds them, which takes a while."""
        return versions_of(self.build())

    def build(self) -> tuple[Detector, ...]:
        """
        Make the detectors; one whose network is missing is Unable, and the others look.

        Raises BadInput for an unknown name, BadConfiguration for an exemplar that cannot be used.
        """
        return tuple(self._made(name, module) for name, module in zip(self.names, self._modules(), strict=True))

    def _made(self, name: str, module: Any) -> Detector:
        try:
            with _usable():
                detector: Detector = module.build(self.references, self.options)
                return detector
        except NetworkUnusable as error:
            return Unable(name=name, hindrance=str(error))

    def learn(self, progress: Progress) -> None:
        """
        Let detectors learn what `build` needs and takes a minute: it is kept, and nothing is learned twice. Raises what `build` does.

        Where a network is missing nothing is learned; `build` says so.
        """
        for name, module in zip(self.names, self._modules(), strict=True):
            if hasattr(module, "learn"):
                with _usable(), suppress(NetworkUnusable):
                    module.learn(self.references, self.options, _of_stage(progress, f"learning {name}"))

    def _modules(self) -> list[Any]:
        return [plugins.load("detectors", name, what="detector", offers="build") for name in self.names]


def versions_of(detectors: Sequence[Detector]) -> dict[str, str]:
    """The version of each detector by name."""
    return {detector.name: detector.version for detector in detectors}


def unable(detectors: Sequence[Detector]) -> dict[str, str]:
    """Why detectors cannot look, or not by all that they know, by name of those that cannot."""
    return {d.name: d.hindrance for d in detectors if isinstance(d, Hindered) and d.hindrance}


def able(detectors: Sequence[Detector]) -> Sequence[Detector]:
    """The detectors, where all can look. Raises NetworkUnusable with why each other one cannot."""
    if blind := unable(detectors):
        raise NetworkUnusable(" ".join(f"Could not look: {name}: {why}" for name, why in blind.items()))
    return detectors


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except UnreadableMedia as error:
        raise BadConfiguration(f"{error} Disable that exemplar: `footprint exemplar disable`.") from error


def _of_stage(progress: Progress, stage: str) -> Progress:
    """Progress that tells of one stage, whatever its parts are called."""
    return lambda _, done, total: progress(stage, done, total)


def bank(record: Reader, blobs: Blobs, *, names: Sequence[str], options: Mapping[str, Any]) -> Bank:
    """The bank as the record has it now. Detectors of one kind are left out where no exemplar is of that kind: they cost nothing."""
    identifiers = {identifier.id: identifier for identifier in record.select(Identifier)}
    exemplars = enabled(record.select(Exemplar), record.select(ExemplarEvent))
    references = tuple(
        Reference(exemplar=exemplar, identifier=identifiers[exemplar.identifier_id], data=blobs.get(exemplar.sha256))
        for exemplar in exemplars
    )
    kinds = {reference.identifier.kind for reference in references}
    return Bank(names=needed(names, kinds), references=references, options=options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a detecting process may take: `timeout_s` for one asset and all detectors."""

    processes: int
    timeout_s: float
    memory_mb: int
    max_pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One asset and the detectors that have not seen it."""

    asset_sha256: str
    detectors: tuple[str, ...]


def scan_assets(
    record: Record,
    blobs: Blobs,
    bank: Bank,
    *,
    versions: Mapping[str, str],
    run_id: str,
    limits: Limits,
    clock: Callable[[], datetime],
    progress: Progress,
) -> Counter[ScanOutcome]:
    """
    Let every detector of the bank look at every asset that it has not seen in this version. Returns how many looks ended how.

    Each asset's results are recorded as soon as they are there. A process that dies or takes too long fails its own asset, and no other.
    """
    retired = {r.sha256 for r in record.select(Retirement, sort=Sort.MEDIA)}
    # Bytes that were retired had been looked at by the version in force then; they cannot be looked at again.
    waiting = [
        task for task in work(record, versions) if task.asset_sha256 not in retired or blobs.has(task.asset_sha256)
    ]
    outcomes: Counter[ScanOutcome] = Counter()
    recorder = _Recorder(record=record, run_id=run_id, versions=versions, clock=clock)
    for done, (task, said) in enumerate(looks(waiting, blobs.get, bank, limits), start=1):
        outcomes.update(recorder.write(task, said))
        progress("pictures looked at", done, len(waiting))
    return outcomes


def work(record: Record, versions: Mapping[str, str]) -> Iterator[Work]:
    """What is left to look at for these detector versions, asset by asset."""
    for asset, pairs in groupby(record.unscanned(versions), key=lambda pair: pair[0]):
        yield Work(asset_sha256=asset, detectors=tuple(name for _, name in pairs))


_process: list[tuple[tuple[Detector, ...], int]] = []
"""What `_prepare` readied in a detecting process, which lives from one asset to the next: the detectors, and the pixel limit."""


def _prepare(bank: Bank, limits: Limits) -> None:
    """Ready a detecting process: the detectors are built while it still has memory and time, then the limits bind it for good."""
    detectors = bank.build()
    worker.limit(limits.memory_mb)
    _process[:] = [(detectors, limits.max_pixels)]


def _look(data: bytes, names: Sequence[str]) -> tuple[worker.Look, ...]:
    """Runs in a detecting process: let the named detectors look at one asset."""
    detectors, max_pixels = _process[0]
    return worker.look(data, [detector for detector in detectors if detector.name in names], max_pixels=max_pixels)


def looks(
    waiting: Sequence[Work], read: Callable[[str], bytes], bank: Bank, limits: Limits
) -> Iterator[tuple[Work, tuple[worker.Look, ...] | str]]:
    """
    Each asset with its looks, or with why there are none; in the order of the work, few assets' bytes in memory at once.

    `read` gives an asset's bytes by its hash, and raises KeyError where they are not there.
    """
    if not waiting:
        return
    context = get_context("spawn")
    with ProcessPool(limits.processes, context=context, initializer=_prepare, initargs=(bank, limits)) as pool:
        running: deque[tuple[Work, Future[tuple[worker.Look, ...]] | None]] = deque()
        for task in waiting:
            running.append((task, _schedule(pool, task, read, limits)))
            if len(running) > 2 * limits.processes:
                first, future = running.popleft()
                yield first, _result(future, limits)
        for task, future in running:
            yield task, _result(future, limits)


def _schedule(
    pool: ProcessPool, task: Work, read: Callable[[str], bytes], limits: Limits
) -> "Future[tuple[worker.Look, ...]] | None":
    try:
        data = read(task.asset_sha256)
    except KeyError:
        return None
    future: Future[tuple[worker.Look, ...]] = pool.schedule(
        _look, args=(data, task.detectors), timeout=limits.timeout_s
    )
    return future


def _result(future: "Future[tuple[worker.Look, ...]] | None", limits: Limits) -> tuple[worker.Look, ...] | str:
    """What the process said, or why it said nothing."""
    if future is None:
        return "the bytes are missing from the blobs; `footprint doctor` checks them"
    try:
        return future.result()
    except TimeoutError:
        return f"took longer than {limits.timeout_s:g} s (detect.timeout_s)"
    except ProcessExpired as error:
        return f"the detecting process died with exit code {error.exitcode}"
    except MemoryError:
        return f"needed more than {limits.memory_mb} MiB of memory (detect.memory_mb)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorder:
    """Writes what the detectors said of one asset, in one transaction."""

    record: Record
    run_id: str
    versions: Mapping[str, str]
    clock: Callable[[], datetime]

    def write(self, task: Work, looks: Sequence[worker.Look] | str) -> list[ScanOutcome]:
        if isinstance(looks, str):
            looks = [self._failed(name, looks) for name in task.detectors]
        with self.record.transaction() as tx:
            for look in looks:
                for detection in look.detections:
                    tx.add(detection)
                tx.add(self._scan(task.asset_sha256, look))
        return [look.outcome for look in looks]

    def _failed(self, name: str, why: str) -> worker.Look:
        return worker.Look(detector=name, version=self.versions[name], outcome=ScanOutcome.FAILED, detail=why)

    def _scan(self, asset_sha256: str, look: worker.Look) -> AssetScan:
        return AssetScan(
            id=digest(asset_sha256, look.detector, look.version),
            asset_sha256=asset_sha256,
            detector=look.detector,
            version=look.version,
            run_id=self.run_id,
            outcome=look.outcome,
            detail=look.detail,
            scanned_at=self.clock(),
        )
