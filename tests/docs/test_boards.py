"""docs/boards.md says what the connectors accept."""

import re
from pathlib import Path

import pytest

from crawlers.platforms import platform_of
from crawlers.sites import read_sites

PAGE = (Path(__file__).parents[2] / "docs" / "boards.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| `(\S+)` \|", PAGE, re.MULTILINE)
FILES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("name", "address"), ROWS)
def test_addresses_are_accepted(name: str, address: str) -> None:
    """Every address in the table is one of an account."""
    assert platform_of(name).native_id(address)


@pytest.mark.parametrize("content", FILES)
def test_boards_files_are_read(content: str, tmp_path: Path) -> None:
    """Every boards file on the page passes the check that a scan makes."""
    (tmp_path / "boards.toml").write_text(content, encoding="utf-8")
    assert read_sites(str(tmp_path / "boards.toml"))


def test_the_page_has_examples() -> None:
    """The checks above look at something."""
    assert len(ROWS) == 10
    assert len(FILES) == 2
