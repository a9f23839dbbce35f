"""Places under a roof, and surfaces close by. Each is a picture of the size asked for."""

import numpy as np

from demo.drawing import textures
from demo.drawing.canvas import Floats, area, blurred, box, disc, filled, noise, opaque, over, place, rgb
from demo.drawing.setting import Rng, choice, floor, lamplit, sunlit


def desk(width: int, height: int, rng: Rng) -> Floats:
    """A wooden table top with papers and a mug, seen from above at a slant."""
    top = textures.wood(
        int(width * 1.2), int(height * 1.2), rng, colour=rgb(choice("a8733f 7b4f2c c49a63 5d4433 b98a5a", rng))
    )
    picture = filled(width, height, (0.3, 0.28, 0.25))
    far = [(-width * 0.05, -height * 0.04), (width * 1.05, -height * 0.04)]
    place(picture, opaque(top), [*far, (width * 1.3, height * 1.1), (-width * 0.3, height * 1.1)])
    if rng.random() < 0.75:
        sheet = textures.paper(420, 560, rng, lines=int(rng.integers(14, 24)))
        x, y = width * float(rng.uniform(0.05, 0.25)), height * float(rng.uniform(0.1, 0.9))
        _lay(picture, sheet, x, y, size=height * 0.34, rng=rng)
    if rng.random() < 0.6:
        x, y = width * float(rng.uniform(0.84, 0.96)), height * float(rng.uniform(0.1, 0.3))
        _mug(picture, x, y, radius=height * 0.12, rng=rng)
    if rng.random() < 0.6:
        x, y = width * float(rng.uniform(0.7, 0.9)), height * float(rng.uniform(0.6, 0.85))
        _phone(picture, x, y, size=height * 0.13, rng=rng)
    if rng.random() < 0.5:
        x, y = width * float(rng.uniform(0.2, 0.6)), height * float(rng.uniform(0.06, 0.2))
        _pen(picture, x, y, size=height * 0.2, rng=rng)
    return lamplit(picture, rng)


def garage(width: int, height: int, rng: Rng) -> Floats:
    """A workshop: a wall with a pegboard and shelves, a concrete floor."""
    foot = int(height * rng.uniform(0.68, 0.78))
    picture = textures.concrete(width, height, rng, colour=rgb(choice("b9b7b0 a3a9ad c5bda9", rng)))
    _pegboard(picture, rng)
    for _ in range(2):
        _shelf(picture, float(height * rng.uniform(0.2, 0.6)), rng)
    picture = blurred(picture, width / 700)
    floor(picture, textures.concrete(width, height - foot, rng, colour=rgb("8d8b87")), foot)
    return lamplit(picture, rng)


def hall(width: int, height: int, rng: Rng) -> Floats:
    """A room for ceremonies: a curtain with folds, a carpet."""
    colour = rgb(choice("5c1f2b 243a5e 35523f 6b5a3e", rng))
    x = np.linspace(0, float(rng.uniform(16, 30)) * np.pi, width, dtype=np.float32)[None, :]
    folds = 0.90 + 0.30 * np.sin(x + noise(width, height, rng, cell=height, octaves=2) * np.float32(1.5))
    foot = int(height * rng.uniform(0.7, 0.8))
    picture = blurred(np.asarray(np.asarray(colour, np.float32) * folds[..., None], np.float32), width / 700)
    floor(picture, textures.carpet(width, height - foot, rng, colour=rgb("6e5c4a")), foot)
    return lamplit(picture, rng)


def wall(width: int, height: int, rng: Rng) -> Floats:
    """A wall close by: brick or plaster."""
    if rng.random() < 0.5:
        course = int(height / rng.uniform(11, 20))
        return sunlit(textures.brick(width, height, rng, colour=rgb("9a4f3c"), course_px=course), rng)
    return sunlit(textures.concrete(width, height, rng, colour=rgb(choice("c9c4b6 b7c0c4 d6cbb0", rng))), rng)


def jacket(width: int, height: int, rng: Rng) -> Floats:
    """Cloth that fills the frame: a sleeve, a blanket, a rucksack."""
    colour = rgb(choice("26345c 2b3350 3a404a 46573f 6b5038", rng))
    return sunlit(textures.cloth(width, height, rng, colour=colour, thread_px=float(rng.uniform(2.6, 4.2))), rng)


def room(width: int, height: int, rng: Rng) -> Floats:
    """A living room's wall with framed pictures over a sofa."""
    picture = textures.concrete(width, height, rng, colour=rgb(choice("d8cfbd bcc8cc cfc3c9", rng)))
    for _ in range(int(rng.integers(1, 4))):
        art = textures.sky(160, 120, rng, zenith=rgb("b5653f"), horizon=rgb("3f6a7d"))
        frame = np.pad(art, ((12, 12), (12, 12), (0, 0)), constant_values=0.14)
        x, y = float(rng.uniform(0, 0.85)) * width, float(rng.uniform(0.03, 0.25)) * height
        size = width * float(rng.uniform(0.12, 0.2))
        place(picture, opaque(frame), box(x, y, x + size, y + size * 0.78))
    foot = int(height * rng.uniform(0.62, 0.72))
    picture[foot:] = textures.cloth(width, height - foot, rng, colour=rgb(choice("6d7b58 7a4f45 58657a", rng)))
    area(picture, box(0, foot - 8, width, foot + 14), (0, 0, 0), soft=6, strength=0.5)
    return lamplit(blurred(picture, width / 800), rng)


def _pegboard(picture: Floats, rng: Rng) -> None:
    height, width = picture.shape[:2]
    board = textures.carpet(int(width * 0.45), int(height * 0.4), rng, colour=rgb("a9825a"))
    y, x = np.mgrid[0 : board.shape[0], 0 : board.shape[1]]
    board *= np.where(((x % 18) < 4) & ((y % 18) < 4), 0.45, 1.0).astype(np.float32)[..., None]
    left, top = int(width * rng.uniform(0.02, 0.5)), height * 0.13
    over(picture, opaque(board), at=(left, int(height * 0.08)))
    for k in range(7):
        at, low = left + board.shape[1] * (k + 0.6) / 8, top + height * float(rng.uniform(0.08, 0.24))
        area(
            picture,
            [(at, top), (at + 9, top), (at + 7, low), (at + 2, low)],
            rgb(choice("3b3f45 b5392c caa33a 777c83", rng)),
        )


def _shelf(picture: Floats, y: float, rng: Rng) -> None:
    height, width = picture.shape[:2]
    left, right = width * float(rng.uniform(0.5, 0.6)), width * float(rng.uniform(0.85, 1.0))
    area(picture, box(left, y, right, y + height * 0.018), rgb("6d4f33"))
    x = left
    while x < right - width * 0.05:
        wide, tall = width * float(rng.uniform(0.025, 0.06)), height * float(rng.uniform(0.05, 0.13))
        area(picture, box(x, y - tall, x + wide, y), rgb(choice("b5392c 2f6fb0 d9b43a e6e2d8 3f4a44 8a5a36", rng)))
        x += wide * 1.15


def _lay(picture: Floats, sheet: Floats, x: float, y: float, *, size: float, rng: Rng) -> None:
    """Put a flat thing onto a table, turned somehow."""
    turn, ratio = float(rng.uniform(-0.6, 0.6)), sheet.shape[1] / sheet.shape[0]
    c, s = float(np.cos(turn)), float(np.sin(turn))
    quad = [(x + size * (c * a - s * b), y + size * 0.86 * (s * a + c * b)) for a, b in box(-ratio, -1.0, ratio, 1.0)]
    area(picture, [(a + 4, b + 6) for a, b in quad], (0, 0, 0), soft=5, strength=0.4)
    place(picture, opaque(sheet), quad)


def _phone(picture: Floats, x: float, y: float, *, size: float, rng: Rng) -> None:
    """A telephone, screen up, mirroring the ceiling."""
    glass = textures.sky(90, 180, rng, zenith=(0.10, 0.11, 0.13), horizon=(0.22, 0.23, 0.26)) * np.float32(0.6)
    _lay(picture, np.pad(glass, ((9, 9), (5, 5), (0, 0)), constant_values=0.03), x, y, size=size, rng=rng)


def _pen(picture: Floats, x: float, y: float, *, size: float, rng: Rng) -> None:
    """A pen with a clip."""
    barrel = filled(12, 160, rgb(choice("1c2f6b 2b2b2e a3262b", rng)))
    barrel *= np.sin(np.linspace(0.35, 2.8, 12, dtype=np.float32))[None, :, None] * np.float32(1.3)
    barrel[:14], barrel[50:54] = 0.75, 0.8
    _lay(picture, barrel, x, y, size=size, rng=rng)


def _mug(picture: Floats, x: float, y: float, *, radius: float, rng: Rng) -> None:
    shell = rgb(choice("e9e6df 3b5f8a a33b32 2e2f33", rng))
    inside = (shell[0] * 0.7, shell[1] * 0.7, shell[2] * 0.7)
    area(picture, disc(x + radius * 0.35, y + radius * 0.4, radius * 1.15), (0, 0, 0), soft=radius / 5, strength=0.5)
    for share, colour in ((1.0, shell), (0.9, inside), (0.84, rgb("3a2114")), (0.6, rgb("4a2c1b"))):
        area(picture, disc(x, y, radius * share, squeeze=0.9), colour)
