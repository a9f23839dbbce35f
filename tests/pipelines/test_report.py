"""The report of a week: what it counts out of the record, that it stays derivable, and that it names nobody."""

import json
import random
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from footprint.accounts import Account, AccountStep
from footprint.acts import detectors, thresholds
from footprint.audit import GENESIS, AuditEvent
from footprint.bank_trials import BankTrial
from footprint.coverage import CUT_OFF, PLATFORM_REFUSED, Outcome, PlannedFetch, Target, ending, plan_id
from footprint.digests import canonical, digest
from footprint.errors import BadInput, RecordUnavailable
from footprint.findings import Finding, ScanOutcome
from footprint.identifiers import Kind
from footprint.permissions import Permission, Revocation
from footprint.ports import Blobs, Record
from footprint.posts import MediaUse
from footprint.reports import ReportFile
from footprint.reviews import Verdict
from footprint.settings import Department
from footprint.store.record import migrate, open_record
from footprint.users import User
from footprint.weeks import Week
from footprint.whatif import Change
from pipelines.report import SCHEMA, WRITTEN, made_with, verify, write

WEEK = Week(2026, 19)
DEPARTMENT = Department(name="Riverton Police Department", time_zone="America/Los_Angeles", policy_version="3")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
C, N = Verdict.CONFIRMED, Verdict.NOT_DEPARTMENT_MATERIAL


@pytest.fixture
def monday(story: Any) -> datetime:
    """When the week begins; the story is told from there."""
    story.start = WEEK.bounds(ZoneInfo(DEPARTMENT.time_zone)).start
    moment: datetime = story.start
    return moment


@pytest.fixture
def written(record: Record, blobs: Blobs, monday: datetime) -> Callable[..., ReportFile]:
    """Write the week's report, as of six hours after its end unless told otherwise."""

    def make(*, as_of: datetime | None = None, week: Week = WEEK, department: Department = DEPARTMENT) -> ReportFile:
        return write(
            record, blobs, week=week, as_of=as_of or monday + 7 * DAY + 6 * HOUR, actor="chief", department=department
        )

    return make  # fmt: skip


@pytest.fixture
def figures(written: Callable[..., ReportFile], blobs: Blobs) -> Callable[..., dict[str, Any]]:
    """Write a report and read its figures."""

    def read(**told: Any) -> dict[str, Any]:
        stored: dict[str, Any] = json.loads(blobs.get(written(**told).json_sha256))["figures"]
        return stored

    return read


@pytest.fixture
def told(story: Any, monday: datetime) -> Any:
    """A story with something of everything in its week: a scan, a confirmed finding whose post is gone, an open one."""
    account, patch = story.account(), story.identifier(Kind.PATCH)
    run = story.run(monday + HOUR)
    story.fetch(run, account, Outcome.FETCHED, times=3)
    story.fetch(run, account, Outcome.NOT_PUBLIC)
    for number, moment in enumerate((monday, monday + 2 * HOUR)):
        post = story.post(account, moment, media=[f"picture {number}".encode()])
        finding = story.find(run, post, patch, at=moment + 3 * HOUR)
        if number == 0:
            story.confirm(finding, at=monday + DAY)
            story.delete(post, monday + 2 * DAY)
    story.search(finding, at=monday + 5 * HOUR, covering=story.permission(until=monday + 20 * DAY))
    story.act("findings.searched", at=monday + DAY, times=4)
    return story


def test_thresholds_and_suspensions_are_told_with_who_decided_them(
    told: Any, figures: Callable[..., dict[str, Any]], record: Record, person: Callable[[str], User], monday: datetime
) -> None:
    """What is in force, what it was before the week, and both people; what came after the week is in the next report."""
    for value, at in ((0.6, monday - DAY), (0.8, monday + DAY), (0.9, monday + 8 * DAY)):
        change, bank = Change(threshold=value), BankTrial(versions=(), origins={"photographs": 9}, unseen=0, claimed=())
        thresholds.try_out(record, "our-patch", change, weeks=1, actor=person("ines"), at=at, bank=bank)
        thresholds.propose(record, "our-patch", value, actor=person("ines"), at=at, reason=f"from {value:g} on")
        thresholds.approve(record, "our-patch", value, actor=person("chief"), at=at)
    detectors.suspend(record, "marks", actor=person("omar"), at=monday + DAY, reason="it claims every star")
    detectors.resume(record, "marks", actor=person("omar"), at=monday + 8 * DAY, reason="look-alikes were added")
    quality = figures(as_of=monday + 9 * DAY)["quality"]
    (threshold,) = quality["thresholds"]
    assert {name: threshold[name] for name in ("value", "before", "version", "proposed_by", "approved_by")} == {
        "value": 0.8, "before": 0.6, "version": 2, "proposed_by": "ines", "approved_by": "chief",
    }  # fmt: skip
    (suspended,) = quality["suspended"]
    assert (suspended["detector"], suspended["by"], suspended["reason"]) == ("marks", "omar", "it claims every star")
    assert quality["changes"] == quality["suspended"]


def test_a_report_with_thresholds_follows_from_the_record(
    told: Any,
    written: Callable[..., ReportFile],
    record: Record,
    blobs: Blobs,
    person: Callable[[str], User],
    monday: datetime,
) -> None:
    """Whatever is changed after it was written, it is derived again as it was."""
    detectors.suspend(record, "marks", actor=person("omar"), at=monday + DAY, reason="it claims every star")
    report = written()
    detectors.resume(record, "marks", actor=person("omar"), at=monday + 8 * DAY, reason="look-alikes were added")
    assert "marks does not look" in blobs.get(report.html_sha256).decode()
    assert verify(record, blobs, report) == []


def test_an_empty_record_makes_a_report_that_says_so(written: Callable[..., ReportFile], blobs: Blobs) -> None:
    """Nothing was looked at, and nothing was found, in this order."""
    summary = json.loads(blobs.get(written().json_sha256))["summary"]
    assert summary[0] == "Nothing was looked at, because no scan began in this week."


def test_connectors_to_look_at_stand_with_what_was_not_looked_at(
    story: Any, monday: datetime, written: Callable[..., ReportFile], blobs: Blobs
) -> None:
    """Broken items and accounts that a platform's terms forbid to read, before anything that was found; the mend is for others."""
    account = story.account()
    run = story.run(monday + HOUR)
    story.fetch(run, account, Outcome.FETCHED, detail="3 broken items were left out")
    later = story.run(monday + DAY)
    story.fetch(later, account, Outcome.ERROR, detail=f"{PLATFORM_REFUSED}Its terms are to be read. Mend: read them.")
    page = blobs.get(written().html_sha256).decode()
    said = page[page.index("What was not looked at") : page.index('class="lead"')]
    assert "could not read 3 items" in said
    assert "One account on" in said
    assert "Its terms are to be read." in said
    assert "Mend" not in said


def test_the_figures_are_those_of_the_record(told: Any, figures: Callable[..., dict[str, Any]]) -> None:
    """Coverage, outcomes, covering permissions, matters and acts, each counted once."""
    week = figures()
    pages = week["coverage"]["pages"]
    assert (pages["planned"], pages["fetched"], pages["not_public"]) == (4, 3, 1)
    assert week["coverage"]["accounts"] | {"in_scope": 1, "in_part": 1} == week["coverage"]["accounts"]
    assert week["coverage"]["assets"]["looked_at"] == 2
    outcomes = week["outcomes"]
    assert [outcomes[name] for name in ("new", "covered", "open", "confirmed")] == [2, 1, 1, 1]
    (matter,) = week["matters"]
    assert (matter["number"], matter["kind"], matter["days_public"]) == ("M-0001", "patch", 2)
    assert matter["gone_at"] is not None
    assert (week["permissions"]["in_force"], len(week["permissions"]["ending"])) == (1, 1)
    assert week["oversight"]["acts"] == {"findings.searched": 4}
    assert [(d["name"], d["found"], d["judged"], d["department_material"]) for d in week["detectors"]] == [
        ("marks", 2, 1, 1)
    ]


def test_only_accounts_that_may_be_read_at_the_cut_off_are_in_scope(
    story: Any, monday: datetime, figures: Callable[..., dict[str, Any]]
) -> None:
    """Not those that wait for approval or were paused; a withdrawn one is not counted at all."""
    live = (AccountStep.APPROVED, AccountStep.NOTIFIED)
    for steps in (live, (), (AccountStep.APPROVED,), (*live, AccountStep.PAUSED), (*live, AccountStep.WITHDRAWN)):
        story.account(steps=steps)
    accounts = figures()["coverage"]["accounts"]
    assert (accounts["in_scope"], accounts["not_at_all"], accounts["out_of_scope"]) == (1, 1, 3)


def test_a_run_belongs_to_the_week_that_it_began_in(
    story: Any, record: Record, monday: datetime, figures: Callable[..., dict[str, Any]]
) -> None:
    """With what came of its plans by the time of the report, also after the week's end; a plan without an end is unfinished."""
    account = story.account()
    before, last = story.run(monday - HOUR), story.run(monday + 7 * DAY - HOUR, end=None)
    story.fetch(before, account, Outcome.FETCHED, times=5)
    for number, ended in enumerate((2 * HOUR, 3 * DAY)):
        url = f"https://late.example/{number}"
        plan = PlannedFetch(
            id=plan_id(last, account, url), run_id=last, account_id=account, target=Target.PAGE, url=url, planned_at=monday + 7 * DAY
        )  # fmt: skip
        with record.transaction() as tx:
            tx.add(plan)
            tx.add(ending(plan, Outcome.FETCHED, monday + 7 * DAY + ended))
    coverage = figures()["coverage"]
    pages = coverage["pages"]
    assert (pages["planned"], pages["fetched"], pages["unfinished"]) == (2, 1, 1)
    assert coverage["runs"] == {"started": 1, "ended": 0, "cut_off": 0, "unfinished": 1}


def test_a_run_that_was_cut_off_is_told_from_one_that_ended(
    story: Any, monday: datetime, figures: Callable[..., dict[str, Any]]
) -> None:
    """Both have an end on record."""
    story.run(monday, end=CUT_OFF)
    story.run(monday, end="incomplete")
    assert figures()["coverage"]["runs"] == {"started": 2, "ended": 1, "cut_off": 1, "unfinished": 0}


def test_media_that_no_detector_saw_are_waiting(
    story: Any, record: Record, monday: datetime, figures: Callable[..., dict[str, Any]]
) -> None:
    """Fetched in the week and looked at by none; failures and looks in part are told apart."""
    account, run = story.account(), story.run(monday)
    post = story.post(account, monday, media=[b"waiting", b"failed", b"in part", b"fine"])
    shown = [use.asset_sha256 for use in sorted(record.select(MediaUse, post_id=post), key=lambda use: use.url)]
    for asset, marks, copies in zip(
        shown[1:],
        (ScanOutcome.FAILED, ScanOutcome.FAILED, ScanOutcome.NOTHING),
        (ScanOutcome.FAILED, ScanOutcome.NOTHING, ScanOutcome.UNSUPPORTED),
        strict=True,
    ):
        story.look(run, asset, marks, at=monday + HOUR)
        story.look(run, asset, copies, at=monday + HOUR, detector="copies")
    assert figures()["coverage"]["assets"] == {
        "looked_at": 1,
        "in_part": 1,
        "failed": 1,
        "unsupported": 0,
        "waiting": 1,
    }


def test_a_report_before_the_end_of_its_week_is_a_draft_of_what_was_known(
    told: Any, monday: datetime, figures: Callable[..., dict[str, Any]]
) -> None:
    """On Monday evening nothing was confirmed yet; on Tuesday what was confirmed was public still."""
    draft = figures(as_of=monday + 12 * HOUR)
    assert (draft["is_draft"], draft["outcomes"]["confirmed"], draft["outcomes"]["open"]) == (True, 0, 2)
    assert figures(as_of=monday + 30 * HOUR)["matters"][0]["gone_at"] is None
    assert not figures()["is_draft"]


@pytest.mark.parametrize(("as_of", "at"), [(-HOUR, HOUR), (2 * DAY, DAY)])
def test_a_moment_that_a_week_cannot_be_seen_from_is_refused(
    record: Record, blobs: Blobs, monday: datetime, as_of: timedelta, at: timedelta
) -> None:
    """Before it began, or in the future."""
    with pytest.raises(BadInput, match="take a moment between its beginning and now"):
        write(record, blobs, week=WEEK, as_of=monday + as_of, at=monday + at, actor="chief", department=DEPARTMENT)


def test_a_written_report_is_on_record_and_in_the_audit_log(
    told: Any, record: Record, blobs: Blobs, written: Callable[..., ReportFile]
) -> None:
    """Its row names page, figures and the head of the chain that it counted; one event seals them."""
    report = written()
    stored = json.loads(blobs.get(report.json_sha256))
    assert record.get(ReportFile, report.id) == report
    assert (stored["schema"], stored["made_with"], report.week) == (SCHEMA, made_with(), "2026-W19")
    assert blobs.get(report.json_sha256) == canonical(stored)
    (event,) = record.select(AuditEvent, action=WRITTEN)
    assert (event.subject, event.actor, event.sequence) == (report.id, "chief", report.audit_sequence + 1)
    head = record.get(AuditEvent, str(report.audit_sequence))
    assert head is not None
    assert head.digest == report.audit_head == stored["figures"]["audit_head"]["digest"]


def test_the_first_event_of_a_chain_may_be_a_report(tmp_path: Path, blobs: Blobs, monday: datetime) -> None:
    """Then it counted no act, and says so."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    migrate(url)
    empty = open_record(url)
    report = write(empty, blobs, week=WEEK, as_of=monday, actor="chief", department=DEPARTMENT)
    assert (report.audit_sequence, report.audit_head) == (0, GENESIS)
    assert verify(empty, blobs, report) == []
    empty.close()


def test_what_is_recorded_later_changes_no_written_report(
    told: Any, record: Record, blobs: Blobs, monday: datetime, written: Callable[..., ReportFile]
) -> None:
    """Not the final one, nor the draft from its middle: re-deriving gives the same bytes."""
    reports = [written(as_of=monday + 30 * HOUR), written()]
    later = monday + 7 * DAY + 7 * HOUR
    account, run = next(record.select(Account)).id, told.run(later)
    told.fetch(run, account, Outcome.ERROR, times=9)
    post = told.post(account, later, media=[b"later"])
    told.find(run, post, "our-patch", at=later)
    for finding in tuple(record.select(Finding)):
        told.decide(finding.id, N, at=later, reviewer="vera")
        told.search(finding.id, at=later, covering=None)
    told.act("findings.searched", at=monday + 2 * HOUR, times=3)
    told.act("identity.revealed", at=later)
    with record.transaction() as tx:
        tx.add(Revocation(id=next(iter(record.select(Permission))).id, revoked_at=later, by="chief", reason="over"))
    assert [verify(record, blobs, report) for report in reports] == [[], []]


def test_a_report_of_a_passed_week_is_the_same_whenever_it_is_written(
    told: Any, record: Record, monday: datetime, figures: Callable[..., dict[str, Any]]
) -> None:
    """But for the moment and the head of the chain, which it states."""
    first = figures(as_of=monday + 8 * DAY)
    told.decide(next(iter(record.select(Finding))).id, N, at=monday + 9 * DAY, reviewer="vera")
    second = figures(as_of=monday + 30 * DAY)
    for stated in ("as_of", "audit_head"):
        assert first.pop(stated) != second.pop(stated)
    assert first == second


def damage(file: Path) -> None:
    """Change one byte of a file that is read-only."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(bytes(data))


@pytest.mark.parametrize("part", ["html_sha256", "json_sha256"])
def test_one_changed_byte_is_noticed(
    record: Record, blobs: Blobs, tmp_path: Path, written: Callable[..., ReportFile], part: str
) -> None:
    """In the page as in the figures."""
    report = written()
    (file,) = (tmp_path / "blobs").rglob(getattr(report, part))
    damage(file)
    assert len(verify(record, blobs, report)) == 1


def test_missing_bytes_are_noticed(record: Record, blobs: Blobs, written: Callable[..., ReportFile]) -> None:
    """Somebody deleted the page."""
    report = written()
    blobs.delete(report.html_sha256)
    (difference,) = verify(record, blobs, report)
    assert "missing" in difference


def alter(database: Path, statement: str) -> None:
    """Alter a record as somebody would who owns its file: without asking the triggers that keep the audit log."""
    with sqlite3.connect(database) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("UPDATE review_decisions SET decided_at = '2026-05-01T00:00:00.000000+00:00'", "outcomes.confirmed"),
        ("DELETE FROM review_decisions", "figures.outcomes.open: the report says 1, the record 2."),
        ("UPDATE coverage_entries SET outcome = 'fetched'", "figures.coverage.pages.fetched: the report says 3, the record 4."),
        ("DELETE FROM audit_events WHERE action = 'report.written'", "The audit log has no report of these hashes"),
        ("DELETE FROM audit_events WHERE sequence = 9", "figures.oversight.acts.findings.searched"),
    ],
)  # fmt: skip
def test_a_record_that_was_altered_is_noticed(
    told: Any,
    record: Record,
    blobs: Blobs,
    tmp_path: Path,
    written: Callable[..., ReportFile],
    statement: str,
    difference: str,
) -> None:
    """Behind the back of the service, in the database itself; the figure that no longer follows is named."""
    report = written()
    alter(tmp_path / "record.db", statement)
    assert any(difference in found for found in verify(record, blobs, report))


def test_a_report_put_in_the_place_of_another_is_noticed(
    told: Any, record: Record, blobs: Blobs, written: Callable[..., ReportFile]
) -> None:
    """A row whose page, figures or head are others than the audit log's."""
    report = written()
    page, figures = blobs.put(b"<p>All is well.</p>"), json.loads(blobs.get(report.json_sha256))
    figures["figures"]["outcomes"]["confirmed"] = 0
    other = blobs.put(canonical(figures))
    for forged in (
        replace(report, html_sha256=page),
        replace(report, json_sha256=other),
        replace(report, audit_head=GENESIS),
    ):
        assert verify(record, blobs, forged)


def test_garbage_in_the_place_of_figures_is_noticed(
    record: Record, blobs: Blobs, written: Callable[..., ReportFile]
) -> None:
    """Whatever its shape."""
    for garbage in (b"", b"[]", b"{}", b'{"figures": 1, "made_with": 1}', b"\xff"):
        assert len(verify(record, blobs, replace(written(), json_sha256=blobs.put(garbage)))) == 1


def sealed(record: Record, blobs: Blobs, report: ReportFile, *, figures: dict[str, Any], page: bytes) -> ReportFile:
    """A report of other figures and another page, which the audit log has all the same."""
    json_sha256, html_sha256 = blobs.put(canonical(figures)), blobs.put(page)
    key = digest(report.week, report.as_of.isoformat(), json_sha256)
    other = replace(report, id=key, json_sha256=json_sha256, html_sha256=html_sha256)
    detail = {
        "week": other.week, "as_of": other.as_of.isoformat(), "html": html_sha256, "json": json_sha256, "head": other.audit_head
    }  # fmt: skip
    with record.transaction() as tx:
        tx.audit(at=report.generated_at, actor="chief", action=WRITTEN, subject=key, detail=detail)
    return other


def test_a_page_that_shows_other_figures_is_noticed(
    told: Any, record: Record, blobs: Blobs, written: Callable[..., ReportFile]
) -> None:
    """Also when the log knows it: the page is drawn anew and compared byte by byte."""
    report = written()
    figures, page = json.loads(blobs.get(report.json_sha256)), blobs.get(report.html_sha256)
    forged = sealed(record, blobs, report, figures=figures, page=page.replace(b"M-0001", b"M-0002"))
    assert verify(record, blobs, forged) == ["The page does not show what the figures say."]


def by_older_version(record: Record, blobs: Blobs, report: ReportFile, *, confirmed: int) -> ReportFile:
    """The report as an older version would have written it: without some of the figures, with another page."""
    stored = json.loads(blobs.get(report.json_sha256))
    stored["made_with"] = "footprint 0.0.1"
    del stored["figures"]["stock"]
    del stored["figures"]["series"][0]["runs"]
    stored["figures"]["outcomes"]["confirmed"] = confirmed
    return sealed(record, blobs, report, figures=stored, page=b"<p>as it was drawn then</p>")


def test_a_report_of_an_older_version_is_verified_by_the_figures_that_it_has(
    told: Any, record: Record, blobs: Blobs, written: Callable[..., ReportFile]
) -> None:
    """A figure that was added since is no difference; one that is wrong is."""
    report = written()
    assert verify(record, blobs, by_older_version(record, blobs, report, confirmed=1)) == []
    (difference,) = verify(record, blobs, by_older_version(record, blobs, report, confirmed=7))
    assert difference == "figures.outcomes.confirmed: the report says 7, the record 1."


def test_a_chain_with_a_gap_makes_no_report(told: Any, tmp_path: Path, written: Callable[..., ReportFile]) -> None:
    """The message says what to do."""
    alter(tmp_path / "record.db", "DELETE FROM audit_events WHERE sequence = 2")
    with pytest.raises(RecordUnavailable, match="footprint audit verify"):
        written()


VERDICTS = (C, C, N, Verdict.PERMITTED, Verdict.PROTECTED_ACTIVITY, Verdict.INSUFFICIENT, None)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_named(
    story: Any,
    record: Record,
    blobs: Blobs,
    monday: datetime,
    written: Callable[..., ReportFile],
    tmp_path: Path,
    seed: int,
) -> None:
    """
    Taint test: no name, pseudonym, account, address, post, word, reviewer, reason or finding id that the record holds stands on page or
    in figures, whatever was decided.
    """
    chance = random.Random(seed)
    accounts = [
        story.account(platform, name=f"Zq{n} <b>Planted</b>")
        for n, platform in enumerate(("mastodon", "feeds", "city"))
    ]
    kinds = {kind: story.identifier(kind) for kind in (Kind.PATCH, Kind.VEHICLE)}
    run = story.run(monday)
    for number in range(12):
        at = monday + timedelta(hours=chance.randrange(100))
        account = chance.choice(accounts)
        story.fetch(run, account, chance.choice([None, *Outcome]))
        post = story.post(account, at, text=f"Zq words {number}", media=[f"Zq picture {number}".encode()])
        finding = story.find(run, post, chance.choice(list(kinds.values())), at=at + HOUR)
        verdict = chance.choice(VERDICTS)
        for reviewer in ("Zq-rosa", "Zq-theo") if verdict is C else ("Zq-rosa",) if verdict else ():
            story.decide(finding, verdict, at=at + 2 * HOUR, reviewer=reviewer, note="Zq note")
        if chance.random() < 0.3:
            story.delete(post, at + 5 * HOUR)
    story.permission(until=monday + 9 * DAY)
    story.act("identity.revealed", at=monday + HOUR, actor="Zq-vera")
    report = written()
    shown = (blobs.get(report.html_sha256) + blobs.get(report.json_sha256)).decode()
    for word in ("Zq", "Planted", "holder", "fair", "our-patch", ".example"):
        assert word not in shown, word
    for identity in _identities(tmp_path / "record.db"):
        assert not re.search(rf"\b{re.escape(identity)}\b", shown), identity


def _identities(database: Path) -> set[str]:
    """Every id and hash that tells one person, account, post, finding or medium."""
    columns = {
        "registrants": ("id",),
        "accounts": ("id", "native_id", "address"),
        "posts": ("id",),
        "post_versions": ("id", "body_sha256"),
        "findings": ("id",),
        "media_assets": ("sha256",),
        "review_decisions": ("id",),
        "users": ("name",),
    }
    with sqlite3.connect(database) as connection:
        rows = (connection.execute(f"SELECT {', '.join(names)} FROM {table}") for table, names in columns.items())
        return {value for table in rows for row in table for value in row if value}


def test_open_dismissed_and_diverted_findings_are_counted_only(
    story: Any, monday: datetime, figures: Callable[..., dict[str, Any]]
) -> None:
    """The table of matters holds what was confirmed, and nothing else does one by one."""
    account, patch, run = story.account(), story.identifier(Kind.PATCH), story.run(monday)
    for number, verdict in enumerate((None, N, Verdict.PROTECTED_ACTIVITY, Verdict.PERMITTED, C)):
        post = story.post(account, monday, media=[f"picture {number}".encode()])
        finding = story.find(run, post, patch, at=monday + HOUR)
        if verdict:
            story.decide(finding, verdict, at=monday + 2 * HOUR)
    week = figures()
    assert week["matters"] == []
    outcomes = week["outcomes"]
    assert [outcomes[name] for name in ("new", "open", "second_review", "dismissed", "permitted")] == [4, 1, 1, 1, 1]
    assert (week["stock"]["total"], week["oversight"]["diversions"]) == (4, 1)
