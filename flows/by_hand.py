"""Runs that a person starts for one account: recorded like a scan's, without waiting for Prefect."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flows.bar import bar
from flows.wiring import House, now
from footprint import projection
from footprint.accounts import Account
from footprint.coverage import Run, RunEnd
from footprint.errors import RecordUnavailable
from footprint.findings import ScanOutcome
from footprint.users import User
from pipelines.fold import fold_findings
from pipelines.scan import scan_assets, unable, versions_of


def begin(house: House, run: Run, account: Account, *, action: str, purpose: str, detail: Mapping[str, Any]) -> None:
    """Record that a run begins, and who wanted what of which account, and why."""
    with house.record.transaction() as tx:
        tx.add(run)
        tx.audit(
            at=run.started_at,
            actor=run.actor,
            action=action,
            subject=account.id,
            purpose=purpose,
            detail={"run": run.id, **detail},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """How the detectors' looks ended, why any of them cannot look, and how many findings are new."""

    pictures: Mapping[ScanOutcome, int]
    unable: Mapping[str, str]
    new_findings: int


def detect(house: House, run: Run) -> Detected:
    """Let the detectors look at what is new, fold and index."""
    bank = house.bank()
    with bar() as progress:
        bank.learn(progress)
        detectors = bank.build()
        versions = versions_of(detectors)
        pictures = scan_assets(
            house.record,
            house.blobs,
            bank,
            versions=versions,
            run_id=run.id,
            limits=house.limits(),
            clock=now,
            progress=progress,
        )
    found = fold_findings(house.record, versions=versions, run_id=run.id, clock=now)
    with suppress(RecordUnavailable):  # nothing is lost: the outbox keeps what waits, and the next scan catches up
        projection.drain(house.record, house.blobs, house.index, at=now())
    return Detected(pictures=pictures, unable=unable(detectors), new_findings=found)


def end(house: House, run: Run, actor: User, outcome: str) -> None:
    """Record that a run ended."""
    with house.record.transaction() as tx:
        tx.add(RunEnd(id=run.id, ended_at=now(), outcome=outcome))
        tx.audit(at=now(), actor=actor.name, action="run.ended", subject=run.id, purpose=outcome)
