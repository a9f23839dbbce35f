"""Exports that the tests make themselves, and their reading."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawlers.bundle import opened
from crawlers.export import Holder, Part
from crawlers.handovers import export_of

Pack = Callable[..., Path]
ReadExport = Callable[..., list[Part]]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Packs members into a zip file."""

    def packed(members: Mapping[str, str | bytes], name: str = "export.zip") -> Path:
        file = tmp_path / name
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return file

    return packed


@pytest.fixture
def read_export() -> Iterator[ReadExport]:
    """Reads an export as that of Dana's account; it stays open to the end of the test."""
    stack = ExitStack()

    def read(name: str, file: Path, *, platform: str = "") -> list[Part]:
        export = export_of(name)
        holder = Holder(
            platform=platform or export.FORMAT.platform,
            author="dana",
            address="https://social.example/dana",
            visibility="attested",
        )
        bundle = stack.enter_context(opened(file))
        assert export.recognises(bundle)
        return list(export.read(bundle, holder))

    with stack:
        yield read
