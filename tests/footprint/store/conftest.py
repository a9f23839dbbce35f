"""Records of both dialects to test with: SQLite in a file, PostgreSQL on a private server."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from footprint.accounts import Account, AccountEvent, AccountRole, AccountStep, Basis, Identity, Registrant
from footprint.audit import GENESIS
from footprint.clearances import PlatformApproval, TermsReview
from footprint.coverage import CoverageEntry, Outcome, PlannedFetch, Run, RunEnd, Target
from footprint.findings import AssetScan, Detection, Finding, FindingDetection, Region, ScanOutcome
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind
from footprint.permissions import Considered, Permission, PermissionSearch, Revocation
from footprint.posts import Capture, MediaAsset, MediaKind, MediaReference, MediaUse, Post, PostKind, PostVersion
from footprint.reports import ReportFile
from footprint.retention import Retirement, Sort
from footprint.reviews import Element, FindingState, ReviewDecision, Verdict
from footprint.store.record import SqlRecord, migrate, open_record
from footprint.suspensions import DetectorEvent
from footprint.thresholds import ThresholdApproval, ThresholdProposal
from footprint.users import Role, Session, SessionEnd, User
from footprint.whatif import Change, Lost, WhatIf

DIALECTS = ("sqlite", "postgresql")


def _binaries() -> Path | None:
    """The folder of PostgreSQL's programs: on the PATH, or where Debian puts the newest."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in folders), key=lambda folder: float(folder.parent.name), default=None)


def _start(programs: Path, folder: Path) -> None:
    # An English order of words, to see that the record's own is another.
    locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
    _as_server(folder, programs / "initdb", "-D", "data", "--auth=trust", "--username=footprint", *locale)
    options = f"-k {folder} -c listen_addresses=''"
    _as_server(folder, programs / "pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")


def _as_server(folder: Path, *command: str | Path) -> None:
    """Run a command as the folder's owner: the server refuses to run as root."""
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        owner = pwd.getpwuid(folder.stat().st_uid)
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **identity)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"


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
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket has 107 bytes
        stack.callback(shutil.rmtree, folder)
        if os.geteuid() == 0:
            os.chown(folder, _server_user().pw_uid, -1)
        _start(programs, folder)
        stack.callback(_as_server, folder, programs / "pg_ctl", "-D", "data", "-m", "immediate", "stop")
        yield f"postgresql+psycopg://footprint@/postgres?host={folder}"


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """Name of a database with the record's tables, from which others are copied: quicker than migrating each."""
    with _database(postgresql_server, template="template1") as url:
        migrate(url)
        yield make_url(url).database or ""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the record's tables, from which others are copied."""
    file = tmp_path_factory.mktemp("template") / "record.db"
    migrate(f"sqlite:///{file}")
    return file


@contextmanager
def _database(server: str, *, template: str) -> Iterator[str]:
    name = f"footprint_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """URL of a new PostgreSQL database with nothing in it."""
    with _database(postgresql_server, template="template1") as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """URL of an SQLite record that is not there yet."""
    return f"sqlite:///{tmp_path / 'record.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """URL of an empty record in PostgreSQL."""
    with _database(postgresql_server, template=postgresql_template) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, empty_sqlite_url: str) -> str:
    """URL of an empty record in an SQLite file."""
    shutil.copy(sqlite_template, empty_sqlite_url.removeprefix("sqlite:///"))
    return empty_sqlite_url


@pytest.fixture(params=DIALECTS)
def empty_url(request: pytest.FixtureRequest) -> str:
    """URL of a record that was never made, of either dialect."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture(params=DIALECTS)
def url(request: pytest.FixtureRequest) -> str:
    """URL of an empty record, of either dialect."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def record(url: str) -> Iterator[SqlRecord]:
    """An empty record of either dialect."""
    record = open_record(url)
    yield record
    record.close()


NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def noon() -> datetime:
    """The moment at which everything in `world` happens."""
    return NOON


@pytest.fixture(scope="session")
def world() -> tuple[Any, ...]:
    """One object of each recorded type that is added, each after those that it names."""
    quad = ((0.0, 0.0), (40.5, 0.0), (40.5, 30.0), (0.0, 30.0))
    return (
        Registrant(id="R-1", employed_from=NOON, registered_at=NOON),
        Identity(registrant_id="R-1", name="Ada Example"),
        Account(
            id="mastodon:1", platform="mastodon", native_id="1", address="https://social.example/@ada", registrant_id="R-1",
            role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256="d" * 64, registered_by="reg", registered_at=NOON,
            expires_at=NOON,
        ),
        AccountEvent(id="ae", account_id="mastodon:1", step=AccountStep.APPROVED, by="chief", at=NOON),
        Identifier(id="patch", kind=Kind.PATCH, name="Patch", created_by="reg", created_at=NOON),
        Exemplar(id="ex", identifier_id="patch", sha256="e" * 64, mime="image/png", added_by="reg", added_at=NOON),
        ExemplarEvent(id="ee", exemplar_id="ex", enabled=False, by="reg", at=NOON),
        WhatIf(
            id="wi", identifier_id="patch", change=Change(threshold=0.8, without=("ex",)), threshold_before=0.0, since=NOON, until=NOON,
            versions=("marks 1",), looked_at=9, findings=2, lost=(Lost(finding_id="f", state=FindingState.CONFIRMED, probability=0.5),),
            gained=0, false_alarms_before=1, false_alarms_after=0, unknown=("much",), tried_by="reg", tried_at=NOON,
        ),
        ThresholdProposal(
            id="tp", identifier_id="patch", value=0.8, what_if_id="wi", reason="stars", proposed_by="reg", proposed_at=NOON
        ),
        ThresholdApproval(id="tp", approved_by="chief", approved_at=NOON),
        DetectorEvent(id="de", detector="marks", is_suspended=True, by="system", at=NOON, reason="7 of 10", judged=10, material=7),
        Permission(
            id="p", grantor="Chief", grantees=("R-1",), kinds=(Kind.PATCH,), purpose="fair", valid_from=NOON,
            document_sha256="d" * 64, granted_by="chief", granted_at=NOON,
        ),
        Revocation(id="p", revoked_at=NOON, by="chief", reason="over"),
        Run(id="run", actor="ops", started_at=NOON),
        RunEnd(id="run", ended_at=NOON, outcome="complete"),
        PlannedFetch(
            id="plan", run_id="run", account_id="mastodon:1", target=Target.PAGE, url="https://social.example/", planned_at=NOON
        ),
        CoverageEntry(
            id="plan", run_id="run", account_id="mastodon:1", target=Target.PAGE, url="https://social.example/",
            outcome=Outcome.FETCHED, status=200, ended_at=NOON,
        ),
        Capture(id="cap", sha256="c" * 64, run_id="run", url="https://social.example/", status=200, fetched_at=NOON),
        Post(id="mastodon:9", account_id="mastodon:1", kind=PostKind.POST, created_at=NOON, first_seen_at=NOON),
        PostVersion(
            id="v", post_id="mastodon:9", content_hash="h", observed_at=NOON, edited_at=None, visibility="public",
            body_sha256="b" * 64, capture_sha256="c" * 64,
        ),
        MediaReference(
            id="m", post_id="mastodon:9", version_id="v", key="k", url="https://social.example/a.jpg", kind=MediaKind.IMAGE,
            seen_at=NOON,
        ),
        MediaAsset(sha256="a" * 64, mime="image/jpeg", size_bytes=5_000_000_000, first_fetched_at=NOON),
        MediaUse(id="m", post_id="mastodon:9", asset_sha256="a" * 64, url="https://social.example/a.jpg", fetched_at=NOON),
        AssetScan(
            id="s", asset_sha256="a" * 64, detector="marks", version="1", run_id="run", outcome=ScanOutcome.FOUND, scanned_at=NOON
        ),
        Detection(
            id="d", asset_sha256="a" * 64, detector="marks", version="1", identifier_id="patch", exemplar_id="ex",
            region=Region(quad=quad, width_px=640, height_px=480, span_s=(0.5, 2.0)), measure=41, unit="inliers", probability=0.97,
            sentence="41 of 55 points agree.", evidence={"points": [[1.5, 2.0]], "scale": None},
        ),
        Finding(id="f", post_id="mastodon:9", account_id="mastodon:1", identifier_id="patch", run_id="run", found_at=NOON),
        FindingDetection(id="fd", finding_id="f", detection_id="d"),
        PermissionSearch(
            id="ps", finding_id="f", registry_digest="r", as_of=NOON, searched_at=NOON,
            considered=(Considered(permission_id="p", reason="had been revoked"),), covering=None,
        ),
        ReviewDecision(
            id="rd", finding_id="f", reviewer="rev", verdict=Verdict.CONFIRMED, elements=(Element.PUBLIC,), decided_at=NOON
        ),
        User(id="u", name="rev", roles=(Role.REVIEWER, Role.REGISTRAR), password_hash="h", created_at=NOON),
        Session(id="s", user_name="rev", created_at=NOON, expires_at=NOON),
        SessionEnd(id="s", ended_at=NOON),
        ReportFile(
            id="rf", week="2026-W14", as_of=NOON, is_draft=False, html_sha256="1" * 64, json_sha256="2" * 64, audit_sequence=0,
            audit_head=GENESIS, generated_by="ops", generated_at=NOON,
        ),
        Retirement(
            id="re", receipt_id="rc", sha256="a" * 64, sort=Sort.MEDIA, retired_by="ops", retired_at=NOON
        ),
        TermsReview(id="tr", platform="feeds", by="reg", at=NOON, reason="Read again."),
        PlatformApproval(id="pa", platform="x", document_sha256="d" * 64, by="chief", at=NOON, reason=""),
    )  # fmt: skip


@pytest.fixture(scope="module", params=DIALECTS)
def lasting_record(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlRecord]:
    """An empty record of either dialect that the tests of a module share: they undo what they add."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            file = tmp_path_factory.mktemp("lasting") / "record.db"
            url = f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), file)}"
        else:
            server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
            url = stack.enter_context(_database(server, template=template))
        record = open_record(url)
        stack.callback(record.close)
        yield record


@pytest.fixture
def settled(record: SqlRecord, world: tuple[Any, ...]) -> SqlRecord:
    """A record that holds the world."""
    with record.transaction() as transaction:
        for item in world:
            transaction.add(item)
    return record
