"""
Photographs: a place, what stands in it, and the camera.

`take` draws one from its description alone: the same shot is the same bytes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from demo.drawing import camera, marks, places
from demo.drawing.canvas import Colour, Floats, blurred, polygon, rgb, tinted
from demo.drawing.people import Look, Worn, person
from demo.drawing.scene import Mark, Scene, Subject, whole
from demo.drawing.textures import cloth
from demo.drawing.vehicles import car

Rng = np.random.Generator


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
    name = shot.place or str(rng.choice(_PLACES[shot.composition]))
    place: places.Place = getattr(places, name)
    scene = Scene(place(shot.width, shot.height, rng))
    _COMPOSE[shot.composition](scene, shot, rng)
    exposure = camera.handheld(rng)
    if name == "night":
        exposure = replace(exposure, grain=exposure.grain * 2.2, cast=(1.05, 1.0, 0.9), exposure=1.1)
    scene, exposure = _spoilt(scene, exposure, shot, rng) if shot.difficulty is Difficulty.HARD else (scene, exposure)
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


_SIZES = ((640, 480), (800, 600), (1024, 768), (1080, 1080), (960, 1200), (1280, 960), (1600, 1200))
_PLACES = {
    Composition.CLOSE_UP: ("jacket",),
    Composition.PORTRAIT: ("street", "park", "fair", "hall", "night", "garage"),
    Composition.GROUP: ("park", "fair", "hall", "street"),
    Composition.ROADSIDE: ("street", "park", "night", "garage"),
    Composition.TABLE: ("desk",),
    Composition.PLAQUE: ("wall", "hall", "room"),
    Composition.PLAIN: ("street", "park", "fair", "desk", "garage", "night", "hall", "wall", "jacket", "room"),
}
_FINEST_UNIT_PX = 9.0
_NAVY, _DARK_NAVY = rgb("28335a"), rgb("1c2440")
_UNIFORMS = {marks.ELK_PATCH: (rgb("7a6a4c"), rgb("4a3b2a")), marks.GUARD: (rgb("dcdcd6"), rgb("22252b"))}
_SHIRTS = ("b5443c", "3f7f6b", "d8d2c4", "44516b", "c98f3d", "6b4a7d", "8fa6b8", "2f2f33")


def _close_up(scene: Scene, shot: Shot, rng: Rng) -> None:
    """Marks on cloth that fills the frame."""
    for k, name in enumerate(shot.shows):
        size = shot.mark_px * (1.0 if k == 0 else 0.8)
        x = scene.width * ((k + 0.5) / len(shot.shows) + rng.uniform(-0.08, 0.08))
        y = scene.height * rng.uniform(0.36, 0.62)
        subject = whole(name, marks.layer(name, int(rng.integers(4))))
        scene.put(subject, _leaning(x, y, size, rng), shadow=(size * 0.01, size * 0.016, size * 0.02))


def _portrait(scene: Scene, shot: Shot, rng: Rng) -> None:
    """Somebody from head to belt; where the mark is to be large, nearer: the arm or the chest that wears it."""
    unit = _unit_px(shot)
    subject = _somebody(shot.shows, unit_px=min(unit, _FINEST_UNIT_PX), waist_up=True, rng=rng)
    enlarged = unit / min(unit, _FINEST_UNIT_PX)
    if unit * 90 < scene.height:
        _stand(scene, subject, x=scene.width * float(rng.uniform(0.35, 0.65)), foot=scene.height * 1.02, scale=enlarged)
        return
    worn = np.mean(subject.marks[0].quad, axis=0) * enlarged if subject.marks else np.asarray((50 * unit, 40 * unit))
    x = scene.width * float(rng.uniform(0.36, 0.62)) - float(worn[0])
    y = scene.height * float(rng.uniform(0.42, 0.6)) - float(worn[1])
    wide = subject.layer.shape[1] * enlarged
    lowest = scene.height - subject.layer.shape[0] * enlarged
    scene.put_box(subject, left=x, top=max(y, lowest), width=wide, shadow=(unit * 4, 0.0, unit * 4))


def _group(scene: Scene, shot: Shot, rng: Rng) -> None:
    """People side by side, one of them in uniform where there is a mark to show."""
    unit = min(_unit_px(shot), scene.height / 100, scene.width / 110)
    count = max(2, min(4, int(scene.width / (unit * 74))))
    dressed = int(rng.integers(count))
    waist_up = unit * 250 > scene.height * 0.95
    for k in range(count):
        subject = _somebody(shot.shows if k == dressed else (), unit_px=unit, waist_up=waist_up, rng=rng)
        foot = scene.height * float(rng.uniform(1.02, 1.1) if waist_up else rng.uniform(0.9, 0.97))
        _stand(scene, subject, x=scene.width * (k + 0.5) / count, foot=foot)


def _roadside(scene: Scene, shot: Shot, rng: Rng) -> None:
    """A car, seen at a slant."""
    unit = shot.mark_px / 30
    subject = car(marks.livery(shot.shows[0] if shot.shows else "", rng), unit_px=min(unit, 5.0), rng=rng)
    wide, tall = 300 * unit, 108 * unit
    shield = 112 * unit
    left = min(scene.width * 0.5 - shield + scene.width * float(rng.uniform(-0.15, 0.15)), scene.width * 0.4)
    if wide < scene.width:
        left = (scene.width - wide) * float(rng.uniform(0.1, 0.9))
    foot = scene.height * float(rng.uniform(0.82, 0.95))
    near, far = float(rng.uniform(1.0, 1.12)), float(rng.uniform(0.84, 1.0))
    quad = [
        (left, foot - tall * near),
        (left + wide * 0.97, foot - tall * far),
        (left + wide * 0.97, foot - tall * (1 - far) * 0.25),
        (left, foot),
    ]
    if rng.random() < 0.5:
        quad = [
            (left, foot - tall * far),
            (left + wide * 0.97, foot - tall * near),
            (left + wide * 0.97, foot),
            (left, foot - tall * (1 - far) * 0.25),
        ]
    shade = blurred(
        polygon(
            scene.width,
            scene.height,
            [(left, foot - tall * 0.13), (left + wide, foot - tall * 0.13), (left + wide, foot + 4), (left, foot + 4)],
        ),
        unit * 3 + 2,
    )
    scene.put(Subject(layer=tinted(shade * 0.75, (0.02, 0.02, 0.03))), _frame(scene))
    scene.put(subject, quad)


def _table(scene: Scene, shot: Shot, rng: Rng) -> None:
    """Things laid on a table."""
    for k, name in enumerate(shot.shows):
        size = shot.mark_px * (1.0 if k == 0 else 0.8)
        x = scene.width * ((k + 0.6) / (len(shot.shows) + 0.2) + rng.uniform(-0.06, 0.06))
        y = scene.height * rng.uniform(0.4, 0.65)
        if name == marks.TOY:
            toy = car(marks.livery(name, rng), unit_px=max(1.5, size / 36), rng=rng)
            scene.put_box(
                toy,
                left=x - size * 2.2,
                top=y - size,
                width=size * 300 / 40,
                shadow=(size * 0.1, size * 0.2, size * 0.12),
            )
            continue
        subject = whole(name, marks.layer(name, int(rng.integers(4))))
        scene.put(subject, _leaning(x, y, size, rng, slant=0.8), shadow=(size * 0.03, size * 0.04, size * 0.03))


def _plaque(scene: Scene, shot: Shot, rng: Rng) -> None:
    """A mark on a wall or the front of a lectern."""
    size = float(shot.mark_px)
    x, y = scene.width * float(rng.uniform(0.35, 0.65)), scene.height * float(rng.uniform(0.32, 0.5))
    board = cloth(320, 320, rng, colour=rgb(str(rng.choice(["4a2f1d", "e6e0d2", "1f2940"]))), thread_px=2.0)
    plate = Subject(layer=tinted(np.ones((320, 320), np.float32), board))
    quad = _leaning(x, y, size, rng, turn=0.05)
    middle = np.mean(quad, axis=0)
    around = [tuple(middle + (np.asarray(corner) - middle) * 1.28) for corner in quad]
    scene.put(plate, [(float(a), float(b)) for a, b in around], shadow=(size * 0.04, size * 0.05, size * 0.04))
    scene.put(whole(shot.shows[0], marks.layer(shot.shows[0])), quad)
    if rng.random() < 0.6:
        subject = _somebody((), unit_px=size / 22, waist_up=True, rng=rng)
        _stand(scene, subject, x=x + size * 1.9 * float(rng.choice([-1, 1])), foot=scene.height * 1.05)


def _plain(scene: Scene, shot: Shot, rng: Rng) -> None:
    """Everyday things that identify nobody."""
    choice = rng.random()
    if choice < 0.45:
        _group(scene, replace(shot, shows=(), mark_px=int(rng.integers(60, 120))), rng)
    elif choice < 0.7:
        _roadside(scene, replace(shot, shows=(), mark_px=int(rng.integers(50, 90))), rng)


_COMPOSE: dict[Composition, Callable[[Scene, Shot, Rng], None]] = {
    Composition.CLOSE_UP: _close_up,
    Composition.PORTRAIT: _portrait,
    Composition.GROUP: _group,
    Composition.ROADSIDE: _roadside,
    Composition.TABLE: _table,
    Composition.PLAQUE: _plaque,
    Composition.PLAIN: _plain,
}


def _unit_px(shot: Shot) -> float:
    """The scale of a person at which the first mark has the size asked for."""
    units = 10.0 if shot.shows and shot.shows[0] in marks.BADGES else 12.7
    return max(1.2, shot.mark_px / units)


def _somebody(shows: tuple[str, ...], *, unit_px: float, waist_up: bool, rng: Rng) -> Subject:
    worn = {name: Worn(what=name, layer=marks.layer(name, int(rng.integers(4)))) for name in shows}
    patch = next((worn[name] for name in shows if name in marks.PATCHES), None)
    badge = next((worn[name] for name in shows if name in marks.BADGES), None)
    if patch is None and badge is None:
        shirt: Colour = rgb(str(rng.choice(_SHIRTS)))
        stripe = rgb(str(rng.choice(_SHIRTS))) if rng.random() < 0.3 else None
        look = Look(shirt=shirt, trousers=rgb("3a4a63"), stripe=stripe, long_sleeves=rng.random() < 0.4)
        return person(look, unit_px=unit_px, waist_up=waist_up, rng=rng)
    shirt, trousers = next((_UNIFORMS[name] for name in shows if name in _UNIFORMS), (_NAVY, _DARK_NAVY))
    name = str(rng.choice(["ORTIZ", "REYES", "LINDQVIST", "OKAFOR", "TRAN", "HOLLAND"]))
    look = Look(
        shirt=shirt, trousers=trousers, patch=patch, badge=badge, plate=name, is_uniform=True,
        cap=trousers if rng.random() < 0.35 else None, turn=float(rng.uniform(0.2, 1.0)),
    )  # fmt: skip
    return person(look, unit_px=unit_px, waist_up=waist_up, rng=rng)


def _stand(scene: Scene, subject: Subject, *, x: float, foot: float, scale: float = 1.0) -> None:
    tall, wide = subject.layer.shape[0] * scale, subject.layer.shape[1] * scale
    scene.put_box(subject, left=x - wide / 2, top=foot - tall, width=wide, shadow=(wide * 0.05, 0.0, wide * 0.05))


def _leaning(
    x: float, y: float, size: float, rng: Rng, *, turn: float = 0.35, slant: float = 1.0
) -> list[tuple[float, float]]:
    """A square around a place, turned and seen from somewhere aside."""
    angle, aside, above = rng.normal(0, turn), rng.uniform(-0.22, 0.22), rng.uniform(-0.16, 0.16)
    c, s, half = np.cos(angle), np.sin(angle), size / 2
    quad = []
    for across, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        px, py = c * across - s * down, s * across + c * down
        depth = 1 + aside * px * 0.8 + above * py * 0.8
        quad.append(
            (
                float(x + half * px * (1 - abs(aside) * 0.8) / depth),
                float(y + half * py * slant * (1 - abs(above) * 0.6) / depth),
            )
        )
    return quad


def _frame(scene: Scene) -> list[tuple[float, float]]:
    return [(0, 0), (scene.width, 0), (scene.width, scene.height), (0, scene.height)]


def _spoilt(scene: Scene, exposure: camera.Camera, shot: Shot, rng: Rng) -> tuple[Scene, camera.Camera]:
    """One thing that makes a mark hard to find: shake, missed focus, darkness with grain, or something in front of it."""
    match int(rng.integers(4)):
        case 0:
            shaken = max(7.0, shot.mark_px * 0.09)
            return scene, replace(exposure, motion_px=shaken, motion_deg=float(rng.uniform(0, 180)))
        case 1:
            return scene, replace(exposure, blur_px=max(2.0, shot.mark_px * 0.024))
        case 2:
            return scene, replace(exposure, exposure=0.30, grain=0.06, quality=38)
    for mark in scene.marks[:1]:
        _cover(scene, mark, rng)
    return scene, exposure


def _cover(scene: Scene, mark: Mark, rng: Rng) -> None:
    """Lay a strap across somewhat more than half of a mark."""
    points = np.asarray(mark.quad)
    low, high = points.min(0), points.max(0)
    share, side = float(rng.uniform(0.45, 0.62)), high - low
    strap = cloth(240, 400, rng, colour=rgb(str(rng.choice(["3a3f46", "6b5a44", "7d2f2a", "22262d"]))))
    left = float(low[0] - side[0] * 0.15) if rng.random() < 0.5 else float(low[0] + side[0] * (1 - share))
    top, bottom = float(low[1] - side[1] * 0.8), float(high[1] + side[1] * 0.8)
    right, lean = left + float(side[0]) * (share + 0.15), float(side[0]) * 0.06
    quad = [(left + lean, top), (right + lean, top), (right - lean, bottom), (left - lean, bottom)]
    scene.put(Subject(layer=tinted(np.ones((400, 240), np.float32), strap)), quad, shadow=(3, 4, 4))
