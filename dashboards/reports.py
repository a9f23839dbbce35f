"""The weekly reports that were written: a list, and each as the sheet that it is."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.declaration import page
from dashboards.security import SHEET_POLICY
from dashboards.visit import Visit
from footprint.reports import ReportFile
from footprint.users import Role

READERS = (Role.CHIEF, Role.REVIEWER)


@page("/reports", roles=READERS, audit="reports.viewed")
def show(visit: Visit) -> Response:
    """Every written report, the latest week and the latest writing of it first."""
    written = sorted(visit.desk.record.select(ReportFile), key=lambda r: (r.week, r.generated_at), reverse=True)
    visit.note("reports", detail={"listed": len(written)})
    latest = {report.week: report.id for report in reversed(written)}
    return visit.answer("reports.html", reports=written, latest=set(latest.values()))


@page("/reports/{report_id}", roles=READERS, audit="report.viewed")
def show_one(visit: Visit) -> Response:
    """A report as a document of its own: it brings its style with it, and may run nothing and load nothing."""
    report = _report(visit)
    visit.note(report.id, detail={"week": report.week})
    headers = {"Content-Security-Policy": SHEET_POLICY}
    return Response(_bytes(visit, report.html_sha256), media_type="text/html; charset=utf-8", headers=headers)


@page("/reports/{report_id}/figures", roles=READERS, audit="report.exported")
def figures(visit: Visit) -> Response:
    """The figures of a report as JSON, to save."""
    report = _report(visit)
    visit.note(report.id, detail={"week": report.week})
    headers = {"Content-Disposition": f'attachment; filename="footprint-{report.week}.json"'}
    return Response(_bytes(visit, report.json_sha256), media_type="application/json", headers=headers)


def _report(visit: Visit) -> ReportFile:
    report = visit.desk.record.get(ReportFile, visit.part("report_id"))
    if report is None:
        raise HTTPException(404, "There is no such report. `footprint report` writes one.")
    return report


def _bytes(visit: Visit, sha256: str) -> bytes:
    try:
        return visit.desk.blobs.get(sha256)
    except KeyError as error:
        raise HTTPException(410, "The bytes of this report are not kept any more.") from error
