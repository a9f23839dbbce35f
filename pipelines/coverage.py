"""Keeps the promise that every planned fetch ends as exactly one coverage entry, whatever became of the process that planned it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from footprint.coverage import CUT_OFF, LOOKED_AT, CoverageEntry, Outcome, PlannedFetch, Run, RunEnd, ending
from footprint.findings import ScanOutcome
from footprint.ports import Record


def is_complete(
    coverage: Mapping[Outcome, int], pictures: Mapping[ScanOutcome, int], unable: Mapping[str, str]
) -> bool:
    """
    Whether a run could look at everything that the rules allow to look at.

    `coverage` counts how its planned fetches ended, `pictures` how the detectors' looks ended; `unable` are detectors that cannot look.
    """
    seen = LOOKED_AT | {Outcome.ROBOTS_DENIED, Outcome.NOT_PUBLIC}
    unseen = sum(count for outcome, count in coverage.items() if outcome not in seen)
    return not (unseen or pictures.get(ScanOutcome.FAILED) or unable)


def close_plans(record: Record, run_id: str, *, at: datetime, account_id: str | None = None) -> int:
    """End what a crawl left open, of one account or of a whole run, as `error`, cut off. Returns how many."""
    conditions = {"run_id": run_id} | ({"account_id": account_id} if account_id else {})
    ended = {entry.id for entry in record.select(CoverageEntry, **conditions)}
    left = [plan for plan in record.select(PlannedFetch, **conditions) if plan.id not in ended]
    if left:
        with record.transaction() as tx:
            for plan in left:
                tx.add(ending(plan, Outcome.ERROR, at, detail=CUT_OFF))
    return len(left)


def close_runs(record: Record, *, at: datetime) -> tuple[str, ...]:
    """End the runs that were cut off by a crash or a kill. Call while no scan is running. Returns their ids."""
    ended = {end.id for end in record.select(RunEnd)}
    cut_off = tuple(run.id for run in record.select(Run) if run.id not in ended)
    for run_id in cut_off:
        close_plans(record, run_id, at=at)
        with record.transaction() as tx:
            tx.add(RunEnd(id=run_id, ended_at=at, outcome=CUT_OFF))
            tx.audit(at=at, actor="system", action="run.cut_off", subject=run_id)
    return cut_off


def counts(record: Record, run_id: str) -> Counter[Outcome]:
    """How the planned fetches of a run ended."""
    return Counter(entry.outcome for entry in record.select(CoverageEntry, run_id=run_id))
