"""docs/settings.md is the settings, not a memory of them."""

from pathlib import Path

from footprint.settings import reference


def test_the_page_is_what_the_settings_say() -> None:
    """The page equals `footprint settings --markdown`; that command writes it anew."""
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    assert page.read_text(encoding="utf-8") == reference()
