"""
Where vehicles and persons are: boxes by an operator's own ONNX network, or plain windows where there is none.

A network takes one RGB picture, (1, 3, height, width) in [0, 1], letterboxed. It answers as the YOLO family does, (1, 4 + classes, boxes) with middle
and size, or as end-to-end detectors do, (1, boxes, 6) with corners, score and class; pixels of its input, classes of COCO.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from detectors import models
from footprint.digests import sha256
from footprint.errors import NetworkUnusable

Picture = NDArray[np.uint8]

VEHICLES = frozenset({2, 3, 5, 7})
"""Car, motorcycle, bus, truck: COCO's 80 classes, from 0."""
PERSONS = frozenset({0})
LEAST_SCORE = 0.35
SAME_BOX = 0.5
LEAST_SIDE_PX = 48
MOST_BOXES = 12
TILE_SHARE = 0.6
TILED_FROM_PX = 900
"""Longer side from which tiles are looked at as well: small things vanish in the network's input."""
WINDOW_SHARE = 0.6
_SIDE_PX = 640
_GROUND = 114


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box in whole pixels of the picture, inside it."""

    left: int
    top: int
    right: int
    bottom: int

    def cut(self, rgb: Picture) -> Picture:
        """What is inside."""
        return np.ascontiguousarray(rgb[self.top : self.bottom, self.left : self.right])

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


class Finder:
    """An operator's network. Make it before a process is bound."""

    def __init__(self, path: Path, *, expected_sha256: str = "") -> None:
        """Load it, by one thread. Raises NetworkUnusable that names the file where it is no such network, or not the expected one."""
        content = models.own(path, sha256=expected_sha256)
        self.sha256 = sha256(content)
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        try:
            self._session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own that it does not export
            raise NetworkUnusable(
                f"detect.finder: {path} is no ONNX network that can be loaded. {models.OWN_MEND}"
            ) from error
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or not _is_picture(inputs[0].type, inputs[0].shape):
            raise NetworkUnusable(
                f"detect.finder: {path} does not take one picture, (1, 3, height, width). {models.OWN_MEND}"
            )
        height, width = (side if isinstance(side, int) else _SIDE_PX for side in inputs[0].shape[2:])
        self._name, self._size = inputs[0].name, (width, height)
        try:  # a wrong network is told at start-up, not at the first picture
            self._answer(np.zeros((64, 64, 3), np.uint8))
        except NetworkUnusable:
            raise
        except Exception as error:  # as above
            raise NetworkUnusable(f"detect.finder: {path} fails at a black picture. {models.OWN_MEND}") from error

    def find(self, rgb: Picture, classes: frozenset[int]) -> tuple[Box, ...]:
        """The things of these classes, the surest first: in the whole picture, and in tiles of a large one."""
        found = [row for tile in _tiles(rgb) for row in self._in(rgb, tile, classes)]
        if not found:
            return ()
        corners = np.array([row[:4] for row in found])
        sizes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
        kept = cv2.dnn.NMSBoxes(sizes.tolist(), [row[4] for row in found], LEAST_SCORE, SAME_BOX)
        boxes = (_clipped(corners[i], rgb) for i in np.asarray(kept, dtype=int).ravel())
        return tuple(b for b in boxes if min(b.right - b.left, b.bottom - b.top) >= LEAST_SIDE_PX)[:MOST_BOXES]

    def _in(
        self, rgb: Picture, tile: Box, classes: frozenset[int]
    ) -> Iterator[tuple[float, float, float, float, float]]:
        part = tile.cut(rgb)
        scale = min(self._size[0] / part.shape[1], self._size[1] / part.shape[0])
        for left, top, right, bottom, score, kind in self._answer(part):
            if int(kind) in classes and score >= LEAST_SCORE:
                across, down = float(tile.left), float(tile.top)
                yield (
                    across + float(left) / scale,
                    down + float(top) / scale,
                    across + float(right) / scale,
                    down + float(bottom) / scale,
                    float(score),
                )

    def _answer(self, rgb: Picture) -> NDArray[np.float32]:
        """Rows of left, top, right, bottom, score, class in pixels of the input. Raises NetworkUnusable for an answer of another shape."""
        width, height = self._size
        scale = min(width / rgb.shape[1], height / rgb.shape[0])
        size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
        laid = np.full((height, width, 3), _GROUND, np.uint8)
        laid[: size[1], : size[0]] = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR)
        batch = np.ascontiguousarray(laid.transpose(2, 0, 1)[None]).astype(np.float32) / 255.0
        out = np.asarray(self._session.run(None, {self._name: batch})[0])
        if out.ndim == 3 and out.shape[0] == 1 and out.shape[2] == 6:
            return np.asarray(out[0], dtype=np.float32)
        if out.ndim == 3 and out.shape[0] == 1 and out.shape[1] > 5:
            x, y, w, h = out[0, :4]
            classes = out[0, 4:]
            rows = [x - w / 2, y - h / 2, x + w / 2, y + h / 2, classes.max(axis=0), classes.argmax(axis=0)]
            return np.stack(rows, axis=1).astype(np.float32)
        raise NetworkUnusable(
            f"detect.finder answers with shape {out.shape}; (1, 4 + classes, boxes) or (1, boxes, 6) are understood. {models.OWN_MEND}"
        )


def _is_picture(type_: str, shape: Sequence[object]) -> bool:
    return type_ == "tensor(float)" and len(shape) == 4 and (not isinstance(shape[1], int) or shape[1] == 3)


def windows(rgb: Picture) -> tuple[Box, ...]:
    """The whole picture and its four overlapping quarters: what is looked at without a network."""
    return (_whole(rgb), *_quarters(rgb, WINDOW_SHARE))


def _tiles(rgb: Picture) -> tuple[Box, ...]:
    return (_whole(rgb), *(_quarters(rgb, TILE_SHARE) if max(rgb.shape[:2]) >= TILED_FROM_PX else ()))


def _whole(rgb: Picture) -> Box:
    return Box(left=0, top=0, right=rgb.shape[1], bottom=rgb.shape[0])


def _quarters(rgb: Picture, share: float) -> Iterator[Box]:
    height, width = rgb.shape[:2]
    high, wide = max(1, round(height * share)), max(1, round(width * share))
    for top in (0, height - high):
        for left in (0, width - wide):
            yield Box(left=left, top=top, right=left + wide, bottom=top + high)


def _clipped(corners: NDArray[np.float64], rgb: Picture) -> Box:
    height, width = rgb.shape[:2]
    left, right = (int(np.clip(corners[i], 0, width)) for i in (0, 2))
    top, bottom = (int(np.clip(corners[i], 0, height)) for i in (1, 3))
    return Box(left=left, top=top, right=right, bottom=bottom)
