"""How a finding is drawn, and what the record says to each element."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboards.elements import elements
from dashboards.exhibit import can_overlay, plates
from footprint.dossiers import Dossier, dossier
from footprint.findings import Quad, Region
from footprint.identifiers import Kind
from footprint.jurisdiction import Policy
from footprint.ports import Blobs, Record
from footprint.reviews import Element


@pytest.fixture
def gathered(record: Record, blobs: Blobs, town: Any) -> Dossier:
    """The patch at the fair."""
    return dossier(record, blobs, town.findings["fair shoulder-patch-2019"])


@pytest.fixture
def policy(gathered: Dossier) -> Policy:
    """In force long before."""
    return Policy(version="3", effective_from=gathered.post.created_at - timedelta(days=1000))


@pytest.fixture
def drawn_at(gathered: Dossier) -> Callable[..., Any]:
    """The first plate of the same finding with claims elsewhere."""

    def draw(*quads: Quad, width: int = 960, height: int = 640, frames: tuple[float | None, ...] = ()) -> Any:
        (claim,) = gathered.detections
        claims = tuple(
            replace(
                claim,
                id=f"{number}",
                region=Region(quad=quad, width_px=width, height_px=height, frame_s=frames[number] if frames else None),
            )
            for number, quad in enumerate(quads)
        )
        return plates(replace(gathered, detections=claims))

    return draw


def _square(x: float, y: float, side: float) -> Quad:
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


@pytest.mark.parametrize(("x", "y"), [(10, 10), (900, 10), (10, 600), (900, 600), (400, 300), (-40, -40)])
@pytest.mark.parametrize(("width", "height"), [(960, 640), (640, 960), (4000, 3000), (300, 200)])
def test_a_label_lies_within_its_picture(
    x: float, y: float, width: int, height: int, drawn_at: Callable[..., Any]
) -> None:
    """Wherever the claim is, its words can be read."""
    scale = width / 960
    (plate,) = drawn_at(_square(x * scale, y * height / 640, 50 * scale), width=width, height=height)
    (box,) = plate.boxes
    assert 0 <= box.label_x <= max(0, width - box.label_width) + 0.2
    assert 0 <= box.label_y <= height - 1.6 * box.font_px + 0.2


def test_two_claims_about_one_place_are_one_box(drawn_at: Callable[..., Any]) -> None:
    """Two detectors that agree do not write over each other; two places stay two."""
    (same,) = drawn_at(_square(100, 100, 80), _square(104, 102, 80))
    (apart,) = drawn_at(_square(100, 100, 80), _square(400, 100, 80))
    assert (len(same.boxes), len(apart.boxes)) == (1, 2)


def test_a_claim_about_the_whole_picture_is_drawn_as_its_frame(drawn_at: Callable[..., Any]) -> None:
    """A copy may be larger than the picture that shows a part of it: the box stays in sight, and so does what is cut out."""
    (plate,) = drawn_at(((-50.0, -40.0), (1100.0, -40.0), (1100.0, 700.0), (-50.0, 700.0)))
    (box,) = plate.boxes
    assert box.points == "3.8,3.8 956.2,3.8 956.2,636.2 3.8,636.2"
    assert plate.crop == (0.0, -160.0, 960.0, 960.0)


def test_a_label_that_must_lie_on_the_claim_lies_at_its_top(drawn_at: Callable[..., Any]) -> None:
    """Where the box fills the picture, the bottom of it stays free: most pictures show what they are of there."""
    (plate,) = drawn_at(((-50.0, -40.0), (1100.0, -40.0), (1100.0, 700.0), (-50.0, 700.0)))
    (box,) = plate.boxes
    assert box.label_y < 640 / 10


def test_the_time_of_a_sound_stays_readable(gathered: Dossier) -> None:
    """It stands at the bottom of the spectrogram, below the box."""
    (claim,) = gathered.detections
    quad = ((300.0, 0.0), (900.0, 0.0), (900.0, 560.0), (300.0, 560.0))
    region = Region(quad=quad, width_px=1200, height_px=640, span_s=(12.0, 31.4))
    (plate,) = plates(replace(gathered, detections=(replace(claim, region=region),)))
    assert plate.boxes[0].label_y < 640 / 10


def test_what_was_heard_is_drawn_on_its_stretch_of_the_sound(gathered: Dossier) -> None:
    """The address asks for the stretch that the detector drew on, and the words say when."""
    (claim,) = gathered.detections
    region = Region(quad=_square(600, 0, 100), width_px=1200, height_px=640, span_s=(12.0, 31.4))
    heard = replace(claim, region=region, evidence={"shown_s": [0.0, 38.8]})
    (plate,) = plates(replace(gathered, detections=(heard,)))
    assert (plate.query, plate.when) == ("?from_s=0&to_s=38.8", "heard from 0:12 to 0:31")


@pytest.mark.parametrize(
    ("evidence", "there"), [({"starts_s": 4.0}, "?from_s=4&to_s=23.4"), ({"starts_s": "odd"}, ""), ({}, "")]
)
def test_what_was_heard_can_be_played_from_where_it_begins(
    evidence: dict[str, Any], there: str, gathered: Dossier
) -> None:
    """The span in the post, and as long a part of the exemplar where it is known which."""
    (claim,) = gathered.detections
    region = Region(quad=_square(600, 0, 100), width_px=1200, height_px=640, span_s=(12.0, 31.4))
    (plate,) = plates(replace(gathered, detections=(replace(claim, region=region, evidence=evidence),)))
    assert plate.played is not None
    assert (plate.played.query, plate.played.exemplar_query) == ("?from_s=12&to_s=31.4", there)


def test_a_picture_cannot_be_played(drawn_at: Callable[..., Any]) -> None:
    """Only what was heard can."""
    (plate,) = drawn_at(_square(1, 1, 9))
    assert plate.played is None


def test_each_frame_of_a_video_is_a_picture_of_its_own(drawn_at: Callable[..., Any]) -> None:
    """Its place in the recording is in its address."""
    first, second = drawn_at(_square(1, 1, 9), _square(1, 1, 9), frames=(1.5, 4.0))
    assert (first.query, second.query) == ("?frame_s=1.5", "?frame_s=4")


@pytest.mark.parametrize(
    ("evidence", "matches"),
    [({"points": [[1.0, 2.0, 30.0, 40.0], [5.0]]}, ((30.0, 40.0),)), ({"points": "none"}, ()), ({}, ())],
)
def test_points_that_agree_are_drawn_where_the_detector_kept_them(
    evidence: dict[str, Any], matches: tuple[Any, ...], gathered: Dossier
) -> None:
    """The picture's side of each pair; evidence of another shape draws none."""
    (claim,) = gathered.detections
    (plate,) = plates(replace(gathered, detections=(replace(claim, evidence=evidence),)))
    assert plate.boxes[0].matches == matches


def test_a_picture_without_a_claim_is_not_drawn(gathered: Dossier) -> None:
    """No detection, no plate."""
    assert plates(replace(gathered, detections=())) == ()


def test_the_record_speaks_for_each_element(gathered: Dossier, policy: Policy) -> None:
    """In the order in which they are asked."""
    evidence = elements(gathered, policy)
    assert [entry.element for entry in evidence] == list(Element)
    assert all(entry.holds for entry in evidence)


@pytest.mark.parametrize(
    ("change", "element", "words"),
    [
        ({"account_events": ()}, Element.REGISTERED_PUBLISHER, "approved by nobody"),
        ({"detections": ()}, Element.IDENTIFIES_DEPARTMENT, "no claim of a detector is left"),
        ({"permission_search": None}, Element.NO_PERMISSION, "not searched yet"),
    ],
)
def test_the_record_says_where_it_does_not_speak_for_one(
    change: dict[str, Any], element: Element, words: str, gathered: Dossier, policy: Policy
) -> None:
    """What is missing is said, and the element is not called held."""
    (entry,) = (e for e in elements(replace(gathered, **change), policy) if e.element is element)
    assert words in entry.words
    assert not entry.holds


@pytest.mark.parametrize(
    ("measure", "unit", "words"),
    [
        (0.0, "letters", "0 wrong letters"),
        (1.0, "letters", "1 wrong letter"),
        (0.89545, "correlation", "0.90 correlation"),
        (41.0, "inliers", "41 inliers"),
    ],
)
def test_a_measure_can_be_read(measure: float, unit: str, words: str, gathered: Dossier, policy: Policy) -> None:
    """No letter wrong does not read as no letter read, and nothing is told to five places."""
    (claim,) = gathered.detections
    claims = (replace(claim, measure=measure, unit=unit),)
    shown = elements(replace(gathered, detections=claims), policy)
    (entry,) = (e for e in shown if e.element is Element.IDENTIFIES_DEPARTMENT)
    assert entry.words == f"marks: {words}, probability 0.97"


@pytest.mark.parametrize(
    ("mime", "kind", "can"),
    [("image/png", Kind.PATCH, True), ("text/plain", Kind.PATCH, False), ("video/mp4", Kind.AUDIO, False)],
)
def test_only_what_is_seen_can_be_laid_over(mime: str, kind: Kind, can: bool, gathered: Dossier) -> None:
    """Neither wording nor sound is a picture."""
    (exemplar,) = gathered.exemplars
    other = replace(
        gathered, identifier=replace(gathered.identifier, kind=kind), exemplars=(replace(exemplar, mime=mime),)
    )
    assert (exemplar.id in can_overlay(other)) is can


def test_a_post_from_before_the_policy_is_out_of_its_reach(gathered: Dossier) -> None:
    """The reason stands beside the element."""
    later = Policy(version="4", effective_from=gathered.post.created_at + timedelta(days=1))
    (entry,) = (e for e in elements(gathered, later) if e.element is Element.IN_JURISDICTION)
    assert (entry.words, entry.holds) == ("published before the policy was in force", False)
