"""The registry of written permissions: read by reviewers, granted and revoked by the Chief."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.declaration import UPLOAD_BYTES, act, page
from dashboards.phrases import segment
from dashboards.visit import Visit
from footprint.accounts import Registrant
from footprint.acts import permissions
from footprint.identifiers import Identifier, Kind
from footprint.permissions import Permission, Revocation
from footprint.users import Role

READERS = (Role.CHIEF, Role.REVIEWER)
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A permission and where it stands: `in force`, `ends soon`, `not yet`, `ended` or `revoked`."""

    permission: Permission
    revocation: Revocation | None
    state: str


def entries(visit: Visit) -> Iterator[Entry]:
    """The whole registry, in force first, the latest first."""
    revocations = {revocation.id: revocation for revocation in visit.desk.record.select(Revocation)}
    for permission in visit.desk.record.select(Permission):
        revocation = revocations.get(permission.id)
        yield Entry(permission=permission, revocation=revocation, state=_state(visit, permission, revocation))


def _state(visit: Visit, permission: Permission, revocation: Revocation | None) -> str:
    until = permission.valid_until
    if revocation is not None:
        return "revoked"
    if until is not None and until <= visit.at:
        return "ended"
    if permission.valid_from > visit.at:
        return "not yet"
    return "ends soon" if until is not None and until <= visit.at + SOON else "in force"


STATES = ("ends soon", "in force", "not yet", "ended", "revoked")


@page("/permissions", roles=READERS, audit="permissions.viewed")
def show(visit: Visit) -> Response:
    """The registry; for the Chief, with a form to grant."""
    record = visit.desk.record
    registry = sorted(entries(visit), key=lambda e: (STATES.index(e.state), e.permission.id))
    visit.note("permissions", detail={"listed": len(registry)})
    return visit.answer(
        "permissions.html",
        entries=registry,
        identifiers={identifier.id: identifier for identifier in record.select(Identifier)},
        registrants=tuple(record.select(Registrant)) if visit.holds(Role.CHIEF) else (),
        platforms=visit.desk.platforms.names(),
        kinds=tuple(Kind),
    )


@page("/permissions/{permission_id}/document", roles=READERS, audit="document.opened")
def document(visit: Visit) -> Response:
    """The writing itself, as a file to save: it is never shown in the browser."""
    permission = visit.desk.record.get(Permission, visit.part("permission_id"))
    if permission is None:
        raise HTTPException(404, "There is no such permission.")
    visit.note(permission.id, detail={"sha256": permission.document_sha256})
    try:
        data = visit.desk.blobs.get(permission.document_sha256)
    except KeyError as error:
        raise HTTPException(410, "Only the hash of this document is kept, not the document.") from error
    headers = {"Content-Disposition": f'attachment; filename="{permission.document_sha256[:16]}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


@act("/permissions", roles={Role.CHIEF}, audit="permission.granted", back="/permissions", max_bytes=UPLOAD_BYTES)
def grant(visit: Visit) -> Response:
    """Enter a written permission; its document is kept and known by its hash."""
    form, desk = visit.form, visit.desk
    permission = Permission(
        id=form.required("permission_id", "Number"),
        grantor=form.required("grantor", "Granted by"),
        delegation=form.text("delegation"),
        grantees=form.many("grantees"),
        identifiers=form.many("identifiers"),
        kinds=form.choices("kinds", Kind, "Kinds"),
        platforms=form.many("platforms"),
        purpose=form.required("purpose", "Purpose"),
        conditions=form.text("conditions"),
        valid_from=form.day("valid_from", "From"),
        valid_until=form.optional_day("valid_until", "Until"),
        document_sha256=desk.blobs.put(form.file("document", "The written permission").data),
        granted_by=visit.user.name,
        granted_at=visit.at,
    )
    permissions.grant(desk.record, permission, actor=visit.user, at=visit.at)
    done = f"{permission.id} is granted. Every finding is searched again for a permission."
    return visit.go("/permissions", done=done, index=True)


@act("/permissions/{permission_id}/revoke", roles={Role.CHIEF}, audit="permission.revoked", back="/permissions")
def revoke(visit: Visit) -> Response:
    """Take a permission back from now on."""
    key = visit.part("permission_id")
    permissions.revoke(visit.desk.record, key, actor=visit.user, at=visit.at, reason=visit.form.text("reason"))
    return visit.go(
        f"/permissions#{segment(key)}", done=f"{key} is revoked from now on; earlier posts stay covered.", index=True
    )
