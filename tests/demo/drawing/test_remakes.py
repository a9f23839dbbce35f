"""Copies, films and animations made from photographs."""

from io import BytesIO

import av
import numpy as np
import pytest
from PIL import Image

from demo.drawing.canvas import filled
from demo.drawing.remakes import FRAMES_PER_S, Remake, animation, film, remake
from demo.drawing.scene import Mark
from demo.drawing.shots import Photograph
from demo.drawing.sounds import Take

PHOTOGRAPH = Photograph(
    picture=filled(400, 300, (0.4, 0.5, 0.6)),
    marks=(Mark(what="star", quad=((200.0, 150.0), (280.0, 150.0), (280.0, 230.0), (200.0, 230.0))),),
    quality=90,
)


def test_a_crop_moves_the_marks() -> None:
    """What was at a place of the original is at its place of the copy."""
    copy = remake(PHOTOGRAPH, Remake(crop=(0.25, 0.1, 1.0, 1.0), scale=0.5))
    assert copy.picture.shape == (135, 150, 3)
    assert copy.marks[0].quad[0] == pytest.approx((50.0, 60.0))


def test_what_a_crop_cuts_off_is_hidden() -> None:
    """A mark of which half was cut off is half hidden."""
    copy = remake(PHOTOGRAPH, Remake(crop=(0.0, 0.0, 0.6, 1.0)))
    assert copy.marks[0].hidden == pytest.approx(0.5, abs=0.03)


def test_a_screenshot_has_bars() -> None:
    """The bars of a telephone stand above and below, and marks move down by one."""
    copy = remake(PHOTOGRAPH, Remake(bars_px=30))
    assert copy.picture.shape == (360, 400, 3)
    assert copy.marks[0].quad[0] == pytest.approx((200.0, 180.0))


def test_a_film_shows_its_stills_in_turn() -> None:
    """In a film of three stills each is on the screen for its seconds."""
    stills = [filled(64, 48, colour) for colour in ((0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8))]
    with av.open(BytesIO(film(stills, seconds_each=2.0))) as container:
        frames = [(float(f.time), f.to_ndarray(format="rgb24").mean((0, 1))) for f in container.decode(video=0)]
    assert len(frames) == 6 * FRAMES_PER_S
    assert [int(np.argmax(colour)) for time, colour in frames if time in (1.0, 3.0, 5.0)] == [0, 1, 2]


def test_a_film_may_have_a_sound() -> None:
    """The sound track is as long as what is played."""
    data = film([filled(64, 48, (0.2, 0.4, 0.6))], seconds_each=2.0, sound=Take(melody="ferry", seconds=2))
    with av.open(BytesIO(data)) as container:
        seconds = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    assert seconds == pytest.approx(2.0, abs=0.2)


def test_a_film_is_the_same_bytes_again() -> None:
    """Encoding leaves nothing to chance."""
    stills = [filled(64, 48, (0.2, 0.4, 0.6))]
    assert film(stills, seconds_each=0.5) == film(stills, seconds_each=0.5)


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_an_animation_has_a_frame_for_each_still(form: str) -> None:
    """GIF and WebP hold as many frames as there are stills."""
    stills = [filled(64, 48, colour) for colour in ((0.8, 0.1, 0.1), (0.1, 0.8, 0.1))]
    with Image.open(BytesIO(animation(stills, form=form, seconds_each=0.5))) as picture:
        assert (picture.format, getattr(picture, "n_frames", 1)) == (form, 2)
