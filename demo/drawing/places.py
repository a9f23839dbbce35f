"""Places in which things are photographed. Each is a picture of the size asked for, with depth, light and a blurred distance."""

from collections.abc import Callable

import numpy as np

from demo.drawing import textures
from demo.drawing.canvas import (
    Colour,
    Floats,
    Points,
    blurred,
    ellipse,
    filled,
    noise,
    over,
    place,
    polygon,
    rgb,
    tinted,
)

Place = Callable[[int, int, np.random.Generator], Floats]
Rng = np.random.Generator


def street(width: int, height: int, rng: Rng) -> Floats:
    """Fronts of houses, a pavement and a road."""
    picture = textures.sky(width, height, rng, zenith=rgb("6f9fd0"), horizon=rgb("e6edf2"))
    foot, x = int(height * rng.uniform(0.58, 0.66)), -int(width * rng.uniform(0, 0.2))
    while x < width:
        span = int(width * rng.uniform(0.22, 0.42))
        _house(picture, left=x, right=x + span, top=int(height * rng.uniform(0.02, 0.22)), foot=foot, rng=rng)
        x += span
    picture = blurred(picture, width / 620)
    kerb = int(foot + (height - foot) * 0.22)
    _floor(picture, textures.concrete(width, height - foot, rng, colour=rgb("b5b2ab")), foot)
    _floor(picture, textures.asphalt(width, height - kerb, rng), kerb)
    over(picture, tinted(polygon(width, height, _row(width, kerb - 3, kerb + 3)), rgb("8f8d88")))
    return _sunlit(picture, rng)


def park(width: int, height: int, rng: Rng) -> Floats:
    """A lawn before trees."""
    horizon = int(height * rng.uniform(0.42, 0.55))
    picture = textures.sky(width, height, rng, zenith=rgb("5c93cf"), horizon=rgb("dfe9f0"))
    for _ in range(int(rng.integers(5, 9))):
        x, size = rng.uniform(0, width), height * rng.uniform(0.16, 0.34)
        _tree(picture, float(x), horizon + height * 0.03, float(size), rng)
    picture = blurred(picture, width / 420)
    _floor(picture, textures.grass(width, height - horizon, rng), horizon)
    if rng.random() < 0.5:
        path = textures.concrete(width, height, rng, colour=rgb("c9b89a"))
        bend = [(0.55, 0.0), (0.60, 0.0), (0.9, 1.0), (0.45, 1.0)]
        outline = [(x * width, horizon + y * (height - horizon)) for x, y in bend]
        over(picture, tinted(blurred(polygon(width, height, outline), 2), path))
    return _sunlit(picture, rng)


def fair(width: int, height: int, rng: Rng) -> Floats:
    """Striped stalls under bunting on a fairground."""
    foot = int(height * rng.uniform(0.6, 0.7))
    picture = textures.sky(width, height, rng, zenith=rgb("7aa9d6"), horizon=rgb("eef2f4"))
    x = -width * rng.uniform(0, 0.2)
    while x < width:
        span = width * rng.uniform(0.26, 0.4)
        _stall(picture, left=x, right=x + span * 0.94, foot=foot, rng=rng)
        x += span
    _bunting(picture, rng)
    picture = blurred(picture, width / 480)
    _floor(picture, textures.grass(width, height - foot, rng), foot)
    return _sunlit(picture, rng)


def desk(width: int, height: int, rng: Rng) -> Floats:
    """A wooden table top with papers, a mug and a pen, seen from above at a slant."""
    colours = ("a8733f", "7b4f2c", "c49a63", "5d4433", "b98a5a")
    top = textures.wood(int(width * 1.2), int(height * 1.2), rng, colour=rgb(str(rng.choice(colours))))
    picture = filled(width, height, (0.3, 0.28, 0.25))
    place(
        picture,
        _opaque(top),
        [
            (-width * 0.05, -height * 0.04),
            (width * 1.05, -height * 0.04),
            (width * 1.3, height * 1.1),
            (-width * 0.3, height * 1.1),
        ],
    )
    if rng.random() < 0.75:
        sheet = textures.paper(420, 560, rng, lines=int(rng.integers(14, 24)))
        _lay(
            picture,
            sheet,
            centre=(width * rng.uniform(0.05, 0.25), height * rng.uniform(0.1, 0.9)),
            size=height * 0.34,
            rng=rng,
        )
    if rng.random() < 0.6:
        _mug(picture, width * float(rng.uniform(0.84, 0.96)), height * float(rng.uniform(0.1, 0.3)), height * 0.12, rng)
    return _lamplit(picture, rng)


def garage(width: int, height: int, rng: Rng) -> Floats:
    """A workshop: a wall with a pegboard and shelves, a concrete floor."""
    foot = int(height * rng.uniform(0.68, 0.78))
    picture = textures.concrete(width, height, rng, colour=rgb(str(rng.choice(["b9b7b0", "a3a9ad", "c5bda9"]))))
    board = textures.carpet(int(width * 0.45), int(height * 0.4), rng, colour=rgb("a9825a"))
    y, x = np.mgrid[0 : board.shape[0], 0 : board.shape[1]]
    board *= np.where(((x % 18) < 4) & ((y % 18) < 4), 0.45, 1.0).astype(np.float32)[..., None]
    left = int(width * rng.uniform(0.02, 0.5))
    over(picture, _opaque(board), at=(left, int(height * 0.08)))
    for k in range(7):
        x0, tall = left + board.shape[1] * (k + 0.6) / 8, height * rng.uniform(0.08, 0.24)
        tool: Points = [
            (x0, height * 0.13),
            (x0 + 9, height * 0.13),
            (x0 + 7, height * 0.13 + tall),
            (x0 + 2, height * 0.13 + tall),
        ]
        over(
            picture,
            tinted(polygon(width, height, tool), rgb(str(rng.choice(["3b3f45", "b5392c", "caa33a", "777c83"])))),
        )
    for _ in range(2):
        _shelf(picture, float(height * rng.uniform(0.2, 0.6)), rng)
    picture = blurred(picture, width / 700)
    _floor(picture, textures.concrete(width, height - foot, rng, colour=rgb("8d8b87")), foot)
    return _lamplit(picture, rng)


def night(width: int, height: int, rng: Rng) -> Floats:
    """A street at night: lamps out of focus over wet asphalt."""
    foot = int(height * 0.66)
    picture = filled(width, height, (0.045, 0.05, 0.075))
    picture += noise(width, height, rng, cell=height / 2)[..., None] * 0.02
    glow = textures.lights(width, height, rng, count=26, size_px=width / 34)
    picture = np.clip(picture + glow * 0.8, 0, 1)
    _floor(picture, textures.asphalt(width, height - foot, rng) * 0.28, foot)
    mirrored = blurred(glow[: height - foot][::-1], width / 90)
    picture[foot : foot + mirrored.shape[0]] += mirrored * 0.35
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def hall(width: int, height: int, rng: Rng) -> Floats:
    """A room for ceremonies: a curtain with folds, wainscot, a carpet."""
    colour = rgb(str(rng.choice(["5c1f2b", "243a5e", "35523f", "6b5a3e"])))
    x = np.linspace(0, rng.uniform(16, 30) * np.pi, width, dtype=np.float32)[None, :]
    folds = 0.72 + 0.24 * np.sin(x + noise(width, height, rng, cell=height, octaves=2) * 1.5)
    picture = np.asarray(np.asarray(colour, np.float32) * folds[..., None] * 1.25, np.float32)
    foot = int(height * rng.uniform(0.7, 0.8))
    picture = blurred(picture, width / 700)
    _floor(picture, textures.carpet(width, height - foot, rng, colour=rgb("6e5c4a")), foot)
    return _lamplit(picture, rng)


def wall(width: int, height: int, rng: Rng) -> Floats:
    """A wall close by: brick or plaster."""
    if rng.random() < 0.5:
        picture = textures.brick(width, height, rng, colour=rgb("9a4f3c"), course_px=int(height / rng.uniform(11, 20)))
    else:
        picture = textures.concrete(width, height, rng, colour=rgb(str(rng.choice(["c9c4b6", "b7c0c4", "d6cbb0"]))))
    return _sunlit(picture, rng)


def jacket(width: int, height: int, rng: Rng) -> Floats:
    """Cloth that fills the frame: a sleeve, a blanket, a rucksack."""
    code = str(rng.choice(["1c2744", "20263a", "2b2f36", "3c4a3c", "57402f"]))
    return _sunlit(textures.cloth(width, height, rng, colour=rgb(code), thread_px=float(rng.uniform(2.6, 4.2))), rng)


def room(width: int, height: int, rng: Rng) -> Floats:
    """A living room's wall with framed pictures over a sofa."""
    picture = textures.concrete(width, height, rng, colour=rgb(str(rng.choice(["d8cfbd", "bcc8cc", "cfc3c9"]))))
    for _ in range(int(rng.integers(1, 4))):
        art = textures.sky(160, 120, rng, zenith=rgb("b5653f"), horizon=rgb("3f6a7d"))
        frame = np.pad(art, ((12, 12), (12, 12), (0, 0)), constant_values=0.14)
        x, y, size = rng.uniform(0, 0.85) * width, rng.uniform(0.03, 0.25) * height, width * rng.uniform(0.12, 0.2)
        place(picture, _opaque(frame), [(x, y), (x + size, y), (x + size, y + size * 0.78), (x, y + size * 0.78)])
    foot = int(height * rng.uniform(0.62, 0.72))
    sofa = textures.cloth(width, height - foot, rng, colour=rgb(str(rng.choice(["6d7b58", "7a4f45", "58657a"]))))
    picture[foot:] = sofa
    over(picture, tinted(blurred(polygon(width, height, _row(width, foot - 8, foot + 14)), 6) * 0.5, (0, 0, 0)))
    return _lamplit(blurred(picture, width / 800), rng)


def _row(width: int, top: float, bottom: float) -> Points:
    return [(0, top), (width, top), (width, bottom), (0, bottom)]


def _opaque(picture: Floats) -> Floats:
    return tinted(np.ones(picture.shape[:2], np.float32), picture)


def _floor(picture: Floats, surface: Floats, top: int) -> None:
    """Lay a surface onto the ground, from the horizon's row to the lower edge, in perspective."""
    height, width = picture.shape[:2]
    place(
        picture,
        _opaque(surface),
        [(-width * 0.1, top), (width * 1.1, top), (width * 1.9, height), (-width * 0.9, height)],
    )


def _sunlit(picture: Floats, rng: Rng) -> Floats:
    """A slope of light across the picture and a few broad shadows, as of clouds or trees."""
    height, width = picture.shape[:2]
    slope = np.linspace(float(rng.uniform(0.82, 1.0)), float(rng.uniform(1.0, 1.15)), width, dtype=np.float32)[None, :]
    shade = 1 - 0.22 * np.clip(noise(width, height, rng, cell=height / 1.5, octaves=2), 0, 1)
    return np.asarray(np.clip(picture * (slope * shade)[..., None], 0, 1), np.float32)


def _lamplit(picture: Floats, rng: Rng) -> Floats:
    """A pool of warm light."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    cx, cy = width * float(rng.uniform(0.25, 0.75)), height * float(rng.uniform(0.0, 0.5))
    pool = 0.78 + 0.4 * np.exp(-(((x - cx) / width) ** 2 + ((y - cy) / height) ** 2) * 1.6)
    return np.asarray(np.clip(picture * pool[..., None] * np.asarray((1.04, 1.0, 0.93), np.float32), 0, 1), np.float32)


def _house(picture: Floats, *, left: int, right: int, top: int, foot: int, rng: Rng) -> None:
    width, height = right - left, foot - top
    colours = ("9a4f3c", "b9a68a", "7d8790", "a8694b", "c8bda4")
    colour = rgb(str(rng.choice(colours)))
    if rng.random() < 0.55:
        front = textures.brick(width, height, rng, colour=colour, course_px=max(6, height // 46))
    else:
        front = textures.concrete(width, height, rng, colour=colour)
    columns, rows = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    for column in range(columns):
        for row in range(rows):
            x, y = width * (column + 0.22) / columns, height * (row + 0.2) / rows
            _window(front, x, y, width / columns * 0.56, height / rows * 0.58, rng)
    over(picture, _opaque(front), at=(left, top))


def _window(front: Floats, x: float, y: float, wide: float, tall: float, rng: Rng) -> None:
    height, width = front.shape[:2]
    edge = max(1.5, wide * 0.07)
    over(
        front,
        tinted(
            polygon(
                width,
                height,
                [
                    (x - edge, y - edge),
                    (x + wide + edge, y - edge),
                    (x + wide + edge, y + tall + edge),
                    (x - edge, y + tall + edge),
                ],
            ),
            rgb("dcd8cf"),
        ),
    )
    tone = float(rng.uniform(0.1, 0.5))
    pane = filled(width, height, (tone * 0.85, tone * 0.95, tone * 1.1))
    pane += noise(width, height, rng, cell=max(8.0, tall), octaves=2)[..., None] * 0.12
    over(
        front,
        tinted(
            polygon(width, height, [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]), np.clip(pane, 0, 1)
        ),
    )
    bar = max(1.0, wide * 0.03)
    middle = x + wide / 2
    over(
        front,
        tinted(
            polygon(
                width,
                height,
                [(middle - bar, y), (middle + bar, y), (middle + bar, y + tall), (middle - bar, y + tall)],
            ),
            rgb("dcd8cf"),
        ),
    )


def _tree(picture: Floats, x: float, foot: float, size: float, rng: Rng) -> None:
    height, width = picture.shape[:2]
    trunk: Points = [
        (x - size * 0.06, foot),
        (x - size * 0.03, foot - size),
        (x + size * 0.03, foot - size),
        (x + size * 0.06, foot),
    ]
    over(picture, tinted(polygon(width, height, trunk), rgb("4d3a2a")))
    side = max(8, int(size * 1.3))
    leaves = textures.foliage(side, side, rng, colour=rgb(str(rng.choice(["4c7a35", "3f6b3a", "6b8a3c", "59743a"]))))
    ragged = ellipse(side, side, centre=(side / 2, side / 2), radii=(side * 0.40, side * 0.42))
    ragged = np.clip(
        blurred(ragged, side / 12) * 2.4 - 0.9 + noise(side, side, rng, cell=side / 5, octaves=4) * 0.45, 0, 1
    )
    over(
        picture,
        tinted(np.asarray(ragged, np.float32), leaves),
        at=(int(x - side / 2), int(foot - size * 0.55 - side * 0.75)),
    )


def _stall(picture: Floats, *, left: float, right: float, foot: float, rng: Rng) -> None:
    height, width = picture.shape[:2]
    top, colour = (
        foot - height * rng.uniform(0.32, 0.42),
        rgb(str(rng.choice(["c23b3b", "2f6fb0", "3c8c5a", "d59a2c", "7a4b9c"]))),
    )
    back = filled(width, height, (0.32, 0.27, 0.24)) + noise(width, height, rng, cell=height / 8)[..., None] * 0.12
    over(
        picture,
        tinted(polygon(width, height, [(left, top), (right, top), (right, foot), (left, foot)]), np.clip(back, 0, 1)),
    )
    over(
        picture,
        tinted(
            polygon(
                width,
                height,
                [(left, foot - height * 0.12), (right, foot - height * 0.12), (right, foot), (left, foot)],
            ),
            rgb("d9c7a6"),
        ),
    )
    stripes = int(rng.integers(6, 10))
    for k in range(stripes):
        a, b = left + (right - left) * k / stripes, left + (right - left) * (k + 1) / stripes
        rise, hang = height * 0.11, height * 0.035
        cloth: Points = [
            (a * 0.86 + (left + right) * 0.07, top - rise),
            (b * 0.86 + (left + right) * 0.07, top - rise),
            (b, top),
            ((a + b) / 2, top + hang),
            (a, top),
        ]
        over(picture, tinted(polygon(width, height, cloth), colour if k % 2 else (0.93, 0.92, 0.88)))


def _bunting(picture: Floats, rng: Rng) -> None:
    height, width = picture.shape[:2]
    count, sag = int(rng.integers(12, 20)), height * rng.uniform(0.05, 0.12)
    for k in range(count):
        t = (k + 0.5) / count
        x, y, size = width * t, height * 0.06 + sag * 4 * t * (1 - t), width * 0.018
        colour: Colour = rgb(str(rng.choice(["d4483b", "e8c547", "3f7fc1", "4ca06a", "f0f0ea"])))
        over(picture, tinted(polygon(width, height, [(x - size, y), (x + size, y), (x, y + size * 2)]), colour))


def _shelf(picture: Floats, y: float, rng: Rng) -> None:
    height, width = picture.shape[:2]
    left, right = width * rng.uniform(0.5, 0.6), width * rng.uniform(0.85, 1.0)
    over(
        picture,
        tinted(
            polygon(width, height, [(left, y), (right, y), (right, y + height * 0.018), (left, y + height * 0.018)]),
            rgb("6d4f33"),
        ),
    )
    x = left
    while x < right - width * 0.05:
        wide, tall = width * rng.uniform(0.025, 0.06), height * rng.uniform(0.05, 0.13)
        colour = rgb(str(rng.choice(["b5392c", "2f6fb0", "d9b43a", "e6e2d8", "3f4a44", "8a5a36"])))
        over(
            picture,
            tinted(polygon(width, height, [(x, y - tall), (x + wide, y - tall), (x + wide, y), (x, y)]), colour),
        )
        x += wide * 1.15


def _lay(picture: Floats, sheet: Floats, *, centre: tuple[float, float], size: float, rng: Rng) -> None:
    """Put a flat thing onto a table, turned somehow."""
    turn, ratio = rng.uniform(-0.6, 0.6), sheet.shape[1] / sheet.shape[0]
    c, s = np.cos(turn), np.sin(turn)
    corners = [(-ratio, -1.0), (ratio, -1.0), (ratio, 1.0), (-ratio, 1.0)]
    quad = [(centre[0] + size * (c * x - s * y), centre[1] + size * 0.86 * (s * x + c * y)) for x, y in corners]
    height, width = picture.shape[:2]
    over(picture, tinted(blurred(polygon(width, height, [(x + 4, y + 6) for x, y in quad]), 5) * 0.4, (0, 0, 0)))
    place(picture, _opaque(sheet), quad)


def _mug(picture: Floats, x: float, y: float, radius: float, rng: Rng) -> None:
    height, width = picture.shape[:2]
    shell = rgb(str(rng.choice(["e9e6df", "3b5f8a", "a33b32", "2e2f33"])))
    over(
        picture,
        tinted(
            blurred(
                ellipse(width, height, centre=(x + radius * 0.35, y + radius * 0.4), radii=(radius * 1.15, radius)),
                radius / 5,
            )
            * 0.5,
            (0, 0, 0),
        ),
    )
    for share, colour in (
        (1.0, shell),
        (0.9, (shell[0] * 0.7, shell[1] * 0.7, shell[2] * 0.7)),
        (0.84, rgb("3a2114")),
        (0.6, rgb("4a2c1b")),
    ):
        over(
            picture, tinted(ellipse(width, height, centre=(x, y), radii=(radius * share, radius * share * 0.9)), colour)
        )
