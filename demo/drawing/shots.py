"""
Photographs: a place, what stands in it, and the camera.

`take` draws one from its description alone: the same shot is the same bytes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from demo.drawing import camera, compositions, indoors, marks, outdoors
from demo.drawing.canvas import Floats
from demo.drawing.scene import Mark, Scene
from demo.drawing.setting import Rng, choice


class Difficulty(StrEnum):
    """How well a picture shows its marks."""

    CLEAR = "clear"
    HARD = "hard"
    BEYOND = "beyond"


class Composition(StrEnum):
    """How a picture is arranged."""

    CLOSE_UP = "close_up"
    PORTRAIT = "portrait"
    GROUP = "group"
    ROADSIDE = "roadside"
    TABLE = "table"
    PLAQUE = "plaque"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What to draw. `shows` names marks, the Department's or others'; `mark_px` the side of the first one in the picture."""

    seed: int
    composition: Composition
    shows: tuple[str, ...] = ()
    difficulty: Difficulty = Difficulty.CLEAR
    mark_px: int = 140
    width: int = 1024
    height: int = 768
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A finished picture, float RGB, with the marks in it and the JPEG quality that its camera would write."""

    picture: Floats
    marks: tuple[Mark, ...]
    quality: int

    def jpeg(self) -> bytes:
        """The picture as the camera would write it."""
        return camera.jpeg(self.picture, quality=self.quality)


def take(shot: Shot) -> Photograph:
    """Draw a photograph."""
    rng = np.random.default_rng([shot.seed, 40])
    name = shot.place or choice(_SUITED[shot.composition], rng)
    place, plain = _PLACES[name]
    scene = Scene(place(shot.width, shot.height, rng))
    _ARRANGED.get(shot.composition, plain)(scene, shot.shows, shot.mark_px, rng)
    exposure = camera.handheld(rng)
    if name == "night":
        exposure = replace(exposure, grain=exposure.grain * 2.2, cast=(1.05, 1.0, 0.9), exposure=1.1)
    if shot.difficulty is Difficulty.HARD:
        exposure = _spoilt(scene, exposure, shot.mark_px, rng)
    picture, found = camera.expose(scene, exposure, rng)
    return Photograph(picture=picture, marks=found, quality=exposure.quality)


def samples(seed: int, count: int) -> Iterator[tuple[bytes, tuple[Mark, ...]]]:
    """Photographs of all sorts as (JPEG, marks in it), for calibration: ours, look-alikes, and plain ones."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        photograph = take(any_shot(rng))
        yield photograph.jpeg(), photograph.marks


def any_shot(rng: Rng) -> Shot:
    """A shot of any sort: half show the Department, a quarter something like it, a quarter neither."""
    sort = rng.random()
    names = marks.OURS if sort < 0.5 else marks.LOOK_ALIKES
    shows = () if sort > 0.75 else (str(rng.choice(names)),)
    width, height = _SIZES[rng.integers(len(_SIZES))]
    return Shot(
        seed=int(rng.integers(2**31)), composition=suited(shows, rng), shows=shows, width=width, height=height,
        difficulty=Difficulty.HARD if rng.random() < 0.15 else Difficulty.CLEAR, mark_px=int(rng.integers(80, 260)),
    )  # fmt: skip


def suited(shows: tuple[str, ...], rng: Rng) -> Composition:
    """A composition in which such marks are seen."""
    if not shows:
        return Composition.PLAIN
    if shows[0] == marks.TOY:
        return Composition.TABLE
    if shows[0] in marks.VEHICLES:
        return Composition.ROADSIDE
    if shows[0] == marks.SEAL:
        return Composition(rng.choice([Composition.PLAQUE, Composition.TABLE]))
    if shows[0] == marks.COSTUME:
        return Composition(rng.choice([Composition.TABLE, Composition.CLOSE_UP]))
    return Composition(rng.choice([Composition.CLOSE_UP, Composition.PORTRAIT, Composition.GROUP, Composition.TABLE]))


def _spoilt(scene: Scene, exposure: camera.Camera, mark_px: float, rng: Rng) -> camera.Camera:
    """One thing that makes a mark hard to find: shake, missed focus, darkness with grain, or something in front of it."""
    match int(rng.integers(4)):
        case 0:
            return replace(exposure, motion_px=max(7.0, mark_px * 0.09), motion_deg=float(rng.uniform(0, 180)))
        case 1:
            return replace(exposure, blur_px=max(2.0, mark_px * 0.024))
        case 2:
            return replace(exposure, exposure=0.30, grain=0.06, quality=38)
    for mark in scene.marks[:1]:
        compositions.strap(scene, mark, rng)
    return exposure


Arrangement = Callable[[Scene, tuple[str, ...], float, Rng], None]

_SIZES = ((640, 480), (800, 600), (1024, 768), (1080, 1080), (960, 1200), (1280, 960), (1600, 1200))
_ARRANGED: dict[Composition, Arrangement] = {
    Composition.CLOSE_UP: compositions.close_up,
    Composition.PORTRAIT: compositions.portrait,
    Composition.GROUP: compositions.group,
    Composition.ROADSIDE: compositions.roadside,
    Composition.TABLE: compositions.table,
    Composition.PLAQUE: compositions.plaque,
}
_PLACES: dict[str, tuple[Callable[[int, int, Rng], Floats], Arrangement]] = {
    "street": (outdoors.street, compositions.traffic),
    "park": (outdoors.park, compositions.people),
    "fair": (outdoors.fair, compositions.people),
    "night": (outdoors.night, compositions.traffic),
    "desk": (indoors.desk, compositions.surface),
    "garage": (indoors.garage, compositions.traffic),
    "hall": (indoors.hall, compositions.people),
    "wall": (indoors.wall, compositions.people),
    "jacket": (indoors.jacket, compositions.surface),
    "room": (indoors.room, compositions.people),
}
_SUITED = {
    Composition.CLOSE_UP: "jacket",
    Composition.PORTRAIT: "street park fair hall night garage",
    Composition.GROUP: "park fair hall street",
    Composition.ROADSIDE: "street park night garage",
    Composition.TABLE: "desk",
    Composition.PLAQUE: "wall hall room",
    Composition.PLAIN: "street park fair desk garage night hall wall room",
}
