"""What a camera stamps on its pictures is found again after what people do to frames, and other pictures are not taken for it."""

from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks.cameras import ATTACKS, OTHER_NAME, jpeg, stamp, stamped
from detectors import marks, stamps
from detectors._decode import decode
from detectors.detector import Reference
from detectors.stamps import Stamps
from footprint.documents import FOUND_FROM
from footprint.findings import Detection
from footprint.identifiers import Kind, Polarity

Picture = NDArray[np.uint8]
Make = Callable[..., Reference]
CAMERA = 6
"""Number of a camera whose stamp is of middle size, in a corner, on a shade."""
SURVIVED = ("as it is", "JPEG 40", "half", "426 x 240", "letterbox", "screenshot")


@pytest.fixture(scope="module")
def shown(photographs: dict[str, Picture], scene: Picture) -> list[Image.Image]:
    """Photographs without a stamp."""
    return [Image.fromarray(p) for p in (*photographs.values(), scene)]


@pytest.fixture(scope="module")
def frames(shown: list[Image.Image]) -> Callable[..., list[bytes]]:
    """So many frames of a camera, of different scenes."""

    def take(count: int, *, seed: int = 1, name: str = "") -> list[bytes]:
        rng = np.random.default_rng(seed)
        return [jpeg(stamped(p, CAMERA, rng, name=name), 90) for p in islice(cycle(shown), count)]

    return take


@pytest.fixture(scope="module")
def exemplar(reference_of: Make) -> Callable[..., Reference]:
    """A frame as an exemplar."""

    def make(data: bytes, polarity: Polarity = Polarity.POSITIVE, mime: str = "image/jpeg") -> Reference:
        return reference_of(data, identifier="camera", kind=Kind.EQUIPMENT, polarity=polarity, mime=mime)

    return make


@pytest.fixture(scope="module")
def bank(frames: Any, exemplar: Any) -> list[Reference]:
    """Three frames of the camera."""
    return [exemplar(data) for data in frames(3)]


@pytest.fixture(scope="module")
def detector(bank: list[Reference]) -> Stamps:
    return stamps.build(bank, {})


@pytest.fixture(scope="module")
def posted(shown: list[Image.Image]) -> Image.Image:
    """Another frame of it, at another time, of a scene that no exemplar shows."""
    return stamped(shown[5], CAMERA, np.random.default_rng(9))


def find(detector: Stamps, data: bytes) -> tuple[Detection, ...]:
    return detector.detect(decode(data))


@pytest.mark.parametrize("attack", SURVIVED)
def test_a_stamp_is_found_again(attack: str, detector: Stamps, posted: Image.Image) -> None:
    """What people do to frames leaves one claim, which lies where the frame is, and is possible at most."""
    change, quality = ATTACKS[attack]
    (claim,) = find(detector, jpeg(change(posted, np.random.default_rng(2)), quality))
    (left, top), _, (right, bottom), _ = claim.region.quad
    assert (right - left) / (bottom - top) == pytest.approx(16 / 9, rel=0.02)
    assert right - left == pytest.approx(claim.region.width_px, rel=0.02)
    assert claim.probability < FOUND_FROM


def test_the_places_that_agree_are_kept(detector: Stamps, posted: Image.Image) -> None:
    """A page can draw them, and says how many there are of how many."""
    (claim,) = find(detector, jpeg(posted, 88))
    evidence = claim.evidence
    assert claim.sentence.startswith(
        f"{evidence['cells_alike']} of {evidence['cells']} places of the stamp of 'Camera'"
    )
    assert 0 < len(evidence["points"]) <= evidence["cells_alike"]


def test_photographs_without_a_stamp_are_not_claimed(detector: Stamps, shown: list[Image.Image]) -> None:
    """Not even those that the exemplars were taken of."""
    assert [find(detector, jpeg(picture, 88)) for picture in shown] == [()] * len(shown)


def test_another_maker_s_stamp_is_not_claimed(detector: Stamps, shown: list[Image.Image]) -> None:
    """Letters in a corner are not yet ours."""
    other = stamped(shown[5], CAMERA + 4, np.random.default_rng(9))
    assert find(detector, jpeg(other, 88)) == ()


def test_a_look_alike_takes_its_own_pictures_away(
    bank: list[Reference], frames: Any, exemplar: Any, posted: Image.Image, shown: list[Image.Image]
) -> None:
    """One frame of the same maker's camera elsewhere, and its pictures are told from ours, which stay claimed."""
    theirs = stamped(shown[5], CAMERA, np.random.default_rng(9), name=OTHER_NAME)
    assert find(stamps.build(bank, {}), jpeg(theirs, 88))
    (frame,) = frames(1, seed=4, name=OTHER_NAME)
    told = stamps.build([*bank, exemplar(frame, Polarity.LOOK_ALIKE)], {})
    assert find(told, jpeg(theirs, 88)) == ()
    (claim,) = find(told, jpeg(posted, 88))
    assert claim.evidence["look_alike"]["agreement"] < claim.evidence["agreement"]


def test_a_transparent_stamp_serves_in_place_of_frames(
    encode: Callable[..., bytes], exemplar: Any, shown: list[Image.Image]
) -> None:
    """What the maker draws over every picture, exported from its software, needs no photographs."""
    alone = encode(np.asarray(stamp(CAMERA, np.random.default_rng(3))))
    detector = stamps.build([exemplar(alone, mime="image/png")], {})
    same_time = jpeg(stamped(shown[5], CAMERA, np.random.default_rng(3)), 80)
    assert [claim.identifier_id for claim in find(detector, same_time)] == ["camera"]


def test_an_approved_picture_is_named(bank: list[Reference], exemplar: Any, posted: Image.Image) -> None:
    """A frame that was approved for publication says so in the evidence."""
    approved = exemplar(jpeg(posted, 95), Polarity.APPROVED_USE)
    (claim,) = find(stamps.build([*bank, approved], {}), jpeg(posted, 70))
    assert claim.evidence["approved_use"] == approved.exemplar.id


def test_what_is_behind_a_stamp_is_no_mark(bank: list[Reference], exemplar: Any, shown: list[Image.Image]) -> None:
    """Somebody's own photograph of the street that a frame shows is not claimed; a close photograph of the camera is still a mark."""
    street = decode(jpeg(shown[0].resize((1280, 720)), 88))
    camera = exemplar(jpeg(shown[1].crop((40, 40, 300, 260)), 95))
    detector = marks.build([*bank, camera], {})
    assert detector.detect(street) == ()
    assert [known.reference for known in detector.positives] == [camera]
    assert [told.exemplar_id for told in marks.assess([*bank, camera])] == [camera.exemplar.id]
    assert marks.expect(bank, "camera", {"negatives_dir": "no-such-folder"}) is None


def test_two_frames_are_too_few(bank: list[Reference]) -> None:
    """Too much of two pictures agrees by chance; how many more are needed is said."""
    assert stamps.build(bank[:2], {}).stamps == ()
    assert "1 more of the same proportions" in stamps.advice(bank[:2])
    assert "is looked for by template" in stamps.advice(bank)


def test_frames_of_one_scene_are_told(exemplar: Any, shown: list[Image.Image]) -> None:
    """What stays the same over them is the scene."""
    rng = np.random.default_rng(5)
    same = [exemplar(jpeg(stamped(shown[1], CAMERA, rng), 90)) for _ in range(3)]
    assert "one scene" in stamps.advice(same)


def test_pictures_of_things_are_no_frames(exemplar: Any, shown: list[Image.Image]) -> None:
    """Photographs of equipment, over which nothing stays the same, make no template."""
    things = [exemplar(jpeg(picture.resize((640, 360)), 90)) for picture in shown[:4]]
    assert stamps.build(things, {}).stamps == ()
    assert stamps.advice(things).startswith("Nothing stays in its place")
