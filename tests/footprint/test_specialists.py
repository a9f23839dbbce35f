"""Detectors of one kind look where that kind has exemplars."""

import pytest

from footprint import specialists
from footprint.identifiers import Kind

ALL = ("marks", "vehicles", "uniforms", "stamps", "audio")


def test_only_those_with_something_to_look_for_are_needed() -> None:
    """A recording among the exemplars wakes the detector that listens, and no other."""
    assert specialists.needed(ALL, {Kind.PATCH, Kind.AUDIO}) == ("marks", "audio")


@pytest.mark.parametrize(
    ("kind", "mime", "seeking"),
    [
        (Kind.PATCH, "image/png", {"copies", "marks"}),
        (Kind.PATCH, "text/plain", {"lettering"}),
        (Kind.PHOTOGRAPH, "image/jpeg", {"copies"}),
        (Kind.VIDEO, "video/mp4", {"copies"}),
        (Kind.AUDIO, "audio/wav", {"audio"}),
        (Kind.VEHICLE, "image/png", {"copies", "marks", "vehicles"}),
        (Kind.UNIFORM, "text/plain", {"uniforms"}),
        (Kind.EQUIPMENT, "image/png", {"copies", "marks", "stamps"}),
    ],
)
def test_an_exemplar_is_looked_for_by_what_can_find_it(kind: Kind, mime: str, seeking: set[str]) -> None:
    """Its kind and sort of medium say which detectors; one that the house does not come with is taken at its word."""
    known = {name for name in (*ALL, "copies", "lettering") if specialists.seeks(name, kind, mime)}
    assert known == seeking
    assert specialists.seeks("drones", kind, mime)


def test_a_detector_that_is_switched_off_is_named() -> None:
    """What an exemplar needs is told with the mend."""
    assert "add uniforms to detect.detectors" in specialists.off(Kind.UNIFORM, ("marks",))
    assert specialists.off(Kind.UNIFORM, ALL) == ""
