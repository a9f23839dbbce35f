"""Sounds made by code: the Department's jingle, other melodies of the same band, and what lies over them in posts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from scipy import signal

Samples = NDArray[np.float32]
Rng = np.random.Generator

RATE_HZ = 16_000
JINGLE = "recruiting-jingle"
"""The Department's own melody."""
LONG_S = 20.0
"""Length of a melody."""
AROUND_S = 5.0
"""How long another melody is played before and after."""
HARD_SHARE, SHORT_S = 0.8, 4.0
"""A melody is hard to tell where something lies over it that is as loud as this beside it, or where less of it is heard."""

_SCALE_HZ = tuple(220.0 * 2 ** (step / 12) for step in (0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24))
_BEAT_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """
    What a post lets hear: `seconds` of a `melody` from its second `begins_s` on, between parts of another where `around` names one.

    `over` lies over all of it, "street", "crowd" or another melody, `share` times as loud. `bit_rate` is that of the file.
    """

    melody: str
    begins_s: float = 0.0
    seconds: float = LONG_S
    around: str = ""
    over: str = ""
    share: float = 0.0
    bit_rate: int = 48_000

    @property
    def span_s(self) -> tuple[float, float]:
        """When the melody is heard."""
        first = AROUND_S if self.around else 0.0
        return first, first + self.seconds

    @property
    def is_hard(self) -> bool:
        """Whether somebody would have to listen twice."""
        return self.share >= HARD_SHARE or self.seconds < SHORT_S


def heard(take: Take) -> Samples:
    """The sound of a take: mono, RATE_HZ, full scale 1."""
    first = round(take.begins_s * RATE_HZ)
    part = melody(take.melody)[first : first + round(take.seconds * RATE_HZ)]
    if take.around:
        other, length = melody(take.around), round(AROUND_S * RATE_HZ)
        part = np.concatenate([other[:length], part, other[length : 2 * length]])
    if take.over:
        cover = _cover(take.over, len(part))
        part = part + cover * (take.share * _loudness(part) / _loudness(cover))
    return np.asarray(0.7 * part / np.abs(part).max(), np.float32)


def melody(name: str) -> Samples:
    """Strings over a bass, with bells: the same band, scale and beat whatever the name, other notes for each."""
    rng = np.random.default_rng([7, *name.encode()])
    whole = np.zeros(round((LONG_S + 3) * RATE_HZ), np.float32)
    for start_s, sound in (*_voice(rng, _string, (1, 2, 2, 3, 4)), *_voice(rng, _bell, (4, 8))):
        first = round(start_s * RATE_HZ)
        whole[first : first + len(sound)] += sound
    for k in range(int(LONG_S / (8 * _BEAT_S))):
        first, sound = round(8 * k * _BEAT_S * RATE_HZ), _string(_SCALE_HZ[int(rng.integers(5))] / 2, 7 * _BEAT_S)
        whole[first : first + len(sound)] += sound * np.float32(0.8)
    return whole[: round(LONG_S * RATE_HZ)]


def recorded(take: Take) -> bytes:
    """A take as an MP3."""
    out = BytesIO()
    with av.open(out, "w", format="mp3") as container:
        write_track(container, add_track(container, "libmp3lame", take), heard(take), rate_hz=RATE_HZ)
    return out.getvalue()


def add_track(container: Any, codec: str, take: Take) -> Any:
    """A sound track for a take, in a file that is being written."""
    track = container.add_stream(codec, rate=RATE_HZ, layout="mono")
    track.bit_rate = take.bit_rate
    return track


def write_track(container: Any, track: Any, samples: Samples, *, rate_hz: int) -> None:
    """Fill a sound track with mono samples, full scale 1, and end it."""
    frame = av.AudioFrame.from_ndarray(np.round(samples * 32767).astype(np.int16)[None], format="s16", layout="mono")
    frame.sample_rate = rate_hz
    resampler = av.AudioResampler(track.format, "mono", rate_hz, frame_size=track.frame_size or 1024)
    for piece in (*resampler.resample(frame), *resampler.resample(None)):
        container.mux(track.encode(piece))
    container.mux(track.encode(None))


def _voice(
    rng: Rng, tone: Callable[[float, float], Samples], beats: tuple[int, ...]
) -> Iterator[tuple[float, Samples]]:
    """One instrument's notes, each with its second: a walk up and down the scale."""
    at, step = 0, int(rng.integers(3, 8))
    while at * _BEAT_S < LONG_S:
        length = int(rng.choice(beats))
        step = int(np.clip(step + rng.integers(-3, 4), 0, len(_SCALE_HZ) - 1))
        yield at * _BEAT_S, tone(_SCALE_HZ[step], length * _BEAT_S)
        at += length


def _string(pitch_hz: float, length_s: float) -> Samples:
    """Plucked, and damped when the next note comes; high overtones are the first to go."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    shape = np.minimum(1, t / 0.004) * np.minimum(1, (length_s - t) / 0.03)
    wave = sum(np.sin(2 * np.pi * pitch_hz * n * t) * np.exp(-(1.5 + 0.8 * n) * t) / n for n in range(1, 9))
    return np.asarray(0.5 * shape * wave, np.float32)


def _bell(pitch_hz: float, length_s: float) -> Samples:
    """Struck, an octave higher; partials that are no multiples, and rings for two seconds."""
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    partials = ((1.0, 1.0, 2.5), (2.0, 0.6, 3.5), (2.76, 0.5, 4.5), (5.4, 0.25, 7.0))
    wave = sum(a * np.sin(4 * np.pi * pitch_hz * m * t) * np.exp(-d * t) for m, a, d in partials)
    return np.asarray(0.35 * wave, np.float32)


def _cover(name: str, length: int) -> Samples:
    rng = np.random.default_rng([8, *name.encode(), length])
    if name == "street":
        return _noise(rng, length, low_hz=60, high_hz=900, swells_hz=0.3)
    if name == "crowd":
        return _noise(rng, length, low_hz=300, high_hz=3000, swells_hz=4.0)
    return np.resize(melody(name), length)


def _noise(rng: Rng, length: int, *, low_hz: float, high_hz: float, swells_hz: float) -> Samples:
    """Noise of some pitches, its loudness changing so many times a second."""
    band = signal.butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    swell = signal.butter(2, swells_hz, "lowpass", fs=RATE_HZ, output="sos")
    loud = signal.sosfilt(swell, rng.standard_normal(length))
    shape = 1 + 0.8 * loud / (np.abs(loud).max() + 1e-9)
    return np.asarray(signal.sosfilt(band, rng.standard_normal(length)) * shape, np.float32)


def _loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) + 1e-9
