"""CSV tables of exports, as spreadsheets and platforms write them."""

import csv
import io
from collections.abc import Mapping

from crawlers.bundle import Bundle
from crawlers.values import text_of
from footprint.errors import SourceError

LONGEST_FIELD = 2**20


def rows(bundle: Bundle, name: str, *, needs: tuple[str, ...]) -> list[Mapping[str, str]]:
    """The rows of a table, by the names of its first line. Raises SourceError where it is none, or lacks a column that it `needs`."""
    csv.field_size_limit(LONGEST_FIELD)
    try:
        reader = csv.DictReader(io.StringIO(bundle.read(name).decode("utf-8-sig"), newline=""))
        found: list[Mapping[str, str]] = [{key: text_of(value) for key, value in row.items() if key} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{name} is no CSV table in UTF-8: {error}.") from error
    missing = [column for column in needs if column not in (reader.fieldnames or ())]
    if missing:
        raise SourceError(f"{name} lacks the columns {', '.join(missing)}; its first line must name {','.join(needs)}.")
    return found
