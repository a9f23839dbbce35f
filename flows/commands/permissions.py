"""`footprint permission`: the Chief's (or a designee's) written permissions."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.context import As, Config, Json, Reason, acting, bytes_of, house, moment, show
from flows.wiring import House, now
from footprint import projection
from footprint.acts import permissions as acts
from footprint.errors import RecordUnavailable
from footprint.identifiers import Kind
from footprint.permissions import EVERYBODY, Permission, Revocation

permissions = typer.Typer(no_args_is_help=True, help="What the Chief permitted in writing, to whom, and until when.")

PermissionId = Annotated[str, typer.Argument(metavar="ID", help="Number of the permission, such as P-2026-014.")]


@permissions.command("grant")
def grant(
    permission_id: PermissionId,
    actor: As,
    document: Annotated[Path, typer.Option(help="The signed writing.")],
    purpose: Annotated[str, typer.Option(help="For what it is given.")],
    valid_from: Annotated[str, typer.Option("--from", help="First day.")],
    valid_until: Annotated[str | None, typer.Option("--until", help="Day from which it no longer holds.")] = None,
    to: Annotated[list[str] | None, typer.Option(help="Registrant it is given to; repeat it; none: everybody.")] = None,
    identifier: Annotated[list[str] | None, typer.Option(help="Identifier that may be shown; repeat it.")] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Kind of material that may be shown; repeat it.")] = None,
    media: Annotated[list[str] | None, typer.Option(help="SHA-256 of an approved picture; repeat it.")] = None,
    platform: Annotated[list[str] | None, typer.Option(help="Platform; repeat it; none: all.")] = None,
    grantor: Annotated[str | None, typer.Option(help="Who signed, where it is not the user who acts.")] = None,
    delegation: Annotated[str, typer.Option(help="The writing that lets a designee grant.")] = "",
    conditions: Annotated[str, typer.Option()] = "",
    config: Config = None,
) -> None:
    """Enter a written permission; every finding is searched for it anew."""
    with house(config) as opened:
        user = acting(opened.record, actor)
        permission = Permission(
            id=permission_id,
            grantor=grantor or actor,
            delegation=delegation,
            grantees=tuple(to or (EVERYBODY,)),
            identifiers=tuple(identifier or ()),
            kinds=tuple(kind or ()),
            approved_media=tuple(media or ()),
            platforms=tuple(platform or ()),
            purpose=purpose,
            conditions=conditions,
            valid_from=moment(valid_from, opened.loaded),
            valid_until=moment(valid_until, opened.loaded) if valid_until else None,
            document_sha256=opened.blobs.put(bytes_of(document)),
            granted_by=actor,
            granted_at=now(),
        )
        acts.grant(opened.record, permission, actor=user, at=now())
        _catch_up(opened)
    print(f"{permission_id} is entered.")


@permissions.command("revoke")
def revoke(permission_id: PermissionId, actor: As, reason: Reason, config: Config = None) -> None:
    """Take a permission back from now on."""
    with house(config) as opened:
        acts.revoke(opened.record, permission_id, actor=acting(opened.record, actor), at=now(), reason=reason)
        _catch_up(opened)
    print(f"{permission_id} is revoked from now on; posts from before stay covered.")


@permissions.command("list")
def list_permissions(config: Config = None, as_json: Json = False) -> None:
    """List the permissions."""
    with house(config) as opened:
        revoked = {revocation.id: revocation.revoked_at for revocation in opened.record.select(Revocation)}
        rows = [
            {
                "id": p.id,
                "to": ", ".join(p.grantees),
                "covers": ", ".join((*p.identifiers, *(k.value for k in p.kinds), *(m[:12] for m in p.approved_media))),
                "platforms": ", ".join(p.platforms) or "all",
                "from": p.valid_from,
                "until": p.valid_until,
                "revoked": revoked.get(p.id),
                "purpose": p.purpose,
            }
            for p in opened.record.select(Permission)
        ]
        show(
            rows,
            as_json=as_json,
            title="Permissions",
            empty="No permissions. Enter one: footprint permission grant --help",
        )


def _catch_up(opened: House) -> None:
    try:
        projection.drain(opened.record, opened.blobs, opened.index, at=now())
    except RecordUnavailable as error:
        print(
            f"{error} The permission is on record; the next scan or `footprint reindex` brings the search up to date."
        )
