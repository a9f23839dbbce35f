"""Whom and when the policy reaches (guardrail G17), at its boundaries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from footprint.accounts import Account, AccountRole, Basis, Registrant
from footprint.jurisdiction import Policy, out_of_jurisdiction

POLICY = Policy(version="3", effective_from=datetime(2026, 1, 1, tzinfo=UTC))
HIRED, NOTICED, LEFT = (datetime(2026, month, 1, tzinfo=UTC) for month in (2, 3, 6))
REGISTRANT = Registrant(
    id="R-1", employed_from=HIRED, employed_until=LEFT, notice_acknowledged_at=NOTICED, registered_at=HIRED
)
ACCOUNT = Account(
    id="feeds:https://blog.example/feed",
    platform="feeds",
    native_id="https://blog.example/feed",
    address="https://blog.example/feed",
    registrant_id="R-1",
    role=AccountRole.EMPLOYEE,
    basis=Basis.CONSENT,
    document_sha256="0" * 64,
    registered_by="ines",
    registered_at=HIRED,
    expires_at=LEFT,
)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("posted_at", "why"),
    [
        (POLICY.effective_from - TICK, "before the policy was in force"),
        (POLICY.effective_from, "before employment began"),
        (HIRED - TICK, "before employment began"),
        (HIRED, "before the policy notice"),
        (NOTICED - TICK, "before the policy notice"),
        (NOTICED, ""),
        (LEFT - TICK, ""),
        (LEFT, "after employment ended"),
        # 1 March 01:00 in UTC+2 is 28 February 23:00 UTC: before the notice, whatever the date on the wall.
        (datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2))), "before the policy notice"),
    ],
)
def test_each_boundary_belongs_to_the_later_side(posted_at: datetime, why: str) -> None:
    """A post is reached from policy, hire and notice on, until separation, to the microsecond and in any zone."""
    said = out_of_jurisdiction(posted_at, REGISTRANT, ACCOUNT, POLICY)
    assert why in said if why else said == ""


def test_without_a_notice_nothing_of_an_employee_is_reached() -> None:
    """Nobody is held to a policy that they were not told of."""
    untold = replace(REGISTRANT, notice_acknowledged_at=None)
    assert "notice" in out_of_jurisdiction(NOTICED, untold, ACCOUNT, POLICY)


def test_an_official_account_needs_no_notice() -> None:
    """The Department's own account is reached from the day that the policy is in force."""
    official = replace(ACCOUNT, role=AccountRole.OFFICIAL)
    assert out_of_jurisdiction(HIRED, replace(REGISTRANT, notice_acknowledged_at=None), official, POLICY) == ""
