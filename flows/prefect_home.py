"""
Keeps Prefect at home: its state in our folder, its server on loopback, nothing sent anywhere. Call `settle` before Prefect is imported.

The server that Prefect starts by itself outlives a process that is killed; ours is on a leash.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.leash import leashed, let_go
from footprint.errors import RecordUnavailable

API_URL = "PREFECT_API_URL"
STARTS_WITHIN_S = 120


def settle(work: Path) -> None:
    """Set what Prefect reads when it is imported, unless the operator set it."""
    for name, value in {
        "PREFECT_HOME": str(work / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    }.items():
        os.environ.setdefault(name, value)


@contextmanager
def server(*, services: bool) -> Iterator[None]:
    """
    Prefect's server on a free loopback port while the block runs, and no longer than this process; an operator's own PREFECT_API_URL goes
    before. `services`: with those that keep schedules.

    Raises RecordUnavailable where it does not start.
    """
    if API_URL in os.environ:
        yield
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    child = leashed(command + ([] if services else ["--no-services"]), is_quiet=True)
    try:
        from prefect.settings import PREFECT_API_URL, temporary_settings  # takes seconds, in which the server starts

        url = f"http://127.0.0.1:{port}/api"
        _wait(f"{url}/health", child)
        os.environ[API_URL] = url  # for processes that start from here
        with temporary_settings({PREFECT_API_URL: url}):
            yield
    finally:
        os.environ.pop(API_URL, None)
        let_go(child)


def _wait(url: str, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and child.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own server
                return
        except OSError:
            time.sleep(0.2)
    raise RecordUnavailable("Prefect's server did not start. Mend: `prefect server start` by hand shows why.")
