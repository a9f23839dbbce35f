"""How a platform's crawls went, from the coverage: whether one reads as it did before, or something has changed that nobody noticed."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from footprint.coverage import LOOKED_AT, PLATFORM_REFUSED, CoverageEntry, Outcome, Target

LEFT_OUT = re.compile(r"(\d+) broken items? (?:was|were) left out")
NEW_FIELDS = re.compile(r"new fields: ([^;]+)")
MOST_TOLD = 12
"""New fields that the coverage of one page names."""

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
    """
    What one run brought of one platform: pages by how they ended, items on them that its parser could not read, and fields in its answers
    that none before had.
    """

    run_id: str
    at: datetime
    pages: int
    read: int
    failed: int
    unreadable: int
    new_fields: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The figures in words."""
        broken = f", {self.unreadable} unreadable items" if self.unreadable else ""
        return f"{self.read} of {self.pages} pages{broken}, {self.at:%Y-%m-%d}"


def yields_of(entries: Iterable[CoverageEntry]) -> tuple[Yield, ...]:
    """The yields of one platform's runs, the oldest first. Entries of media say nothing of its parser, nor do accounts that were left out."""
    runs: dict[str, list[CoverageEntry]] = {}
    for entry in entries:
        if entry.target is Target.PAGE and not entry.detail.startswith(PLATFORM_REFUSED):
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
        new_fields=tuple(sorted({name for page in pages for name in _new_fields(page.detail)})),
    )


def _new_fields(detail: str) -> list[str]:
    found = NEW_FIELDS.search(detail)
    return found[1].split(", ") if found else []


def page_detail(unreadable: int, new_fields: Sequence[str]) -> str:
    """What the coverage entry of a page says that was read: what it is that `yields_of` reads again."""
    told = [f"{unreadable} broken items were left out"] if unreadable else []
    told += [f"new fields: {', '.join(new_fields[:MOST_TOLD])}"] if new_fields else []
    return "; ".join(told)


def new_fields(yields: Sequence[Yield]) -> str:
    """Which fields the last runs met for the first time, in a sentence; "" where none. It is no alarm: what was read before still is."""
    names = sorted({name for y in yields[-RUNS_COMPARED:] for name in y.new_fields})
    return f"New fields in its answers: {', '.join(names)}. Somebody should see whether they matter." if names else ""


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
