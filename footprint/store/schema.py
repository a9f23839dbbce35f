"""Makes the tables of a record and brings them up to this version, by Alembic. Apart from the record: only who migrates waits for Alembic."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine

from footprint.errors import RecordUnavailable
from footprint.store.engine import engine_for, file_of, place, writing
from footprint.store.failures import explained


def configuration(connection: Connection) -> Config:
    """What Alembic's commands need to work on a record: `command.check(configuration(connection))`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(url: URL) -> None:
    """Make or upgrade the tables of a record, in one transaction. Raises RecordUnavailable with the mend."""
    engine = engine_for(url)
    try:
        with explained(place(url)):
            _prepare_file(engine)
            with writing(engine).begin() as connection:
                command.upgrade(configuration(connection), "head")
    except CommandError as error:  # a revision that is not among the migrations
        raise RecordUnavailable(
            f"The record at {place(url)} was made by a newer Footprint ({error}). Install that version."
        ) from error
    finally:
        engine.dispose()


def _prepare_file(engine: Engine) -> None:
    """Make the file of an SQLite record, for nobody but its owner, with a write-ahead log: readers and the writer do not wait for each other."""
    file = file_of(engine.url)
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise RecordUnavailable(
            f"The record at {file} cannot be made: {error.strerror}. Let this user write that folder, or mend storage.record."
        ) from error
    connection = engine.raw_connection()
    try:
        (mode,) = connection.cursor().execute("PRAGMA journal_mode = WAL").fetchone()
    finally:
        connection.close()
    if mode != "wal":
        raise RecordUnavailable(
            f"The record at {file} cannot have a write-ahead log (it got '{mode}'). Put it on a local disk, not a network folder."
        )
