"""A uniform is told by the garment, whatever is behind it, and is no more than possible by it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import marks, uniforms
from detectors._bearers import Bearers
from detectors._livery import LEAST_OTHERS
from detectors.detector import Media, Reference
from footprint.documents import FOUND_FROM
from footprint.identifiers import Kind, Polarity

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
NAVY, GOLD, BLACK = (26, 36, 82), (222, 180, 60), (24, 24, 26)


def person(coat: Colour, trim: Colour, trousers: Colour, *, seed: int) -> Picture:
    """Somebody from the front, 320 x 160, before a ground that differs by seed."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(90, 230, (5, 3, 3)).astype(np.uint8)
    picture = np.asarray(cv2.resize(coarse, (160, 320), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    cv2.circle(picture, (80, 30), 22, (214, 172, 142), -1, cv2.LINE_AA)
    cv2.fillPoly(picture, [np.array([[40, 62], [120, 62], [134, 190], [26, 190]], np.int32)], coat, cv2.LINE_AA)
    cv2.rectangle(picture, (44, 190), (116, 312), trousers, -1)
    cv2.rectangle(picture, (76, 64), (84, 188), trim, -1)
    cv2.rectangle(picture, (30, 150), (130, 160), trim, -1)
    return np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def civilian(seed: int) -> Picture:
    """Somebody in other clothes."""
    colours: list[Any] = [
        tuple(int(v) for v in row) for row in np.random.default_rng(500 + seed).integers(20, 240, (3, 3))
    ]
    return person(*colours, seed=seed)


def street(someone: Picture) -> Picture:
    """A photograph, 640 x 640, with a person at (200, 160), twice as large."""
    picture = np.full((640, 640, 3), (140, 150, 150), np.uint8)
    picture[160:560, 200:400] = cv2.resize(someone, (200, 400), interpolation=cv2.INTER_LINEAR)
    return picture


@pytest.fixture(scope="module")
def bank(reference_of: Callable[..., Reference], ours: Picture) -> list[Reference]:
    """Three of ours and others, the words on ours, and our patch."""
    return (
        [reference_of(person(NAVY, GOLD, BLACK, seed=s), identifier="dress", kind=Kind.UNIFORM) for s in range(3)]
        + [
            reference_of(civilian(s), identifier="dress", kind=Kind.UNIFORM, polarity=Polarity.LOOK_ALIKE)
            for s in range(LEAST_OTHERS)
        ]
        + [
            reference_of(b"Harbor City", identifier="dress", kind=Kind.UNIFORM, mime="text/plain"),
            reference_of(ours, identifier="patch", kind=Kind.PATCH),
        ]
    )


@pytest.fixture(scope="module")
def detector(network: Callable[[np.ndarray], Path], bank: list[Reference]) -> Bearers:
    """Knows them, with a network that sees a person at that place."""
    return uniforms.build(bank, {"finder": str(network(np.array([[[100, 80, 200, 280, 0.9, 0.0]]])))})


def test_ours_is_possible_and_others_are_not_claimed(detector: Bearers, seen: Callable[[Picture], Media]) -> None:
    """In the dark and small too; the box is the person's."""
    for how in (1.0, 0.7, 1.15):
        photograph = np.clip(street(person(NAVY, GOLD, BLACK, seed=91)) * how, 0, 255).astype(np.uint8)
        (claim,) = detector.detect(seen(photograph))
        assert claim.probability < FOUND_FROM
        assert claim.region.quad[0] == (200.0, 160.0)
        assert "other persons' clothes" in claim.sentence
    assert [detector.detect(seen(street(civilian(s)))) for s in (300, 301)] == [(), ()]


def test_a_patch_on_it_makes_it_found(
    detector: Bearers,
    bank: list[Reference],
    ours: Picture,
    put: Callable[..., Picture],
    seen: Callable[[Picture], Media],
) -> None:
    """Where `marks` found our patch on the garment, two grounds speak for it, and the sentence names both."""
    media = seen(put(street(person(NAVY, GOLD, BLACK, seed=92)), ours, at=(225, 260), side=110))
    assert "patch" in {c.identifier_id for c in marks.build(bank, {}).detect(media)}
    (claim,) = detector.detect(media)
    assert claim.probability >= FOUND_FROM
    assert "'Patch' stands on it" in claim.sentence


def test_wording_on_it_makes_it_found(detector: Bearers, seen: Callable[[Picture], Media]) -> None:
    """Registered words within the person's box are a second ground."""
    photograph = street(person(NAVY, GOLD, BLACK, seed=93))
    cv2.putText(photograph, "HARBOR CITY", (246, 300), cv2.FONT_HERSHEY_DUPLEX, 0.55, (255, 255, 255), 1, cv2.LINE_AA)
    (claim,) = detector.detect(seen(photograph))
    assert claim.probability >= FOUND_FROM
    assert "'Harbor City'" in claim.sentence


def test_the_head_and_the_ground_do_not_count() -> None:
    """What is left is the garment: grey at the corners, no skin, and the coat's own colour in the middle."""
    left = uniforms.garment(person(NAVY, GOLD, BLACK, seed=5))
    assert len(left) < 320
    assert [tuple(left[y, x]) for y in (4, -4) for x in (3, -4)] == [(uniforms.GROUND,) * 3] * 4
    assert left[60, 55].tolist() == pytest.approx(NAVY, abs=16)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 3), (48, 48)])
def test_crops_of_odd_shape_are_looked_at(shape: tuple[int, int]) -> None:
    """A sliver is no error."""
    assert uniforms.garment(np.full((*shape, 3), 90, np.uint8)).shape[2] == 3


def test_what_a_look_needs_besides_is_told(bank: list[Reference]) -> None:
    """Without a network, and with too few others, the mend is named; with both nothing is."""
    alone = [r for r in bank if r.exemplar.polarity is Polarity.POSITIVE]
    said = uniforms.lacks(alone, alone, {})
    assert "detect.finder" in said
    assert "20 pictures of other persons' clothes, of which there are 0" in said
    assert uniforms.lacks(bank, bank, {"finder": "persons.onnx"}) == ""
