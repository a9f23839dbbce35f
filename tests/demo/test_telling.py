"""What the demo says at its end."""

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from demo import telling
from demo.measure import Score

KEPT = dict.fromkeys(telling.PROMISED, 0)


def score(**changes: int) -> Score:
    """A score without a fault."""
    fields = {"found": 9, "expected": 10, "found_of_expected": 9, "hard": 2, "found_of_hard": 1}
    rest = {"beyond": 3, "found_of_beyond": 0, "untaught": 4}
    return Score(**(fields | rest | changes), false={}, missed=(), wrongly_permitted=())  # type: ignore[arg-type]


def test_the_summary_has_the_figures(tmp_path: Path) -> None:
    """The summary file holds what was planned, how it ended, precision, recall and the promises."""
    coverage = Counter({"fetched": 5, "error": 2})
    behaviour = KEPT | {"unaccounted": 1}
    telling.write(
        telling.summary(
            coverage, score(), by_detector={"marks": score(found=8)}, behaviour=behaviour, seconds={"scan": 1.26}
        ),
        tmp_path / "s.json",
    )
    read = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert (read["planned"], read["coverage"]) == (8, {"error": 2, "fetched": 5})
    assert (read["precision"], read["recall"], read["requests_denied_paths"]) == (1.0, 0.9, 0)
    assert read["by_detector"] == {"marks": {"findings": 8, "precision": 1.0, "recall": 0.9}}
    assert read["seconds"] == {"scan": 1.3}


def test_a_demo_that_is_not_served_says_how_to(tmp_path: Path) -> None:
    """With the command of this installation and the demo's settings, on one line."""
    console = Console(file=io.StringIO(), width=40)
    telling.later(console, tmp_path / "footprint.toml")
    assert console.file.getvalue().endswith(f"footprint serve --config {tmp_path / 'footprint.toml'}\n")


@pytest.mark.parametrize("name", telling.PROMISED)
def test_a_broken_promise_is_named(name: str) -> None:
    """A figure that has to be zero and is not is named; where all are zero nothing is."""
    assert telling.broken(KEPT) == []
    assert telling.broken(KEPT | {name: 2}) == [f"{name} is 2, and has to be 0"]
