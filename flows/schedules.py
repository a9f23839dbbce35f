"""
What works by itself: the two flows that a person starts too, on cron schedules, on this machine.

Runs in a process of its own (`python -m flows.schedules [FILE]`): it starts Prefect's server on loopback, which keeps the schedules, and
serves the flows until it is stopped.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from flows import prefect_home
from footprint.errors import RecordUnavailable
from footprint.settings import Loaded, read

STARTS_WITHIN_S = 120


def run(loaded: Loaded, config: str | None) -> None:
    """Serve the schedules until stopped. A run that was missed while the machine was down is not made up: the next one catches up."""
    from prefect import serve
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron

    from flows.report import weekly_report
    from flows.scan import scan

    schedule, zone, parameters = loaded.settings.schedule, loaded.settings.department.time_zone, {"config": config}
    deployments = (
        scan.to_deployment("scan", schedule=Cron(schedule.scan, timezone=zone), parameters=parameters),
        weekly_report.to_deployment(
            "weekly-report", schedule=Cron(schedule.report, timezone=zone), parameters=parameters
        ),
    )
    serve(*cast(tuple[RunnerDeployment, ...], deployments), limit=1, pause_on_shutdown=False)


@contextmanager
def server() -> Iterator[str]:
    """Prefect's server on a free loopback port, stopped at the end. Yields the URL of its API; an operator's own goes before."""
    if own := os.environ.get("PREFECT_API_URL"):
        yield own
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env=os.environ | {"PREFECT_SERVER_UI_ENABLED": "false"}
    )
    try:
        url = f"http://127.0.0.1:{port}/api"
        _wait(f"{url}/health", child)
        yield url
    finally:
        child.terminate()
        child.wait()


def _wait(url: str, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and child.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own server
                return
        except OSError:
            time.sleep(0.5)
    raise RecordUnavailable("Prefect's server did not start. Mend: `prefect server start` by hand shows why.")


def main() -> None:
    """Entry of the schedules' own process."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = sys.argv[1] if len(sys.argv) > 1 else None
    loaded = read(Path(config) if config else None)
    prefect_home.settle(loaded.path(loaded.settings.storage.work))
    with server() as url:
        os.environ["PREFECT_API_URL"] = url
        run(loaded, config)


if __name__ == "__main__":
    main()
