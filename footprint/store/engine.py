"""Connections to the record: one engine for each dialect, set up so that a commit is durable and writers take turns."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from footprint.errors import BadConfiguration, RecordUnavailable

PATIENCE_S = 30.0
"""Seconds that a writer waits for its turn before it calls the record unavailable."""

WRITERS_LOCK = 0x466F6F74_7072696E
"""The advisory lock that the writers of one PostgreSQL database take turns with."""


def parse(url: str) -> URL:
    """A record's URL. Raises BadConfiguration for one that no record can have."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise BadConfiguration(f"storage.record is not a URL; {_FORMS}") from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite") and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise BadConfiguration(f"storage.record '{place(parsed)}' cannot hold the record; {_FORMS}")


_FORMS = "write sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME."


def place(url: URL) -> str:
    """A URL as people may see it: without the password."""
    return url.render_as_string(hide_password=True)


def file_of(url: URL) -> Path | None:
    """The file of an SQLite record, None for a server."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def require_file(url: URL) -> None:
    """Raise RecordUnavailable where an SQLite record has no file: opening it would make an empty one."""
    file = file_of(url)
    if file is not None and not file.exists():
        raise RecordUnavailable(f"There is no record at {file}. Make it with `footprint init`, or mend storage.record.")


def engine_for(url: URL, *, patience_s: float = PATIENCE_S) -> Engine:
    """An engine of which every connection is ready to use. Nothing is connected yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": patience_s}, max_overflow=50)
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        options = f"-c timezone=UTC -c lock_timeout={round(patience_s * 1000)}"
        arguments = {"connect_timeout": 10, "options": options}
        engine = create_engine(url, connect_args=arguments, max_overflow=50, pool_pre_ping=True)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: each waits for its turn as it begins."""
    return engine.execution_options(writing=True)


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, before the first INSERT only; `_begin` does, for all of them.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    """
    Begin. Writers take turns on either dialect: what they read stays true until they commit, none waits for another crosswise, and rows that
    are numbered become visible in order of their numbers.
    """
    is_writing = connection.get_execution_options().get("writing", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
    elif is_writing:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})
