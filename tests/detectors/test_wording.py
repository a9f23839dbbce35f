"""Registered wording is told from what merely resembles it."""

import pytest

from detectors import _wording
from footprint import wording
from footprint.errors import BadInput, UnreadableMedia


@pytest.mark.parametrize(
    ("registered", "read", "cost"),
    [
        ("Harbor City Police", "HARBOR CITY POLICE DEPARTMENT", 0.0),
        ("Harbor City Police", "THE HARBORCITYPOLICE", 0.0),
        ("Harbor City Police", "HARB0R C1TY POLICE", 0.5),
        ("Harbor City Police", "HARBOR CITY PQLIGE", 1.25),
        ("Harbor City Police", "HARBOR COUNTY POLICE", None),
        ("Harbor City Police", "HARBOR CITY PARK", None),
        ("Harbor City Police", "CITY POLICE", None),
        ("HCPD", "HCPD K9", 0.0),
        ("HCPD", "HCP0", None),
        ("HCPD", "XHCPD", None),
        ("Alder", "CALDERON", None),
        ("Alder", "ALOER", None),
        ("K9 Unit", "K9UNIT", 0.0),
        ("Port Alder", "NEWPORT ALDERMAN", None),
        ("Élan vital", "ELAN VITAL", 0.0),
        ("CAM ## ????", "CAM 03 D0A1 14:02", 0.0),
        ("CAM ## ????", "CAM O3 D0A1", 0.25),
        ("CAM ## ????", "CAM XX D0A1", None),
    ],
)
def test_wording_stands_or_not(registered: str, read: str, cost: float | None) -> None:
    """Names as read from pictures: right, slightly misread, run together, or of somebody else."""
    match = _wording.find(_wording.wording_of(registered), _wording.wording_of(read).words)
    assert (match and match.cost) == cost


def test_a_match_says_where() -> None:
    """The letters between start and end are those of the wording."""
    match = _wording.find(_wording.wording_of("Alder Bay"), ("the", "alder", "bay", "police"))
    assert match is not None
    assert "thealderbaypolice"[match.start : match.end] == "alderbay"


SPELLED = {
    "letter for letter": ("Alder", "alder", "alder", "alder"),
    "a letter misread": ("Alder", "a1der", "alder", "a1der"),
    "a letter missing": ("Harbor City", "harborcty", "harborcity", "harborc ty"),
    "a letter too many": ("Harbor City", "harborxcity", "harbor city", "harbor•city"),
    "digits behind wildcards": ("Unit ##", "unit42", "unit##", "unit##"),
}


@pytest.mark.parametrize("name", SPELLED)
def test_wording_is_laid_beside_what_was_read(name: str) -> None:
    """Letter by letter, so that a person sees where they differ; of what is not registered nothing is told (G12, G20)."""
    registered, read, ours, theirs = SPELLED[name]
    pairs = _wording.spelled(_wording.wording_of(registered), read)
    assert "".join(pattern or " " for pattern, _ in pairs) == ours
    assert "".join(character or " " for _, character in pairs) == theirs


@pytest.mark.parametrize(("text", "is_generic"), [("State Police", True), ("Unit ###", True), ("Alder Police", False)])
def test_words_that_all_departments_share_are_generic(text: str, is_generic: bool) -> None:
    """A name makes the difference."""
    assert _wording.wording_of(text).is_generic is is_generic


@pytest.mark.parametrize("text", ["", "##", "a b", "x" * 121])
def test_wording_that_identifies_nothing_is_refused(text: str) -> None:
    """Too short or too long, with the mend."""
    with pytest.raises(BadInput, match="Wording"):
        wording.encoded(text)


def test_wording_comes_back_as_it_was_registered() -> None:
    """Only spaces are put in order."""
    assert wording.decoded(wording.encoded("  Harbor\n City  ")) == "Harbor City"


@pytest.mark.parametrize("data", [b"\xff\xfe", b"", b"x" * 500])
def test_bytes_that_are_no_wording_are_unreadable(data: bytes) -> None:
    """A broken exemplar is told from a picture without text."""
    with pytest.raises(UnreadableMedia, match="no wording"):
        wording.decoded(data)
