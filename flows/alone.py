"""One writer of runs at a time: a scan and an import do not get into each other's way."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from flows.wiring import House
from footprint.errors import NotPermitted


@contextmanager
def alone(house: House) -> Iterator[None]:
    """Hold the lock of the house. It falls with the process that holds it. Raises NotPermitted where another holds it."""
    work = house.loaded.path(house.settings.storage.work)
    work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(work / "scan.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise NotPermitted("Another scan is running. Wait for its end; `footprint doctor` shows it.") from error
    try:
        yield
    finally:
        lock.release()
