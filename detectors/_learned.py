"""What was learned of marks, and what it sees in a frame: each mark's best window, then a second look at it."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors import _network, _second, _windows
from detectors._fitting import Labels, Whitening
from detectors._second import Box
from detectors._windows import Shape
from detectors.detector import Frame, Reference
from footprint.identifiers import Polarity

Floats = NDArray[np.float32]

LOOK_ALIKE = "like "
UNRIVALLED = -1.0
"""Score that a mark is held against where there is no other."""
SECOND_LOOKS = 8
"""Marks whose best window is looked at a second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """
    A mark's best window in a picture, `box`. `window` is its score (a logit), `ahead` by how much it leads the next mark; `deviations` tells
    it in standard deviations above photographs without marks. `look` is None where it was not looked at again. `votes` is the lead of the local
    points that agree with it (see `_pooled`). `rivals` counts the marks that it was told from.
    """

    mark: int
    box: Box
    window: float
    ahead: float
    deviations: float
    look: "Look | None"
    rivals: int
    votes: float = 0.0


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
    `ground` are descriptors of local points that are on no mark, shape (n, 128).
    """

    marks: tuple[str, ...]
    shapes: tuple[Shape, ...]
    weights: Floats
    bias: Floats
    centre: Floats
    spread: Floats
    second: Whitening
    second_weights: Floats
    second_bias: Floats
    exemplars: tuple[str, ...]
    owners: Labels
    typical: Floats
    words: tuple[str, ...]
    bearers: Labels
    ground: Floats

    @property
    def rivals(self) -> int:
        """How many others each mark is told from."""
        return len(self.marks) - 1

    def sights(self, frame: Frame, *, also: Collection[str] = ()) -> tuple[Sight, ...]:
        """Each mark's best window in a frame; the SECOND_LOOKS best, and those of the marks in `also`, are looked at again."""
        network = _network.network()
        pyramid = network.pyramid(frame)
        found = _windows.best(pyramid, self.weights, self.bias, self.shapes, most=1)
        places = {mark: ranked[0] for mark, ranked in enumerate(found) if ranked}
        places = {mark: place for mark, place in places.items() if not self.is_beside(mark)}
        order = sorted(places, key=lambda mark: (-places[mark].score, mark))
        boxes = {mark: places[mark].box(pyramid[places[mark].level]) for mark in order}
        again = order[:SECOND_LOOKS] + [mark for mark in order[SECOND_LOOKS:] if self.marks[mark] in also]
        rows = self.second(_second.looks(network, frame.rgb, [boxes[mark] for mark in again]))
        looks = {mark: self._look(mark, row) for mark, row in zip(again, rows, strict=True)}
        return tuple(
            Sight(
                mark=mark,
                box=boxes[mark],
                window=places[mark].score,
                ahead=places[mark].score - max((places[m].score for m in order if m != mark), default=UNRIVALLED),
                deviations=float((places[mark].score - self.centre[mark]) / self.spread[mark]),
                look=looks.get(mark),
                rivals=self.rivals,
            )
            for mark in order
        )

    def is_beside(self, mark: int) -> bool:
        """Whether it is an identifier's with too few exemplars, which a second look is told from and nothing else."""
        name = self.marks[mark]
        return name.startswith(LOOK_ALIKE) and name.removeprefix(LOOK_ALIKE) not in self.marks

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
