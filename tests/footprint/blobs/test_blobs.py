"""The contract of the blobs, held by every way of keeping them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footprint.blobs.open import open_blobs
from footprint.digests import sha256
from footprint.errors import BadConfiguration
from footprint.ports import Blobs


@pytest.fixture(scope="module", params=["file"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of blobs that the tests of this module share, of every scheme."""
    return f"{request.param}:{tmp_path_factory.mktemp('blobs') / 'kept'}"


@pytest.fixture(scope="module")
def blobs(url: str) -> Blobs:
    """Blobs of every scheme."""
    return open_blobs(url)


@settings(max_examples=50, deadline=None, database=None)
@given(data=st.binary(max_size=5000))
def test_bytes_come_back(blobs: Blobs, data: bytes) -> None:
    """Any bytes, even none, are kept under their SHA-256 and come back as they were; storing twice is storing once."""
    assert blobs.put(data) == blobs.put(data) == sha256(data)
    assert blobs.has(sha256(data))
    assert blobs.get(sha256(data)) == data


def test_large_bytes_come_back(blobs: Blobs) -> None:
    """A film is kept like a picture."""
    data = bytes(range(256)) * 100_000
    assert blobs.get(blobs.put(data)) == data


def test_what_is_absent_is_a_key_error(blobs: Blobs) -> None:
    """Asking for bytes that were never stored is not an empty answer."""
    assert not blobs.has(sha256(b"absent"))
    with pytest.raises(KeyError):
        blobs.get(sha256(b"absent"))


def test_deleting_removes_and_deleting_again_is_harmless(blobs: Blobs) -> None:
    """Deleted bytes are gone; they can be stored again."""
    name = blobs.put(b"for a while")
    blobs.delete(name)
    blobs.delete(name)
    assert not blobs.has(name)
    with pytest.raises(KeyError):
        blobs.get(name)
    assert blobs.get(blobs.put(b"for a while")) == b"for a while"


def test_what_was_stored_before_a_moment_is_listed(blobs: Blobs) -> None:
    """By its hash, and not what is deleted since."""
    kept, deleted, now = blobs.put(b"listed"), blobs.put(b"deleted"), datetime.now(UTC)
    blobs.delete(deleted)
    assert kept in set(blobs.stored_before(now + timedelta(hours=1)))
    assert deleted not in set(blobs.stored_before(now + timedelta(hours=1)))
    assert kept not in set(blobs.stored_before(now - timedelta(hours=1)))


@pytest.mark.parametrize(
    "name",
    ["", "..", "../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "g" * 64, f"{'a' * 64}\n", f"{'a' * 64}/.."],
)
def test_what_is_no_hash_is_absent(blobs: Blobs, name: str) -> None:
    """A name that is no SHA-256 in small letters reaches nothing: it has no bytes, and deleting it does nothing."""
    assert not blobs.has(name)
    blobs.delete(name)
    with pytest.raises(KeyError):
        blobs.get(name)


def test_storing_at_once_is_storing_once(blobs: Blobs) -> None:
    """Threads that store the same bytes at the same time all succeed."""
    data = b"crowd" * 100_000
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(blobs.put, [data] * 32)) == {sha256(data)}
    assert blobs.get(sha256(data)) == data


STORE = """
import sys
from footprint.blobs.open import open_blobs
blobs = open_blobs(sys.argv[1])
for number in range(int(sys.argv[2])):
    name = blobs.put(str(number).encode() * 50_000)
    sys.stdout.write(name + "\\n")
    sys.stdout.flush()
"""


Storing = Callable[[int], "subprocess.Popen[str]"]


@pytest.fixture
def storing(url: str) -> Iterator[Storing]:
    """Starts processes that store numbers and print their names; what still runs at the end is killed."""
    with ExitStack() as stack:

        def start(count: int) -> "subprocess.Popen[str]":
            command = [sys.executable, "-c", STORE, url, str(count)]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            stack.callback(process.kill)
            return process

        yield start


def test_processes_store_the_same_bytes(blobs: Blobs, storing: Storing) -> None:
    """Processes that store the same bytes at the same time do not get into each other's way."""
    names = [process.communicate()[0].split() for process in [storing(40) for _ in range(3)]]
    assert names[0] == names[1] == names[2]
    assert all(sha256(blobs.get(name)) == name for name in names[0])


def test_what_a_killed_process_stored_is_there(blobs: Blobs, storing: Storing) -> None:
    """Every name that a process saw before it was killed has its bytes, whole."""
    process = storing(100_000)
    assert process.stdout is not None
    names = [process.stdout.readline().strip() for _ in range(60)]
    process.kill()
    names += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert all(sha256(blobs.get(name)) == name for name in names)


def test_health_is_one_line(blobs: Blobs) -> None:
    """Sound blobs say where they are and how much space is left."""
    line = blobs.check()
    assert "free" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "url", ["", "var/blobs", "file:", "file://host/folder", "ftp:host", "open:x", "os.path:x", "..:x"]
)
def test_a_url_that_no_blobs_have_is_a_setting_to_mend(url: str) -> None:
    """The error names the setting, and what it can be."""
    with pytest.raises(BadConfiguration, match=r"storage\.blobs.*file"):
        open_blobs(url)
