"""
Photographs that show nobody's mark: what detectors learn "not ours" from.

The starter bank are pictures that scikit-image's package ships (the documentation of `skimage.data` has the source of each, and of most the licence) and
those in `photographs/` beside this module: scaled down from packages of Debian, `SOURCES.tsv` there names author, licence and package of each. None is kept by
who learns from them: only what was learned is. An operator's own folder takes their place where named.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _decode
from detectors.mistakes import NONE, Mistakes
from footprint.digests import digest
from footprint.errors import BadConfiguration, UnreadableMedia

PACKAGE = "scikit-image"
STARTER = [
    "astronaut.png",
    "brick.png",
    "camera.png",
    "chelsea.png",
    "clock_motion.png",
    "coffee.png",
    "coins.png",
    "color.png",
    "grass.png",
    "gravel.png",
    "horse.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "motorcycle_left.png",
    "page.png",
    "retina.jpg",
    "rocket.jpg",
    "text.png",
]
SHIPPED = Path(__file__).parent / "photographs"
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
MOST = 250
"""Photographs of an operator's folder that are learned from, in order of name."""
SIDE_PX = 640


@dataclass(frozen=True)
class Negatives:
    """Photographs by their files, in order, what was mistaken for marks besides, and a digest of all that."""

    paths: tuple[Path, ...]
    digest: str
    mistakes: Mistakes = NONE

    @cached_property
    def photographs(self) -> tuple[NDArray[np.uint8], ...]:
        """RGB, the longer side SIDE_PX at most. Raises BadConfiguration that names a file which cannot be used."""
        return tuple(_photograph(path) for path in self.paths)


def starter() -> Negatives:
    """The bank that comes with the installation. Raises BadConfiguration where its package is missing."""
    return read(paths(None))


def paths(folder: Path | None) -> list[Path]:
    """The photographs of an operator's folder in order of name, or of the starter bank. Raises BadConfiguration where there are none."""
    if folder is None:
        return [*_packaged(), *_pictures(SHIPPED)]
    if not folder.is_dir():
        raise BadConfiguration(f"The bank of photographs {folder} is not a folder.")
    return _pictures(folder)


def check() -> str:
    """One line about the starter bank for `doctor`. Raises BadConfiguration with the mend."""
    packaged, shipped = _packaged(), _pictures(SHIPPED)
    return f"{len(shipped)} photographs and {len(packaged)} of {PACKAGE} {metadata.version(PACKAGE)} to learn from"


def _packaged() -> list[Path]:
    mend = f"The starter bank of photographs is missing: `pip install {PACKAGE}` brings it, or name a folder in detect.negatives."
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError:
        raise BadConfiguration(mend) from None
    paths = {f.name: Path(str(f.locate())) for f in files if f.parent.as_posix() == "skimage/data"}
    found = [paths[name] for name in STARTER if name in paths and paths[name].is_file()]
    if not found:
        raise BadConfiguration(mend)
    return found


def folder(path: Path) -> Negatives:
    """An operator's own. Raises BadConfiguration where there is nothing to learn from."""
    return read(paths(path)[:MOST])


def grown(bank: Negatives, mistakes: Mistakes) -> Negatives:
    """A bank with what was mistaken for marks."""
    return Negatives(bank.paths, digest(bank.digest, mistakes.digest), mistakes) if mistakes.digest else bank


def _pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)


def read(paths: Sequence[Path]) -> Negatives:
    """A bank of these files. Raises BadConfiguration where there are none."""
    if not paths:
        raise BadConfiguration("The bank of photographs is empty; marks cannot be told from what is not one.")
    seen = hashlib.sha256()
    for path in paths:
        seen.update(path.read_bytes())
    return Negatives(tuple(paths), seen.hexdigest())


def _photograph(path: Path) -> NDArray[np.uint8]:
    try:
        rgb, _ = _decode.picture(path.read_bytes())
    except UnreadableMedia as error:
        raise BadConfiguration(f"{path} in the bank of photographs cannot be used. {error}") from error
    scale = min(1.0, SIDE_PX / max(rgb.shape[:2]))
    small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
    return np.asarray(small, dtype=np.uint8)
