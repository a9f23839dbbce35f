"""What people make of a picture: recompressed, cropped, framed or put into a screenshot; films and animations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import BytesIO

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing import camera
from demo.drawing.canvas import Floats, filled, resized
from demo.drawing.scene import Mark, as_quad
from demo.drawing.shots import Photograph
from demo.drawing.sounds import RATE_HZ, Take, add_track, heard, write_track

FRAMES_PER_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Remake:
    """
    How a picture was copied: `crop` keeps a part (left, top, right, bottom, in shares), `scale` changes its size, `bars_px` lays the
    bars of a telephone's screen above and below, `quality` is that of the new JPEG.
    """

    crop: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    scale: float = 1.0
    bars_px: int = 0
    quality: int = 70


def remake(original: Photograph, how: Remake) -> Photograph:
    """A copy of a photograph, with its marks where they are in the copy."""
    height, width = original.picture.shape[:2]
    left, top, right, bottom = (round(share * side) for share, side in zip(how.crop, (width, height) * 2, strict=True))
    part = np.ascontiguousarray(original.picture[top:bottom, left:right])
    wide, tall = round((right - left) * how.scale), round((bottom - top) * how.scale)
    part = np.clip(resized(part, wide, tall), 0, 1)
    marks = tuple(_shifted(mark, left, top, how.scale) for mark in original.marks)
    cut = tuple(camera.cut(mark, wide, tall) for mark in marks)
    if how.bars_px:
        part = np.concatenate([_bar(wide, how.bars_px), part, _bar(wide, how.bars_px)])
        cut = tuple(_shifted(mark, 0, -how.bars_px, 1.0) for mark in cut)
    return Photograph(picture=np.asarray(part, np.float32), marks=cut, quality=how.quality)


def film(stills: Sequence[Floats], *, seconds_each: float, sound: Take | None = None) -> bytes:
    """An MP4 (H.264, AAC) that shows the stills one after another, the camera drifting slowly in. All have one size, even in pixels."""
    out = BytesIO()
    with av.open(out, "w", format="mp4") as container:
        height, width = stills[0].shape[:2]
        stream = container.add_stream("libx264", rate=FRAMES_PER_S, options={"threads": "1", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, FRAMES_PER_S)
        track = add_track(container, "aac", sound) if sound else None
        for still in stills:
            steps = round(seconds_each * FRAMES_PER_S)
            for step in range(steps):
                frame = av.VideoFrame.from_ndarray(_drifting(_bytes(still), step / steps), format="rgb24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound:
            write_track(container, track, heard(sound), rate_hz=RATE_HZ)
    return out.getvalue()


def animation(stills: Sequence[Floats], *, form: str, seconds_each: float) -> bytes:
    """A GIF or WebP that shows the stills in turn, for ever."""
    first, *others = (Image.fromarray(_bytes(still)) for still in stills)
    out = BytesIO()
    duration_ms = round(seconds_each * 1000)
    first.save(out, form, save_all=True, append_images=others, duration=duration_ms, loop=0, quality=80)
    return out.getvalue()


def _shifted(mark: Mark, left: int, top: int, scale: float) -> Mark:
    return replace(mark, quad=as_quad([((x - left) * scale, (y - top) * scale) for x, y in mark.quad]))


def _bar(width: int, height: int) -> Floats:
    bar = filled(width, height, (0.97, 0.97, 0.98))
    for k in range(4):
        left = round(width * (0.08 + 0.24 * k))
        bar[height // 3 : 2 * height // 3, left : left + height // 2] = 0.35
    return bar


def _bytes(picture: Floats) -> NDArray[np.uint8]:
    return np.asarray(np.round(picture * 255), np.uint8)


def _drifting(still: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The still enlarged by up to 4 %, from its middle."""
    height, width = still.shape[:2]
    inset_x, inset_y = round(width * 0.02 * share), round(height * 0.02 * share)
    box = (inset_x, inset_y, width - inset_x, height - inset_y)
    return np.asarray(Image.fromarray(still).resize((width, height), Image.Resampling.BILINEAR, box), np.uint8)
