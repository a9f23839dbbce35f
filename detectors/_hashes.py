"""
Fingerprints of whole pictures: pHash (256 bits; Zauner 2010, by imagehash) and PDQ (256 bits; ThreatExchange) in all eight positions.

Each is taken of the picture as it is and without its plain borders, since banners and letterboxes shift everything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import imagehash
import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from footprint.findings import Quad

Bits = NDArray[np.uint64]
Box = tuple[int, int, int, int]

BITS = 256
SIDE_PX = 256
"""Longer side to which pictures are brought first: hashes see nothing finer."""
BORDER_TOLERANCE = 10
LEAST_TRIMMED = 0.3
"""A trimmed picture keeps at least this share of either side; else the border was not a border."""
MIN_QUALITY = 50
"""Least PDQ quality (gradients, 0 to 100): below, pictures are near-blank and all alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """
    Hashes of one crop of a picture.

    `box` is the crop (left, top, right, bottom) in pixels; `pdq` holds one row for each of the eight positions of the square, in the order
    of POSITIONS, shape (8, 4); `phash` shape (4,); 64 bits to an element.
    """

    box: Box
    pdq: Bits
    phash: Bits
    quality: int


POSITIONS: tuple[tuple[int, bool], ...] = (
    (0, False),
    (1, False),
    (2, False),
    (3, False),
    (2, True),
    (0, True),
    (1, True),
    (3, True),
)
"""How the rows of Fingerprint.pdq look at the picture: quarter turns counter-clockwise, after mirroring left to right or not."""


def corners(box: Box, position: int) -> Quad:
    """Where the corners of a reference lie (clockwise from its top left) whose upright hash is like this row of the crop's."""
    left, top, right, bottom = (float(side) for side in box)
    round_trip = [(left, top), (right, top), (right, bottom), (left, bottom)]
    turns, mirrored = POSITIONS[position]
    if mirrored:
        round_trip = [round_trip[i] for i in (1, 0, 3, 2)]
    a, b, c, d = round_trip[turns:] + round_trip[:turns]
    return a, b, c, d


def fingerprints(rgb: NDArray[np.uint8]) -> tuple[Fingerprint, ...]:
    """One of the whole picture, and one without its plain borders where it has any."""
    height, width = rgb.shape[:2]
    whole = (0, 0, width, height)
    trimmed = trimmed_box(rgb)
    return tuple(_fingerprint(rgb, box) for box in ((whole,) if trimmed == whole else (whole, trimmed)))


def _fingerprint(rgb: NDArray[np.uint8], box: Box) -> Fingerprint:
    left, top, right, bottom = box
    crop = rgb[top:bottom, left:right]
    scale = min(1.0, SIDE_PX / max(crop.shape[:2]))
    size = max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale))
    small = np.ascontiguousarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA) if scale < 1 else crop)
    vectors, quality = pdqhash.compute_dihedral(small)
    phash = imagehash.phash(Image.fromarray(small), hash_size=16).hash
    return Fingerprint(
        box=box,
        pdq=np.stack([_packed(np.asarray(v)) for v in vectors]),
        phash=_packed(phash.ravel()),
        quality=int(quality),
    )


def _packed(bits: NDArray[np.generic]) -> Bits:
    return np.packbits(bits.astype(np.uint8)).view(np.uint64)


def distances(queries: Bits, bank: Bits) -> NDArray[np.int64]:
    """Hamming distances in bits of every query (q, 4) to every hash of the bank (n, 4), shape (q, n). Exact."""
    differing: NDArray[np.uint8] = np.bitwise_count(queries[:, None, :] ^ bank[None, :, :])
    return np.asarray(differing.sum(axis=2, dtype=np.int64))


def trimmed_box(rgb: NDArray[np.uint8]) -> Box:
    """The picture without plain borders: rows and columns in which nothing differs from its corner's colour."""
    height, width = rgb.shape[:2]
    scale = min(1.0, SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.int16)
    spans: list[Sequence[int]] = []
    for lines in (small.swapaxes(0, 1), small):
        busy = np.flatnonzero(np.ptp(lines, axis=1).max(axis=1) > 2 * BORDER_TOLERANCE)
        spans.append((int(busy[0]), int(busy[-1]) + 1) if len(busy) else (0, len(lines)))
    (left, right), (top, bottom) = spans
    if right - left < LEAST_TRIMMED * size[0] or bottom - top < LEAST_TRIMMED * size[1]:
        return (0, 0, width, height)
    return (
        left * width // size[0],
        top * height // size[1],
        -(-right * width // size[0]),
        -(-bottom * height // size[1]),
    )
