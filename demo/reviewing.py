"""What the reviewers of the story decide between the scans: a beginning, so that queue, search and report have something to show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from demo.truth import Row, Truth
from flows.wiring import House, now
from footprint.acts import reviews
from footprint.digests import digest
from footprint.findings import Finding, finding_id
from footprint.reviews import Element, ReviewDecision, Verdict
from footprint.users import User

_CONFIRMED, _FIRST_LOOK, _PERMITTED, _INSUFFICIENT = 6, 3, 10, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opinion:
    """What one reviewer says of one finding."""

    finding: str
    reviewer: str
    verdict: Verdict
    permission: str | None = None
    note: str = ""


def review(house: House, truth: Truth, *, staff: Mapping[str, User]) -> int:
    """Let the reviewers decide on some findings of the first scan. Returns how many decisions there are."""
    count = 0
    for opinion in _opinions(house, truth):
        at = now()
        decision = ReviewDecision(
            id=digest(opinion.finding, opinion.reviewer, at.isoformat()),
            finding_id=opinion.finding,
            reviewer=opinion.reviewer,
            verdict=opinion.verdict,
            elements=tuple(Element) if opinion.verdict is Verdict.CONFIRMED else (),
            permission_id=opinion.permission,
            note=opinion.note,
            decided_at=at,
        )
        reviews.decide(house.record, decision, actor=staff[opinion.reviewer], at=at)
        count += 1
    return count


def _opinions(house: House, truth: Truth) -> Iterator[_Opinion]:
    found = {finding.id for finding in house.record.select(Finding)}
    rows = [row for row in truth.rows if not row.unreached and _finding(row) in found]
    uncovered = iter([row for row in rows if row.covered_by is None])
    for row in islice(uncovered, _CONFIRMED):
        yield _Opinion(finding=_finding(row), reviewer="rosa", verdict=Verdict.CONFIRMED)
        yield _Opinion(finding=_finding(row), reviewer="theo", verdict=Verdict.CONFIRMED)
    for row in islice(uncovered, _FIRST_LOOK):
        yield _Opinion(finding=_finding(row), reviewer="theo", verdict=Verdict.CONFIRMED)
    for row in islice(uncovered, _INSUFFICIENT):
        yield _Opinion(
            finding=_finding(row), reviewer="rosa", verdict=Verdict.INSUFFICIENT, note="Too dark to be sure of it."
        )
    for row in islice((row for row in rows if row.covered_by), _PERMITTED):
        yield _Opinion(finding=_finding(row), reviewer="rosa", verdict=Verdict.PERMITTED, permission=row.covered_by)


def _finding(row: Row) -> str:
    return finding_id(row.post, row.identifier)
