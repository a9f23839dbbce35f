"""Places in the order of results, as pages carry them."""

import base64
import contextlib
import json

from hypothesis import given
from hypothesis import strategies as st

from footprint.errors import BadInput
from footprint.index.pages import Place, read, written

PRINTABLE = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=40)


@given(st.builds(Place, st.floats(-1, 0), st.integers(-(2**62), 2**62), PRINTABLE))
def test_a_place_comes_back_as_it_was_written(place: Place) -> None:
    """The opaque words of a page hold its place exactly."""
    assert read(written(place)) == place


@given(st.text() | st.recursive(st.none() | st.floats() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_nothing_else_is_a_place(text: str) -> None:
    """Whatever somebody writes into the address of a page is refused, or is a place."""
    for after in (text, base64.urlsafe_b64encode(text.encode(errors="replace")).decode()):
        with contextlib.suppress(BadInput):
            assert isinstance(read(after), Place)
