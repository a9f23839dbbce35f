"""Lettering is read in any direction, in a bound process, and nothing of it leaves."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _ocr, models
from detectors.detector import Frame
from footprint.errors import NetworkUnusable

Picture = NDArray[np.uint8]
WORDS = "HARBOR CITY POLICE"


@pytest.fixture(scope="module")
def sign() -> Picture:
    """Dark lettering on a pale board, 480 x 200, lettered from (30, 70) to some (450, 110)."""
    board = np.full((200, 480, 3), 205, np.uint8)
    cv2.putText(board, WORDS, (30, 110), cv2.FONT_HERSHEY_DUPLEX, 1.2, (20, 30, 90), 2, cv2.LINE_AA)
    return board


@pytest.mark.parametrize("network", ["OCR_LINES", "OCR_LETTERS"])
def test_without_its_weights_nothing_is_read(network: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader is not made from half of what it needs, and the missing file is named."""
    monkeypatch.setattr(models, network, replace(getattr(models, network), file="gone.onnx"))
    with pytest.raises(NetworkUnusable, match=r"gone\.onnx"):
        _ocr.Reader(threads=1)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_lines_are_read_in_every_direction(turns: int, sign: Picture) -> None:
    """Upright, up, upside down or down: the words are read, and the quad starts where the text does."""
    (line,) = _ocr.reader().lines(np.ascontiguousarray(np.rot90(sign, turns)))
    assert line.text == WORDS
    assert line.score > 0.9
    left, top = {0: (25, 80), 1: (80, 455), 2: (455, 120), 3: (120, 25)}[turns]
    assert line.quad[0] == pytest.approx([left, top], abs=30)


def test_probabilities_by_step_spell_the_text(sign: Picture) -> None:
    """The likeliest column of each step gives the letters, and a step's columns do not exceed one."""
    (line,) = _ocr.reader().lines(sign)
    best = line.letters.argmax(axis=1)
    kept = [b for i, b in enumerate(best) if b and (i == 0 or b != best[i - 1])]
    assert "".join(_ocr.LETTERS[b - 1] for b in kept).strip() == WORDS
    assert line.letters.sum(axis=1).max() < 1.001


def test_a_frame_is_read_once(sign: Picture) -> None:
    """Detectors that look at one frame share its lines."""
    frame = Frame(rgb=sign)
    assert _ocr.of_frame(frame) is _ocr.of_frame(frame)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 2), (40, 40)])
def test_pictures_of_odd_shape_hold_no_text(shape: tuple[int, int]) -> None:
    """Slivers and dots are looked at without an error."""
    assert _ocr.reader().lines(np.full((*shape, 3), 128, np.uint8)) == ()


def test_reading_works_in_a_bound_process_and_says_nothing(sign: Picture, encode: Callable[..., bytes]) -> None:
    """Without sockets and in two GiB the networks still read; neither output nor log holds a word of it."""
    code = (
        "import io, sys, numpy as np; from PIL import Image; from detectors import _ocr, worker\n"
        "reader = _ocr.reader(); assert worker.limit(2048).network_refused\n"
        "lines = reader.lines(np.asarray(Image.open(io.BytesIO(sys.stdin.buffer.read()))))\n"
        f"sys.exit(0 if [line.text for line in lines] == [{WORDS!r}] else 3)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=encode(sign), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
