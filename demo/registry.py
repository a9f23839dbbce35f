"""Registers the city through the acts, as its people would have: two registrars, a Chief, reviewers, on the days of the story."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from demo.cast import NAME, NAME_WORDING, RECRUITING
from demo.city import City, Holding, Paper, Thing
from demo.drawing import exemplars, marks
from demo.drawing.sounds import JINGLE
from demo.pictures import TAUGHT_LOOK_ALIKES, exemplar
from demo.simulators import town
from demo.simulators.server import Stage
from flows.wiring import House, SpiderPlatforms, now
from footprint import wording
from footprint.accounts import Account, AccountState, AccountStep, Registrant, account_id
from footprint.acts import accounts, identifiers, permissions, users
from footprint.digests import sha256
from footprint.identifiers import Identifier, Polarity
from footprint.permissions import Permission
from footprint.users import Role, User

_SIGNED_DAY, _APPROVED_DAY, _NOTIFIED_DAY = -60.0, -58.0, -55.0

ROLES: tuple[tuple[str, Role], ...] = (
    ("ada", Role.ADMINISTRATOR),
    ("ines", Role.REGISTRAR),
    ("jamal", Role.REGISTRAR),
    ("morgan", Role.CHIEF),
    ("rosa", Role.REVIEWER),
    ("theo", Role.REVIEWER),
    ("wei", Role.AUDITOR),
)
"""Who signs in, and as what; and an employee besides, who needs to be registered first."""

_EMPLOYEE = "R-0101"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The people who use the service, by name, and the password that all of them have in this demo."""

    by_name: Mapping[str, User]
    password: str


def fill(house: House, stage: Stage) -> Staff:
    """Write the whole registry of the city into an empty record."""
    password = secrets.token_urlsafe(12)
    by_name: dict[str, User] = {}
    for name, role in ROLES:
        by_name[name] = _employ(house, stage.city, name, role, password=password, actor=by_name.get("ada"))
    staff = Staff(by_name=by_name, password=password)
    for person in stage.city.people:
        registrant = Registrant(
            id=person.id,
            is_unit=person.is_unit,
            employed_from=stage.city.moment(person.employed_day),
            employed_until=None if person.left_day is None else stage.city.moment(person.left_day),
            notice_acknowledged_at=None if person.notice_day is None else stage.city.moment(person.notice_day),
            registered_at=stage.city.moment(_SIGNED_DAY),
        )
        accounts.add_registrant(
            house.record, registrant, name=person.name, actor=staff.by_name["ines"], at=registrant.registered_at
        )
    employee = _employ(house, stage.city, "lena", Role.EMPLOYEE, password=password, actor=by_name["ada"])
    by_name[employee.name] = employee
    for holding in stage.city.holdings:
        _register(house, stage, holding, staff)
    for thing in stage.city.things:
        _teach(house, stage, thing, staff)
    for paper in stage.city.papers:
        _permit(house, stage, paper, staff)
    return staff


def account_of(stage: Stage, holding: Holding) -> Account:
    """The account as it is registered."""
    native_id = SpiderPlatforms().native_id(holding.platform, town.address(stage, holding.key))
    expires_day = 60.0 if holding.state is AccountState.EXPIRED else 400.0
    return Account(
        id=account_id(holding.platform, native_id),
        platform=holding.platform,
        native_id=native_id,
        address=town.address(stage, holding.key),
        author=holding.author,
        registrant_id=holding.person,
        role=holding.role,
        basis=holding.basis,
        document_sha256=sha256(_document(holding)),
        registered_by="ines",
        registered_at=stage.city.moment(_SIGNED_DAY),
        expires_at=stage.city.moment(expires_day),
    )


def permission_of(stage: Stage, paper: Paper) -> Permission:
    """A permission as it is granted."""
    city = stage.city
    return Permission(
        id=paper.id,
        grantor="Chief A. Morgan",
        delegation=paper.delegation,
        grantees=paper.grantees,
        identifiers=paper.identifiers,
        kinds=paper.kinds,
        approved_media=tuple(sha256(stage.pictures[name].data) for name in paper.approved),
        platforms=paper.platforms,
        purpose=paper.purpose,
        valid_from=city.moment(paper.from_day),
        valid_until=None if paper.until_day is None else city.moment(paper.until_day),
        document_sha256=sha256(paper.purpose.encode()),
        granted_by="morgan",
        granted_at=city.moment(paper.from_day),
    )


def _employ(house: House, city: City, name: str, role: Role, *, password: str, actor: User | None) -> User:
    """Add somebody who uses the service."""
    return users.add_user(
        house.record,
        name=name,
        roles=[role],
        password=password,
        actor=actor,
        at=city.moment(_SIGNED_DAY - 10),
        registrant_id=_EMPLOYEE if role is Role.EMPLOYEE else None,
    )


def _register(house: House, stage: Stage, holding: Holding, staff: Staff) -> None:
    """One registrar writes an account down, the other approves it, its holder is told; then what the story says."""
    account, city = account_of(stage, holding), stage.city
    house.blobs.put(_document(holding))
    accounts.register(house.record, account, actor=staff.by_name["ines"], at=account.registered_at)
    if holding.state is AccountState.PROPOSED:
        return
    steps = [(AccountStep.APPROVED, _APPROVED_DAY, ""), (AccountStep.NOTIFIED, _NOTIFIED_DAY, "")]
    if holding.state is AccountState.PAUSED:
        steps.append((AccountStep.PAUSED, 50.0, "On parental leave; resume afterwards."))
    for step, day, reason in steps:
        accounts.step(house.record, account.id, step, actor=staff.by_name["jamal"], at=city.moment(day), reason=reason)


def _teach(house: House, stage: Stage, thing: Thing, staff: Staff) -> None:
    """An identifier, its references, and what only looks like it."""
    ines, at = staff.by_name["ines"], stage.city.moment(_SIGNED_DAY + 1)
    identifier = Identifier(
        id=thing.id,
        kind=thing.kind,
        name=thing.name,
        valid_from=stage.city.moment(thing.since_day),
        created_by=ines.name,
        created_at=at,
    )
    identifiers.add_identifier(house.record, identifier, actor=ines, at=at)
    for polarity, data, label in _references(stage, thing):
        mime = wording.MIME if thing.id == NAME else "audio/mpeg" if thing.id == JINGLE else "image/jpeg"
        identifiers.add_exemplar(
            house.record,
            house.blobs,
            identifier_id=thing.id,
            data=data,
            mime=mime,
            polarity=polarity,
            label=label,
            actor=ines,
            at=at,
        )


def _references(stage: Stage, thing: Thing) -> Iterator[tuple[Polarity, bytes, str]]:
    pictures = stage.pictures
    if thing.id == NAME:
        yield Polarity.POSITIVE, wording.encoded(NAME_WORDING), ""
    if thing.id in pictures:
        yield Polarity.POSITIVE, pictures[thing.id].data, "as published"
    if thing.id in marks.OURS:
        for view in exemplars.views(thing.id):
            yield Polarity.POSITIVE, pictures[exemplar(thing.id, view)].data, view
    if other := TAUGHT_LOOK_ALIKES.get(thing.id):
        for view in exemplars.views(other):
            yield Polarity.LOOK_ALIKE, pictures[exemplar(other, view)].data, f"{other}, {view}"
    if thing.id == marks.PATCH_2019:
        yield Polarity.APPROVED_USE, pictures[RECRUITING].data, "recruiting photograph"


def _permit(house: House, stage: Stage, paper: Paper, staff: Staff) -> None:
    permission, morgan = permission_of(stage, paper), staff.by_name["morgan"]
    house.blobs.put(paper.purpose.encode())
    permissions.grant(house.record, permission, actor=morgan, at=permission.granted_at)
    if paper.revoked_day is not None:
        at = min(stage.city.moment(paper.revoked_day), now())
        permissions.revoke(house.record, paper.id, actor=morgan, at=at, reason="The course is over.")


def _document(holding: Holding) -> bytes:
    """The paper that a registration rests on."""
    return f"Port Alder Police Department. {holding.basis.value.capitalize()} of {holding.person} for {holding.handle}.".encode()
