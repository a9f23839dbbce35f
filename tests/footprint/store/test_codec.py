"""Domain objects as JSON: what the bodies of posts and the structured columns are made of."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from footprint.digests import canonical
from footprint.errors import BadInput
from footprint.findings import Detection, Region
from footprint.posts import MediaKind, ObservedMedia, ObservedPost
from footprint.store.codec import plain, restore, row_of

POST = ObservedPost(
    platform="mastodon",
    native_id="9",
    author=None,
    permalink="https://social.example/@ada/9",
    text="Hello \U0001f46e",
    created_at=datetime(2026, 4, 1, 12, 0, 0, 5, tzinfo=UTC),
    visibility="public",
    media=(ObservedMedia(key="k", url="https://social.example/a.jpg", kind=MediaKind.IMAGE, alt="A car"),),
    links=("https://example.org/",),
)


@pytest.mark.parametrize("post", [POST, replace(POST, edited_at=POST.created_at, media=(), author="ada")])
def test_a_post_comes_back_from_its_body(post: ObservedPost) -> None:
    """An observed post written as canonical JSON is read back equal, its times in UTC."""
    assert restore(ObservedPost, json.loads(canonical(plain(post)))) == post


def test_times_are_written_in_utc() -> None:
    """A moment has one spelling, whatever zone it came in: digests depend on it."""
    assert plain(datetime(2026, 4, 1, 5, tzinfo=timezone(timedelta(hours=-7)))) == "2026-04-01T12:00:00+00:00"


def test_a_field_that_came_later_has_its_default() -> None:
    """A body that was written before a field existed is still read."""
    body = plain(POST)
    del body["links"]
    assert restore(ObservedPost, body) == replace(POST, links=())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({**plain(POST), "kind": "shout"}, ValueError),
        ({**plain(POST), "created_at": "yesterday"}, ValueError),
        ({key: value for key, value in plain(POST).items() if key != "text"}, TypeError),
    ],
    ids=["enum", "time", "missing"],
)
def test_what_is_not_a_post_is_an_error(body: dict[str, object], error: type[Exception]) -> None:
    """A body that the domain cannot hold is not guessed at."""
    with pytest.raises(error):
        restore(ObservedPost, body)


DETECTION = Detection(
    id="d", asset_sha256="a", detector="marks", version="1", identifier_id="patch", exemplar_id="ex",
    region=Region(quad=((0, 0), (1, 0), (1, 1), (0, 1)), width_px=1, height_px=1), measure=41.0, unit="inliers", probability=0.9,
    sentence="", evidence={},
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"measure": float("nan")}, "measure"),
        ({"probability": float("inf")}, "probability"),
        ({"evidence": {"x": float("nan")}}, "evidence"),
        ({"evidence": {"x": object()}}, "evidence"),
        ({"evidence": {"x": "a\ud800"}}, "evidence"),
    ],
)
def test_what_json_cannot_hold_is_refused(changes: dict[str, Any], field: str) -> None:
    """Numbers that are not finite, half characters and foreign objects are bad input that names the field."""
    with pytest.raises(BadInput, match=rf"Detection\.{field}"):
        row_of(replace(DETECTION, **changes))
