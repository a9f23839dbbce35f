"""A livery is told from other vehicles by its look, and is surely found only with its wording."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import vehicles
from detectors._bearers import Bearers
from detectors._livery import LEAST_OTHERS
from detectors.detector import Media, Reference
from footprint.documents import FOUND_FROM
from footprint.errors import BadConfiguration
from footprint.findings import Detection
from footprint.identifiers import Kind, Polarity

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
Find = Callable[[Picture], tuple[Detection, ...]]
WHITE, BLUE, GOLD, GLASS, TYRE = (236, 236, 232), (28, 52, 128), (226, 178, 48), (70, 84, 96), (28, 28, 30)
OURS = (WHITE, BLUE, GOLD)
WORDS = "HARBOR CITY"


def car(body: Colour, lower: Colour, stripe: Colour, words: str, *, seed: int) -> Picture:
    """A vehicle from the side, 300 x 480, on a street; proportions and light differ by seed."""
    rng = np.random.default_rng(seed)
    picture = np.full((300, 480, 3), (150, 158, 166), np.uint8)
    picture[215:] = (92, 92, 94)
    top, front = 70 + int(rng.integers(-8, 8)), 110 + int(rng.integers(-12, 12))
    cabin = np.array([[front, 140], [front + 50, top], [350, top], [400, 140]], np.int32)
    cv2.fillPoly(picture, [cabin], body, cv2.LINE_AA)
    cv2.fillPoly(picture, [(cabin * [0.9, 0.94] + [24, 8]).astype(np.int32)], GLASS, cv2.LINE_AA)
    cv2.rectangle(picture, (40, 138), (440, 190), body, -1)
    cv2.rectangle(picture, (40, 190), (440, 230), lower, -1)
    cv2.rectangle(picture, (40, 184), (440, 194), stripe, -1)
    for x in (120, 360):
        cv2.circle(picture, (x, 232), 34, TYRE, -1, cv2.LINE_AA)
        cv2.circle(picture, (x, 232), 17, (150, 150, 152), -1, cv2.LINE_AA)
    (width, _), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_DUPLEX, 0.9, 2)
    cv2.putText(picture, words, (240 - width // 2, 174), cv2.FONT_HERSHEY_DUPLEX, 0.9, lower, 2, cv2.LINE_AA)
    light = rng.uniform(0.85, 1.1)
    return np.clip(picture * light + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def other(seed: int) -> Picture:
    """Another department's, a firm's or a private vehicle."""
    rng = np.random.default_rng(1000 + seed)
    colours: list[Any] = [tuple(int(v) for v in rng.integers(20, 240, 3)) for _ in range(3)]
    return car(*colours, str(rng.choice(["POLICE", "SHERIFF", "TAXI", "SECURITY", ""])), seed=seed)


@pytest.fixture(scope="module")
def bank(reference_of: Callable[..., Reference]) -> list[Reference]:
    """Three of ours, and others."""
    ours = [reference_of(car(*OURS, WORDS, seed=s), identifier="cruiser", kind=Kind.VEHICLE) for s in range(3)]
    others = [
        reference_of(other(s), identifier="cruiser", kind=Kind.VEHICLE, polarity=Polarity.LOOK_ALIKE)
        for s in range(LEAST_OTHERS)
    ]
    return ours + others


@pytest.fixture(scope="module")
def wording(reference_of: Callable[..., Reference]) -> Reference:
    """What stands on our vehicles."""
    return reference_of(b"Harbor City", identifier="cruiser", kind=Kind.VEHICLE, mime="text/plain")


@pytest.fixture(scope="module")
def with_words(bank: list[Reference], wording: Reference) -> Bearers:
    """Knows pictures and wording."""
    return vehicles.build([*bank, wording], {})


@pytest.fixture(scope="module")
def by_look(with_words: Bearers) -> Bearers:
    """Knows how they look, and claims nothing by wording."""
    return replace(with_words, wording=())


def spoilt(picture: Picture, how: str) -> Picture:
    """One thing that cameras and platforms do to pictures."""
    match how:
        case "as it is":
            return picture
        case "jpeg":
            _, data = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 40))
            return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
        case "dark":
            return (picture * 0.7).astype(np.uint8)
        case "bright":
            return np.clip(picture * 1.1 + 8, 0, 255).astype(np.uint8)
        case "smaller":
            return np.asarray(cv2.resize(picture, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        case "larger":
            return np.asarray(cv2.resize(picture, None, fx=1.7, fy=1.7, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    raise ValueError(how)


SPOILT = ("as it is", "jpeg", "dark", "bright", "smaller", "larger")


@pytest.mark.parametrize("how", SPOILT)
def test_what_cameras_do_loses_no_vehicle(how: str, by_look: Bearers, seen: Callable[[Picture], Media]) -> None:
    """Another of our vehicles is claimed once, as possible: a look alone is no more."""
    (claim,) = by_look.detect(seen(spoilt(car(*OURS, WORDS, seed=77), how)))
    assert claim.identifier_id == "cruiser"
    assert claim.probability < FOUND_FROM


@pytest.mark.parametrize("how", SPOILT)
def test_what_cameras_do_makes_no_find_of_others(how: str, by_look: Bearers, seen: Any) -> None:
    """Vehicles that the bank has never seen are not ours in any state."""
    assert [by_look.detect(seen(spoilt(other(s), how))) for s in (200, 201)] == [(), ()]


def test_wording_on_the_vehicle_makes_it_found(with_words: Bearers, seen: Any) -> None:
    """The look and the words are two grounds, and the sentence names both."""
    (claim,) = with_words.detect(seen(car(*OURS, WORDS, seed=78)))
    assert claim.probability >= FOUND_FROM
    assert "looks like" in claim.sentence
    assert "'Harbor City'" in claim.sentence


def test_the_nearest_of_the_others_is_named(by_look: Bearers, bank: list[Reference], seen: Any) -> None:
    """Which look-alike comes nearest to our livery, and by how much it stays behind what was seen."""
    (claim,) = by_look.detect(seen(car(*OURS, WORDS, seed=77)))
    rival = claim.evidence["look_alike"]
    assert rival["exemplar_id"] in {r.exemplar.id for r in bank if r.exemplar.polarity is Polarity.LOOK_ALIKE}
    assert rival["deviations"] > 0


def test_wording_without_a_box_is_possible_only(wording: Reference, seen: Any) -> None:
    """The words may stand on anything."""
    (claim,) = vehicles.build([wording], {}).detect(seen(car(*OURS, WORDS, seed=79)))
    assert claim.probability < FOUND_FROM


def test_few_others_teach_nothing(bank: list[Reference]) -> None:
    """Without a bank a look is not judged at all."""
    assert vehicles.build(bank[:LEAST_OTHERS], {}).liveries == ()


def test_other_words_on_it_are_not_kept(with_words: Bearers, seen: Any) -> None:
    """Numbers and names that were read beside the registered wording stay out of the claim (G12, G20)."""
    picture = car(*OURS, WORDS, seed=80)
    cv2.putText(picture, "UNIT 4711 MILLER", (90, 40), cv2.FONT_HERSHEY_DUPLEX, 0.9, (10, 10, 10), 2, cv2.LINE_AA)
    (claim,) = with_words.detect(seen(picture))
    told = json.dumps([claim.sentence, dict(claim.evidence)]).upper()
    assert "4711" not in told
    assert "MILLER" not in told


@pytest.mark.parametrize("finder", [7, "none.onnx"])
def test_a_finder_that_cannot_be_is_named(finder: object, wording: Reference) -> None:
    """At start-up, before anything is scanned."""
    with pytest.raises(BadConfiguration, match=r"finder|none\.onnx"):
        vehicles.build([wording], {"finder": finder})


def test_a_look_needs_pictures_of_others(bank: list[Reference]) -> None:
    """A vehicle needs no network, and is told how many pictures of others are missing."""
    said = vehicles.lacks(bank, bank[:-1], {})
    assert "there are 19" in said
    assert said.startswith("Marks on it, such as a decal, are looked for; how the whole vehicle looks is not yet.")
    assert vehicles.lacks(bank, bank, {}) == ""
