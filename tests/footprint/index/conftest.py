"""Indexes to test: in memory, in a file, and on three real Elasticsearch servers. Servers live for one session."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from footprint.documents import FindingDocument
from footprint.index.open import open_index
from footprint.ports import FindingIndex
from footprint.reviews import FindingState

LAUNCHER = Path(__file__).parents[2] / "servers" / "elasticsearch_server.py"

DOCUMENTED_KEY = Path(__file__).parents[3] / "docs" / "elasticsearch.md"

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

    def key(self, name: str, *, without: str | None = None, only: Sequence[str] | None = None) -> str:
        """A new API key to the index of that name, as docs/elasticsearch.md says; less one privilege, or with these only."""
        request = json.loads(
            DOCUMENTED_KEY.read_text().partition("```json\n")[2].partition("```")[0].replace("findings", name)
        )
        (role,) = request["role_descriptors"].values()
        (access,) = role["indices"]
        access["privileges"] = only or [privilege for privilege in access["privileges"] if privilege != without]
        with self.administrator() as client:
            return str(client.security.create_api_key(**request)["encoded"])


@contextmanager
def launched(*arguments: str) -> Iterator[Server]:
    """A server of the launcher's, or a skipped test (a failed one, where FOOTPRINT_REQUIRE names elasticsearch)."""
    check = subprocess.run([sys.executable, LAUNCHER, "check"], capture_output=True, text=True, check=False)
    if check.returncode:
        refuse = pytest.fail if "elasticsearch" in os.environ.get("FOOTPRINT_REQUIRE", "").split(",") else pytest.skip
        refuse(f"no Elasticsearch: {check.stderr.strip()}")
    command = [sys.executable, LAUNCHER, "run", "--brief", *arguments]
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


@pytest.fixture(scope="session")
def bereaved() -> Iterator[Server]:
    """
    Three nodes of which one was killed by SIGKILL while its index `bereaved` took 3000 findings in chunks of 500.

    The one killed held the primary copy, so that the cluster had to make another one of its copies the primary.
    """
    with launched("--nodes", "3") as cluster, cluster.administrator() as client:
        index = open_index(cluster.index_url("bereaved"))
        index.create()
        client.cluster.health(wait_for_status="green", wait_for_no_initializing_shards=True, timeout="60s")
        (shard,) = (s for s in client.cat.shards(index="bereaved-*", format="json") if s["prirep"] == "p")
        victim = cluster.pids[int(shard["node"].removeprefix("n")) - 1]

        def documents() -> Iterator[FindingDocument]:
            for number in range(3000):
                if number == 1100:
                    os.kill(victim, signal.SIGKILL)
                yield replace(BASE, id=f"f-{number:04}")

        index.put(documents())
        index.close()
        yield cluster


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
def elastic_name(server: Server) -> Iterator[str]:
    """Name for an index on one node that was not made yet; whatever bears it is deleted afterwards."""
    name = f"test-{uuid4().hex}"
    yield name
    _delete(server, name)


@pytest.fixture
def elastic_url(server: Server, elastic_name: str) -> str:
    """URL of an index on one node that was not made yet."""
    return server.index_url(elastic_name)


@pytest.fixture
def elastic(elastic_url: str) -> Iterator[FindingIndex]:
    """A new index on one node."""
    with closing(open_index(elastic_url)) as index:
        index.create()
        yield index


@pytest.fixture
def administrator(server: Server) -> Iterator[Elasticsearch]:
    """A client that may do everything on the one node."""
    with server.administrator() as client:
        yield client


@pytest.fixture
def bereaved_index(bereaved: Server) -> Iterator[FindingIndex]:
    """The index that was taking 3000 findings when a node of its cluster was killed."""
    with closing(open_index(bereaved.index_url("bereaved"))) as index:
        yield index


@pytest.fixture
def secured_index(secured: Server) -> Iterator[Callable[..., FindingIndex]]:
    """
    Opens an index of this test's own on the server that asks for credentials.

    `key_for` names another index that the key is for, `without` and `only` its privileges; `key` goes in place of one made for the purpose.
    """
    test = uuid4().hex
    opened: list[FindingIndex] = []

    def index(
        name: str,
        *,
        key_for: str | None = None,
        key: str | None = None,
        ca_file: str | None = secured.ca_file,
        **privileges: Any,
    ) -> FindingIndex:
        key = key or secured.key(f"test-{test}-{key_for or name}", **privileges)
        opened.append(open_index(secured.index_url(f"test-{test}-{name}"), api_key=key, ca_file=ca_file))
        return opened[-1]

    yield index
    for each in opened:
        each.close()
    _delete(secured, f"test-{test}")


@contextmanager
def _on(server: Server) -> Iterator[FindingIndex]:
    """A new index there, through a key that may do no more than it must where the server asks for one."""
    name = f"test-{uuid4().hex}"
    key = server.key(name) if server.password else None
    with closing(open_index(server.index_url(name), api_key=key, ca_file=server.ca_file)) as index:
        index.create()
        yield index
    _delete(server, name)


def _delete(server: Server, name: str) -> None:
    with server.administrator() as client:
        for index in client.indices.get_alias(index=f"{name}-*"):
            client.indices.delete(index=index)


SERVERS = {"elasticsearch": "server", "elasticsearch-secured": "secured", "elasticsearch-bereaved": "bereaved"}
KINDS = ("memory", "embedded", *SERVERS)


@contextmanager
def _new_index(request: pytest.FixtureRequest, folder: Path) -> Iterator[FindingIndex]:
    if request.param in SERVERS:
        with _on(request.getfixturevalue(SERVERS[request.param])) as index:
            yield index
    else:
        index = open_index({"memory": "memory:", "embedded": f"embedded:{folder}/new/index.db"}[request.param])
        index.create()
        yield index


@pytest.fixture(params=KINDS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FindingIndex]:
    """A new, empty index of each kind."""
    with _new_index(request, tmp_path) as index:
        yield index


@pytest.fixture(scope="module", params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FindingIndex]:
    """An index of each kind with four findings, a to d, for tests that only ask."""
    day = timedelta(days=1)
    midnight = datetime(2026, 1, 16, tzinfo=UTC)
    findings = [
        replace(BASE, id="a", probability=0.9),
        replace(BASE, id="b", probability=0.8, state=FindingState.DISMISSED, platform="discourse", account_id="discourse:8",
                post_id="discourse:2", exemplars=("e1", "e2"), text="fair Town, an old town", posted_at=BASE.posted_at - day),
        replace(BASE, id="c", probability=0.7, kind="badge", identifier_id="badge-1987", exemplars=("e3",), assets=("a8", "a9"),
                role="official", registrant_id="R-0002", permission="P-3", certainty="covered", detectors=("copies",),
                text="Cafe\u0301 royal", posted_at=midnight),
        replace(BASE, id="d", probability=0.6, kind="vehicle", exemplars=("e2",), detectors=("marks",), certainty="possible",
                text="the Department’s Unit-7", alt="", posted_at=midnight + day),
    ]  # fmt: skip
    with _new_index(request, tmp_path_factory.mktemp("filled")) as index:
        index.put(findings)
        yield index
