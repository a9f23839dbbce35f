"""
The sound of recordings and films, by PyAV, from memory only: mono, at the rate that fingerprints need.

As for films, the demuxer is the one that the content names, and no protocol is allowed. What is longer than MOST_S is heard up to there.
"""

import io
from typing import Any

import av
import numpy as np

from detectors._formats import Format
from detectors._landmarks import RATE_HZ, Samples

MOST_S = 3600
"""Seconds of a sound that are listened to; an hour is 115 MB of samples."""


def read(data: bytes, known: Format) -> Samples | None:
    """The samples of the first sound in a file, full scale 1; None where it has none. Raises whatever the decoder raises for damage."""
    options = {"protocol_whitelist": "none"}
    with av.open(
        io.BytesIO(data), mode="r", format=known.reader, options=options, metadata_errors="replace"
    ) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        stream.codec_context.thread_type = "NONE"
        return _resampled(container, stream)


def _resampled(container: Any, stream: Any) -> Samples:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
    parts, length = [np.zeros(0, np.float32)], 0
    for frame in container.decode(stream):
        for piece in resampler.resample(frame):
            parts.append(piece.to_ndarray().reshape(-1).astype(np.float32))
            length += len(parts[-1])
        if length >= MOST_S * RATE_HZ:
            break
    samples = np.concatenate(parts)[: MOST_S * RATE_HZ]
    return np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
