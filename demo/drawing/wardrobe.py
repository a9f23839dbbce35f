"""Who stands in a picture, and what they wear."""

from demo.drawing import marks
from demo.drawing.canvas import rgb
from demo.drawing.people import Look, Worn, person
from demo.drawing.scene import Subject
from demo.drawing.setting import Rng, choice

_NAVY, _DARK_NAVY = rgb("28335a"), rgb("1c2440")
_UNIFORMS = {marks.ELK_PATCH: (rgb("7a6a4c"), rgb("4a3b2a")), marks.GUARD: (rgb("dcdcd6"), rgb("22252b"))}
_SHIRTS = "b5443c 3f7f6b d8d2c4 44516b c98f3d 6b4a7d 8fa6b8 2f2f33"

# How large the marks are on a person, in the units of `people.person`.
_BADGE_UNITS, _PATCH_UNITS = 11.5, 12.7


def unit_px(shows: tuple[str, ...], mark_px: float) -> float:
    """The scale of a person at which the first mark has the size asked for."""
    return max(1.2, mark_px / (_BADGE_UNITS if shows and shows[0] in marks.BADGES else _PATCH_UNITS))


def somebody(shows: tuple[str, ...], *, unit_px: float, waist_up: bool, rng: Rng) -> Subject:
    """A person in the uniform to which the marks belong; in everyday clothes where there are none."""
    worn = {name: Worn(what=name, layer=marks.layer(name, int(rng.integers(4)))) for name in shows}
    patch = next((worn[name] for name in shows if name in marks.PATCHES), None)
    badge = next((worn[name] for name in shows if name in marks.BADGES), None)
    look = _everyday(rng) if patch is None and badge is None else _uniformed(shows, patch, badge, rng)
    return person(look, unit_px=unit_px, waist_up=waist_up, rng=rng)


def _everyday(rng: Rng) -> Look:
    return Look(
        shirt=rgb(choice(_SHIRTS, rng)),
        trousers=rgb(choice("3a4a63 2b2b2e 6b5a44", rng)),
        stripe=rgb(choice(_SHIRTS, rng)) if rng.random() < 0.3 else None,
        long_sleeves=bool(rng.random() < 0.4),
    )


def _uniformed(shows: tuple[str, ...], patch: Worn | None, badge: Worn | None, rng: Rng) -> Look:
    shirt, trousers = next((_UNIFORMS[name] for name in shows if name in _UNIFORMS), (_NAVY, _DARK_NAVY))
    return Look(
        shirt=shirt,
        trousers=trousers,
        patch=patch,
        badge=badge,
        plate=choice("ORTIZ REYES LINDQVIST OKAFOR TRAN HOLLAND", rng),
        is_uniform=True,
        cap=trousers if rng.random() < 0.35 else None,
        turn=float(rng.uniform(0.2, 1.0)),
    )
