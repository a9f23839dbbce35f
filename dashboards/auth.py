"""Who somebody is: passwords, and sessions that live in the record."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from footprint.acts.users import find_user
from footprint.digests import sha256
from footprint.ports import Record
from footprint.users import Session, SessionEnd, User

CHECKS_AT_ONCE = 2  # each takes 64 MiB and all of a core


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user and the session in which they ask. `token` is the browser's; it is nowhere else."""

    user: User
    session: Session
    token: str


class Doorkeeper:
    """Checks passwords, few at once, and as slowly for a name that nobody has."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobodys_hash = _nobodys_hash()
        self._turn = BoundedSemaphore(CHECKS_AT_ONCE)

    def admits(self, user: User | None, password: str) -> bool:
        """Whether this is an active user's password."""
        with self._turn:
            try:
                self._hasher.verify(user.password_hash if user else self._nobodys_hash, password)
            except (VerificationError, InvalidHashError):
                return False
        return user is not None and user.is_active


@cache
def _nobodys_hash() -> str:
    """Of a password that nobody knows, made once a process: it costs as much as a check."""
    return PasswordHasher().hash(secrets.token_urlsafe())


def open_session(record: Record, user: User, *, at: datetime, minutes: int, address: str) -> str:
    """Start a session. Returns the token for the browser's cookie; the record holds only its hash."""
    token = secrets.token_urlsafe(32)
    session = Session(
        id=_session_id(token), user_name=user.name, created_at=at, expires_at=at + timedelta(minutes=minutes)
    )
    with record.transaction() as tx:
        tx.add(session)
        tx.audit(at=at, actor=user.name, action="session.opened", subject=user.name, detail={"address": address})
    return token


def resume(record: Record, token: str, *, at: datetime) -> SignedIn | None:
    """
    Who holds this token, None where it is nobody's any more.

    A session ends when it expires, when its user signs out, and when anything about its user changes.
    """
    session = record.get(Session, _session_id(token)) if token else None
    if session is None or at >= session.expires_at or record.get(SessionEnd, session.id) is not None:
        return None
    user = find_user(record, session.user_name)
    if user is None or not user.is_active or user.created_at > session.created_at:
        return None
    return SignedIn(user, session, token)


def close_session(record: Record, signed_in: SignedIn, *, at: datetime) -> None:
    """Sign out."""
    name = signed_in.user.name
    with record.transaction() as tx:
        tx.add(SessionEnd(id=signed_in.session.id, ended_at=at))
        tx.audit(at=at, actor=name, action="session.closed", subject=name)


def _session_id(token: str) -> str:
    return sha256(token.encode())
