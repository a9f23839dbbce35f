"""
All pictures of the city by name, drawn on all cores and kept in a folder.

What is kept is good for one version of the code that draws, whose digest the folder's name carries, and for one description, whose digest
the file's name carries.
"""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2

from demo.drawing.exemplars import photograph
from demo.drawing.remakes import Remake, animation, film, remake
from demo.drawing.scene import Mark
from demo.drawing.shots import Difficulty, Photograph, Shot, take
from demo.drawing.sounds import JINGLE, Take, recorded

MIMES = {"jpg": "image/jpeg", "mp4": "video/mp4", "gif": "image/gif", "webp": "image/webp", "mp3": "audio/mpeg"}

# Below these a mark is hard to find, or beyond what can be asked for: sides in pixels, shares hidden.
HARD_SIDE_PX, BEYOND_SIDE_PX = 48.0, 24.0
HARD_HIDDEN, BEYOND_HIDDEN, GONE_HIDDEN = 0.35, 0.7, 0.97

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A photograph."""

    name: str
    shot: Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A photograph made from another one."""

    name: str
    of: Shot
    how: Remake


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A film (`mp4`) or animation (`gif`, `webp`) of several photographs of one size, each shown for some seconds; a film may have a sound."""

    name: str
    form: str
    shots: tuple[Shot, ...]
    seconds_each: float
    sound: Take | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A recording without a picture."""

    name: str
    take: Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """An exemplar: a mark in the studio, from one of its views."""

    name: str
    mark: str
    view: str
    seed: int


Plan = Still | Copy | Film | Sound | Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """
    One mark that a picture shows: what, how large, how much of it is hidden, how hard it is to find; in a film, when.

    Of a recording that is heard it says what, how hard, and when.
    """

    what: str
    side_px: float
    hidden: float
    difficulty: Difficulty
    span_s: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A finished picture or recording: its bytes, and what is to be seen or heard in it."""

    name: str
    data: bytes
    mime: str
    visible: tuple[Visible, ...]


def album(plans: Sequence[Plan], folder: Path, *, progress: Progress) -> Mapping[str, Picture]:
    """The pictures by name: read from the folder where they are there, else drawn and kept."""
    kept = folder / f"pictures-{_version()}"
    kept.mkdir(parents=True, exist_ok=True)
    for outdated in set(folder.glob("pictures-*")) - {kept}:
        shutil.rmtree(outdated)
    found = {plan.name: picture for plan in plans if (picture := _read(kept, plan)) is not None}
    missing = [plan for plan in plans if plan.name not in found]
    progress(len(found), len(plans))
    if missing:
        # The heaviest first, so that no core waits for a last film.
        ordered = sorted(missing, key=lambda plan: (isinstance(plan, Still), plan.name))
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"), initializer=_one_thread) as pool:
            for plan, picture in zip(ordered, pool.map(draw, ordered, chunksize=2), strict=True):
                _write(_file(kept, plan), picture)
                found[picture.name] = picture
                progress(len(found), len(plans))
    return found


def draw(plan: Plan) -> Picture:
    """Draw one picture."""
    match plan:
        case Still():
            taken = take(plan.shot)
            return _finished(plan, taken.jpeg(), _graded(taken, plan.shot.difficulty))
        case Copy():
            copied = remake(take(plan.of), plan.how)
            return _finished(plan, copied.jpeg(), _graded(copied, plan.of.difficulty))
        case Film():
            return _filmed(plan)
        case Sound():
            return _finished(plan, recorded(plan.take), audible(plan.take))
        case Studio():
            return _finished(plan, photograph(plan.mark, plan.view, seed=plan.seed), ())


def audible(take: Take | None) -> tuple[Visible, ...]:
    """The Department's jingle, where it is played."""
    if take is None or take.melody != JINGLE:
        return ()
    difficulty = Difficulty.HARD if take.is_hard else Difficulty.CLEAR
    return (Visible(what=JINGLE, side_px=0.0, hidden=0.0, difficulty=difficulty, span_s=take.span_s),)


def mime_of(plan: Plan) -> str:
    """The media type of what a plan becomes."""
    match plan:
        case Film():
            return MIMES[plan.form]
        case Sound():
            return MIMES["mp3"]
        case _:
            return MIMES["jpg"]


def grade(mark: Mark, drawn_as: Difficulty) -> Difficulty:
    """How hard a mark is to find, from its size and what hides it, and from how the picture was spoilt."""
    if mark.side_px < BEYOND_SIDE_PX or mark.hidden > BEYOND_HIDDEN:
        return Difficulty.BEYOND
    if mark.side_px < HARD_SIDE_PX or mark.hidden > HARD_HIDDEN:
        return Difficulty.HARD
    return drawn_as


def _filmed(plan: Film) -> Picture:
    taken = [take(shot) for shot in plan.shots]
    stills = [photograph.picture for photograph in taken]
    if plan.form == "mp4":
        data = film(stills, seconds_each=plan.seconds_each, sound=plan.sound)
    else:
        data = animation(stills, form=plan.form.upper(), seconds_each=plan.seconds_each)
    visible = tuple(
        mark
        for k, (photograph, shot) in enumerate(zip(taken, plan.shots, strict=True))
        for mark in _graded(photograph, shot.difficulty, (k * plan.seconds_each, (k + 1) * plan.seconds_each))
    )
    return _finished(plan, data, visible + audible(plan.sound))


def _graded(taken: Photograph, drawn_as: Difficulty, span_s: tuple[float, float] | None = None) -> tuple[Visible, ...]:
    return tuple(
        Visible(
            what=mark.what,
            side_px=round(mark.side_px, 1),
            hidden=round(mark.hidden, 2),
            difficulty=grade(mark, drawn_as),
            span_s=span_s,
        )
        for mark in taken.marks
        if mark.hidden < GONE_HIDDEN
    )


def _finished(plan: Plan, data: bytes, visible: tuple[Visible, ...]) -> Picture:
    return Picture(name=plan.name, data=data, mime=mime_of(plan), visible=visible)


def _file(kept: Path, plan: Plan) -> Path:
    return kept / f"{plan.name}-{sha256(repr(plan).encode()).hexdigest()[:12]}"


def _write(file: Path, picture: Picture) -> None:
    """The bytes first: a picture without its description is drawn again."""
    file.write_bytes(picture.data)
    said = {"mime": picture.mime, "visible": [asdict(mark) for mark in picture.visible]}
    file.with_suffix(".json").write_text(json.dumps(said), encoding="utf-8")


def _read(kept: Path, plan: Plan) -> Picture | None:
    file = _file(kept, plan)
    if not file.with_suffix(".json").exists():
        return None
    said = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    visible = tuple(map(_visible, said["visible"]))
    return Picture(name=plan.name, data=file.read_bytes(), mime=said["mime"], visible=visible)


def _visible(said: Mapping[str, Any]) -> Visible:
    span = said["span_s"]
    return Visible(
        what=said["what"],
        side_px=said["side_px"],
        hidden=said["hidden"],
        difficulty=Difficulty(said["difficulty"]),
        span_s=span and (span[0], span[1]),
    )


def _one_thread() -> None:
    """Each process draws on one core: they share the machine between them."""
    cv2.setNumThreads(1)


@cache
def _version() -> str:
    """Digest of the code that draws."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
