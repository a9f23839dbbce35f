"""Scenes keep account of the marks in them."""

import numpy as np
import pytest

from demo.drawing.canvas import box, filled, opaque
from demo.drawing.scene import Scene, Subject, whole


def plate(side: int = 40) -> Subject:
    """A white square that is a mark."""
    return whole("plate", opaque(filled(side, side, (1.0, 1.0, 1.0))))


def test_a_mark_goes_where_its_subject_goes() -> None:
    """A mark of a subject has the place in the scene onto which the subject is warped."""
    scene, quad = Scene(filled(200, 150, (0, 0, 0))), ((30.0, 20.0), (110.0, 30.0), (100.0, 90.0), (35.0, 100.0))
    scene.put(plate(), quad)
    assert np.asarray(scene.marks[0].quad) == pytest.approx(np.asarray(quad), abs=0.01)


def test_a_mark_on_a_larger_subject_moves_with_it() -> None:
    """Put at twice its size, a subject's mark is twice as large."""
    scene = Scene(filled(400, 400, (0, 0, 0)))
    scene.put_box(plate(50), left=100, top=120, width=100)
    assert scene.marks[0].side_px == pytest.approx(100)
    assert scene.marks[0].quad[0] == pytest.approx((100, 120))


def test_what_is_put_in_later_hides_what_was_there() -> None:
    """The covered share of a mark is known."""
    scene = Scene(filled(300, 300, (0, 0, 0)))
    scene.put(plate(), box(100, 100, 200, 200))
    scene.put(Subject(layer=opaque(filled(100, 200, (1, 0, 0)))), box(50, 50, 150, 250))
    assert scene.marks[0].hidden == pytest.approx(0.5, abs=0.03)


def test_a_shadow_hides_nothing() -> None:
    """A shadow darkens what lies below and covers no mark."""
    scene = Scene(filled(200, 200, (0.5, 0.5, 0.5)))
    scene.put(plate(), box(20, 20, 80, 80))
    scene.put(plate(), box(120, 120, 160, 160), shadow=(4, 6, 5))
    assert scene.marks[0].hidden == 0.0
    assert scene.picture[168, 150].max() < 0.5
