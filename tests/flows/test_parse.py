"""`footprint parse`: what a parser reads in a file, for who mends it."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from footprint import plugins

Footprint = Callable[..., tuple[int, str, str]]
CASES = Path(__file__).parents[1] / "cases"
FILES = {"saved.json": "{}", "saved.html": "<html></html>"}


def a_case_with_posts(platform: str) -> tuple[Path, str]:
    for case in sorted((CASES / platform).iterdir()):
        arguments = tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        if expected.get("posts") and arguments.keys() == {"url"}:
            return case, arguments["url"]
    raise AssertionError(f"{platform} has no case that needs an address only")


@pytest.mark.parametrize("platform", plugins.names("crawlers.spiders", offers="MANIFEST"))
def test_every_platform_parses_a_saved_answer(platform: str, footprint: Footprint) -> None:
    """A saved answer and its address give one JSON object a line for each post, and need no settings."""
    case, url = a_case_with_posts(platform)
    code, out, err = footprint("parse", platform, str(next(case.glob("input.*"))), "--url", url)
    assert code == 0, err
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))["posts"]
    assert [json.loads(line)["native_id"] for line in out.splitlines()] == [post["native_id"] for post in expected]


def test_the_address_is_taken_from_the_answer_where_none_is_told(footprint: Footprint, tmp_path: Path) -> None:
    """An answer as saved mostly says where it came from; what was taken is told."""
    (tmp_path / "saved.json").write_bytes(next(a_case_with_posts("mastodon")[0].glob("input.*")).read_bytes())
    code, out, err = footprint("parse", "mastodon", "saved.json")
    assert code == 0, err
    assert json.loads(out.splitlines()[0])["platform"] == "mastodon"
    assert "without --url" in err


@pytest.mark.parametrize("platform", ["linkedin_export", "x_archive", "facebook_export", "instagram_export"])
def test_exports_are_parsed_by_their_format(platform: str, footprint: Footprint, tmp_path: Path) -> None:
    """A single member of an export is enough."""
    name, content = {
        "linkedin_export": (
            "Shares.csv",
            "Date,ShareLink,ShareCommentary\n2026-03-07 21:30:00,https://www.linkedin.com/feed/update/urn:li:share:7,Hi",
        ),
        "x_archive": (
            "tweets.js",
            'window.YTD.tweets.part0 = [{"tweet": {"id_str": "7", "created_at": "Sat Mar 07 21:30:00 +0000 2026", "full_text": "Hi"}}]',
        ),
        "facebook_export": ("your_posts_1.json", '[{"timestamp": 1772919000, "data": [{"post": "Hi"}]}]'),
        "instagram_export": ("posts_1.json", '[{"media": [], "title": "Hi", "creation_timestamp": 1772919000}]'),
    }[platform]
    (tmp_path / name).write_text(content)
    code, out, err = footprint("parse", platform, name)
    assert code == 0, err
    assert [json.loads(line)["text"] for line in out.splitlines()] == ["Hi"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere", "saved.json"), "There is: activitypub"),
        (("mastodon", "missing.json"), "missing.json"),
        (("mastodon", "saved.html"), "--url"),
        (("mastodon", "saved.json", "--url", "no address"), "https://social.example"),
        (("x_archive", "saved.json"), "no X archive"),
        (("warc", "saved.warc"), "footprint parse PLATFORM"),
    ],
)
def test_what_cannot_be_parsed_is_an_error_with_the_mend(
    words: tuple[str, ...], says: str, footprint: Footprint, tmp_path: Path
) -> None:
    """Whoever debugs a parser learns what to give it."""
    for name, content in {**FILES, "saved.warc": "x"}.items():
        (tmp_path / name).write_text(content)
    code, out, err = footprint("parse", *words)
    assert (code, out, says in err) == (3, "", True), err
