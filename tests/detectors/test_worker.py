"""A detecting process is bound by the kernel, and what becomes of an asset is always an outcome."""

import json
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors import marks, worker
from detectors.detector import Media
from footprint.findings import Detection, ScanOutcome

Picture = NDArray[np.uint8]
MAX_PIXELS = 80_000_000

BOUND = """
import json, resource, socket
from detectors import worker
limits = worker.limit(3000)
refused = []
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    try:
        socket.socket(family).close()
    except OSError as error:
        refused.append(error.strerror)
try:
    bytearray(4000 * 2**20)
    memory = "granted"
except MemoryError:
    memory = "refused"
print(json.dumps([limits.network_refused, limits.memory_mb, refused, memory, resource.getrlimit(resource.RLIMIT_CORE)]))
"""


@pytest.fixture(scope="module")
def bound() -> list[object]:
    """What a process may do after it has bound itself."""
    done = subprocess.run([sys.executable, "-c", BOUND], capture_output=True, check=True)
    told: list[object] = json.loads(done.stdout)
    return told


def test_a_bound_process_opens_no_socket(bound: list[object]) -> None:
    """Neither the network nor a local socket: what decodes hostile bytes can tell nobody."""
    network_refused, _, refused, *_ = bound
    assert network_refused is True
    assert refused == ["Permission denied"] * 3


def test_a_bound_process_takes_no_more_memory(bound: list[object]) -> None:
    """An allocation beyond the limit fails in the process, not on the machine."""
    _, memory_mb, _, memory, _ = bound
    assert (memory_mb, memory) == (3000, "refused")


def test_a_bound_process_leaves_no_core_dump(bound: list[object]) -> None:
    """A crash does not write media to the disk."""
    assert bound[4] == [0, 0]


def test_detectors_work_in_a_bound_process(ours: Picture, encode: Callable[..., bytes]) -> None:
    """The limits leave enough to decode and look."""
    code = (
        "import sys; from detectors import copies, worker; d = copies.build([], {}); worker.limit(2048);"
        "print(worker.look(sys.stdin.buffer.read(), [d], max_pixels=10**7)[0].outcome)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=encode(ours), capture_output=True, check=True)
    assert done.stdout.strip() == b"nothing"


class Failing:
    """A detector that cannot look."""

    name, version = "failing", "1"

    def detect(self, media: Media) -> tuple[Detection, ...]:
        raise RuntimeError(f"cannot look at {media.mime}")


def test_each_detector_has_its_own_outcome(ours: Picture, reference_of: Callable, encode: Callable[..., bytes]) -> None:
    """One that fails takes nothing from one that finds."""
    found, failed = worker.look(encode(ours), [marks.build([reference_of(ours)], {}), Failing()], max_pixels=MAX_PIXELS)
    assert (found.detector, found.outcome) == ("marks", ScanOutcome.FOUND)
    assert found.detections
    assert (failed.detector, failed.outcome) == ("failing", ScanOutcome.FAILED)
    assert failed.detail == "RuntimeError: cannot look at image/png"


def test_nothing_found_and_could_not_look_are_different(portrait: Picture, encode: Callable[..., bytes]) -> None:
    """A sound picture without marks, a broken one and a sound recording end in three different words."""
    detector = marks.build([], {})
    data = encode(portrait, "JPEG")
    outcomes = [
        worker.look(d, [detector], max_pixels=MAX_PIXELS)[0].outcome
        for d in (data, data[:5000], b"ID3\x04 a recording")
    ]
    assert outcomes == [ScanOutcome.NOTHING, ScanOutcome.FAILED, ScanOutcome.UNSUPPORTED]


def test_a_failure_to_decode_is_every_detectors(encode: Callable[..., bytes]) -> None:
    """Each detector's record says why it could not look."""
    looks = worker.look(b"<html>", [marks.build([], {}), Failing()], max_pixels=MAX_PIXELS)
    assert [(look.detector, look.outcome) for look in looks] == [
        ("marks", ScanOutcome.FAILED),
        ("failing", ScanOutcome.FAILED),
    ]
    assert all("web page" in look.detail for look in looks)
