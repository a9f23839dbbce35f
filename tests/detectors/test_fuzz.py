"""Hostile bytes through the decoder: UnreadableMedia or media, nothing else. FOOTPRINT_FUZZ sets how many (a few thousand by default)."""

import io
import os
import random
from collections.abc import Callable, Iterator

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

from detectors._decode import decode
from footprint.errors import UnreadableMedia

COUNT = int(os.environ.get("FOOTPRINT_FUZZ", "2400"))
ROUNDS = 12
SEED = 20260107
MAX_PIXELS = 200_000


@pytest.fixture(scope="module")
def seeds(
    photographs: dict[str, NDArray[np.uint8]], film_of: Callable[..., bytes], sound_of: Callable[..., bytes]
) -> list[bytes]:
    """Small sound files of every format that is read."""
    small = Image.fromarray(photographs["chelsea"]).resize((96, 64))
    files = []
    for form in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"):
        out = io.BytesIO()
        small.save(out, form)
        files.append(out.getvalue())
    heic, animated = io.BytesIO(), io.BytesIO()
    pillow_heif.from_pillow(small).save(heic)
    small.save(animated, "GIF", save_all=True, append_images=[small.rotate(a) for a in (10, 20, 30)])
    frames = [np.asarray(small.rotate(a)) for a in range(12)]
    films = [
        film_of(frames, form=f, codec=c, fps=25)
        for f, c in (("mp4", "libx264"), ("matroska", "libx264"), ("avi", "mpeg4"))
    ]
    return [*files, heic.getvalue(), animated.getvalue(), *films, sound_of("mp4", "aac")]


def mutants(seeds: list[bytes], count: int, rng: random.Random) -> Iterator[bytes]:
    """Cut, spoilt, spliced, mislabelled and inflated files."""
    for _ in range(count):
        data = bytearray(rng.choice(seeds))
        match rng.randrange(6):
            case 0:
                del data[rng.randrange(len(data)) :]
            case 1:
                for _ in range(rng.randrange(1, 12)):
                    data[rng.randrange(len(data))] = rng.randrange(256)
            case 2:  # headers are where the sizes are
                for _ in range(rng.randrange(1, 6)):
                    data[rng.randrange(min(64, len(data)))] = rng.choice((0, 1, 127, 128, 255))
            case 3:  # the start of one format on the body of another
                other = rng.choice(seeds)
                data[: rng.randrange(4, 64)] = other[: rng.randrange(4, 64)]
            case 4:
                at, length = rng.randrange(len(data)), rng.randrange(1, 200)
                data[at:at] = data[at : at + length] * rng.randrange(1, 20)
            case 5:
                at = rng.randrange(len(data))
                data[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1"))
        yield bytes(data)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("part", range(ROUNDS))
def test_hostile_bytes_are_media_or_unreadable(part: int, seeds: list[bytes]) -> None:
    """No mutated file raises anything but UnreadableMedia, and what decodes is within the limits."""
    outcomes = set()
    for data in mutants(seeds, COUNT // ROUNDS, random.Random(SEED + part)):
        try:
            media = decode(data, max_pixels=MAX_PIXELS, max_frames=4)
        except UnreadableMedia as error:
            outcomes.add(str(error) != "")
        else:
            outcomes.add("media")
            assert 1 <= len(media.frames) <= 4
            for frame in media.frames:
                assert frame.rgb.dtype == np.uint8
                assert frame.rgb.shape[0] * frame.rgb.shape[1] <= MAX_PIXELS
    assert outcomes == {True, "media"}, "mutants must be both read and refused, in words"
