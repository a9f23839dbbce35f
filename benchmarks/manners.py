"""What is polite, judged from what a world wrote down of the requests of one spider: rules of the benchmark's own, told in its terms."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

PER_MINUTE, DELAY_S = 8, 2.0
"""What the operator allows; a platform's own figure may be smaller."""

MARK = "closed"
"""Addresses with this parameter set to 1 are those that robots.txt forbids."""

BLOCKS, COOL_DOWN_S = 3, 3600.0
"""What is promised: after so many refusals in a row a domain is left alone for so long."""

SLACK_S = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One request as the world wrote it down: to whose domain, for what, and what was said to it."""

    scene: str
    at: float
    domain: str
    host: str
    path: str
    is_refusal: bool
    wait_s: float

    @property
    def is_robots(self) -> bool:
        """Whether it is for the rules themselves."""
        return self.path == "/robots.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one spider did; the module says what the names mean."""

    name: str
    asked: int
    per_minute: int
    allowed: int
    least_gap_s: float
    robots_asked: int
    forbidden: int
    forbidden_asked: int
    terms: bool
    after_blocks: int
    blocks: int
    too_early: int
    waits: int
    crawls: int
    forms: int

    @property
    def broken(self) -> list[str]:
        """Rules that were broken, or that nothing put to the test."""
        rules = {
            f"{self.per_minute} requests in a minute, {self.allowed} are allowed": self.per_minute > self.allowed,
            f"{self.least_gap_s:.3f} s between two requests": self.least_gap_s < DELAY_S - SLACK_S,
            "robots.txt was asked for more than once in a crawl": self.robots_asked > self.crawls,
            "robots.txt was not asked for": not self.terms and not self.robots_asked,
            f"{self.forbidden_asked} forbidden pages were asked for": bool(self.forbidden_asked) and not self.terms,
            "no page was forbidden": not self.forbidden,
            f"{self.after_blocks} requests after {BLOCKS} refusals": bool(self.after_blocks),
            f"{self.blocks} of the three worlds that refuse did so {BLOCKS} times": self.blocks < 3,
            f"{self.too_early} requests came too early": bool(self.too_early),
            f"{self.waits} of {self.forms} waits were told": self.waits < self.forms,
        }
        return [f"{self.name}: {rule}" for rule, is_broken in rules.items() if is_broken]


def judged(
    name: str, notes: Sequence[Noted], *, owed: int, allowed: int, terms: bool, home: str, crawls: int, forms: int
) -> Figures:
    """
    The figures of one spider by what the world wrote down.

    `home` is the host of its pages, `owed` how many forbidden pages it owed; it made so many `crawls`, and there are so many `forms` of a wait.
    """
    by_domain = defaultdict(list)
    for note in notes:
        by_domain[note.scene, note.domain].append(note)
    gaps = [after.at - before.at for some in by_domain.values() for before, after in pairwise(some)]
    return Figures(
        name=name,
        asked=len(notes),
        per_minute=max(_most_in_a_minute(some) for some in by_domain.values()),
        allowed=allowed,
        least_gap_s=min(gaps),
        robots_asked=sum(note.is_robots and note.host == home for note in notes),
        forbidden=owed,
        forbidden_asked=sum(f"{MARK}=1" in note.path and note.scene == "open" for note in notes),
        terms=terms,
        after_blocks=sum(_after_blocks(some) for some in by_domain.values()),
        blocks=sum(_is_blocked(some) for some in by_domain.values()),
        too_early=sum(_too_early(some) for some in by_domain.values()),
        waits=sum(note.wait_s > 0 for note in notes),
        crawls=crawls,
        forms=forms,
    )


def _most_in_a_minute(notes: Sequence[Noted]) -> int:
    times = [note.at for note in notes]
    return max(sum(at <= other < at + 60.0 - SLACK_S for other in times) for at in times)


def _blocked_at(notes: Sequence[Noted]) -> float | None:
    """When the last of the first BLOCKS refusals in a row came, None where there were not so many."""
    in_a_row = 0
    for note in notes:
        in_a_row = in_a_row + 1 if note.is_refusal else 0
        if in_a_row == BLOCKS:
            return note.at
    return None


def _is_blocked(notes: Sequence[Noted]) -> bool:
    return _blocked_at(notes) is not None


def _after_blocks(notes: Sequence[Noted]) -> int:
    at = _blocked_at(notes)
    return 0 if at is None else sum(at < note.at < at + COOL_DOWN_S - SLACK_S for note in notes)


def _too_early(notes: Sequence[Noted]) -> int:
    return sum(after.at < before.at + before.wait_s - SLACK_S for before, after in pairwise(notes))
