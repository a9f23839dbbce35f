"""
Frames of a film, by PyAV, from memory only.

The demuxer is the one that the content names, and no protocol is allowed, so that a playlist or an external reference in a hostile file
opens nothing. Sampling is by what changes: the film is decoded once (key frames only where it is long), a frame is kept when it differs
from the one kept before or some seconds have gone by, and where too many were kept, ever longer stretches give one frame each.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from detectors._formats import Format
from detectors._lengths import is_cut_off
from detectors.detector import Frame
from footprint.errors import UnreadableMedia, UnsupportedMedia

STEP_S = 0.5
"""Frames closer than this to the one before are not looked at."""
STILL_S = 2.0
"""A frame is kept after this time even if nothing seems to have changed."""
CHANGE = 12.0
"""Mean difference of 16 x 16 grey thumbnails, of 255, from which a frame counts as changed."""
MAX_FILM_PIXELS = 6_000_000_000
"""Pixels of all frames together, up to which every frame is decoded (1080p for a minute and a half); beyond, key frames only."""
SIDE_PX = 1280
"""Longer side to which kept frames are brought."""
THUMBNAIL_PX = 16
SLACK_S, SLACK = 2.0, 0.1
"""By how much, in seconds and as a share, a film may end before its stated duration and still count as whole."""


@dataclass(frozen=True, slots=True)
class _Kept:
    frame: Frame
    time_s: float
    change: float


def read(
    data: bytes, known: Format, *, max_pixels: int, max_frames: int, max_film_pixels: int = MAX_FILM_PIXELS
) -> tuple[tuple[Frame, ...], float | None]:
    """
    Sampled frames in order of time, and the duration in seconds where the file says it.

    Raises UnsupportedMedia where there is no video in it, UnreadableMedia where it is beyond the limits or incomplete, and whatever
    the decoder raises for damage.
    """
    if is_cut_off(data, known):
        raise UnreadableMedia(f"The film ({known.mime}) was cut off: its container says that it is longer than it is.")
    with _opened(data, known) as container:
        stream = _video_stream(container)
        _check_size(stream, max_pixels)
        duration_s = container.duration / av.time_base if container.duration else None
        if not _is_short(stream, duration_s, max_film_pixels):
            stream.codec_context.skip_frame = "NONKEY"
        kept = _sample(container, stream, max_pixels=max_pixels, max_frames=max_frames)
    if not kept:
        raise UnreadableMedia(f"No picture of the film ({known.mime}) can be decoded.")
    return tuple(k.frame for k in kept), duration_s


def has_pictures(data: bytes, known: Format) -> bool:
    """Whether there is video in a film's container. Raises whatever the demuxer raises for damage."""
    with _opened(data, known) as container:
        return bool(_video_streams(container))


def _opened(data: bytes, known: Format) -> Any:
    options = {"protocol_whitelist": "none"}
    return av.open(io.BytesIO(data), mode="r", format=known.reader, options=options, metadata_errors="replace")


def _video_streams(container: Any) -> list[Any]:
    """All but pictures of covers."""
    cover = av.stream.Disposition.attached_pic
    return [s for s in container.streams.video if not s.disposition & cover]


def _video_stream(container: Any) -> Any:
    streams = _video_streams(container)
    if not streams:
        raise UnsupportedMedia("This is a sound without a picture; no detector looks at it.")
    stream = streams[0]
    stream.thread_type = "NONE"
    return stream


def _check_size(stream: Any, max_pixels: int) -> None:
    if stream.width * stream.height > max_pixels:
        raise UnreadableMedia(f"A film of {stream.width} x {stream.height} pixels is beyond the limit of {max_pixels}.")


def _sample(container: Any, stream: Any, *, max_pixels: int, max_frames: int) -> tuple[_Kept, ...]:
    kept: list[_Kept] = []
    before: NDArray[np.float32] | None = None
    last_s, stretch_s = -STEP_S, STEP_S
    for picture, time_s in _timed(container, stream):
        if time_s - last_s < STEP_S and before is not None:
            continue
        if picture.width * picture.height > max_pixels:
            raise UnreadableMedia(f"A frame of {picture.width} x {picture.height} is beyond the limit of {max_pixels}.")
        thumbnail = _thumbnail(picture)
        change = 255.0 if before is None else float(np.abs(thumbnail - before).mean())
        if change >= CHANGE or time_s - last_s >= STILL_S:
            kept.append(_Kept(Frame(rgb=_rgb(picture), time_s=round(time_s, 3)), time_s, change))
            before, last_s = thumbnail, time_s
            kept = _one_each(kept, stretch_s)
        while len(kept) > max_frames:
            stretch_s *= 2
            kept = _one_each(kept, stretch_s)
    return tuple(kept)


def _is_short(stream: Any, duration_s: float | None, max_film_pixels: int) -> bool:
    rate = float(stream.average_rate or 30)
    return duration_s is not None and duration_s * rate * stream.width * stream.height <= max_film_pixels


def _timed(container: Any, stream: Any) -> Iterator[tuple[Any, float]]:
    """Decoded frames with their seconds from the first one. Raises UnreadableMedia where the film ends before its time."""
    start: float | None = None
    end_s = 0.0
    for packet in container.demux(stream):
        if packet.pts is not None:
            end_s = max(end_s, float(packet.pts * packet.time_base))
        for picture in packet.decode():
            time_s = float(picture.time or 0.0)
            start = time_s if start is None else start
            yield picture, max(0.0, time_s - start)
    expected_s = _expected_s(container, stream)
    if end_s - (start or 0.0) < expected_s - max(SLACK_S, SLACK * expected_s):
        raise UnreadableMedia(f"The film ends after {end_s:.1f} of {expected_s:.1f} seconds: it is incomplete.")


def _expected_s(container: Any, stream: Any) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return float(container.duration / av.time_base) if container.duration else 0.0


def _one_each(kept: Iterable[_Kept], stretch_s: float) -> list[_Kept]:
    """Of each stretch of time, the frame that changed most."""
    best: dict[int, _Kept] = {}
    for k in kept:
        stretch = int(k.time_s / stretch_s)
        if stretch not in best or k.change > best[stretch].change:
            best[stretch] = k
    return list(best.values())


def _thumbnail(picture: Any) -> NDArray[np.float32]:
    grey = picture.reformat(width=THUMBNAIL_PX, height=THUMBNAIL_PX, format="gray")
    return np.asarray(grey.to_ndarray(), dtype=np.float32)


def _rgb(picture: Any) -> NDArray[np.uint8]:
    """Upright RGB, not larger than SIDE_PX."""
    scale = min(1.0, SIDE_PX / max(picture.width, picture.height))
    width, height = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    pixels: NDArray[np.uint8] = picture.to_ndarray(format="rgb24", width=width, height=height)
    turns = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, -90: cv2.ROTATE_90_CLOCKWISE}
    turn = turns.get((picture.rotation + 180) % 360 - 180)
    return pixels if turn is None else np.asarray(cv2.rotate(pixels, turn), dtype=np.uint8)
