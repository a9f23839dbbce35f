"""One post from URL to report, by the command line: the house stands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from footprint.acts import reviews
from footprint.acts.users import find_user
from footprint.audit import AuditEvent
from footprint.coverage import CoverageEntry, PlannedFetch, Run, RunEnd
from footprint.digests import sha256
from footprint.posts import Cursor
from footprint.reviews import Element, FindingState, ReviewDecision, Verdict


@pytest.fixture(scope="module")
def operator(prepare: Any) -> Any:
    """A house that is ready to scan."""
    return prepare("journey")


@pytest.fixture(scope="module")
def scanned(operator: Any, blog: Any) -> dict[str, Any]:
    """What the first scan says."""
    blog.asked.clear()
    summary: dict[str, Any] = operator.json("scan", "--as", "ines")[0]
    return summary | {"asked": list(blog.asked)}


def test_a_dry_run_makes_no_request(operator: Any, blog: Any) -> None:
    """`scan --plan` shows the address and the authority, and asks the blog for nothing."""
    blog.asked.clear()
    rows = operator.json("scan", "--plan")
    assert [row["url"] for row in rows] == [f"{blog.url}/feed.xml"]
    assert rows[0]["authority"]
    assert blog.asked == []


def test_everything_planned_is_accounted_for(scanned: dict[str, Any], operator: Any) -> None:
    """Each planned fetch has exactly one coverage entry: the feed, and the picture of each of the five posts."""
    held = operator.contents()
    assert sorted(entry.id for entry in held[CoverageEntry]) == sorted(plan.id for plan in held[PlannedFetch])
    assert sum(scanned["coverage"].values()) == scanned["planned"] == len(held[PlannedFetch])
    assert scanned["complete"] is True


def test_the_patch_is_found_and_nothing_else(scanned: dict[str, Any], operator: Any) -> None:
    """Three posts show the patch; the plain picture and the toy car are no findings."""
    found = operator.json("search", "kind:patch", "--as", "rosa", "--purpose", "checking the first scan")
    assert sorted(row["permalink"].rpartition("/")[2] for row in found) == ["1", "4", "5"]
    assert scanned["new_findings"] == 3


def test_the_blog_was_asked_politely(scanned: dict[str, Any]) -> None:
    """robots.txt, the feed and the pictures were asked for, and nothing else."""
    pages = ["/feed.xml", "/robots.txt"]
    media = [f"/media/{name}.jpg" for name in ("patch", "patch-again", "plain", "toy")]
    assert sorted(set(scanned["asked"])) == sorted(pages + media)


def test_what_is_no_finding_left_no_bytes(scanned: dict[str, Any], operator: Any, pictures: dict[str, bytes]) -> None:
    """After the scan the bytes of the plain picture and the toy car are gone, those of the patch are there (G20)."""
    held = operator.blob_names()
    kept = {name for name, data in pictures.items() if sha256(data) in held}
    assert kept == {"patch", "patch again"}


def test_a_second_scan_changes_nothing_but_coverage_and_audit(
    scanned: dict[str, Any], operator: Any, blog: Any
) -> None:
    """Scanning the unchanged blog again fetches no media and adds no record but run, plan, coverage and audit."""
    before = operator.contents()
    blog.asked.clear()
    again = operator.json("scan", "--as", "ines")[0]
    after = operator.contents()
    grown = {kind for kind in after if after[kind] != before[kind]}
    assert grown <= {Run, RunEnd, PlannedFetch, CoverageEntry, AuditEvent, Cursor}
    assert [path for path in blog.asked if path.startswith("/media/")] == []
    assert again["coverage"] == {"unchanged": 1}


def test_the_report_counts_what_was_confirmed(scanned: dict[str, Any], operator: Any) -> None:
    """Two reviewers confirm one finding; the report of the week says so, names nobody, and follows from the record."""
    finding = operator.json("search", "state:open", "--as", "rosa")[0]["id"]
    record = operator.record()
    for who in ("rosa", "theo"):
        at = datetime.now(UTC)
        decision = ReviewDecision(
            id=f"{who}-{finding}", finding_id=finding, reviewer=who, verdict=Verdict.CONFIRMED, elements=tuple(Element),
            decided_at=at,
        )  # fmt: skip
        user = find_user(record, who)
        assert user is not None
        state = reviews.decide(record, decision, actor=user, at=at)
    record.close()
    assert state is FindingState.CONFIRMED

    year, week, _ = datetime.now(UTC).isocalendar()
    written = operator.json("report", "--week", f"{year}-W{week:02}", "--as", "rosa")[0]
    page = (operator.folder / written["html"]).read_text()
    assert "Ann Example" not in page
    assert "What was not looked at" in page
    assert "follows from the record" in operator.run("report", "--verify", "--week", f"{year}-W{week:02}")


def test_the_audit_chain_is_whole_at_the_end(scanned: dict[str, Any], operator: Any) -> None:
    """After all of it the audit chain verifies."""
    assert "whole" in operator.run("audit", "verify")


def test_the_doctor_finds_the_house_well(scanned: dict[str, Any], operator: Any) -> None:
    """Every check of `footprint doctor` passes on a house that works."""
    checks = operator.json("doctor")
    assert [check for check in checks if not check["ok"]] == []
