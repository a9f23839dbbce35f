"""The tables of the record: they hold the domain, and the migrations make them."""

import subprocess
import sys
from dataclasses import fields
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Boolean, Double, create_engine, text

from footprint.accounts import Registrant
from footprint.errors import RecordUnavailable
from footprint.store.codec import is_structured
from footprint.store.columns import Characters, Time, Whole
from footprint.store.record import SqlRecord, migrate, open_record
from footprint.store.tables import METADATA, REVISION, TABLES

KINDS = pytest.mark.parametrize("kind", sorted(TABLES, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)


@KINDS
def test_every_field_has_a_column(kind: type[Any]) -> None:
    """A table has a column for each field of its type, and no other."""
    assert list(TABLES[kind].columns.keys()) == [field.name for field in fields(kind)]


@KINDS
def test_columns_hold_what_the_fields_hold(kind: type[Any]) -> None:
    """A column's type and whether it may be empty are those of the field's annotation."""
    for name, annotation in get_type_hints(kind).items():
        column = TABLES[kind].columns[name]
        assert column.nullable == (NoneType in get_args(annotation)), name
        assert str(column.type) == str(_column_type(annotation)), name


def _column_type(annotation: Any) -> Any:
    inner = next((member for member in get_args(annotation) if member is not NoneType), annotation)
    if is_structured(annotation) or inner is str or (isinstance(inner, type) and issubclass(inner, Enum)):
        return Characters
    return {datetime: Time(), int: Whole, float: Double(), bool: Boolean()}[inner]


@KINDS
def test_every_reference_is_indexed(kind: type[Any]) -> None:
    """A column that names another record can be searched without reading the whole table."""
    table = TABLES[kind]
    leading = {index.columns[0].name for index in table.indexes} | {key.name for key in table.primary_key}
    unsearched = {"undoes"}  # decisions are always read by finding
    assert {key.parent.name for key in table.foreign_keys} - unsearched <= leading


def test_migrations_make_the_tables(url: str) -> None:
    """After all migrations a database has exactly the tables that the code knows."""
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_head_is_the_revision_that_is_required(url: str) -> None:
    """The last migration is the one that opening a record asks for."""
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [REVISION]
    engine.dispose()


def test_migrating_twice_is_migrating_once(record: SqlRecord, url: str, noon: datetime) -> None:
    """A record that is up to date stays as it is, with all that is in it."""
    registrant = Registrant(id="R-1", employed_from=noon, registered_at=noon)
    with record.transaction() as tx:
        tx.add(registrant)
    migrate(url)
    assert list(record.select(Registrant)) == [registrant]


def test_processes_that_migrate_at_once_all_succeed(empty_url: str) -> None:
    """Several processes that make the same record do not get into each other's way."""
    program = "import sys; from footprint.store.record import migrate; migrate(sys.argv[1])"
    processes = [subprocess.Popen([sys.executable, "-c", program, empty_url]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    open_record(empty_url).close()


def test_a_record_that_was_never_made_says_so(empty_url: str) -> None:
    """Opening where nothing was made names the command that makes it, and leaves nothing behind."""
    for _ in range(2):
        with pytest.raises(RecordUnavailable, match="footprint init"):
            open_record(empty_url)


def test_a_record_of_another_version_says_so(url: str) -> None:
    """A record that this code would misread is neither opened nor migrated."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(RecordUnavailable, match="install the newer Footprint"):
        open_record(url)
    with pytest.raises(RecordUnavailable, match="Install that version"):
        migrate(url)


def test_only_its_owner_reads_a_new_file(empty_sqlite_url: str) -> None:
    """The record names people: nobody else on the machine may read its file."""
    migrate(empty_sqlite_url)
    assert Path(empty_sqlite_url.removeprefix("sqlite:///")).stat().st_mode & 0o077 == 0
