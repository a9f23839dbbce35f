"""Files that a careless or hostile world might publish: sound ones of every sort that is read, made by code, and what damage makes of them."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import av
import numpy as np
import pillow_heif
from PIL import Image

from benchmarks.making import recorded, tune


def files(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Without end: the sort of damage, and the file. The bombs come first."""
    for bomb in BOMBS:
        yield "bomb", bomb()
    seeds = sound_files()
    while True:
        sort = rng.choice(tuple(DAMAGES))
        yield sort, DAMAGES[sort](bytearray(rng.choice(seeds)), seeds, rng)


def sound_files() -> list[bytes]:
    """Small ones: pictures, animations, films, sounds, documents."""
    rows, columns = np.mgrid[0:64, 0:96]
    shades = np.stack([rows * 4, columns * 2, (rows * columns) % 256], axis=2).astype(np.uint8)
    small = Image.fromarray(shades)
    turned = [small.rotate(angle) for angle in range(0, 120, 10)]
    made = [_saved(small, form) for form in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PDF")]
    made += [_saved(small, form, save_all=True, append_images=turned) for form in ("GIF", "PNG", "WEBP")]
    heic = io.BytesIO()
    pillow_heif.from_pillow(small).save(heic)
    forms = (("mp4", "libx264"), ("matroska", "libx264"), ("avi", "mpeg4"), ("mpegts", "libx264"))
    made += [_film(turned, form, codec) for form, codec in forms]
    tones = tune(1, 2)
    codecs = (("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("mp4", "aac"), ("ogg", "libopus"), ("flac", "flac"))
    made += [recorded(tones, form, codec) for form, codec in codecs]
    return [*made, heic.getvalue(), _word([("word/media/one.png", _saved(small, "PNG"))])]


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def _film(pictures: list[Image.Image], form: str, codec: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=form) as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = *pictures[0].size, "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
    return out.getvalue()


def _word(parts: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as document:
        document.writestr("word/document.xml", "<w/>")
        for name, data in parts:
            document.writestr(name, data)
    return out.getvalue()


Damage = Callable[[bytearray, list[bytes], random.Random], bytes]


def _cut(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    return bytes(data[: rng.randrange(len(data))])


def _spoilt(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    for _ in range(rng.randrange(1, 12)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def _headless(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    """Headers are where the sizes are."""
    for _ in range(rng.randrange(1, 6)):
        data[rng.randrange(min(64, len(data)))] = rng.choice((0, 1, 127, 128, 255))
    return bytes(data)


def _mislabelled(data: bytearray, seeds: list[bytes], rng: random.Random) -> bytes:
    """The start of one format on the body of another."""
    data[: rng.randrange(4, 64)] = rng.choice(seeds)[: rng.randrange(4, 64)]
    return bytes(data)


def _inflated(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    at, length = rng.randrange(len(data)), rng.randrange(1, 400)
    data[at:at] = data[at : at + length] * rng.randrange(1, 40)
    return bytes(data)


def _oversized(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1"))
    return bytes(data)


DAMAGES: dict[str, Damage] = {
    "cut": _cut,
    "spoilt": _spoilt,
    "headless": _headless,
    "mislabelled": _mislabelled,
    "inflated": _inflated,
    "oversized": _oversized,
}


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def _many_frames() -> bytes:
    """An animation of 6,000 frames of a million pixels each, in some kilobytes."""
    blank = [Image.new("P", (1000, 1000), n % 2) for n in range(2)]
    data = _saved(blank[0], "GIF", save_all=True, append_images=blank[1:])
    start, end = data.rindex(b"!\xf9\x04"), len(data) - 1
    return data[:start] + data[start:end] * 6000 + b";"


BOMBS: tuple[Callable[[], bytes], ...] = (
    lambda: _png(60_000, 60_000, bytes(1000)),
    lambda: _png(1900, 1900, bytes(200_000_000)),
    lambda: _png(1, 4_000_000, bytes(1000)),
    _many_frames,
    lambda: _word([("word/media/large.png", bytes(200_000_000))]),
    lambda: _word([(f"word/media/{n}.bmp", _saved(Image.new("L", (800, 800)), "BMP")) for n in range(250)]),
    lambda: _word([(f"word/media/{'../' * 20}etc.png", b"\x89PNG\r\n\x1a\n")]),
    lambda: (
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\1\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\x10\0data\xff\xff\xff\xff"
        + bytes(9000)
    ),
)
"""Small files that ask for much: pixels, frames, memory, parts, places outside."""
