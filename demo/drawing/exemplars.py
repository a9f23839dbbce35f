"""The references that the Department registers: studio photographs of each mark, from a few angles, on a plain ground."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.drawing import camera, marks, prints
from demo.drawing.canvas import Floats, filled, noise
from demo.drawing.scene import Quad, Scene, whole
from demo.drawing.vehicles import car

_SIDE_PX = 560


VIEWS = ("front", "from the left", "from the right", "from below")
DOOR = "front door with lettering"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One exemplar: of which mark, a JPEG, and what an operator would write beside it."""

    mark: str
    data: bytes
    label: str


def views(mark: str) -> tuple[str, ...]:
    """From where a mark is photographed: its four views, of a car also the door."""
    return (*VIEWS, DOOR) if mark in (marks.CAR, marks.ELK_CAR) else VIEWS


def photograph(mark: str, view: str, *, seed: int) -> bytes:
    """One exemplar, as a JPEG."""
    rng = np.random.default_rng([seed, *mark.encode(), *view.encode()])
    picture = _door(mark, rng) if view == DOOR else _studio(mark, VIEWS.index(view), rng)
    return camera.jpeg(picture, quality=92)


def references(mark: str, *, seed: int) -> Iterator[Reference]:
    """All exemplars of one mark."""
    for view in views(mark):
        yield Reference(mark=mark, data=photograph(mark, view, seed=seed), label=view)


def _studio(name: str, view: int, rng: np.random.Generator) -> Floats:
    """The mark on a grey card, filling nearly all of it."""
    card = (
        filled(_SIDE_PX, _SIDE_PX, (0.78, 0.78, 0.77)) + noise(_SIDE_PX, _SIDE_PX, rng, cell=_SIDE_PX)[..., None] * 0.02
    )
    scene = Scene(card)
    layer = {marks.CAR: prints.door_shield, marks.ELK_CAR: prints.elk_shield, marks.TOY: prints.toy_shield}.get(name)
    subject = whole(name, layer() if layer else marks.layer(name, view))
    scene.put(subject, _viewed(view), shadow=(4, 6, 7))
    picture, _ = camera.expose(scene, camera.Camera(blur_px=0.4, grain=0.004, vignette=0.06), rng)
    return picture


def _viewed(view: int) -> Quad:
    near, far, left, right = 34.0, 78.0, 26.0, 534.0
    match view:
        case 1:
            return ((left + 30, near), (right - 20, far), (right - 20, 560 - far), (left + 30, 560 - near))
        case 2:
            return ((left + 20, far), (right - 30, near), (right - 30, 560 - near), (left + 20, 560 - far))
        case 3:
            return ((far, left + 24), (560 - far, left + 24), (560 - near, right - 24), (near, right - 24))
    return ((left, left), (right, left), (right, right), (left, right))


def _door(name: str, rng: np.random.Generator) -> Floats:
    """The side of a car from the shield to the lettering."""
    unit = 6.5
    subject = car(marks.livery(name, rng), unit_px=unit, rng=rng)
    picture = filled(subject.layer.shape[1], subject.layer.shape[0], (0.7, 0.7, 0.7))
    scene = Scene(picture)
    scene.put_box(subject, left=0, top=0, width=picture.shape[1])
    taken, _ = camera.expose(scene, camera.Camera(blur_px=0.5, grain=0.006, vignette=0.05), rng)
    return np.ascontiguousarray(taken[round(48 * unit) : round(86 * unit), round(88 * unit) : round(200 * unit)])
