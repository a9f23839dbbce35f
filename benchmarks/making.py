"""Sounds made by code, as files."""

import io

import av
import numpy as np
from numpy.typing import NDArray

from demo.drawing.sounds import write_track
from detectors._landmarks import RATE_HZ

Samples = NDArray[np.float32]
SECONDS = 12


def tune(seed: int, seconds: float = SECONDS) -> Samples:
    """Chords of three voices with overtones that change some four times a second, as loud as music is."""
    rng = np.random.default_rng(seed)
    parts = []
    while sum(map(len, parts)) < seconds * RATE_HZ:
        t = np.arange(int(rng.integers(1500, 3000))) / RATE_HZ
        tones = rng.uniform(180, 900, 3)
        wave = sum(np.sin(2 * np.pi * f * n * t) / n for f in tones for n in (1, 2, 3))
        parts.append(np.asarray(wave * np.exp(-3 * t), np.float32))
    whole = np.concatenate(parts)[: int(seconds * RATE_HZ)]
    return np.asarray(0.3 * whole / np.abs(whole).max(), np.float32)


def recorded(samples: Samples, form: str = "wav", codec: str = "pcm_s16le", bit_rate: int | None = None) -> bytes:
    """A recording as a file."""
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=RATE_HZ, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        write_track(container, stream, samples, rate_hz=RATE_HZ)
    return out.getvalue()


def noisy(samples: Samples, share: float) -> Samples:
    noise = np.random.default_rng(9).standard_normal(len(samples)) * float(np.std(samples)) * share
    return np.asarray(samples + noise, np.float32)
