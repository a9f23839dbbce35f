"""Who may be looked at, and on whose authority: registrants, their accounts, and the rules of both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from footprint.errors import NotPermitted


class AccountRole(StrEnum):
    """In what capacity an account publishes."""

    OFFICIAL = "official"
    REPRESENTATIVE = "representative"
    EMPLOYEE = "employee"


class Basis(StrEnum):
    """On what ground an account may be read."""

    CONSENT = "consent"
    OFFICIAL = "official"
    WRITTEN_ORDER = "written_order"


class AccountStep(StrEnum):
    """What can happen to a registration after it was written down."""

    APPROVED = "approved"
    NOTIFIED = "notified"
    PAUSED = "paused"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    PROVED = "proved"


class AccountState(StrEnum):
    """What the steps of a registration add up to at one moment."""

    PROPOSED = "proposed"
    AWAITING_NOTICE = "awaiting_notice"
    ACTIVE = "active"
    PAUSED = "paused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrant:
    """A person or unit that holds accounts, under a pseudonym such as `R-0147`."""

    id: str
    is_unit: bool = False
    employed_from: datetime
    employed_until: datetime | None = None
    notice_acknowledged_at: datetime | None = None
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The name behind a pseudonym. Kept apart; reading it takes a reason and is audited."""

    registrant_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    One registered account on one platform.

    `address` is the public page or feed as a person would type it; `native_id` is how the platform tells accounts
    apart, as the platform's connector derives it from the address. `author` names the holder's entries on an address that
    several people share, None where everything at the address is the holder's. `document_sha256` is the hash of
    the document that the basis rests on.
    """

    id: str
    platform: str
    native_id: str
    address: str
    author: str | None = None
    registrant_id: str
    role: AccountRole
    basis: Basis
    document_sha256: str
    registered_by: str
    registered_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent:
    """One step in the life of a registration, append-only."""

    id: str
    account_id: str
    step: AccountStep
    by: str
    at: datetime
    reason: str = ""


def account_id(platform: str, native_id: str) -> str:
    """Identity of an account: `platform:native_id`."""
    return f"{platform}:{native_id}"


def state_of(account: Account, events: Iterable[AccountEvent], at: datetime) -> AccountState:
    """
    State of a registration at one moment, from its steps up to then in order of time.

    A registration becomes active when somebody other than the registrar approved it and, unless it is an official account,
    its holder was notified. An approval by the registrar counts for nothing.
    """
    approved, notified, paused = False, account.role is AccountRole.OFFICIAL, False
    for event in sorted((e for e in events if e.at <= at), key=lambda e: e.at):
        match event.step:
            case AccountStep.WITHDRAWN:
                return AccountState.WITHDRAWN
            case AccountStep.APPROVED:
                approved = approved or event.by != account.registered_by
            case AccountStep.NOTIFIED:
                notified = True
            case AccountStep.PAUSED:
                paused = True
            case AccountStep.RESUMED:
                paused = False
    if at >= account.expires_at:
        return AccountState.EXPIRED
    if not approved:
        return AccountState.PROPOSED
    if not notified:
        return AccountState.AWAITING_NOTICE
    return AccountState.PAUSED if paused else AccountState.ACTIVE


def require_scannable(account: Account, registrant: Registrant, events: Iterable[AccountEvent], at: datetime) -> None:
    """Raise NotPermitted, with the reason, unless the account may be read at this moment."""
    state = state_of(account, events, at)
    if state is not AccountState.ACTIVE:
        raise NotPermitted(f"{account.id} is {state.value.replace('_', ' ')}")
    if at < registrant.employed_from:
        raise NotPermitted(f"{account.id}: {registrant.id} is not employed yet")
    if registrant.employed_until is not None and at >= registrant.employed_until:
        raise NotPermitted(f"{account.id}: {registrant.id} has left the Department")
