"""What marks look like is learned the same every time, kept, and brings finds that points alone do not."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import _calibration, _fitting, _kept, _taught, _views, _windows, growth, marks, models, negatives
from detectors._learned import UNRIVALLED, Learned
from detectors._network import Maps
from detectors.detector import Frame, Media, Reference
from footprint.documents import FOUND_FROM
from footprint.errors import BadConfiguration
from footprint.identifiers import Kind, Polarity
from pipelines import scan

Picture = NDArray[np.uint8]
Put = Callable[..., Picture]
Make = Callable[..., Reference]
EXEMPLARS = 6


def plain(turn: int, ground: tuple[int, int, int] = (235, 235, 230)) -> Picture:
    """A roundel without a corner to hold on to, photographed a little differently each time."""
    picture = np.full((220, 220, 3), ground, np.uint8)
    for radius, colour in ((98, (20, 40, 150)), (66, (240, 240, 235)), (34, (200, 30, 40))):
        cv2.circle(picture, (110, 110), radius, colour, -1, cv2.LINE_AA)
    return photographed(picture, turn)


def barred(turn: int) -> Picture:
    """Another roundel of the same colours: a bar on a disc."""
    picture = np.full((220, 220, 3), (235, 235, 230), np.uint8)
    for radius, colour in ((98, (20, 40, 150)), (66, (200, 30, 40))):
        cv2.circle(picture, (110, 110), radius, colour, -1, cv2.LINE_AA)
    cv2.rectangle(picture, (40, 95), (180, 125), (240, 240, 235), -1)
    return photographed(picture, turn)


def photographed(picture: Picture, turn: int) -> Picture:
    """Blurred, turned, scaled and lit a little differently each time."""
    picture = cv2.GaussianBlur(picture, (0, 0), 1.5)
    onto = cv2.getRotationMatrix2D((110, 110), (turn - EXEMPLARS / 2) * 3, 0.93 + 0.02 * turn)
    turned = cv2.warpAffine(picture, onto, (220, 220), borderMode=cv2.BORDER_REPLICATE)
    return np.clip(turned * (0.75 + 0.05 * turn), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def exemplars(reference_of: Make) -> list[Reference]:
    """Six references of one flat emblem."""
    return [reference_of(plain(i), identifier="ring", kind=Kind.EMBLEM) for i in range(EXEMPLARS)]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, photographs: dict[str, Picture], encode: Any) -> Path:
    """A folder with three photographs that show no mark."""
    folder = tmp_path_factory.mktemp("bank")
    for name in ("astronaut", "chelsea", "immunohistochemistry"):
        small = cv2.resize(photographs[name], (360, 300), interpolation=cv2.INTER_AREA)
        (folder / f"{name}.png").write_bytes(encode(np.asarray(small)))
    return folder


@pytest.fixture(scope="module")
def options(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {"negatives_dir": str(bank), "cache_dir": str(tmp_path_factory.mktemp("learned"))}


@pytest.fixture(scope="module")
def detector(exemplars: list[Reference], options: dict[str, Any]) -> marks.Marks:
    return marks.build(exemplars, options)


def test_a_mark_without_points_is_found_by_its_look(
    detector: marks.Marks, exemplars: list[Reference], scene: Picture, put: Put, seen: Callable[[Picture], Media]
) -> None:
    """What local points alone do not find is claimed where it is, with an exemplar, and a sentence that says by what."""
    media = seen(put(scene, plain(2), at=(380, 60), side=200, turn=6))
    assert marks.build(exemplars, {"learn_from": EXEMPLARS + 1}).detect(media) == ()
    (claim,) = detector.detect(media)
    assert claim.exemplar_id in {e.exemplar.id for e in exemplars}
    assert np.mean(claim.region.quad, axis=0) == pytest.approx([480, 160], abs=45)
    assert claim.unit == "deviations"
    assert claim.sentence.startswith("This part looks like 'Ring': ")


def test_what_is_measured_is_what_a_claim_is_made_of(
    detector: marks.Marks, scene: Picture, put: Put, seen: Callable[[Picture], Media]
) -> None:
    """Whoever fits and compares sees the very measures that a claim's probability comes from."""
    media = seen(put(scene, plain(2), at=(380, 60), side=200, turn=6))
    (claim,) = detector.detect(media)
    measured = detector.measures(media.frames[0])["ring"]
    assert claim.probability == pytest.approx(_calibration.of_sight(measured), abs=1e-4)


CAMERA: dict[str, Callable[[Picture], Picture]] = {
    "smaller": lambda p: np.asarray(cv2.resize(p, (448, 336), interpolation=cv2.INTER_AREA), dtype=np.uint8),
    "larger": lambda p: np.asarray(cv2.resize(p, (960, 720), interpolation=cv2.INTER_CUBIC), dtype=np.uint8),
    "cropped": lambda p: np.ascontiguousarray(p[20:420, 200:]),
    "dark": lambda p: (p * 0.5).astype(np.uint8),
    "bright": lambda p: np.clip(p * 1.25 + 15, 0, 255).astype(np.uint8),
    "jpeg": lambda p: np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", p, (cv2.IMWRITE_JPEG_QUALITY, 35))[1], cv2.IMREAD_COLOR), dtype=np.uint8
    ),
}


@pytest.mark.parametrize("how", CAMERA)
def test_what_cameras_do_loses_no_look(
    how: str, detector: marks.Marks, scene: Picture, put: Put, media_of: Callable[..., Media]
) -> None:
    """A mark that was found by its look stays found."""
    claims = detector.detect(media_of(CAMERA[how](put(scene, plain(2), at=(380, 60), side=200, turn=6))))
    assert [c.identifier_id for c in claims] == ["ring"]


@pytest.mark.parametrize("name", ["coffee", "rocket", "hubble_deep_field"])
def test_other_photographs_are_not_claimed(
    name: str, detector: marks.Marks, photographs: dict[str, Picture], media_of: Callable[..., Media]
) -> None:
    """Photographs that it has not learned from show no mark."""
    small = cv2.resize(photographs[name], (480, 360), interpolation=cv2.INTER_AREA)
    assert detector.detect(media_of(np.asarray(small))) == ()


Again = tuple[Learned, Learned, list[tuple[str, int, int]]]


@pytest.fixture(scope="module")
def again(exemplars: list[Reference], bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """The same learned anew, of exemplars in another order, as two at once ask for it, and the progress that was told to both."""
    told: list[tuple[str, int, int]] = []
    backwards, folder = list(reversed(exemplars)), tmp_path_factory.mktemp("again")

    def learned(_: int) -> Learned:
        return _kept.learned(backwards, negatives.folder(bank), folder=folder, tell=lambda *step: told.append(step))

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(learned, range(2))
    return first, second, told


def test_learning_again_gives_the_same(detector: marks.Marks, again: Again) -> None:
    """What was lost is learned anew to the same numbers, and the order of exemplars does not count."""
    known = detector.taught.learned
    assert known is not None
    assert again[0].exemplars == known.exemplars
    assert again[0].weights == pytest.approx(known.weights, abs=1e-5)
    assert again[0].second_weights == pytest.approx(known.second_weights, abs=1e-5)


def test_what_was_mistaken_is_mistaken_less(
    detector: marks.Marks,
    exemplars: list[Reference],
    options: dict[str, Any],
    scene: Picture,
    put: Put,
    encode: Any,
    start: datetime,
    tmp_path: Path,
) -> None:
    """Both looks think less of somebody else's emblem once people said that it is none of ours."""
    known = detector.taught.learned
    assert known is not None
    others = put(scene, np.ascontiguousarray(plain(2)[:, :, [1, 0, 2]]), at=(380, 60), side=200)
    assert growth.Grower(learned=known, folder=tmp_path).add("one", encode(others), at=start, of="ring")
    grown = _taught.taught(exemplars, {**options, "cache_dir": None, "mistakes_dir": str(tmp_path)})
    (before,), (after,) = known.sights(Frame(rgb=others)), grown.sights(Frame(rgb=others)).values()
    assert before.look is not None
    assert after.look is not None
    assert after.window < before.window
    assert after.look.score < before.look.score


@pytest.fixture(scope="module")
def beside(exemplars: list[Reference], options: dict[str, Any], reference_of: Make, ours: Picture) -> marks.Marks:
    """The same emblem, with two exemplars of another of the Department's marks, and a look-alike that is nothing like it."""
    few = [reference_of(barred(i), identifier="disc", kind=Kind.EMBLEM) for i in (1, 4)]
    far = reference_of(ours, identifier="ring", kind=Kind.EMBLEM, polarity=Polarity.LOOK_ALIKE)
    return marks.build([*exemplars, *few, far], {**options, "cache_dir": None})


def test_a_mark_of_few_exemplars_is_told_from(
    detector: marks.Marks, beside: marks.Marks, scene: Picture, put: Put, media_of: Callable[..., Media]
) -> None:
    """What the Department has registered under another name leads on its own pictures, however few its exemplars; the mark itself is still found."""
    other = media_of(put(scene, barred(2), at=(380, 60), side=200)).frames[0]
    own = media_of(put(scene, plain(2), at=(380, 60), side=200))
    assert beside.measures(other)["ring"].second_lead < 0 < detector.measures(other)["ring"].second_lead
    assert "ring" in {c.identifier_id for c in beside.detect(own)}


def test_that_no_other_mark_is_near_says_little(
    beside: marks.Marks, scene: Picture, media_of: Callable[..., Media]
) -> None:
    """How far a mark is ahead of few others counts for nothing: else every picture would be ours that a far look-alike is unlike."""
    measured = beside.measures(media_of(scene).frames[0])["ring"]
    assert _calibration.of_sight(replace(measured, ahead=50.0, second_lead=50.0)) == _calibration.of_sight(measured)
    assert beside.detect(media_of(scene)) == ()


def test_leads_are_told_in_full(beside: marks.Marks, scene: Picture, media_of: Callable[..., Media]) -> None:
    """However far behind the next mark is: the weights for many marks were fitted with such leads."""
    learned = beside.taught.learned
    assert learned is not None
    first, second = learned.sights(media_of(scene).frames[0])
    assert second.window < UNRIVALLED
    assert (first.ahead, second.ahead) == pytest.approx((first.window - second.window, second.window - first.window))


def test_progress_is_told(again: Again) -> None:
    """Whoever waits hears of every photograph and exemplar, once."""
    total = 3 + EXEMPLARS
    assert [(done, of) for _, done, of in again[2]] == [(i, total) for i in range(1, total + 1)]


def test_one_learns_for_all_that_wait(again: Again) -> None:
    """Whoever asks while another learns the same waits for it, and gets the very same."""
    first, second, told = again
    assert np.array_equal(first.weights, second.weights)
    assert [done for _, done, _ in told].count(1) == 1


def test_what_is_still_to_be_learned_is_known_before(
    exemplars: list[Reference], options: dict[str, Any], detector: marks.Marks, tmp_path: Path
) -> None:
    """What was learned is not due, what nobody learned yet is, and what has too few exemplars never is."""
    fresh = {**options, "cache_dir": str(tmp_path)}
    assert marks.is_due(exemplars, fresh, "ring")
    assert not marks.is_due(exemplars, options, "ring")
    assert not marks.is_due(exemplars[:-1], fresh, "ring")


def test_what_was_learned_is_loaded(exemplars: list[Reference], options: dict[str, Any], detector: marks.Marks) -> None:
    """Another process loads the file and learns nothing: it is never told of progress."""

    def tell(*_: object) -> None:
        raise AssertionError("learned again")

    loaded = _taught.taught(exemplars, options, tell=tell).learned
    assert loaded is not None
    assert detector.taught.learned is not None
    assert np.array_equal(loaded.weights, detector.taught.learned.weights)


@pytest.mark.parametrize("spoil", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"PK" + b[2:100]])
def test_a_spoilt_file_counts_as_none(
    spoil: Callable[[bytes], bytes], detector: marks.Marks, options: dict[str, Any], tmp_path: Path
) -> None:
    """A file that was cut off is not trusted."""
    (file,) = Path(options["cache_dir"]).glob("*.npz")
    (tmp_path / file.name).write_bytes(spoil(file.read_bytes()))
    assert _kept._load(tmp_path / file.name) is None


def test_few_exemplars_are_not_learned_from(exemplars: list[Reference], options: dict[str, Any]) -> None:
    """One exemplar fewer than asked for, and only points count."""
    taught = _taught.taught(exemplars[:-1], {**options, "learn_from": EXEMPLARS})
    assert taught.learned is None
    assert not taught.covers("ring")


def test_the_version_names_what_was_learned(
    detector: marks.Marks, exemplars: list[Reference], options: dict[str, Any]
) -> None:
    """Results that another rule of learning could change are another version; where it is kept is not."""
    assert marks.build(exemplars, {**options, "learn_from": 7}).version != detector.version
    assert "cache_dir" in options
    assert marks.build(exemplars, options).version == detector.version


@pytest.mark.parametrize("network", ["LITE2", "OCR_LINES", "OCR_LETTERS"])
def test_without_weights_points_still_count(
    network: str, exemplars: list[Reference], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a network that sees or reads is not installed the detector is built without what it learned, and a scan says so."""
    monkeypatch.setattr(models, network, replace(getattr(models, network), package="no-such-package"))
    by_points = marks.build(exemplars, {"learn_from": 6})
    assert by_points.taught.learned is None
    assert "no-such-package" in scan.unable([by_points])["marks"]


def test_a_folder_that_is_not_there_is_named(exemplars: list[Reference]) -> None:
    """A bank that an operator named by mistake is refused before anything is scanned."""
    with pytest.raises(BadConfiguration, match="no-such-folder"):
        _taught.taught(exemplars, {"negatives_dir": "/no-such-folder"})


def test_scores_are_those_of_described_windows() -> None:
    """The measure of all windows at once is, window by window, the linear measure of their descriptions."""
    rng = np.random.default_rng(3)
    maps = Maps(
        mid=rng.normal(size=(120, 16, 20)).astype(np.float32),
        deep=rng.normal(size=(352, 8, 10)).astype(np.float32),
        scale_x=1.0,
        scale_y=1.0,
    )
    weights = rng.normal(size=(2, _windows.WIDTH)).astype(np.float32)
    bias, shapes = np.array([1.0, -2.0], np.float32), [_windows.shape_of(1.0), _windows.shape_of(2.5)]
    fits = _windows.scores(maps, weights, bias, shapes)
    for mark, (x, y) in ((0, (3, 5)), (1, (6, 2)), (0, (13, 9))):
        (row,) = _windows.described(maps, [(x, y, shapes[mark])])
        assert fits[mark][y, x] == pytest.approx(float(weights[mark] @ row + bias[mark]), abs=1e-3)


def test_a_window_larger_than_the_map_fits_nowhere() -> None:
    """Small pictures end in no window, not in an error."""
    maps = Maps(mid=np.ones((120, 4, 4), np.float32), deep=np.ones((352, 2, 2), np.float32), scale_x=1.0, scale_y=1.0)
    weights = np.ones((1, _windows.WIDTH), np.float32)
    assert _windows.best([maps], weights, np.zeros(1, np.float32), [_windows.shape_of(1.0)], most=1) == [[]]


def test_a_view_shows_the_mark_in_its_window() -> None:
    """A white mark on a black ground lies where the window is."""
    rng = np.random.default_rng(5)
    shape = _windows.shape_of(1.0)
    ground = np.zeros((300, 300, 3), np.uint8)
    views = [_views.view(np.full((60, 60, 3), 255, np.uint8), shape, [ground], rng) for _ in range(12)]
    inside = slice(5 * 16, 8 * 16)
    bright = [v[inside, inside].mean() - v[:16, :16].mean() for v in views]
    assert max(bright) > 60
    assert min(bright) > -5


def test_regression_tells_groups_apart() -> None:
    """Two marks and a rest that lie apart are told apart."""
    rng = np.random.default_rng(1)
    labels = np.repeat(np.array([0, 1, _fitting.NONE]), 40)
    centres = {0: (4, 0), 1: (0, 4), _fitting.NONE: (0, 0)}
    rows = np.array([centres[label] for label in labels.tolist()]) + rng.normal(0, 0.5, (120, 2))
    weights, bias = _fitting.regression(rows.astype(np.float32), labels, 2, c=1.0)
    claimed = rows @ weights.T + bias > 0
    assert (claimed[:, 0] == (labels == 0)).mean() > 0.97
    assert (claimed[:, 1] == (labels == 1)).mean() > 0.97


@pytest.mark.parametrize("count", [30, 90])
def test_whitening_makes_directions_alike(count: int) -> None:
    """With more rows than columns or fewer, what spreads differently spreads alike afterwards."""
    rng = np.random.default_rng(2)
    rows = (rng.normal(size=(count, 60)) * np.linspace(1, 9, 60)).astype(np.float32)
    labels = np.full(count, _fitting.NONE)
    white = _fitting.whitening(rows, labels, ((60, 1.0),), ridge=1e-6, most=20)
    spread = white(rows).std(axis=0)
    assert spread == pytest.approx(np.ones(20), abs=0.05)


def test_more_of_anything_is_surer() -> None:
    """Each measure that speaks for a mark raises its probability."""
    base: dict[str, Any] = {
        "window": -2.0, "ahead": 0.0, "score": -1.0, "second_lead": 0.0,
        "inliers": 6, "agreement": 0.2, "lead": 1.0, "votes": 0.0, "lettering": None, "rivals": 26,
    }  # fmt: skip
    least = _sure(base)
    for name in ("window", "ahead", "score", "second_lead", "agreement", "votes"):
        assert _sure({**base, name: base[name] + 1}) > least
    assert math.isfinite(least)
    unread = _sure({**base, "lettering": (0.0, 0.0)})
    assert unread < _sure({**base, "lettering": (0.0, 0.8)})
    assert unread < _sure({**base, "lettering": (0.9, 0.0)})


def test_with_few_rivals_leads_say_nothing() -> None:
    """A first mark leads all that is there: what is like a mark is not yet it, unless points agree or its wording is read."""
    base: dict[str, Any] = {
        "window": 1.3, "ahead": 2.3, "score": 0.4, "second_lead": 1.4,
        "inliers": 0, "agreement": 0.0, "lead": 1.0, "votes": -0.5, "lettering": None, "rivals": 0,
    }  # fmt: skip
    assert _sure({**base, "rivals": 26}) > FOUND_FROM
    assert _sure(base) < 0.5
    assert _sure({**base, "ahead": 9.0, "second_lead": 9.0}) == _sure(base)
    assert _sure({**base, "inliers": 12, "agreement": 0.5, "lead": 8.0}) > FOUND_FROM
    assert _sure({**base, "lettering": (0.95, 1.0)}) == pytest.approx(0.95)


def _sure(measures: dict[str, Any]) -> float:
    return _calibration.of_sight(_calibration.Measures(**measures))


def test_learned_arrays_are_small(detector: marks.Marks) -> None:
    """What a detecting process holds for one identifier stays below 16 MiB."""
    learned = detector.taught.learned
    assert isinstance(learned, Learned)
    arrays = [learned.weights, learned.second.matrix, learned.second_weights, learned.typical]
    assert sum(a.nbytes for a in arrays) < 16 * 2**20
