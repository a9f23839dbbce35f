"""Settings: typed, closed, each with its source, errors that name the mend."""

import tomllib
from pathlib import Path

import pytest

from footprint.errors import BadConfiguration
from footprint.settings import Settings, read, template


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a settings file may be written."""
    return tmp_path / "footprint.toml"


def test_environment_goes_before_file_before_default(file: Path) -> None:
    """Each setting comes from the strongest source, and says from which."""
    file.write_text("[crawl]\ndelay_s = 2\ntimeout_s = 9\n")
    loaded = read(file, {"FOOTPRINT_CRAWL__DELAY_S": "3"})
    told = {setting.name: (setting.value, setting.source) for setting in loaded.table()}
    assert told["crawl.delay_s"] == (3.0, "environment FOOTPRINT_CRAWL__DELAY_S")
    assert told["crawl.timeout_s"] == (9.0, str(file))
    assert told["crawl.max_pages"] == (500, "default")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[crawl\n", "is not TOML"),
        ("delay_s = 1\n", "outside of a section"),
        ("[crawl]\ndelay = 1\n", r"crawl\.delay .*there is no such setting"),
        ("[crawl]\ndelay_s = -1\n", r"crawl\.delay_s"),
        ("[crawl]\nenabled = true\n", r"contact_url"),
        ("[department]\ntime_zone = 'Mars/Olympus'\n", "there is no time zone 'Mars/Olympus'"),
        ("[department]\npolicy_effective_from = 2026-01-01T00:00:00\n", r"policy_effective_from"),
        ("[nonsense]\na = 1\n", "nonsense"),
    ],
)
def test_a_setting_that_cannot_work_is_named(file: Path, content: str, says: str) -> None:
    """Bad settings are refused at start-up, with the name of the setting and the mend."""
    file.write_text(content)
    with pytest.raises(BadConfiguration, match=says):
        read(file, {})


def test_a_named_file_that_is_missing_is_an_error(file: Path) -> None:
    """A file that was asked for by name must be there."""
    with pytest.raises(BadConfiguration, match="footprint init"):
        read(file, {})


def test_a_fresh_install_is_off() -> None:
    """Nothing is crawled, and no private address allowed, until a person says so (G40)."""
    crawl = Settings().crawl
    assert (crawl.enabled, crawl.allowed_networks) == (False, ())


def test_the_template_names_every_setting(file: Path) -> None:
    """What `footprint init` writes is TOML, changes nothing, and shows each setting with its default."""
    file.write_text(template())
    assert read(file, {}).settings == Settings()
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line for line in template().splitlines()
    )
    shown = tomllib.loads(uncommented)
    named = {section: set(getattr(Settings(), section).model_dump()) for section in Settings.model_fields}
    assert {section: set(values) for section, values in shown.items()} == named


def test_every_setting_says_what_for() -> None:
    """No setting stands without a description."""
    fields = [f for s in Settings.model_fields.values() for f in type(s.default).model_fields.values()]
    assert all(field.description for field in fields)


def test_relative_paths_start_at_the_file(file: Path) -> None:
    """A path of the settings means the same from whatever folder the command is run."""
    file.write_text("")
    assert read(file, {}).path("var/record.db") == file.parent / "var/record.db"


def test_files_of_crawls_are_found_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    """A crawl runs in another folder than the one in which somebody wrote the file's name."""
    file = tmp_path / "footprint.toml"
    file.write_text('[crawl]\ntokens_file = "secrets/tokens.toml"\n')
    crawl = read(file, {}).settings.crawl
    assert (crawl.tokens_file, crawl.boards_file) == (str(tmp_path / "secrets/tokens.toml"), "")
