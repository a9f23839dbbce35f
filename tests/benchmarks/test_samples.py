"""The comparison of parsers with a plain reading of recorded answers."""

import json
from pathlib import Path

import pytest

from benchmarks.samples import compared

STATUS = {
    "id": "1", "created_at": "2026-05-04T10:00:00.000Z", "edited_at": None, "visibility": "public", "content": "<p>Hello</p>",
    "url": "https://social.example/@a/1", "uri": "https://social.example/users/a/statuses/1", "reblog": None,
    "account": {"id": "7", "acct": "a", "url": "https://social.example/@a"},
    "media_attachments": [{"id": "9", "type": "image", "url": "https://social.example/9.png"}],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    answers = tmp_path / "mastodon_py" / "extracted"
    answers.mkdir(parents=True)
    (answers / "test_status__01.json").write_text(json.dumps(STATUS))
    (answers / "test_status_card__01.json").write_text(json.dumps(STATUS | {"visibility": None}))
    return tmp_path


def test_what_the_parser_does_not_read_is_told(folder: Path) -> None:
    """A post that is there and that the parser refuses is a difference, named with its file."""
    assert compared(folder)[1] == [
        "mastodon mastodon_py/extracted/test_status_card__01.json: posts 0/1, times 0/1, authors 0/1, media 0/1"
    ]


def test_both_readings_are_summed_by_platform(folder: Path) -> None:
    """What both readings find is in the sums of either."""
    tally = compared(folder)[0]["mastodon"]
    assert (tally.files, tally.found["media"], tally.there["media"]) == (2, 1, 2)
