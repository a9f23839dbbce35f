"""The measure of politeness: no spider breaks a rule, and one that did would be seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.manners import BLOCKS, COOL_DOWN_S, Figures, Noted, judged
from benchmarks.politeness import measure
from footprint import plugins

CASES = Path(__file__).parents[1] / "cases"
QUIET = Noted(scene="open", at=0.0, domain="a.example", host="a.example", path="/1", is_refusal=False, wait_s=0.0)


def test_no_spider_breaks_a_rule() -> None:
    """All spiders that there are keep to the budget, to robots.txt or an API's terms, to three refusals, and to every form of a wait."""
    figures = measure(CASES)
    assert [spider.name for spider in figures] == list(plugins.names("crawlers.spiders", offers="MANIFEST"))
    assert [rule for spider in figures for rule in spider.broken] == []


def figures_of(*notes: Noted) -> Figures:
    return judged("a", notes, owed=1, allowed=2, terms=False, home="a.example", crawls=1, forms=1)


@pytest.mark.parametrize(
    ("notes", "says"),
    [
        ([replace(QUIET, at=at) for at in (0.0, 20.0, 40.0)], "3 requests in a minute, 2 are allowed"),
        ([replace(QUIET, at=at) for at in (0.0, 1.9)], "1.900 s between two requests"),
        ([QUIET, replace(QUIET, at=9.0, path="/2?closed=1")], "1 forbidden pages were asked for"),
        ([QUIET, replace(QUIET, at=9.0)], "robots.txt was not asked for"),
        (
            [replace(QUIET, at=100.0 * n, scene="403", is_refusal=True) for n in range(BLOCKS + 1)],
            "1 requests after 3 refusals",
        ),
        ([replace(QUIET, wait_s=30.0), replace(QUIET, at=29.0)], "1 requests came too early"),
    ],
)
def test_a_broken_rule_is_seen(notes: list[Noted], says: str) -> None:
    """What the world wrote down tells each of them."""
    assert f"a: {says}" in figures_of(*notes).broken


def test_what_is_allowed_breaks_no_rule() -> None:
    """Requests at the very end of a minute, a delay, a wait and a cool-down are in order."""
    refused = [replace(QUIET, at=100.0 * n, scene="403", is_refusal=True) for n in range(BLOCKS)]
    after = replace(QUIET, at=200.0 + COOL_DOWN_S, scene="403")
    figures = figures_of(replace(QUIET, wait_s=60.0), replace(QUIET, at=60.0), replace(QUIET, at=62.0), *refused, after)
    assert (figures.per_minute, figures.least_gap_s, figures.after_blocks, figures.too_early) == (2, 2.0, 0, 0)
