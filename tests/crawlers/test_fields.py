"""Fields that are new in the answers of a platform."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawlers.fields import LEARNING_S, MOST, Fields, known_to_cases, paths_in


@pytest.fixture
def fields(tmp_path: Path, clock: Any) -> Iterator[Fields]:
    """Fields of a platform that was read for longer than it is learned."""
    with closing(Fields(tmp_path / "budget.db", clock=clock)) as fields:
        fields.meet("mastodon", paths_in(b'{"seen": 1}'))
        clock.now += LEARNING_S
        yield fields


def met(fields: Fields, answer: Any) -> tuple[str, ...]:
    return fields.meet("mastodon", paths_in(json.dumps(answer).encode()))


@pytest.mark.parametrize(
    ("answer", "paths"),
    [
        ({"a": {"b": [{"c": 1}, {"d": 2}]}}, {"a", "a.b", "a.b.c", "a.b.d"}),
        ([{"a": 1}], {"a"}),
        ({"12345": {"a": 1}}, {"*", "*.a"}),
        ({"no name": 1, "x" * 50: 1, "": 1}, set()),
        ({"a": {"b": {"c": {"d": {"e": 1}}}}}, {"a", "a.b", "a.b.c", "a.b.c.d"}),
    ],
)
def test_paths_of_an_answer(answer: Any, paths: set[str]) -> None:
    """Keys below each other to a depth, lists as what is in them, numbers as any; what is no name is left out."""
    assert paths_in(json.dumps(answer).encode()) == paths


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"[" * 100_000, b"\xff\xfe{}"])
def test_what_is_no_json_has_no_paths(body: bytes) -> None:
    """Whatever a server answers, nothing breaks."""
    assert paths_in(body) == frozenset()


def test_a_new_field_is_told_once(fields: Fields) -> None:
    """By its topmost path; the next answer that has it is as the one before."""
    assert met(fields, {"seen": 1, "badge": {"text": "x"}}) == ("badge",)
    assert met(fields, {"seen": 1, "badge": {"text": "x"}}) == ()


def test_fields_of_the_cases_are_known(fields: Fields) -> None:
    """They need not be seen before."""
    assert "account.acct" in known_to_cases("mastodon")
    assert met(fields, {"account": {"acct": "a"}}) == ()


def test_the_first_weeks_of_a_platform_are_learned_without_a_word(fields: Fields, clock: Any) -> None:
    """No list could hold what each server adds; another platform's answers teach nothing of it."""
    assert fields.meet("lemmy", ["first"]) == ()
    clock.now += LEARNING_S - 1
    assert fields.meet("lemmy", ["second"]) == ()
    clock.now += 1
    assert fields.meet("lemmy", ["second", "third"]) == ("third",)


def test_what_was_learned_outlives_the_process(tmp_path: Path, clock: Any, fields: Fields) -> None:
    """The next crawl knows it."""
    assert met(fields, {"badge": 1}) == ("badge",)
    with closing(Fields(tmp_path / "budget.db", clock=clock)) as again:
        assert met(again, {"badge": 1}) == ()


def test_a_server_cannot_fill_the_file(fields: Fields) -> None:
    """One whose keys are no names is not learned beyond the cap."""
    assert met(fields, {f"k{n}": 1 for n in range(MOST)}) == ()
    assert met(fields, {"badge": 1}) == ("badge",)
