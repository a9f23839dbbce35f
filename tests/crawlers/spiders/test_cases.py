"""Each case of each platform: an answer in the shape that servers give, and what has to be read in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from footprint.errors import SourceError
from footprint.posts import ObservedPost, body

CASES = sorted((Path(__file__).parents[2] / "cases").glob("*/*"))


def said(post: ObservedPost) -> dict[str, Any]:
    """What a post says, without what is empty."""
    fields = json.loads(body(post))
    fields["media"] = [{name: value for name, value in medium.items() if value} for medium in fields["media"]]
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.parent.name}-{case.name}") for case in CASES])
def test_a_case_is_read_as_expected(case: Path, parse_case: Callable[..., list[ObservedPost]]) -> None:
    """An answer yields exactly the posts of its case, or the error."""
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    try:
        found: dict[str, Any] = {"posts": [said(post) for post in parse_case(case)]}
    except SourceError as error:
        found = {"error": type(error).__name__}
    assert found == expected
