"""The figures behind a claim."""

from dataclasses import replace
from typing import Any

import pytest

from dashboards.reasons import reasons, spelled
from footprint.findings import Detection
from footprint.ports import Record


@pytest.fixture
def claim(record: Record) -> Detection:
    """Any claim of the town."""
    return next(record.select(Detection, detector="marks", version="3"))


def test_points_and_the_nearest_look_alike_are_told(record: Record, claim: Detection, town: Any) -> None:
    """The look-alike is called by the label that people gave it."""
    rival = {"exemplar_id": town.exemplars["star-badge look_alike"], "label": "old", "inliers": 9}
    seen = replace(claim, evidence={"inliers": 41, "candidates": 55, "agreement": 0.713, "look_alike": rival})
    assert reasons(record, [seen])[seen.id] == (
        "41 of 55 points agree on one placement",
        "the look agrees by 0.71, 1 at most",
        "nearest look-alike: “Star badge, look-alike”, 9 points",
        "marks, version 3",
    )


def test_a_stamp_tells_how_much_a_look_alike_agrees(record: Record, claim: Detection, town: Any) -> None:
    """Both are on one scale, side by side."""
    rival = {"exemplar_id": town.exemplars["star-badge look_alike"], "label": "old", "agreement": 0.412}
    seen = replace(claim, evidence={"agreement": 0.871, "look_alike": rival})
    assert reasons(record, [seen])[seen.id][:2] == (
        "the look agrees by 0.87, 1 at most",
        "nearest look-alike: “Star badge, look-alike”, agrees by 0.41",
    )


def test_distances_of_fingerprints_are_told_in_bits(record: Record, claim: Detection) -> None:
    """A fingerprint that was not near says nothing, and no look-alike is an answer."""
    seen = replace(claim, evidence={"pdq_bits": 18, "phash_bits": 256, "look_alike": None})
    assert reasons(record, [seen])[seen.id] == (
        "PDQ differs in 18 of 256 bits",
        "no look-alike was found in this place",
        "marks, version 3",
    )


@pytest.mark.parametrize("evidence", [{}, {"look_alike": "odd", "pdq_bits": "many", "agreement": None}])
def test_what_was_not_kept_is_left_out(record: Record, claim: Detection, evidence: dict[str, Any]) -> None:
    """Another detector's evidence breaks no page."""
    told = reasons(record, [replace(claim, evidence=evidence)])[claim.id]
    assert told[-1] == "marks, version 3"
    assert "many" not in " ".join(told)


def test_wording_is_told_letter_by_letter(record: Record, claim: Detection) -> None:
    """Registered and read stand beside each other, and the nearest look-alike is told by how many letters it is off."""
    letters = [["a", "a"], ["l", "1"], ["d", "d"], ["e", ""], ["r", "r"]]
    rival = {"exemplar_id": "gone", "label": "Alden", "wrong_letters": 1.0}
    seen = replace(claim, evidence={"letters": letters, "reading": 0.934, "look_alike": rival})
    assert reasons(record, [seen])[seen.id] == (
        "3 of 5 letters were read as registered",
        "read with a certainty of 0.93, 1 at most",
        "nearest look-alike: “Alden”, 1.0 letters off",
        "marks, version 3",
    )
    assert [(s.registered, s.read, s.agrees) for s in spelled([seen])[seen.id]][1:4] == [
        ("L", "1", False), ("D", "D", True), ("E", "", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rival", "words"),
    [({"deviations": 2.31}, "2.3 deviations behind this"), ({"landmarks": 40}, "40 landmarks")],
    ids=["a look", "a sound"],
)
def test_the_nearest_look_alike_is_told_in_the_detector_s_measure(
    rival: dict[str, Any], words: str, record: Record, claim: Detection
) -> None:
    """Vehicles and uniforms by how far it stays behind, sounds by what agrees with it."""
    seen = replace(claim, evidence={"look_alike": {"exemplar_id": "gone", "label": "old"} | rival})
    assert reasons(record, [seen])[seen.id][0] == f"nearest look-alike: “old”, {words}"


def test_a_look_is_told_against_others(record: Record, claim: Detection) -> None:
    """Of a vehicle or uniform, and of a mark that was learned."""
    seen = replace(
        claim,
        evidence={"parts": 2.14, "colour": 0.8, "beyond_1_in_100": 1.26, "second_look": 3.0, "ahead_of_next": 1.5},
    )
    assert reasons(record, [seen])[seen.id][:3] == (
        "its parts are 2.1, its colours 0.8 standard deviations nearer than those of others",
        "1.3 deviations beyond what 1 in 100 of others reaches",
        "looked at closely it scores 3.0 (above 0 is for it), 1.5 more than the next mark",
    )
