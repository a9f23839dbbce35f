"""Files of SQLite that all crawls of a house share, each of which is a process of its own; they outlive all of these."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from footprint.errors import RecordUnavailable


class SharedFile:
    """
    One such file, in which every statement is a transaction of its own. Times in it are seconds since the epoch.

    Subclasses say `what` it holds, in the plural, and its `schema`; `timeout_s` is how long one waits for another process, `is_private` that the
    file is for its owner alone to read. Raises RecordUnavailable where the file cannot be opened or made.
    """

    what: ClassVar[str]
    schema: ClassVar[str]
    timeout_s: ClassVar[float] = 30.0
    is_private: ClassVar[bool] = False

    def __init__(self, file: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if self.is_private:
                os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's journal takes the mode of its file
                file.chmod(0o600)
            self._connection = sqlite3.connect(file, timeout=self.timeout_s, isolation_level=None)
            self._connection.executescript(self.schema)
        except (OSError, sqlite3.Error) as error:
            raise RecordUnavailable(f"The {self.what} {file} cannot be written: {error}. See to its folder.") from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A transaction that no other process comes in between. Raises RecordUnavailable where another holds the file for too long."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise RecordUnavailable(f"The {self.what} are held by another process: {error}. Try again.") from error
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
