"""Known pictures are found after what people do to them, and similar ones are not taken for them."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import copies
from detectors.detector import Media, Reference
from footprint.documents import FOUND_FROM
from footprint.findings import Detection
from footprint.identifiers import Kind, Polarity

Picture = NDArray[np.uint8]
Make = Callable[..., Reference]
Put = Callable[..., Picture]


@pytest.fixture(scope="module")
def detector(photographs: dict[str, Picture], reference_of: Make) -> copies.Copies:
    """Knows three photographs."""
    known = [
        reference_of(photographs[n], identifier=n, kind=Kind.PHOTOGRAPH) for n in ("astronaut", "chelsea", "rocket")
    ]
    return copies.build(known, {})


@pytest.fixture
def find(detector: copies.Copies, seen: Callable[[Picture], Media]) -> Callable[[Picture], tuple[Detection, ...]]:
    return lambda picture: detector.detect(seen(np.ascontiguousarray(picture)))


def resized(picture: Picture, width: int, height: int) -> Picture:
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def banner(picture: Picture) -> Picture:
    """On a white sheet, as platforms and editors put pictures."""
    sheet = np.full((760, 640, 3), 255, np.uint8)
    sheet[120 : 120 + picture.shape[0], 60 : 60 + picture.shape[1]] = picture
    return sheet


def poor(picture: Picture) -> Picture:
    _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 15))
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


ATTACKS: dict[str, Callable[[Picture], Picture]] = {
    "as it is": lambda p: p,
    "smaller": lambda p: resized(p, 200, 200),
    "stretched": lambda p: resized(p, 512, 430),
    "poor JPEG": poor,
    "darker": lambda p: (p * 0.6).astype(np.uint8),
    "mirrored": lambda p: p[:, ::-1],
    "upside down": lambda p: p[::-1, ::-1],
    "on its side": lambda p: np.rot90(p),
    "mirrored on its side": lambda p: np.rot90(p[:, ::-1]),
    "cropped": lambda p: p[80:420, 100:480],
    "a quarter of it": lambda p: p[40:296, 130:386],
    "cropped and mirrored": lambda p: p[80:420, 100:480][:, ::-1],
    "on a white sheet": banner,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_known_picture_is_found_again(attack: str, portrait: Picture, find: Any) -> None:
    """Each thing that people do to pictures leaves one sure claim, of the right picture."""
    claims = find(ATTACKS[attack](portrait))
    assert [c.identifier_id for c in claims] == ["astronaut"]
    assert claims[0].probability >= FOUND_FROM


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_known_picture_inside_another_is_found_where_it_is(
    mirrored: bool, scene: Picture, portrait: Picture, put: Put, find: Any
) -> None:
    """In a collage its corners are told in its own order, so that a mirrored one runs the other way round."""
    inside = np.ascontiguousarray(portrait[:, ::-1]) if mirrored else portrait
    (claim,) = find(put(scene, inside, at=(300, 120), side=260))
    left, right = (560, 300) if mirrored else (300, 560)
    corners = [(left, 120), (right, 120), (right, 380), (left, 380)]
    assert np.array(claim.region.quad) == pytest.approx(np.array(corners), abs=4)
    assert claim.evidence["mirrored"] is mirrored


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_corners_follow_the_picture(turns: int, mirrored: bool, portrait: Picture, find: Any) -> None:
    """Whichever of the eight ways it is turned, the first corner is where the exemplar's top left went."""
    marked = np.zeros(portrait.shape[:2])
    marked[:30, :30] = 1
    turned, where = (np.rot90(x[:, ::-1] if mirrored else x, turns) for x in (portrait, marked))
    (claim,) = find(turned)
    y, x = (float(v.mean()) for v in np.nonzero(where))
    assert np.hypot(claim.region.quad[0][0] - x, claim.region.quad[0][1] - y) < 25


def test_the_distance_in_bits_is_told(portrait: Picture, find: Any) -> None:
    """A re-post is told by its fingerprint, with both distances as evidence."""
    (claim,) = find(poor(portrait))
    assert claim.unit == "bits"
    assert claim.measure == min(claim.evidence["pdq_bits"], claim.evidence["phash_bits"])
    assert claim.measure <= 40
    assert f"{claim.measure:.0f} of 256 bits" in claim.sentence


def test_a_crop_is_told_by_points(portrait: Picture, find: Any) -> None:
    """What hashes cannot see is told by the points that agree, with the placement as evidence."""
    (claim,) = find(portrait[40:296, 130:386])
    assert claim.unit == "inliers"
    assert claim.measure == claim.evidence["inliers"]
    assert claim.evidence["homography"]


def test_the_same_patch_in_another_photograph_is_no_copy(
    scene: Picture, photographs: dict[str, Picture], ours: Picture, put: Put, seen: Any, reference_of: Make
) -> None:
    """A known photograph with a patch, and another one with the same patch, are two pictures."""
    known = put(scene, ours, at=(200, 100), side=220)
    other = put(resized(photographs["rocket"], 640, 480), ours, at=(260, 140), side=220)
    detector = copies.build([reference_of(known, identifier="known", kind=Kind.PHOTOGRAPH)], {})
    assert detector.detect(seen(other)) == ()
    assert len(detector.detect(seen(known[20:460, 30:600]))) == 1


def test_a_mark_is_claimed_where_it_is_the_whole_picture(ours: Picture, seen: Any, reference_of: Make) -> None:
    """Somebody posts the patch itself: the picture is the exemplar."""
    detector = copies.build([reference_of(ours)], {})
    (claim,) = detector.detect(seen(resized(ours, 300, 300)))
    assert claim.identifier_id == "patch"


def test_a_mark_in_a_scene_is_left_to_marks(
    scene: Picture, ours: Picture, put: Put, seen: Any, reference_of: Make
) -> None:
    """A patch on somebody's shoulder is no copy of the exemplar's picture."""
    assert copies.build([reference_of(ours)], {}).detect(seen(put(scene, ours, at=(200, 100), side=220))) == ()


def test_a_plain_mark_is_found_by_its_fingerprint(seen: Any, reference_of: Make) -> None:
    """A shape without local features is still recognised where it is posted as it is."""
    badge = np.full((300, 300, 3), 255, np.uint8)
    cv2.fillPoly(badge, [np.array([[40, 30], [260, 60], [200, 270], [90, 220]], np.int32)], (20, 40, 160), cv2.LINE_AA)
    (claim,) = copies.build([reference_of(badge, kind=Kind.LOGO)], {}).detect(seen(resized(badge, 220, 220)))
    assert claim.unit == "bits"


def test_the_neighbours_mark_as_a_picture_is_not_ours(
    ours: Picture, theirs: Picture, seen: Any, reference_of: Make
) -> None:
    """Fingerprints of two patches of one make are near; the registered look-alike takes what is its own."""
    bank = [reference_of(ours), reference_of(theirs, polarity=Polarity.LOOK_ALIKE)]
    assert copies.build(bank, {}).detect(seen(resized(theirs, 320, 320))) == ()


def test_a_copy_of_an_approved_picture_says_so(photographs: dict[str, Picture], seen: Any, reference_of: Make) -> None:
    """What the Chief approved is claimed with its approval, a crop of it too."""
    approved = reference_of(photographs["chelsea"], identifier="cat", kind=Kind.PATCH, polarity=Polarity.APPROVED_USE)
    detector = copies.build([approved], {})
    for picture in (photographs["chelsea"], photographs["chelsea"][40:280, 60:400]):
        (claim,) = detector.detect(seen(np.ascontiguousarray(picture)))
        assert claim.evidence["approved_use"] == approved.exemplar.id


def test_a_known_film_is_found_by_any_of_its_shots(
    photographs: dict[str, Picture], film_of: Callable[..., bytes], seen: Any, reference_of: Make
) -> None:
    """A still of a film that must not be published is a copy of it."""
    shots = [resized(photographs[n], 320, 240) for n in ("coffee", "rocket", "chelsea") for _ in range(20)]
    known = reference_of(film_of(shots), identifier="film", kind=Kind.VIDEO, mime="video/mp4")
    (claim,) = copies.build([known], {}).detect(seen(resized(photographs["rocket"], 480, 360)))
    assert claim.identifier_id == "film"
