"""The weekly exposure report: one pure function from the facts of an ISO week to its figures, and the record of what was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from footprint.reviews import FindingState
from footprint.weekly.connectors import connectors
from footprint.weekly.coverage import coverage
from footprint.weekly.detectors import detectors
from footprint.weekly.facts import Facts, PermissionFact
from footprint.weekly.figures import Oversight, Permissions, WeeklyReport
from footprint.weekly.outcomes import band, by_kind, by_platform, in_week, matters, outcomes, review, series, stock
from footprint.weekly.quality import quality
from footprint.weekly.stands import matter_numbers, stand

ENDING_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """
    One written report. `id` is digest(week, as_of, json_sha256); `week` is such as `2026-W14`.

    It counts what was recorded before `as_of`, and the audit chain up to `audit_sequence`, whose digest is `audit_head` (GENESIS where
    there is none). The page and the figures lie among the blobs. A draft was written before its week had ended.
    """

    id: str
    week: str
    as_of: datetime
    is_draft: bool
    html_sha256: str
    json_sha256: str
    audit_sequence: int
    audit_head: str
    generated_by: str
    generated_at: datetime


def summarise(facts: Facts) -> WeeklyReport:
    """
    The figures of a week.

    Pure, and indifferent to the order of the facts. What a reviewer diverted to counsel is in no figure but the count of diversions
    (guardrail G13).
    """
    scope = facts.scope
    everything = tuple(stand(fact) for fact in facts.findings)
    shown = tuple(s for s in everything if s.state is not FindingState.WITH_COUNSEL)
    weeks = series(facts, shown)
    return WeeklyReport(
        week=str(scope.week),
        start=scope.bounds.start,
        end=scope.bounds.end,
        as_of=scope.as_of,
        is_draft=scope.is_draft,
        department=scope.department,
        policy_version=scope.policy_version,
        time_zone=scope.time_zone,
        coverage=coverage(facts),
        connectors=connectors(facts),
        outcomes=outcomes(shown, scope),
        stock=stock(shown),
        kinds=by_kind(shown, scope),
        platforms=by_platform(shown, scope),
        band=band(weeks),
        series=weeks,
        review=review(shown, scope),
        matters=matters(shown, matter_numbers(everything), scope),
        earlier_still_public=sum(
            s.state is FindingState.CONFIRMED and s.since < scope.bounds.start and s.fact.gone_at is None for s in shown
        ),
        permissions=_permissions(facts.permissions, scope.cut_off),
        detectors=detectors(facts.detector_looks, shown),
        quality=quality(facts),
        oversight=Oversight(
            diversions=sum(s.state is FindingState.WITH_COUNSEL and in_week(s.since, scope) for s in everything),
            acts=dict(sorted(facts.acts.items())),
        ),
        audit_head=facts.head,
    )


def _permissions(permissions: Iterable[PermissionFact], at: datetime) -> Permissions:
    in_force = [
        p
        for p in permissions
        if p.valid_from <= at and p.revoked_at is None and (p.valid_until is None or at < p.valid_until)
    ]
    ends = sorted(p.valid_until for p in in_force if p.valid_until is not None and p.valid_until - at <= ENDING_WITHIN)
    return Permissions(in_force=len(in_force), ending=tuple(ends))
