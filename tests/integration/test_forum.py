"""A real forum: one member's posts are scanned, edited and deleted, and scanned again."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from crawlers.launch import CrawlResult
from footprint.posts import Post


def picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), (20, 60, 120)).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Scanned:
    """The scans of one account, and what stood in the record after the first."""

    house: Any
    first: CrawlResult
    after_first: list[list[str]]
    second: CrawlResult
    third: CrawlResult
    behind_a_wall: CrawlResult
    last_outcomes: dict[str, int]


@pytest.fixture(scope="module")
def scanned(servers: Callable[[str], Any], houses: Callable[[str, str], Any]) -> Scanned:
    """A member writes over more than one page, is scanned, edits, deletes and writes again, is scanned, and the forum is closed."""
    forum = servers("forum")
    file = b64encode(picture()).decode()
    topic = forum.act("topic", by="dana", subject="Road works", content="opening", file=file)["topic"]
    forum.act("reply", by="kim", topic=topic, content="by somebody else")
    quoted = forum.act("reply", by="dana", topic=topic, content="> by somebody else\n\nquoting")["post"]
    deleted = forum.act("reply", by="dana", topic=topic, content="deleted")["post"]
    for number in range(3):
        forum.act("reply", by="dana", topic=topic, content=f"further {number}")
    house = houses("machina", f"{forum.url}/forum/member/profile/{forum.facts['dana']}/")
    first = house.scan()
    after_first = house.history()
    forum.act("edit", by="dana", post=quoted, content="> by somebody else\n\nquoting, mended")
    forum.act("delete", by="dana", post=deleted)
    forum.act("reply", by="dana", topic=topic, content="new")
    second, third = house.scan(), house.scan()
    forum.act("close")
    behind_a_wall = house.scan()
    return Scanned(house, first, after_first, second, third, behind_a_wall, house.outcomes())


def test_the_members_posts_come_in(scanned: Scanned) -> None:
    """Six posts are read over two pages of the list and two of the thread; another's, and what is quoted of it, stay out."""
    assert scanned.first.ok, scanned.first
    assert scanned.after_first == [["deleted"], ["further 0"], ["further 1"], ["further 2"], ["opening"], ["quoting"]]


def test_the_opening_post_is_a_topic(scanned: Scanned) -> None:
    """What opens the thread is told from the replies."""
    kinds = sorted(post.kind.value for post in scanned.house.record.select(Post))
    assert kinds == ["reply"] * 6 + ["topic"]


def test_an_attached_picture_comes_in_unchanged(scanned: Scanned) -> None:
    """The attachment is kept byte for byte."""
    assert scanned.house.pictures() == [picture()]


def test_edits_and_deletions_are_seen(scanned: Scanned) -> None:
    """The second scan sees the new words, that one post is gone, and the new one; the forum answers HTTP 200 for what is gone."""
    assert scanned.second.ok, scanned.second
    assert scanned.house.history() == [
        ["deleted", "gone"],
        ["further 0"],
        ["further 1"],
        ["further 2"],
        ["new"],
        ["opening"],
        ["quoting", "quoting, mended"],
    ]


def test_a_scan_of_what_did_not_change_adds_nothing(scanned: Scanned) -> None:
    """The third scan ends well and without a new version."""
    assert scanned.third.ok, scanned.third
    assert scanned.third.versions_added == 0


def test_a_forum_for_members_only_is_not_read(scanned: Scanned) -> None:
    """Once guests may not read, the list is empty; that each post asks to sign in is no deletion."""
    assert scanned.behind_a_wall.versions_added == 0
    assert scanned.last_outcomes == {"not_public": 6, "unchanged": 1}
