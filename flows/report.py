"""The weekly exposure report as a Prefect flow."""

from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.wiring import House, now, wired
from footprint.errors import BadInput
from footprint.reports import ReportFile
from footprint.settings import read
from footprint.weeks import Week
from pipelines import report


@flow(name="weekly-report", persist_result=False)
def weekly_report(week: str | None = None, actor: str = "schedule", config: str | None = None) -> ReportFile:
    """
    Write the report of an ISO week such as 2026-W14; of the week that ended last where none is named.

    Raises BadInput for a week that does not exist or has not begun.
    """
    with wired(read(Path(config) if config else None)) as house:
        written = report.write(
            house.record,
            house.blobs,
            week=week_of(house, week),
            as_of=now(),
            actor=actor,
            department=house.settings.department,
        )
    create_markdown_artifact(key="weekly-report", markdown=f"Week {written.week}: page `{written.html_sha256}`")
    return written


def differences(house: House, week: str | None) -> list[str]:
    """Derive the last report of a week anew from the record: what differs, in words. Raises BadInput where there is none."""
    wanted = week_of(house, week)
    reports = house.record.select(ReportFile, week=str(wanted))
    last = max(reports, key=lambda written: (written.as_of, written.id), default=None)
    if last is None:
        raise BadInput(f"There is no report of {wanted} yet. Write it: footprint report --week {wanted}")
    return report.verify(house.record, house.blobs, last)


def export(house: House, written: ReportFile, folder: Path) -> tuple[Path, Path]:
    """Copy a report out of the blobs: the page and its figures."""
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / f"{written.week}.html", folder / f"{written.week}.json"
    for file, sha256 in zip(files, (written.html_sha256, written.json_sha256), strict=True):
        file.write_bytes(house.blobs.get(sha256))
    return files


def week_of(house: House, week: str | None) -> Week:
    """The week that a person named, or the one that ended last. Raises BadInput for one that cannot be reported on."""
    zone = ZoneInfo(house.settings.department.time_zone)
    return Week.parse(week, now=now(), zone=zone) if week else Week.of(now(), zone=zone).previous()
