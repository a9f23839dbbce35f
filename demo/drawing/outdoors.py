"""Places under the sky. Each is a picture of the size asked for, its distance out of focus."""

import numpy as np

from demo.drawing import textures
from demo.drawing.canvas import Floats, area, blurred, box, ellipse, filled, noise, opaque, over, rgb, tinted
from demo.drawing.setting import Rng, choice, floor, sunlit


def street(width: int, height: int, rng: Rng) -> Floats:
    """Fronts of houses, a pavement and a road."""
    picture = textures.sky(width, height, rng, zenith=rgb("6f9fd0"), horizon=rgb("e6edf2"))
    foot, x = int(height * rng.uniform(0.58, 0.66)), -int(width * rng.uniform(0, 0.2))
    while x < width:
        span = int(width * rng.uniform(0.22, 0.42))
        top = int(height * rng.uniform(0.02, 0.22))
        over(picture, opaque(_front(span, foot - top, rng)), at=(x, top))
        x += span
    picture = blurred(picture, width / 620)
    kerb = int(foot + (height - foot) * 0.22)
    floor(picture, textures.concrete(width, height - foot, rng, colour=rgb("b5b2ab")), foot)
    floor(picture, textures.asphalt(width, height - kerb, rng), kerb)
    area(picture, box(0, kerb - 3, width, kerb + 3), rgb("8f8d88"))
    return sunlit(picture, rng)


def park(width: int, height: int, rng: Rng) -> Floats:
    """A lawn before trees."""
    horizon = int(height * rng.uniform(0.42, 0.55))
    picture = textures.sky(width, height, rng, zenith=rgb("5c93cf"), horizon=rgb("dfe9f0"))
    for _ in range(int(rng.integers(5, 9))):
        x, size = float(rng.uniform(0, width)), float(height * rng.uniform(0.16, 0.34))
        _tree(picture, x, horizon + height * 0.03, size, rng)
    picture = blurred(picture, width / 420)
    floor(picture, textures.grass(width, height - horizon, rng), horizon)
    if rng.random() < 0.5:
        path = textures.concrete(width, height, rng, colour=rgb("c9b89a"))
        bend = ((0.55, 0.0), (0.60, 0.0), (0.9, 1.0), (0.45, 1.0))
        area(picture, [(x * width, horizon + y * (height - horizon)) for x, y in bend], path, soft=2)
    return sunlit(picture, rng)


def fair(width: int, height: int, rng: Rng) -> Floats:
    """Striped stalls under bunting on a fairground."""
    foot = int(height * rng.uniform(0.6, 0.7))
    picture = textures.sky(width, height, rng, zenith=rgb("7aa9d6"), horizon=rgb("eef2f4"))
    x = -width * rng.uniform(0, 0.2)
    while x < width:
        span = width * rng.uniform(0.26, 0.4)
        _stall(picture, left=float(x), right=float(x + span * 0.94), foot=foot, rng=rng)
        x += span
    _bunting(picture, rng)
    picture = blurred(picture, width / 480)
    floor(picture, textures.grass(width, height - foot, rng), foot)
    return sunlit(picture, rng)


def night(width: int, height: int, rng: Rng) -> Floats:
    """A street at night: lamps out of focus over wet asphalt."""
    foot = int(height * 0.66)
    picture = filled(width, height, (0.045, 0.05, 0.075))
    picture += noise(width, height, rng, cell=height / 2)[..., None] * np.float32(0.02)
    glow = textures.lights(width, height, rng, count=26, size_px=width / 34)
    picture = np.asarray(np.clip(picture + glow * 0.8, 0, 1), np.float32)
    floor(picture, textures.asphalt(width, height - foot, rng) * np.float32(0.28), foot)
    mirrored = blurred(glow[: height - foot][::-1], width / 90)
    picture[foot : foot + mirrored.shape[0]] += mirrored * np.float32(0.35)
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def _front(width: int, height: int, rng: Rng) -> Floats:
    """A house with windows."""
    colour = rgb(choice("9a4f3c b9a68a 7d8790 a8694b c8bda4", rng))
    if rng.random() < 0.55:
        front = textures.brick(width, height, rng, colour=colour, course_px=max(6, height // 46))
    else:
        front = textures.concrete(width, height, rng, colour=colour)
    columns, rows = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    for column in range(columns):
        for row in range(rows):
            x, y = width * (column + 0.22) / columns, height * (row + 0.2) / rows
            _window(front, x, y, x + width / columns * 0.56, y + height / rows * 0.58, rng)
    return front


def _window(front: Floats, left: float, top: float, right: float, bottom: float, rng: Rng) -> None:
    edge, bar, frame = max(1.5, (right - left) * 0.07), max(1.0, (right - left) * 0.03), rgb("dcd8cf")
    area(front, box(left - edge, top - edge, right + edge, bottom + edge), frame)
    tone = float(rng.uniform(0.1, 0.5))
    area(front, box(left, top, right, bottom), (tone * 0.85, tone * 0.95, tone * 1.1))
    glint = float(rng.uniform(0, 0.5))
    area(front, [(left, bottom), (left, top), (right, top)], (0.8, 0.86, 0.92), soft=2, strength=glint)
    middle = (left + right) / 2
    area(front, box(middle - bar, top, middle + bar, bottom), frame)


def _tree(picture: Floats, x: float, foot: float, size: float, rng: Rng) -> None:
    trunk = [(-0.06, 0.0), (-0.03, -1.0), (0.03, -1.0), (0.06, 0.0)]
    area(picture, [(x + across * size, foot + up * size) for across, up in trunk], rgb("4d3a2a"))
    side = max(8, int(size * 1.3))
    leaves = textures.foliage(side, side, rng, colour=rgb(choice("4c7a35 3f6b3a 6b8a3c 59743a", rng)))
    crown = ellipse(side, side, centre=(side / 2, side / 2), radii=(side * 0.40, side * 0.42))
    ragged = blurred(crown, side / 12) * 2.4 - 0.9 + noise(side, side, rng, cell=side / 5) * 0.45
    layer = tinted(np.asarray(np.clip(ragged, 0, 1), np.float32), leaves)
    over(picture, layer, at=(int(x - side / 2), int(foot - size * 0.55 - side * 0.75)))


def _stall(picture: Floats, *, left: float, right: float, foot: float, rng: Rng) -> None:
    height, width = picture.shape[:2]
    top, colour = foot - height * float(rng.uniform(0.32, 0.42)), rgb(choice("c23b3b 2f6fb0 3c8c5a d59a2c 7a4b9c", rng))
    murk = filled(width, height, (0.32, 0.27, 0.24)) + noise(width, height, rng, cell=height / 8)[..., None] * 0.12
    area(picture, box(left, top, right, foot), np.asarray(np.clip(murk, 0, 1), np.float32))
    area(picture, box(left, foot - height * 0.12, right, foot), rgb("d9c7a6"))
    stripes, rise, hang = int(rng.integers(6, 10)), height * 0.11, height * 0.035
    for k in range(stripes):
        a, b = (left + (right - left) * (k + step) / stripes for step in (0, 1))
        gather = (left + right) * 0.07
        roof = [
            (a * 0.86 + gather, top - rise),
            (b * 0.86 + gather, top - rise),
            (b, top),
            ((a + b) / 2, top + hang),
            (a, top),
        ]
        area(picture, roof, colour if k % 2 else (0.93, 0.92, 0.88))


def _bunting(picture: Floats, rng: Rng) -> None:
    height, width = picture.shape[:2]
    count, sag = int(rng.integers(12, 20)), height * float(rng.uniform(0.05, 0.12))
    for k in range(count):
        t = (k + 0.5) / count
        x, y, size = width * t, height * 0.06 + sag * 4 * t * (1 - t), width * 0.018
        flag = [(x - size, y), (x + size, y), (x, y + size * 2)]
        area(picture, flag, rgb(choice("d4483b e8c547 3f7fc1 4ca06a f0f0ea", rng)))
