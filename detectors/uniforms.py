"""
Persons in the Department's uniform: colours and pattern of the garment, and what is written on it.

The garment is what is looked at: the top of the box, where a standing person's head is, is cut off and the background masked before
anything is worked out, and nothing that is worked out of a person is kept (guardrail G10). A garment alone is possible at most; registered wording on it makes it more, and patches and badges are found as
marks. Persons are found by the operator's network; without one, only wording counts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from detectors import _bearers, _boxes
from detectors._bearers import Bearers, Sort
from detectors._boxes import Picture
from detectors.detector import Reference
from footprint.identifiers import Kind

HEAD = 0.18
"""Share of a person's height that is left away from the top."""
SIDE_PX = 192
ROUNDS = 3
GROUND = 127
"""Grey of what is masked: the middle of what the network takes."""
LEAST_SHARE = 0.15
"""A mask that leaves less is taken to have failed, and the whole crop counts."""


def garment(person: Picture) -> Picture:
    """A person's crop from the shoulders down, with the background in grey (GrabCut, Rother et al. 2004). The same in every process."""
    body = np.ascontiguousarray(person[round(HEAD * len(person)) :])
    if min(body.shape[:2]) < _boxes.LEAST_SIDE_PX // 2:
        return body
    scale = min(1.0, SIDE_PX / max(body.shape[:2]))
    size = max(8, round(body.shape[1] * scale)), max(8, round(body.shape[0] * scale))
    small = cv2.resize(body, size, interpolation=cv2.INTER_AREA)
    mask = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    inset = max(1, size[0] // 8)
    mask[:, inset:-inset] = cv2.GC_PR_FGD
    mask[:, : max(1, inset // 3)] = mask[:, -max(1, inset // 3) :] = cv2.GC_BGD
    cv2.setRNGSeed(1)
    cv2.grabCut(small, mask, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), ROUNDS, cv2.GC_INIT_WITH_MASK)
    solid = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    if solid.mean() < LEAST_SHARE:
        return body
    where = cv2.resize(solid, (body.shape[1], body.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.where(where[:, :, None] > 0, body, np.uint8(GROUND)).astype(np.uint8)


SORT = Sort(
    name="uniforms",
    code="3",
    kind=Kind.UNIFORM,
    bears=frozenset({Kind.PATCH, Kind.BADGE, Kind.EMBLEM}),
    classes=_boxes.PERSONS,
    whole="the whole garment",
    mark="a patch",
    others="other persons' clothes",
    shown=garment,
    has_windows=False,
)


def build(references: Sequence[Reference], options: Mapping[str, Any]) -> Bearers:
    """Make the detector; options and errors as `_bearers.bearers` has them."""
    return _bearers.bearers(SORT, references, options)


def lacks(own: Sequence[Reference], references: Sequence[Reference], options: Mapping[str, Any]) -> str:
    """What one identifier's exemplars need besides before they are looked for, "" where nothing; as `_bearers.lacks` has it."""
    return _bearers.lacks(SORT, own, references, options)
