"""The people who use the service, and what each role may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from footprint.errors import BadInput


class Role(StrEnum):
    """What a user is trusted with. An auditor sees behaviour, not content; an administrator sees neither."""

    ADMINISTRATOR = "administrator"
    REGISTRAR = "registrar"
    REVIEWER = "reviewer"
    CHIEF = "chief"
    AUDITOR = "auditor"
    EMPLOYEE = "employee"


# Pairs that would let one person both act and watch, or both ask and grant (guardrail G25).
TOXIC: frozenset[frozenset[Role]] = frozenset(
    frozenset(pair)
    for pair in (
        (Role.AUDITOR, Role.REVIEWER),
        (Role.AUDITOR, Role.REGISTRAR),
        (Role.AUDITOR, Role.CHIEF),
        (Role.AUDITOR, Role.ADMINISTRATOR),
        (Role.ADMINISTRATOR, Role.REVIEWER),
        (Role.ADMINISTRATOR, Role.CHIEF),
        (Role.REVIEWER, Role.CHIEF),
        (Role.REGISTRAR, Role.CHIEF),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """
    One person who signs in. A later version with the same name replaces the earlier one; `id` is digest(name, created_at).

    `password_hash` is an argon2 hash; `registrant_id` ties an employee to their own record.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    password_hash: str
    registrant_id: str | None = None
    is_active: bool = True
    created_at: datetime


def require_compatible(roles: Iterable[Role]) -> None:
    """Raise BadInput where two of the roles must not be one person's."""
    held = frozenset(roles)
    for pair in sorted(TOXIC, key=sorted):
        if pair <= held:
            first, second = sorted(pair)
            raise BadInput(f"{first} and {second} must be two people; give them to two users.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. `id` is the SHA-256 of the token that the browser holds; the token itself is not kept."""

    id: str
    user_name: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnd:
    """A session that was ended before it expired; `id` is the session's."""

    id: str
    ended_at: datetime
