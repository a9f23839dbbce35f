"""What all commands share: the settings file, who acts, and how a table or JSON is printed."""

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.wiring import House, wired
from footprint.acts.users import find_user
from footprint.errors import BadInput
from footprint.ports import Reader
from footprint.settings import Loaded, read
from footprint.users import User

Config = Annotated[
    Path | None,
    typer.Option("--config", envvar="FOOTPRINT_CONFIG", help="Settings file.", show_default="./footprint.toml"),
]
As = Annotated[str, typer.Option("--as", envvar="FOOTPRINT_AS", help="The user who acts; their roles decide.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON in place of a table.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit log.")]


@contextmanager
def house(config: Path | None) -> Iterator[House]:
    """The house that the settings file describes."""
    with wired(read(config)) as opened:
        yield opened


def acting(reader: Reader, name: str) -> User:
    """The user who acts. Raises BadInput for an unknown one."""
    user = find_user(reader, name)
    if user is None:
        raise BadInput(
            f"There is no user '{name}'. `footprint user list` shows them; `--as` or FOOTPRINT_AS names one."
        )
    return user


def moment(text: str, loaded: Loaded) -> datetime:
    """A date or time of the department's zone, as aware UTC. Raises BadInput with an example."""
    zone = ZoneInfo(loaded.settings.department.time_zone)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise BadInput(f"'{text}' is no date; write one as 2026-04-01 or 2026-04-01T09:30.") from error
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def bytes_of(file: Path) -> bytes:
    """Content of a file that a person named. Raises BadInput where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from error


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool, title: str, empty: str) -> None:
    """Print rows as a table, or as one JSON array. `empty` is the sentence for no rows."""
    if as_json:
        print(json.dumps([plain(row) for row in rows], ensure_ascii=False))
        return
    if not rows:
        print(empty)
        return
    table = Table(*rows[0], title=escape(title), title_justify="left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return "" if value is None else escape(str(plain(value)))


def plain(value: Any) -> Any:
    """A domain value as JSON holds it: times in ISO 8601, enums by value, dataclasses and mappings as objects."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple, frozenset)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
