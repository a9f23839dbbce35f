"""The life of a registration, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.accounts import (
    Account,
    AccountEvent,
    AccountRole,
    AccountState,
    AccountStep,
    Basis,
    Registrant,
    require_scannable,
    state_of,
)
from footprint.errors import NotPermitted

START = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = Account(
    id="mastodon:ann@social.example",
    platform="mastodon",
    native_id="ann@social.example",
    address="https://social.example/@ann",
    registrant_id="R-1",
    role=AccountRole.EMPLOYEE,
    basis=Basis.CONSENT,
    document_sha256="0" * 64,
    registered_by="ines",
    registered_at=START,
    expires_at=START + timedelta(days=365),
)
REGISTRANT = Registrant(id="R-1", employed_from=START, registered_at=START)
DAY = timedelta(days=1)


def events(*steps: tuple[AccountStep, str]) -> list[AccountEvent]:
    """Steps by people, one a day from the registration on."""
    return [
        AccountEvent(id=str(n), account_id=ACCOUNT.id, step=step, by=by, at=START + n * DAY)
        for n, (step, by) in enumerate(steps)
    ]


APPROVED, NOTIFIED = (AccountStep.APPROVED, "omar"), (AccountStep.NOTIFIED, "ines")
PAUSED, RESUMED = (AccountStep.PAUSED, "ines"), (AccountStep.RESUMED, "ines")


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), AccountState.PROPOSED),
        ((NOTIFIED,), AccountState.PROPOSED),
        (((AccountStep.APPROVED, "ines"), NOTIFIED), AccountState.PROPOSED),
        ((APPROVED,), AccountState.AWAITING_NOTICE),
        ((APPROVED, NOTIFIED), AccountState.ACTIVE),
        ((APPROVED, NOTIFIED, PAUSED), AccountState.PAUSED),
        ((APPROVED, NOTIFIED, PAUSED, RESUMED), AccountState.ACTIVE),
        ((APPROVED, NOTIFIED, (AccountStep.WITHDRAWN, "ines"), RESUMED), AccountState.WITHDRAWN),
    ],
)
def test_state_follows_the_steps(steps: tuple[tuple[AccountStep, str], ...], state: AccountState) -> None:
    """A registration is what its steps add up to; its registrar's own approval counts for nothing (G3)."""
    assert state_of(ACCOUNT, events(*steps), START + 30 * DAY) is state


def test_an_official_account_needs_no_notice() -> None:
    """Nobody has to be told that the Department reads its own account."""
    official = replace(ACCOUNT, role=AccountRole.OFFICIAL, basis=Basis.OFFICIAL)
    assert state_of(official, events(APPROVED), START + DAY) is AccountState.ACTIVE


def test_the_basis_ends_at_its_own_moment() -> None:
    """From the moment of expiry on, the account is expired."""
    steps = events(APPROVED, NOTIFIED)
    before = ACCOUNT.expires_at - timedelta(microseconds=1)
    assert [state_of(ACCOUNT, steps, at) for at in (before, ACCOUNT.expires_at)] == [
        AccountState.ACTIVE,
        AccountState.EXPIRED,
    ]


def test_later_steps_do_not_reach_back() -> None:
    """Asked about a moment, the state ignores what happened after it."""
    assert state_of(ACCOUNT, events(APPROVED, NOTIFIED, PAUSED), START + DAY) is AccountState.ACTIVE


@given(st.lists(st.tuples(st.sampled_from(AccountStep), st.just("ines")), max_size=8))
def test_one_person_alone_never_makes_an_account_scannable(steps: list[tuple[AccountStep, str]]) -> None:
    """Whatever the registrar does alone, in whatever order, the account is not read (G3)."""
    with pytest.raises(NotPermitted):
        require_scannable(ACCOUNT, REGISTRANT, events(*steps), START + 30 * DAY)


@pytest.mark.parametrize(
    ("registrant", "why"),
    [
        (replace(REGISTRANT, employed_from=START + 60 * DAY), "not employed yet"),
        (replace(REGISTRANT, employed_until=START + 30 * DAY), "has left"),
    ],
)
def test_only_employees_are_read(registrant: Registrant, why: str) -> None:
    """An account is not read before its holder is hired nor from the day of separation on."""
    with pytest.raises(NotPermitted, match=why):
        require_scannable(ACCOUNT, registrant, events(APPROVED, NOTIFIED), START + 30 * DAY)
