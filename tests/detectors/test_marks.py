"""Marks are found in scenes through what cameras do to them, and look-alikes are not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _features, _placed, marks
from detectors._assessment import Expectation
from detectors.detector import Media, Reference
from footprint.documents import FOUND_FROM
from footprint.findings import Detection
from footprint.identifiers import Kind, Polarity

Picture = NDArray[np.uint8]
Make = Callable[..., Reference]
EMPTY = {"negatives_dir": "no-such-folder"}
"""Options that bring no photographs."""
Put = Callable[..., Picture]


@pytest.fixture(scope="module")
def detector(ours: Picture, theirs: Picture, reference_of: Make) -> marks.Marks:
    """Looks for our patch, and knows the neighbour's."""
    bank = [reference_of(ours, label="front"), reference_of(theirs, polarity=Polarity.LOOK_ALIKE, label="neighbour")]
    return marks.build(bank, {})


@pytest.fixture
def find(detector: marks.Marks, seen: Callable[[Picture], Media]) -> Callable[[Picture], tuple[Detection, ...]]:
    """What the detector claims in a picture as a telephone would send it."""
    return lambda picture: detector.detect(seen(picture))


def middle(claim: Detection) -> tuple[float, float]:
    xs, ys = zip(*claim.region.quad, strict=True)
    return sum(xs) / 4, sum(ys) / 4


@pytest.mark.parametrize("side", [260, 160, 100, 64])
@pytest.mark.parametrize("tilt", [0.0, 0.25])
@pytest.mark.parametrize("turn", [0.0, -20.0, 75.0, 180.0])
def test_a_patch_is_found_where_it_is(
    side: int, tilt: float, turn: float, scene: Picture, ours: Picture, put: Put, find: Any
) -> None:
    """Whatever its size, tilt and turn, it is claimed once, surely, and where it was put."""
    claims = find(put(scene, ours, at=(230, 90), side=side, tilt=tilt, turn=turn))
    assert len(claims) == 1
    assert claims[0].probability >= FOUND_FROM
    x, y = middle(claims[0])
    assert abs(x - (230 + side / 2)) < 0.12 * side
    assert abs(y - (90 + side / 2)) < 0.12 * side


def turned(picture: Picture) -> Picture:
    """The same mark in another photograph: held at an angle."""
    height, width = picture.shape[:2]
    onto = cv2.getRotationMatrix2D((width / 2, height / 2), 25, 0.8)
    return np.asarray(cv2.warpAffine(picture, onto, (width, height), borderValue=(90, 90, 90)), dtype=np.uint8)


def spoilt(picture: Picture, how: str) -> Picture:
    """One thing that cameras and platforms do to pictures."""
    match how:
        case "jpeg":
            _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 35))
            return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
        case "dark":
            return (picture * 0.35).astype(np.uint8)
        case "bright":
            return np.clip(picture * 1.3 + 25, 0, 255).astype(np.uint8)
        case "blurred":
            return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.6), dtype=np.uint8)
        case "noisy":
            noise = np.random.default_rng(1).normal(0, 12, picture.shape)
            return np.clip(picture + noise, 0, 255).astype(np.uint8)
        case "smaller":
            return np.asarray(cv2.resize(picture, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        case "larger":
            return np.asarray(cv2.resize(picture, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        case "cropped":
            return picture[40:400, 120:560]
        case "grey":
            return np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
        case "turned":
            return np.ascontiguousarray(np.rot90(picture))
        case "shadowed":
            shade = np.linspace(0.35, 1.0, picture.shape[1])[None, :, None]
            return (picture * shade).astype(np.uint8)
    raise ValueError(how)


SPOILT = ("jpeg", "dark", "bright", "blurred", "noisy", "smaller", "larger", "cropped", "grey", "turned", "shadowed")


@pytest.mark.parametrize("how", SPOILT)
def test_what_cameras_do_loses_no_find(how: str, scene: Picture, ours: Picture, put: Put, find: Any) -> None:
    """A patch that was found stays found."""
    claims = find(spoilt(put(scene, ours, at=(250, 120), side=130, tilt=0.1, turn=8), how))
    assert [c.identifier_id for c in claims] == ["patch"]
    assert claims[0].probability >= FOUND_FROM


@pytest.mark.parametrize("how", SPOILT)
def test_what_cameras_do_makes_no_find_of_a_look_alike(
    how: str, scene: Picture, theirs: Picture, put: Put, find: Any
) -> None:
    """A neighbour's patch that is registered as a look-alike is not claimed in any state."""
    assert find(spoilt(put(scene, theirs, at=(250, 120), side=130, tilt=0.1, turn=8), how)) == ()


def test_the_nearest_look_alike_is_in_the_evidence(scene: Picture, ours: Picture, put: Put, find: Any) -> None:
    """A reader sees what else it could have been, and how much less fits."""
    (claim,) = find(put(scene, ours, at=(250, 120), side=160))
    rival = claim.evidence["look_alike"]
    assert rival is not None
    assert rival["label"] == "neighbour"
    assert rival["inliers"] < claim.measure


def test_ours_beside_theirs_is_found(scene: Picture, ours: Picture, theirs: Picture, put: Put, find: Any) -> None:
    """A look-alike elsewhere in the picture takes nothing away."""
    both = put(put(scene, ours, at=(60, 120), side=150), theirs, at=(400, 120), side=150)
    (claim,) = find(both)
    assert middle(claim)[0] < 300


def test_every_instance_is_claimed(scene: Picture, ours: Picture, put: Put, find: Any) -> None:
    """Three officers side by side are three places."""
    crowd = scene
    for x in (30, 240, 450):
        crowd = put(crowd, ours, at=(x, 150), side=130, turn=x / 30)
    places = sorted(middle(c)[0] for c in find(crowd))
    assert places == pytest.approx([95, 305, 515], abs=12)


def test_the_evidence_puts_exemplar_points_where_it_says(scene: Picture, ours: Picture, put: Put, find: Any) -> None:
    """The homography takes each drawn point of the exemplar to its partner in the picture, and the corners to the quad."""
    (claim,) = find(put(scene, ours, at=(250, 120), side=160, tilt=0.2, turn=15))
    onto = np.array(claim.evidence["homography"])
    points = np.array(claim.evidence["points"])
    landed = cv2.perspectiveTransform(points[None, :, :2], onto)[0]
    assert np.hypot(*(landed - points[:, 2:]).T).max() < 8
    width, height = claim.evidence["exemplar_size"]
    corners = cv2.perspectiveTransform(np.array([[[0, 0], [width, 0], [width, height], [0, height]]], float), onto)[0]
    assert corners == pytest.approx(np.array(claim.region.quad), abs=0.1)


def test_the_sentence_says_why(scene: Picture, ours: Picture, put: Put, find: Any) -> None:
    """One plain sentence with the two counts and the exemplar."""
    (claim,) = find(put(scene, ours, at=(250, 120), side=160))
    inliers, candidates = claim.evidence["inliers"], claim.evidence["candidates"]
    assert claim.sentence == f"{inliers} of {candidates} points of 'Patch' (front) agree on one placement."
    assert (claim.measure, claim.unit) == (inliers, "inliers")
    assert inliers <= candidates


def test_a_transparent_exemplar_counts_by_its_shape(
    scene: Picture, ours: Picture, put: Put, seen: Any, reference_of: Make, encode: Any
) -> None:
    """The ground behind a cut-out mark does not matter to finding it."""
    alpha = np.where(np.abs(ours.astype(int) - 128).sum(axis=2) > 6, 255, 0).astype(np.uint8)
    cut_out = marks.build([reference_of(encode(np.dstack([ours, alpha])))], {})
    claims = cut_out.detect(seen(put(scene, ours, at=(250, 120), side=150, turn=10)))
    assert len(claims) == 1


def test_of_two_identifiers_the_one_that_is_there_is_claimed(
    scene: Picture, ours: Picture, theirs: Picture, put: Put, seen: Any, reference_of: Make
) -> None:
    """Two patches of our own that resemble each other are not both claimed for one."""
    bank = [reference_of(ours, identifier="patch-2019"), reference_of(theirs, identifier="patch-2012")]
    claims = marks.build(bank, {}).detect(seen(put(scene, theirs, at=(250, 120), side=150)))
    assert [c.identifier_id for c in claims] == ["patch-2012"]


def test_a_mark_in_an_approved_picture_says_so(
    scene: Picture, portrait: Picture, ours: Picture, put: Put, seen: Any, reference_of: Make
) -> None:
    """A copy of a picture that was approved is claimed, and names the approval; the same patch elsewhere does not."""
    approved = put(scene, ours, at=(250, 120), side=150)
    use = reference_of(approved, polarity=Polarity.APPROVED_USE)
    detector = marks.build([reference_of(ours), use], {})
    (copied,) = detector.detect(seen(spoilt(approved, "smaller")))
    (other,) = detector.detect(seen(put(portrait, ours, at=(120, 200), side=150)))
    assert copied.evidence["approved_use"] == use.exemplar.id
    assert "approved_use" not in other.evidence


@pytest.mark.parametrize("kind", [Kind.PHOTOGRAPH, Kind.VIDEO, Kind.AUDIO])
def test_pictures_that_are_no_marks_are_left_to_others(
    kind: Kind, scene: Picture, ours: Picture, put: Put, seen: Any, reference_of: Make
) -> None:
    """A known photograph is not looked for as if it were a mark."""
    assert (
        marks.build([reference_of(ours, kind=kind)], {}).detect(seen(put(scene, ours, at=(250, 120), side=150))) == ()
    )


def test_a_good_exemplar_is_called_good(ours: Picture, reference_of: Make) -> None:
    """A detailed patch is assessed with the size down to which it is found."""
    (told,) = marks.assess([reference_of(ours, label="front")])
    assert told.points > 100
    assert told.smallest_px is not None
    assert told.smallest_px <= 64
    assert str(told).startswith("front: good")


def test_a_plain_exemplar_is_called_too_plain(reference_of: Make) -> None:
    """A flat shape has too few points, and is told so before anybody relies on it."""
    disc = np.full((300, 300, 3), 255, np.uint8)
    cv2.circle(disc, (150, 150), 110, (20, 40, 160), -1, cv2.LINE_AA)
    (told,) = marks.assess([reference_of(disc)])
    assert told.smallest_px is None
    assert "too plain" in str(told)


def test_near_duplicates_are_told(ours: Picture, theirs: Picture, reference_of: Make) -> None:
    """The same picture twice teaches nothing; another patch is no duplicate."""
    one, again, other = reference_of(ours), reference_of(spoilt(ours, "jpeg")), reference_of(theirs)
    told = {a.exemplar_id: a.near_duplicates for a in marks.assess([one, again, other])}
    assert told == {one.exemplar.id: (again.exemplar.id,), again.exemplar.id: (one.exemplar.id,), other.exemplar.id: ()}


def test_near_duplicates_are_called_by_their_labels(ours: Picture, reference_of: Make) -> None:
    """A registrar knows the other picture by what they called it, not by its id."""
    one, again = reference_of(ours, label="front"), reference_of(spoilt(ours, "jpeg"), label="again")
    told, _ = marks.assess([one, again], {one.exemplar.id, again.exemplar.id})
    assert str(told).startswith("again: good")
    assert str(told).endswith("Nearly the same picture as front: it adds little.")


@pytest.mark.parametrize(("least", "told"), [(1, "is not counted here"), (3, "is learned from 3 exemplars on")])
def test_what_is_not_counted_is_told(least: int, told: str, ours: Picture, reference_of: Make) -> None:
    """A mark that shows few points is not called hopeless where its look is learned, too, or would be."""
    own = reference_of(ours)
    found = marks.expect([own], own.identifier.id, {**EMPTY, "learn_from": least})
    assert found is not None
    assert told in found.sentence


@pytest.mark.parametrize(
    ("spoil", "verdict"),
    [
        (lambda p: cv2.resize(p, (60, 60), interpolation=cv2.INTER_AREA), "small, 60 x 60 pixels"),
        (lambda p: cv2.GaussianBlur(p, (0, 0), 5), "blurred"),
    ],
)
def test_a_poor_picture_is_not_called_good(
    spoil: Callable[[Picture], Picture], verdict: str, ours: Picture, reference_of: Make
) -> None:
    """That its own drawn views are found again says nothing about what a small or blurred picture is like."""
    (told,) = marks.assess([reference_of(spoil(ours), label="mine")])
    assert str(told).startswith(f"mine: {verdict}")


def test_only_what_was_asked_for_is_assessed(ours: Picture, theirs: Picture, reference_of: Make) -> None:
    """Who adds one exemplar to many waits for one, is told how it stands to all, and how far that has come."""
    one, again, other = reference_of(ours), reference_of(spoilt(ours, "jpeg"), label="again"), reference_of(theirs)
    steps: list[tuple[str, int, int]] = []
    (told,) = marks.assess([one, other, again], {again.exemplar.id}, lambda *step: steps.append(step))
    assert (told.exemplar_id, told.near_duplicates) == (again.exemplar.id, (one.exemplar.id,))
    assert [step[1:] for step in steps] == [(1, 1)]


def test_recall_is_expected_from_what_the_others_find(ours: Picture, portrait: Picture, reference_of: Make) -> None:
    """Each exemplar is left out in turn: two pictures of one patch find each other's views, two that have nothing in common do not."""
    alike = [reference_of(ours), reference_of(turned(ours))]
    found = marks.expect(alike, alike[0].identifier.id, EMPTY)
    assert found is not None
    assert (found.views, found.found >= 5, found.exemplars) == (6, True, 2)
    apart = [reference_of(ours), reference_of(portrait)]
    lost = marks.expect(apart, apart[0].identifier.id, EMPTY)
    assert lost is not None
    assert (lost.views, lost.found <= 1) == (6, True)
    assert "4 more from other sides" in lost.sentence


def test_copies_of_an_exemplar_raise_no_hope(ours: Picture, reference_of: Make) -> None:
    """That one photograph is found by its own copy says nothing about recall."""
    own = [reference_of(ours), reference_of(spoilt(ours, "jpeg"))]
    found = marks.expect(own, own[0].identifier.id, EMPTY)
    assert found is not None
    assert found.views == 0
    assert "add another photograph" in found.sentence


def test_false_alarms_are_expected_from_other_identifiers(ours: Picture, portrait: Picture, reference_of: Make) -> None:
    """A picture of another identifier that shows ours counts as taken for it; few pictures tell no rate, and the words say so."""
    one = reference_of(ours)
    others = [reference_of(picture, identifier="badge") for picture in (portrait, spoilt(ours, "jpeg"))]
    told = marks.expect([one, *others], one.identifier.id, EMPTY)
    assert told is not None
    assert (told.false_alarms, told.others, told.views) == (1, 2, 0)
    assert told.sentence.startswith("Recall cannot be estimated from one exemplar")
    assert told.mistaken == ("'Badge'",)
    assert "only 2 pictures are there that do not show it" in told.sentence
    many = Expectation(
        identifier_id="patch", exemplars=6, found=17, views=18, false_alarms=0, others=60, photographs=20
    )
    assert many.sentence == (
        "Expected recall by points: 17 of 18 drawn views of an exemplar are found by the others alone (74% to 99%). "
        "Expected false alarms by its points: 0 in 60 pictures of something else (20 photographs of the bank, 40 of other identifiers), "
        "with 95 % confidence at most 1 in 16."
    )
    some = replace(many, false_alarms=2, mistaken=("'Badge' (left)",))
    assert some.sentence.endswith(", about 1 in 30, with 95 % confidence at most 1 in 8. Mistaken: 'Badge' (left).")


def test_nothing_is_expected_without_an_exemplar(ours: Picture, reference_of: Make) -> None:
    """Neither of an identifier that has none, nor of one whose only picture is a look-alike."""
    look_alike = reference_of(ours, polarity=Polarity.LOOK_ALIKE)
    assert marks.expect([look_alike], look_alike.identifier.id, EMPTY) is None


def test_a_learned_mark_that_was_not_looked_at_counts_by_many_points(
    scene: Picture, ours: Picture, put: Put, reference_of: Make
) -> None:
    """Where a picture is too small for a look, clear points still make a find, and none make nothing."""
    detector = marks.build([reference_of(ours)], {})
    grey = _features.grey_of(put(scene, ours, at=(250, 120), side=160))
    points = _features.describe(grey, scale=1.0, max_points=marks.SCENE_POINTS)
    seen = list(_placed.on_scene(detector.positives, grey, points))
    assert marks._sureness("patch", None, None, seen) == seen[0].probability >= marks.SURE_ALONE
    assert marks._sureness("patch", None, None, []) == 0.0
