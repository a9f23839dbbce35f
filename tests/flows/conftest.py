"""What the tests of the command line share: the command in a folder of its own, and a small department."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli import main

Footprint = Callable[..., tuple[int, str, str]]


@pytest.fixture
def footprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Footprint:
    """Run the command in a folder of its own: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTPRINT_CONFIG", "FOOTPRINT_AS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str, **environment: str) -> tuple[int, str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["footprint", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.fixture
def department(footprint: Footprint, staffed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Footprint:
    """The command in a house with people, and with Dana's account on a Mastodon server, which may be read."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var/record.db").write_bytes(staffed.read_bytes())
    (tmp_path / "consent.txt").write_text("I agree.")
    code, _, err = footprint("init")
    assert code == 0, err
    for words in (
        ("registrant", "add", "R-1", "--name", "Dana", "--employed-from", "2020-01-01", "--notice", "2020-01-02", "--as", "ines"),
        (
            "account", "add", "mastodon", "https://social.example/@dana", "--registrant", "R-1", "--role", "employee", "--basis",
            "consent", "--document", "consent.txt", "--expires", "2100-01-01", "--as", "ines",
        ),
        ("account", "approve", "mastodon:dana@social.example", "--as", "omar"),
        ("account", "notify", "mastodon:dana@social.example", "--as", "omar"),
    ):  # fmt: skip
        code, _, err = footprint(*words)
        assert code == 0, err
    return footprint
