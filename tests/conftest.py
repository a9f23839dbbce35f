"""What all tests share: a real record and blobs in a temporary folder, the people of a small department, and a clock."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

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


@pytest.fixture
def start() -> datetime:
    """The moment at which a test's story begins."""
    return START


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
