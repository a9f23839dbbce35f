"""What a page shows: upright, bounded, without faces; and an exemplar where it was found."""

import io
import wave
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks.making import recorded, tune
from detectors import _spectrogram, faces
from detectors._landmarks import RATE_HZ
from detectors.explain import FacePictures, without_faces
from detectors.models import CENTERFACE
from footprint.errors import UnreadableMedia
from footprint.findings import Region

Picture = NDArray[np.uint8]
FACE = (slice(75, 160), slice(185, 265))
"""Where the face is on the portrait."""
OTHER = replace(CENTERFACE, sha256="0" * 64)
SUIT = (slice(330, 500), slice(120, 380))


@pytest.fixture(scope="module")
def pictures() -> FacePictures:
    return FacePictures()


@pytest.fixture
def without_weights() -> FacePictures:
    """Where the file with the weights is not the one that was examined."""
    return FacePictures(weights=OTHER)


def opened(data: bytes) -> Picture:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.uint8)


def detail(picture: Picture) -> float:
    """How much structure there is at the scale of eyes and mouths: the spread of the Laplacian, 32 pixels high."""
    grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
    size = round(32 * grey.shape[1] / grey.shape[0]), 32
    return float(cv2.Laplacian(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), cv2.CV_64F).std())


def test_a_face_is_blurred_and_the_rest_is_not(
    pictures: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """Where the face was nothing fine is left; the suit is as sharp as it was."""
    shown = opened(pictures.render(encode(portrait)))
    assert detail(shown[FACE]) < 0.2 * detail(portrait[FACE])
    assert detail(shown[SUIT]) > 0.8 * detail(portrait[SUIT])


@pytest.mark.parametrize("height_px", [18, 30, 60, 140, 500])
def test_faces_of_every_size_are_blurred(
    height_px: int, pictures: FacePictures, portrait: Picture, scene: Picture, encode: Callable[..., bytes]
) -> None:
    """From a bystander in the background to one that fills the picture."""
    head = portrait[20:200, 130:320]
    scale = height_px / 110  # the face is 110 pixels high
    small = cv2.resize(head, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    canvas = np.asarray(cv2.resize(scene, (1000, 900)), dtype=np.uint8)
    top, left = 40, 60
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    shown = opened(pictures.render(encode(canvas)))
    face = (
        slice(top + round(50 * scale), top + round(130 * scale)),
        slice(left + round(60 * scale), left + round(125 * scale)),
    )
    assert detail(shown[face]) < 0.35 * detail(canvas[face])


def test_a_blurred_face_cannot_be_told_from_another(portrait: Picture) -> None:
    """What is kept of a face is a few cells: two faces of the same shades come out the same."""
    box = (185.0, 75.0, 265.0, 160.0)
    rng = np.random.default_rng(2)
    scrambled = portrait.copy()
    region = (slice(40, 200), slice(150, 300))
    kept = without_faces(portrait, [box])[region]
    scrambled[region] = np.clip(portrait[region] + rng.choice((-25, 25), (160, 150, 1)), 0, 255)
    other = without_faces(scrambled, [box])[region]
    inside = (slice(40, 118), slice(40, 110))
    assert np.abs(kept[inside].astype(int) - other[inside].astype(int)).max() <= 12
    assert np.abs(portrait[region].astype(int) - scrambled[region].astype(int)).mean() > 15


def test_without_weights_the_whole_picture_is_blurred(
    without_weights: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """Where faces cannot be looked for, nothing fine is shown at all."""
    shown = opened(without_weights.render(encode(portrait)))
    assert detail(shown) < 0.2 * detail(portrait)


def test_whoever_may_unblur_sees_the_picture(
    pictures: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """Without blurring the face is there."""
    shown = opened(pictures.render(encode(portrait), blur=False))
    assert detail(shown[FACE]) > 0.8 * detail(portrait[FACE])


def test_what_is_shown_is_no_larger_than_asked(
    pictures: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """The longer side is bounded and nothing is enlarged."""
    wide = np.ascontiguousarray(portrait[:256])
    assert opened(pictures.render(encode(wide), max_side_px=200)).shape == (100, 200, 3)
    assert opened(pictures.render(encode(wide), max_side_px=2000)).shape == wide.shape


def test_a_frame_of_a_film_is_shown(pictures: FacePictures, film_of: Callable[..., bytes]) -> None:
    """The frame nearest to the second asked for."""
    shots = [np.full((96, 128, 3), shade, np.uint8) for shade in (20, 120, 220) for _ in range(20)]
    shades = [int(opened(pictures.render(film_of(shots), frame_s=s)).mean()) for s in (0.0, 2.5, 5.0)]
    assert shades == pytest.approx([20, 120, 220], abs=8)


def test_no_metadata_leaves_with_the_picture(pictures: FacePictures, portrait: Picture) -> None:
    """Place and camera of the original are not in what a page shows."""
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    out = io.BytesIO()
    Image.fromarray(portrait).save(out, "JPEG", exif=exif)
    assert not Image.open(io.BytesIO(pictures.render(out.getvalue()))).getexif()


def test_what_cannot_be_read_cannot_be_shown(pictures: FacePictures) -> None:
    """The error is the decoder's."""
    with pytest.raises(UnreadableMedia):
        pictures.render(b"nothing")


def region(quad: tuple[tuple[float, float], ...]) -> Region:
    return Region(quad=quad, width_px=640, height_px=480)  # type: ignore[arg-type]


def test_the_overlay_lies_on_the_quad(pictures: FacePictures, ours: Picture, encode: Callable[..., bytes]) -> None:
    """A layer of the picture's size, solid inside the quad, clear outside."""
    data = pictures.overlay(encode(ours), region(((100, 50), (300, 80), (290, 300), (110, 280))))
    layer = Image.open(io.BytesIO(data))
    assert (layer.format, layer.mode, layer.size) == ("PNG", "RGBA", (640, 480))
    alpha = np.asarray(layer)[:, :, 3]
    assert alpha[180, 200] == 255
    assert alpha[20, 20] == 0
    assert alpha[400, 500] == 0


def test_the_overlay_keeps_what_is_transparent(
    pictures: FacePictures, ours: Picture, encode: Callable[..., bytes]
) -> None:
    """A cut-out mark covers only its own shape."""
    alpha = np.zeros(ours.shape[:2], np.uint8)
    alpha[100:300, 100:300] = 255
    data = pictures.overlay(encode(np.dstack([ours, alpha])), region(((0, 0), (400, 0), (400, 400), (0, 400))))
    layer = np.asarray(Image.open(io.BytesIO(data)))[:, :, 3]
    assert layer[200, 200] == 255
    assert layer[50, 50] == 0


def test_the_overlay_of_a_large_picture_is_bounded(
    pictures: FacePictures, ours: Picture, encode: Callable[..., bytes]
) -> None:
    """A layer keeps the proportions, not the size, of a picture of a hundred megapixels."""
    huge = Region(quad=((0, 0), (6000, 0), (6000, 4000), (0, 4000)), width_px=12_000, height_px=8_000)
    assert Image.open(io.BytesIO(pictures.overlay(encode(ours), huge))).size == (2048, 1365)


def test_faces_on_an_exemplar_are_blurred_too(
    pictures: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """A known photograph laid over a picture does not bring its faces back."""
    quad = ((0.0, 0.0), (512.0, 0.0), (512.0, 512.0), (0.0, 512.0))
    data = pictures.overlay(encode(portrait), Region(quad=quad, width_px=512, height_px=512))
    assert detail(opened(data)[FACE]) < 0.2 * detail(portrait[FACE])


def test_pictures_without_people_stay_as_they_are(
    pictures: FacePictures, scene: Picture, encode: Callable[..., bytes]
) -> None:
    """A cup of coffee keeps most of its detail."""
    assert detail(opened(pictures.render(encode(scene)))) > 0.8 * detail(scene)


def test_finding_is_the_same_in_any_order_of_sizes(portrait: Picture, scene: Picture) -> None:
    """What was looked at before, in another size, changes nothing (it did, with one network for all sizes)."""
    finder = faces.Faces()
    first = finder.find(portrait)
    finder.find(scene)
    finder.find(np.ascontiguousarray(portrait[:300]))
    assert finder.find(portrait) == first


def test_a_cut_is_the_region_straightened_out(
    pictures: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """What the quad holds, at its own size, in its own direction."""
    height, width = portrait.shape[:2]
    upright = Region(quad=((120, 330), (380, 330), (380, 500), (120, 500)), width_px=width, height_px=height)
    turned = Region(quad=((380, 330), (380, 500), (120, 500), (120, 330)), width_px=width, height_px=height)
    cut = opened(pictures.cut(encode(portrait), upright))
    assert cut.shape == (170, 260, 3)
    assert np.abs(cut.astype(int) - portrait[SUIT]).mean() < 6
    assert opened(pictures.cut(encode(portrait), turned)).shape == (260, 170, 3)


def test_a_face_in_a_cut_is_blurred(pictures: FacePictures, portrait: Picture, encode: Callable[..., bytes]) -> None:
    """Whoever wears the look-alike is not taught."""
    height, width = portrait.shape[:2]
    whole = Region(quad=((0, 0), (width, 0), (width, height), (0, height)), width_px=width, height_px=height)
    cut = opened(pictures.cut(encode(portrait), whole))
    assert detail(cut[FACE]) < 0.2 * detail(portrait[FACE])


@pytest.mark.parametrize(
    ("quad", "words"),
    [
        (((185, 75), (265, 75), (265, 160), (185, 160)), "mostly a face"),
        (((120, 330), (140, 330), (140, 350), (120, 350)), "smaller than 32"),
        (((-90, -90), (-9, -90), (-9, -9), (-90, -9)), "smaller than 32"),
    ],
)
def test_what_teaches_nothing_is_not_cut_out(
    quad: Any, words: str, pictures: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """A face is refused, and a region that has nothing to be told apart by."""
    height, width = portrait.shape[:2]
    with pytest.raises(UnreadableMedia, match=words):
        pictures.cut(encode(portrait), Region(quad=quad, width_px=width, height_px=height))


def test_nothing_is_cut_out_where_faces_cannot_be_looked_for(
    without_weights: FacePictures, portrait: Picture, encode: Callable[..., bytes]
) -> None:
    """Without the weights nobody becomes an exemplar unseen."""
    height, width = portrait.shape[:2]
    region = Region(quad=((120, 330), (380, 330), (380, 500), (120, 500)), width_px=width, height_px=height)
    with pytest.raises(UnreadableMedia, match="faces cannot be looked for"):
        without_weights.cut(encode(portrait), region)


def test_a_clip_begins_where_its_span_does(pictures: FacePictures) -> None:
    """Two seconds of three, and the loud part of them where it lies in the recording."""
    t = np.arange(3 * RATE_HZ)
    data = recorded(np.asarray(np.where(t < 2 * RATE_HZ, 0.0, 0.5 * np.sin(t)), np.float32))
    with wave.open(io.BytesIO(pictures.clip(data, (1.0, 3.0)))) as clip:
        assert (clip.getnchannels(), clip.getframerate(), clip.getnframes()) == (1, RATE_HZ, 2 * RATE_HZ)
        heard = np.abs(np.frombuffer(clip.readframes(2 * RATE_HZ), "<i2"))
    assert heard[: RATE_HZ - 100].max() < 400
    assert heard[RATE_HZ + 100 :].max() > 10_000


def test_a_sound_is_shown_as_its_spectrogram(pictures: FacePictures) -> None:
    """Time to the right, pitch upwards: silence is paper, a tone a line of ink at its height."""
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    tone = np.where(t < 2, 0.4 * np.sin(2 * np.pi * 875 * t), 0).astype(np.float32)
    shown = opened(pictures.render(recorded(tone))).astype(int).mean(axis=2)
    plot = shown[: _spectrogram.HEIGHT_PX - _spectrogram.AXIS_PX]
    assert plot[:, 700:].min() > 230
    assert plot[:, 100:500].mean(axis=1).argmin() == pytest.approx(0.75 * len(plot), abs=4)


def test_a_stretch_of_a_films_sound_is_shown(pictures: FacePictures) -> None:
    """What lies outside of the stretch is not on it."""
    data = recorded(np.concatenate([np.zeros(2 * RATE_HZ, np.float32), tune(1, 2)]), "mp4", "aac")
    quiet, loud = (opened(pictures.spectrogram(data, stretch_s=s)).mean() for s in ((0.0, 1.5), (2.5, 4.0)))
    assert loud < quiet - 20


def test_what_was_heard_is_not_cut_out_of_a_film(pictures: FacePictures) -> None:
    """A claim about a sound has no place in the pictures: no part of them becomes an exemplar."""
    region = Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=9, height_px=9, span_s=(1.0, 2.0))
    with pytest.raises(UnreadableMedia, match="the recording itself"):
        pictures.cut(b"", region)


def test_the_media_type_is_what_the_bytes_hold(pictures: FacePictures, film_of: Callable[..., bytes]) -> None:
    """A container of films with sound alone is a sound; a film is a film."""
    shots = [np.full((96, 128, 3), shade, np.uint8) for shade in (20, 120, 220) for _ in range(5)]
    types = [pictures.media_type(data) for data in (recorded(tune(1, 2), "mp4", "aac"), film_of(shots))]
    assert types == ["audio/mp4", "video/mp4"]
