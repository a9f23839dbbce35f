"""A mark as cameras would show it: drawn from its exemplar, shifted, turned, sheared, in other light, on another ground. The same every time."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors._network import STRIDE_PX
from detectors._windows import Shape

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

MARGIN_CELLS = 3
"""Cells of ground that a view shows on each side of the window."""
SECOND_MARGIN = 1.2
"""How many times as wide and high as the window a second look is."""


def view(mark: Picture, shape: Shape, grounds: Sequence[Picture], rng: np.random.Generator) -> Picture:
    """A picture in multiples of 32 pixels in which the mark fills the window of `shape` that begins at cell (MARGIN_CELLS, MARGIN_CELLS)."""
    size = _canvas(shape.across), _canvas(shape.down)
    placed, scale = _placed(mark, shape, rng)
    soft = cv2.GaussianBlur(mark, (0, 0), 0.4 / scale) if scale < 0.67 else mark
    laid = cv2.warpAffine(soft, placed, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if grounds and rng.random() < 0.6:
        solid = cv2.warpAffine(np.full(mark.shape[:2], 255, np.uint8), placed, size)
        cover = cv2.GaussianBlur(solid, (0, 0), 1.0)[:, :, None].astype(np.float32) / 255
        ground = _ground(grounds[int(rng.integers(len(grounds)))], size, rng)
        laid = laid * cover + ground * (1 - cover)
    return _lit(np.asarray(laid, dtype=np.float32), rng)


def cut(rgb: Picture, box: tuple[float, float, float, float], *, side_px: int) -> Picture:
    """What a second look sees: a box of the picture with SECOND_MARGIN, squared to `side_px`."""
    left, top, right, bottom = box
    across, down = (right - left) * SECOND_MARGIN, (bottom - top) * SECOND_MARGIN
    kx, ky = side_px / across, side_px / down
    onto = np.array([[kx, 0, side_px / 2 - kx * (left + right) / 2], [0, ky, side_px / 2 - ky * (top + bottom) / 2]])
    shrink = max(across, down) / side_px
    if shrink > 1.5:
        rgb = np.asarray(cv2.GaussianBlur(rgb, (0, 0), 0.4 * shrink), dtype=np.uint8)
    size = (side_px, side_px)
    return np.asarray(
        cv2.warpAffine(rgb, onto, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8
    )


def _canvas(cells: int) -> int:
    return -(-(cells + 2 * MARGIN_CELLS) * STRIDE_PX // 32) * 32


def _placed(mark: Picture, shape: Shape, rng: np.random.Generator) -> tuple[NDArray[np.float64], float]:
    height, width = mark.shape[:2]
    across, down = shape.across * STRIDE_PX, shape.down * STRIDE_PX
    scale = math.sqrt(across * down / (width * height)) * rng.uniform(0.82, 1.2)
    turn, shear, stretch = math.radians(rng.normal(0, 9)), rng.normal(0, 0.1), math.exp(rng.normal(0, 0.05))
    turned = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    linear = turned @ np.array([[1, shear], [0, 1]]) @ np.diag([scale * stretch, scale / stretch])
    middle = np.array([across / 2, down / 2]) + MARGIN_CELLS * STRIDE_PX + rng.uniform(-8, 8, 2)
    shift = middle - linear @ np.array([width / 2, height / 2])
    return np.hstack([linear, shift[:, None]]), scale


def _ground(photograph: Picture, size: tuple[int, int], rng: np.random.Generator) -> Floats:
    most = min(photograph.shape[1] / size[0], photograph.shape[0] / size[1])
    zoom = rng.uniform(0.5, 1.0) * most if most > 1 else most
    width, height = max(8, int(size[0] * zoom)), max(8, int(size[1] * zoom))
    x = int(rng.integers(0, max(1, photograph.shape[1] - width + 1)))
    y = int(rng.integers(0, max(1, photograph.shape[0] - height + 1)))
    return np.asarray(cv2.resize(photograph[y : y + height, x : x + width], size), dtype=np.float32)


def _lit(picture: Floats, rng: np.random.Generator) -> Picture:
    """Other contrast and exposure, sometimes out of focus, grey, of another colour of light, or of another colour."""
    middle = picture.mean()
    lit = (picture - middle) * rng.uniform(0.6, 1.2) + middle + rng.normal(0, 12)
    if rng.random() < 0.3:
        lit = cv2.GaussianBlur(lit, (0, 0), rng.uniform(0.6, 2.2))
    kind = rng.random()
    if kind < 0.12:
        lit = np.repeat(lit.mean(axis=2, keepdims=True), 3, axis=2)
    elif kind < 0.25:
        lit = lit * rng.uniform(0.75, 1.25, 3)
    shown = np.clip(lit, 0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        hsv = cv2.cvtColor(shown, cv2.COLOR_RGB2HSV)
        hsv[:, :, 0] = (hsv[:, :, 0].astype(int) + int(rng.integers(180))) % 180
        shown = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), dtype=np.uint8)
    return np.asarray(shown, dtype=np.uint8)
