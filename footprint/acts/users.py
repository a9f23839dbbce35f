"""Users: the first administrator, and what an administrator does afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from argon2 import PasswordHasher

from footprint.acts.authority import SYSTEM, require
from footprint.digests import digest
from footprint.errors import BadInput, NotPermitted
from footprint.ports import Reader, Record
from footprint.users import Role, User, require_compatible

PASSWORD_MIN_CHARACTERS = 12


def find_user(record: Reader, name: str) -> User | None:
    """The latest version of a user, None where nobody has that name."""
    return max(record.select(User, name=name), key=lambda u: (u.created_at, u.id), default=None)


def all_users(record: Reader) -> tuple[User, ...]:
    """The latest version of every user, by name."""
    latest: dict[str, User] = {}
    for user in sorted(record.select(User), key=lambda u: (u.created_at, u.id)):
        latest[user.name] = user
    return tuple(latest[name] for name in sorted(latest))


def add_user(
    record: Record,
    *,
    name: str,
    roles: Sequence[Role],
    password: str,
    actor: User | None,
    at: datetime,
    registrant_id: str | None = None,
) -> User:
    """
    Add a user. `actor` is an administrator; None only for the very first user, who becomes one.

    Raises BadInput for a short password, no or incompatible roles, or a name that is taken.
    """
    if actor is not None:
        require(actor, Role.ADMINISTRATOR)
    if not name or name == SYSTEM or any(character.isspace() for character in name):
        raise BadInput("A user name is one word, and not 'system'.")
    if len(password) < PASSWORD_MIN_CHARACTERS:
        raise BadInput(f"A password has at least {PASSWORD_MIN_CHARACTERS} characters.")
    if not roles:
        raise BadInput(f"Give at least one role of: {', '.join(Role)}.")
    require_compatible(roles)
    user = User(
        id=digest(name, at.isoformat()),
        name=name,
        roles=tuple(sorted(set(roles))),
        password_hash=PasswordHasher().hash(password),
        registrant_id=registrant_id,
        created_at=at,
    )
    with record.transaction() as tx:
        if actor is None and (tx.count(User) or Role.ADMINISTRATOR not in roles):
            raise NotPermitted("Only the very first user, an administrator, needs nobody's leave.")
        if find_user(tx, name) is not None:
            raise BadInput(f"There is a user {name} already.")
        tx.add(user)
        detail = {"roles": list(user.roles)}
        tx.audit(at=at, actor=actor.name if actor else SYSTEM, action="user.added", subject=name, detail=detail)
    return user


def change_user(
    record: Record,
    name: str,
    *,
    actor: User,
    at: datetime,
    roles: Sequence[Role] | None = None,
    password: str | None = None,
    is_active: bool | None = None,
) -> User:
    """
    Append a later version of a user: other roles, another password, switched off or on. A password may be one's own.

    Raises BadInput where the last active administrator would be lost.
    """
    if not (actor.name == name and roles is None and is_active is None):
        require(actor, Role.ADMINISTRATOR)
    if password is not None and len(password) < PASSWORD_MIN_CHARACTERS:
        raise BadInput(f"A password has at least {PASSWORD_MIN_CHARACTERS} characters.")
    with record.transaction() as tx:
        before = find_user(tx, name)
        if before is None:
            raise BadInput(f"There is no user {name}.")
        after = replace(
            before,
            id=digest(name, at.isoformat()),
            roles=before.roles if roles is None else tuple(sorted(set(roles))),
            password_hash=before.password_hash if password is None else PasswordHasher().hash(password),
            is_active=before.is_active if is_active is None else is_active,
            created_at=at,
        )
        require_compatible(after.roles)
        others = (u for u in all_users(tx) if u.name != name)
        if not any(u.is_active and Role.ADMINISTRATOR in u.roles for u in (*others, after)):
            raise BadInput("Somebody must stay administrator.")
        tx.add(after)
        detail = {"roles": list(after.roles), "active": after.is_active, "password_changed": password is not None}
        tx.audit(at=at, actor=actor.name, action="user.changed", subject=name, detail=detail)
    return after
