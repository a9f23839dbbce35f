"""
The picture of a sound: time to the right, pitch upwards, loudness as ink. A claim about a sound lies on it as others lie on photographs.

Each claim is drawn on the stretch of the recording that shows it best: all of a short one, else the half minute or more around it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors._landmarks import HIGHEST_BIN, HOP, RATE_HZ, WINDOW, Samples
from footprint.findings import Quad, clock

Span = tuple[float, float]

WIDTH_PX, HEIGHT_PX = 1200, 640
AXIS_PX = 36
"""Height of the strip below, in which the seconds stand."""
SHORT_S = 60.0
"""Sounds up to this length are drawn whole."""
LEAST_SHOWN_S = 30.0
"""Least length of what is drawn of a longer one; a claim takes half of it at most where it can."""
RANGE_DB = 60.0
"""From the loudest down to what is left white."""
TICKS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200)
MOST_TICKS = 9
PAPER, INK, DEEP = (250, 250, 247), (92, 128, 176), (14, 28, 58)


def shown_s(span_s: Span, length_s: float) -> Span:
    """The stretch of a sound of `length_s` on which a claim about `span_s` is drawn."""
    if length_s <= SHORT_S:
        return 0.0, round(length_s, 2)
    wide_s = min(length_s, max(LEAST_SHOWN_S, 2 * (span_s[1] - span_s[0])))
    start_s = min(max(0.0, sum(span_s) / 2 - wide_s / 2), length_s - wide_s)
    return round(start_s, 2), round(start_s + wide_s, 2)


def column(time_s: float, stretch_s: Span) -> float:
    """Where a second lies, in pixels from the left."""
    return (time_s - stretch_s[0]) / max(stretch_s[1] - stretch_s[0], 1e-6) * WIDTH_PX


def point(frame: int, pitch: int, stretch_s: Span) -> tuple[float, float]:
    """Where the peak of a landmark lies, by its frame and bin."""
    time_s = (frame * HOP + WINDOW / 2) / RATE_HZ
    return column(time_s, stretch_s), (1 - (pitch + 0.5) / HIGHEST_BIN) * (HEIGHT_PX - AXIS_PX)


def quad(span_s: Span, stretch_s: Span) -> Quad:
    """All pitches of a span, clockwise from top left."""
    left, right = column(span_s[0], stretch_s), column(span_s[1], stretch_s)
    below = float(HEIGHT_PX - AXIS_PX)
    return (left, 0.0), (right, 0.0), (right, below), (left, below)


def drawn(samples: Samples, stretch_s: Span) -> NDArray[np.uint8]:
    """The picture of a stretch of a sound, RGB, shape (HEIGHT_PX, WIDTH_PX, 3). What lies beyond the sound's end stays white."""
    first, last = (max(0, round(s * RATE_HZ)) for s in stretch_s)
    part = np.zeros(max(last - first, WINDOW), np.float32)
    heard = samples[first:last]
    part[: len(heard)] = heard
    level = np.clip(_level(part) / RANGE_DB, 0, 1)[::-1]
    size = WIDTH_PX, HEIGHT_PX - AXIS_PX
    how = cv2.INTER_AREA if level.shape[1] > WIDTH_PX else cv2.INTER_LINEAR
    picture = np.full((HEIGHT_PX, WIDTH_PX, 3), PAPER, np.uint8)
    picture[: size[1]] = _inked(cv2.resize(level, size, interpolation=how))
    _write_axis(picture, stretch_s)
    return picture


def _level(samples: Samples) -> NDArray[np.float32]:
    """Decibels above what is drawn, shape (HIGHEST_BIN, columns), from the first bin up; two columns to a pixel at most."""
    hop = max(HOP // 2, (len(samples) - WINDOW) // (2 * WIDTH_PX), 1)
    pieces = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::hop]
    spectrum = np.abs(np.fft.rfft(pieces * np.hanning(WINDOW).astype(np.float32), axis=1)[:, :HIGHEST_BIN]).T
    level = 20 * np.log10(spectrum + 1e-6)
    return np.asarray(level - max(float(level.max()), -20.0) + RANGE_DB, np.float32)


def _inked(shares: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Shares in [0, 1] as colours from paper over ink to the deepest."""
    stops = np.array([PAPER, INK, DEEP], np.float32)
    return np.stack([np.interp(shares, (0, 0.6, 1), stops[:, i]) for i in range(3)], axis=2).round().astype(np.uint8)


def _write_axis(picture: NDArray[np.uint8], stretch_s: Span) -> None:
    long_s = stretch_s[1] - stretch_s[0]
    step_s = next((t for t in TICKS_S if long_s / t <= MOST_TICKS), TICKS_S[-1])
    top = HEIGHT_PX - AXIS_PX
    cv2.line(picture, (0, top), (WIDTH_PX, top), DEEP, 1)
    for n in range(int(np.ceil(stretch_s[0] / step_s)), int(stretch_s[1] / step_s) + 1):
        x = round(column(n * step_s, stretch_s))
        cv2.line(picture, (x, top + 2), (x, top + 8), DEEP, 2)
        words = clock(n * step_s) + (".5" if n * step_s % 1 else "")
        if x + 60 < WIDTH_PX:
            cv2.putText(picture, words, (x + 6, top + 27), cv2.FONT_HERSHEY_SIMPLEX, 0.65, DEEP, 1, cv2.LINE_AA)
