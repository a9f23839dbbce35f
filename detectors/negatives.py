"""
Photographs that show nobody's mark: what detectors learn "not ours" from.

The starter bank are photographs that scikit-image's package ships (the documentation of `skimage.data` has the source of each, and of most the licence). They
are read as files, the package is not imported, and none is kept: only what was learned is. An operator's own folder takes their place where named.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _decode
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
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
MOST = 250
"""Photographs of an operator's folder that are learned from, in order of name."""
SIDE_PX = 640


@dataclass(frozen=True, slots=True)
class Negatives:
    """Photographs, RGB, and a digest of them."""

    photographs: tuple[NDArray[np.uint8], ...]
    digest: str


def starter() -> Negatives:
    """The bank that comes with the installation. Raises BadConfiguration where its package is missing."""
    return read(paths(None))


def paths(folder: Path | None) -> list[Path]:
    """The photographs of an operator's folder in order of name, or of the starter bank. Raises BadConfiguration where there are none."""
    if folder is None:
        return _paths()
    if not folder.is_dir():
        raise BadConfiguration(f"The bank of photographs {folder} is not a folder.")
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)


def check() -> str:
    """One line about the starter bank for `doctor`. Raises BadConfiguration with the mend."""
    return f"{len(_paths())} photographs of {PACKAGE} {metadata.version(PACKAGE)} to learn from"


def _paths() -> list[Path]:
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


def read(paths: Sequence[Path]) -> Negatives:
    """Photographs from files. Raises BadConfiguration that names one which cannot be used, or where there are none."""
    seen = hashlib.sha256()
    photographs = []
    for path in paths:
        content = path.read_bytes()
        try:
            rgb, _ = _decode.picture(content)
        except UnreadableMedia as error:
            raise BadConfiguration(f"{path} in the bank of photographs cannot be used. {error}") from error
        seen.update(content)
        scale = min(1.0, SIDE_PX / max(rgb.shape[:2]))
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
        photographs.append(np.asarray(small, dtype=np.uint8))
    if not photographs:
        raise BadConfiguration("The bank of photographs is empty; marks cannot be told from what is not one.")
    return Negatives(tuple(photographs), seen.hexdigest())
