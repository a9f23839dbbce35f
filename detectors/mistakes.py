"""
Windows that were taken for marks in pictures that show none: what the bank grows by, kept as files in one folder.

Of a picture nothing is kept but the numbers that the network made of a few windows, without a pixel, an address or an account. A file is
named after where it came from (a finding, a picture's hash), so that it goes when that does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors import _arrays
from footprint.digests import sha256

Floats = NDArray[np.float32]

SUFFIX = ".npz"
MOST = 500
"""Files that are learned from, in order of name."""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Rows for the two looks of `_learned`, one a window, and a digest of them ("" where there are none)."""

    windows: Floats
    looks: Floats
    digest: str = ""


NONE = Mistakes(np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32))


def keep(folder: Path, source: str, mistakes: Mistakes, *, seen_by: str, at: datetime) -> None:
    """Keep what was seen of one source, whole or not at all. `seen_by` names what made the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    _arrays.keep(
        folder / f"{source}{SUFFIX}",
        seen_by=np.array(seen_by),
        at=np.array(at.isoformat()),
        windows=mistakes.windows.astype(np.float16),
        looks=mistakes.looks.astype(np.float16),
    )


def known(folder: Path, *, seen_by: str) -> Mistakes:
    """All that is kept and was made by the same. What another network or rule made, or is torn, counts as none."""
    found = [held for path in _files(folder)[:MOST] if (held := _read(path)) is not None and held[0] == seen_by]
    if not found:
        return NONE
    windows = np.concatenate([held[2] for held in found]).astype(np.float32)
    looks = np.concatenate([held[3] for held in found]).astype(np.float32)
    return Mistakes(windows, looks, sha256(windows.tobytes() + looks.tobytes()))


def sources(folder: Path, *, seen_by: str | None = None) -> frozenset[str]:
    """Where what is kept came from; with `seen_by`, what was made by the same."""
    if seen_by is None:
        return frozenset(path.stem for path in _files(folder))
    return frozenset(p.stem for p in _files(folder) if (held := _read(p)) is not None and held[0] == seen_by)


def forget(folder: Path, gone: Collection[str]) -> None:
    """Delete what came from these sources."""
    for source in gone:
        (folder / f"{source}{SUFFIX}").unlink(missing_ok=True)


def older(folder: Path, than: datetime) -> frozenset[str]:
    """Sources of what was kept before a moment, and of what is torn."""
    return frozenset(p.stem for p in _files(folder) if (held := _read(p)) is None or held[1] < than)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _read(path: Path) -> tuple[str, datetime, NDArray[np.float16], NDArray[np.float16]] | None:
    try:
        with np.load(path, allow_pickle=False) as held:
            return str(held["seen_by"]), datetime.fromisoformat(str(held["at"])), held["windows"], held["looks"]
    except _arrays.TORN:
        return None
