"""The bank that comes with the installation is whole, free to ship, and known by its digest before a picture is decoded."""

import csv
from pathlib import Path

import pytest

from detectors import negatives
from footprint.errors import BadConfiguration

FREE = ("CC0-", "CC-BY-", "public domain", "Apache-2.0", "MIT")


def test_the_starter_bank_comes_with_the_installation() -> None:
    """All pictures that the package brings are there, and those that the house ships."""
    paths = negatives.starter().paths
    assert len(paths) > len(negatives.STARTER) + 200
    assert {p.name for p in paths} >= set(negatives.STARTER)


def test_shipped_pictures_can_be_learned_from() -> None:
    """Each decodes, and is small."""
    shipped = negatives.folder(negatives.SHIPPED)
    assert max(max(p.shape) for p in shipped.photographs) <= 448


def test_each_shipped_picture_has_author_licence_and_source() -> None:
    """The table beside them names every picture once, under a licence that allows shipping it."""
    with (negatives.SHIPPED / "SOURCES.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert sorted(r["file"] for r in rows) == sorted(p.name for p in negatives.SHIPPED.glob("*.webp"))
    assert all(r["licence"].startswith(FREE) and r["author"] and r["Debian package"] for r in rows)


def test_a_picture_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Whoever put it into the folder finds it."""
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(BadConfiguration, match=r"torn\.jpg"):
        _ = negatives.folder(tmp_path).photographs


def test_another_picture_makes_another_bank(tmp_path: Path) -> None:
    """The digest is that of the content: what was learned from another bank is not taken for this one's."""
    shipped = sorted(negatives.SHIPPED.glob("*.webp"))
    (tmp_path / "a.webp").write_bytes(shipped[0].read_bytes())
    one = negatives.folder(tmp_path).digest
    (tmp_path / "a.webp").write_bytes(shipped[1].read_bytes())
    assert negatives.folder(tmp_path).digest != one
