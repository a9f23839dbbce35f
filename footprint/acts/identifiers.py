"""Identifiers and exemplars: what the detectors are taught."""

from datetime import datetime

from footprint.acts.authority import require
from footprint.digests import digest, sha256
from footprint.errors import BadInput
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Polarity
from footprint.ports import Blobs, Record
from footprint.users import Role, User


def add_identifier(record: Record, identifier: Identifier, *, actor: User, at: datetime) -> None:
    """Name a thing that identifies the Department. Raises BadInput where the id is taken."""
    require(actor, Role.REGISTRAR)
    with record.transaction() as tx:
        if not tx.add(identifier):
            raise BadInput(f"There is an identifier {identifier.id} already.")
        detail = {"kind": identifier.kind.value, "name": identifier.name}
        tx.audit(at=at, actor=actor.name, action="identifier.added", subject=identifier.id, detail=detail)


def add_exemplar(
    record: Record,
    blobs: Blobs,
    *,
    identifier_id: str,
    data: bytes,
    mime: str,
    polarity: Polarity,
    label: str,
    actor: User,
    at: datetime,
) -> Exemplar:
    """
    Add a reference to an identifier: a picture, film, sound or wording.

    The caller has made sure that the bytes decode. Raises BadInput for an unknown identifier or a reference that is there already.
    """
    require(actor, Role.REGISTRAR)
    exemplar = Exemplar(
        id=digest(identifier_id, sha256(data)),
        identifier_id=identifier_id,
        sha256=blobs.put(data),
        mime=mime,
        polarity=polarity,
        label=label,
        added_by=actor.name,
        added_at=at,
    )
    with record.transaction() as tx:
        if tx.get(Identifier, identifier_id) is None:
            raise BadInput(f"There is no identifier {identifier_id}. Add it first.")
        if not tx.add(exemplar):
            raise BadInput(f"This very reference is an exemplar of {identifier_id} already.")
        detail = {"identifier": identifier_id, "polarity": polarity.value, "sha256": exemplar.sha256}
        tx.audit(at=at, actor=actor.name, action="exemplar.added", subject=exemplar.id, detail=detail)
    return exemplar


def switch_exemplar(
    record: Record, exemplar_id: str, *, enabled: bool, actor: User, at: datetime, reason: str
) -> ExemplarEvent:
    """Switch an exemplar off or on again, with the reason."""
    require(actor, Role.REGISTRAR)
    if not reason.strip():
        raise BadInput("Say why.")
    event = ExemplarEvent(
        id=digest(exemplar_id, enabled, at.isoformat()),
        exemplar_id=exemplar_id,
        enabled=enabled,
        by=actor.name,
        at=at,
        reason=reason.strip(),
    )
    with record.transaction() as tx:
        if tx.get(Exemplar, exemplar_id) is None:
            raise BadInput(f"There is no exemplar {exemplar_id}.")
        tx.add(event)
        action = "exemplar.enabled" if enabled else "exemplar.disabled"
        tx.audit(at=at, actor=actor.name, action=action, subject=exemplar_id, purpose=event.reason)
    return event
