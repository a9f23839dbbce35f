"""What all places share: the ground in perspective, and the light."""

import numpy as np

from demo.drawing.canvas import Floats, noise, opaque, place

Rng = np.random.Generator


def floor(picture: Floats, surface: Floats, top: int) -> None:
    """Lay a surface onto the ground, from the row of the horizon to the lower edge, in place."""
    height, width = picture.shape[:2]
    near, far = [(width * 1.9, height), (-width * 0.9, height)], [(-width * 0.1, top), (width * 1.1, top)]
    place(picture, opaque(surface), [*far, *near])


def sunlit(picture: Floats, rng: Rng) -> Floats:
    """A slope of light across the picture and a few broad shadows, as of clouds or trees."""
    height, width = picture.shape[:2]
    slope = np.linspace(float(rng.uniform(0.82, 1.0)), float(rng.uniform(1.0, 1.15)), width, dtype=np.float32)
    shade = 1 - 0.22 * np.clip(noise(width, height, rng, cell=height / 1.5, octaves=2), 0, 1)
    return np.asarray(np.clip(picture * (slope[None, :] * shade)[..., None], 0, 1), np.float32)


def lamplit(picture: Floats, rng: Rng) -> Floats:
    """A pool of warm light."""
    height, width = picture.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :] - np.float32(rng.uniform(0.25, 0.75))
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None] - np.float32(rng.uniform(0.0, 0.5))
    pool = 0.78 + 0.4 * np.exp(-(x**2 + y**2) * 1.6)
    return np.asarray(np.clip(picture * pool[..., None] * np.asarray((1.04, 1.0, 0.93), np.float32), 0, 1), np.float32)


def choice(codes: str, rng: Rng) -> str:
    """One of several colour codes, parted by spaces."""
    return str(rng.choice(codes.split()))
