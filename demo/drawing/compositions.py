"""How a picture is arranged: what stands where in a place. Each puts marks into a scene, the first about `mark_px` large."""

import numpy as np

from demo.drawing import marks
from demo.drawing.canvas import Points, area, box, opaque, rgb
from demo.drawing.scene import Mark, Scene, Subject, whole
from demo.drawing.setting import Rng, choice
from demo.drawing.textures import cloth
from demo.drawing.vehicles import car
from demo.drawing.wardrobe import somebody, unit_px

# Finer than this, people and cars are drawn smaller and enlarged: the camera's blur hides the difference.
_FINEST_PERSON_PX, _FINEST_CAR_PX = 9.0, 5.0


def close_up(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """Marks on cloth that fills the frame."""
    for k, name in enumerate(shows):
        size = mark_px * (1.0 if k == 0 else 0.8)
        x = scene.width * ((k + 0.5) / len(shows) + float(rng.uniform(-0.08, 0.08)))
        y = scene.height * float(rng.uniform(0.36, 0.62))
        subject = whole(name, marks.layer(name, int(rng.integers(4))))
        scene.put(subject, _leaning(x, y, size, rng), shadow=(size * 0.01, size * 0.016, size * 0.02))


def portrait(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """Somebody from head to belt; where the mark is to be large, nearer: the arm or the chest that wears it."""
    unit = unit_px(shows, mark_px)
    subject = somebody(shows, unit_px=min(unit, _FINEST_PERSON_PX), waist_up=True, rng=rng)
    enlarged = unit / min(unit, _FINEST_PERSON_PX)
    if unit * 90 < scene.height:
        _stand(scene, subject, x=scene.width * float(rng.uniform(0.35, 0.65)), foot=scene.height * 1.02, scale=enlarged)
        return
    worn = np.mean(subject.marks[0].quad, axis=0) * enlarged if subject.marks else np.asarray((50 * unit, 40 * unit))
    x = scene.width * float(rng.uniform(0.36, 0.62)) - float(worn[0])
    y = scene.height * float(rng.uniform(0.42, 0.6)) - float(worn[1])
    lowest = scene.height - subject.layer.shape[0] * enlarged
    wide = subject.layer.shape[1] * enlarged
    scene.put_box(subject, left=x, top=max(y, lowest), width=wide, shadow=(unit * 4, 0.0, unit * 4))


def group(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """People side by side, one of them in uniform where there is a mark to show."""
    unit = min(unit_px(shows, mark_px), scene.height / 100, scene.width / 120)
    count = max(2, min(4, int(scene.width / (unit * 74))))
    dressed = int(rng.integers(count))
    waist_up = unit * 250 > scene.height * 0.95
    for k in range(count):
        subject = somebody(shows if k == dressed else (), unit_px=unit, waist_up=waist_up, rng=rng)
        foot = scene.height * float(rng.uniform(1.02, 1.1) if waist_up else rng.uniform(0.9, 0.97))
        _stand(scene, subject, x=scene.width * (0.06 + 0.92 * (k + 0.5) / count), foot=foot)


def roadside(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """A car seen at a slant, and an officer before it where more than the car is to be shown."""
    unit = mark_px / 30
    subject = car(marks.livery(shows[0] if shows else "", rng), unit_px=min(unit, _FINEST_CAR_PX), rng=rng)
    wide, tall, foot = 300 * unit, 108 * unit, scene.height * float(rng.uniform(0.82, 0.95))
    left = scene.width * float(rng.uniform(0.35, 0.65)) - 112 * unit
    if wide < scene.width:
        left = (scene.width - wide) * float(rng.uniform(0.1, 0.9))
    if len(shows) > 1:
        left = scene.width * 0.28 - 112 * unit
    ground = box(left, foot - tall * 0.13, left + wide, foot + 4)
    area(scene.picture, ground, (0.02, 0.02, 0.03), soft=unit * 3 + 2, strength=0.75)
    scene.put(subject, _slanted(left, foot, wide * 0.97, tall, rng))
    if len(shows) > 1:
        officer = somebody(shows[1:], unit_px=scene.height / 135, waist_up=True, rng=rng)
        _stand(scene, officer, x=scene.width * float(rng.uniform(0.76, 0.84)), foot=scene.height * 1.02)


def table(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """Things laid on a table."""
    for k, name in enumerate(shows):
        size = mark_px * (1.0 if k == 0 else 0.8)
        x = scene.width * ((k + 0.6) / (len(shows) + 0.2) + float(rng.uniform(-0.06, 0.06)))
        y = scene.height * float(rng.uniform(0.4, 0.65))
        if name == marks.TOY:
            toy = car(marks.livery(name, rng), unit_px=max(1.5, size / 40), rng=rng)
            shadow = (size * 0.1, size * 0.2, size * 0.12)
            scene.put_box(toy, left=x - size * 2.2, top=y - size, width=size * 300 / 40, shadow=shadow)
        else:
            subject = whole(name, marks.layer(name, int(rng.integers(4))))
            quad = _leaning(x, y, size, rng, slant=0.8)
            scene.put(subject, quad, shadow=(size * 0.03, size * 0.04, size * 0.03))


def plaque(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """A mark mounted on a board, with or without somebody beside it."""
    x, y = scene.width * float(rng.uniform(0.35, 0.65)), scene.height * float(rng.uniform(0.32, 0.5))
    board = cloth(320, 320, rng, colour=rgb(choice("5a3b26 e6e0d2 1f2940", rng)), thread_px=2.0)
    quad = np.asarray(_leaning(x, y, mark_px, rng, turn=0.05))
    wider = quad.mean(0) + (quad - quad.mean(0)) * 1.28
    shadow = (mark_px * 0.04, mark_px * 0.05, mark_px * 0.04)
    scene.put(Subject(layer=opaque(board)), [(float(a), float(b)) for a, b in wider], shadow=shadow)
    scene.put(whole(shows[0], marks.layer(shows[0])), [(float(a), float(b)) for a, b in quad])
    if rng.random() < 0.6:
        visitor = somebody((), unit_px=mark_px / 22, waist_up=True, rng=rng)
        _stand(scene, visitor, x=x + mark_px * 1.9 * float(rng.choice([-1, 1])), foot=scene.height * 1.05)


def people(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """Nobody in particular."""
    if rng.random() < 0.75:
        group(scene, (), float(rng.integers(60, 120)), rng)


def traffic(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """Somebody's car, or passers-by, or nothing."""
    if rng.random() < 0.5:
        roadside(scene, (), float(rng.integers(50, 90)), rng)
    else:
        people(scene, (), mark_px, rng)


def surface(scene: Scene, shows: tuple[str, ...], mark_px: float, rng: Rng) -> None:
    """The place by itself."""


def strap(scene: Scene, mark: Mark, rng: Rng) -> None:
    """Lay a strap across about half of a mark."""
    points = np.asarray(mark.quad)
    low, high = points.min(0), points.max(0)
    share, (wide, tall) = float(rng.uniform(0.45, 0.62)), (float(edge) for edge in high - low)
    left = float(low[0]) - wide * 0.15 if rng.random() < 0.5 else float(low[0]) + wide * (1 - share)
    right, lean = left + wide * (share + 0.15), wide * 0.06
    top, bottom = float(low[1]) - tall * 0.8, float(high[1]) + tall * 0.8
    band = cloth(240, 400, rng, colour=rgb(choice("3a3f46 6b5a44 7d2f2a 22262d", rng)))
    quad = [(left + lean, top), (right + lean, top), (right - lean, bottom), (left - lean, bottom)]
    scene.put(Subject(layer=opaque(band)), quad, shadow=(3, 4, 4))


def _stand(scene: Scene, subject: Subject, *, x: float, foot: float, scale: float = 1.0) -> None:
    tall, wide = subject.layer.shape[0] * scale, subject.layer.shape[1] * scale
    scene.put_box(subject, left=x - wide / 2, top=foot - tall, width=wide, shadow=(wide * 0.05, 0.0, wide * 0.05))


def _slanted(left: float, foot: float, wide: float, tall: float, rng: Rng) -> Points:
    """The corners of something that stands on the ground, one end of it nearer."""
    near, far = float(rng.uniform(1.0, 1.12)), float(rng.uniform(0.84, 1.0))
    lifted, right = foot - tall * (1 - far) * 0.25, left + wide
    if rng.random() < 0.5:
        return [(left, foot - tall * near), (right, foot - tall * far), (right, lifted), (left, foot)]
    return [(left, foot - tall * far), (right, foot - tall * near), (right, foot), (left, lifted)]


def _leaning(x: float, y: float, size: float, rng: Rng, *, turn: float = 0.35, slant: float = 1.0) -> Points:
    """A square around a place, turned and seen from somewhere aside."""
    angle, aside, above = rng.normal(0, turn), rng.uniform(-0.22, 0.22), rng.uniform(-0.16, 0.16)
    c, s = np.cos(angle), np.sin(angle)
    across, down = size / 2 * (1 - abs(aside) * 0.8), size / 2 * slant * (1 - abs(above) * 0.6)
    quad = []
    for a, b in box(-1, -1, 1, 1):
        px, py = c * a - s * b, s * a + c * b
        depth = 1 + (aside * px + above * py) * 0.8
        quad.append((float(x + across * px / depth), float(y + down * py / depth)))
    return quad
