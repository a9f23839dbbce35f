"""Real servers on loopback, and houses that read accounts on them by the real crawl."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from crawlers.launch import CrawlJob, CrawlResult, crawl
from crawlers.platforms import platform_of
from footprint.accounts import Account, AccountEvent, AccountRole, AccountStep, Basis, Registrant, account_id
from footprint.blobs.open import open_blobs
from footprint.coverage import CoverageEntry, Run
from footprint.jurisdiction import Policy
from footprint.ports import Blobs, Record
from footprint.posts import MediaAsset, MediaUse, PostVersion, observed_post
from footprint.settings import Crawl
from footprint.store.record import migrate, open_record

SERVERS = Path(__file__).parents[1] / "servers"
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that a program of `tests/servers` runs, and what it says of itself."""

    facts: dict[str, Any]
    process: "subprocess.Popen[str]"

    @property
    def url(self) -> str:
        """Where it answers."""
        return str(self.facts["url"])

    def act(self, do: str, **what: Any) -> dict[str, Any]:
        """Have something done on the server, as by its user; returns what it answers."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"do": do, **what}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the server did not survive '{do}'"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running(name: str) -> Iterator[Server]:
    """A server for as long as it is used; a skipped test where the machine lacks it, a failed one where FOOTPRINT_REQUIRE names it."""
    program = [sys.executable, str(SERVERS / f"{name}_server.py")]
    check = subprocess.run([*program, "check"], capture_output=True, text=True)
    if check.returncode:
        refuse = pytest.fail if name in os.environ.get("FOOTPRINT_REQUIRE", "").split(",") else pytest.skip
        refuse(f"{name}: {check.stderr.strip()}")
    process = subprocess.Popen([*program, "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    try:
        line = process.stdout.readline()
        assert line, f"{name} did not start"
        yield Server(json.loads(line), process)
    finally:
        process.stdin.close()
        process.wait()


@dataclass(slots=True)
class House:
    """Record and blobs of a department with one registered account."""

    folder: Path
    record: Record
    blobs: Blobs
    account: Account
    runs: int = 0

    def scan(self) -> CrawlResult:
        """A new run over the account, in a child, as a scan makes it."""
        self.runs += 1
        with self.record.transaction() as tx:
            tx.add(Run(id=f"run {self.runs}", actor="test", started_at=datetime.now(UTC)))
        settings = {
            "enabled": True,
            "contact_url": "https://department.example/crawler",
            "allowed_networks": [ip_network("127.0.0.1/32")],
            "delay_s": 0.0,
            "requests_per_minute": 10_000,
        }
        job = CrawlJob(
            run_id=f"run {self.runs}",
            account_id=self.account.id,
            record_url=f"sqlite:///{self.folder / 'record.db'}",
            blobs_url=f"file:{self.folder / 'blobs'}",
            crawl=Crawl.model_validate(settings),
            policy=Policy(version="1", effective_from=LONG_AGO),
            work=self.folder / "work",
        )
        return crawl(job, timeout_s=120)

    def history(self) -> list[list[str]]:
        """The first line of each version of each post, "gone" for a tombstone, in order of time, the posts in order of their lines."""
        lines: dict[str, list[str]] = {}
        for version in sorted(self.record.select(PostVersion), key=lambda version: version.observed_at):
            said = observed_post(self.blobs.get(version.body_sha256)).text if version.body_sha256 else "gone"
            lines.setdefault(version.post_id, []).append(said.rpartition("\n")[2])
        return sorted(lines.values())

    def outcomes(self) -> dict[str, int]:
        """How often the last run ended in each outcome."""
        ended = [entry.outcome.value for entry in self.record.select(CoverageEntry, run_id=f"run {self.runs}")]
        return {outcome: ended.count(outcome) for outcome in sorted(set(ended))}

    def pictures(self) -> list[bytes]:
        """The bytes of each medium that came in."""
        return [self.blobs.get(asset.sha256) for asset in self.record.select(MediaAsset)]

    def uses(self) -> int:
        """How many media of posts came in."""
        return self.record.count(MediaUse)


def build_house(folder: Path, platform: str, address: str) -> House:
    url = f"sqlite:///{folder / 'record.db'}"
    migrate(url)
    record, native_id = open_record(url), platform_of(platform).native_id(address)
    account = Account(
        id=account_id(platform, native_id),
        platform=platform,
        native_id=native_id,
        address=address,
        registrant_id="R-1",
        role=AccountRole.EMPLOYEE,
        basis=Basis.CONSENT,
        document_sha256="0" * 64,
        registered_by="ines",
        registered_at=LONG_AGO,
        expires_at=datetime.now(UTC) + timedelta(days=300),
    )
    with record.transaction() as tx:
        tx.add(Registrant(id="R-1", employed_from=LONG_AGO, notice_acknowledged_at=LONG_AGO, registered_at=LONG_AGO))
        tx.add(account)
        for number, step in enumerate((AccountStep.APPROVED, AccountStep.NOTIFIED)):
            at = LONG_AGO + timedelta(days=number)
            tx.add(AccountEvent(id=f"event {number}", account_id=account.id, step=step, by="omar", at=at))
    return House(folder=folder, record=record, blobs=open_blobs(f"file:{folder / 'blobs'}"), account=account)


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Server]]:
    """Starts a real server by the name of its program; it ends with the session."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(running(name))


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], House]]:
    """Builds houses with an account, by platform and address; their records are closed with the session."""
    with ExitStack() as stack:

        def build(platform: str, address: str) -> House:
            house = build_house(tmp_path_factory.mktemp("house"), platform, address)
            stack.callback(house.record.close)
            return house

        yield build
