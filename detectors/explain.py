"""What a page may show of a picture: upright, small enough, faces blurred; and an exemplar laid where it was found."""

import io
import wave
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import _decode, _spectrogram, models
from detectors._landmarks import RATE_HZ
from detectors.detector import Frame
from detectors.faces import Box, Faces
from detectors.models import Weights
from footprint.errors import NetworkUnusable, UnreadableMedia
from footprint.findings import Region

MARGIN = 0.3
"""By how much of its size a face's box is widened on each side: hair, ears and chin tell people apart too."""
FACE_CELLS = 5
"""A face is reduced to so many cells a side: what is thrown away cannot be had back."""
WHOLE_CELLS = 8
"""A face that fills a picture must not be told from so many cells either."""
QUALITY = 88
MAX_OVERLAY_PX = 2048
MAX_CUT_PX = 1024
LEAST_CUT_PX = 32
"""Least side of a region that is cut out: smaller ones have too few points to be told apart by."""
MOST_FACE = 0.3
"""Share of faces, with their margin, from which a region is a person rather than a thing."""
_SIDES = (((0, 1), (3, 2)), ((0, 3), (1, 2)))
"""Corners of a quad that its width and its height lie between."""


class FacePictures:
    """Implements `footprint.ports.Pictures`. Where the weights are missing, whole pictures are blurred."""

    def __init__(self, *, max_pixels: int = _decode.MAX_PIXELS, weights: Weights = models.CENTERFACE) -> None:
        """Load the weights."""
        self._max_pixels = max_pixels
        self._faces = _faces(weights)

    def render(self, data: bytes, *, frame_s: float | None = None, max_side_px: int = 1600, blur: bool = True) -> bytes:
        """A JPEG of a picture, or of the frame of a film nearest to `frame_s`; of a sound its spectrogram. Raises UnreadableMedia."""
        if _decode.is_sound(data):
            return self.spectrogram(data, max_side_px=max_side_px)
        media = _decode.decode(data, max_pixels=self._max_pixels)
        shown = _fitted(_nearest(media.frames, frame_s).rgb, max_side_px)
        return _encoded(self._blurred(shown) if blur else shown, ".jpg", (cv2.IMWRITE_JPEG_QUALITY, QUALITY))

    def media_type(self, data: bytes) -> str:
        """The media type by what the bytes hold. Raises UnreadableMedia where they do not decode."""
        return _decode.media_type(data, max_pixels=self._max_pixels)

    def spectrogram(
        self, data: bytes, *, stretch_s: tuple[float, float] | None = None, max_side_px: int = 1600
    ) -> bytes:
        """A JPEG of a stretch of what there is to hear, None for all of it. Raises UnreadableMedia."""
        media = _decode.listen(data)
        sound = np.zeros(0, np.float32) if media.sound is None else media.sound
        shown = _spectrogram.drawn(sound, stretch_s or (0.0, media.duration_s or 0.0))
        return _encoded(_fitted(shown, max_side_px), ".jpg", (cv2.IMWRITE_JPEG_QUALITY, QUALITY))

    def clip(self, data: bytes, span_s: tuple[float, float]) -> bytes:
        """A WAV of a span of what there is to hear, as detectors hear it: nothing else of the file goes in. Raises UnreadableMedia."""
        media = _decode.listen(data)
        first, last = (round(second * RATE_HZ) for second in span_s)
        heard = np.zeros(0, np.float32) if media.sound is None else media.sound[first:last]
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(np.round(np.clip(heard, -1, 1) * 32767).astype("<i2").tobytes())
        return out.getvalue()

    def overlay(self, exemplar: bytes, region: Region) -> bytes:
        """
        A PNG in the proportions of the region's picture, at most MAX_OVERLAY_PX wide and high.

        Faces on the exemplar are blurred always.
        """
        rgb, alpha = _decode.picture(exemplar, max_pixels=self._max_pixels)
        rgb = self._blurred(rgb)
        opaque = np.full(rgb.shape[:2], 255, np.uint8) if alpha is None else alpha
        scale = min(1.0, MAX_OVERLAY_PX / max(region.width_px, region.height_px))
        size = max(1, round(region.width_px * scale)), max(1, round(region.height_px * scale))
        height, width = rgb.shape[:2]
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        onto = cv2.getPerspectiveTransform(corners, np.array(region.quad, np.float32) * np.float32(scale))
        layer = np.dstack([rgb, opaque])
        warped = cv2.warpPerspective(layer, onto, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        return _encoded(np.asarray(warped, dtype=np.uint8), ".png", (cv2.IMWRITE_PNG_COMPRESSION, 4))

    def cut(self, data: bytes, region: Region) -> bytes:
        """
        A PNG of what a region of a picture or film holds, straightened out, its longer side at most MAX_CUT_PX, faces blurred.

        Raises UnreadableMedia where that is too small, mostly a face, a sound, or faces cannot be looked for.
        """
        if region.is_heard:
            raise UnreadableMedia(
                "it was heard; add the recording itself (`footprint exemplar add --polarity look_alike`)"
            )
        if self._faces is None:
            raise UnreadableMedia(
                "faces cannot be looked for here, so nothing is cut out (`footprint doctor` has the mend)"
            )
        rgb = _nearest(_decode.decode(data, max_pixels=self._max_pixels).frames, region.frame_s).rgb
        corners = _within(region, rgb.shape[1], rgb.shape[0])
        width, height = (round(max(np.linalg.norm(corners[i] - corners[j]) for i, j in pairs)) for pairs in _SIDES)
        if min(width, height) < LEAST_CUT_PX:
            raise UnreadableMedia(f"what was claimed is smaller than {LEAST_CUT_PX} pixels: it would teach nothing")
        try:
            boxes = self._faces.find(rgb)
        except cv2.error as error:
            raise UnreadableMedia("faces cannot be looked for in this picture, so nothing is cut out of it") from error
        scale = min(1.0, MAX_CUT_PX / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        flat = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
        onto = cv2.getPerspectiveTransform(corners, flat)
        if cv2.warpPerspective(_covered(rgb, boxes), onto, size, flags=cv2.INTER_NEAREST).mean() > MOST_FACE:
            raise UnreadableMedia("what was claimed is mostly a face: a person is no look-alike")
        cut = cv2.warpPerspective(without_faces(rgb, boxes), onto, size, flags=cv2.INTER_AREA)
        return _encoded(np.asarray(cut, dtype=np.uint8), ".png", (cv2.IMWRITE_PNG_COMPRESSION, 4))

    def _blurred(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._faces is None:
            return _coarse(rgb, WHOLE_CELLS)
        try:
            boxes = self._faces.find(rgb)
        except cv2.error:  # a picture that the network cannot take
            return _coarse(rgb, WHOLE_CELLS)
        return without_faces(rgb, boxes)


def _faces(weights: Weights) -> Faces | None:
    try:
        return Faces(weights)
    except NetworkUnusable:  # `footprint doctor` says so; here nobody may be shown for it
        return None


def without_faces(rgb: NDArray[np.uint8], boxes: Iterable[Box]) -> NDArray[np.uint8]:
    """A copy in which every box, with a margin, is a few smooth cells. Boxes that touch are blurred as one."""
    covered = _covered(rgb, boxes)
    out = rgb.copy()
    count, _, patches, _ = cv2.connectedComponentsWithStats(covered)
    for left, top, width, height, _ in patches[1:count]:
        patch = (slice(top, top + height), slice(left, left + width))
        out[patch] = _coarse(rgb[patch], FACE_CELLS)
    return out


def _covered(rgb: NDArray[np.uint8], boxes: Iterable[Box]) -> NDArray[np.uint8]:
    """1 where a box with its margin lies, else 0."""
    covered = np.zeros(rgb.shape[:2], np.uint8)
    for left, top, right, bottom in boxes:
        across, down = MARGIN * (right - left), MARGIN * (bottom - top)
        rows = slice(max(0, int(top - down)), max(0, int(bottom + down) + 1))
        columns = slice(max(0, int(left - across)), max(0, int(right + across) + 1))
        covered[rows, columns] = 1
    return covered


def _within(region: Region, width: int, height: int) -> NDArray[np.float32]:
    """The corners of a region in a picture of this size, shape (4, 2); what lies outside of the picture is brought to its edge."""
    scale = np.array([width / region.width_px, height / region.height_px], np.float32)
    corners = np.array(region.quad, np.float32) * scale
    return np.asarray(np.clip(corners, 0, np.array([width, height], np.float32)), dtype=np.float32)


def _coarse(rgb: NDArray[np.uint8], cells: int) -> NDArray[np.uint8]:
    """Reduced to at most `cells` a side, and drawn large again without edges."""
    height, width = rgb.shape[:2]
    few = cv2.resize(rgb, (min(cells, width), min(cells, height)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _nearest(frames: tuple[Frame, ...], frame_s: float | None) -> Frame:
    return frames[0] if frame_s is None else min(frames, key=lambda f: abs((f.time_s or 0.0) - frame_s))


def _fitted(rgb: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    scale = side_px / max(height, width)
    if scale >= 1:
        return rgb
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _encoded(pixels: NDArray[np.uint8], suffix: str, options: tuple[int, int]) -> bytes:
    """Encode RGB or RGBA. No metadata goes in."""
    to_bgr = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    _, encoded = cv2.imencode(suffix, cv2.cvtColor(pixels, to_bgr), options)
    return bytes(encoded)
