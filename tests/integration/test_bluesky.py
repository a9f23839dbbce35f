"""A real personal data server of Bluesky: an account's posts are scanned, edited, deleted, dated back, and scanned again."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from crawlers.launch import CrawlResult

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), (120, 60, 20)).save(buffer, "JPEG")
    return buffer.getvalue()


def record(words: str, day: int, **more: Any) -> dict[str, Any]:
    at = BEGAN + timedelta(days=day)
    return {"$type": "app.bsky.feed.post", "text": words, "createdAt": at.isoformat().replace("+00:00", "Z"), **more}


@dataclass(frozen=True, slots=True)
class Scanned:
    """Three scans of one account, and what stood in the record after the first."""

    house: Any
    results: tuple[CrawlResult, ...]
    after_first: list[list[str]]
    outcomes: tuple[dict[str, int], ...]


@pytest.fixture(scope="module")
def scanned(servers: Callable[[str], Any], houses: Callable[[str, str], Any]) -> Scanned:
    """More posts than fit on a page come in; then one is edited, one deleted, one dated back by years; then nothing changes."""
    server = servers("bluesky")
    server.act("join", name="dana.test")

    def publish(words: str, day: int, **more: Any) -> str:
        return str(server.act("publish", record=record(words, day, **more))["uri"]).rpartition("/")[2]

    edited, deleted = publish("edited", 0), publish("deleted", 1)
    blob = server.act("upload", picture=b64encode(picture()).decode(), mime="image/jpeg")["blob"]
    publish("pictured ☃", 2, embed={"$type": "app.bsky.embed.images", "images": [{"alt": "A car", "image": blob}]})
    for number in range(100):
        publish(f"notice {number:03}", 3)
    house = houses("bluesky", f"{server.url}/profile/dana.test")
    first, seen = house.scan(), house.history()
    outcomes = [house.outcomes()]
    server.act("edit", key=edited, record=record("edited, mended", 0))
    server.act("delete", key=deleted)
    publish("dated back", -900)
    second = house.scan()
    outcomes.append(house.outcomes())
    third = house.scan()
    return Scanned(house, (first, second, third), seen, (*outcomes, house.outcomes()))


def test_all_posts_come_in(scanned: Scanned) -> None:
    """Everything on two pages of records is read."""
    assert scanned.results[0].ok, scanned.results[0]
    notices = [[f"notice {number:03}"] for number in range(100)]
    assert scanned.after_first == [["deleted"], ["edited"], *notices, ["pictured ☃"]]


def test_pictures_come_in_unchanged(scanned: Scanned) -> None:
    """The picture is kept byte for byte as its author uploaded it."""
    assert scanned.house.pictures() == [picture()]


def test_edits_deletions_and_posts_that_are_dated_back_are_seen(scanned: Scanned) -> None:
    """The second scan sees new words under an old time, that a post is gone, and one that claims to be years old."""
    assert scanned.results[1].ok, scanned.results[1]
    changed = [lines for lines in scanned.house.history() if not lines[0].startswith("notice")]
    assert changed == [["dated back"], ["deleted", "gone"], ["edited", "edited, mended"], ["pictured ☃"]]


def test_a_repository_that_did_not_change_is_not_listed(scanned: Scanned) -> None:
    """The third scan asks for the account, its profile and its revision, and no more."""
    assert scanned.results[2].ok, scanned.results[2]
    assert sum(scanned.outcomes[2].values()) == 3
