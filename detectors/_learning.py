"""
Learning what marks look like, from their exemplars and from photographs that show none: windows of a picture's maps, then a second look.

The same whenever it is learned again. How the parts are measured is in docs/detection.md.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors import (
    _decode,
    _fitting,
    _inscriptions,
    _mining,
    _network,
    _photographs,
    _pooled,
    _second,
    _views,
    _windows,
)
from detectors._fitting import NONE, Labels, Whitening
from detectors._learned import Learned, name_of
from detectors._network import DEEP_CHANNELS, HEAD_CHANNELS, Maps, Network
from detectors._windows import Shape
from detectors.detector import Reference, Tell
from detectors.mistakes import Mistakes
from detectors.negatives import Negatives
from footprint.digests import digest

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]

VIEWS, SECOND_VIEWS = 20, 8
ROUNDS = 2
MISTAKES_WEIGH = 10
"""How many times a window that people called a mistake counts in the second look, whose regression is held tighter than the first's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """Exemplars in the order that they are learned in: their ids, pictures, and the marks that they belong to, by index."""

    exemplars: tuple[str, ...]
    pictures: tuple[Picture, ...]
    owners: Labels
    marks: tuple[str, ...]

    def of(self, mark: int) -> list[Picture]:
        """The exemplars of a mark."""
        return [p for p, own in zip(self.pictures, self.owners, strict=True) if own == mark]

    def shapes(self) -> tuple[Shape, ...]:
        """The window of each mark."""
        ratios = [[p.shape[1] / p.shape[0] for p in self.of(mark)] for mark in range(len(self.marks))]
        return tuple(_windows.shape_of(float(np.median(own))) for own in ratios)


def learn(references: Sequence[Reference], negatives: Negatives, *, tell: Tell, maps_in: Path | None = None) -> Learned:
    """
    Learn marks from exemplars that can be decoded; maps of the photographs are kept in the folder `maps_in`, where one is named.

    What it costs is in docs/detection.md.
    """
    network, lesson, photographs = _network.network(), _lesson(references), negatives.photographs
    shapes, total = lesson.shapes(), len(photographs) + len(lesson.exemplars)

    def seen(place: int) -> tuple[Floats, Floats]:
        shape = shapes[lesson.owners[place]]
        views = _views_of(lesson.exemplars[place], lesson.pictures[place], shape, photographs)
        return _windows_in(network, views, shape), _looks_at(network, views[:SECOND_VIEWS], shape)

    bank, windows, looks = [], [], []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:  # each runs the network on one: the same numbers
        for maps in threads.map(lambda photograph: _photographs.pyramid(photograph, maps_in), photographs):
            bank.append(maps)
            tell("photographs without marks", len(bank), total)
        for window, look in threads.map(seen, range(len(lesson.exemplars))):
            windows.append(window)
            looks.append(look)
            tell("exemplars", len(bank) + len(looks), total)
    weights, bias = _window_weights(windows, lesson.owners, shapes, bank, negatives.mistakes)
    found = _mining.alike(bank, weights, bias, shapes)
    none = [
        _second.at(network, rgb, pyramid, _mining.hardest(best, _mining.of_each(len(bank))))
        for rgb, pyramid, best in zip(photographs, bank, found, strict=True)
    ]
    white, second_weights, second_bias = _look_weights(looks, lesson.owners, len(shapes), none, negatives.mistakes)
    scores = np.array([[ranked[0].score if ranked else np.nan for ranked in best] for best in found])
    words = _inscriptions.read_on({mark: lesson.of(mark) for mark in range(len(lesson.marks))})
    return Learned(
        marks=lesson.marks,
        shapes=shapes,
        weights=weights,
        bias=bias,
        centre=np.nanmean(scores, axis=0).astype(np.float32),
        spread=np.maximum(np.nanstd(scores, axis=0), 1e-3).astype(np.float32),
        second=white,
        second_weights=second_weights,
        second_bias=second_bias,
        exemplars=lesson.exemplars,
        owners=lesson.owners,
        typical=np.stack([white(rows).mean(axis=0) for rows in looks]),
        words=tuple(word for mark in sorted(words) for word in words[mark]),
        bearers=np.array([mark for mark in sorted(words) for _ in words[mark]], np.intp),
        ground=_pooled.ground(photographs),
    )


def _lesson(references: Sequence[Reference]) -> _Lesson:
    ordered = sorted(references, key=lambda r: (name_of(r), r.exemplar.id))
    marks = tuple(sorted({name_of(r) for r in ordered}))
    return _Lesson(
        exemplars=tuple(r.exemplar.id for r in ordered),
        pictures=tuple(_decode.picture(r.data)[0] for r in ordered),
        owners=np.array([marks.index(name_of(r)) for r in ordered], np.intp),
        marks=marks,
    )


def _views_of(exemplar_id: str, picture: Picture, shape: Shape, grounds: Sequence[Picture]) -> list[Picture]:
    rng = np.random.default_rng([7, *bytes.fromhex(digest(exemplar_id)[:16])])
    return [_views.view(picture, shape, grounds, rng) for _ in range(VIEWS)]


def _windows_in(network: Network, views: Sequence[Picture], shape: Shape) -> Floats:
    place = (_views.MARGIN_CELLS, _views.MARGIN_CELLS, shape)
    return np.concatenate([_windows.described(network.seen(view), [place]) for view in views])


def _looks_at(network: Network, views: Sequence[Picture], shape: Shape) -> Floats:
    first = _views.MARGIN_CELLS * _network.STRIDE_PX
    box = (first, first, first + shape.across * _network.STRIDE_PX, first + shape.down * _network.STRIDE_PX)
    return np.concatenate([_second.looks(network, view, [box]) for view in views])


def _window_weights(
    windows: Sequence[Floats], owners: Labels, shapes: Sequence[Shape], bank: Sequence[Sequence[Maps]], more: Mistakes
) -> tuple[Floats, Floats]:
    """From random windows of the bank and those that were mistaken before, then ROUNDS times from those that are mistaken worst."""
    none = [_mining.drawn(shapes, bank), *([more.windows] if more.digest else [])]
    rows, tags = _tagged(windows, owners, none)
    blocks = ((_windows.WIDTH - DEEP_CHANNELS, 1.0), (DEEP_CHANNELS, 1.5))
    white = _fitting.whitening(rows, tags, blocks, ridge=0.1, most=_windows.WIDTH)
    within = white(rows)
    weights, bias = white.back(*_fitting.discriminant(within, tags, len(shapes)))
    for _ in range(ROUNDS):
        worst = [_mining.worst(pyramid, weights, bias, shapes) for pyramid in bank]
        within = np.concatenate([within, *(white(rows) for rows in worst)])
        tags = np.concatenate([tags, np.full(sum(map(len, worst)), NONE)])
        weights, bias = white.back(*_fitting.regression(within, tags, len(shapes), c=3e-4))
    return weights, bias


def _look_weights(
    looks: Sequence[Floats], owners: Labels, marks: int, none: Sequence[Floats], more: Mistakes
) -> tuple[Whitening, Floats, Floats]:
    """What whitens second looks, and weights of whitened ones."""
    again = [np.repeat(more.looks, MISTAKES_WEIGH, axis=0)] if more.digest else []
    rows, tags = _tagged(looks, owners, [*none, *again])
    blocks = ((HEAD_CHANNELS, 1.0), (_second.WIDTH - HEAD_CHANNELS, 1.0))
    white = _fitting.whitening(rows, tags, blocks, ridge=0.3, most=900)
    return white, *_fitting.regression(white(rows), tags, marks, c=1e-3)


def _tagged(own: Sequence[Floats], owners: Labels, none: Sequence[Floats]) -> tuple[Floats, Labels]:
    """Rows of each exemplar and of what is no mark, and whose they are."""
    tags = np.repeat(owners, [len(rows) for rows in own])
    return np.concatenate([*own, *none]), np.concatenate([tags, np.full(sum(map(len, none)), NONE)])
