"""The weekly exposure report as a Prefect flow."""

from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.wiring import House, now, wired
from footprint.reports import ReportFile, Week
from footprint.settings import read
from pipelines.report import write


@flow(name="weekly-report", persist_result=False)
def weekly_report(week: str | None = None, actor: str = "schedule", config: str | None = None) -> ReportFile:
    """
    Write the report of an ISO week such as 2026-W14; of the week that ended last where none is named.

    Raises BadInput for a week that does not exist or has not begun.
    """
    with wired(read(Path(config) if config else None)) as house:
        report = report_of(house, week, actor)
    create_markdown_artifact(key="weekly-report", markdown=f"Week {report.week}: `{report.html_sha256}`")
    return report
