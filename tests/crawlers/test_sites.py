"""The boards file: what it may say, and how it is refused."""

from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from crawlers.boards import Board
from crawlers.sites import Part, Site, read_sites
from footprint.errors import BadConfiguration

GOOD = """
["board.example"]
time_zone = "America/Chicago"
date_order = "DMY"
languages = ["en", "es"]

["board.example".markup]
posts = "div.msg, li.msg"
author = ".who a"

["forum.example:8080"]
"""


def test_sites_are_read_by_host(tmp_path: Path) -> None:
    """Each table is one board; what it does not say is as boards commonly are."""
    (tmp_path / "boards.toml").write_text(GOOD)
    markup = {"posts": "div.msg, li.msg", "author": ".who a"}
    chicago = Site(time_zone="America/Chicago", date_order="DMY", languages=("en", "es"), markup=markup)
    assert read_sites(str(tmp_path / "boards.toml")) == {"board.example": chicago, "forum.example:8080": Site()}


def test_no_file_is_no_site() -> None:
    """The setting is empty on a fresh install."""
    assert read_sites("") == {}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[board", "cannot be read"),
        ('board = "x"', "board"),
        ('["a.example"]\ntime_zone = "Mars/Base"', "a.example.time_zone.*America/Chicago"),
        ('["a.example"]\ndate_order = "XYZ"', "a.example.date_order"),
        ('["a.example"]\nlanguages = ["xx"]', "a.example.languages.*'xx'"),
        ('["a.example"]\nzone = "UTC"', "a.example.zone"),
        ('["a.example".markup]\nposts = "div > p"', "a.example.markup.posts.*selector"),
        ('["a.example".markup]\npostings = "div"', "postings"),
        ('["a.example".markup]\nposts = ""', "a.example.markup.posts"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, says: str) -> None:
    """The place and the mend, before anything is asked for."""
    (tmp_path / "boards.toml").write_text(content)
    with pytest.raises(BadConfiguration, match=says):
        read_sites(str(tmp_path / "boards.toml"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A wrong path is no empty file."""
    with pytest.raises(BadConfiguration, match=r"crawl\.boards_file"):
        read_sites(str(tmp_path / "none.toml"))


def test_parts_that_can_be_told_are_those_of_a_board() -> None:
    """What the file may name is what a board's description has."""
    assert {*get_args(Part)} <= {field.name for field in fields(Board)}
