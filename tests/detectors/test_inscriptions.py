"""What is written on marks is read on their exemplars, and found again in pictures."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _inscriptions, _wording
from detectors._inscriptions import Inscriptions
from detectors.detector import Frame, Reference
from detectors.lettering import Registered
from footprint.identifiers import Kind

Picture = NDArray[np.uint8]
Make = Callable[..., Reference]


def written(*lines: str) -> Picture:
    """Dark print on a light ground."""
    picture = np.full((60 + 70 * len(lines), 420, 3), 235, np.uint8)
    for number, line in enumerate(lines):
        at = (20, 80 + 70 * number)
        cv2.putText(picture, line, at, cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 30, 60), 4, cv2.LINE_AA)
    return picture


@pytest.fixture(scope="module")
def inscriptions(reference_of: Make, encode: Callable[[Picture], bytes]) -> Inscriptions:
    """Two emblems, one of them with a number."""
    emblems = {name: reference_of(written(name), identifier=name, kind=Kind.EMBLEM) for name in ("valerook", "unit")}
    texts = {"valerook": "VALEROOK", "unit": "CAR ##"}
    return Inscriptions(
        positives=tuple(
            Registered(reference=emblems[name], wording=_wording.wording_of(text)) for name, text in texts.items()
        )
    )


def test_words_of_several_exemplars_are_a_marks() -> None:
    """A word on one exemplar alone is no mark's, nor one that stands on two marks, nor one that many departments use."""
    read = _inscriptions.read_on(
        {
            0: [written("VALEROOK", "POLICE"), written("VALEROOK", "POLICE"), written("ORCHARD")],
            1: [written("MERIDIAN", "BASIN"), written("MERIDIAN", "BASIN"), written("BASIN")],
            2: [written("BASIN"), written("BASIN")],
            3: [],
        }
    )
    assert read == {0: ("valerook",), 1: ("meridian",), 2: (), 3: ()}


def test_wording_is_read_where_it_stands(inscriptions: Inscriptions) -> None:
    """With its place, and as likely as can be."""
    reading = inscriptions.readings(Frame(rgb=written("EARLY BUS", "VALEROOK")))["valerook"]
    assert reading.hit is not None
    assert np.mean(reading.hit.quad, axis=0)[1] == pytest.approx(130, abs=30)
    assert reading.strict > 0.9
    assert reading.likeness > 0.9


def test_other_wording_is_not_taken_for_it(inscriptions: Inscriptions) -> None:
    """No hit, and unlike."""
    reading = inscriptions.readings(Frame(rgb=written("EARLY BUS")))["valerook"]
    assert (reading.hit, reading.strict) == (None, 0.0)
    assert reading.likeness < 0.3


def test_wording_with_any_digit_is_like_nothing(inscriptions: Inscriptions) -> None:
    """What may be any number is read or not, there is no almost."""
    reading = inscriptions.readings(Frame(rgb=written("CAR 17")))["unit"]
    assert reading.hit is not None
    assert reading.likeness == 0.0


def test_nothing_is_read_where_no_mark_bears_wording() -> None:
    """Reading costs more than all else: a frame is left alone."""
    frame = Frame(rgb=written("VALEROOK"))
    assert Inscriptions().readings(frame) == {}
    assert not frame.shared
