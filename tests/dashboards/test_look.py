"""The look: one file names colours, and no page asks for what its policy forbids."""

import re
from pathlib import Path

import pytest

from dashboards.app import HERE

PAGES = sorted((HERE / "templates").iterdir())
STYLED = [*PAGES, HERE / "static" / "page.css", HERE / "static" / "keys.js"]
COLOUR = re.compile(
    r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b(?![\w-])|\b(?:rgb|hsl|oklch|lab|lch)a?\(|(?:fill|stroke|colou?r|background)[=:]\s*[\"']?"
    r"(?:black|white|red|green|blue|gray|grey|navy|silver|orange|purple)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("file", STYLED, ids=lambda file: file.name)
def test_no_page_names_a_colour(file: Path) -> None:
    """Colours stand in tokens.css alone."""
    assert COLOUR.findall(file.read_text()) == []


def test_the_check_for_colours_can_fail() -> None:
    """It finds colours where they are."""
    assert len(COLOUR.findall((HERE / "static" / "tokens.css").read_text())) > 40


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_no_page_holds_style_or_script(file: Path) -> None:
    """Nothing inline: the policy would block it."""
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)|javascript:", file.read_text()) == []


@pytest.mark.parametrize("file", STYLED, ids=lambda file: file.name)
def test_nothing_is_fetched_from_elsewhere(file: Path) -> None:
    """No other site, no web fonts."""
    text = file.read_text().replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://|@import|@font-face|url\(\s*[\"']?(?!#)", text) == []


def test_every_colour_has_its_night() -> None:
    """What is set for the day is set for the night, but for the marks on photographs."""
    tokens = (HERE / "static" / "tokens.css").read_text()
    day, night = (
        set(re.findall(r"--([\w-]+):\s*#", part)) for part in tokens.split("@media (prefers-color-scheme: dark)")
    )
    assert {name for name in day if not name.startswith("mark-")} <= night


def _tokens(part: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", part))


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"), ("ink", "desk"), ("ink-2", "paper"), ("ink-2", "desk"), ("ink-2", "accent-wash"), ("ink-3", "paper"),
        ("accent", "paper"), ("accent", "desk"), ("accent-ink", "accent"), ("mark-ink", "mark-found"), ("mark-ink", "mark-possible"),
        ("mark-ink", "mark-covered"), ("found", "found-wash"), ("possible", "possible-wash"), ("covered", "covered-wash"),
        ("unseen", "unseen-wash"), ("unseen", "desk"), ("possible", "paper"),
    ],
)  # fmt: skip
def test_words_stand_out_from_their_ground(ink: str, ground: str, night: bool) -> None:
    """By day and by night, at least 4.5 to 1 (WCAG AA)."""
    day, rest = (HERE / "static" / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    colours = _tokens(day) | (_tokens(rest.split("@media print")[0]) if night else {})
    assert _contrast(colours[ink], colours[ground]) >= 4.5
