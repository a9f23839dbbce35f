"""
The index in one SQLite file, for a department without a search server.

One table has a column for each field of FindingDocument; a second one (FTS5) has the words of its prose. Every call opens the file
anew: any number of threads and processes search while one writes (write-ahead log). A rebuild is one transaction: searches see the old
findings until it commits, writers wait for it, and where it is cut off it never was.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from footprint.documents import FindingDocument
from footprint.errors import BadConfiguration, RecordUnavailable
from footprint.index import statements
from footprint.index.pages import place_of, read, require_searchable, written
from footprint.ports import FindingIndex, SearchPage
from footprint.query import Query

BUSY_S = 30.0
"""Seconds for which a writer waits for another one."""

REBUILD = "Build it anew with `footprint reindex`."


def connect(url: str, *, api_key: str | None, ca_file: str | None) -> FindingIndex:
    """The index in the file of `embedded:PATH`. A file needs no credentials."""
    path = url.partition(":")[2]
    if not path:
        raise BadConfiguration(f"storage.index: '{url}' names no file. Write embedded:PATH.")
    return EmbeddedIndex(Path(path))


class EmbeddedIndex:
    """Findings in one file. Safe for several threads and processes."""

    def __init__(self, path: Path, *, busy_s: float = BUSY_S) -> None:
        self._path = path
        self._busy_s = busy_s

    def create(self) -> None:
        """Make the file and its folder where they are not there yet."""
        with self._writing(making=True) as connection:
            if statements.number(connection, "PRAGMA user_version") == 0:
                statements.lay_out(connection)

    def put(self, documents: Iterable[FindingDocument]) -> None:
        """Insert or replace by id, all or none."""
        with self._writing() as connection:
            self._require_layout(connection)
            for document in documents:
                statements.put(connection, document)

    def remove(self, ids: Iterable[str]) -> None:
        """Delete findings, all or none; no error where absent."""
        with self._writing() as connection:
            self._require_layout(connection)
            for key in ids:
                statements.remove(connection, key)

    def search(self, query: Query, *, size: int = 20, after: str | None = None) -> SearchPage:
        """One page of the findings that match; hits and counts are of the same moment."""
        require_searchable(query, size)
        behind = read(after) if after else None
        with self._opened() as connection:
            connection.execute("BEGIN")
            self._require_layout(connection)
            total, facets = statements.counts(connection, query)
            found = statements.hits(connection, query, behind=behind, limit=size + 1)
        hits = tuple(found[:size])
        is_last = len(found) <= size or not hits
        return SearchPage(hits=hits, total=total, facets=facets, after=None if is_last else written(place_of(hits[-1])))

    def rebuild(self, documents: Iterable[FindingDocument]) -> int:
        """Replace everything, the layout too, in one transaction."""
        with self._writing(making=True) as connection:
            statements.lay_out(connection)
            for document in documents:
                statements.put(connection, document)
            return statements.held(connection)

    def check(self) -> str:
        """How many findings the file holds, after a look at its soundness."""
        with self._opened() as connection:
            self._require_layout(connection)
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise RecordUnavailable(f"The index {self._path} is damaged: {verdict}. Delete it. {REBUILD}")
            return f"{self._path}: {statements.held(connection)} findings"

    def close(self) -> None:
        """Nothing to close: every call closes the file itself."""

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file, which must be there. What is not committed when it closes never was."""
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        try:
            with closing(sqlite3.connect(address, uri=True, timeout=self._busy_s, isolation_level=None)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise RecordUnavailable(f"The index {self._path} cannot be used: {error}. {_mend(error)}") from error

    @contextmanager
    def _writing(self, *, making: bool = False) -> Iterator[sqlite3.Connection]:
        """One durable transaction. `making` makes the file where there is none."""
        if making:
            self._touch()
        with self._opened() as connection:
            connection.execute("PRAGMA synchronous = FULL")
            if making:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            self._require_ours(connection)
            yield connection
            connection.execute("COMMIT")

    def _touch(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
        except OSError as error:
            raise RecordUnavailable(
                f"The index {self._path} cannot be made: {error.strerror}. Make its folder writable, or change storage.index."
            ) from error

    def _require_ours(self, connection: sqlite3.Connection) -> None:
        is_empty = statements.number(connection, "SELECT count(*) FROM sqlite_master") == 0
        if not is_empty and statements.number(connection, "PRAGMA application_id") != statements.APPLICATION_ID:
            raise BadConfiguration(f"storage.index: {self._path} holds something else. Name another file.")

    def _require_layout(self, connection: sqlite3.Connection) -> None:
        self._require_ours(connection)
        if statements.number(connection, "PRAGMA user_version") != statements.version():
            raise RecordUnavailable(f"The index {self._path} is of another version of Footprint. {REBUILD}")


def _mend(error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", None):
        case sqlite3.SQLITE_BUSY:
            return "Another process writes or rebuilds it. Try again later."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"See that storage.index names the right file, delete it, and then: {REBUILD}"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_FULL:
            return "Make the disk writable and give it room. Nothing recorded is lost."
    return f"See that the file is there and may be read and written. {REBUILD}"
