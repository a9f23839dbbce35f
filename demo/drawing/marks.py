"""Every mark by name: the Department's identifiers, and the things that only look like them."""

from functools import cache

import numpy as np

from demo.drawing import badges, patches, prints
from demo.drawing.canvas import Floats, rgb
from demo.drawing.vehicles import Livery

PATCH_2019, PATCH_2012 = "shoulder-patch-2019", "shoulder-patch-2012"
STAR, SEAL, CAR = "star-badge", "department-seal", "patrol-car"
ELK_PATCH, ELK_CAR, GUARD, COSTUME, TOY = "elk-bay-patch", "elk-bay-car", "halcyon-badge", "costume-star", "toy-car"

OURS = (PATCH_2019, PATCH_2012, STAR, SEAL, CAR)
LOOK_ALIKES = (ELK_PATCH, ELK_CAR, GUARD, COSTUME, TOY)
PATCHES = (PATCH_2019, PATCH_2012, ELK_PATCH)
BADGES = (STAR, GUARD, COSTUME)
VEHICLES = (CAR, ELK_CAR, TOY)


@cache
def layer(name: str, variant: int = 0) -> Floats:
    """The mark's own picture. Variants are other pieces of the same make: other threads, another number."""
    match name:
        case "shoulder-patch-2019":
            return patches.patch("2019", variant)
        case "shoulder-patch-2012":
            return patches.patch("2012", variant)
        case "elk-bay-patch":
            return patches.patch("neighbour", variant)
        case "star-badge":
            return badges.star(str(101 + variant * 37), variant)
        case "halcyon-badge":
            return badges.guard_badge(str(12 + variant * 7), variant)
        case "costume-star":
            return badges.costume_star(variant)
        case "department-seal":
            return prints.seal()
    raise ValueError(f"There is no picture of a mark '{name}'.")


def livery(name: str, rng: np.random.Generator) -> Livery:
    """How the car of a name is painted; "" is anybody's."""
    number = str(rng.integers(200, 260))
    match name:
        case "patrol-car":
            return Livery(
                paint=rgb("f0f1f2"), band=rgb("1a3c86"), trim=rgb("c79a34"), lettering=rgb("1a3c86"), word="POLICE",
                slant=0.3, number=number, shield=prints.door_shield(), what=name, lightbar=True,
            )  # fmt: skip
        case "elk-bay-car":
            return Livery(
                paint=rgb("d9d2c0"), band=rgb("5a3a22"), trim=rgb("d9d2c0"), band_y=66, lettering=rgb("5a3a22"), word="SHERIFF",
                number=number, shield=prints.elk_shield(), what=name, lightbar=True,
            )  # fmt: skip
        case "toy-car":
            return Livery(
                paint=rgb("2d6fd0"), lettering=rgb("ffffff"), word="POLICE", shield=prints.toy_shield(), what=name,
                lightbar=True, is_toy=True,
            )  # fmt: skip
    return Livery(paint=rgb(str(rng.choice(["8a2f2f", "3d4a5c", "c9ccd0", "1f2226", "5f6b4a", "a08a5e", "7a8fa8"]))))
