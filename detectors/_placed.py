"""
References placed on a scene by their local points: how strong each placement is, which of those that compete for a place stand, and what
is claimed of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors import _calibration, _evidence, _features, _photometry, _placement, _quads, _whole
from detectors._bank import Known
from detectors._claims import Claim, name_of
from detectors._features import Features
from detectors._placement import Placement
from detectors._whole import Copy
from footprint.findings import Quad

RATIO = 0.8
MIN_INLIERS = 5
MOST_INSTANCES = 4
SAME_PLACE = 0.3
"""Overlap from which two placements are of one thing in the scene."""
LEAST_SHARE = 0.3
"""Least share of a mark that must lie inside the picture for its look to count."""
LEAST_RIVAL = 2.5
"""What a placement is compared with where no other identifier has any."""
CLEARLY = 1.5
"""How many times as many points a rival in the same place must explain for a claim to be given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A reference at a place of the scene."""

    known: Known
    placement: Placement
    agreement: float

    @property
    def strength(self) -> float:
        """How much of the scene it explains."""
        return self.placement.inliers * (0.5 + max(0.0, self.agreement))

    @property
    def probability(self) -> float:
        return _calibration.of_mark(self.placement.inliers, self.agreement)

    @property
    def identifier(self) -> str:
        return self.known.reference.identifier.id

    @property
    def rank(self) -> tuple[float, str]:
        return -self.strength, self.known.reference.exemplar.id


def on_scene(bank: Sequence[Known], grey: NDArray[np.uint8], scene: Features) -> Iterator[Placed]:
    """Every placement of every reference that enough points agree on."""
    for known in bank:
        pairs = _features.alike(known.features, scene, ratio=RATIO)
        for placement in _placement.placements(
            known.features, scene, pairs, min_inliers=MIN_INLIERS, most=MOST_INSTANCES
        ):
            laid = _photometry.lay(known.grey, known.solid, grey, placement.homography)
            agreement = laid.agreement() if laid.share >= LEAST_SHARE else 0.0
            yield Placed(known=known, placement=placement, agreement=agreement)


def best_of_each_place(ranked: Sequence[Placed]) -> list[Placed]:
    """One an identifier and place; and none where another identifier explains the same place clearly better."""
    kept: list[Placed] = []
    for seen in ranked:
        rivals = [before for before in kept if is_same_place(before, seen)]
        if not any(r.identifier == seen.identifier or r.strength > CLEARLY * seen.strength for r in rivals):
            kept.append(seen)
    return kept


def is_same_place(one: Placed, other: Placed) -> bool:
    """Whether two are of one thing in the scene."""
    return _quads.overlap(one.placement.quad, other.placement.quad) > SAME_PLACE


def claim_of(seen: Placed, scene: Features, rival: Placed | None, approved: Sequence[Copy]) -> Claim:
    """What is claimed of one; `rival` is the strongest look-alike in the same place."""
    reference, placement = seen.known.reference, seen.placement
    evidence = _evidence.of_placement(seen.known.features, scene, placement) | {
        "agreement": round(seen.agreement, 3),
        "look_alike": None if rival is None else _rival_evidence(rival),
    }
    evidence |= _whole.approved_use(reference, placement.quad, approved)
    return Claim(
        reference=reference,
        quad=placement.quad,
        measure=float(placement.inliers),
        unit="inliers",
        probability=seen.probability,
        sentence=f"{placement.inliers} of {placement.candidates} points of {name_of(reference)} agree on one placement.",
        evidence=evidence,
    )


def _rival_evidence(rival: Placed) -> dict[str, Any]:
    exemplar = rival.known.reference.exemplar
    return {"exemplar_id": exemplar.id, "label": exemplar.label, "inliers": rival.placement.inliers}


def strongest(identifier: str, ours: Sequence[Placed]) -> tuple[Placed | None, float]:
    """An identifier's strongest placement, and how strong that of any other is."""
    best = next((s for s in ours if s.identifier == identifier), None)
    return best, next((s.strength for s in ours if s.identifier != identifier), LEAST_RIVAL)


def covers(seen: Placed, quad: Quad) -> bool:
    """Whether it is of the thing that lies at `quad` in the scene."""
    return _quads.overlap(seen.placement.quad, quad) > SAME_PLACE
