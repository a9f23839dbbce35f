"""Proof that the holder of an account agrees: words that only they can put on its public page."""

import secrets
from datetime import datetime, timedelta

from footprint.accounts import Account, AccountEvent, AccountStep
from footprint.acts.authority import require
from footprint.audit import AuditEvent
from footprint.digests import digest
from footprint.errors import BadInput
from footprint.ports import Record
from footprint.users import Role, User

NONCE_HOLDS = timedelta(days=7)
ISSUED = "account.nonce_issued"


def issue_nonce(record: Record, account_id: str, *, actor: User, at: datetime) -> str:
    """Words for the holder to put on the account's public page, within seven days. A later nonce replaces an earlier one."""
    require(actor, Role.REGISTRAR)
    _account(record, account_id)
    nonce = f"footprint-{secrets.token_hex(8)}"
    with record.transaction() as tx:
        tx.audit(at=at, actor=actor.name, action=ISSUED, subject=account_id, detail={"nonce": nonce})
    return nonce


def nonce_to_find(record: Record, account_id: str, *, actor: User, at: datetime) -> tuple[Account, str]:
    """The account and the nonce that has to stand on its page now. Raises BadInput where none was issued, or it is too old."""
    require(actor, Role.REGISTRAR)
    account = _account(record, account_id)
    issued = max(record.select(AuditEvent, action=ISSUED, subject=account_id), key=lambda e: e.sequence, default=None)
    if issued is None or at - issued.at > NONCE_HOLDS:
        raise BadInput(f"{account_id} has no nonce of the last seven days. Mend: footprint account nonce {account_id}")
    return account, str(issued.detail["nonce"])


def record_proof(record: Record, account_id: str, nonce: str, *, actor: User, at: datetime) -> AccountEvent:
    """Record that the nonce stood on the account's public page."""
    require(actor, Role.REGISTRAR)
    event = AccountEvent(
        id=digest(account_id, AccountStep.PROVED.value, nonce),
        account_id=account_id,
        step=AccountStep.PROVED,
        by=actor.name,
        at=at,
        reason=f"{nonce} stood on its public page",
    )
    with record.transaction() as tx:
        if tx.add(event):
            tx.audit(at=at, actor=actor.name, action="account.proved", subject=account_id, purpose=event.reason)
    return event


def _account(record: Record, account_id: str) -> Account:
    account = record.get(Account, account_id)
    if account is None:
        raise BadInput(f"There is no account {account_id}.")
    return account
