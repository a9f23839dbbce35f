"""The Department's marks, and what looks like them."""

import numpy as np
import pytest

from demo.drawing import badges, marks, patches, prints

PICTURED = (*marks.PATCHES, *marks.BADGES, marks.SEAL)


@pytest.mark.parametrize("name", PICTURED)
def test_a_mark_is_a_picture(name: str) -> None:
    """Every mark is a square layer, solid in its middle, with colours that exist."""
    layer = marks.layer(name)
    assert layer.shape == (layer.shape[0], layer.shape[0], 4)
    assert layer.shape[0] >= 500
    assert 0.0 <= layer.min() <= layer.max() <= 1.0
    assert layer[layer.shape[0] // 2, layer.shape[0] // 2, 3] == 1.0


@pytest.mark.parametrize("name", PICTURED)
def test_a_mark_is_drawn_the_same_again(name: str) -> None:
    """A mark depends on its name and variant alone."""
    first = marks.layer(name, 1).copy()
    for cached in (marks.layer, patches.patch, badges.star, badges.guard_badge, badges.costume_star, prints.seal):
        cached.cache_clear()
    assert np.array_equal(marks.layer(name, 1), first)


def test_pieces_of_one_make_differ() -> None:
    """Two patches of one design are sewn with other threads, two stars bear other numbers."""
    for name in (marks.PATCH_2019, marks.STAR):
        assert not np.array_equal(marks.layer(name, 0), marks.layer(name, 1))


def test_only_cars_have_a_livery_of_the_name() -> None:
    """A car shows the shield of its department; anybody's car shows none."""
    rng = np.random.default_rng(1)
    assert [marks.livery(name, rng).what for name in marks.VEHICLES] == list(marks.VEHICLES)
    assert marks.livery("", rng).shield is None


def test_an_unknown_mark_is_an_error() -> None:
    """A misspelt name draws nothing."""
    with pytest.raises(ValueError, match="no picture of a mark 'sheild'"):
        marks.layer("sheild")
