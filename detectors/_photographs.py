"""
The maps of the bank's photographs, kept beside what was learned: they are the same for every mark, and most of what learning takes.

Features only, one file a photograph, 2 to 3 MB each, by the digest of everything that they depend on. Where one is lost it is made again.
"""

import contextlib
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detectors import _arrays, _network, models
from detectors._network import Maps
from detectors.detector import Frame
from footprint.digests import digest, sha256

CODE = "1"
"""Goes up when the same photograph gives other maps."""
FOLDER = "photographs"
MOST_KEPT = 300
"""Photographs of which maps are kept, those that were learned from last."""


def pyramid(photograph: NDArray[np.uint8], folder: Path | None) -> tuple[Maps, ...]:
    """What the network sees in a photograph at every size, from `folder` where it was seen before (None: keep nothing)."""
    if folder is None:
        return _seen(photograph)
    file = folder / f"{_key(photograph)[:32]}.npz"
    if (known := _load(file)) is not None:
        file.touch()
        return known
    maps = _seen(photograph)
    _save(maps, file)
    return maps


def clear(folder: Path, *, most: int = MOST_KEPT) -> None:
    """Remove the maps beyond `most` that were not learned from for longest. For who holds the lock of learning."""
    kept = sorted(folder.glob("*.npz*"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in kept[most:]:
        old.unlink()


def _seen(photograph: NDArray[np.uint8]) -> tuple[Maps, ...]:
    return _network.network().pyramid(Frame(rgb=photograph))


def _key(photograph: NDArray[np.uint8]) -> str:
    seen_by = (CODE, models.LITE2.sha256, _network.SIDES_PX, cv2.__version__, onnxruntime.__version__)
    return digest(*seen_by, photograph.shape, sha256(np.ascontiguousarray(photograph).tobytes()))


def _save(maps: tuple[Maps, ...], file: Path) -> None:
    """Learning goes on where there is no room for it."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        _arrays.keep(
            file,
            scales=np.array([(m.scale_x, m.scale_y) for m in maps]),
            **{f"mid{level}": m.mid for level, m in enumerate(maps)},
            **{f"deep{level}": m.deep for level, m in enumerate(maps)},
        )


def _load(file: Path) -> tuple[Maps, ...] | None:
    """What was kept; None where nothing was, or the file is not whole."""
    try:
        with np.load(file, allow_pickle=False) as held:
            return tuple(
                Maps(mid=held[f"mid{level}"], deep=held[f"deep{level}"], scale_x=float(x), scale_y=float(y))
                for level, (x, y) in enumerate(held["scales"])
            )
    except _arrays.TORN:
        return None
