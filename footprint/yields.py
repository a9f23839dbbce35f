"""How a platform's crawls went, from the coverage: whether one reads as it did before, or something has changed that nobody noticed."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from footprint.coverage import LOOKED_AT, CoverageEntry, Outcome, Target

LEFT_OUT = re.compile(r"(\d+) broken items? (?:was|were) left out")
RUNS_COMPARED = 5
DROP = 0.5
"""Pages read by the last run against the median of those before it, below which an alarm is due."""

LEAST_RUNS = 3
"""Runs before, from which on they tell what is usual: the first one reads all that there ever was, the later ones what is new."""

LEAST_PAGES = 4
"""Of that median: of fewer, half is nothing to be alarmed about."""

EXPECTED = LOOKED_AT | {Outcome.NOT_PUBLIC, Outcome.ROBOTS_DENIED, Outcome.RATE_DEFERRED, Outcome.GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What one run brought of one platform: pages by how they ended, and items on them that its parser could not read."""

    run_id: str
    at: datetime
    pages: int
    read: int
    failed: int
    unreadable: int

    def sentence(self) -> str:
        """The figures in words."""
        broken = f", {self.unreadable} unreadable items" if self.unreadable else ""
        return f"{self.read} of {self.pages} pages{broken}, {self.at:%Y-%m-%d}"


def yields_of(entries: Iterable[CoverageEntry]) -> tuple[Yield, ...]:
    """The yields of one platform's runs, the oldest first. Entries of media say nothing of its parser."""
    runs: dict[str, list[CoverageEntry]] = {}
    for entry in entries:
        if entry.target is Target.PAGE:
            runs.setdefault(entry.run_id, []).append(entry)
    return tuple(sorted((_yield(run, pages) for run, pages in runs.items()), key=lambda y: (y.at, y.run_id)))


def _yield(run_id: str, pages: Sequence[CoverageEntry]) -> Yield:
    ended = Counter(page.outcome for page in pages)
    return Yield(
        run_id=run_id,
        at=max(page.ended_at for page in pages),
        pages=len(pages),
        read=sum(count for outcome, count in ended.items() if outcome in LOOKED_AT),
        failed=sum(count for outcome, count in ended.items() if outcome not in EXPECTED),
        unreadable=sum(int(found[1]) for page in pages if (found := LEFT_OUT.search(page.detail))),
    )


def alarm(yields: Sequence[Yield]) -> str:
    """What is wrong with the last of a platform's runs, in a sentence; "" where nothing is."""
    if not yields:
        return ""
    last, before = yields[-1], yields[-1 - RUNS_COMPARED : -1]
    if last.unreadable:
        return f"The last run could not read {last.unreadable} items: the platform may have changed what it answers."
    if last.failed and last.failed >= last.read:
        return f"The last run failed on {last.failed} of {last.pages} pages."
    usual = median([y.read for y in before]) if len(before) >= LEAST_RUNS else 0
    if usual >= LEAST_PAGES and last.read < DROP * usual:
        return f"The last run read {last.read} pages, those before it {usual:g}: the yield has dropped."
    return ""
