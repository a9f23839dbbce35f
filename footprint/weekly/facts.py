"""What the record says about one week: the input of the weekly report, which `footprint.reports.summarise` turns into figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from footprint.coverage import Outcome, Target
from footprint.findings import ScanOutcome
from footprint.identifiers import Kind
from footprint.ports import Between
from footprint.reviews import ReviewDecision
from footprint.suspensions import DetectorEvent
from footprint.thresholds import Threshold
from footprint.weeks import Week
from footprint.yields import Yield

SERIES_WEEKS = 13
"""The week and those before it of which confirmed findings are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """
    Which week is asked about, and what the record is not asked for because it is a setting.

    What was recorded at `as_of` or later does not count, so that the same question has the same answer for ever.
    """

    week: Week
    as_of: datetime
    department: str
    policy_version: str
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        """The department's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def bounds(self) -> Between:
        """The week."""
        return self.week.bounds(self.zone)

    @property
    def cut_off(self) -> datetime:
        """The moment whose state is reported: the end of the week, or `as_of` while it has not ended."""
        return min(self.as_of, self.bounds.end)

    @property
    def is_draft(self) -> bool:
        """Whether the week had not ended."""
        return self.as_of < self.bounds.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The audit event up to which the chain is counted; sequence 0 and GENESIS where there is none."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFact:
    """A run. One that neither ended nor was closed as cut off may still be at work."""

    started_at: datetime
    has_ended: bool
    was_cut_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFact:
    """A registration that was not withdrawn; in scope if it may be read at the cut-off."""

    id: str
    platform: str
    in_scope: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How many planned fetches of one account ended alike. `outcome` is None where no ending is on record."""

    account_id: str
    platform: str
    target: Target
    outcome: Outcome | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorLooks:
    """How many of one detector's looks at assets ended alike."""

    detector: str
    version: str
    outcome: ScanOutcome
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorFact:
    """
    What the runs brought of one platform, the oldest first: those of the week, and `before` them some to compare with. `left_out` says by
    account why a run of the week left it out because of its platform.
    """

    platform: str
    yields: tuple[Yield, ...]
    before: int
    left_out: Mapping[str, str]


class AssetLook(StrEnum):
    """How far the detectors together could look at one asset."""

    LOOKED_AT = "looked_at"
    IN_PART = "in_part"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFact:
    """
    A finding, with its decisions before the cut-off.

    `is_covered` says whether the last search named a permission; it is asked for findings of the week. `posted_at` is known of findings with a
    decision, as are `gone_at`, when a look-up last found the post deleted, and the `detectors` that support the finding.
    """

    id: str
    kind: Kind
    platform: str
    found_at: datetime
    decisions: tuple[ReviewDecision, ...]
    is_covered: bool = False
    posted_at: datetime | None = None
    gone_at: datetime | None = None
    detectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionFact:
    """A permission granted before the cut-off."""

    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """
    All that a weekly report is made from. No order means anything.

    `runs` and `findings` reach back for the series; the rest is of the week. `acts` counts audit events by action. `thresholds` and
    `detector_events` are all there were before the cut-off.
    """

    scope: Scope
    head: Head
    runs: tuple[RunFact, ...]
    accounts: tuple[AccountFact, ...]
    looks: tuple[Looks, ...]
    detector_looks: tuple[DetectorLooks, ...]
    assets: Mapping[AssetLook, int]
    findings: tuple[FindingFact, ...]
    permissions: tuple[PermissionFact, ...]
    acts: Mapping[str, int]
    thresholds: tuple[Threshold, ...] = ()
    detector_events: tuple[DetectorEvent, ...] = ()
    connectors: tuple[ConnectorFact, ...] = ()


def asset_look(outcomes: frozenset[ScanOutcome]) -> AssetLook:
    """What several detectors' looks at one asset add up to; none at all is waiting."""
    seen = outcomes & {ScanOutcome.FOUND, ScanOutcome.NOTHING}
    if not outcomes:
        return AssetLook.WAITING
    if seen:
        return AssetLook.LOOKED_AT if outcomes <= seen | {ScanOutcome.UNSUPPORTED} else AssetLook.IN_PART
    return AssetLook.FAILED if ScanOutcome.FAILED in outcomes else AssetLook.UNSUPPORTED
