"""
What works by itself: the two flows that a person starts too, on cron schedules, on this machine.

Runs in a process of its own (`python -m flows.schedules [FILE]`): it starts Prefect's server on loopback, which keeps the schedules, and
serves the flows until it is stopped.
"""

import signal
import sys
from pathlib import Path
from typing import cast

from flows import prefect_home
from footprint.settings import Loaded, read


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


def main() -> None:
    """Entry of the schedules' own process."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = sys.argv[1] if len(sys.argv) > 1 else None
    loaded = read(Path(config) if config else None)
    prefect_home.settle(loaded.path(loaded.settings.storage.work))
    with prefect_home.server(services=True):
        run(loaded, config)


if __name__ == "__main__":
    main()
