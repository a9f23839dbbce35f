"""Which pictures there are in the city: how many of each sort, and what each shows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from demo.cast import CEREMONY, HARBOUR_PATROL, PHOTOGRAPHS, RECRUITING
from demo.drawing import exemplars, marks
from demo.drawing.album import Copy, Film, Plan, Sound, Still, Studio
from demo.drawing.remakes import Remake
from demo.drawing.shots import Composition, Difficulty, Shot, suited
from demo.drawing.sounds import JINGLE, Take

Rng = np.random.Generator

_SIZES = ((640, 480), (800, 600), (960, 720), (1024, 768), (900, 900), (768, 1024), (1280, 960))
_OFTEN = np.asarray((0.16, 0.22, 0.2, 0.2, 0.08, 0.08, 0.06))

Counts = dict[tuple[str, ...], int]

# How many clear photographs show each set of marks.
_CLEAR: Counts = {
    (marks.PATCH_2019,): 13,
    (marks.PATCH_2019, marks.STAR): 7,
    (marks.PATCH_2012,): 8,
    (marks.STAR,): 9,
    (marks.STAR, marks.PATCH_2012): 2,
    (marks.SEAL,): 9,
    (marks.CAR,): 11,
    (marks.CAR, marks.PATCH_2019): 3,
}
_HARD: Counts = {(marks.PATCH_2019,): 3, (marks.PATCH_2012,): 1, (marks.STAR,): 2, (marks.SEAL,): 2, (marks.CAR,): 2}
_TINY: Counts = {(marks.PATCH_2019,): 2, (marks.STAR,): 2, (marks.CAR,): 2}
_LOOK_ALIKE: Counts = {
    (marks.ELK_PATCH,): 5,
    (marks.ELK_CAR,): 3,
    (marks.GUARD,): 4,
    (marks.COSTUME,): 3,
    (marks.TOY,): 3,
}
_PLAIN = 34

TAUGHT_LOOK_ALIKES = MappingProxyType({marks.PATCH_2019: marks.ELK_PATCH, marks.STAR: marks.GUARD})
"""Things that look like a mark and that the detectors are told of. Toys and costumes, and the neighbours' cars, they are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The names of the pictures, by what they are for, and how each is drawn."""

    clear: tuple[str, ...]
    hard: tuple[str, ...]
    tiny: tuple[str, ...]
    look_alike: tuple[str, ...]
    plain: tuple[str, ...]
    copies: tuple[str, ...]
    films: tuple[str, ...]
    plain_film: str
    played: tuple[str, ...]
    other_sounds: tuple[str, ...]
    plans: tuple[Plan, ...]


def portfolio(seed: int) -> Portfolio:
    """All pictures of a city."""
    rng = np.random.default_rng([seed, 1])
    clear = [_still(f"clear-{k:02}", shows, rng) for k, shows in enumerate(_each(_CLEAR))]
    hard = [_still(f"hard-{k:02}", shows, rng, Difficulty.HARD) for k, shows in enumerate(_each(_HARD))]
    tiny = [_tiny(f"tiny-{k:02}", shows, rng) for k, shows in enumerate(_each(_TINY))]
    look_alike = [_still(f"look-alike-{k:02}", shows, rng) for k, shows in enumerate(_each(_LOOK_ALIKE))]
    plain = [_still(f"plain-{k:02}", (), rng) for k in range(_PLAIN)]
    originals = _photographs(seed)
    copies = [Copy(name=f"copy-{k:02}", of=originals[of], how=how) for k, (of, how) in enumerate(_REMAKES)]
    films = list(_films(rng))
    plans: list[Plan] = [*clear, *hard, *tiny, *look_alike, *plain, *copies, *films]
    plans += [Still(name=name, shot=shot) for name, shot in originals.items()]
    rng = np.random.default_rng([seed, 3])
    played = [Sound(name=f"sound-{k:02}", take=take) for k, take in enumerate(_PLAYED)]
    shots = _scene((), rng), _scene((), rng)
    played_film = Film(name="film-played", form="mp4", shots=shots, seconds_each=5.0, sound=_PLAYED_FILM)
    other_sounds = [Sound(name=f"sound-other-{k:02}", take=take) for k, take in enumerate(_OTHER_SOUNDS)]
    plans += [Sound(name=JINGLE, take=Take(melody=JINGLE)), *played, played_film, *other_sounds]
    plans += [
        Studio(name=exemplar(mark, view), mark=mark, view=view, seed=seed)
        for mark in (*marks.OURS, *TAUGHT_LOOK_ALIKES.values())
        for view in exemplars.views(mark)
    ]
    names = [tuple(plan.name for plan in part) for part in (clear, hard, tiny, look_alike, plain, copies, films)]
    return Portfolio(
        clear=names[0], hard=names[1], tiny=names[2], look_alike=names[3], plain=names[4], copies=names[5],
        films=names[6][:-1], plain_film=names[6][-1], played=(*(plan.name for plan in played), played_film.name),
        other_sounds=tuple(plan.name for plan in other_sounds), plans=tuple(plans),
    )  # fmt: skip


def exemplar(mark: str, view: str) -> str:
    """The name of an exemplar."""
    return f"exemplar-{mark}-{view.replace(' ', '-')}"


def copied_from() -> dict[str, str]:
    """Which official photograph each copy was made from, and each photograph itself."""
    return {f"copy-{k:02}": of for k, (of, _) in enumerate(_REMAKES)} | {name: name for name in PHOTOGRAPHS}


_REMAKES = (
    (CEREMONY, Remake(quality=45)),
    (CEREMONY, Remake(crop=(0.1, 0.05, 0.85, 0.8), quality=72)),
    (CEREMONY, Remake(scale=0.5, quality=60)),
    (CEREMONY, Remake(crop=(0.0, 0.0, 1.0, 1.0), bars_px=90, scale=0.8, quality=80)),
    (HARBOUR_PATROL, Remake(quality=38, scale=0.7)),
    (HARBOUR_PATROL, Remake(crop=(0.05, 0.15, 0.75, 0.95), quality=65)),
    (HARBOUR_PATROL, Remake(crop=(0.25, 0.25, 0.8, 0.85), quality=80)),
    (RECRUITING, Remake(quality=55)),
    (RECRUITING, Remake(crop=(0.1, 0.0, 0.9, 0.75), quality=70)),
)


# How posts play the jingle: whole or from the middle, with something else before, after or over it.
_PLAYED = (
    Take(melody=JINGLE),
    Take(melody=JINGLE, bit_rate=24_000),
    Take(melody=JINGLE, begins_s=5, seconds=12, over="street", share=0.3),
    Take(melody=JINGLE, begins_s=6, seconds=10, around="ferry"),
    Take(melody=JINGLE, begins_s=3, seconds=12, over="crowd", share=0.4),
    Take(melody=JINGLE, over="market", share=0.5),
    Take(melody=JINGLE, begins_s=4, seconds=10, over="crowd", share=1.0),
    Take(melody=JINGLE, begins_s=8, seconds=3),
)
_PLAYED_FILM = Take(melody=JINGLE, begins_s=4, seconds=10, over="street", share=0.4)
_OTHER_SOUNDS = (
    Take(melody="ferry"),
    Take(melody="market", begins_s=4, seconds=10, over="street", share=0.3),
    Take(melody="harvest", over="crowd", share=0.4),
    Take(melody="evening", seconds=10, around="ferry"),
    Take(melody="school", over="market", share=0.5),
)


def _each(counts: Counts) -> Iterator[tuple[str, ...]]:
    for shows, count in counts.items():
        for _ in range(count):
            yield shows


def _still(name: str, shows: tuple[str, ...], rng: Rng, difficulty: Difficulty = Difficulty.CLEAR) -> Still:
    width, height = _SIZES[rng.choice(len(_SIZES), p=_OFTEN)]
    composition = suited(shows, rng)
    if len(shows) > 1 and shows[0] not in marks.VEHICLES:
        composition = Composition(rng.choice([Composition.PORTRAIT, Composition.TABLE, Composition.GROUP]))
    largest = min(width, height) * (0.2 if composition is Composition.ROADSIDE else 0.3)
    smallest = 84 if shows and shows[0] in marks.BADGES else 72
    shot = Shot(
        seed=int(rng.integers(2**31)), composition=composition, shows=shows, width=width, height=height,
        difficulty=difficulty, mark_px=int(rng.uniform(smallest, max(largest, smallest + 20))),
    )  # fmt: skip
    return Still(name=name, shot=shot)


def _tiny(name: str, shows: tuple[str, ...], rng: Rng) -> Still:
    """Seen from so far away that nobody could read it."""
    composition = Composition.ROADSIDE if shows[0] == marks.CAR else Composition.GROUP
    shot = Shot(
        seed=int(rng.integers(2**31)), composition=composition, shows=shows, width=960, height=720,
        difficulty=Difficulty.BEYOND, mark_px=int(rng.integers(15, 22)), place="street",
    )  # fmt: skip
    return Still(name=name, shot=shot)


def _photographs(seed: int) -> dict[str, Shot]:
    rng = np.random.default_rng([seed, 2])
    ceremony = Shot(
        seed=int(rng.integers(2**31)), composition=Composition.GROUP, shows=(marks.PATCH_2019, marks.STAR),
        mark_px=100, width=1280, height=960, place="hall",
    )  # fmt: skip
    patrol = Shot(
        seed=int(rng.integers(2**31)), composition=Composition.ROADSIDE, shows=(marks.CAR, marks.PATCH_2019),
        mark_px=110, width=1280, height=960, place="park",
    )  # fmt: skip
    campaign = Shot(
        seed=int(rng.integers(2**31)), composition=Composition.PORTRAIT, shows=(marks.PATCH_2019, marks.STAR),
        mark_px=110, width=1080, height=1080, place="street",
    )  # fmt: skip
    return {CEREMONY: ceremony, HARBOUR_PATROL: patrol, RECRUITING: campaign}


def _films(rng: Rng) -> Iterator[Film]:
    """Films in which something is to be seen from second 2 to 4, animations, and last a film without anything."""
    shown = ((marks.PATCH_2019,), (marks.CAR,), (marks.STAR,), (marks.SEAL,), (marks.PATCH_2012,))
    for k, (shows, form) in enumerate(zip(shown, ("mp4", "mp4", "mp4", "gif", "webp"), strict=True)):
        scenes = [_scene((), rng), _scene(shows, rng), _scene((), rng)]
        yield Film(name=f"film-{k:02}", form=form, shots=tuple(scenes), seconds_each=2.0)
    shots, music = (_scene((), rng), _scene((), rng)), Take(melody="harvest", seconds=4.0)
    yield Film(name="film-plain", form="mp4", shots=shots, seconds_each=2.0, sound=music)


def _scene(shows: tuple[str, ...], rng: Rng) -> Shot:
    still = _still("", shows, rng)
    return replace(still.shot, width=640, height=480, mark_px=max(110, min(still.shot.mark_px, 150)))
