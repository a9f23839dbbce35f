"""What all tests share: a real record and blobs in a temporary folder, the people of a small department, and a clock."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from xdist.scheduler import LoadFileScheduling

from footprint.acts import users
from footprint.blobs.open import open_blobs
from footprint.index.memory import MemoryIndex
from footprint.ports import Blobs, Record
from footprint.store.record import migrate, open_record
from footprint.users import Role, User

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
PEOPLE = {
    "admin": Role.ADMINISTRATOR,
    "ines": Role.REGISTRAR,
    "omar": Role.REGISTRAR,
    "rosa": Role.REVIEWER,
    "theo": Role.REVIEWER,
    "chief": Role.CHIEF,
    "vera": Role.AUDITOR,
    "emil": Role.EMPLOYEE,
}


SLOWEST = ("tests/journey", "tests/footprint/index", "tests/integration")
"""Folders that begin first, so that no process is left with them at the end."""
SHARED = ("tests/footprint/index/", "tests/journey/")
"""Folders whose files share servers or a house that take minutes to make ready."""


class Scheduling(LoadFileScheduling):
    """A file's tests run in one process, and those of a folder that shares what takes minutes to make ready, too."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in SHARED if nodeid.startswith(folder)), str(super()._split_scope(nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    """Spread the tests over processes."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest folders first."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOWEST))


@pytest.fixture
def start() -> datetime:
    """The moment at which a test's story begins."""
    return START


@pytest.fixture(scope="session")
def cheapen() -> Callable[[Path], None]:
    """Makes the passwords of a record in a file cheap to check: a real check takes a fifth of a second, at each sign-in of each test."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    def replace_hashes(file: Path) -> None:
        with closing(sqlite3.connect(file)) as database, database:
            for (name,) in database.execute("SELECT name FROM users").fetchall():
                known = (hasher.hash(f"correct horse {name}"), name)
                database.execute("UPDATE users SET password_hash = ? WHERE name = ?", known)

    return replace_hashes


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory, cheapen: Callable[[Path], None]) -> Path:
    """A record with one user of each role, made once: tests work on copies."""
    file = tmp_path_factory.mktemp("staffed") / "record.db"
    migrate(f"sqlite:///{file}")
    record = open_record(f"sqlite:///{file}")
    admin = None
    for minute, (name, role) in enumerate(PEOPLE.items()):
        at = START - timedelta(days=100, minutes=-minute)
        user = users.add_user(record, name=name, roles=[role], password=f"correct horse {name}", actor=admin, at=at)
        admin = admin or user
    record.close()
    cheapen(file)
    return file


@pytest.fixture
def record_url(staffed: Path, tmp_path: Path) -> str:
    """URL of a record of this test's own, with one user of each role."""
    shutil.copy(staffed, tmp_path / "record.db")
    return f"sqlite:///{tmp_path / 'record.db'}"


@pytest.fixture
def record(record_url: str) -> Iterator[Record]:
    """A record of this test's own, with one user of each role."""
    opened = open_record(record_url)
    yield opened
    opened.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """Blobs of this test's own."""
    return open_blobs(f"file:{tmp_path / 'blobs'}")


@pytest.fixture
def index() -> MemoryIndex:
    """An empty index."""
    return MemoryIndex()


@pytest.fixture
def person(record: Record) -> Callable[[str], User]:
    """One of PEOPLE by name."""

    def find(name: str) -> User:
        user = users.find_user(record, name)
        assert user is not None
        return user

    return find


@pytest.fixture
def grower(tmp_path: Path) -> Any:
    """A Grower that knows one mark, `our-patch`, by whose look every window is as good as another."""
    # Imported here since it takes seconds, and most tests have no use for it.
    import numpy as np

    from detectors import _second, _windows
    from detectors._fitting import Whitening
    from detectors._learned import Learned
    from detectors.growth import Grower

    one = np.ones(1, np.float32)
    learned = Learned(
        marks=("our-patch",),
        shapes=(_windows.Shape(3, 3),),
        weights=np.zeros((1, _windows.WIDTH), np.float32),
        bias=one,
        centre=one,
        spread=one,
        second=Whitening(one, one),
        second_weights=np.zeros((1, _second.WIDTH), np.float32),
        second_bias=one,
        exemplars=("exemplar-patch",),
        owners=np.zeros(1, np.intp),
        typical=np.zeros((1, 1), np.float32),
        words=(),
        bearers=np.zeros(0, np.intp),
        ground=np.zeros((0, 128), np.float32),
    )
    return Grower(learned=learned, folder=tmp_path / "mistakes")
