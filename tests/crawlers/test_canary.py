"""The canaries by which `doctor` knows that the parsers read what they should."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers import canary
from crawlers.canary import check, fields, make
from crawlers.fields import known_file
from footprint import plugins
from footprint.errors import BadConfiguration

CASES = Path(__file__).parents[1] / "cases"
NAMES = plugins.names("crawlers.spiders", offers="MANIFEST")


@pytest.mark.parametrize("name", NAMES)
def test_every_platform_has_a_canary_that_it_reads(name: str) -> None:
    """A new platform gets one by `python -m crawlers.canary tests/cases`."""
    assert check(name) > 0


@pytest.mark.parametrize("name", NAMES)
def test_canaries_are_those_of_the_cases(name: str) -> None:
    """Whoever changes a parser or a case makes the canaries anew by the same command."""
    assert json.loads(canary.canary_of(name).read_text(encoding="utf-8")) == json.loads(make(CASES, name))


@pytest.mark.parametrize("name", NAMES)
def test_known_fields_are_those_of_the_cases(name: str) -> None:
    """The same command makes them anew; a platform that answers with no JSON has none."""
    file = known_file(name)
    assert (file.read_bytes() if file.is_file() else b"") == fields(CASES, name)


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts another canary in place of the installed one."""

    def change(field: str, value: str) -> None:
        kept = json.loads(canary.canary_of("mastodon").read_text(encoding="utf-8"))
        (tmp_path / "canary.json").write_text(json.dumps(kept | {field: value}))
        monkeypatch.setattr(canary, "canary_of", lambda _: tmp_path / "canary.json")

    return change


@pytest.mark.parametrize(("field", "value"), [("answer", "[]"), ("answer", "no JSON"), ("said", "something else")])
def test_a_parser_that_reads_otherwise_is_an_error(field: str, value: str, changed: Callable[[str, str], None]) -> None:
    """Posts that are missing, an answer that is not read at all, and posts that say something else."""
    changed(field, value)
    with pytest.raises(BadConfiguration, match="mastodon"):
        check("mastodon")
