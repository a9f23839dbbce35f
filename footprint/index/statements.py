"""The SQL of the embedded index. Names in it are those of FindingDocument's fields; what a person wrote is a parameter."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import astuple
from functools import cache
from typing import Any

from footprint.documents import FindingDocument
from footprint.index.pages import Place
from footprint.index.rows import FACETS, PROSE, Form, columns, document_from, layout, microseconds, row_of, spaced_words
from footprint.query import SEARCHABLE, Query

APPLICATION_ID = 0x46505854
"""Marks a file as an index of ours ("FPXT"), so that none that holds something else is ever written over."""

_ORDER = "-probability, posted_at, id"
_TYPES: Mapping[Form, str] = {
    Form.KEYWORD: "TEXT NOT NULL",
    Form.KEYWORDS: "TEXT NOT NULL",  # a JSON array
    Form.NUMBER: "REAL NOT NULL",
    Form.TIME: "INTEGER",
    Form.PROSE: "TEXT NOT NULL",
}
_IS_ANY_OF: Mapping[Form, str] = {
    Form.KEYWORD: "{field} IN (SELECT value FROM json_each(?))",
    Form.KEYWORDS: "EXISTS (SELECT 1 FROM json_each({field}) WHERE value IN (SELECT value FROM json_each(?)))",
}


@cache
def schema() -> tuple[str, ...]:
    """Statements that lay out an empty index, whatever was there before."""
    typed = ", ".join(f"{name} {_TYPES[form]}" for name, form in columns().items())
    asked = sorted(name for name in SEARCHABLE - {*FACETS} if columns()[name] is Form.KEYWORD)
    return (
        "DROP TABLE IF EXISTS findings",
        "DROP TABLE IF EXISTS findings_words",
        f"CREATE TABLE findings (number INTEGER PRIMARY KEY, {typed}, UNIQUE (id))",
        f"CREATE INDEX findings_order ON findings ({_ORDER})",
        f"CREATE INDEX findings_facets ON findings ({', '.join(FACETS)}, posted_at)",
        *(f"CREATE INDEX findings_{name} ON findings ({name})" for name in asked),
        # The words come cut and folded (footprint.words): this tokenizer only has to cut at the blanks.
        f"CREATE VIRTUAL TABLE findings_words USING fts5({', '.join(PROSE)}, tokenize = 'ascii')",
    )


def version() -> int:
    """Digest of the layout in 31 bits, kept in the file's user_version: a file of another layout is not read."""
    return int(layout(*schema())[:7], 16)


def lay_out(connection: sqlite3.Connection) -> None:
    """Make an empty index."""
    for statement in schema():
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version()}")


def number(connection: sqlite3.Connection, question: str) -> int:
    """The one number that a statement answers with."""
    return int(connection.execute(question).fetchone()[0])


def held(connection: sqlite3.Connection) -> int:
    """How many findings there are."""
    return number(connection, "SELECT count(*) FROM findings")


def put(connection: sqlite3.Connection, document: FindingDocument) -> None:
    """Insert or replace a finding."""
    remove(connection, document.id)
    row = row_of(document)
    values = [json.dumps(value) if isinstance(value, list) else value for value in row.values()]
    statement = f"INSERT INTO findings ({', '.join(row)}) VALUES ({_marks(row)})"  # noqa: S608
    position = connection.execute(statement, values).lastrowid
    prose = [spaced_words(row[name]) for name in PROSE]
    statement = f"INSERT INTO findings_words (rowid, {', '.join(PROSE)}) VALUES (?, {_marks(PROSE)})"  # noqa: S608
    connection.execute(statement, [position, *prose])


def remove(connection: sqlite3.Connection, key: str) -> None:
    """Delete a finding where it is there."""
    connection.execute("DELETE FROM findings_words WHERE rowid = (SELECT number FROM findings WHERE id = ?)", [key])
    connection.execute("DELETE FROM findings WHERE id = ?", [key])


def hits(connection: sqlite3.Connection, query: Query, *, behind: Place | None, limit: int) -> list[FindingDocument]:
    """The first matches behind a place."""
    where, values = _where(query, behind)
    statement = f"SELECT {', '.join(columns())} FROM findings WHERE {where} ORDER BY {_ORDER} LIMIT {limit}"  # noqa: S608
    return [_document(row) for row in connection.execute(statement, values)]


def counts(connection: sqlite3.Connection, query: Query) -> tuple[int, dict[str, dict[str, int]]]:
    """How many findings match, in all and by the values of each facet: one pass over the matches."""
    where, values = _where(query, None)
    statement = f"SELECT {', '.join(FACETS)}, count(*) FROM findings WHERE {where} GROUP BY {', '.join(FACETS)}"  # noqa: S608
    total, facets = 0, {name: Counter[str]() for name in FACETS}
    for *combination, count in connection.execute(statement, values):
        total += count
        for name, value in zip(FACETS, combination, strict=True):
            facets[name][value] += count
    return total, {name: dict(counter) for name, counter in facets.items()}


def _where(query: Query, behind: Place | None) -> tuple[str, list[Any]]:
    conditions, values = ["TRUE"], list[Any]()
    for condition, parameters in _conditions(query, behind):
        conditions.append(condition)
        values.extend(parameters)
    return " AND ".join(conditions), values


def _conditions(query: Query, behind: Place | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for term in query.terms:
        is_any_of = _IS_ANY_OF[columns()[term.field]].format(field=term.field)
        yield f"NOT {is_any_of}" if term.negated else is_any_of, (json.dumps(term.values),)
    if query.phrases:
        phrases = " AND ".join(f'"{spaced_words(phrase)}"' for phrase in query.phrases)
        yield "number IN (SELECT rowid FROM findings_words WHERE findings_words MATCH ?)", (phrases,)
    if query.after is not None:
        yield "posted_at >= ?", (microseconds(query.after),)
    if query.before is not None:
        yield "posted_at < ?", (microseconds(query.before),)
    if behind is not None:
        yield f"({_ORDER}) > (?, ?, ?)", astuple(behind)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _document(row: tuple[Any, ...]) -> FindingDocument:
    named = zip(columns().items(), row, strict=True)
    return document_from({name: json.loads(v) if form is Form.KEYWORDS else v for (name, form), v in named})
