"""What an operator tells of boards that do not tell it themselves: their time zone, and how their pages are marked up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from dateparser.data.languages_info import language_order
from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError

from crawlers.selectors import compiled
from footprint.errors import BadConfiguration

Part = Literal[
    "entries", "entry_link", "entry_time", "posts", "author", "time", "body", "edited", "foreign", "attached", "link",
    "title", "next",
]  # fmt: skip


def _zone(name: str) -> str:
    try:
        return name and ZoneInfo(name).key
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(f"'{name}' is no time zone; one is called America/Chicago") from error


def _selector(text: str) -> str:
    try:
        compiled(text)
    except BadConfiguration as error:
        raise ValueError(str(error)) from error
    return text


def _language(code: str) -> str:
    if code not in language_order:
        raise ValueError(f"'{code}' is no language that dates are read in; one is called en")
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """
    One board. `time_zone` is that of times without one, as guests see them, "" where nobody told; `languages` are those of its dates.

    `markup` maps parts of its pages to CSS selectors, see docs/boards.md; a part that it does not name is looked for as boards commonly
    write it.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    time_zone: Annotated[str, AfterValidator(_zone)] = ""
    date_order: Literal["MDY", "DMY", "YMD"] = "MDY"
    languages: tuple[Annotated[str, AfterValidator(_language)], ...] = ("en",)
    markup: Mapping[Part, Annotated[str, AfterValidator(_selector)]] = field(default_factory=dict)


SITES = TypeAdapter(dict[str, Site])


def read_sites(file: str) -> Mapping[str, Site]:
    """
    Sites by host, from a TOML file with one table each, `["board.example"]`; none for the file "".

    Raises BadConfiguration that names the place and the mend.
    """
    if not file:
        return {}
    try:
        return SITES.validate_python(tomllib.loads(Path(file).read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration(f"crawl.boards_file {file} cannot be read: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadConfiguration(f"crawl.boards_file {file}, {place}: {first['msg']}. Mend that line.") from error
