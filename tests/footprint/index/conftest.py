"""Indexes to test: in memory, in a file, and on three real Elasticsearch servers. Servers live for one session."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from footprint.documents import FindingDocument
from footprint.index.open import open_index
from footprint.ports import FindingIndex
from footprint.reviews import FindingState

LAUNCHER = Path(__file__).parents[2] / "servers" / "elasticsearch_server.py"

PRIVILEGES = ("read", "write", "manage")
"""What docs/elasticsearch.md gives the API key, on its own indexes alone and nothing on the cluster."""

BASE = FindingDocument(
    id="f-0000",
    state=FindingState.OPEN,
    certainty="found",
    identifier_id="shoulder-patch-2019",
    identifier_name="Shoulder patch 2019",
    kind="patch",
    platform="mastodon",
    account_id="mastodon:4711",
    registrant_id="R-0147",
    role="employee",
    permission="none",
    detectors=("copies", "marks"),
    exemplars=("e1",),
    assets=("a1",),
    probability=0.97,
    post_id="mastodon:1",
    permalink="https://social.example.org/@u/1",
    text="At the Town Fair, with friends",
    alt="Two people beside a car",
    posted_at=datetime(2026, 1, 15, 12, 0, 0, 123456, tzinfo=UTC),
    found_at=datetime(2026, 1, 16, 9, tzinfo=UTC),
    decided_at=None,
)


@dataclass(frozen=True)
class Server:
    """A running Elasticsearch. `password` is that of the user elastic, where it asks for one."""

    urls: list[str]
    pids: list[int]
    password: str | None = None
    ca_file: str | None = None

    def index_url(self, name: str) -> str:
        """The URL by which the product opens an index there."""
        parts = [urlsplit(url) for url in self.urls]
        return f"elasticsearch+{parts[0].scheme}://{','.join(part.netloc for part in parts)}/{name}"

    def administrator(self) -> Elasticsearch:
        """A client that may do everything."""
        login = ("elastic", self.password) if self.password else None
        return Elasticsearch(self.urls, basic_auth=login, ca_certs=self.ca_file, request_timeout=60)

    def key(self, names: list[str], privileges: list[str]) -> str:
        """A new API key that may do only this, only there."""
        role = {"footprint": {"cluster": [], "indices": [{"names": names, "privileges": privileges}]}}
        with self.administrator() as client:
            return str(client.security.create_api_key(name=uuid4().hex, role_descriptors=role)["encoded"])


@contextmanager
def launched(*arguments: str) -> Iterator[Server]:
    """A server of the launcher's, or a skipped test (a failed one, where FOOTPRINT_REQUIRE names elasticsearch)."""
    check = subprocess.run([sys.executable, LAUNCHER, "check"], capture_output=True, text=True, check=False)
    if check.returncode:
        refuse = pytest.fail if "elasticsearch" in os.environ.get("FOOTPRINT_REQUIRE", "").split(",") else pytest.skip
        refuse(f"no Elasticsearch: {check.stderr.strip()}")
    command = [sys.executable, LAUNCHER, "run", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()  # the end of standard input, when the block ends, stops the server
        assert line, "the launcher ended; its reason is above"
        yield Server(**json.loads(line))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One node: that of FOOTPRINT_TEST_ELASTICSEARCH, or one of our own."""
    url = os.environ.get("FOOTPRINT_TEST_ELASTICSEARCH")
    if url:
        yield Server([url], [])
    else:
        with launched() as ours:
            yield ours


@pytest.fixture(scope="session")
def secured() -> Iterator[Server]:
    """One node with TLS that asks for credentials."""
    with launched("--secure") as ours:
        yield ours


@dataclass(frozen=True)
class Bereaved:
    """A cluster that lost a node to SIGKILL in the middle of a put, and what it had acknowledged then."""

    server: Server
    index_url: str
    acknowledged: list[str]


@pytest.fixture(scope="session")
def bereaved() -> Iterator[Bereaved]:
    """Three nodes; the one that held the primary copy was killed while its index took 3000 findings, in chunks of 500."""
    with launched("--nodes", "3") as cluster, cluster.administrator() as client:
        url = cluster.index_url("bereaved")
        index = open_index(url)
        index.create()
        client.cluster.health(wait_for_status="green", wait_for_no_initializing_shards=True, timeout="60s")
        (shard,) = (s for s in client.cat.shards(index="bereaved-*", format="json") if s["prirep"] == "p")
        victim = cluster.pids[int(shard["node"].removeprefix("n")) - 1]

        def documents() -> Iterator[FindingDocument]:
            for number in range(3000):
                if number == 1100:
                    os.kill(victim, 9)
                yield replace(BASE, id=f"f-{number:04}")

        index.put(documents())
        yield Bereaved(cluster, url, [f"f-{number:04}" for number in range(3000)])
        index.close()


@pytest.fixture
def document() -> Callable[..., FindingDocument]:
    """Makes a finding like any other, but for what is named."""
    return partial(replace, BASE)


@pytest.fixture
def series() -> Callable[[int], list[FindingDocument]]:
    """Makes that many findings, in the order in which they are to be found: equally sure, each posted a minute after the other."""
    minute = timedelta(minutes=1)
    return lambda count: [replace(BASE, id=f"f-{n:04}", posted_at=BASE.posted_at + n * minute) for n in range(count)]


@pytest.fixture
def elastic(server: Server) -> Iterator[FindingIndex]:
    """A new index on one node."""
    yield from _on(server, None)


@pytest.fixture
def elastic_url(server: Server) -> Iterator[str]:
    """URL of an index on one node that was not made yet; whatever bears its name is deleted afterwards."""
    name = f"test-{uuid4().hex}"
    yield server.index_url(name)
    _delete(server, name)


def _on(server: Server, api_key: str | None, name: str = "") -> Iterator[FindingIndex]:
    name = name or f"test-{uuid4().hex}"
    index = open_index(server.index_url(name), api_key=api_key, ca_file=server.ca_file)
    index.create()
    yield index
    index.close()
    _delete(server, name)


def _delete(server: Server, name: str) -> None:
    with server.administrator() as client:
        client.indices.delete(index=[*client.indices.get_alias(index=f"{name}-*")], ignore_unavailable=True)


KINDS = ("memory", "embedded", "elasticsearch", "elasticsearch-secured", "elasticsearch-bereaved")


@pytest.fixture(params=KINDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FindingIndex]:
    """A new, empty index of each kind."""
    match request.param:
        case "memory":
            yield open_index("memory:")
        case "embedded":
            embedded = open_index(f"embedded:{tmp_path}/folder/index.db")
            embedded.create()
            yield embedded
        case "elasticsearch":
            yield request.getfixturevalue("elastic")
        case "elasticsearch-secured":
            secured: Server = request.getfixturevalue("secured")
            name = f"test-{uuid4().hex}"
            yield from _on(secured, secured.key([name, f"{name}-*"], [*PRIVILEGES]), name)
        case "elasticsearch-bereaved":
            yield from _on(request.getfixturevalue("bereaved").server, None)
