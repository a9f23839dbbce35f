"""A real WordPress: one author's posts are scanned, edited, thrown away, and scanned again."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from crawlers.launch import CrawlResult


def picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), (20, 60, 120)).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Scanned:
    """Two scans of one account, and what stood in the record after the first."""

    house: Any
    first: CrawlResult
    after_first: list[list[str]]
    second: CrawlResult
    third: CrawlResult


@pytest.fixture(scope="module")
def scanned(servers: Callable[[str], Any], houses: Callable[[str, str], Any]) -> Scanned:
    """An author publishes, is scanned, edits one post, throws one into the trash and deletes one, publishes another, and is scanned again."""
    site = servers("wordpress")

    def publish(words: str, author: str = "dana", **more: Any) -> Any:
        return site.act(
            "publish", title=words, content=f"<!-- wp:paragraph --><p>{words} ☃</p>", author=author, **more
        )["id"]

    old = publish("old", date_gmt="2026-01-05 09:00:00")
    trashed = publish("trashed", date_gmt="2026-02-05 09:00:00")
    deleted = publish("deleted", date_gmt="2026-03-05 09:00:00")
    publish("pictured", picture=b64encode(picture()).decode(), alt="A badge")
    publish("by the mayor", author="admin")
    publish("behind a password", password="secret")
    house = houses("wordpress", f"{site.url}/author/dana/")
    first = house.scan()
    after_first = house.history()
    site.act("edit", id=old, content="<p>old, mended</p>")
    site.act("trash", id=trashed)
    site.act("delete", id=deleted)
    publish("new")
    second = house.scan()
    return Scanned(house, first, after_first, second, house.scan())


def test_the_authors_public_posts_come_in(scanned: Scanned) -> None:
    """Four posts are read; the mayor's, and the one behind a password, stay out."""
    assert scanned.first.ok, scanned.first
    assert scanned.after_first == [["deleted ☃"], ["old ☃"], ["pictured ☃"], ["trashed ☃"]]


def test_pictures_come_in_unchanged(scanned: Scanned) -> None:
    """The picture of a post is kept byte for byte."""
    assert picture() in scanned.house.pictures()


def test_edits_and_deletions_are_seen(scanned: Scanned) -> None:
    """The second scan sees the new words of an old post, that two are gone, and the new one."""
    assert scanned.second.ok, scanned.second
    assert scanned.house.history() == [
        ["deleted ☃", "gone"],
        ["new ☃"],
        ["old ☃", "old, mended"],
        ["pictured ☃"],
        ["trashed ☃", "gone"],
    ]


def test_a_scan_of_what_did_not_change_adds_nothing(scanned: Scanned) -> None:
    """The third scan ends well, without new versions and without fetching a picture again."""
    assert scanned.third.ok, scanned.third
    assert scanned.house.uses() == 1
