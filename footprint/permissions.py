"""The Chief's (or a designee's) written permissions, and the search for one that covers a post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from footprint.identifiers import Kind

EVERYBODY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """
    One written permission.

    It covers the `grantees` (registrant ids, or `*` for everybody), for the named `identifiers` or all of the named `kinds` or the
    `approved_media` (SHA-256 of assets), on the named `platforms` (none named: all), from `valid_from` until before `valid_until`.
    `delegation` names the writing by which a designee may grant, "" where the Chief did.
    """

    id: str
    grantor: str
    delegation: str = ""
    grantees: tuple[str, ...]
    identifiers: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    approved_media: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    purpose: str
    conditions: str = ""
    valid_from: datetime
    valid_until: datetime | None = None
    document_sha256: str
    granted_by: str
    granted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """A permission taken back. `id` is the permission's: it is taken back once."""

    id: str
    revoked_at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether this registrant could show this identifier on this platform when the post was published."""

    registrant_id: str
    identifier_id: str
    kind: Kind
    platform: str
    media: tuple[str, ...]
    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """One permission that was looked at, and why it does not cover ("" where it does)."""

    permission_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionSearch:
    """
    What a search for a permission looked at and found; embedded in a finding's proof.

    `considered` names every permission of the registry. `covering` is the id of the one that covers, None where none does.
    `id` is digest(finding, registry digest).
    """

    id: str
    finding_id: str
    registry_digest: str
    as_of: datetime
    searched_at: datetime
    considered: tuple[Considered, ...]
    covering: str | None


def refusal(permission: Permission, revocation: Revocation | None, question: Question) -> str:
    """Why a permission does not cover the question, in words; "" where it covers."""
    if EVERYBODY not in permission.grantees and question.registrant_id not in permission.grantees:
        return "names other grantees"
    if not (
        question.identifier_id in permission.identifiers
        or question.kind in permission.kinds
        or (question.media and set(question.media) <= set(permission.approved_media))
    ):
        return "is for other identifiers, kinds or media"
    if permission.platforms and question.platform not in permission.platforms:
        return "is for other platforms"
    if question.posted_at < permission.valid_from:
        return "was not in force yet"
    if permission.valid_until is not None and question.posted_at >= permission.valid_until:
        return "had ended"
    if revocation is not None and question.posted_at >= revocation.revoked_at:
        return "had been revoked"
    return ""


def covers(permission: Permission, revocation: Revocation | None, question: Question) -> bool:
    """Whether the permission covered the post when it was published."""
    return not refusal(permission, revocation, question)


def search(
    permissions: Iterable[Permission], revocations: Iterable[Revocation], question: Question
) -> tuple[tuple[Considered, ...], str | None]:
    """Look through the whole registry. Returns each permission with its reason, and the first (by id) that covers."""
    revoked = {revocation.id: revocation for revocation in revocations}
    considered = tuple(
        Considered(permission_id=p.id, reason=refusal(p, revoked.get(p.id), question))
        for p in sorted(permissions, key=lambda p: p.id)
    )
    return considered, next((c.permission_id for c in considered if not c.reason), None)
