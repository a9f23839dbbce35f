"""Registrants and their accounts: written down by one registrar, approved by another, told to their holder."""

from datetime import datetime

from footprint.accounts import (
    Account,
    AccountEvent,
    AccountRole,
    AccountState,
    AccountStep,
    Basis,
    Identity,
    Registrant,
    account_id,
    state_of,
)
from footprint.acts.authority import require
from footprint.digests import digest
from footprint.errors import BadInput, NotPermitted
from footprint.ports import Reader, Record
from footprint.users import Role, User

PURPOSE_MIN_CHARACTERS = 10


def add_registrant(record: Record, registrant: Registrant, *, name: str, actor: User, at: datetime) -> None:
    """Write down a registrant. The name is kept apart from the pseudonym and never enters the audit log."""
    require(actor, Role.REGISTRAR)
    with record.transaction() as tx:
        if not tx.add(registrant):
            raise BadInput(f"There is a registrant {registrant.id} already.")
        tx.add(Identity(registrant_id=registrant.id, name=name))
        tx.audit(at=at, actor=actor.name, action="registrant.added", subject=registrant.id)


def reveal(record: Record, registrant_id: str, *, actor: User, at: datetime, purpose: str) -> str:
    """The name behind a pseudonym, for a stated purpose. Raises BadInput where the purpose says nothing."""
    require(actor, Role.REVIEWER, Role.CHIEF, Role.REGISTRAR)
    if len(purpose.strip()) < PURPOSE_MIN_CHARACTERS:
        raise BadInput(f"Say for what, in at least {PURPOSE_MIN_CHARACTERS} characters.")
    with record.transaction() as tx:
        identity = tx.get(Identity, registrant_id)
        if identity is None:
            raise BadInput(f"There is no registrant {registrant_id}.")
        tx.audit(at=at, actor=actor.name, action="identity.revealed", subject=registrant_id, purpose=purpose.strip())
    return identity.name


def register(record: Record, account: Account, *, actor: User, at: datetime) -> None:
    """
    Write down an account. It is read only after another registrar approved it and its holder was told.

    Raises BadInput for an unknown registrant, an account that is there already, or a basis that does not fit the role.
    """
    require(actor, Role.REGISTRAR)
    if account.id != account_id(account.platform, account.native_id) or account.registered_by != actor.name:
        raise BadInput("An account is named platform:native_id and registered by who writes it down.")
    if (account.basis is Basis.OFFICIAL) is not (account.role is AccountRole.OFFICIAL):
        raise BadInput("The basis 'official' is for official accounts, and they have no other.")
    if account.expires_at <= at:
        raise BadInput("The basis has expired already; give a later date.")
    with record.transaction() as tx:
        if tx.get(Registrant, account.registrant_id) is None:
            raise BadInput(f"There is no registrant {account.registrant_id}. Add one first.")
        if not tx.add(account):
            raise BadInput(f"{account.id} is registered already.")
        detail = {"registrant": account.registrant_id, "basis": account.basis.value}
        tx.audit(at=at, actor=actor.name, action="account.registered", subject=account.id, detail=detail)


def step(
    record: Record, account_id: str, step: AccountStep, *, actor: User, at: datetime, reason: str = ""
) -> AccountEvent:
    """
    Take a registration one step further.

    Raises NotPermitted for an approval by who registered it, BadInput for a step that the state does not allow.
    """
    require(actor, Role.REGISTRAR)
    if step is AccountStep.PROVED:
        raise BadInput(f"A proof is found, not declared: footprint account nonce {account_id}")
    with record.transaction() as tx:
        account = tx.get(Account, account_id)
        if account is None:
            raise BadInput(f"There is no account {account_id}.")
        if step is AccountStep.APPROVED and actor.name == account.registered_by:
            raise NotPermitted("A second person approves; you wrote this account down.")
        state = current_state(tx, account, at)
        if state is AccountState.WITHDRAWN:
            raise BadInput(f"{account_id} was withdrawn; that is final.")
        if (step is AccountStep.RESUMED) is not (state is AccountState.PAUSED) and step in _PAUSING:
            raise BadInput(f"{account_id} is {state.value.replace('_', ' ')}; it cannot be {step.value}.")
        if step in (AccountStep.PAUSED, AccountStep.WITHDRAWN) and not reason.strip():
            raise BadInput("Say why.")
        event = AccountEvent(
            id=digest(account_id, step.value, at.isoformat()),
            account_id=account_id,
            step=step,
            by=actor.name,
            at=at,
            reason=reason.strip(),
        )
        tx.add(event)
        tx.audit(at=at, actor=actor.name, action=f"account.{step.value}", subject=account_id, purpose=event.reason)
    return event


_PAUSING = frozenset({AccountStep.PAUSED, AccountStep.RESUMED})


def current_state(reader: Reader, account: Account, at: datetime) -> AccountState:
    """State of an account at one moment, from the record."""
    return state_of(account, reader.select(AccountEvent, account_id=account.id), at)
