"""Records of both dialects to test with: SQLite in a file, PostgreSQL on a private server."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from footprint.store.record import SqlRecord, migrate, open_record

DIALECTS = ("sqlite", "postgresql")


def _binaries() -> Path | None:
    """The folder of PostgreSQL's programs: on the PATH, or where Debian puts the newest."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in folders), key=lambda folder: float(folder.parent.name), default=None)


def _start(programs: Path, folder: Path) -> None:
    # The server refuses to run as root: then a system user runs it. An English order of words, to see that the record's is another.
    locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
    commands = (
        ("initdb", "-D", folder / "data", "--auth=trust", "--username=footprint", *locale),
        (
            "pg_ctl",
            "-D",
            folder / "data",
            "-w",
            "-l",
            folder / "log",
            "-o",
            f"-k {folder} -c listen_addresses=''",
            "start",
        ),
    )
    for name, *arguments in commands:
        _as_server(programs / name, *arguments, folder=folder)


def _as_server(*command: str | Path, folder: Path) -> None:
    identity = {}
    if os.geteuid() == 0:
        owner = pwd.getpwuid(folder.stat().st_uid)
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    with (folder / "output").open("ab") as output:
        subprocess.run(command, check=True, cwd=folder, stdout=output, stderr=output, **identity)


def _server_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a database from which others can be made: FOOTPRINT_TEST_POSTGRESQL, else of a server started for these tests."""
    if url := os.environ.get("FOOTPRINT_TEST_POSTGRESQL"):
        yield url
        return
    programs = _binaries()
    if programs is None:
        reason = "PostgreSQL is not installed (no initdb on the PATH) and FOOTPRINT_TEST_POSTGRESQL names no server"
        if "postgresql" in os.environ.get("FOOTPRINT_REQUIRE", "").split(","):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket has 107 bytes
    try:
        if os.geteuid() == 0:
            os.chown(folder, _server_user().pw_uid, -1)
        _start(programs, folder)
        yield f"postgresql+psycopg://footprint@/postgres?host={folder}"
    finally:
        _as_server(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", folder=folder)
        shutil.rmtree(folder)


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """URL of a new, empty PostgreSQL database, dropped afterwards."""
    name = f"footprint_{uuid4().hex}"
    server = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """URL of an SQLite record that is not there yet."""
    return f"sqlite:///{tmp_path / 'record.db'}"


@pytest.fixture(params=DIALECTS)
def empty_url(request: pytest.FixtureRequest) -> str:
    """URL of a record that was never migrated, of either dialect."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
def url(empty_url: str) -> str:
    """URL of a record with its tables and nothing in them, of either dialect."""
    migrate(empty_url)
    return empty_url


@pytest.fixture
def record(url: str) -> Iterator[SqlRecord]:
    """An empty record of either dialect."""
    record = open_record(url)
    yield record
    record.close()
