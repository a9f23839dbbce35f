"""The weekly reports."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dashboards.security import SHEET_POLICY
from footprint.ports import Blobs, Record
from footprint.reports import ReportFile


def test_written_reports_are_listed(signed_in: Callable[[str], Any], town: Any) -> None:
    """With what they count and whether they are final."""
    page = signed_in("chief").get("/reports").text
    assert f'href="/reports/{town.report}"' in page
    assert "2026-W17" in page
    assert "final" in page


def test_an_earlier_writing_of_a_week_is_called_replaced(
    signed_in: Callable[[str], Any], record: Record, town: Any
) -> None:
    """Nothing is lost, and the latest is told apart."""
    from dataclasses import replace

    report = record.get(ReportFile, town.report)
    assert report is not None
    earlier = replace(report, id="earlier", is_draft=True, generated_at=report.generated_at - timedelta(days=1))
    with record.transaction() as tx:
        tx.add(earlier)
    page = signed_in("chief").get("/reports").text
    assert page.index(town.report) < page.index("/reports/earlier")
    assert page.count("replaced by a later one") == 1


def test_a_report_is_a_sheet_that_runs_nothing(signed_in: Callable[[str], Any], town: Any) -> None:
    """Its own style, no script, nothing loaded."""
    answer = signed_in("chief").get(f"/reports/{town.report}")
    assert "<h1>Week 17 of 2026</h1>" in answer.text
    assert answer.headers["content-security-policy"] == SHEET_POLICY
    assert SHEET_POLICY.startswith("sandbox;")
    assert "script-src" not in SHEET_POLICY


def test_the_figures_are_saved_as_a_file(signed_in: Callable[[str], Any], town: Any) -> None:
    """Named by the week."""
    answer = signed_in("chief").get(f"/reports/{town.report}/figures")
    assert answer.json() == {"week": "2026-W17"}
    assert answer.headers["content-disposition"] == 'attachment; filename="footprint-2026-W17.json"'


def test_a_report_that_is_not_there_or_not_kept_says_so(
    signed_in: Callable[[str], Any], record: Record, blobs: Blobs, town: Any
) -> None:
    """Two different answers."""
    chief = signed_in("chief")
    assert chief.get("/reports/none").status_code == 404
    report = record.get(ReportFile, town.report)
    assert report is not None
    blobs.delete(report.html_sha256)
    assert chief.get(f"/reports/{town.report}").status_code == 410


def test_an_empty_list_says_how_to_write_one(signed_in: Callable[[str], Any], serve: Any, record_url: str) -> None:
    """The first day has a page too."""
    from footprint.store.record import open_record

    empty = open_record(record_url)
    try:
        page = signed_in("chief", serve(record=empty)).get("/reports").text
    finally:
        empty.close()
    assert "No report was written yet." in page
