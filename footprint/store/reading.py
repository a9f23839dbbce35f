"""Questions to the record by field, as SQL."""

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Generator, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    any_,
    func,
    literal,
    or_,
    select,
    true,
)

from footprint.ports import Between
from footprint.store.codec import item_of, scalar
from footprint.store.columns import as_text
from footprint.store.tables import TABLES

T = TypeVar("T")

BATCH = 500
"""Rows that are fetched at a time."""


def table_of(kind: type[Any]) -> Table:
    """The table of a recorded type. Raises TypeError for any other."""
    if kind not in TABLES:
        raise TypeError(f"{kind.__name__} is not a recorded type")
    return TABLES[kind]


def key_of(table: Table) -> Column[Any]:
    """The one column by which a table's rows are told apart."""
    (key,) = table.primary_key
    return key


class SqlReader(ABC):
    """A Reader over SQL connections of one dialect."""

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect

    @abstractmethod
    def _asking(self) -> AbstractContextManager[Connection]:
        """A connection for one question; what the database raises comes out of it explained."""

    def get(self, kind: type[T], key: str) -> T | None:
        table = table_of(kind)
        column = key_of(table)
        if column.type.python_type is int and not key.isdecimal():
            return None
        statement = select(table).where(column == scalar(column.type.python_type(key)))
        with self._asking() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else item_of(kind, dict(row))

    def select(self, kind: type[T], /, **conditions: Any) -> Iterator[T]:
        table = table_of(kind)
        statement = select(table).where(self._where(table, conditions)).order_by(key_of(table))
        return (item_of(kind, row._asdict()) for row in self._rows(statement))

    def count(self, kind: type[Any], /, **conditions: Any) -> int:
        table = table_of(kind)
        statement = select(func.count()).select_from(table).where(self._where(table, conditions))
        with self._asking() as connection:
            return connection.execute(statement).scalar_one()

    def _rows(self, statement: Select[Any]) -> Generator[Any]:
        """Rows as they come, a batch in memory. The connection is given back when the iterator ends, is closed or is dropped."""
        batched = {"yield_per": BATCH}
        with self._asking() as connection, connection.execute(statement, execution_options=batched) as result:
            yield from result

    def _where(self, table: Table, conditions: dict[str, Any]) -> ColumnElement[bool]:
        unknown = conditions.keys() - table.columns.keys()
        if unknown:
            raise TypeError(f"{table.name} has no field {', '.join(sorted(unknown))}")
        return and_(true(), *(self._holds(table.c[name], value) for name, value in conditions.items()))

    def _holds(self, column: Column[Any], condition: Any) -> ColumnElement[bool]:
        match condition:
            case Between(start=start, end=end):
                return and_(column >= scalar(start), column < scalar(end))
            case Collection() if not isinstance(condition, str):
                return self._is_any_of(column, {scalar(value) for value in condition})
            case _:
                equal: ColumnElement[bool] = column == scalar(condition)
                return equal

    def _is_any_of(self, column: Column[Any], values: set[Any]) -> ColumnElement[bool]:
        """As one parameter however many there are: a statement has a limit of parameters."""
        some = [value for value in values if value is not None]
        if self._dialect == "postgresql":
            listed: ColumnElement[bool] = column == any_(literal(some, ARRAY(column.type)))
        else:
            texts = [as_text(value) if isinstance(value, datetime) else value for value in some]
            listed = column.in_(select(func.json_each(json.dumps(texts)).table_valued("value").c.value))
        return or_(listed, column.is_(None)) if None in values else listed
