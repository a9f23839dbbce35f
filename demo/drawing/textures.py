"""Surfaces that the world is made of. Each is a picture of the size asked for, never the same twice."""

import numpy as np

from demo.drawing.canvas import Colour, Floats, area, blurred, disc, filled, lit, noise, resized, rgb


def _coloured(colour: Colour, brightness: Floats) -> Floats:
    return np.asarray(np.clip(np.asarray(colour, np.float32) * brightness[..., None], 0, 1), np.float32)


def wood(width: int, height: int, rng: np.random.Generator, *, colour: Colour) -> Floats:
    """Planks with grain along the width."""
    planks, rows = int(rng.integers(3, 6)), np.arange(height)
    board = np.minimum(rows * planks // height, planks - 1)
    tone = rng.normal(1, 0.07, planks).astype(np.float32)[board]
    grain = noise(width, height, rng, cell=14, octaves=4, stretch=22)
    rings = np.sin(noise(width, height, rng, cell=height / 3, octaves=2, stretch=6) * 26 + rows[:, None] * 0.09)
    seam = np.where(np.diff(board, prepend=board[0]) != 0, 0.45, 1.0).astype(np.float32)
    shade = (0.95 + 0.10 * grain + 0.06 * rings) * tone[:, None] * blurred(seam[:, None], 0.8)
    return _coloured(colour, shade.astype(np.float32))


def cloth(width: int, height: int, rng: np.random.Generator, *, colour: Colour, thread_px: float = 3.0) -> Floats:
    """Woven twill with soft folds."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    weave = (
        np.sin((x + y) * np.float32(2 * np.pi / thread_px)) * 0.05 + noise(width, height, rng, cell=3, octaves=1) * 0.06
    )
    folds = noise(width, height, rng, cell=height / 2.2, octaves=3, stretch=float(rng.uniform(0.4, 1.4)))
    return _coloured(colour, (1 + weave) * lit(blurred(folds * 26, 9), ambient=0.35))


def grass(width: int, height: int, rng: np.random.Generator) -> Floats:
    """A lawn seen from above: blades, patches, a few dry spots."""
    blades = noise(width, height, rng, cell=9, octaves=3, stretch=0.35)
    patches = noise(width, height, rng, cell=height / 3, octaves=3)
    green = _coloured(rgb("5f8a3a"), 0.92 + 0.30 * blades + 0.10 * patches)
    dry = np.clip(patches - 0.35, 0, 1)[..., None]
    return np.asarray(green * (1 - dry) + _coloured(rgb("a99a5b"), 0.95 + 0.25 * blades) * dry, np.float32)


def asphalt(width: int, height: int, rng: np.random.Generator) -> Floats:
    """A road surface with grit, stains and a few cracks."""
    grit = noise(width, height, rng, cell=3, octaves=1) * 0.13 + noise(width, height, rng, cell=height / 3) * 0.09
    crack = np.abs(noise(width, height, rng, cell=height / 2.5, octaves=4))
    return _coloured(rgb("6d6e70"), (1 + grit) * (1 - 0.45 * (crack < 0.012)))


def concrete(width: int, height: int, rng: np.random.Generator, *, colour: Colour) -> Floats:
    """A cast or plastered wall with clouds, pores and streaks."""
    clouds = noise(width, height, rng, cell=height / 2, octaves=5) * 0.09
    streaks = noise(width, height, rng, cell=height, octaves=3, stretch=0.04) * 0.05
    pores = (noise(width, height, rng, cell=5, octaves=1) > 0.93) * 0.12
    return _coloured(colour, 1 + clouds + streaks - pores)


def brick(width: int, height: int, rng: np.random.Generator, *, colour: Colour, course_px: int = 26) -> Floats:
    """A brick wall in running bond, every brick of another tone."""
    y, x = np.mgrid[0:height, 0:width]
    row = y // course_px
    shifted = x + (row % 2) * course_px * 5 // 4
    column = shifted // (course_px * 5 // 2)
    joint = ((y % course_px) < course_px * 0.12) | ((shifted % (course_px * 5 // 2)) < course_px * 0.12)
    tones = rng.normal(1, 0.13, (int(row.max()) + 1, int(column.max()) + 1)).astype(np.float32)
    soft = blurred(joint.astype(np.float32), 0.8)
    rough = 1 + noise(width, height, rng, cell=7, octaves=3) * 0.10
    face = _coloured(colour, tones[row, column] * rough * lit(-soft * 2.5, ambient=0.5))
    return np.asarray(face * (1 - soft[..., None]) + _coloured(rgb("b9b2a6"), rough) * soft[..., None], np.float32)


def sky(width: int, height: int, rng: np.random.Generator, *, zenith: Colour, horizon: Colour) -> Floats:
    """A sky that pales towards the horizon, with clouds."""
    fall = np.linspace(0, 1, height, dtype=np.float32)[:, None, None] ** 0.8
    base = np.asarray(zenith, np.float32) * (1 - fall) + np.asarray(horizon, np.float32) * fall
    clouds = np.clip(noise(width, height, rng, cell=height / 1.6, octaves=6, stretch=2.2) - 0.05, 0, 1) * 0.9
    return np.asarray(base * (1 - clouds[..., None]) + np.float32(0.95) * clouds[..., None], np.float32)


def foliage(width: int, height: int, rng: np.random.Generator, *, colour: Colour) -> Floats:
    """Leaves of a hedge or a crown: clumps lit from above, dark in between."""
    clumps = noise(width, height, rng, cell=height / 4, octaves=6)
    leaves = noise(width, height, rng, cell=8, octaves=2)
    light = lit(blurred(clumps * 16 + leaves * 2, 1.0), ambient=0.3)
    hue = filled(width, height, colour)
    hue[..., 0] += 0.10 * leaves
    return np.asarray(np.clip(hue * (light * (0.85 + 0.25 * clumps))[..., None], 0, 1), np.float32)


def lights(width: int, height: int, rng: np.random.Generator, *, count: int, size_px: float) -> Floats:
    """Lamps out of focus: discs of warm and cold light, to be added to a picture."""
    glow = np.zeros((height, width, 3), np.float32)
    for _ in range(count):
        colour = rng.choice([(1, 0.75, 0.35), (1, 0.9, 0.7), (0.9, 0.25, 0.2), (0.4, 0.6, 1), (0.5, 1, 0.6)])
        x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height * 0.75))
        radius, strength = max(2.0, size_px * float(rng.uniform(0.4, 1.2))), float(rng.uniform(0.25, 0.7))
        area(
            glow,
            disc(x, y, radius),
            (float(colour[0]), float(colour[1]), float(colour[2])),
            soft=1.2,
            strength=strength,
        )
    return glow


def carpet(width: int, height: int, rng: np.random.Generator, *, colour: Colour) -> Floats:
    """A rug or pin-board: fine speckle at two sizes."""
    speckle = noise(width, height, rng, cell=4, octaves=2) * 0.16 + noise(width, height, rng, cell=height / 3) * 0.05
    return _coloured(colour, 1 + speckle)


def paper(width: int, height: int, rng: np.random.Generator, *, lines: int) -> Floats:
    """A written page: rows of something like words."""
    page = filled(width, height, (0.96, 0.955, 0.93)) * (
        1 + noise(width, height, rng, cell=height / 2)[..., None] * 0.02
    )
    pitch = height / (lines + 3)
    for k in range(lines):
        y, x = int(pitch * (k + 1.8)), width * 0.1
        end = width * rng.uniform(0.55, 0.9)
        while x < end:
            word = width * rng.uniform(0.03, 0.11)
            ink = resized(
                rng.random((2, max(2, int(word / 3))), np.float32), max(2, int(word)), max(2, int(pitch * 0.42))
            )
            right = min(width, int(x) + ink.shape[1])
            page[y : y + ink.shape[0], int(x) : right] *= (0.3 + 0.5 * ink[: height - y, : right - int(x)])[..., None]
            x += word + width * 0.018
    return np.asarray(page, np.float32)
