"""A scan that is killed at any moment loses nothing and does nothing twice."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from footprint.accounts import Account
from footprint.coverage import CoverageEntry, PlannedFetch, RunEnd
from footprint.findings import AssetScan, Detection, Finding, FindingDetection
from footprint.identifiers import Exemplar
from footprint.ports import Record
from footprint.posts import MediaAsset, MediaReference, MediaUse, Post, PostVersion

LAUNCHER = Path(__file__).parents[1] / "servers" / "elasticsearch_server.py"
PREFECT = """
import os, sys
from pathlib import Path
from flows import prefect_home
prefect_home.settle(Path(sys.argv[1]))
with prefect_home.server(services=False):
    print(os.environ[prefect_home.API_URL], flush=True)
    sys.stdin.read()
"""
WATCH_S = 0.02
GIVE_UP_S = 180.0

# What identifies what a scan must have recorded, whenever and in however many runs it did.
FACTS: dict[type[Any], Callable[[Any], Any]] = {
    Post: lambda o: (o.id, o.account_id, o.created_at),
    PostVersion: lambda o: (o.id, o.post_id, o.content_hash, o.body_sha256),
    MediaReference: lambda o: (o.id, o.post_id, o.key),
    MediaAsset: lambda o: (o.sha256, o.mime, o.size_bytes),
    MediaUse: lambda o: (o.id, o.post_id, o.asset_sha256),
    AssetScan: lambda o: (o.asset_sha256, o.detector, o.version, o.outcome),
    Detection: lambda o: (o.id, o.asset_sha256, o.identifier_id),
    Finding: lambda o: (o.id, o.post_id, o.identifier_id),
    FindingDetection: lambda o: (o.finding_id, o.detection_id),
}

# When to cut the power: as soon as the record holds this much.
MOMENTS: dict[str, tuple[type[Any], int]] = {
    "before the first page is read": (PlannedFetch, 1),
    "when posts are known, but no picture": (PostVersion, 1),
    "between two pictures": (MediaUse, 2),
    "while the detectors look": (AssetScan, 1),
    "between two findings": (Finding, 1),
}


def facts(operator: Any) -> dict[str, list[Any]]:
    """What the record and the index say, without when and in which run it was said."""
    held = operator.contents()
    told = {kind.__name__: sorted(map(identity, held[kind])) for kind, identity in FACTS.items()}
    told["indexed"] = sorted(row["id"] for row in operator.json("search", "kind:patch", "--as", "rosa"))
    told["blobs"] = sorted(operator.blob_names() & named(held))
    return told


def named(held: dict[type[Any], list[Any]]) -> set[str]:
    """
    The bytes that the record names, but for captures, which tell the time.

    A kill between storing bytes and naming them leaves bytes that nobody names; retention takes them after a day.
    """
    return {
        *(version.body_sha256 for version in held[PostVersion]),
        *(asset.sha256 for asset in held[MediaAsset]),
        *(exemplar.sha256 for exemplar in held[Exemplar]),
        *(account.document_sha256 for account in held[Account]),
    }


def until(record: Record, kind: type[Any], count: int, process: "subprocess.Popen[bytes]") -> bool:
    """Watch the record from outside until it holds so many; False where the scan ended before."""
    pause = threading.Event()
    for _ in range(int(GIVE_UP_S / WATCH_S)):
        if record.count(kind) >= count:
            return True
        if process.poll() is not None:
            return False
        pause.wait(WATCH_S)
    return False


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one Prefect server for all these scans, as an operator may run: each would take seconds to start its own."""
    command = [sys.executable, "-c", PREFECT, str(tmp_path_factory.mktemp("prefect"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "Prefect's server did not start; its reason is above"
        yield address


@pytest.fixture(scope="module")
def house(prepare: Any, prefect: str) -> Callable[[str], Any]:
    """Makes a house that is ready to be scanned."""
    return lambda name: prepare(name, prefect=prefect)


@pytest.fixture(scope="module")
def uninterrupted(house: Any) -> dict[str, list[Any]]:
    """What a scan that nobody disturbs records."""
    operator = house("uninterrupted")
    operator.run("scan", "--as", "ines")
    return facts(operator)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_scan_is_made_good_by_the_next(house: Any, uninterrupted: dict[str, list[Any]], moment: str) -> None:
    """Killed at some moment and started again, the record and the index hold what an undisturbed scan gives; no plan is left open."""
    operator = house("killed")
    kind, count = MOMENTS[moment]
    record = operator.record()
    scan = subprocess.Popen(
        operator.command("scan", "--as", "ines"),
        cwd=operator.folder, env=operator.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert until(record, kind, count, scan), "the scan ended before the moment came"
    os.kill(scan.pid, signal.SIGKILL)
    scan.wait()
    record.close()

    operator.run("scan", "--as", "ines")
    assert facts(operator) == uninterrupted
    held = operator.contents()
    assert {e.id for e in held[CoverageEntry]} == {p.id for p in held[PlannedFetch]}
    assert sorted(end.outcome for end in held[RunEnd]) == ["complete", "cut off"]
    assert "whole" in operator.run("audit", "verify")


def test_a_killed_crawl_is_made_good_by_the_next(house: Any, uninterrupted: dict[str, list[Any]]) -> None:
    """Where only the crawling child is killed, the scan goes on, says what was cut off, and the next scan makes it good."""
    operator = house("killed-child")
    record = operator.record()
    scan = subprocess.Popen(
        operator.command("scan", "--as", "ines"),
        cwd=operator.folder, env=operator.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert until(record, MediaUse, 1, scan)
    killed = crawling_child(scan.pid)
    os.kill(killed, signal.SIGKILL)
    assert scan.wait() == 6
    record.close()
    operator.run("scan", "--as", "ines")
    assert facts(operator) == uninterrupted


@pytest.fixture
def elasticsearch() -> Iterator[dict[str, Any]]:
    """A server of this test's own, to be killed: its `urls` and `pids`."""
    check = subprocess.run([sys.executable, LAUNCHER, "check"], capture_output=True, text=True, check=False)
    if check.returncode:
        refuse = pytest.fail if "elasticsearch" in os.environ.get("FOOTPRINT_REQUIRE", "").split(",") else pytest.skip
        refuse(f"no Elasticsearch: {check.stderr.strip()}")
    command = [sys.executable, LAUNCHER, "run", "--brief"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())


def test_a_killed_index_is_made_good_from_the_record(
    house: Any, uninterrupted: dict[str, list[Any]], elasticsearch: dict[str, Any]
) -> None:
    """Where the index is killed during a scan, the scan records everything and says what waits; another index is filled from the record."""
    operator = house("killed-index")
    settings = operator.folder / "footprint.toml"
    embedded = settings.read_text()
    host = elasticsearch["urls"][0].removeprefix("http://")
    settings.write_text(f'{embedded}[storage]\nindex = "elasticsearch+http://{host}/findings"\n')
    operator.run("reindex", "--as", "ines")
    record = operator.record()
    scan = subprocess.Popen(
        operator.command("scan", "--as", "ines"),
        cwd=operator.folder, env=operator.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert until(record, AssetScan, 1, scan), "the scan ended before the moment came"
    for pid in elasticsearch["pids"]:
        os.kill(pid, signal.SIGKILL)
    assert scan.wait() == 6
    assert record.outbox(100)
    record.close()
    assert "cannot be reached" in operator.run("search", "kind:patch", "--as", "rosa", code=5)

    settings.write_text(embedded)
    operator.run("reindex", "--as", "ines")
    assert facts(operator) == uninterrupted


def crawling_child(parent: int) -> int:
    """Process id of the crawl that a scan has started."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(fields[1]) == parent and b"crawlers" in command:
            return int(status.parent.name)
    raise AssertionError("the scan has no crawling child")
