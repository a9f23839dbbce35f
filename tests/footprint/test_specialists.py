"""Detectors of one kind look where that kind has exemplars."""

from footprint import specialists
from footprint.identifiers import Kind

ALL = ("marks", "vehicles", "uniforms", "audio")


def test_only_those_with_something_to_look_for_are_needed() -> None:
    """A recording among the exemplars wakes the detector that listens, and no other."""
    assert specialists.needed(ALL, {Kind.PATCH, Kind.AUDIO}) == ("marks", "audio")


def test_a_detector_that_is_switched_off_is_named() -> None:
    """What an exemplar needs is told with the mend."""
    assert "add uniforms to detect.detectors" in specialists.off(Kind.UNIFORM, ("marks",))
    assert specialists.off(Kind.UNIFORM, ALL) == ""
