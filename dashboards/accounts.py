"""Who may be looked at: registrants and their accounts. Nothing here asks for a password or finds an account (G2, G5)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.declaration import UPLOAD_BYTES, act, page
from dashboards.phrases import say, segment
from dashboards.visit import Visit
from footprint.accounts import (
    Account,
    AccountEvent,
    AccountRole,
    AccountState,
    AccountStep,
    Basis,
    Registrant,
    account_id,
    state_of,
)
from footprint.acts import accounts
from footprint.errors import BadInput
from footprint.posts import Cursor
from footprint.users import Role

PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """An account with its registrant, its steps in order of time, and what they add up to now."""

    account: Account
    registrant: Registrant
    events: tuple[AccountEvent, ...]
    state: AccountState
    ends_soon: bool

    def steps(self, name: str) -> tuple[AccountStep, ...]:
        """What a registrar of this name may do with it now."""
        match self.state:
            case AccountState.PROPOSED:
                approve = () if name == self.account.registered_by else (AccountStep.APPROVED,)
                return (*approve, *self._notice(), AccountStep.WITHDRAWN)
            case AccountState.AWAITING_NOTICE:
                return (AccountStep.NOTIFIED, AccountStep.WITHDRAWN)
            case AccountState.ACTIVE:
                return (AccountStep.PAUSED, AccountStep.WITHDRAWN)
            case AccountState.PAUSED:
                return (AccountStep.RESUMED, AccountStep.WITHDRAWN)
            case AccountState.EXPIRED:
                return (AccountStep.WITHDRAWN,)
        return ()

    def _notice(self) -> tuple[AccountStep, ...]:
        needs = self.account.role is not AccountRole.OFFICIAL
        told = any(event.step is AccountStep.NOTIFIED for event in self.events)
        return (AccountStep.NOTIFIED,) if needs and not told else ()


def registrations(visit: Visit) -> Iterator[Registration]:
    """Every registration, by account."""
    record = visit.desk.record
    events: dict[str, list[AccountEvent]] = {}
    for event in record.select(AccountEvent):
        events.setdefault(event.account_id, []).append(event)
    registrants = {registrant.id: registrant for registrant in record.select(Registrant)}
    for account in record.select(Account):
        steps = sorted(events.get(account.id, ()), key=lambda event: event.at)
        yield Registration(
            account=account,
            registrant=registrants[account.registrant_id],
            events=tuple(steps),
            state=state_of(account, steps, visit.at),
            ends_soon=visit.at < account.expires_at <= visit.at + SOON,
        )


@page("/accounts", roles={Role.REGISTRAR}, audit="accounts.viewed")
def show(visit: Visit) -> Response:
    """All registrations, those that wait for somebody first; forms to write down another."""
    wanted = visit.asked("state")
    everything = sorted(registrations(visit), key=lambda r: (_URGENCY.index(r.state), r.account.id))
    listed = [r for r in everything if not wanted or r.state == wanted]
    visit.note("accounts", detail={"listed": len(listed), "state": wanted})
    return visit.answer(
        "accounts.html",
        registrations=listed,
        total=len(everything),
        counts={state: sum(r.state is state for r in everything) for state in _URGENCY},
        wanted=wanted,
        registrants=tuple(visit.desk.record.select(Registrant)),
        platforms=visit.desk.platforms.names(),
        roles=tuple(AccountRole),
        bases=tuple(Basis),
    )


_URGENCY = (
    AccountState.PROPOSED,
    AccountState.AWAITING_NOTICE,
    AccountState.EXPIRED,
    AccountState.PAUSED,
    AccountState.ACTIVE,
    AccountState.WITHDRAWN,
)


@page("/accounts/{account_id:path}", roles={Role.REGISTRAR}, audit="account.viewed")
def show_one(visit: Visit) -> Response:
    """One registration with its whole life."""
    key = visit.part("account_id")
    registration = next((r for r in registrations(visit) if r.account.id == key), None)
    if registration is None:
        raise HTTPException(404, f"There is no account {key}.")
    registrant = registration.registrant
    visit.note(key, detail={"registrants": [registrant.id]})
    return visit.answer(
        "account.html",
        registration=registration,
        steps=registration.steps(visit.user.name),
        others=tuple(a for a in visit.desk.record.select(Account, registrant_id=registrant.id) if a.id != key),
        cursor=visit.desk.record.get(Cursor, key),
        name=visit.memory.name_of(registrant.id, visit.at),
    )


@act("/accounts", roles={Role.REGISTRAR}, audit="account.registered", back="/accounts", max_bytes=UPLOAD_BYTES)
def register(visit: Visit) -> Response:
    """Write down an account. Its native id is the platform's own way of telling accounts apart."""
    form, desk = visit.form, visit.desk
    platform, address = form.required("platform", "Platform"), form.required("address", "Address")
    native_id = desk.platforms.native_id(platform, address)
    account = Account(
        id=account_id(platform, native_id),
        platform=platform,
        native_id=native_id,
        address=address,
        author=form.text("author") or None,
        registrant_id=form.required("registrant_id", "Registrant"),
        role=form.choice("role", AccountRole, "Role"),
        basis=form.choice("basis", Basis, "Basis"),
        document_sha256=desk.blobs.put(form.file("document", "The document of the basis").data),
        registered_by=visit.user.name,
        registered_at=visit.at,
        expires_at=form.day("expires_on", "Basis ends on"),
    )
    accounts.register(desk.record, account, actor=visit.user, at=visit.at)
    return visit.go(f"/accounts/{segment(account.id)}", done="Written down. Another registrar approves it.")


@act("/accounts/{account_id:path}/steps", roles={Role.REGISTRAR}, audit="account.*", back="/accounts/{account_id}")
def take_step(visit: Visit) -> Response:
    """Approve, tell the holder, pause, resume or withdraw."""
    key = visit.part("account_id")
    step = visit.form.choice("step", AccountStep, "Step")
    accounts.step(visit.desk.record, key, step, actor=visit.user, at=visit.at, reason=visit.form.text("reason"))
    return visit.go(f"/accounts/{segment(key)}", done=f"{say(step).capitalize()}.")


@act("/registrants", roles={Role.REGISTRAR}, audit="registrant.added", back="/accounts")
def add_registrant(visit: Visit) -> Response:
    """Write down a person or unit under a pseudonym; the name is kept apart."""
    form = visit.form
    pseudonym = form.required("registrant_id", "Pseudonym")
    if not PSEUDONYM.fullmatch(pseudonym):
        raise BadInput("Pseudonym: letters, digits and hyphens, such as R-0147.")
    registrant = Registrant(
        id=pseudonym,
        is_unit=bool(form.text("is_unit")),
        employed_from=form.day("employed_from", "Employed from"),
        employed_until=form.optional_day("employed_until", "Employed until"),
        notice_acknowledged_at=form.optional_day("notice_acknowledged_on", "Policy notice acknowledged on"),
        registered_at=visit.at,
    )
    name = form.required("name", "Name")
    accounts.add_registrant(visit.desk.record, registrant, name=name, actor=visit.user, at=visit.at)
    return visit.go("/accounts", done=f"{registrant.id} is written down.")


@act(
    "/accounts/{account_id:path}/reveal",
    roles={Role.REGISTRAR},
    audit="identity.revealed",
    back="/accounts/{account_id}",
)
def reveal(visit: Visit) -> Response:
    """The name behind the pseudonym, for a reason."""
    desk, key = visit.desk, visit.part("account_id")
    account = desk.record.get(Account, key)
    if account is None:
        raise BadInput(f"There is no account {key}.")
    reason = visit.form.text("reason")
    name = accounts.reveal(desk.record, account.registrant_id, actor=visit.user, at=visit.at, purpose=reason)
    visit.memory.names[account.registrant_id] = (name, visit.at + timedelta(minutes=5))
    return visit.go(f"/accounts/{segment(key)}")
