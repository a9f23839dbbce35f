"""
Acoustic fingerprints: pairs of peaks of the spectrogram (Wang 2003), which survive re-encoding, noise, gain and what is cut off.

A landmark is two peaks close in time: both frequencies and the time between them make its key, the first one's time says where it is.
Where a recording is heard again, many landmarks with equal keys lie one constant delay apart. Nothing here tells who speaks.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE_HZ = 8000
WINDOW, HOP = 1024, 256
HOP_S = HOP / RATE_HZ
HIGHEST_BIN = 448
"""3.5 kHz; above, codecs for speech keep nothing."""
AROUND_BINS, AROUND_FRAMES = 21, 13
"""A peak is the loudest within so many bins and frames."""
FLOOR_DB = 50.0
"""By how much below the loudest a peak may be."""
STRETCH_FRAMES = 4096
"""Frames looked at in one go, two minutes, so that memory stays bounded."""
SILENCE = 1e-3
"""Root mean square, of full scale 1, below which there is nothing to hear."""
PARTNERS = 4
NEXT_FRAMES, FARTHEST_FRAMES = 2, 63
MOST_BINS_APART = 127
OTHERS = 256 * 64
"""Keys that begin with one bin: by how far off in pitch and time the second peak is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Keys and the frames of HOP_S in which they start, shape (n,) each, in order of key."""

    keys: NDArray[np.int64]
    frames: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)


def landmarks(samples: Samples) -> Landmarks:
    """Landmarks of a sound: mono, RATE_HZ, full scale 1. Silence has none."""
    frames, bins = _peaks(samples)
    keys, starts = [], []
    for step in range(1, 3 * PARTNERS + 1):  # the peaks that follow, in order of time
        apart = frames[step:] - frames[:-step]
        over = bins[step:] - bins[:-step]
        fits = (apart >= NEXT_FRAMES) & (apart <= FARTHEST_FRAMES) & (np.abs(over) <= MOST_BINS_APART)
        keys.append((bins[:-step] * OTHERS + (over + 128) * 64 + apart)[fits])
        starts.append(frames[:-step][fits])
    key, start = np.concatenate(keys), np.concatenate(starts)
    order = np.lexsort((start, key))
    return Landmarks(keys=key[order], frames=start[order])


def _peaks(samples: Samples) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Frames and bins of the peaks, in order of time."""
    frames, bins = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for first in range(0, max(0, len(samples) - WINDOW) // HOP, STRETCH_FRAMES):
        part = samples[first * HOP : (first + STRETCH_FRAMES) * HOP + WINDOW - HOP]
        if len(part) >= WINDOW and float(np.sqrt(np.mean(np.square(part)))) >= SILENCE:
            own_frames, own_bins = _peaks_of_stretch(part)
            frames.append(own_frames + first)
            bins.append(own_bins)
    return np.concatenate(frames), np.concatenate(bins)


def _peaks_of_stretch(samples: Samples) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    from scipy import ndimage, signal  # two seconds of loading, that only sounds need

    _, _, spectrum = signal.stft(
        samples, fs=RATE_HZ, nperseg=WINDOW, noverlap=WINDOW - HOP, boundary=None, padded=False
    )
    level = 20 * np.log10(np.abs(spectrum[:HIGHEST_BIN]) + 1e-9)
    highest = ndimage.maximum_filter(level, size=(AROUND_BINS, AROUND_FRAMES), mode="nearest")
    bins, frames = np.nonzero((level == highest) & (level > level.max() - FLOOR_DB))
    order = np.lexsort((bins, frames))
    return frames[order].astype(np.int64), bins[order].astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """
    A part of a recording heard in a sound: `landmarks` agree on one delay, of `possible` that the recording has there.

    `span_s` lies in the sound, `starts_s` is where in the recording it begins. `peaks` are the first peaks of the landmarks that agree:
    frame in the recording, frame in the sound and bin, shape (k, 3), in order of time.
    """

    landmarks: int
    possible: int
    span_s: tuple[float, float]
    starts_s: float
    peaks: NDArray[np.int64] = field(compare=False)


GAP_S = 4.0
"""A recording that is not heard for longer than this has been left."""
LOOSE_FRAMES = 1
"""Frames by which delays of one placement differ, since sounds are not cut at whole frames."""


def heard(known: Landmarks, sound: Landmarks, *, least: int) -> tuple[Heard, ...]:
    """Where a recording is heard, in order of time: spans in which at least `least` landmarks agree on the delay."""
    own, there, bins = _pairs(known, sound)
    found: list[Heard] = []
    delays = there - own
    while len(delays):
        values, counts = np.unique(delays, return_counts=True)
        best = int(values[counts.argmax()])
        fits = np.abs(delays - best) <= LOOSE_FRAMES
        if int(fits.sum()) < least:
            break
        found += _spans(known, np.stack([own, there, bins], axis=1)[fits], least)
        taken = np.unique(there[fits])
        rest = ~np.isin(there, taken)
        own, there, bins, delays = own[rest], there[rest], bins[rest], delays[rest]
    return tuple(sorted(found, key=lambda h: h.span_s))


MOST_PAIRS = 2_000_000
"""Pairs of equal landmarks, beyond which a sound is all alike (a tone, a siren) and tells nothing: the rest is left."""


def _pairs(known: Landmarks, sound: Landmarks) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of landmarks with equal keys the frames in the recording and in the sound, and the bins of their first peaks."""
    low = np.searchsorted(known.keys, sound.keys, side="left")
    counts = np.searchsorted(known.keys, sound.keys, side="right") - low
    counts = np.where(np.cumsum(counts) <= MOST_PAIRS, counts, 0)
    rows = np.repeat(np.arange(len(sound)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return known.frames[low[rows] + within], sound.frames[rows], sound.keys[rows] // OTHERS


def _spans(known: Landmarks, peaks: NDArray[np.int64], least: int) -> list[Heard]:
    peaks = peaks[np.argsort(peaks[:, 1], kind="stable")]
    spans = []
    for own in np.split(peaks, np.flatnonzero(np.diff(peaks[:, 1]) * HOP_S > GAP_S) + 1):
        part, times = own[:, 0], own[:, 1]
        # A key that stands twice in a frame, as in a steady tone, counts once.
        count = len(np.unique(times * 4_000_000_000 + part))
        if count < least:
            continue
        possible = int(((known.frames >= part.min()) & (known.frames <= part.max())).sum())
        spans.append(
            Heard(
                landmarks=len(part),
                possible=max(possible, len(part)),
                span_s=(round(float(times[0]) * HOP_S, 2), round((float(times[-1]) * HOP + WINDOW) / RATE_HZ, 2)),
                starts_s=round(float(part[0]) * HOP_S, 2),
                peaks=own,
            )
        )
    return spans
