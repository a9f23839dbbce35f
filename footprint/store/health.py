"""What `doctor` says of the record."""

from pathlib import Path

from sqlalchemy import Connection, delete, text

from footprint.errors import RecordUnavailable
from footprint.store.engine import file_of
from footprint.store.revision import require_current
from footprint.store.tables import OUTBOX, REVISION


def line(connection: Connection, place: str) -> str:
    """One line about a record that may be written. Raises RecordUnavailable with the mend."""
    require_current(connection, place)
    connection.execute(
        delete(OUTBOX).where(OUTBOX.c.position < 0)
    )  # removes nothing, but fails where nothing may be written
    if connection.dialect.name == "sqlite":
        return _sqlite_line(connection, place)
    return _postgresql_line(connection, place)


def _sqlite_line(connection: Connection, place: str) -> str:
    version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode != "wal":
        raise RecordUnavailable(f"The record at {place} has lost its write-ahead log ({mode}). Run `footprint init`.")
    problem = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if problem != "ok":
        raise RecordUnavailable(f"The record at {place} is damaged ({problem}). Restore a backup.")
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan is not None:
        raise RecordUnavailable(
            f"The record at {place} lacks what {orphan[0]} row {orphan[1]} names. Restore a backup."
        )
    size = _size_bytes(file_of(connection.engine.url))
    return f"SQLite {version}, {place}, migration {REVISION}, write-ahead log, intact, {_megabytes(size)}"


def _postgresql_line(connection: Connection, place: str) -> str:
    version = connection.execute(text("SHOW server_version")).scalar_one()
    for setting in ("fsync", "synchronous_commit"):
        if connection.execute(text(f"SHOW {setting}")).scalar_one() == "off":
            raise RecordUnavailable(
                f"The record at {place} may lose what it confirmed. Set {setting} = on on its server."
            )
    size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return f"PostgreSQL {version}, {place}, migration {REVISION}, durable, {_megabytes(size)}"


def _size_bytes(file: Path | None) -> int:
    parts = [] if file is None else [file, file.with_name(f"{file.name}-wal")]
    return sum(part.stat().st_size for part in parts if part.exists())


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:.1f} MiB"
