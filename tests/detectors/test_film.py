"""Films are sampled by what changes, in order of time, upright, and never half."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _film
from detectors._decode import decode
from detectors._formats import sniff
from footprint.errors import UnreadableMedia, UnsupportedMedia

Picture = NDArray[np.uint8]
Recording = Callable[..., bytes]


@pytest.fixture(scope="module")
def shots(photographs: dict[str, Picture]) -> list[Picture]:
    """Six seconds at ten frames a second: three still shots of two seconds."""
    pictures = [cv2.resize(photographs[name], (320, 240)) for name in ("astronaut", "coffee", "chelsea")]
    return [np.asarray(picture, dtype=np.uint8) for picture in pictures for _ in range(20)]


@pytest.mark.parametrize(
    ("form", "codec", "mime"),
    [
        ("mp4", "libx264", "video/mp4"),
        ("matroska", "libx264", "video/webm"),
        ("avi", "mpeg4", "video/x-msvideo"),
        ("mpegts", "mpeg2video", "video/mp2t"),
        ("mpeg", "mpeg2video", "video/mpeg"),
        ("flv", "flv", "video/x-flv"),
    ],
)
def test_every_shot_of_a_film_is_seen(
    form: str, codec: str, mime: str, shots: list[Picture], film_of: Recording
) -> None:
    """Of each container, at least one frame of every shot is kept, and not many more of what stands still."""
    media = decode(film_of(shots, form=form, codec=codec, fps=25))
    assert media.mime == mime
    seconds = [f.time_s for f in media.frames]
    assert seconds == sorted(s for s in seconds if s is not None)
    for shot in (shots[0], shots[20], shots[40]):
        assert min(float(np.abs(f.rgb.astype(int) - shot.astype(int)).mean()) for f in media.frames) < 15
    assert len(media.frames) <= 6


def test_frames_are_bounded(film_of: Recording) -> None:
    """However much changes, no more frames are kept than asked for, and the first is among them."""
    rng = np.random.default_rng(5)
    busy = [np.full((96, 128, 3), rng.integers(0, 255, 3), np.uint8) for _ in range(120)]
    media = decode(film_of(busy), max_frames=7)
    assert 4 <= len(media.frames) <= 7
    assert media.frames[0].time_s == 0.0
    assert media.duration_s == pytest.approx(12, abs=0.3)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(("form", "codec"), [("mp4", "libx264"), ("matroska", "libx264"), ("avi", "mpeg4")])
def test_a_truncated_film_is_unreadable(part: float, form: str, codec: str, film_of: Recording) -> None:
    """A film that ends early is never one in which nothing was found."""
    rng = np.random.default_rng(5)
    noisy = [rng.integers(0, 255, (96, 128, 3), dtype=np.uint8) for _ in range(150)]
    data = film_of(noisy, form=form, codec=codec)
    with pytest.raises(UnreadableMedia):
        decode(data[: int(len(data) * part)])


@pytest.mark.parametrize(("form", "codec"), [("mp4", "aac"), ("matroska", "aac"), ("ogg", "libopus")])
def test_sound_in_a_film_container_is_unsupported(form: str, codec: str, sound_of: Recording) -> None:
    """A recording without pictures is not a broken film."""
    with pytest.raises(UnsupportedMedia, match="sound"):
        decode(sound_of(form, codec))


def test_a_film_beyond_the_limit_is_refused(shots: list[Picture], film_of: Recording) -> None:
    """The limit on pixels holds for frames of films too."""
    with pytest.raises(UnreadableMedia, match="limit"):
        decode(film_of(shots[:5]), max_pixels=320 * 240 - 1)


def test_a_long_film_is_sampled_over_its_whole_length(film_of: Recording) -> None:
    """The frames of twenty minutes come from all of them."""
    shades = [np.full((16, 16, 3), shade, np.uint8) for shade in np.linspace(0, 255, 120)]
    media = decode(film_of([s for s in shades for _ in range(10)], fps=1), max_frames=20)
    assert media.duration_s == pytest.approx(1200, abs=3)
    seconds = [f.time_s or 0.0 for f in media.frames]
    assert 10 <= len(seconds) <= 20
    assert max(np.diff([0.0, *seconds, 1200.0])) < 170


def test_of_a_film_that_is_much_to_decode_only_key_frames_are_seen(shots: list[Picture], film_of: Recording) -> None:
    """The cheap pass sees every shot as well, since encoders put key frames at cuts."""
    data = film_of(shots)
    known = sniff(data)
    assert known is not None
    frames, _ = _film.read(data, known, max_pixels=10**6, max_frames=40, max_film_pixels=1000)
    for shot in (shots[0], shots[20], shots[40]):
        assert min(float(np.abs(f.rgb.astype(int) - shot.astype(int)).mean()) for f in frames) < 15
    assert len(frames) == 3
