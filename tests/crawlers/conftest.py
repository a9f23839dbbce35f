"""A web server on loopback that answers as told, and a house with one registered account on it."""

import json
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crawlers.launch import CrawlJob, CrawlResult, crawl
from footprint.accounts import Account, AccountEvent, AccountRole, AccountStep, Basis, Registrant
from footprint.blobs.open import open_blobs
from footprint.coverage import CoverageEntry, PlannedFetch, Run
from footprint.jurisdiction import Policy
from footprint.ports import Blobs, Record
from footprint.settings import Crawl
from footprint.store.record import migrate, open_record

BOARD = Path(__file__).parent / "board"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Clock:
    """Time that passes when told, in seconds."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that a test moves on."""
    return Clock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says. `then` is called with the connection instead of a body where a body is not enough."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    then: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    at: float
    body: str = ""


class Server(ThreadingHTTPServer):
    """Does not mind when clients leave: crawlers that guard themselves do."""

    daemon_threads = True

    def handle_error(self, *connection: Any) -> None:
        pass


class Site:
    """A web server on an ephemeral loopback port. `says[path]` is one answer, or several: one after the other, the last stays."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0, certificate: str = "") -> None:
        self.says: dict[str, Answer | list[Answer]] = {"/robots.txt": Answer(status=404)}
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._server = Server((host, port), self._handler())
        self.origin = f"{'https' if certificate else 'http'}://{host}:{self._server.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @staticmethod
    def answer(body: bytes = b"", status: int = 200, headers: dict[str, str] | None = None, then: Any = None) -> Answer:
        """An answer in so many bytes, or written by `then`, which gets the connection."""
        return Answer(body=body, status=status, headers=headers or {}, then=then)

    @staticmethod
    def page(*posts: dict[str, Any], **rest: Any) -> Answer:
        """A page of the board."""
        return Answer(json.dumps({"posts": posts, **rest}).encode(), headers={"Content-Type": "application/json"})

    @staticmethod
    def post(number: int, **fields: Any) -> dict[str, Any]:
        """A post of alice's; the number is the day of January on which she wrote it."""
        return {"id": str(number), "text": f"post {number}", "at": f"2026-01-{number:02}T12:00:00+00:00"} | fields

    @staticmethod
    def picture(colour: int = 0, mime: str = "image/png") -> Answer:
        """A small picture; each colour has other bytes."""
        buffer = BytesIO()
        Image.new("RGB", (8, 8), (colour, 0, 0)).save(buffer, "PNG")
        return Answer(buffer.getvalue(), headers={"Content-Type": mime})

    def paths(self) -> list[str]:
        """Paths in the order in which they were asked for, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, path: str) -> Answer:
        with self._lock:
            said = self.says.get(path, Answer(status=404))
            if isinstance(said, list):
                return said.pop(0) if len(said) > 1 else said[0]
            return said

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                site.asked.append(Asked(self.path, dict(self.headers), time.monotonic(), body))
                answer = site._next(self.path)
                self.send_response(answer.status)
                headers = {"Content-Length": str(len(answer.body))} | answer.headers
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if answer.then is not None:
                    answer.then(self)
                else:
                    self.wfile.write(answer.body)

            do_POST = do_GET  # noqa: N815 - the server's name

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


@dataclass(slots=True)
class House:
    """Record, blobs and one registered account, alice's."""

    folder: Path
    record: Record
    blobs: Blobs
    account: Account
    runs: int = 0

    def job(self, **settings: Any) -> CrawlJob:
        """The job of a new run."""
        self.runs += 1
        with self.record.transaction() as tx:
            tx.add(Run(id=f"run {self.runs}", actor="test", started_at=datetime.now(UTC)))
        defaults = {
            "enabled": True,
            "contact_url": "https://department.example/crawler",
            "allowed_networks": [ip_network("127.0.0.1/32")],
            "delay_s": 0.0,
            "requests_per_minute": 10_000,
            "timeout_s": 2.0,
            "account_timeout_s": 60.0,
            "max_wait_s": 2.0,
        }
        return CrawlJob(
            run_id=f"run {self.runs}",
            account_id=self.account.id,
            record_url=f"sqlite:///{self.folder / 'record.db'}",
            blobs_url=f"file:{self.folder / 'blobs'}",
            crawl=Crawl.model_validate(defaults | settings),
            policy=Policy(version="1", effective_from=LONG_AGO),
            work=self.folder / "work",
        )

    def crawl(self, *, child: str = "child.py", within_s: float = 60.0, **settings: Any) -> CrawlResult:
        """A new run, in a child."""
        return crawl(self.job(**settings), timeout_s=within_s, command=(sys.executable, str(BOARD / child)))

    def coverage(self) -> dict[str, tuple[str, str]]:
        """Path to outcome and detail, of the last run. Fails unless each plan ended exactly once."""
        run_id = f"run {self.runs}"
        plans = {plan.id: plan for plan in self.record.select(PlannedFetch, run_id=run_id)}
        entries = {entry.id: entry for entry in self.record.select(CoverageEntry, run_id=run_id)}
        assert plans.keys() == entries.keys()
        origin = self.account.address.rpartition("/")[0]
        return {e.url.removeprefix(origin): (e.outcome.value, e.detail) for e in entries.values()}

    def outcomes(self) -> dict[str, str]:
        """Path to outcome, of the last run."""
        return {path: outcome for path, (outcome, _) in self.coverage().items()}

    def kept_bytes(self) -> bytes:
        """Everything that lies in the folder, in one."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.rglob("*")) if file.is_file())


def build_house(folder: Path, *, steps: tuple[AccountStep, ...] = (AccountStep.APPROVED,), **fields: Any) -> House:
    """A house with one registered account; `fields` are the account's where they differ."""
    url = f"sqlite:///{folder / 'record.db'}"
    migrate(url)
    record, blobs = open_record(url), open_blobs(f"file:{folder / 'blobs'}")
    account = Account(
        **{
            "id": f"{fields['platform']}:{fields['address']}",
            "native_id": fields["address"],
            "registrant_id": "R-1",
            "role": AccountRole.OFFICIAL,
            "basis": Basis.OFFICIAL,
            "document_sha256": "0" * 64,
            "registered_by": "registrar",
            "registered_at": LONG_AGO,
            "expires_at": datetime.now(UTC) + timedelta(days=300),
        }
        | fields
    )
    with record.transaction() as tx:
        tx.add(Registrant(id="R-1", employed_from=LONG_AGO, registered_at=LONG_AGO))
        tx.add(account)
        for number, step in enumerate(steps):
            at = LONG_AGO + timedelta(days=number)
            tx.add(AccountEvent(id=f"event {number}", account_id=account.id, step=step, by="chief", at=at))
    return House(folder=folder, record=record, blobs=blobs, account=account)


@pytest.fixture(scope="session")
def sites() -> Iterator[Callable[..., Site]]:
    """Starts web servers; they end with the session."""
    with ExitStack() as stack:

        def start(host: str = "127.0.0.1", port: int = 0, certificate: str = "") -> Site:
            return stack.enter_context(closing(Site(host, port, certificate)))

        yield start


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., House]]:
    """Builds houses with alice's account on a server; their records are closed with the session."""
    with ExitStack() as stack:

        def build(site: Site, **how: Any) -> House:
            here = {"platform": "board", "address": f"{site.origin}/alice"}
            house = build_house(tmp_path_factory.mktemp("house"), **here | how)
            stack.callback(house.record.close)
            return house

        yield build


@pytest.fixture
def site(sites: Callable[..., Site]) -> Site:
    """A web server of a test's own."""
    return sites()


@pytest.fixture
def house(houses: Callable[..., House], site: Site) -> House:
    """A house of a test's own, with an account on its server."""
    return houses(site)
