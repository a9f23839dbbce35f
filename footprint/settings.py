"""
Settings: typed, read once, each with its source.

Order of precedence: environment (`FOOTPRINT_CRAWL__DELAY_S=2`), then the TOML file, then the defaults here. Paths in URLs that are relative
are relative to the folder of the file.
"""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    ValidationError,
    model_validator,
)

from footprint.errors import BadConfiguration
from footprint.jurisdiction import Policy

PREFIX = "FOOTPRINT_"
FILE_NAME = "footprint.toml"


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise ValueError(f"there is no time zone '{name}'; take one such as America/Los_Angeles") from error
    return name


class Section(BaseModel):
    """Settings are closed: a misspelt name is an error that names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Department(Section):
    """The department and its policy."""

    name: str = Field("Police Department", description="Name as it stands on pages and reports.")
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        "UTC", description="Zone of weeks, schedules and times on pages."
    )
    policy_version: str = Field("1", description="Version of the policy in force.")
    policy_effective_from: AwareDatetime = Field(
        datetime(2020, 1, 1, tzinfo=UTC), description="Posts from before are never kept."
    )

    def policy(self) -> Policy:
        """The policy in force."""
        return Policy(version=self.policy_version, effective_from=self.policy_effective_from.astimezone(UTC))


class Storage(Section):
    """Where the record, the bytes and the search index are kept."""

    record: str = Field(
        "sqlite:///var/record.db", description="The truth: sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME."
    )
    blobs: str = Field("file:var/blobs", description="Bytes by SHA-256: file:FOLDER.")
    index: str = Field(
        "embedded:var/index.db", description="Search: embedded:PATH or elasticsearch+https://HOST:9200/NAME."
    )
    work: str = Field("var/work", description="Folder for locks, request budgets and the scheduler's own state.")
    index_api_key_file: str = Field("", description="File with the index's API key, mode 600.")
    index_ca_file: str = Field("", description="PEM file with the certificate authority of the index.")


class Crawl(Section):
    """How the crawlers behave. They identify themselves, obey robots.txt, and stop when asked to."""

    enabled: bool = Field(False, description="Off on a fresh install: no scan makes a request until this is true.")
    contact_url: HttpUrl | None = Field(
        None, description="Page that says who crawls and whom to ask; sent in the User-Agent."
    )
    allowed_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        (), description="Private or loopback networks that may be fetched from; empty means public addresses only."
    )
    delay_s: float = Field(1.0, ge=0, description="Seconds between two requests to one registrable domain.")
    requests_per_minute: int = Field(30, ge=1, description="Budget of one registrable domain, shared by all processes.")
    timeout_s: float = Field(30.0, gt=0, description="Seconds for one response.")
    max_wait_s: float = Field(120.0, ge=0, description="Longest Retry-After that a crawl waits for; beyond, it defers.")
    max_page_bytes: int = Field(16 * 2**20, gt=0, description="Largest page.")
    max_media_bytes: int = Field(256 * 2**20, gt=0, description="Largest picture, video or sound.")
    reread_days: float = Field(
        30.0, ge=0, description="Days for which posts are read again, to see edits and deletions."
    )
    max_pages: int = Field(500, gt=0, description="Most pages of one account in one run; the rest waits for the next.")
    account_timeout_s: float = Field(1800.0, gt=0, description="Seconds for the crawl of one account.")
    tokens_file: str = Field("", description="TOML file with API tokens, or how to get them, by host; mode 600.")
    monthly_usd: float = Field(
        0.0,
        ge=0,
        description="Most to spend in a calendar month (UTC) on posts that platforms charge for; 0: not read.",
    )
    boards_file: str = Field("", description="TOML file with time zones and markup of boards by host, see boards.md.")


class Detect(Section):
    """How media are looked at."""

    detectors: tuple[str, ...] = Field(
        ("copies", "marks", "lettering", "vehicles", "uniforms", "stamps", "audio"),
        description="Detectors to run, by module name; the last four only where an exemplar of their kind is registered.",
    )
    processes: int = Field(2, ge=1, description="Processes that decode and detect.")
    max_pixels: int = Field(80_000_000, gt=0, description="Largest picture that is decoded, in pixels.")
    timeout_s: float = Field(120.0, gt=0, description="Seconds for one asset and all detectors.")
    memory_mb: int = Field(4096, gt=0, description="Memory of one detecting process, MiB.")
    least_precision: float = Field(
        0.0, ge=0, le=1, description="Agreed precision below which a detector suspends itself, by decisions; 0: never."
    )
    least_decisions: int = Field(30, ge=1, description="Judged findings before a detector can suspend itself.")
    finder: str = Field(
        "",
        description="ONNX network that finds vehicles and persons, by path: YOLO or end-to-end, classes of COCO.",
    )
    finder_sha256: str = Field("", description="SHA-256 that the file of `finder` must have; empty: any.")
    learn_from: int = Field(
        6, ge=3, description="Exemplars of one identifier from which on it is learned what it looks like."
    )
    negatives: str = Field(
        "", description="Folder of photographs that show no mark, to learn from; empty for the starter bank."
    )


class Retention(Section):
    """How long what is not a finding stays."""

    non_hits_days: float = Field(
        0.0, ge=0, description="Days for which bytes of media without a finding are kept; 0: until scanned."
    )
    mistakes_days: float = Field(
        365.0,
        ge=0,
        description="Days for which marks learn from what was wrongly taken for them (`footprint detector grow`): numbers, no pictures.",
    )


class Schedule(Section):
    """When `footprint serve --schedules` works by itself, as cron expressions in the department's time zone."""

    scan: str = Field("0 */6 * * *", description="When the accounts are scanned.")
    report: str = Field("0 6 * * 1", description="When the report of the week before is written.")


class Dashboard(Section):
    """The review application."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8600, ge=0, le=65535, description="Port to listen on.")
    session_minutes: int = Field(480, gt=0, description="Minutes until a session ends.")
    https_only: bool = Field(False, description="Cookies over TLS only. Switch on behind a TLS proxy.")


class Settings(Section):
    """All settings."""

    department: Department = Department()
    storage: Storage = Storage()
    crawl: Crawl = Crawl()
    detect: Detect = Detect()
    retention: Retention = Retention()
    schedule: Schedule = Schedule()
    dashboard: Dashboard = Dashboard()

    @model_validator(mode="after")
    def _crawler_names_itself(self) -> Self:
        if self.crawl.enabled and self.crawl.contact_url is None:
            raise ValueError("crawl.contact_url: a crawler that is switched on must name a contact page")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as `footprint settings` prints it."""

    name: str
    value: Any
    source: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Settings together with where each came from, and the folder that relative paths start at."""

    settings: Settings
    folder: Path
    sources: Mapping[str, str]

    def table(self) -> Iterator[Setting]:
        """Every setting in order of declaration."""
        for section in Settings.model_fields:
            model = getattr(self.settings, section)
            for name, info in type(model).model_fields.items():
                key = f"{section}.{name}"
                yield Setting(
                    name=key,
                    value=getattr(model, name),
                    source=self.sources.get(key, "default"),
                    description=info.description or "",
                )

    def path(self, relative: str) -> Path:
        """A path of the settings, relative ones from the folder of the file."""
        return self.folder / Path(relative).expanduser()


def read(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> Loaded:
    """
    Read the settings.

    `file` is the TOML file; None takes FOOTPRINT_CONFIG, else ./footprint.toml where there is one. Raises BadConfiguration that names
    the file or setting and the mend.
    """
    named = file or (Path(environment[f"{PREFIX}CONFIG"]) if f"{PREFIX}CONFIG" in environment else None)
    path = (named or Path(FILE_NAME)).absolute()
    if named is not None and not path.exists():
        raise BadConfiguration(f"There is no settings file {path}. Write one with `footprint init`.")
    from_file = _from_file(path) if path.exists() else {}
    from_environment = _from_environment(environment)
    sources = {key: str(path) for key in _keys(from_file)} | {
        key: f"environment {PREFIX}{key.upper().replace('.', '__')}" for key in _keys(from_environment)
    }
    merged = {s: {**from_file.get(s, {}), **from_environment.get(s, {})} for s in {*from_file, *from_environment}}
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        raise BadConfiguration(_explain(error, sources, path)) from error
    return Loaded(settings=_placed(settings, path.parent), folder=path.parent, sources=sources)


def _placed(settings: Settings, folder: Path) -> Settings:
    """The settings with the files of [crawl] found from the folder: crawls run elsewhere."""
    named = {name: file for name in ("tokens_file", "boards_file") if (file := getattr(settings.crawl, name))}
    placed = {name: str(folder / Path(file).expanduser()) for name, file in named.items()}
    return settings.model_copy(update={"crawl": settings.crawl.model_copy(update=placed)})


def _from_file(path: Path) -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path} is not TOML: {error}. Mend that place.") from error
    except OSError as error:
        raise BadConfiguration(f"{path} cannot be read: {error.strerror}.") from error
    stray = [key for key, value in content.items() if not isinstance(value, dict)]
    if stray:
        raise BadConfiguration(f"{path}: '{stray[0]}' stands outside of a section; put it below one such as [crawl].")
    return content


def _from_environment(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """FOOTPRINT_SECTION__NAME variables; lists are separated by commas."""
    found: dict[str, dict[str, Any]] = {}
    for variable, text in environment.items():
        section, _, name = variable.removeprefix(PREFIX).lower().partition("__")
        if variable.startswith(PREFIX) and name and section in Settings.model_fields:
            field = type(Settings.model_fields[section].default).model_fields.get(name)
            is_list = field is not None and isinstance(field.default, tuple)
            found.setdefault(section, {})[name] = [part for part in text.split(",") if part] if is_list else text
    return found


def _keys(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    return (f"{section}.{name}" for section, values in sections.items() for name in values)


def _explain(error: ValidationError, sources: Mapping[str, str], path: Path) -> str:
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"][:2])
        message = (
            "there is no such setting"
            if problem["type"] == "extra_forbidden"
            else problem["msg"].removeprefix("Value error, ")
        )
        lines.append(f"{key} ({sources.get(key, path)}): {message}" if key else message)
    return "The settings cannot work. " + "; ".join(lines) + ". `footprint settings` lists the names."


def template() -> str:
    """A settings file in which every setting stands as a comment, with its default and what it is for."""
    lines = ["# Settings of Footprint. Each line that is commented out shows the default.", ""]
    for section, info in Settings.model_fields.items():
        model = type(info.default)
        lines += [f"[{section}]", f"# {model.__doc__}"]
        for name, field in model.model_fields.items():
            lines += [f"# {field.description}", f"# {name} = {_toml(field.default)}"]
        lines.append("")
    return "\n".join(lines)


def reference() -> str:
    """All settings as Markdown: `docs/settings.md` is what this returns."""
    lines = ["# Settings", "", _REFERENCE, ""]
    for section, info in Settings.model_fields.items():
        model = type(info.default)
        lines += [f"## [{section}]", "", str(model.__doc__), "", "| name | default | what for |", "|---|---|---|"]
        lines += [f"| `{n}` | `{_toml(f.default)}` | {f.description} |" for n, f in model.model_fields.items()]
        lines.append("")
    return "\n".join(lines)


_REFERENCE = """\
`footprint settings` prints each setting with its value and where it comes from. `footprint init` writes a `footprint.toml` in which every one
stands as a comment. The environment goes before the file: `FOOTPRINT_CRAWL__DELAY_S=2` sets `delay_s` of `[crawl]`; lists are separated by
commas. Relative paths start at the folder of the file. A misspelt name is an error. This page is written by
`footprint settings --markdown > docs/settings.md`."""


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, (int, float)):
        return str(value)
    return json.dumps(value.isoformat() if isinstance(value, datetime) else str(value or ""), ensure_ascii=False)
