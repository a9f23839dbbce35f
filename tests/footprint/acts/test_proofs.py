"""Proof that the holder of an account agrees."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from footprint.accounts import (
    Account,
    AccountEvent,
    AccountRole,
    AccountState,
    AccountStep,
    Basis,
    Registrant,
    state_of,
)
from footprint.acts import accounts, proofs
from footprint.audit import AuditEvent
from footprint.errors import BadInput, NotPermitted
from footprint.ports import Record
from footprint.users import User

Person = Callable[[str], User]
DANA = "mastodon:dana@social.example"


@pytest.fixture
def account(record: Record, start: datetime) -> Account:
    """Dana's account, written down and no more."""
    dana = Account(
        id=DANA, platform="mastodon", native_id="dana@social.example", address="https://social.example/@dana",
        registrant_id="R-1", role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256="0" * 64, registered_by="ines",
        registered_at=start, expires_at=start + timedelta(days=99),
    )  # fmt: skip
    with record.transaction() as tx:
        tx.add(Registrant(id="R-1", employed_from=start - timedelta(days=9), registered_at=start))
        tx.add(dana)
    return dana


def test_the_latest_nonce_is_the_one_to_find(record: Record, person: Person, account: Account, start: datetime) -> None:
    """Two nonces differ, and a later one replaces an earlier."""
    first = proofs.issue_nonce(record, DANA, actor=person("ines"), at=start)
    second = proofs.issue_nonce(record, DANA, actor=person("ines"), at=start)
    assert first != second
    assert proofs.nonce_to_find(record, DANA, actor=person("ines"), at=start) == (account, second)


@pytest.mark.usefixtures("account")
def test_a_nonce_holds_for_seven_days(record: Record, person: Person, start: datetime) -> None:
    """Before one was issued, and after its time, there is nothing to find."""
    with pytest.raises(BadInput, match="footprint account nonce"):
        proofs.nonce_to_find(record, DANA, actor=person("ines"), at=start)
    proofs.issue_nonce(record, DANA, actor=person("ines"), at=start)
    proofs.nonce_to_find(record, DANA, actor=person("ines"), at=start + proofs.NONCE_HOLDS)
    with pytest.raises(BadInput, match="footprint account nonce"):
        proofs.nonce_to_find(record, DANA, actor=person("ines"), at=start + proofs.NONCE_HOLDS + timedelta(seconds=1))


def test_a_proof_is_recorded_once_and_activates_nothing(
    record: Record, person: Person, account: Account, start: datetime
) -> None:
    """Proof is evidence of consent: approval and notice are still for people to give."""
    for _ in range(2):
        proofs.record_proof(record, DANA, "footprint-1", actor=person("ines"), at=start)
    events = list(record.select(AccountEvent, account_id=DANA))
    assert [event.step for event in events] == [AccountStep.PROVED]
    assert record.count(AuditEvent, action="account.proved") == 1
    assert state_of(account, events, start) is AccountState.PROPOSED


@pytest.mark.usefixtures("account")
def test_a_proof_cannot_be_declared(record: Record, person: Person, start: datetime) -> None:
    """The step that says so comes from the page alone."""
    with pytest.raises(BadInput, match="found, not declared"):
        accounts.step(record, DANA, AccountStep.PROVED, actor=person("ines"), at=start)


@pytest.mark.usefixtures("account")
def test_only_a_registrar_asks_for_proof(record: Record, person: Person, start: datetime) -> None:
    """Whoever else asks leaves no trace of a nonce."""
    with pytest.raises(NotPermitted):
        proofs.issue_nonce(record, DANA, actor=person("rosa"), at=start)
    assert record.count(AuditEvent, action=proofs.ISSUED) == 0
