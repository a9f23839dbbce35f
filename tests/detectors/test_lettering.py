"""Registered wording is found through what cameras do to it; other words are neither claimed nor kept."""

import json
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import lettering
from detectors._decode import decode
from detectors.detector import Media, Reference
from footprint.documents import FOUND_FROM
from footprint.findings import Detection
from footprint.identifiers import Kind, Polarity

Picture = NDArray[np.uint8]
Find = Callable[[Picture], tuple[Detection, ...]]
DARK, PALE = (24, 28, 70), (225, 225, 215)


def sign(*lines: str, size: float = 1.4) -> Picture:
    """A board with lines of lettering, one below the other."""
    board = np.full((90 * len(lines) + 30, 560, 3), PALE, np.uint8)
    for row, text in enumerate(lines):
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, 2)
        place = (280 - width // 2, 90 * row + 75)
        cv2.putText(board, text, place, cv2.FONT_HERSHEY_DUPLEX, size, DARK, 2, cv2.LINE_AA)
    return board


@pytest.fixture(scope="module")
def detector(reference_of: Callable[..., Reference]) -> lettering.Lettering:
    """Knows our name, its short form, a camera's stamp, and the words of a neighbour and of a foundation."""

    def wording(text: str, **of: Any) -> Reference:
        return reference_of(text.encode(), mime="text/plain", **of)

    return lettering.build(
        [
            wording("Harbor City Police", identifier="name", kind=Kind.WORDMARK),
            wording("HCPD", identifier="short", kind=Kind.WORDMARK),
            wording("CAM ## UNIT ####", identifier="camera", kind=Kind.EQUIPMENT),
            wording("Highway Patrol", identifier="patrol", kind=Kind.WORDMARK),
            wording("Harbor County Police", identifier="name", kind=Kind.WORDMARK, polarity=Polarity.LOOK_ALIKE),
            wording("Harbor City Police Museum", identifier="name", kind=Kind.WORDMARK, polarity=Polarity.LOOK_ALIKE),
            wording("Cruiser Nine", identifier="car", kind=Kind.VEHICLE),
        ],
        {},
    )


@pytest.fixture
def find(detector: lettering.Lettering, seen: Callable[[Picture], Media]) -> Find:
    """What the detector claims in a picture as a telephone would send it."""
    return lambda picture: detector.detect(seen(picture))


def spoilt(picture: Picture, how: str) -> Picture:
    """One thing that cameras and platforms do to pictures."""
    match how:
        case "jpeg":
            _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 30))
            return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
        case "dark":
            return (picture * 0.3).astype(np.uint8)
        case "bright":
            return np.clip(picture * 1.2 + 30, 0, 255).astype(np.uint8)
        case "smaller":
            return np.asarray(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        case "larger":
            return np.asarray(cv2.resize(picture, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        case "turned":
            return np.ascontiguousarray(np.rot90(picture))
        case "upside down":
            return np.ascontiguousarray(np.rot90(picture, 2))
    raise ValueError(how)


SPOILT = ("jpeg", "dark", "bright", "smaller", "larger", "turned", "upside down")


@pytest.mark.parametrize("how", SPOILT)
def test_what_cameras_do_loses_no_find(how: str, scene: Picture, put: Any, find: Find) -> None:
    """A name that was found stays found, and surely."""
    (claim,) = find(spoilt(put(scene, sign("HARBOR CITY POLICE"), at=(150, 160), side=340, turn=6), how))
    assert claim.identifier_id == "name"
    assert claim.probability >= FOUND_FROM


@pytest.mark.parametrize("how", SPOILT)
def test_what_cameras_do_makes_no_find_of_a_look_alike(how: str, scene: Picture, put: Any, find: Find) -> None:
    """The neighbour's name is not claimed in any state."""
    assert find(spoilt(put(scene, sign("HARBOR COUNTY POLICE"), at=(150, 160), side=340, turn=6), how)) == ()


def test_the_claim_lies_on_the_words(scene: Picture, put: Any, find: Find) -> None:
    """Of a longer line, the box takes in the registered part only."""
    (claim,) = find(put(scene, sign("VISIT HARBOR CITY POLICE", size=1.2), at=(40, 160), side=560))
    xs, ys = zip(*claim.region.quad, strict=True)
    assert 130 < min(xs) < 210
    assert 520 < max(xs) < 600
    assert 150 < min(ys) < max(ys) < 290


def test_a_name_over_several_lines_is_one(scene: Picture, put: Any, find: Find) -> None:
    """Two lines, one below the other, are read as one name in one place."""
    (claim,) = find(put(scene, sign("HARBOR CITY", "POLICE"), at=(150, 120), side=340))
    assert claim.identifier_id == "name"
    ys = [y for _, y in claim.region.quad]
    assert max(ys) - min(ys) > 60


def test_what_look_alike_wording_explains_better_is_not_claimed(scene: Picture, put: Any, find: Find) -> None:
    """Our name as part of a longer one that is registered as not ours."""
    assert find(put(scene, sign("HARBOR CITY POLICE MUSEUM", size=1.1), at=(40, 160), side=560)) == ()


def test_the_nearest_look_alike_wording_is_told(
    scene: Picture, put: Any, seen: Callable[[Picture], Media], reference_of: Callable[..., Reference]
) -> None:
    """Of wording that is not ours and nearly stands in the same place, by how many letters it is off."""
    near = [
        reference_of(text, mime="text/plain", identifier="name", kind=Kind.WORDMARK, polarity=polarity)
        for text, polarity in ((b"Harbor City Police", Polarity.POSITIVE), (b"Harbor City Polite", Polarity.LOOK_ALIKE))
    ]
    (claim,) = lettering.build(near, {}).detect(seen(put(scene, sign("HARBOR CITY POLICE"), at=(150, 160), side=340)))
    assert claim.evidence["look_alike"] | {"label": ""} == {
        "exemplar_id": near[1].exemplar.id, "label": "", "wrong_letters": 1.0,
    }  # fmt: skip
    assert "".join(read for _, read in claim.evidence["letters"]) == "harborcitypolice"


def test_short_names_are_possible_only(scene: Picture, put: Any, find: Find) -> None:
    """Four letters stand in many pictures by chance."""
    (claim,) = find(put(scene, sign("HCPD", size=2.0), at=(150, 120), side=340))
    assert claim.identifier_id == "short"
    assert claim.probability < FOUND_FROM


def test_words_that_all_departments_share_are_possible_only(scene: Picture, put: Any, find: Find) -> None:
    """And the sentence says why."""
    (claim,) = find(put(scene, sign("HIGHWAY PATROL"), at=(150, 120), side=340))
    assert claim.probability < FOUND_FROM
    assert "Many departments" in claim.sentence


def test_what_a_camera_stamps_is_found_by_its_pattern(scene: Picture, find: Find) -> None:
    """A screen overlay with a number that nobody registered."""
    stamped = scene.copy()
    cv2.putText(stamped, "CAM 07 UNIT 4182", (300, 40), cv2.FONT_HERSHEY_DUPLEX, 0.9, (255, 255, 255), 2, cv2.LINE_AA)
    (claim,) = find(stamped)
    assert claim.identifier_id == "camera"


def test_nothing_that_was_read_is_kept(scene: Picture, put: Any, find: Find) -> None:
    """A claim holds the registered wording; words beside it, and the digits behind a wildcard, are not in it (G12, G20)."""
    claims = find(put(scene, sign("CAM 07 UNIT 4182", "SHAME ON THEM", size=1.2), at=(60, 120), side=520))
    assert [c.identifier_id for c in claims] == ["camera"]
    told = json.dumps([claims[0].sentence, dict(claims[0].evidence)]).lower()
    assert "cam ## unit ####" in told
    assert "4182" not in told
    assert "shame" not in told


@pytest.mark.parametrize("words", ["", "THEY ARE GREAT", "THEY ARE A DISGRACE", "SOMETHING ELSE"])
def test_other_words_change_nothing(words: str, scene: Picture, find: Find) -> None:
    """What else is written on a picture, for or against anybody, is no claim (G12)."""
    written = scene.copy()
    cv2.putText(written, words, (60, 60), cv2.FONT_HERSHEY_DUPLEX, 1.2, (255, 255, 255), 2, cv2.LINE_AA)
    assert find(written) == ()


def stamped(photograph: Picture) -> Picture:
    """A frame of a camera on somebody's chest, 1280 x 720, with what it stamps on its pictures."""
    frame = np.asarray(cv2.resize(photograph, (1280, 720), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    for row, text in enumerate(("2026-03-14 T09:41:05Z", "CAM 07 UNIT 4711")):
        for colour, thick in (((0, 0, 0), 4), ((255, 255, 255), 1)):
            place = (850, 40 + 34 * row)
            cv2.putText(frame, text, place, cv2.FONT_HERSHEY_DUPLEX, 0.75, colour, thick, cv2.LINE_AA)
    return frame


def test_a_cameras_stamp_is_found_in_a_screenshot(scene: Picture, find: Find) -> None:
    """A telephone that shows the film between other things: the serial number is another, the pattern the same."""
    screen = np.full((1560, 720, 3), 245, np.uint8)
    screen[420:825] = cv2.resize(stamped(scene), (720, 405), interpolation=cv2.INTER_AREA)
    assert [claim.identifier_id for claim in find(screen)] == ["camera"]


def test_a_cameras_stamp_is_found_in_its_film(
    scene: Picture, detector: lettering.Lettering, film_of: Callable[..., bytes]
) -> None:
    """Through the film's compression, as one claim with its span."""
    (claim,) = detector.detect(decode(film_of([stamped(scene)] * 4, fps=2)))
    assert claim.identifier_id == "camera"
    assert claim.region.span_s is not None


def test_a_vehicles_wording_is_left_to_its_own_detector(scene: Picture, put: Any, find: Find) -> None:
    """It counts on a vehicle only, and here is none."""
    assert find(put(scene, sign("CRUISER NINE"), at=(150, 120), side=340)) == ()


def test_wording_is_assessed_when_it_is_registered(reference_of: Callable[..., Reference]) -> None:
    """Generic, short and good wording are told apart."""
    told = [
        lettering.assess([reference_of(text.encode(), mime="text/plain")])[0].sentence
        for text in ("State Police", "HCPD", "Harbor City Police")
    ]
    assert [sentence.split(": ")[1].split(" ")[0] for sentence in told] == ["many", "short", "good"]
