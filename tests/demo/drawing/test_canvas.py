"""The operations that everything is drawn with."""

import numpy as np
import pytest

from demo.drawing.canvas import (
    area,
    blurred,
    box,
    disc,
    filled,
    inflated,
    lit,
    noise,
    over,
    place,
    polygon,
    rgb,
    tinted,
)


def test_a_polygon_covers_its_area() -> None:
    """A mask sums to the area of its outline."""
    assert polygon(300, 300, box(10, 20, 260, 250)).sum() == pytest.approx(250 * 230, rel=0.02)


def test_a_second_outline_cuts_a_hole() -> None:
    """Where two outlines overlap there is nothing: even and odd."""
    ring = polygon(100, 100, disc(50, 50, 40), disc(50, 50, 20))
    assert (ring[50, 50], ring[50, 80]) == (0.0, 1.0)


def test_noise_follows_its_generator() -> None:
    """The same generator gives the same noise, another one another."""
    first, again, other = (noise(40, 30, np.random.default_rng(seed), cell=8) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_flat_ground_is_neither_lit_nor_dark() -> None:
    """Light leaves a level surface at its own brightness."""
    assert lit(np.full((20, 20), 3.0, np.float32)) == pytest.approx(1.0)


def test_a_bulge_is_bright_towards_the_lamp() -> None:
    """The side of a relief that faces the lamp, top left, is brighter than the other one."""
    bulge = lit(inflated(polygon(60, 60, disc(30, 30, 25)), depth=12))
    assert bulge[12, 12] > 1.0 > bulge[48, 48]


def test_a_warped_layer_fills_its_quad() -> None:
    """What is warped onto a quad lies inside of it and nowhere else."""
    picture, quad = filled(120, 90, (0, 0, 0)), [(20, 10), (100, 25), (90, 80), (30, 60)]
    place(picture, tinted(np.ones((50, 50), np.float32), (1.0, 1.0, 1.0)), quad)
    inside = polygon(120, 90, quad)
    assert picture[blurred(inside, 2.0) > 0.999].min() > 0.98
    assert picture[blurred(inside, 2.0) < 0.001].max() == 0.0


def test_what_leaves_the_frame_is_cut_off() -> None:
    """Laying a layer over an edge changes only what is inside."""
    picture = filled(10, 10, (0, 0, 0))
    over(picture, tinted(np.ones((6, 6), np.float32), (1.0, 1.0, 1.0)), at=(-3, 7))
    assert picture.sum() == pytest.approx(3 * 3 * 3)


def test_an_area_is_the_polygon_painted() -> None:
    """Painting an outline by its window is painting it by a mask of the whole picture."""
    outline, whole, part = disc(30, 22, 14), filled(60, 50, (0.2, 0.2, 0.2)), filled(60, 50, (0.2, 0.2, 0.2))
    over(whole, tinted(polygon(60, 50, outline), rgb("ff8000")))
    area(part, outline, rgb("ff8000"))
    assert np.abs(whole - part).max() < 0.02
