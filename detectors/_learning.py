"""
What marks look like, learned from their exemplars and from photographs that show none: windows of a picture's maps, then a second look.

Learned when a bank of exemplars is first built, kept as a file by the digest of everything that it depends on, and the same whenever it
is learned again. How the parts are measured is in docs/detection.md.
"""

import contextlib
import io
import itertools
import os
import tempfile
import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import scipy
from filelock import FileLock
from numpy.typing import NDArray

from detectors import _decode, _fitting, _inscriptions, _network, _ocr, _views, _windows, models
from detectors._fitting import NONE, Labels
from detectors._network import CHANNELS, DEEP_CHANNELS, HEAD_CHANNELS, Maps, Network
from detectors._windows import Place, Shape
from detectors.detector import Frame, Reference
from detectors.mistakes import Mistakes
from detectors.negatives import Negatives
from footprint.digests import digest
from footprint.identifiers import Polarity

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Box = tuple[float, float, float, float]
Tell = Callable[[str, int, int], None]
"""Told how far learning has come: stage, done, total."""

CODE = "2"
VIEWS, SECOND_VIEWS = 20, 8
RANDOM_WINDOWS = 8800
ROUNDS, WORST = 2, 2
HARDEST, OF_EACH = 700, (3, 30)
"""Windows without marks that the second look learns from: so many of all photographs together, and of each so many at least and at most."""
MISTAKES_WEIGH = 10
"""How many times a window that people called a mistake counts in the second look, whose regression is held tighter than the first's."""
SECOND_SIDE_PX = 160
SECOND_PARTS = 4
SECOND_WIDTH = HEAD_CHANNELS + SECOND_PARTS**2 * CHANNELS
LOOK_ALIKE = "like "
UNRIVALLED = -1.0
"""Score that a mark is held against where there is no other."""
MOST_KEPT = 3
SECOND_LOOKS = 8
"""Marks whose best window is looked at a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """
    A mark's best window in a picture, `box`. `window` is its score (a logit), `ahead` by how much it leads the next mark; `deviations` tells
    it in standard deviations above photographs without marks. `look` is None where it was not looked at again.
    """

    mark: int
    box: Box
    window: float
    ahead: float
    deviations: float
    look: "Look | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A second look: its score (a logit), by how much it leads the next mark, and the exemplar that it is most like."""

    score: float
    lead: float
    exemplar_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """
    Marks by index, as `marks` names them (see `name_of`). Arrays are float32.

    `centre`, `spread` are those of window scores on photographs without marks; `typical` has a row for each of `exemplars`, the mean of its
    whitened second looks, and `owners` the mark that each belongs to. `words` were read on exemplars of the marks that `bearers` names.
    """

    marks: tuple[str, ...]
    shapes: tuple[Shape, ...]
    weights: Floats
    bias: Floats
    centre: Floats
    spread: Floats
    second: _fitting.Whitening
    second_weights: Floats
    second_bias: Floats
    exemplars: tuple[str, ...]
    owners: Labels
    typical: Floats
    words: tuple[str, ...]
    bearers: Labels

    def sights(self, frame: Frame, *, also: Collection[str] = ()) -> tuple[Sight, ...]:
        """Each mark's best window in a frame; the SECOND_LOOKS best, and those of the marks in `also`, are looked at again."""
        network = _network.network()
        pyramid = network.pyramid(frame)
        found = _windows.best(pyramid, self.weights, self.bias, self.shapes, most=1)
        places = {mark: ranked[0] for mark, ranked in enumerate(found) if ranked}
        order = sorted(places, key=lambda mark: (-places[mark].score, mark))
        boxes = {mark: places[mark].box(pyramid[places[mark].level]) for mark in order}
        again = order[:SECOND_LOOKS] + [mark for mark in order[SECOND_LOOKS:] if self.marks[mark] in also]
        rows = self._second(network, frame.rgb, [boxes[mark] for mark in again])
        looks = {mark: self._look(mark, row) for mark, row in zip(again, rows, strict=True)}
        return tuple(
            Sight(
                mark=mark,
                box=boxes[mark],
                window=places[mark].score,
                ahead=places[mark].score - max((places[m].score for m in order if m != mark), default=UNRIVALLED),
                deviations=float((places[mark].score - self.centre[mark]) / self.spread[mark]),
                look=looks.get(mark),
            )
            for mark in order
        )

    def mistaken(self, frame: Frame, names: Collection[str]) -> tuple[Floats, Floats]:
        """What is most like these marks in a frame that shows none of them: rows for the first and for the second look."""
        network = _network.network()
        pyramid = network.pyramid(frame)
        own = [mark for mark, name in enumerate(self.marks) if name in names]
        shapes = [self.shapes[mark] for mark in own]
        found = _windows.best(pyramid, self.weights[own], self.bias[own], shapes, most=WORST)
        places = [p for ranked in found for p in ranked]
        cuts = [_cut(frame.rgb, pyramid, p) for p in _hardest(found, OF_EACH[1])]
        return _described(pyramid, places), _seen(network, cuts)

    def _second(self, network: Network, rgb: Picture, boxes: Sequence[Box]) -> Floats:
        """What second looks at these boxes hold, whitened."""
        return self.second(_seen(network, [_views.cut(rgb, box, side_px=SECOND_SIDE_PX) for box in boxes]))

    def _look(self, mark: int, row: Floats) -> Look:
        scores = self.second_weights @ row + self.second_bias
        rest = np.delete(scores, mark)
        own = np.flatnonzero(self.owners == mark)
        off = ((self.typical[own] - row) ** 2).sum(axis=1)
        return Look(
            score=float(scores[mark]),
            lead=float(scores[mark] - (rest.max() if len(rest) else UNRIVALLED)),
            exemplar_id=self.exemplars[own[int(off.argmin())]],
        )


def name_of(reference: Reference) -> str:
    """What a mark is called here: by its identifier, and look-alikes of it as a mark of their own."""
    own = reference.identifier.id
    return own if reference.exemplar.polarity is Polarity.POSITIVE else f"{LOOK_ALIKE}{own}"


def seen_by() -> str:
    """What makes rows that can be learned from together."""
    return digest(models.LITE0.sha256, _windows.WIDTH, SECOND_WIDTH, SECOND_SIDE_PX)


def key(references: Sequence[Reference], negatives: Negatives) -> str:
    """The digest of everything that learning depends on. Order does not count."""
    own = sorted([r.exemplar.id, name_of(r), r.exemplar.sha256] for r in references)
    return digest(
        CODE,
        own,
        negatives.digest,
        models.LITE0.sha256,
        _ocr.version(),
        *(m.__version__ for m in (cv2, np, onnxruntime, scipy)),
    )


def learned(references: Sequence[Reference], negatives: Negatives, *, folder: Path | None, tell: Tell) -> Learned:
    """
    Learn, or load what was learned before from `folder` (None: keep nothing). One process learns; others that need the same wait for it.

    Raises BadConfiguration where the network's weights are missing.
    """
    if folder is None:
        return learn(references, negatives, tell=tell)
    file = file_of(folder, references, negatives)
    if (known := _load(file)) is not None:
        return known
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "learning.lock"):
        if (known := _load(file)) is not None:
            return known
        made = learn(references, negatives, tell=tell)
        _save(made, file)
        return made


def file_of(folder: Path, references: Sequence[Reference], negatives: Negatives) -> Path:
    """Where what is learned of these is kept."""
    return folder / f"marks-{key(references, negatives)[:32]}.npz"


def learn(references: Sequence[Reference], negatives: Negatives, *, tell: Tell) -> Learned:
    """Learn marks from exemplars that can be decoded. What it costs is in docs/detection.md."""
    network = _network.network()
    ordered = sorted(references, key=lambda r: (name_of(r), r.exemplar.id))
    marks = tuple(sorted({name_of(r) for r in ordered}))
    pictures = [_decode.picture(r.data)[0] for r in ordered]
    labels = np.array([marks.index(name_of(r)) for r in ordered], np.intp)
    shapes = tuple(
        _windows.shape_of(
            float(np.median([p.shape[1] / p.shape[0] for p, own in zip(pictures, labels, strict=True) if own == mark]))
        )
        for mark in range(len(marks))
    )
    total = len(pictures) + len(negatives.photographs)
    bank = []
    for done, photograph in enumerate(negatives.photographs, start=1):
        bank.append(network.pyramid(Frame(rgb=photograph)))
        tell("photographs without marks", done, total)
    first, second = [], []
    for done, (picture, label, reference) in enumerate(zip(pictures, labels, ordered, strict=True), start=1):
        rng = np.random.default_rng([7, *bytes.fromhex(digest(reference.exemplar.id)[:16])])
        views = [_views.view(picture, shapes[label], negatives.photographs, rng) for _ in range(VIEWS)]
        first.append(_rows(network, views, shapes[label]))
        second.append(
            _seen(
                network, [_views.cut(v, _window(shapes[label]), side_px=SECOND_SIDE_PX) for v in views[:SECOND_VIEWS]]
            )
        )
        tell("exemplars", len(bank) + done, total)
    weights, bias = _mined(np.concatenate(first), np.repeat(labels, VIEWS), shapes, bank, negatives.mistakes)
    count = min(max(-(-HARDEST // len(bank)), OF_EACH[0]), OF_EACH[1])
    hardest = [_windows.best(pyramid, weights, bias, shapes, most=-(-count // len(marks))) for pyramid in bank]
    scores = np.array([[ranked[0].score if ranked else np.nan for ranked in found] for found in hardest])
    none = [
        _seen(network, [_cut(rgb, pyramid, p) for p in _hardest(found, count)])
        for rgb, pyramid, found in zip(negatives.photographs, bank, hardest, strict=True)
    ]
    if negatives.mistakes.digest:
        none.append(np.repeat(negatives.mistakes.looks, MISTAKES_WEIGH, axis=0))
    rows = np.concatenate([*second, *none])
    tags = np.concatenate([np.repeat(labels, SECOND_VIEWS), np.full(sum(map(len, none)), NONE)])
    blocks = ((HEAD_CHANNELS, 1.0), (SECOND_PARTS**2 * CHANNELS, 1.0))
    white = _fitting.whitening(rows, tags, blocks, ridge=0.3, most=900)
    within = white(rows)
    second_weights, second_bias = _fitting.regression(within, tags, len(marks), c=1e-3)
    words = _inscriptions.read_on(
        {m: [p for p, own in zip(pictures, labels, strict=True) if own == m] for m in range(len(marks))}
    )
    return Learned(
        marks=marks,
        shapes=shapes,
        weights=weights,
        bias=bias,
        centre=np.nanmean(scores, axis=0).astype(np.float32),
        spread=np.maximum(np.nanstd(scores, axis=0), 1e-3).astype(np.float32),
        second=white,
        second_weights=second_weights,
        second_bias=second_bias,
        exemplars=tuple(r.exemplar.id for r in ordered),
        owners=labels,
        typical=np.stack([white(rows).mean(axis=0) for rows in second]),
        words=tuple(word for mark in sorted(words) for word in words[mark]),
        bearers=np.array([mark for mark in sorted(words) for _ in words[mark]], np.intp),
    )


def _rows(network: Network, views: Sequence[Picture], shape: Shape) -> Floats:
    place = (_views.MARGIN_CELLS, _views.MARGIN_CELLS, shape)
    return np.concatenate([_windows.described(network.seen(view), [place]) for view in views])


def _window(shape: Shape) -> Box:
    """Where the mark is in a view, in pixels."""
    first = _views.MARGIN_CELLS * _network.STRIDE_PX
    return first, first, first + shape.across * _network.STRIDE_PX, first + shape.down * _network.STRIDE_PX


def _seen(network: Network, cuts: Sequence[Picture]) -> Floats:
    """What second looks hold: the mean of the head and the means of 4 x 4 parts, each of length 1, shape (n, SECOND_WIDTH)."""
    rows = np.empty((len(cuts), SECOND_WIDTH), np.float32)
    for row, cut in zip(rows, cuts, strict=True):
        mid, head = (maps[0] for maps in network.run(_network.prepared(cut[None])))
        edges = [round(i * mid.shape[1] / SECOND_PARTS) for i in range(SECOND_PARTS + 1)]
        spans = [slice(a, b) for a, b in itertools.pairwise(edges)]
        parts = np.stack([mid[:, down, across].mean(axis=(1, 2)) for down in spans for across in spans], axis=1)
        whole = head.mean(axis=(1, 2))
        row[:HEAD_CHANNELS] = whole / max(float(np.linalg.norm(whole)), 1e-9)
        row[HEAD_CHANNELS:] = parts.ravel() / max(float(np.linalg.norm(parts)), 1e-9)
    return rows


def _mined(
    positives: Floats, labels: Labels, shapes: Sequence[Shape], bank: Sequence[Sequence[Maps]], mistakes: Mistakes
) -> tuple[Floats, Floats]:
    """
    Weights of window descriptions, from random windows of the bank and those that were mistaken before, then twice from those that are mistaken
    worst.
    """
    some = _random(shapes, bank)
    if mistakes.digest:
        some = np.concatenate([some, mistakes.windows])
    rows = np.concatenate([positives, some])
    tags = np.concatenate([labels, np.full(len(some), NONE)])
    blocks = ((_windows.WIDTH - DEEP_CHANNELS, 1.0), (DEEP_CHANNELS, 1.5))
    white = _fitting.whitening(rows, tags, blocks, ridge=0.1, most=_windows.WIDTH)
    within = white(rows)
    weights, bias = white.back(*_fitting.discriminant(within, tags, len(shapes)))
    for _ in range(ROUNDS):
        worst = [_worst(pyramid, weights, bias, shapes) for pyramid in bank]
        within = np.concatenate([within, *(white(rows) for rows in worst)])
        tags = np.concatenate([tags, np.full(sum(map(len, worst)), NONE)])
        weights, bias = white.back(*_fitting.regression(within, tags, len(shapes), c=3e-4))
    return weights, bias


def _random(shapes: Sequence[Shape], bank: Sequence[Sequence[Maps]]) -> Floats:
    rng = np.random.default_rng(11)
    rows = []
    for pyramid in bank:
        sizes = np.sqrt([maps.mid.shape[1] * maps.mid.shape[2] for maps in pyramid])
        levels = rng.choice(len(pyramid), -(-RANDOM_WINDOWS // len(bank)), p=sizes / sizes.sum())
        for level, maps in enumerate(pyramid):
            _, height, width = maps.mid.shape
            drawn = [shapes[int(rng.integers(len(shapes)))] for _ in range(int((levels == level).sum()))]
            rows.append(
                _windows.described(
                    maps,
                    [
                        (int(rng.integers(width - s.across + 1)), int(rng.integers(height - s.down + 1)), s)
                        for s in drawn
                        if s.across <= width and s.down <= height
                    ],
                )
            )
    return np.concatenate(rows)


def _worst(pyramid: Sequence[Maps], weights: Floats, bias: Floats, shapes: Sequence[Shape]) -> Floats:
    found = _windows.best(pyramid, weights, bias, shapes, most=WORST)
    return _described(pyramid, [p for ranked in found for p in ranked])


def _described(pyramid: Sequence[Maps], places: Sequence[Place]) -> Floats:
    """Rows of windows, by level."""
    return np.concatenate(
        [
            _windows.described(maps, [(p.x, p.y, p.shape) for p in places if p.level == level])
            for level, maps in enumerate(pyramid)
        ]
    )


def _cut(rgb: Picture, pyramid: Sequence[Maps], place: Place) -> Picture:
    return _views.cut(rgb, place.box(pyramid[place.level]), side_px=SECOND_SIDE_PX)


def _hardest(found: Sequence[Sequence[Place]], count: int) -> list[Place]:
    return sorted((p for ranked in found for p in ranked), key=lambda p: (-p.score, p.level, p.y, p.x))[:count]


def _save(made: Learned, file: Path) -> None:
    """Written whole or not at all, since others read without the lock. Of older files MOST_KEPT stay."""
    arrays = {name: getattr(made, name) for name in _ARRAYS}
    held = io.BytesIO()
    np.savez(
        held,
        marks=np.array(made.marks),
        exemplars=np.array(made.exemplars),
        words=np.array(made.words, np.str_),
        shapes=np.array([(s.across, s.down) for s in made.shapes]),
        second_mean=made.second.mean,
        second_matrix=made.second.matrix,
        **arrays,
    )
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(held.getvalue())
    Path(name).replace(file)
    with contextlib.suppress(FileNotFoundError):  # another process may remove the same
        others = [p for p in file.parent.glob("marks-*") if p != file]
        for old in sorted(others, key=lambda p: p.stat().st_mtime, reverse=True)[MOST_KEPT:]:
            old.unlink()


def _load(file: Path) -> Learned | None:
    """What was learned before; None where it was not, or the file is not whole."""
    try:
        with np.load(file, allow_pickle=False) as held:
            return Learned(
                marks=tuple(str(m) for m in held["marks"]),
                exemplars=tuple(str(e) for e in held["exemplars"]),
                words=tuple(str(w) for w in held["words"]),
                shapes=tuple(Shape(int(a), int(d)) for a, d in held["shapes"]),
                second=_fitting.Whitening(held["second_mean"], held["second_matrix"]),
                **{name: held[name] for name in _ARRAYS},
            )
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return None


_ARRAYS = (
    "weights",
    "bias",
    "centre",
    "spread",
    "second_weights",
    "second_bias",
    "owners",
    "typical",
    "bearers",
)
