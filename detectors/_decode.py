"""
Bytes to pictures, for hostile input: formats by content, sizes checked before anything is decoded, every failure UnreadableMedia.

A file that ends early is unreadable, although some of it could be shown: what was not decoded was not looked at. Of an MPO or TIFF
the first picture is taken.
"""

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps

from detectors import _documents, _film, _sound
from detectors._formats import Format, Sort, sniff
from detectors._landmarks import RATE_HZ
from detectors._lengths import is_cut_off
from detectors.detector import Frame, Media
from footprint.digests import sha256
from footprint.errors import UnreadableMedia, UnsupportedMedia

MAX_PIXELS = 80_000_000
MAX_FRAMES = 40
MAX_ASPECT = 200
"""A picture a few pixels high and thousands wide shows nothing, and costs detectors much."""
MIN_SIDE_PX = 8
ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")
MAX_ANIMATION_PIXELS = 4_000_000_000
"""Pixels of all frames of an animation together: they must be decoded one after the other to reach any of them."""


def decode(data: bytes, *, max_pixels: int = MAX_PIXELS, max_frames: int = MAX_FRAMES) -> Media:
    """
    Decode a picture, an animation, a film or the pictures of a document.

    `max_pixels` bounds one frame. Pictures are turned upright (EXIF), transparency is laid on a ground that shows it, samples are brought
    to 8-bit RGB. Animations and films give at most `max_frames` frames, a document gives each picture; their numbers stand for seconds.
    Raises UnsupportedMedia for what has no pictures that we read (sound, SVG, a document without any), UnreadableMedia for all else that fails.
    """
    known = sniff(data)
    if known is None:
        raise UnreadableMedia(_stranger(data))
    if known.sort is Sort.OTHER:
        raise UnsupportedMedia(f"This is {known.reader}; no detector looks at it.")
    if known.sort is Sort.SOUND:
        raise UnsupportedMedia(
            f"This is a sound without a picture ({known.mime}); no detector of pictures looks at it."
        )
    if known.sort is Sort.FILM:
        with hostile(known):
            frames, duration_s = _film.read(data, known, max_pixels=max_pixels, max_frames=max_frames)
        return Media(sha256=sha256(data), mime=known.mime, frames=frames, duration_s=duration_s)
    if known.sort is Sort.DOCUMENT:
        with hostile(known):
            frames = _pictures(data, known, max_pixels)
        if not frames:
            raise UnsupportedMedia("The document has no picture in it; no detector looks at its text.")
        return Media(sha256=sha256(data), mime=known.mime, frames=frames)
    with hostile(known), _open(data, known, max_pixels) as picture:
        frames = tuple(_frames(picture, known, max_frames))
    duration_s = _duration_s(frames, picture) if len(frames) > 1 else None
    return Media(sha256=sha256(data), mime=known.mime, frames=frames, duration_s=duration_s)


def picture(data: bytes, *, max_pixels: int = MAX_PIXELS) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """
    One picture with its transparency: RGB, and alpha of shape (height, width) or None where opaque. Of an animation or film the
    first frame.

    Raises UnreadableMedia.
    """
    known = sniff(data)
    if known is None or known.sort not in (Sort.STILL, Sort.HEIF):
        return decode(data, max_pixels=max_pixels, max_frames=1).frames[0].rgb, None
    with hostile(known), _open(data, known, max_pixels) as opened:
        upright = _upright(opened)
        return _rgb(upright), _alpha(upright)


def listen(data: bytes) -> Media:
    """
    Decode the sound of a recording or film: media without frames.

    Raises UnsupportedMedia for what has no sound, UnreadableMedia for all else that fails.
    """
    known = sniff(data)
    if known is None:
        raise UnreadableMedia(_stranger(data))
    if known.sort not in (Sort.SOUND, Sort.FILM):
        raise UnsupportedMedia(f"This is no recording and no film ({known.mime}); there is nothing to hear.")
    if is_cut_off(data, known):
        raise UnreadableMedia(f"The recording ({known.mime}) was cut off: its container is longer than the file.")
    with hostile(known):
        samples = _sound.read(data, known)
    if samples is None:
        raise UnsupportedMedia("There is no sound in the film; there is nothing to hear.")
    duration_s = round(len(samples) / RATE_HZ, 3)
    mime = f"audio/{known.mime.partition('/')[2]}" if is_sound(data) else known.mime
    return Media(sha256=sha256(data), mime=mime, frames=(), duration_s=duration_s, sound=samples)


def media_type(data: bytes, *, max_pixels: int = MAX_PIXELS) -> str:
    """The media type of a picture, film, document or sound by what it holds. Raises UnreadableMedia where it does not decode."""
    return (listen(data) if is_sound(data) else decode(data, max_pixels=max_pixels, max_frames=1)).mime


def is_sound(data: bytes) -> bool:
    """Whether there is only something to hear, as far as the first bytes tell and, of films, what streams they hold."""
    known = sniff(data)
    if known is None or known.sort not in (Sort.SOUND, Sort.FILM):
        return False
    with hostile(known):
        return known.sort is Sort.SOUND or not _film.has_pictures(data, known)


@contextmanager
def hostile(known: Format) -> Iterator[None]:
    """Decoders raise anything for hostile bytes: here it becomes UnreadableMedia. What Pillow warns of is nobody's to act on."""
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        yield
    except UnreadableMedia:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadableMedia(
            f"The {known.reader} file has far more pixels than are looked at (detect.max_pixels)."
        ) from error
    except MemoryError as error:
        raise UnreadableMedia(
            f"The {known.reader} file needs more memory than there is for one (detect.memory_mb)."
        ) from error
    except Exception as error:
        raise UnreadableMedia(f"The {known.reader} file is damaged or incomplete: {error}.") from error


def _stranger(data: bytes) -> str:
    if not data:
        return "The file is empty."
    if b"<html" in data[:1024].lower() or b"<!doctype html" in data[:1024].lower():
        return "This is a web page, not a picture or film."
    return "This is no picture or film of a format that is read here."


def _open(data: bytes, known: Format, max_pixels: int) -> Image.Image:
    """Open without decoding, and refuse by size."""
    if known.sort is Sort.HEIF:
        heif = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        _check_size(heif.size, max_pixels)
        picture: Image.Image = heif.to_pillow()
        return picture
    picture = Image.open(io.BytesIO(data), formats=(known.reader,))
    _check_size(picture.size, max_pixels)
    return picture


def _pictures(data: bytes, known: Format, max_pixels: int) -> tuple[Frame, ...]:
    """Each picture of a document that is large enough to show something, by its number; a single one is a still."""

    def fits(size: tuple[int, int]) -> bool:
        return min(size) >= MIN_SIDE_PX and max(size) <= MAX_ASPECT * min(size)

    found = [_rgb(_upright(one)) for one in _documents.pictures(data, known.mime, fits=fits, max_pixels=max_pixels)]
    return tuple(Frame(rgb=rgb, time_s=float(n) if len(found) > 1 else None) for n, rgb in enumerate(found, start=1))


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise UnreadableMedia(f"{width} x {height} pixels are more than the limit of {max_pixels} (detect.max_pixels).")
    if min(width, height) < MIN_SIDE_PX:
        raise UnreadableMedia(f"{width} x {height} pixels are too few to see anything in.")
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise UnreadableMedia(f"{width} x {height} pixels is a line, not a picture.")


def _frames(picture: Image.Image, known: Format, max_frames: int) -> Iterator[Frame]:
    count = getattr(picture, "n_frames", 1) if known.reader in ANIMATED else 1
    if count == 1:
        yield Frame(rgb=_rgb(_upright(picture)))
        return
    if count * picture.width * picture.height > MAX_ANIMATION_PIXELS:
        raise UnreadableMedia(
            f"An animation of {count} frames of {picture.width} x {picture.height} is too much to decode."
        )
    step = max(1, math.ceil(count / max_frames))
    time_s = 0.0
    for index in range(count):
        picture.seek(index)
        picture.load()  # WebP tells a frame's duration only then
        if index % step == 0:
            yield Frame(rgb=_rgb(_upright(picture)), time_s=round(time_s, 3))
        time_s += picture.info.get("duration", 100) / 1000


def _duration_s(frames: tuple[Frame, ...], picture: Image.Image) -> float:
    last = frames[-1].time_s or 0.0
    return round(last + float(picture.info.get("duration", 100)) / 1000, 3)


def _upright(picture: Image.Image) -> Image.Image:
    """Decoded wholly and turned as EXIF says. Damaged EXIF leaves the picture as it is stored."""
    picture.load()
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001  metadata of hostile bytes; the picture itself is sound
        return picture


def _rgb(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith("I") or picture.mode == "F":
        return _from_deep(np.asarray(picture, dtype=np.float64))
    alpha = _alpha(picture)
    pixels = np.array(picture.convert("RGB"), dtype=np.uint8)
    return pixels if alpha is None else _flatten(pixels, alpha)


def _from_deep(samples: NDArray[np.float64]) -> NDArray[np.uint8]:
    """One channel of more than 8 bits: 16-bit samples by their high byte, others stretched over their own range."""
    finite = np.nan_to_num(samples)
    low, high = float(finite.min()), float(finite.max())
    if low >= 0 and 255 < high <= 65535:
        low, high = 0.0, 65535.0
    scaled = (finite - low) * (255.0 / max(high - low, 1e-9))
    return np.repeat(scaled.round().astype(np.uint8)[:, :, None], 3, axis=2)


def _alpha(picture: Image.Image) -> NDArray[np.uint8] | None:
    if not picture.has_transparency_data:
        return None
    alpha = np.array(picture.convert("RGBA").getchannel("A"), dtype=np.uint8)
    return None if int(alpha.min()) == 255 else alpha


def _flatten(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay on white, as pages show it; what is itself so light that it would vanish, on mid-grey."""
    solid = alpha > 127
    light = bool(solid.any()) and float(pixels[solid].mean()) > 200
    ground = 128.0 if light else 255.0
    weight = alpha[:, :, None].astype(np.float32) / 255.0
    blended: NDArray[np.float32] = pixels * weight + ground * (1 - weight)
    return np.round(blended).astype(np.uint8)
