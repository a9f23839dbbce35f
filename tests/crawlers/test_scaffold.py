"""The skeleton of a new platform works before anything in it is changed."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crawlers import spiders
from crawlers.canary import make
from crawlers.parsing import parse_answer
from crawlers.platforms import platform_of
from crawlers.scaffold import scaffold
from footprint.errors import BadInput, NotPublic

TODAY = date(2026, 11, 25)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like a checkout."""
    for folder in ("crawlers/spiders", "tests/cases", "tests/crawlers/spiders"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def cases(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The cases of a new platform, whose module is among the others while the test runs."""
    scaffold(checkout, "zboard", title='The "Z" Board', today=TODAY)
    monkeypatch.setattr(spiders, "__path__", [*spiders.__path__, str(checkout / "crawlers/spiders")])
    yield checkout / "tests/cases"
    sys.modules.pop("crawlers.spiders.zboard", None)


def test_the_cases_are_read_as_they_say(cases: Path) -> None:
    """One shows a post, one shows none, one is refused: the least that the contract asks for."""
    for name in ("plain", "empty"):
        answer = (cases / "zboard" / name / "input.json").read_bytes()
        expected = json.loads((cases / "zboard" / name / "expected.json").read_text())["posts"]
        found = parse_answer("zboard", answer, url="https://zboard.example/api/posts?author=dana")
        assert [(post.native_id, post.text) for post in found] == [
            (post["native_id"], post["text"]) for post in expected
        ]
    with pytest.raises(NotPublic):
        parse_answer("zboard", (cases / "zboard/login_wall/input.json").read_bytes(), url="https://zboard.example/")


def test_its_manifest_is_reviewed_today_and_its_canary_can_be_made(cases: Path) -> None:
    """What the terms say has been read by who writes the connector."""
    manifest = platform_of("zboard").MANIFEST
    assert (manifest.name, manifest.title, manifest.terms_reviewed_on) == ("zboard", "The 'Z' Board", TODAY)
    assert json.loads(make(cases, "zboard"))["posts"] == 1


@pytest.mark.parametrize("name", ["", "Board", "my-board", "../board", "1board", "class", "b" * 40])
def test_what_cannot_be_a_module_is_no_name(checkout: Path, name: str) -> None:
    """Nothing is written for it."""
    with pytest.raises(BadInput, match="no name of a platform"):
        scaffold(checkout, name, title="Board", today=TODAY)
    assert not any(path.is_file() for path in checkout.rglob("*"))


def test_a_platform_that_is_there_is_left_alone(checkout: Path) -> None:
    """Its files are not overwritten."""
    scaffold(checkout, "zboard", title="Board", today=TODAY)
    (checkout / "crawlers/spiders/zboard.py").write_text("mine")
    with pytest.raises(BadInput, match="already"):
        scaffold(checkout, "zboard", title="Board", today=TODAY)
    assert (checkout / "crawlers/spiders/zboard.py").read_text() == "mine"


def test_only_a_checkout_is_written_into(tmp_path: Path) -> None:
    """The mend names the option."""
    with pytest.raises(BadInput, match="--checkout"):
        scaffold(tmp_path, "zboard", title="Board", today=TODAY)
