"""
What a perfect service would find: for every post and identifier whether it is visible, how hard to see, reached, and permitted.

It is known because the city was made, not seen. It goes to a file that the scan never reads.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from demo.cast import NAME, NAME_HEIGHTS, NAME_RINGS, UNIFORM
from demo.city import FIRST_SCAN_DAY, POLICY_DAY, SECOND_SCAN_DAY, CityPost, Thing
from demo.drawing import marks
from demo.drawing.album import Copy, Film, Plan, Sound, Still, Studio, Visible
from demo.drawing.shots import Composition, Difficulty, Shot
from demo.drawing.sounds import JINGLE
from demo.registry import account_of, permission_of
from demo.simulators import town
from demo.simulators.server import Stage
from demo.story import TRAPS
from footprint.accounts import Registrant
from footprint.digests import sha256
from footprint.jurisdiction import Policy, out_of_jurisdiction
from footprint.permissions import Question, Revocation, search

_NOT_THEIRS = frozenset({"passed_on", "by_another", "not_public"})
_WORN = frozenset({Composition.PORTRAIT, Composition.GROUP})
_NAME_PX = 12.0
"""Height of letters below which nobody can be asked to read them."""
_ORDER = (Difficulty.CLEAR, Difficulty.HARD, Difficulty.BEYOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One identifier that is visible in one post, as the record names both.

    `unreached` says why neither crawl nor policy reaches the post, "" where they do; `covered_by` names the permission that covers
    it, None where none does. `difficulty` is `beyond` where it is too small or too far hidden to be asked for; `is_taught` false where
    the identifier has no exemplar, so that no detector looks for it.
    """

    post: str
    key: str
    identifier: str
    side_px: float
    hidden: float
    difficulty: Difficulty
    is_taught: bool
    covered_by: str | None
    unreached: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A post in which nothing may be found, and why."""

    post: str
    key: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """All rows and traps of a city; `keys` names every post, as the record does, by its key in the story."""

    seed: int
    keys: Mapping[str, str]
    rows: tuple[Row, ...]
    traps: tuple[Trap, ...]

    def write(self, file: Path) -> None:
        """Write it as JSON."""
        file.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def truth(stage: Stage) -> Truth:
    """The truth of a city on its stage, at the two scans."""
    plans = {plan.name: plan for plan in stage.city.plans}
    rows = [row for post in stage.city.posts for row in _rows(stage, post, plans)]
    traps = [
        Trap(post=town.record_id(stage, post), key=post.key, why=TRAPS[post.trap])
        for post in stage.city.posts
        if post.trap
    ]
    keys = {town.record_id(stage, post): post.key for post in stage.city.posts}
    return Truth(seed=stage.city.seed, keys=keys, rows=tuple(rows), traps=tuple(traps))


def _rows(stage: Stage, post: CityPost, plans: Mapping[str, Plan]) -> Iterator[Row]:
    things = {thing.id: thing for thing in stage.city.things}
    states = [shown for day in (FIRST_SCAN_DAY, SECOND_SCAN_DAY) if (shown := post.shown(day))]
    # What nobody could have seen at either scan is a row as well: with the reason.
    names = dict.fromkeys(name for state in states for name in state.pictures) or dict.fromkeys(post.pictures)
    unreached = _unreached(stage, post, is_there=bool(states))
    seen = {name: tuple(_seen(stage, name, plans)) for name in names}
    for identifier, mark in _best(seen).items():
        media = [name for name, visible in seen.items() if any(m.what == identifier for m in visible)]
        yield Row(
            post=town.record_id(stage, post),
            key=post.key,
            identifier=identifier,
            side_px=mark.side_px,
            hidden=mark.hidden,
            difficulty=mark.difficulty,
            is_taught=identifier != UNIFORM,
            covered_by=_covering(stage, post, things[identifier], media),
            unreached=unreached,
        )


def _best(seen: Mapping[str, Sequence[Visible]]) -> dict[str, Visible]:
    """Each identifier that the pictures show, where it is seen best."""
    best: dict[str, Visible] = {}
    for mark in sorted((mark for visible in seen.values() for mark in visible), key=_rank):
        best.setdefault(mark.what, mark)
    return best


def _rank(mark: Visible) -> tuple[int, float]:
    return _ORDER.index(mark.difficulty), -mark.side_px


def _seen(stage: Stage, name: str, plans: Mapping[str, Plan]) -> Iterator[Visible]:
    picture, plan = stage.pictures.get(name), plans.get(name)
    if picture is None or plan is None:
        return
    ours = [mark for mark in picture.visible if mark.what in marks.OURS]
    yield from ours
    yield from map(_name_on, ours)
    yield from (recording for recording in picture.visible if recording.what == JINGLE)
    if photograph := stage.city.of_photograph.get(name):
        yield Visible(what=photograph, side_px=0.0, hidden=0.0, difficulty=Difficulty.CLEAR)
    worn = [mark for mark in ours if mark.what in (*marks.PATCHES, *marks.BADGES)]
    if worn and any(map(_is_uniform, shots_of(plan))):
        yield replace(worn[0], what=UNIFORM)


def _name_on(mark: Visible) -> Visible:
    """The Department's name as a mark shows it: every mark does."""
    height_px = round(NAME_HEIGHTS[mark.what] * mark.side_px, 1)
    ring = Difficulty.HARD if mark.what in NAME_RINGS else Difficulty.CLEAR
    read = Difficulty.BEYOND if height_px < _NAME_PX else ring
    return replace(mark, what=NAME, side_px=height_px, difficulty=max(mark.difficulty, read, key=_ORDER.index))


def shots_of(plan: Plan) -> tuple[Shot, ...]:
    """The shots that a picture is made from."""
    match plan:
        case Still():
            return (plan.shot,)
        case Copy():
            return (plan.of,)
        case Film():
            return plan.shots
        case Sound() | Studio():
            return ()


def _is_uniform(shot: Shot) -> bool:
    return bool(shot.shows) and (shot.composition in _WORN or (len(shot.shows) > 1 and shot.shows[0] in marks.VEHICLES))


def _unreached(stage: Stage, post: CityPost, *, is_there: bool) -> str:
    holding = stage.city.holding(post.account)
    if holding.unread:
        return holding.unread
    if post.trap in _NOT_THEIRS:
        return TRAPS[post.trap]
    if not is_there:
        return "deleted before anybody looked"
    policy = Policy(version="", effective_from=stage.city.moment(POLICY_DAY))
    registrant = _registrant(stage, holding.person)
    return out_of_jurisdiction(stage.city.moment(post.day), registrant, account_of(stage, holding), policy)


def _registrant(stage: Stage, person_id: str) -> Registrant:
    person = next(person for person in stage.city.people if person.id == person_id)

    def moment(day: float | None) -> datetime | None:
        return None if day is None else stage.city.moment(day)

    return Registrant(
        id=person.id,
        employed_from=stage.city.moment(person.employed_day),
        employed_until=moment(person.left_day),
        notice_acknowledged_at=moment(person.notice_day),
        registered_at=stage.city.moment(0),
    )


def _covering(stage: Stage, post: CityPost, thing: Thing, media: Sequence[str]) -> str | None:
    holding = stage.city.holding(post.account)
    question = Question(
        registrant_id=holding.person,
        identifier_id=thing.id,
        kind=thing.kind,
        platform=holding.platform,
        media=tuple(sha256(stage.pictures[name].data) for name in media),
        posted_at=stage.city.moment(post.day),
    )
    papers = stage.city.papers
    revocations = [
        Revocation(id=paper.id, revoked_at=stage.city.moment(paper.revoked_day), by="", reason="")
        for paper in papers
        if paper.revoked_day is not None
    ]
    return search([permission_of(stage, paper) for paper in papers], revocations, question)[1]
