"""What was looked at and what was not: every planned fetch ends as exactly one entry."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from footprint.digests import digest


class Target(StrEnum):
    """What a planned fetch is for."""

    PAGE = "page"
    MEDIA = "media"


class Outcome(StrEnum):
    """How a planned fetch ended."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    NOT_PUBLIC = "not_public"
    ROBOTS_DENIED = "robots_denied"
    RATE_DEFERRED = "rate_deferred"
    GONE = "gone"
    ERROR = "error"
    UNSUPPORTED = "unsupported"


PLATFORM_REFUSED = "not to be read now: "
"""How the detail begins of the coverage of an account that a run left out because of its platform. What follows names no person and no account."""

LOOKED_AT = frozenset({Outcome.FETCHED, Outcome.UNCHANGED, Outcome.GONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One scan, started by a person or a schedule."""

    id: str
    actor: str
    started_at: datetime


CUT_OFF = "cut off"
"""Outcome of a run that a crash or a kill ended, and detail of the coverage entries of what it left open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """A run that ended; `id` is the run's. One without it is at work, or was cut off and not closed yet."""

    id: str
    ended_at: datetime
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFetch:
    """Something that a run means to fetch. `id` is digest(run, account, url)."""

    id: str
    run_id: str
    account_id: str
    target: Target
    url: str
    planned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageEntry:
    """What a planned fetch ended as; `id` is the plan's. `detail` says why in plain words."""

    id: str
    run_id: str
    account_id: str
    target: Target
    url: str
    outcome: Outcome
    detail: str = ""
    status: int | None = None
    ended_at: datetime


def plan_id(run_id: str, account_id: str, url: str) -> str:
    """Identity of a planned fetch and of its coverage entry."""
    return digest(run_id, account_id, url)


def ending(
    plan: PlannedFetch, outcome: Outcome, at: datetime, *, detail: str = "", status: int | None = None
) -> CoverageEntry:
    """The coverage entry that ends a plan."""
    return CoverageEntry(
        id=plan.id, run_id=plan.run_id, account_id=plan.account_id, target=plan.target, url=plan.url,
        outcome=outcome, detail=detail, status=status, ended_at=at,
    )  # fmt: skip
