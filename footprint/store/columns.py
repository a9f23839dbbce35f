"""The column types of the record, chosen so that SQLite and PostgreSQL compare, sort and give back the same values."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Characters = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in order of its code points, whatever the database's locale says."""

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""Whole numbers of 64 bits. SQLite numbers rows only under the name INTEGER, which has 64 bits there."""


def as_text(moment: datetime) -> str:
    """A moment as SQLite keeps it: ISO 8601 in UTC of one fixed width, so that the order of texts is the order of moments."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Time(TypeDecorator[datetime]):
    """
    Aware moments to the microsecond: `timestamptz` on PostgreSQL, text on SQLite, which has no such type. The codec reads either.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        return as_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)
