"""Looks that are only tried: what detectors claim in pictures, with nothing recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from footprint.findings import SEEN, Detection, ScanOutcome
from pipelines.scan import Bank, Limits, Progress, Work, looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Claims by picture, for each that could be looked at, and by which detectors it was; `unseen` are the others, with why."""

    claims: Mapping[str, tuple[Detection, ...]]
    seen_by: Mapping[str, frozenset[str]]
    unseen: Mapping[str, str]


def tried(
    bank: Bank, keys: Sequence[str], read: Callable[[str], bytes], *, limits: Limits, stage: str, progress: Progress
) -> Tried:
    """Let detectors look at pictures by key, in processes with limits. `read` raises KeyError for bytes that are not there."""
    claims: dict[str, tuple[Detection, ...]] = {}
    seen_by: dict[str, frozenset[str]] = {}
    unseen: dict[str, str] = {}
    wanted = [Work(asset_sha256=key, detectors=bank.names) for key in keys]
    for done, (task, said) in enumerate(looks(wanted, read, bank, limits), start=1):
        progress(stage, done, len(wanted))
        if isinstance(said, str):
            unseen[task.asset_sha256] = said
        elif failed := [look.detail for look in said if look.outcome is ScanOutcome.FAILED]:
            unseen[task.asset_sha256] = failed[0]
        else:
            claims[task.asset_sha256] = tuple(claim for look in said for claim in look.detections)
            seen_by[task.asset_sha256] = frozenset(look.detector for look in said if look.outcome in SEEN)
    return Tried(claims=claims, seen_by=seen_by, unseen=unseen)
