"""Permissions: granted and revoked by the Chief or a designee alone."""

from datetime import datetime

from footprint.accounts import Account
from footprint.acts.authority import require
from footprint.digests import digest
from footprint.dossiers import assets_shown, require_recorded
from footprint.errors import BadInput
from footprint.findings import Finding
from footprint.identifiers import Identifier
from footprint.permissions import Permission, PermissionSearch, Question, Revocation, search
from footprint.ports import Record, Transaction
from footprint.posts import Post
from footprint.users import Role, User


def grant(record: Record, permission: Permission, *, actor: User, at: datetime) -> None:
    """
    Enter a written permission. Every finding's permission search is asked for anew.

    Raises BadInput for a permission that covers nothing, nobody or no time, or whose id is taken.
    """
    require(actor, Role.CHIEF)
    if not (permission.identifiers or permission.kinds or permission.approved_media):
        raise BadInput("Name what is permitted: identifiers, kinds, or approved media.")
    if not permission.grantees:
        raise BadInput("Name whom it is given to: registrants, or * for everybody.")
    if permission.valid_until is not None and permission.valid_until <= permission.valid_from:
        raise BadInput("The permission ends before it begins.")
    with record.transaction() as tx:
        if not tx.add(permission):
            raise BadInput(f"There is a permission {permission.id} already.")
        detail = {"document": permission.document_sha256, "grantor": permission.grantor}
        tx.audit(at=at, actor=actor.name, action="permission.granted", subject=permission.id, detail=detail)
        _search_again(tx)


def revoke(record: Record, permission_id: str, *, actor: User, at: datetime, reason: str) -> None:
    """Take a permission back from now on; posts from before stay covered."""
    require(actor, Role.CHIEF)
    if not reason.strip():
        raise BadInput("Say why.")
    with record.transaction() as tx:
        if tx.get(Permission, permission_id) is None:
            raise BadInput(f"There is no permission {permission_id}.")
        if not tx.add(Revocation(id=permission_id, revoked_at=at, by=actor.name, reason=reason.strip())):
            raise BadInput(f"{permission_id} was revoked before.")
        tx.audit(at=at, actor=actor.name, action="permission.revoked", subject=permission_id, purpose=reason.strip())
        _search_again(tx)


def search_for(tx: Transaction, finding_id: str, *, at: datetime) -> PermissionSearch:
    """
    Look through the registry for a permission that covered a finding's post when it was published, and keep the search as proof.

    Where the registry has not changed since the last search, that one is returned.
    """
    finding = tx.get(Finding, finding_id)
    if finding is None:
        raise BadInput(f"There is no finding {finding_id}.")
    post, account = require_recorded(tx, Post, finding.post_id), require_recorded(tx, Account, finding.account_id)
    identifier = require_recorded(tx, Identifier, finding.identifier_id)
    permissions, revocations = tuple(tx.select(Permission)), tuple(tx.select(Revocation))
    question = Question(
        registrant_id=account.registrant_id,
        identifier_id=identifier.id,
        kind=identifier.kind,
        platform=account.platform,
        media=assets_shown(tx, finding_id),
        posted_at=post.created_at,
    )
    registry = digest([p.id for p in permissions], [r.id for r in revocations], list(question.media))
    key = digest(finding_id, registry)
    known = tx.get(PermissionSearch, key)
    if known is not None:
        return known
    considered, covering = search(permissions, revocations, question)
    done = PermissionSearch(
        id=key,
        finding_id=finding_id,
        registry_digest=registry,
        as_of=post.created_at,
        searched_at=at,
        considered=considered,
        covering=covering,
    )
    tx.add(done)
    return done


def _search_again(tx: Transaction) -> None:
    for finding in tx.select(Finding):
        tx.enqueue(finding.id)
