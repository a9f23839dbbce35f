"""A small town to look at: a real record, drawn pictures, and findings of every state."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from footprint.accounts import AccountStep
from footprint.acts import permissions
from footprint.blobs.open import open_blobs
from footprint.digests import digest
from footprint.documents import FindingDocument
from footprint.findings import AssetScan, ScanOutcome
from footprint.identifiers import Kind
from footprint.index.memory import MemoryIndex
from footprint.permissions import EVERYBODY, Permission
from footprint.projection import rebuild
from footprint.query import Query
from footprint.reports import ReportFile
from footprint.reviews import Verdict
from footprint.store.record import open_record
from town_builder import Builder
from town_pictures import NAVY, scene

HOSTILE = 'Come to the fair! <script>document.title="taken"</script><img src=x onerror=alert(1)>'


@dataclass(frozen=True, kw_only=True)
class Town:
    """The seeded folder and the names that tests use for what is in it."""

    folder: Path
    documents: tuple[FindingDocument, ...]
    findings: dict[str, str]
    posts: dict[str, str]
    assets: dict[str, str]
    exemplars: dict[str, str]
    report: str


def build(folder: Path, staffed: Path, start: datetime) -> Town:
    """Seed a town in a folder."""
    shutil.copy(staffed, folder / "record.db")
    record, blobs = open_record(f"sqlite:///{folder / 'record.db'}"), open_blobs(f"file:{folder / 'blobs'}")
    b = Builder(record, blobs, start)
    b.people()
    told = (AccountStep.APPROVED, AccountStep.NOTIFIED)
    ada, ben = b.account("mastodon:@ada", "R-0101", told), b.account("forum:ben", "R-0102", told, days=20)
    b.account("forum:cleo", "R-0103", ())
    b.account("mastodon:@cleo", "R-0103", told[:1])
    b.identifier("shoulder-patch-2019", Kind.PATCH, "Shoulder patch 2019", NAVY)
    b.identifier("star-badge", Kind.BADGE, "Star badge", (120, 96, 30))
    b.identifier("patrol-car-livery", Kind.VEHICLE, "Patrol car livery", (40, 40, 40))
    with record.transaction() as tx:
        tx.add(b.run)
    permissions.grant(
        record,
        Permission(
            id="P-2026-004", grantor="Chief", grantees=(EVERYBODY,), kinds=(Kind.VEHICLE,), platforms=("forum",), purpose="open day",
            valid_from=start - timedelta(days=200), valid_until=start + timedelta(days=12), document_sha256=b.document,
            granted_by="chief", granted_at=start - timedelta(days=40),
        ),
        actor=b.user("chief"), at=start - timedelta(days=40),
    )  # fmt: skip
    fair, fair_at = scene(1, 70)
    parade, parade_at = scene(2, 64)
    car, car_at = scene(3, 80, ground=(40, 40, 40))
    night, night_at = scene(4, 48)
    away, away_at = scene(5, 66)
    desk, desk_at = scene(6, 58)
    b.post(
        "fair", ada, "Great turnout at the town fair this weekend. Thanks to everybody who stopped by.", [fair], days=6
    )
    b.post("again", ben, "Same picture, another place.", [fair], days=5)
    b.post("hostile", ada, HOSTILE, [parade], days=4)
    b.post("car", ben, "Washed and ready.", [car], days=3)
    b.post("night", ada, "Night shift.", [night, parade], days=2)
    b.post("union", ada, "Meeting of the association on Tuesday.", [away], days=2)
    b.post("costume", ben, "Carnival!", [desk], days=1)
    b.finding("fair", ada, "shoulder-patch-2019", [(fair, fair_at, 0.97)])
    b.finding("again", ben, "shoulder-patch-2019", [(fair, fair_at, 0.96)])
    b.finding("hostile", ada, "shoulder-patch-2019", [(parade, parade_at, 0.95)])
    b.finding("car", ben, "patrol-car-livery", [(car, car_at, 0.93)])
    b.finding("night", ada, "star-badge", [(night, night_at, 0.64), (parade, parade_at, 0.61)])
    b.finding("union", ada, "shoulder-patch-2019", [(away, away_at, 0.94)])
    b.finding("costume", ben, "star-badge", [(desk, desk_at, 0.58)])
    b.finding("fair", ada, "star-badge", [(fair, fair_at, 0.92)])
    b.coverage(ada)
    with record.transaction() as tx:
        tx.add(
            AssetScan(
                id=digest(b.assets["night"], "copies", "2"),
                asset_sha256=b.assets["night"],
                detector="copies",
                version="2",
                run_id=b.run.id,
                outcome=ScanOutcome.FAILED,
                detail="too large",
                scanned_at=b.run.started_at,
            )
        )
        html = blobs.put(
            b"<!doctype html><title>Week 17</title><style>body{margin:40px}</style><h1>Week 17 of 2026</h1>"
        )
        figures = blobs.put(b'{"week":"2026-W17"}')
        report = ReportFile(
            id=digest("2026-W17"), week="2026-W17", as_of=start - timedelta(days=4), is_draft=False, html_sha256=html, json_sha256=figures,
            audit_sequence=12, audit_head="7c1e" + "0" * 60, generated_by="system", generated_at=start - timedelta(days=4),
        )  # fmt: skip
        tx.add(report)
    confirmed, dismissed = b.findings["fair star-badge"], b.findings["costume star-badge"]
    b.verdict(confirmed, "rosa", Verdict.CONFIRMED, hours=2)
    b.verdict(confirmed, "theo", Verdict.CONFIRMED, hours=1)
    b.verdict(dismissed, "rosa", Verdict.NOT_DEPARTMENT_MATERIAL)
    b.verdict(b.findings["union shoulder-patch-2019"], "theo", Verdict.PROTECTED_ACTIVITY)
    index = MemoryIndex()
    rebuild(record, blobs, index, at=start - timedelta(minutes=30))
    documents = index.search(Query(), size=1000).hits
    record.close()
    return Town(
        folder=folder,
        documents=documents,
        findings=b.findings,
        posts=b.posts,
        assets=b.assets,
        exemplars=b.exemplars,
        report=report.id,
    )
