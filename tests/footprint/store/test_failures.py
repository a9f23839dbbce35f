"""What stands in the way of the record comes out as one error that names the mend, and nothing recorded is lost."""

import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from footprint.accounts import Registrant
from footprint.audit import AuditEvent, verify
from footprint.errors import BadConfiguration, RecordUnavailable
from footprint.ports import Record
from footprint.store.record import SqlRecord, migrate, open_record

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
Block = Callable[[], AbstractContextManager[None]]


def register(record: Record, name: str) -> None:
    with record.transaction() as transaction:
        transaction.add(Registrant(id=name, employed_from=NOON, registered_at=NOON))
        transaction.audit(at=NOON, actor="reg", action="registrant.added", subject=name)


# A URL that cannot be


@pytest.mark.parametrize(
    "url", ["", "record.db", "sqlite://", "sqlite:///:memory:", "mysql://host/name", "postgresql://host:port/x"]
)
def test_a_url_that_no_record_can_have_is_a_setting_to_mend(url: str) -> None:
    """The error names the setting and the forms that it can have."""
    with pytest.raises(BadConfiguration, match=r"storage\.record.*sqlite:///PATH"):
        open_record(url)


def test_messages_hold_no_password() -> None:
    """A password in the URL of a server stays out of what is shown and logged."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(RecordUnavailable) as caught:
        open_record(f"postgresql+psycopg://footprint:s3cret@127.0.0.1:{port}/footprint")
    assert "s3cret" not in str(caught.value)


# Reading and writing that the system refuses


@pytest.fixture
def foreign_file(reachable_folder: Path, sqlite_template: Path) -> Iterator[Path]:
    """A record's file in a folder of its own, with one registrant."""
    file = reachable_folder / "record.db"
    file.write_bytes(sqlite_template.read_bytes())
    with closing(open_record(f"sqlite:///{file}")) as record:
        register(record, "R-1")
    file.chmod(0o444)
    return file


def test_a_read_only_file_is_read_and_not_written(foreign_file: Path, ordinary_user: Block) -> None:
    """Where the file is read-only, reading works and writing says what to mend."""
    reachable = foreign_file.parent
    reachable.chmod(0o777)
    with ordinary_user(), closing(open_record(f"sqlite:///{foreign_file}")) as record:
        assert record.count(Registrant) == 1
        with pytest.raises(RecordUnavailable, match="read-only; let this user write"):
            register(record, "R-2")
        with pytest.raises(RecordUnavailable, match="read-only; let this user write"):
            record.check()
        assert record.count(Registrant) == 1


def test_a_read_only_server_says_what_to_mend(postgresql_url: str) -> None:
    """A server that takes no changes, such as a standby, is read from; writing and the check name the mend."""
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = on"))
    engine.dispose()
    with closing(open_record(postgresql_url)) as record:
        with pytest.raises(RecordUnavailable, match="at the primary"):
            register(record, "R-1")
        with pytest.raises(RecordUnavailable, match="at the primary"):
            record.check()
        assert record.count(Registrant) == 0


def test_a_server_that_may_lose_what_it_confirmed_is_not_sound(postgresql_url: str) -> None:
    """The check finds a database that was told to confirm before it is durable."""
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET synchronous_commit = off"))
    engine.dispose()
    with (
        closing(open_record(postgresql_url)) as record,
        pytest.raises(RecordUnavailable, match="synchronous_commit = on"),
    ):
        record.check()


def test_a_read_only_folder_says_what_to_mend(foreign_file: Path, ordinary_user: Block) -> None:
    """Where the folder is read-only, too, there is no place for the write-ahead log: the error says so."""
    foreign_file.parent.chmod(0o555)
    with ordinary_user(), pytest.raises(RecordUnavailable, match="let this user write"):
        register(open_record(f"sqlite:///{foreign_file}"), "R-2")


def test_a_record_cannot_be_made_in_a_read_only_folder(reachable_folder: Path, ordinary_user: Block) -> None:
    """Making a record where nothing may be written says so before anything else."""
    reachable_folder.chmod(0o555)
    with ordinary_user(), pytest.raises(RecordUnavailable, match="Let this user write that folder"):
        migrate(f"sqlite:///{reachable_folder / 'new' / 'record.db'}")


@pytest.fixture
def limited(sqlite_url: str, file_size_limit: Callable[[int], AbstractContextManager[None]]) -> tuple[str, Block]:
    """A record, and a block in which its files do not grow much."""
    return sqlite_url, lambda: file_size_limit(1_000_000)


@pytest.fixture
def on_small_disk(small_disk: Path, sqlite_template: Path) -> tuple[str, Block]:
    """A record on a small disk, where no block is needed."""
    file = small_disk / "record.db"
    file.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{file}", nullcontext


@pytest.mark.parametrize("place", ["limited", "on_small_disk"])
def test_a_full_disk_loses_nothing(place: str, request: pytest.FixtureRequest) -> None:
    """
    When the disk takes no more, the transaction under way fails with the mend, whole; what was recorded before is there, and once there is
    space again writing goes on.
    """
    url, scarcity = request.getfixturevalue(place)
    with closing(open_record(url)) as record:
        register(record, "R-1")
        with scarcity(), pytest.raises(RecordUnavailable, match=r"the disk (is full|refuses)"):
            fill(record)
        assert record.count(Registrant) == 1
        register(record, "R-2")
        assert record.count(Registrant) == record.count(AuditEvent) == 2
        assert verify(record.select(AuditEvent)) is None
        assert "intact" in record.check()


def fill(record: Record) -> None:
    """One transaction of many megabytes."""
    with record.transaction() as transaction:
        for number in range(3000):
            transaction.add(Registrant(id=f"{number}-{'x' * 4000}", employed_from=NOON, registered_at=NOON))


# Damage


def test_what_is_no_database_says_so(tmp_path: Path) -> None:
    """A file of other content is not touched, and the error names the setting."""
    file = tmp_path / "record.db"
    file.write_bytes(b"This is a letter, not a database. " * 100)
    with pytest.raises(RecordUnavailable, match=r"not a database; mend storage\.record"):
        open_record(f"sqlite:///{file}")
    assert file.read_bytes().startswith(b"This is a letter")


def test_damage_is_found_by_the_check(sqlite_url: str) -> None:
    """Pages that were overwritten are reported with the only mend there is."""
    with closing(open_record(sqlite_url)) as record:
        for number in range(300):
            register(record, f"R-{number}")
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    pages = bytearray(file.read_bytes())
    pages[-8 * 4096 :] = b"\xa5" * (8 * 4096)
    file.write_bytes(pages)
    with closing(open_record(sqlite_url)) as record, pytest.raises(RecordUnavailable, match=r"[Rr]estore a backup"):
        record.check()


# Others in the way


def test_a_writer_that_hangs_is_waited_for_only_so_long(url: str) -> None:
    """Where another holds the turn for too long, the record is called unavailable, and reading goes on."""
    with closing(open_record(url)) as first, closing(open_record(url, patience_s=0.05)) as second:
        with first.transaction() as transaction:
            transaction.add(Registrant(id="R-1", employed_from=NOON, registered_at=NOON))
            with pytest.raises(RecordUnavailable, match="another process has been writing for too long"):
                register(second, "R-2")
            assert second.count(Registrant) == 0
        register(second, "R-2")
        assert second.count(Registrant) == 2


def test_a_server_that_is_away_says_so() -> None:
    """A server that does not answer is named with what to do, for the reader and for who makes the record."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for act in (open_record, migrate):
        with pytest.raises(RecordUnavailable, match="cannot be reached; start it"):
            act(f"postgresql://footprint@127.0.0.1:{port}/footprint")


def test_a_database_that_is_not_there_says_so(postgresql_url: str) -> None:
    """A name that the server does not know is unavailable, with what the server said."""
    with pytest.raises(RecordUnavailable, match="does not exist"):
        open_record(postgresql_url.replace("/footprint_", "/no_"))


def test_a_connection_that_the_server_ends_costs_one_transaction(postgresql_url: str) -> None:
    """When the server ends a connection its transaction leaves nothing; the next one works."""
    with closing(open_record(postgresql_url)) as record:
        with pytest.raises(RecordUnavailable, match="try again"):
            register_while(record, lambda: end_connections(postgresql_url))
        register(record, "R-3")
        assert [registrant.id for registrant in record.select(Registrant)] == ["R-3"]


def register_while(record: Record, something_happens: Callable[[], None]) -> None:
    """A transaction in the middle of which something happens."""
    with record.transaction() as transaction:
        transaction.add(Registrant(id="R-1", employed_from=NOON, registered_at=NOON))
        something_happens()
        transaction.add(Registrant(id="R-2", employed_from=NOON, registered_at=NOON))


def end_connections(url: str) -> None:
    """End every connection to a database but one's own, as its administrator would."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


# The audit log


@pytest.fixture
def three_events(record: SqlRecord) -> SqlRecord:
    """A record with three events in its audit log."""
    for name in ("R-1", "R-2", "R-3"):
        register(record, name)
    return record


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET actor = 'nobody'", "DELETE FROM audit_events"])
def test_the_database_refuses_to_change_the_audit_log(three_events: SqlRecord, url: str, statement: str) -> None:
    """Whoever writes around the record is refused by the database itself."""
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    assert verify(three_events.select(AuditEvent)) is None
    assert three_events.count(AuditEvent) == 3


@pytest.mark.parametrize(
    ("statement", "breaks_at"),
    [
        ("UPDATE audit_events SET actor = 'nobody' WHERE sequence = 2", 2),
        ("UPDATE audit_events SET at = '2026-04-01T12:00:00.000001+00:00' WHERE sequence = 3", 3),
        ("UPDATE audit_events SET detail = '{\"a\":1}' WHERE sequence = 1", 1),
        ("DELETE FROM audit_events WHERE sequence = 2", 2),
        ("UPDATE audit_events SET sequence = 4 WHERE sequence = 3", 3),
    ],
    ids=["actor", "time", "detail", "deleted", "moved"],
)
def test_tampering_is_found_where_it_was_done(
    three_events: SqlRecord, url: str, statement: str, breaks_at: int
) -> None:
    """Who takes the guard away and alters the log is found out, at the event that was altered."""
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_events_refuse_{act}"))
        else:
            connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER ALL"))
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert verify(three_events.select(AuditEvent)) == breaks_at


def test_what_was_altered_beyond_reading_says_so(sqlite_url: str) -> None:
    """A row that the domain cannot hold is reported, not guessed at."""
    with closing(open_record(sqlite_url)) as record:
        register(record, "R-1")
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("UPDATE registrants SET registered_at = 'yesterday'")
            connection.commit()
        with pytest.raises(RecordUnavailable, match=r"[Rr]estore a backup"):
            record.get(Registrant, "R-1")
