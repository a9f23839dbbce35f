"""What a camera does to a scene, and that the marks' places follow it."""

import numpy as np
import pytest

from demo.drawing import camera
from demo.drawing.camera import Camera
from demo.drawing.canvas import blurred, box, filled, opaque, polygon
from demo.drawing.scene import Scene, whole

CALM = Camera(vignette=0.0, grain=0.0)


def scene() -> Scene:
    """A white square, a mark, on black."""
    made = Scene(filled(320, 240, (0, 0, 0)))
    made.put(whole("plate", opaque(filled(40, 40, (1, 1, 1)))), box(200, 60, 280, 140))
    return made


@pytest.mark.parametrize("lens", [Camera(tilt_deg=7, vignette=0, grain=0), Camera(bend=0.08, vignette=0, grain=0)])
def test_marks_follow_the_lens(lens: Camera) -> None:
    """Where a mark is said to be after tilt and bending, there it is in the picture."""
    picture, marks = camera.expose(scene(), lens, np.random.default_rng(1))
    inside = polygon(320, 240, marks[0].quad)
    assert picture[blurred(inside, 2) > 0.999].min() > 0.9
    assert picture[blurred(inside, 2) < 0.001].max() < 0.1


def test_a_steady_camera_changes_nothing() -> None:
    """Without any setting the picture is the scene."""
    made = scene()
    picture, _ = camera.expose(made, CALM, np.random.default_rng(1))
    assert np.abs(picture - made.picture).max() < 0.01


def test_a_shaken_camera_smears_along_its_path() -> None:
    """Shaking to the side blurs upright edges and leaves level ones sharp."""
    picture, _ = camera.expose(scene(), Camera(motion_px=20, vignette=0, grain=0), np.random.default_rng(1))
    steps = np.abs(np.diff(picture[:, :, 0], axis=1)).max(), np.abs(np.diff(picture[:, :, 0], axis=0)).max()
    assert steps[1] > 3 * steps[0]


def test_what_the_frame_cuts_off_is_hidden() -> None:
    """A mark half outside of the picture is half hidden, one outside altogether is gone."""
    made = Scene(filled(200, 200, (0, 0, 0)))
    for left in (150, 260):
        made.put(whole("plate", opaque(filled(10, 10, (1, 1, 1)))), box(left, 50, left + 100, 150))
    _, (half, gone) = camera.expose(made, CALM, np.random.default_rng(1))
    assert (half.hidden, gone.hidden) == (pytest.approx(0.5, abs=0.03), pytest.approx(1.0, abs=0.01))


def test_a_jpeg_is_one() -> None:
    """Lower quality is fewer bytes of the same picture."""
    picture = np.random.default_rng(1).random((60, 80, 3), np.float32)
    fine, coarse = camera.jpeg(picture, quality=95), camera.jpeg(picture, quality=30)
    assert len(coarse) < len(fine)
    assert fine.startswith(b"\xff\xd8\xff")
    assert coarse.endswith(b"\xff\xd9")
