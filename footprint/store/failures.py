"""What a database's own errors mean for the person who can mend them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from footprint.errors import BadInput, RecordUnavailable

_SQLITE = {
    sqlite3.SQLITE_BUSY: "another process has been writing for too long; try again, or end the process that hangs",
    sqlite3.SQLITE_LOCKED: "another process has been writing for too long; try again, or end the process that hangs",
    sqlite3.SQLITE_FULL: "the disk is full; free some space and try again",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only; let this user write both",
    sqlite3.SQLITE_PERM: "this user may not open the file; let this user write it and its folder",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; let this user write it and its folder",
    sqlite3.SQLITE_IOERR: "the disk refuses to read or write; look for a full quota, a size limit or a failing disk",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "the file is not a database; mend storage.record or restore a backup",
}

_POSTGRESQL = {
    "53100": "the server's disk is full; free some space and try again",
    "53200": "the server is out of memory; try again",
    "53300": "the server has no connection left; try again, or raise its max_connections",
    "25006": "the server accepts no writing; point storage.record at the primary",
    "55P03": "another process has been writing for too long; try again, or end the process that hangs",
    "40P01": "two processes waited for each other; try again",
    "42501": "this user may not do that; grant it the tables, or migrate as their owner",
    "57P01": "the server ended the connection; try again",
    "57P03": "the server is starting up; try again",
}

_UNREACHABLE = "the server cannot be reached; start it, or mend storage.record"
_UNKNOWN = "see the cause"


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Raise what the database raises as RecordUnavailable that names the mend; BadInput where the record refuses a row."""
    try:
        yield
    except IntegrityError as error:
        raise BadInput(
            f"The record refuses this: it names something that is not recorded, or lacks a value ({error.orig}). "
            "Record what it names first."
        ) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise RecordUnavailable(
            f"The record at {place} is unavailable: {_mend(cause)}. ({str(cause).strip()})"
        ) from error


def _mend(cause: BaseException | None) -> str:
    if isinstance(cause, sqlite3.Error):
        primary_code = getattr(cause, "sqlite_errorcode", -1) & 0xFF
        return _SQLITE.get(primary_code, _UNKNOWN)
    state = getattr(cause, "sqlstate", None)
    return _POSTGRESQL.get(state, _UNKNOWN) if state else _UNREACHABLE
