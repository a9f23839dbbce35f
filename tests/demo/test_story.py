"""The city: made from a seed, and holding what the demo has to show."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from demo.city import DAYS, FIRST_SCAN_DAY, SECOND_SCAN_DAY, City, CityPost, Edit
from demo.drawing.album import Studio
from demo.simulators.hostile import HOSTILE
from demo.story import TRAPS, build
from footprint.accounts import AccountRole
from footprint.permissions import EVERYBODY


def test_a_seed_is_a_city(city: City) -> None:
    """The same seed and anchor give the same city."""
    assert build(1, city.anchor) == city


def test_another_seed_is_another_city(city: City) -> None:
    """Another seed gives other posts and other pictures of the same people."""
    other = build(2, city.anchor)
    assert other.posts != city.posts
    assert other.plans != city.plans
    assert other.people == city.people


def test_another_day_is_the_same_city_later(city: City) -> None:
    """The anchor moves all times and nothing else."""
    later = build(1, datetime(2027, 2, 1, tzinfo=UTC))
    assert later.posts == city.posts
    assert later.moment(DAYS) == datetime(2027, 2, 1, tzinfo=UTC)


def test_the_city_is_large_enough(city: City) -> None:
    """Some 600 posts in 90 days, by at least twelve readable accounts on four platforms."""
    readable = [holding for holding in city.holdings if not holding.unread]
    assert 550 <= len(city.posts) <= 700
    assert len(readable) >= 12
    assert {holding.platform for holding in readable} == {"mastodon", "discourse", "feeds", "city"}
    assert all(0 < post.day < DAYS for post in city.posts)


def test_every_picture_is_posted(city: City) -> None:
    """What is drawn is shown by some post or registered as an exemplar; what posts show is drawn or hostile."""
    drawn = {plan.name for plan in city.plans if not isinstance(plan, Studio)}
    shown = {name for post in city.posts for state in (post, *post.edits) for name in state.pictures}
    remarked = {remark.picture for post in city.posts for remark in post.remarks}
    assert drawn <= shown
    assert (shown | remarked) - drawn == set(HOSTILE)


def test_pictures_are_shared(city: City) -> None:
    """Some pictures stand under several posts, of several accounts."""
    accounts: dict[str, set[str]] = {}
    for post in city.posts:
        for name in post.pictures:
            accounts.setdefault(name, set()).add(post.account)
    assert sum(len(names) > 1 for names in accounts.values()) >= 20


@pytest.mark.parametrize("trap", sorted(TRAPS))
def test_every_trap_is_set(city: City, trap: str) -> None:
    """There are several posts of each sort in which nothing may be found."""
    assert Counter(post.trap for post in city.posts)[trap] >= 5


def test_protected_speech_shows_nothing(city: City) -> None:
    """Union matters and criticism stand with plain pictures or none."""
    allowed = ("plain-", "film-plain")
    speech = [post for post in city.posts if post.trap == "protected"]
    assert all(name.startswith(allowed) for post in speech for name in post.pictures)


def test_things_happen_between_the_scans(city: City) -> None:
    """Between the two scans posts are written, edited and deleted."""
    before = {post.key: post.shown(FIRST_SCAN_DAY) for post in city.posts}
    after = {post.key: post.shown(SECOND_SCAN_DAY) for post in city.posts}
    assert sum(before[key] is None and after[key] is not None for key in before) >= 20
    assert sum(before[key] is not None and after[key] is None for key in before) >= 3
    edited = [key for key in before if before[key] and after[key] and before[key] != after[key]]
    assert len(edited) >= 5


def test_permissions_come_in_every_sort(city: City) -> None:
    """Standing, for a time, revoked, for everybody, by designee, and for approved media."""
    papers = city.papers
    assert any(paper.until_day is None and paper.revoked_day is None for paper in papers)
    assert any(paper.until_day is not None for paper in papers)
    assert any(paper.revoked_day is not None for paper in papers)
    assert any(EVERYBODY in paper.grantees for paper in papers)
    assert any(paper.delegation for paper in papers)
    assert any(paper.approved for paper in papers)


def test_official_accounts_rest_on_the_official_basis(city: City) -> None:
    """Official accounts are units'; nobody else has that basis."""
    units = {person.id for person in city.people if person.is_unit}
    official = [holding for holding in city.holdings if holding.role is AccountRole.OFFICIAL]
    assert official
    assert all(holding.person in units and holding.basis.value == "official" for holding in official)


@pytest.mark.parametrize(
    ("day", "text"), [(9.9, None), (10.0, "first"), (19.9, "first"), (20.0, "second"), (29.9, "second"), (30.0, None)]
)
def test_a_post_has_a_life(day: float, text: str | None) -> None:
    """A post appears, changes and vanishes on its days."""
    post = CityPost(
        key="k",
        account="a",
        number=1,
        day=10.0,
        title="t",
        text="first",
        edits=(Edit(day=20.0, text="second", pictures=()),),
        deleted_day=30.0,
    )
    shown = post.shown(day)
    assert (shown.text if shown else None) == text
