"""
Text in pictures: where lines stand and what they say, by RapidOCR's networks (PP-OCRv6, inside its package; nothing is fetched).

Detectors compare what is read with registered wording and forget it: no line leaves this process, and nothing here logs (guardrails
G12, G20).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from detectors import models
from detectors.detector import Frame
from detectors.models import Weights

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE_PX = 960
"""Longer side that frames are read in, longer ones than 4:3 in as much area; smaller ones are enlarged to it, at most by MAX_ENLARGED."""
MAX_ENLARGED = 2.0
_LONGEST = 2.0
"""How many times the longer side a long picture may have."""
MOST_LINES = 120
"""Lines that are read of one picture, the largest first: a page of print must not hold up a scan."""
LETTERS = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What the columns of `Line.letters` after the first stand for."""

_HEIGHT_PX = 48
_LEAST_WIDTH_PX, _MOST_WIDTH_PX = 320, 1600
_BATCH = 6
_SURE = 0.8
"""Score under which a line is tried upside down as well."""
_TALL = 1.5
"""From so many times as high as wide, a line is taken to run up or down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    A line of text.

    `quad` are its corners in pixels of the picture, clockwise from the text's own top left, shape (4, 2), float32; `score` the mean
    probability of its letters. `letters` are probabilities by step, shape (steps, 1 + len(LETTERS)), float32: first that of no letter, then of
    each of LETTERS whatever its case; what else it may be is the rest to 1.
    """

    quad: Floats
    text: str
    score: float
    letters: Floats


class Reader:
    """The two networks, loaded. Make it before a process is bound; `reader()` keeps one a process."""

    def __init__(self, *, threads: int) -> None:
        """Load the networks. Raises NetworkUnusable where the package lacks them."""
        self._find = _finder(_examined(models.OCR_LINES), threads)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.enable_cpu_mem_arena = False
        self._read = ort.InferenceSession(_examined(models.OCR_LETTERS), options, providers=["CPUExecutionProvider"])
        self._input = self._read.get_inputs()[0].name
        # The order of the network's classes: no letter, those of its table, a space.
        table = self._read.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *table, " "]
        self._columns = [[i for i, c in enumerate(self._characters) if c.upper() == letter] for letter in LETTERS]

    def lines(self, rgb: Picture, *, side_px: int = SIDE_PX) -> tuple[Line, ...]:
        """
        The lines of a picture, looked for with its longer side brought to `side_px`, and read in full resolution.

        A screenshot of a telephone is longer than a photograph, and its lettering no larger: it is brought to as much area.
        """
        height, width = rgb.shape[:2]
        scale = min(_scale(height, width, side_px), MAX_ENLARGED)
        size = max(32, round(width * scale)), max(32, round(height * scale))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        small = cv2.resize(rgb, size, interpolation=how)
        found = self._find(cv2.cvtColor(small, cv2.COLOR_RGB2BGR)).boxes
        if found is None or not len(found):
            return ()
        ratio = np.array([width / size[0], height / size[1]], np.float32)
        quads = [_along(np.asarray(q, np.float32) * ratio) for q in found]
        quads.sort(key=lambda q: -_sides(q)[1])
        return self._lines(rgb, quads[:MOST_LINES])

    def _lines(self, rgb: Picture, quads: Sequence[Floats]) -> tuple[Line, ...]:
        upright = list(self._each(rgb, quads))
        doubtful = [i for i, line in enumerate(upright) if line.score < _SURE or _is_thin(line)]
        turned = self._each(rgb, [np.roll(upright[i].quad, 2, axis=0) for i in doubtful])
        for i, line in zip(doubtful, turned, strict=True):
            if _strength(line) > _strength(upright[i]):
                upright[i] = line
        return tuple(line for line in upright if line.text)

    def _each(self, rgb: Picture, quads: Sequence[Floats]) -> Iterator[Line]:
        """Read each, in the order given; those of like length together, which saves work."""
        strips = [_strip(_cut(rgb, q)) for q in quads]
        order = sorted(range(len(strips)), key=lambda i: strips[i].shape[2])
        lines: dict[int, Line] = {}
        for first in range(0, len(order), _BATCH):
            some = order[first : first + _BATCH]
            widest = max(_LEAST_WIDTH_PX, *(strips[i].shape[2] for i in some))
            stack = np.zeros((len(some), 3, _HEIGHT_PX, widest), np.float32)
            for row, i in enumerate(some):
                stack[row, :, :, : strips[i].shape[2]] = strips[i]
            for i, steps in zip(some, self._read.run(None, {self._input: stack})[0], strict=True):
                lines[i] = self._line(quads[i], steps)
        return (lines[i] for i in range(len(quads)))

    def _line(self, quad: Floats, steps: Floats) -> Line:
        """The likeliest letter of each step; the same in successive steps is one (Graves et al. 2006)."""
        best = steps.argmax(axis=1)
        kept = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
        text = "".join(self._characters[c] for c in best[kept]).strip()
        letters = np.stack([steps[:, 0], *(steps[:, c].sum(axis=1) for c in self._columns)], axis=1)
        score = float(steps.max(axis=1)[kept].mean()) if kept.any() else 0.0
        return Line(quad=quad, text=text, score=score, letters=letters.astype(np.float32))


def version() -> str:
    """Which networks read, and by what: part of the version of every detector that reads."""
    return f"rapidocr {metadata.version('rapidocr')}, onnxruntime {ort.__version__}"


@cache
def reader(*, threads: int = 1) -> Reader:
    """This process's reader."""
    return Reader(threads=threads)


def of_frame(frame: Frame, *, side_px: int = SIDE_PX) -> tuple[Line, ...]:
    """A frame's lines, read once for all detectors."""
    key = f"lines {side_px}"
    if key not in frame.shared:
        frame.shared[key] = reader().lines(frame.rgb, side_px=side_px)
    known: tuple[Line, ...] = frame.shared[key]
    return known


def _examined(weights: Weights) -> Path:
    """The file of RapidOCR's package, found without running its code. Raises NetworkUnusable where it is not the examined one."""
    models.content_of(weights)
    return models.path_of(weights)


def _finder(model: Path, threads: int) -> Any:
    """
    RapidOCR as a finder of lines: called with a BGR picture, returns its `boxes`.

    The weights are named by path, since it would fetch what it does not find.
    """
    from rapidocr import RapidOCR  # takes a second, which only who reads should pay

    settings = {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_rec": False,
        "Det.model_path": str(model),
        "Det.limit_type": "max",
        "Det.limit_side_len": 4096,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    finder = RapidOCR(params=settings)
    finder(np.zeros((64, 64, 3), np.uint8))  # it loads at the first picture; here the process is not bound yet
    return finder


def _scale(height: int, width: int, side_px: int) -> float:
    longer = max(height, width)
    same_area = side_px * math.sqrt(0.75 / (height * width))
    return max(side_px / longer, min(same_area, _LONGEST * side_px / longer))


def _strength(line: Line) -> float:
    return len(line.text) * line.score


def _is_thin(line: Line) -> bool:
    """Whether there are fewer letters than it has room for, as where text is read upside down."""
    along, across = _sides(line.quad)
    return len(line.text) * across < along


def _sides(quad: Floats) -> tuple[float, float]:
    """Length along the text and across it, in pixels."""
    return float(np.hypot(*(quad[1] - quad[0]))), float(np.hypot(*(quad[3] - quad[0])))


def _along(quad: Floats) -> Floats:
    """The quad so that text runs along its first side: tall ones are read from the bottom up."""
    along, across = _sides(quad)
    return np.roll(quad, 1, axis=0) if across >= _TALL * along else quad


def _cut(rgb: Picture, quad: Floats) -> Picture:
    along, across = (max(4, round(s)) for s in _sides(quad))
    onto = cv2.getPerspectiveTransform(quad, np.array([[0, 0], [along, 0], [along, across], [0, across]], np.float32))
    flat = cv2.warpPerspective(rgb, onto, (along, across), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, dtype=np.uint8)


def _strip(picture: Picture) -> Floats:
    """As the network takes it: BGR in [-1, 1], shape (3, _HEIGHT_PX, width)."""
    height, width = picture.shape[:2]
    wide = min(max(8, round(_HEIGHT_PX * width / height)), _MOST_WIDTH_PX)
    scaled = cv2.resize(picture[:, :, ::-1], (wide, _HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
    return np.asarray(scaled.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1.0)
