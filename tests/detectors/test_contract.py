"""What every detector module promises, whatever it finds."""

import json
import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.making import noisy, recorded, tune
from detectors._decode import listen
from detectors.detector import Build, Detector, Media, Reference
from footprint import plugins
from footprint.errors import BadConfiguration, UnreadableMedia
from footprint.findings import detection_id
from footprint.identifiers import Kind, Polarity

Picture = NDArray[np.uint8]
NAMES = plugins.names("detectors", offers="build")
LOOKERS = tuple(name for name in NAMES if name != "audio")
"""Those that look at pictures, of which more can be asked than of all."""
looks = pytest.mark.parametrize("build", LOOKERS, indirect=True)
EVIDENCE_BYTES = 64 * 1024


@pytest.fixture(scope="module", params=NAMES)
def build(request: pytest.FixtureRequest) -> Build:
    """The `build` of each detector module."""
    made: Build = plugins.load("detectors", request.param, what="detector", offers="build").build
    return made


@pytest.fixture(scope="module")
def stamp() -> Image.Image:
    """What a camera stamps on pictures of 512 pixels, by itself."""
    layer = Image.new("RGBA", (512, 512), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for row, line in enumerate(("HARBORCAM 3", "BODY WORN VIDEO")):
        draw.text((16, 12 + 26 * row), line, fill="white", font_size=22, stroke_width=2, stroke_fill="black")
    return layer


@pytest.fixture(scope="module")
def references(
    reference_of: Callable[..., Reference],
    encode: Callable[..., bytes],
    ours: Picture,
    theirs: Picture,
    portrait: Picture,
    stamp: Image.Image,
) -> list[Reference]:
    """A bank with something of everything."""
    return [
        reference_of(ours, identifier="patch"),
        reference_of(theirs, identifier="patch", polarity=Polarity.LOOK_ALIKE),
        reference_of(portrait, identifier="portrait", kind=Kind.PHOTOGRAPH),
        reference_of(
            portrait[100:400, 50:450], identifier="portrait", kind=Kind.PHOTOGRAPH, polarity=Polarity.APPROVED_USE
        ),
        reference_of(recorded(tune(1)), identifier="anthem", kind=Kind.AUDIO, mime="audio/wav"),
        reference_of(encode(np.asarray(stamp)), identifier="camera", kind=Kind.EQUIPMENT),
        reference_of(b"ALDER BAY", identifier="patch", mime="text/plain"),
        reference_of(b"Alder Bay", identifier="patch", kind=Kind.VEHICLE, mime="text/plain"),
        reference_of(b"alder bay", identifier="patch", kind=Kind.UNIFORM, mime="text/plain"),
    ]


@pytest.fixture(scope="module")
def busy(portrait: Picture, ours: Picture, stamp: Image.Image, put: Callable[..., Picture]) -> Picture:
    """A picture in which every detector finds something: a known photograph with a patch in it, stamped by a camera."""
    shown = Image.fromarray(put(portrait, ours, at=(300, 280), side=180)).convert("RGBA")
    return np.asarray(Image.alpha_composite(shown, stamp).convert("RGB"))


@pytest.fixture(scope="module")
def found_in(build: Build, busy: Picture, seen: Callable[[Picture], Media]) -> Media:
    """Media in which a detector finds something: that picture, or the anthem."""
    return listen(recorded(noisy(tune(1), 0.2))) if build.__module__ == "detectors.audio" else seen(busy)


@pytest.fixture(scope="module")
def detector(build: Build, references: list[Reference]) -> Detector:
    """Each detector, made once: what it is asked changes nothing in it."""
    return build(references, {})


def test_there_are_detectors() -> None:
    """The two that the settings name are among them."""
    assert {"copies", "marks"} <= set(NAMES)


def test_a_detector_bears_the_name_of_its_module(build: Build, detector: Detector) -> None:
    """Records say which module found what."""
    assert f"detectors.{detector.name}" == build.__module__


def test_claims_have_the_agreed_shape(detector: Detector, found_in: Media) -> None:
    """Claims are about the asset, name exemplars in force, and hold plain numbers and JSON under the limit."""
    claims = detector.detect(found_in)
    assert claims
    for claim in claims:
        assert claim.asset_sha256 == found_in.sha256
        assert (claim.detector, claim.version) == (detector.name, detector.version)
        assert claim.identifier_id in {"patch", "portrait", "anthem", "camera"}
        assert type(claim.measure) is float
        assert type(claim.probability) is float
        assert 0 <= claim.probability <= 1
        assert claim.unit
        assert claim.sentence.endswith(".")
        assert all(type(c) is float and math.isfinite(c) for corner in claim.region.quad for c in corner)
        assert len(json.dumps(claim.evidence, allow_nan=False)) < EVIDENCE_BYTES


@looks
def test_a_claim_about_a_still_lies_on_all_of_it(detector: Detector, busy: Picture, seen: Any) -> None:
    """Its region is in pixels of the picture, and has no time."""
    regions = [claim.region for claim in detector.detect(seen(busy))]
    assert {(r.width_px, r.height_px, r.span_s, r.frame_s) for r in regions} == {(512, 512, None, None)}


def test_claims_are_identified_by_who_says_what_where(detector: Detector, found_in: Media) -> None:
    """Ids are the kernel's digest, and no two claims share one."""
    claims = detector.detect(found_in)
    for c in claims:
        parts = (c.asset_sha256, c.detector, c.version, c.identifier_id, c.exemplar_id)
        assert c.id == detection_id(*parts, c.region)
    assert len({c.id for c in claims}) == len(claims)


def test_the_surest_claim_comes_first(detector: Detector, found_in: Media) -> None:
    """Claims are in order of probability."""
    sure = [c.probability for c in detector.detect(found_in)]
    assert sure == sorted(sure, reverse=True)


def test_the_same_media_give_the_same_claims(build: Build, references: list[Reference], found_in: Media) -> None:
    """Not even the order of the exemplars, or a second building, changes a claim."""
    first = build(references, {}).detect(found_in)
    assert build(list(reversed(references)), {}).detect(found_in) == first


ELSEWHERE = """
import pickle, sys
import cv2
from footprint import plugins
name, references, media = pickle.load(sys.stdin.buffer)
build, said = plugins.load("detectors", name, what="detector", offers="build").build, []
for threads in (1, 4):
    cv2.setNumThreads(threads)
    detector = build(references, {})
    said.append((detector.version, detector.detect(media)))
sys.stdout.buffer.write(pickle.dumps(said))
"""


def test_another_process_says_the_same(detector: Detector, references: list[Reference], found_in: Media) -> None:
    """Claims and version are those of any other process, whatever its number of threads."""
    work = pickle.dumps((detector.name, references, found_in))
    done = subprocess.run([sys.executable, "-c", ELSEWHERE], input=work, capture_output=True, check=True)
    assert pickle.loads(done.stdout) == [(detector.version, detector.detect(found_in))] * 2


def test_the_version_is_that_of_the_bank_not_of_its_order(build: Build, references: list[Reference]) -> None:
    """The same exemplars in another order are the same detector."""
    assert build(references, {}).version == build(list(reversed(references)), {}).version


def test_the_version_changes_with_the_exemplars(build: Build, references: list[Reference]) -> None:
    """Fewer exemplars, or some that now are look-alikes, and results could differ."""
    turned = [
        replace(r, exemplar=replace(r.exemplar, polarity=Polarity.LOOK_ALIKE))
        if r.exemplar.polarity is Polarity.POSITIVE
        else r
        for r in references
    ]
    fewer = [r for r in references if r.exemplar.polarity is not Polarity.POSITIVE]
    versions = {build(bank, {}).version for bank in (references, fewer, turned)}
    assert len(versions) == 3


@looks
def test_the_version_changes_with_the_options(build: Build, references: list[Reference]) -> None:
    """Looking at larger pictures could find more."""
    assert build(references, {}).version != build(references, {"side_px": 600}).version


@looks
@pytest.mark.parametrize("value", [0, -5, "large", None, True])
def test_an_option_that_cannot_be_names_itself(value: object, build: Build, references: list[Reference]) -> None:
    """A misconfigured option is refused by name before anything is scanned."""
    with pytest.raises(BadConfiguration, match="side_px"):
        build(references, {"side_px": value})


def test_an_exemplar_that_cannot_be_used_is_named(build: Build, reference_of: Callable[..., Reference]) -> None:
    """The error says which exemplar to disable."""
    picture = reference_of(b"\xff\xd8\xff broken", label="front", identifier="patch")
    text = reference_of(b"\xff\xd8\xff broken", label="name", identifier="name", mime="text/plain")
    on_car = reference_of(b"\xff broken", label="door", identifier="car", kind=Kind.VEHICLE, mime="text/plain")
    on_coat = reference_of(b"\xff broken", label="back", identifier="coat", kind=Kind.UNIFORM, mime="text/plain")
    sound = reference_of(b"ID3 broken", label="hymn", identifier="anthem", kind=Kind.AUDIO, mime="audio/mpeg")
    frame = reference_of(b"\xff\xd8\xff broken", label="frame", identifier="camera", kind=Kind.EQUIPMENT)
    broken = [picture, text, on_car, on_coat, sound, frame]
    with pytest.raises(UnreadableMedia, match="|".join(r.exemplar.id for r in broken)):
        build(broken, {})


def test_an_empty_bank_claims_nothing(build: Build, found_in: Media) -> None:
    """Without exemplars there is nothing to find, and no error."""
    assert build([], {}).detect(found_in) == ()


@looks
@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_pictures_claim_nothing(level: int, detector: Detector, media_of: Callable[..., Media]) -> None:
    """A wall, a night, an overexposed frame show nobody's mark."""
    assert detector.detect(media_of(np.full((300, 400, 3), level, np.uint8))) == ()


@looks
def test_blank_exemplars_match_no_blank_picture(
    build: Build, reference_of: Callable[..., Reference], media_of: Callable[..., Media]
) -> None:
    """A near-blank exemplar of any kind is like every near-blank picture, and so says nothing."""
    white = np.full((300, 400, 3), 250, np.uint8)
    bank = [reference_of(white, identifier=kind.value, kind=kind) for kind in (Kind.PATCH, Kind.PHOTOGRAPH)]
    grey = np.full((300, 400, 3), 235, np.uint8)
    assert build(bank, {}).detect(media_of(white, grey)) == ()


@looks
def test_noise_claims_nothing(detector: Detector, media_of: Callable[..., Media]) -> None:
    """Thousands of random points agree on nothing."""
    noise = np.random.default_rng(3).integers(0, 255, (400, 400, 3), dtype=np.uint8)
    assert detector.detect(media_of(noise)) == ()


@looks
def test_photographs_of_other_things_claim_nothing(
    detector: Detector, photographs: dict[str, Picture], media_of: Callable[..., Media]
) -> None:
    """Photographs without anything registered stay unclaimed."""
    for name, picture in photographs.items():
        if name != "astronaut":
            assert detector.detect(media_of(picture[:400, :400])) == (), name


@looks
def test_a_film_gives_one_claim_with_its_span(
    detector: Detector, busy: Picture, scene: Picture, media_of: Callable[..., Media]
) -> None:
    """What is seen from the first to the second second is one claim with that span, on a frame inside it."""
    other = np.ascontiguousarray(scene[:, :512])
    found = detector.detect(media_of(other, busy, busy, other))
    assert found
    assert len({c.identifier_id for c in found}) == len(found)
    for claim in found:
        assert claim.region.span_s == (1.0, 2.0)
        assert claim.region.frame_s in (1.0, 2.0)
        assert claim.evidence["frames_with"] == 2


@looks
def test_sightings_far_apart_are_claims_of_their_own(
    detector: Detector, busy: Picture, scene: Picture, media_of: Callable[..., Media]
) -> None:
    """What comes back after three frames without it is a second claim."""
    other = np.ascontiguousarray(scene[:256, :256])
    found = detector.detect(media_of(busy, other, other, other, busy))
    spans = sorted({c.region.span_s for c in found if c.region.span_s})
    assert spans == [(0.0, 0.0), (4.0, 4.0)]
