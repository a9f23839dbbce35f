"""What was learned, kept as a file by the digest of everything that it depends on, and learned again where it is lost."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import scipy
from filelock import FileLock

from detectors import _arrays, _learning, _ocr, _photographs, models
from detectors._fitting import Whitening
from detectors._learned import Learned, name_of
from detectors._windows import Shape
from detectors.detector import Reference, Tell
from detectors.negatives import Negatives
from footprint.digests import digest

CODE = "4"
"""Goes up when learning the same gives something else."""
MOST_KEPT = 3
ARRAYS = (
    "weights",
    "bias",
    "centre",
    "spread",
    "second_weights",
    "second_bias",
    "owners",
    "typical",
    "bearers",
    "ground",
)


def key(references: Sequence[Reference], negatives: Negatives) -> str:
    """The digest of everything that learning depends on. Order does not count."""
    own = sorted([r.exemplar.id, name_of(r), r.exemplar.sha256] for r in references)
    return digest(
        CODE,
        own,
        negatives.digest,
        models.LITE2.sha256,
        _ocr.version(),
        *(m.__version__ for m in (cv2, np, onnxruntime, scipy)),
    )


def learned(references: Sequence[Reference], negatives: Negatives, *, folder: Path | None, tell: Tell) -> Learned:
    """
    Learn, or load what was learned before from `folder` (None: keep nothing). One process learns; others that need the same wait for it.

    Raises NetworkUnusable where a network's weights are missing.
    """
    if folder is None:
        return _learning.learn(references, negatives, tell=tell)
    file = file_of(folder, references, negatives)
    if (known := _load(file)) is not None:
        return known
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "learning.lock"):
        if (known := _load(file)) is not None:
            return known
        maps = folder / _photographs.FOLDER
        made = _learning.learn(references, negatives, tell=tell, maps_in=maps)
        _save(made, file)
        _photographs.clear(maps)
        return made


def file_of(folder: Path, references: Sequence[Reference], negatives: Negatives) -> Path:
    """Where what is learned of these is kept."""
    return folder / f"marks-{key(references, negatives)[:32]}.npz"


def _save(made: Learned, file: Path) -> None:
    """Others read without the lock. Of older files MOST_KEPT stay."""
    _arrays.keep(
        file,
        marks=np.array(made.marks),
        exemplars=np.array(made.exemplars),
        words=np.array(made.words, np.str_),
        shapes=np.array([(s.across, s.down) for s in made.shapes]),
        second_mean=made.second.mean,
        second_matrix=made.second.matrix,
        **{name: getattr(made, name) for name in ARRAYS},
    )
    with contextlib.suppress(FileNotFoundError):  # another process may remove the same
        others = [p for p in file.parent.glob("marks-*") if p != file]
        for old in sorted(others, key=lambda p: p.stat().st_mtime, reverse=True)[MOST_KEPT:]:
            old.unlink()


def _load(file: Path) -> Learned | None:
    """What was learned before; None where it was not, or the file is not whole."""
    try:
        with np.load(file, allow_pickle=False) as held:
            return Learned(
                marks=tuple(str(m) for m in held["marks"]),
                exemplars=tuple(str(e) for e in held["exemplars"]),
                words=tuple(str(w) for w in held["words"]),
                shapes=tuple(Shape(int(a), int(d)) for a, d in held["shapes"]),
                second=Whitening(held["second_mean"], held["second_matrix"]),
                **{name: held[name] for name in ARRAYS},
            )
    except _arrays.TORN:
        return None
