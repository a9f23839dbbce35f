"""What the last run looked at and what it could not: the first thing that a page says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from footprint.coverage import LOOKED_AT, CoverageEntry, Outcome, PlannedFetch, Run, RunEnd, Target
from footprint.findings import SEEN, AssetScan, ScanOutcome
from footprint.ports import Between, Reader

RECENTLY = timedelta(days=60)
READ_NOW = frozenset({Outcome.FETCHED, Outcome.GONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """
    The coverage of one run. `pages` and `media` count planned fetches by outcome; `open_plans` those that have not ended;
    `unseen` counts media that were fetched but that a detector failed at, or that are of a sort which none reads.
    """

    run: Run
    end: RunEnd | None
    planned_pages: int
    pages: Mapping[Outcome, int]
    media: Mapping[Outcome, int]
    open_plans: int
    unseen: Mapping[ScanOutcome, int]

    @property
    def seen(self) -> int:
        """Pages that were read and had something new."""
        return sum(number for outcome, number in self.pages.items() if outcome in READ_NOW)

    @property
    def same(self) -> int:
        """Pages that were read and had not changed."""
        return self.pages.get(Outcome.UNCHANGED, 0)

    @property
    def missed(self) -> int:
        """Planned pages that were not looked at, for whatever reason."""
        return self.planned_pages - self.seen - self.same

    @property
    def reasons(self) -> Mapping[Outcome, int]:
        """Why pages were not looked at."""
        return {outcome: number for outcome, number in self.pages.items() if outcome not in LOOKED_AT}

    @property
    def media_missed(self) -> int:
        """Media that could not be fetched."""
        return sum(number for outcome, number in self.media.items() if outcome not in LOOKED_AT)


def last_run(record: Reader, at: datetime) -> Looked | None:
    """The coverage of the latest run, None where there was none lately."""
    runs = record.select(Run, started_at=Between(at - RECENTLY, at + timedelta(seconds=1)))
    run = max(runs, key=lambda r: (r.started_at, r.id), default=None)
    if run is None:
        return None
    entries = Counter((e.target, e.outcome) for e in record.select(CoverageEntry, run_id=run.id))
    planned = Counter(plan.target for plan in record.select(PlannedFetch, run_id=run.id))
    return Looked(
        run=run,
        end=record.get(RunEnd, run.id),
        planned_pages=planned[Target.PAGE],
        pages={o: n for (target, o), n in entries.items() if target is Target.PAGE},
        media={o: n for (target, o), n in entries.items() if target is Target.MEDIA},
        open_plans=planned.total() - entries.total(),
        unseen=_unseen(record, run),
    )


def _unseen(record: Reader, run: Run) -> Mapping[ScanOutcome, int]:
    failed, unread = (
        {s.asset_sha256 for s in record.select(AssetScan, run_id=run.id, outcome=outcome)}
        for outcome in (ScanOutcome.FAILED, ScanOutcome.UNSUPPORTED)
    )
    seen = record.select(AssetScan, run_id=run.id, asset_sha256=unread, outcome=SEEN)
    unread -= failed | {s.asset_sha256 for s in seen}
    counts = {ScanOutcome.FAILED: len(failed), ScanOutcome.UNSUPPORTED: len(unread)}
    return {outcome: number for outcome, number in counts.items() if number}
