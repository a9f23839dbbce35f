"""Facts made by hand: a week, and findings with decisions in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from footprint.audit import GENESIS
from footprint.identifiers import Kind
from footprint.reviews import ReviewDecision, Verdict
from footprint.weekly.facts import Facts, FindingFact, Head, Scope
from footprint.weeks import Week

WEEK = Week(2026, 19)
SCOPE = Scope(
    week=WEEK,
    as_of=datetime.fromisoformat("2026-05-12T06:00:00+00:00"),
    department="Riverton Police Department",
    policy_version="3",
    time_zone="America/Los_Angeles",
)
NOTHING = Facts(
    scope=SCOPE,
    head=Head(sequence=0, digest=GENESIS),
    runs=(),
    accounts=(),
    looks=(),
    detector_looks=(),
    assets={},
    findings=(),
    permissions=(),
    acts={},
)


@pytest.fixture
def monday() -> datetime:
    """When the week begins."""
    return SCOPE.bounds.start


@pytest.fixture
def facts() -> Callable[..., Facts]:
    """Facts of 2026-W19 as of the Monday after, with nothing in them but what is given; `as_of` may be given, too."""

    def make(*, as_of: datetime | None = None, **given: Any) -> Facts:
        return replace(NOTHING, scope=replace(SCOPE, as_of=as_of or SCOPE.as_of), **given)

    return make


@pytest.fixture
def finding(monday: datetime) -> Callable[..., FindingFact]:
    """
    A finding `found` so many hours after Monday's midnight, with decisions (verdict or name of the undone reviewer, hours) by reviewers
    in turn.
    """
    numbers = count()

    def make(*decisions: tuple[Verdict, float], found: float = 0, by: str = "", **given: Any) -> FindingFact:
        number = next(numbers)
        made = tuple(
            ReviewDecision(
                id=f"{number}-{place}",
                finding_id=f"finding-{number}",
                reviewer=by or f"reviewer {place}",
                verdict=verdict,
                decided_at=monday + timedelta(hours=hours),
            )
            for place, (verdict, hours) in enumerate(decisions)
        )
        plain = {"kind": Kind.PATCH, "platform": "mastodon", "posted_at": monday + timedelta(hours=found - 1)}
        return FindingFact(
            id=f"finding-{number}", found_at=monday + timedelta(hours=found), decisions=made, **(plain | given)
        )

    return make


@pytest.fixture
def nothing() -> Facts:
    """Facts of 2026-W19 as of the Monday after, with nothing in them."""
    return NOTHING
