"""
The figures of a weekly report. Each says what it counts; none names or ranks a registrant (guardrail G28).

Longer than most modules because it is one list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from footprint.identifiers import Kind
from footprint.weekly.facts import Head
from footprint.weekly.quality import Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetches:
    """How planned fetches ended. `unfinished` ones have no ending on record; all but `planned` add up to it."""

    planned: int
    fetched: int
    unchanged: int
    gone: int
    not_public: int
    robots_denied: int
    rate_deferred: int
    error: int
    unsupported: int
    unfinished: int

    @property
    def looked_at(self) -> int:
        """Those that say what there was, or that there was nothing any more."""
        return self.fetched + self.unchanged + self.gone

    @property
    def not_looked_at(self) -> int:
        """The others."""
        return self.planned - self.looked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """
    Registered accounts in scope at the cut-off: with all, some or none of their planned pages looked at in the week. `out_of_scope` are
    those that may not be read: not approved yet, paused, expired, or outside of employment.
    """

    in_scope: int
    in_full: int
    in_part: int
    not_at_all: int
    out_of_scope: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """
    Media that the week's runs looked at or should have: by all detectors that can read their sort, by some, or by none, because all failed or
    none reads that sort. `waiting` ones were fetched in the week and seen by no detector yet.
    """

    looked_at: int
    in_part: int
    failed: int
    unsupported: int
    waiting: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.looked_at + self.in_part + self.not_looked_at

    @property
    def not_looked_at(self) -> int:
        """Those of which no detector can say anything."""
        return self.failed + self.unsupported + self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Scans that began in the week: ended by themselves, cut off by a crash or kill, or without an end on record."""

    started: int
    ended: int
    cut_off: int
    unfinished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformCoverage:
    """Coverage of one platform."""

    platform: str
    accounts: Accounts
    pages: Fetches
    media: Fetches


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was looked at in the week, and what was not."""

    runs: Runs
    accounts: Accounts
    pages: Fetches
    media: Fetches
    assets: Assets
    platforms: tuple[PlatformCoverage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorFigures:
    """
    A connector that somebody had to look at. `runs` of the week read its platform; `runs_with_alarm` of them gave one of the `alarms`.
    `left_out` accounts were not read because of their platform, for these `reasons`. `new_fields` in its answers were not there before: counted, since a
    server could name a person in them.
    """

    platform: str
    runs: int
    runs_with_alarm: int
    alarms: tuple[str, ...]
    left_out: int
    reasons: tuple[str, ...]
    new_fields: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """
    Findings of the week: `new` were found in it, of which a permission covers `covered`; `open` and `second_review` wait at the cut-off,
    whenever they were found; the others were decided so in the week and still stand.
    """

    new: int
    covered: int
    open: int
    second_review: int
    confirmed: int
    permitted: int
    dismissed: int
    insufficient: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Every finding ever made, in exactly one state at the cut-off. What went to counsel is not counted anywhere."""

    total: int
    open: int
    second_review: int
    confirmed: int
    permitted: int
    dismissed: int
    insufficient: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOutcomes:
    """Outcomes of one kind of material."""

    kind: Kind
    outcomes: Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformOutcomes:
    """Outcomes on one platform, and its new findings by kind."""

    platform: str
    outcomes: Outcomes
    new_by_kind: Mapping[Kind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesWeek:
    """Confirmed findings of one week by kind, and how many runs began in it: without any, nothing was looked at."""

    week: str
    runs: int
    confirmed: Mapping[Kind, int]

    @property
    def total(self) -> int:
        """Confirmed findings of all kinds."""
        return sum(self.confirmed.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Fewest and most confirmed findings of the eight weeks before, of those in which a run began; `weeks` says how many there were."""

    low: int
    high: int
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """
    Findings decided in the week, and how long after they were found: half of them within `median_s` seconds, nine in ten within `p90_s`.
    `oldest_open_s` is the age at the cut-off of the oldest that waits.
    """

    decided: int
    median_s: int | None
    p90_s: int | None
    oldest_open_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """
    One finding confirmed in the week, under a number that says nothing about whom.

    `gone_at` is when a look-up found the post deleted; `days_public` counts begun days from publication to then, or to the cut-off.
    """

    number: str
    kind: Kind
    platform: str
    posted_at: datetime
    found_at: datetime
    confirmed_at: datetime
    gone_at: datetime | None
    days_public: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """Permissions in force at the cut-off, and when those end that do so within 30 days."""

    in_force: int
    ending: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorFigures:
    """
    One version of a detector in the week: what its looks at assets came to.

    `judged` counts findings of any week that it supports and people have judged, `department_material` those of them that do show it; the
    share lies between `precision_low` and `precision_high` with 95 % confidence (Wilson), None where nothing was judged. These
    three are of the detector's name, whatever its version.
    """

    name: str
    version: str
    found: int
    nothing: int
    failed: int
    unsupported: int
    judged: int
    department_material: int
    precision_low: float | None
    precision_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """What people did in the week: findings diverted to counsel, and every audited act by its name."""

    diversions: int
    acts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReport:
    """
    All figures of one ISO week, from `start` to before `end` in the department's time zone, as the record had them before `as_of`.

    `earlier_still_public` counts findings confirmed before the week whose posts have not been found deleted.
    """

    week: str
    start: datetime
    end: datetime
    as_of: datetime
    is_draft: bool
    department: str
    policy_version: str
    time_zone: str
    coverage: Coverage
    connectors: tuple[ConnectorFigures, ...]
    outcomes: Outcomes
    stock: Stock
    kinds: tuple[KindOutcomes, ...]
    platforms: tuple[PlatformOutcomes, ...]
    band: Band | None
    series: tuple[SeriesWeek, ...]
    review: Review
    matters: tuple[Matter, ...]
    earlier_still_public: int
    permissions: Permissions
    detectors: tuple[DetectorFigures, ...]
    quality: Quality
    oversight: Oversight
    audit_head: Head
