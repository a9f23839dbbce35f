"""Permissions: granted and revoked by the Chief or a designee alone."""

from datetime import datetime

from footprint.acts.authority import require
from footprint.errors import BadInput
from footprint.findings import Finding
from footprint.permissions import Permission, Revocation
from footprint.ports import Record, Transaction
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


def _search_again(tx: Transaction) -> None:
    for finding in tx.select(Finding):
        tx.enqueue(finding.id)
