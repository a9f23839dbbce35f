"""
What happens in the city in ninety days: who posts which picture when, what is edited, deleted, passed on or said by others.

Each account's posts are spread over the days; then its pictures are dealt to them, then the incidents of the story happen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from demo import writing
from demo.cast import CEREMONY, HARBOUR_PATROL, HOLDINGS, PAPERS, PEOPLE, PHOTOGRAPHS, RECRUITING, THINGS
from demo.city import DAYS, FIRST_SCAN_DAY, City, CityPost, Edit, Holding, Remark
from demo.drawing import marks
from demo.drawing.album import Still
from demo.drawing.sounds import JINGLE
from demo.pictures import Portfolio, copied_from, portfolio
from demo.simulators.hostile import HOSTILE
from footprint.accounts import AccountRole

Rng = np.random.Generator

TRAPS = {
    "look_alike": "shows or plays something that only looks or sounds like the Department's",
    "passed_on": "somebody else's post, passed on",
    "by_another": "published by somebody else at the same address",
    "remark": "the picture is somebody else's, below or inside of the post",
    "protected": "protected speech with a plain picture or none",
    "not_public": "was not published to everybody",
}


def build(seed: int, anchor: datetime) -> City:
    """The city of a seed, its last day ending at the anchor (aware UTC). The same arguments give the same city."""
    pictures = portfolio(seed)
    posts = [post for holding in HOLDINGS for post in _posts(holding, seed)]
    posts = _dealt(posts, pictures, np.random.default_rng([seed, 11]))
    posts = _incidents(posts, pictures, np.random.default_rng([seed, 12]))
    return City(
        seed=seed,
        anchor=anchor,
        people=PEOPLE,
        holdings=HOLDINGS,
        posts=tuple(sorted(posts, key=lambda post: (post.account, post.day))),
        things=THINGS,
        papers=PAPERS,
        plans=pictures.plans,
        of_photograph=copied_from(),
    )


def _posts(holding: Holding, seed: int) -> Iterator[CityPost]:
    """The posts of one account, without pictures yet: days spread unevenly, one in eight a reply, one in ten protected speech."""
    rng = np.random.default_rng([seed, 10, *holding.key.encode()])
    days = np.sort(rng.uniform(0.2, DAYS - 0.2, holding.posts))
    for number, day in enumerate(days, start=1):
        is_official = holding.role is AccountRole.OFFICIAL
        speaks_up = not is_official and rng.random() < (0.5 if holding.role is AccountRole.REPRESENTATIVE else 0.1)
        text = writing.protected(rng) if speaks_up else writing.notice(rng) if is_official else writing.everyday(rng)
        yield CityPost(
            key=f"{holding.key}-{number:02}",
            account=holding.key,
            number=number,
            day=round(float(day), 4),
            title=writing.title(text),
            text=text,
            is_reply=not is_official and bool(rng.random() < 0.12),
            trap="protected" if speaks_up else "",
        )


def _dealt(posts: Sequence[CityPost], pictures: Portfolio, rng: Rng) -> list[CityPost]:
    """Deal pictures to posts: each one once, then some again under other posts, as people share them."""
    official = [post for post in posts if _role(post) is AccountRole.OFFICIAL]
    private = [post for post in posts if _role(post) is not AccountRole.OFFICIAL]
    quiet = [post for post in private if post.trap]
    free = [post for post in private if not post.trap]
    deck = [*pictures.hard, *pictures.tiny, *pictures.copies, *pictures.films, *pictures.look_alike]
    theirs, ours = pictures.clear[::4], [name for k, name in enumerate(pictures.clear) if k % 4]
    shared = [str(name) for name in rng.choice([*ours, *pictures.look_alike], 44, replace=False)]
    given: dict[str, tuple[str, ...]] = {}
    given |= _deal([*theirs, CEREMONY, HARBOUR_PATROL, RECRUITING, *pictures.plain[:10]], official, rng)
    given |= _deal([*pictures.plain[10:16], pictures.plain_film], quiet, rng)
    given |= _deal([*deck, *ours, *shared, *pictures.plain[10:], RECRUITING, RECRUITING], free, rng)
    return [_illustrated(post, given.get(post.key, ()), pictures, rng) for post in posts]


def _deal(names: Sequence[str], posts: Sequence[CityPost], rng: Rng) -> dict[str, tuple[str, ...]]:
    """One picture a post, at random; every ninth post shows two."""
    order = [posts[int(k)] for k in rng.permutation(len(posts))]
    hands: dict[str, tuple[str, ...]] = {}
    waiting = [names[int(k)] for k in rng.permutation(len(names))]
    for k, post in enumerate(order):
        size = 2 if k % 9 == 8 else 1
        hand, waiting = tuple(waiting[:size]), waiting[size:]
        if hand:
            hands[post.key] = hand
    return hands


def _illustrated(post: CityPost, names: tuple[str, ...], pictures: Portfolio, rng: Rng) -> CityPost:
    if not names:
        return post
    is_trap = post.trap or ("look_alike" if set(names) <= set(pictures.look_alike) else "")
    text = post.text if post.trap or _role(post) is AccountRole.OFFICIAL else writing.caption(rng)
    return replace(post, pictures=names, text=text, title=writing.title(text), trap=is_trap)


def _incidents(posts: Sequence[CityPost], pictures: Portfolio, rng: Rng) -> list[CityPost]:
    """Edits, deletions, posts of others, remarks of others, posts for few, and media that are broken or hostile."""
    story = {post.key: post for post in posts}
    showing = [p for p in posts if p.pictures and p.pictures[0] in pictures.clear and _is_private(p)]
    bare = [p for p in posts if not p.pictures and not p.trap and _is_private(p)]
    _edit(story, showing, bare, pictures, rng)
    _delete(story, showing, rng)
    _others(story, bare, pictures, rng)
    _occasions(story, pictures)
    untouched = [p for p in bare if story[p.key] == p and _SETTLED_DAY < p.day < FIRST_SCAN_DAY]
    for k, name in enumerate(HOSTILE):
        post = untouched[k * len(untouched) // len(HOSTILE)]
        story[post.key] = replace(post, pictures=(name,))
    _play(story, pictures, rng)
    return list(story.values())


def _edit(
    story: dict[str, CityPost], showing: Sequence[CityPost], bare: Sequence[CityPost], pictures: Portfolio, rng: Rng
) -> None:
    """Between the scans: pictures are added to some posts and taken out of others; before, some words change."""
    recent = [p for p in bare if 60 < p.day < FIRST_SCAN_DAY - 1 and p.account in _EDITABLE]
    for post, name in zip(recent[:4], pictures.clear[4:20:4], strict=False):
        edit = Edit(day=_between_scans(rng), text=f"{post.text} Edit: picture added.", pictures=(name,))
        story[post.key] = replace(post, edits=(edit,))
    for post in [p for p in showing if 60 < p.day < FIRST_SCAN_DAY - 1 and p.account in _EDITABLE][:3]:
        edit = Edit(day=_between_scans(rng), text=f"{post.text} (Picture taken out.)", pictures=())
        story[post.key] = replace(story[post.key], edits=(edit,))
    for post in [p for p in bare if 10 < p.day < 60][:8]:
        edit = Edit(day=post.day + 1.5, text=f"{post.text} Thanks for all the answers!", pictures=())
        story[post.key] = replace(story[post.key], edits=(edit,))


def _delete(story: dict[str, CityPost], showing: Sequence[CityPost], rng: Rng) -> None:
    """Some posts vanish before anybody looked, some between the scans."""
    whole = [p for p in showing if not story[p.key].edits]
    for post in [p for p in whole if 20 < p.day < 60][:4]:
        story[post.key] = replace(story[post.key], deleted_day=post.day + 4)
    for post in [p for p in whole if 62 < p.day < FIRST_SCAN_DAY - 1][:5]:
        story[post.key] = replace(story[post.key], deleted_day=_between_scans(rng))


def _occasions(story: dict[str, CityPost], pictures: Portfolio) -> None:
    """Posts that a permission covers, or no longer, or not yet."""
    shown = {plan.name: plan.shot.shows for plan in pictures.plans if isinstance(plan, Still)}
    for k, (account, day, mark) in enumerate(_OCCASIONS):
        names = [name for name in (*pictures.clear, *PHOTOGRAPHS) if shown[name] == (mark,) or name == mark]
        free = [p for p in story.values() if p.account == account and not p.pictures and not p.trap and not p.edits]
        post = min(free, key=lambda p: abs(p.day - day))
        picture = names[k % len(names)]
        story[post.key] = replace(post, day=day, pictures=(picture,), text="As announced.", title="As announced")


def _play(story: dict[str, CityPost], pictures: Portfolio, rng: Rng) -> None:
    """Posts that play something: the jingle where it belongs, what people made of it, and other music."""
    silent = [p for p in story.values() if not p.pictures and not p.trap and not p.edits and p.day > _SETTLED_DAY]
    private = [p for p in silent if _is_private(p)]
    chosen = [
        next(p for p in silent if p.account == "recruiting"),
        *(private[int(k)] for k in rng.permutation(len(private))),
    ]
    for post, name in zip(chosen, (JINGLE, *pictures.played, *pictures.other_sounds), strict=False):
        is_other = name in pictures.other_sounds
        story[post.key] = replace(post, pictures=(name,), trap="look_alike" if is_other else "")


def _others(story: dict[str, CityPost], bare: Sequence[CityPost], pictures: Portfolio, rng: Rng) -> None:
    """What others publish through, beside and below an account, always with a picture that shows the Department."""
    tempting = pictures.clear[1::3]

    def chosen(accounts: frozenset[str], count: int) -> list[CityPost]:
        fresh = [p for p in bare if p.account in accounts and story[p.key] == p]
        return [fresh[int(k)] for k in rng.permutation(len(fresh))[:count]]

    for k, post in enumerate(chosen(_MASTODON, 14)):
        story[post.key] = replace(
            post, boosted=True, by=f"neighbor{k % 5}", pictures=(tempting[k % len(tempting)],), trap="passed_on"
        )
    for k, post in enumerate(chosen(frozenset({"hannah"}), 10)):
        story[post.key] = replace(post, by="Erik Sorensen", pictures=(tempting[-k - 1],), trap="by_another")
    for k, post in enumerate(chosen(_REMARKED, 14)):
        remark = Remark(by=f"visitor{k}", text=writing.remark(rng), picture=tempting[(3 * k) % len(tempting)])
        story[post.key] = replace(post, remarks=(remark,), trap="remark")
    for k, post in enumerate(chosen(_MASTODON, 5)):
        story[post.key] = replace(
            post, visibility=("private", "direct")[k % 2], pictures=(tempting[-k - 1],), trap="not_public"
        )


# By this day everybody's notice is acknowledged, and everybody is employed.
_SETTLED_DAY = 40.0

# Who shows what when: within the time of a permission, and outside of it.
_OCCASIONS = (
    ("ingrid", 33.5, marks.PATCH_2019),
    ("ingrid", 41.5, marks.CAR),
    ("ingrid", 71.5, marks.CAR),
    ("owen", 45.25, marks.PATCH_2019),
    ("marcus", 18.5, marks.STAR),
    ("marcus", 31.5, marks.STAR),
    ("marcus", 58.5, marks.STAR),
    ("mai", 8.5, marks.SEAL),
    ("mai", 29.5, marks.SEAL),
    ("tomas", 72.5, marks.SEAL),
    ("hannah", 73.5, marks.SEAL),
    ("lena", 79.5, marks.SEAL),
    ("carl", 52.5, RECRUITING),
    ("mai", 4.5, RECRUITING),
)
_EDITABLE = frozenset({"lena", "marcus", "ingrid", "mai", "owen", "tomas", "hannah", "carl", "noor"})
_MASTODON = frozenset({"lena", "marcus", "ingrid", "daniel", "mai"})
_REMARKED = frozenset({"owen", "ruth", "tomas", "noor", "association"})
_ROLES = {holding.key: holding.role for holding in HOLDINGS}
_READ = frozenset(holding.key for holding in HOLDINGS if not holding.unread) - {"grace"}


def _role(post: CityPost) -> AccountRole:
    return _ROLES[post.account]


def _is_private(post: CityPost) -> bool:
    return _role(post) is not AccountRole.OFFICIAL and post.account in _READ


def _between_scans(rng: Rng) -> float:
    return round(float(rng.uniform(FIRST_SCAN_DAY + 1, DAYS - 0.5)), 4)
