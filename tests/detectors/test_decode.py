"""Pictures come out upright, in 8-bit RGB and within limits; what cannot be decoded says so."""

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from detectors._decode import decode, picture
from footprint.errors import UnreadableMedia, UnsupportedMedia

Picture = NDArray[np.uint8]
Encode = Callable[..., bytes]
LOSSLESS = ("PNG", "BMP", "TIFF")
FORMS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def near(one: Picture, other: Picture) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize(("form", "mime"), FORMS.items())
def test_a_picture_of_each_format_is_read(form: str, mime: str, portrait: Picture, encode: Encode) -> None:
    """Every format gives the picture and its media type, whatever the name of the file said."""
    media = decode(encode(portrait, form))
    assert media.mime == mime
    assert len(media.frames) == 1
    assert media.frames[0].time_s is None
    assert near(media.frames[0].rgb, portrait) < 12


@pytest.mark.parametrize("form", LOSSLESS)
def test_lossless_formats_keep_every_sample(form: str, portrait: Picture, encode: Encode) -> None:
    """What a lossless file holds is what detectors see."""
    assert np.array_equal(decode(encode(portrait, form)).frames[0].rgb, portrait)


def test_heic_is_read(portrait: Picture) -> None:
    """A telephone's HEIC picture is read like any other."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(portrait)).save(out, quality=90)
    media = decode(out.getvalue())
    assert media.mime == "image/heic"
    assert near(media.frames[0].rgb, portrait) < 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_turned_upright(orientation: int, portrait: Picture) -> None:
    """All eight EXIF orientations show the same upright picture."""
    upright = Image.fromarray(portrait).resize((240, 160))
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = upright if back is None else upright.transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert ImageOps.exif_transpose(stored) is not None
    assert near(decode(saved(stored, "PNG", exif=exif)).frames[0].rgb, np.asarray(upright)) == 0


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "YCbCr", "RGBA", "I;16"])
def test_every_sort_of_sample_becomes_rgb(mode: str, portrait: Picture) -> None:
    """Grey, palette, bilevel, CMYK and 16-bit samples come out as 8-bit RGB of about the same brightness."""
    grey = Image.fromarray(portrait).convert("L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey, dtype=np.uint16) * 257)
    else:
        image = Image.fromarray(portrait).convert(mode)
    form = "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    rgb = decode(saved(image, form)).frames[0].rgb
    assert rgb.dtype == np.uint8
    assert rgb.shape == portrait.shape
    assert abs(float(rgb.mean()) - float(np.asarray(grey).mean())) < 6


@pytest.mark.parametrize(("ink", "ground"), [((10, 10, 40), 255), ((250, 250, 250), 128)])
def test_transparency_is_laid_on_a_ground_that_shows_the_mark(ink: tuple[int, int, int], ground: int) -> None:
    """A dark mark lies on white, a white one on grey: neither vanishes."""
    layer = np.zeros((60, 60, 4), np.uint8)
    layer[20:40, 20:40] = (*ink, 255)
    rgb = decode(saved(Image.fromarray(layer), "PNG")).frames[0].rgb
    assert tuple(rgb[30, 30]) == ink
    assert tuple(rgb[0, 0]) == (ground,) * 3


def test_the_alpha_of_an_exemplar_is_kept_apart() -> None:
    """An exemplar's transparency comes with its picture, an opaque one has none."""
    layer = np.zeros((60, 60, 4), np.uint8)
    layer[20:40, 20:40] = (10, 10, 40, 255)
    _, alpha = picture(saved(Image.fromarray(layer), "PNG"))
    assert alpha is not None
    assert alpha[30, 30] == 255
    assert alpha[0, 0] == 0
    assert picture(saved(Image.fromarray(layer[:, :, :3]), "PNG"))[1] is None


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_animations_give_frames_with_their_times(form: str, portrait: Picture) -> None:
    """An animation is sampled over its whole length, each frame with its second."""
    shades = [Image.fromarray(np.clip(portrait.astype(int) + 8 * i, 0, 255).astype(np.uint8)) for i in range(10)]
    data = saved(shades[0], form, save_all=True, append_images=shades[1:], duration=200)
    media = decode(data, max_frames=5)
    assert [f.time_s for f in media.frames] == [0.0, 0.4, 0.8, 1.2, 1.6]
    assert media.duration_s == pytest.approx(1.8, abs=0.21)


def cut(data: bytes) -> list[bytes]:
    return [data[: len(data) * part // 100] for part in (30, 60, 90, 98)]


@pytest.mark.parametrize("form", FORMS)
def test_a_truncated_file_is_unreadable(form: str, portrait: Picture, encode: Encode) -> None:
    """A file that ends early is never half a picture in which nothing is found."""
    for data in cut(encode(portrait, form)):
        with pytest.raises(UnreadableMedia):
            decode(data)


def test_a_truncated_progressive_jpeg_is_unreadable(portrait: Picture, encode: Encode) -> None:
    """A progressive JPEG shows a whole, coarse picture early; it still counts as incomplete."""
    for data in cut(encode(portrait, "JPEG", progressive=True, quality=90)):
        with pytest.raises(UnreadableMedia):
            decode(data)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says how large it would be."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")
    parts = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("size", [(9_000, 9_000), (50_000, 50_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    """A file that would unfold beyond the limit is refused by its header."""
    with pytest.raises(UnreadableMedia, match=r"detect\.max_pixels"):
        decode(bomb(*size), max_pixels=80_000_000)


def test_a_bomb_leaves_no_warning() -> None:
    """Its refusal says so; Pillow's own words do not reach the terminal."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(UnreadableMedia):
            decode(bomb(10_000, 9_000), max_pixels=80_000_000)
    assert warned == []


def test_the_limit_on_pixels_is_named(portrait: Picture, encode: Encode) -> None:
    """The refusal says which setting would allow more."""
    with pytest.raises(UnreadableMedia, match=r"detect\.max_pixels"):
        decode(encode(portrait), max_pixels=1000)


@pytest.mark.parametrize("size", [(7, 200), (2000, 9), (1, 1)])
def test_pictures_without_area_are_refused(size: tuple[int, int], encode: Encode) -> None:
    """Counting pixels and dividing lines are not looked at, and are not said to hold nothing."""
    with pytest.raises(UnreadableMedia):
        decode(encode(np.zeros((size[1], size[0], 3), np.uint8)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"just words", "no picture or film"),
        (bytes(2000), "no picture or film"),
        (b"#EXTM3U\nhttp://127.0.0.1/segment.ts\n", "no picture or film"),
    ],
)
def test_strangers_are_unreadable_in_plain_words(data: bytes, words: str) -> None:
    """What is no medium at all is named as what it is; a playlist is never opened."""
    with pytest.raises(UnreadableMedia, match=words):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"ID3\x04\0\0",
        b"fLaC\0\0\0\x22",
        b"RIFF\x24\0\0\0WAVEfmt ",
    ],
)
def test_what_no_detector_looks_at_is_unsupported(data: bytes) -> None:
    """Sound and documents are told apart from damaged pictures."""
    with pytest.raises(UnsupportedMedia):
        decode(data)


def test_decoding_is_the_same_twice(portrait: Picture, encode: Encode) -> None:
    """The same bytes are the same media."""
    data = encode(portrait, "JPEG")
    assert np.array_equal(decode(data).frames[0].rgb, decode(data).frames[0].rgb)
    assert decode(data).sha256 == decode(data).sha256
