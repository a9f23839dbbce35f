"""Identifiers and exemplars: what the detectors are taught."""

from datetime import datetime

from footprint.acts.authority import require
from footprint.digests import digest, sha256
from footprint.dossiers import detections_of
from footprint.errors import BadInput, NotPermitted, UnreadableMedia
from footprint.findings import Detection, Finding
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind, Polarity
from footprint.identifiers import enabled as in_force
from footprint.ports import Blobs, Pictures, Reader, Record
from footprint.precision import is_material
from footprint.reviews import ReviewDecision
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

    The caller has made sure that the bytes decode. Raises BadInput for an unknown identifier, a reference that is there already, or one
    that nothing could find: a sound of what is seen, or a picture of what is heard.
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
        identifier = tx.get(Identifier, identifier_id)
        if identifier is None:
            raise BadInput(f"There is no identifier {identifier_id}. Add it first.")
        _require_perceptible(identifier, mime)
        if not tx.add(exemplar):
            raise BadInput(f"This very reference is an exemplar of {identifier_id} already.")
        detail = {"identifier": identifier_id, "polarity": polarity.value, "sha256": exemplar.sha256}
        tx.audit(at=at, actor=actor.name, action="exemplar.added", subject=exemplar.id, detail=detail)
    return exemplar


def _require_perceptible(identifier: Identifier, mime: str) -> None:
    sort = mime.split("/")[0]
    if identifier.kind is Kind.AUDIO and sort == "image":
        raise BadInput(
            f"{identifier.id} is heard (kind audio), so a picture finds nothing. Give a recording or a film."
        )
    if identifier.kind is not Kind.AUDIO and sort == "audio":
        raise BadInput(
            f"{identifier.id} is seen (kind {identifier.kind.value}). Recordings are exemplars of the kind audio."
        )


def look_alike_from(
    record: Record, blobs: Blobs, pictures: Pictures, finding_id: str, *, actor: User, at: datetime
) -> Exemplar:
    """
    Make what a dismissed finding showed an exemplar of what is not ours; the next scan knows it.

    Raises NotPermitted unless people dismissed the finding as not Department material, BadInput where nothing usable can be cut out.
    """
    require(actor, Role.REVIEWER, Role.REGISTRAR)
    finding = record.get(Finding, finding_id)
    if finding is None:
        raise BadInput(f"There is no finding {finding_id}.")
    _require_not_ours(record, finding_id)
    surest = next(iter(detections_of(record, finding_id)), None)
    if surest is None:
        raise BadInput("No claim of a detector is left on this finding.")
    data = _cut(blobs, pictures, surest)
    exemplar = Exemplar(
        id=digest(finding.identifier_id, sha256(data)),
        identifier_id=finding.identifier_id,
        sha256=blobs.put(data),
        mime="image/png",
        polarity=Polarity.LOOK_ALIKE,
        label="from a dismissed finding",
        added_by=actor.name,
        added_at=at,
    )
    with record.transaction() as tx:
        _require_not_ours(tx, finding_id)
        if not tx.add(exemplar):
            raise BadInput("This very look-alike is an exemplar already.")
        detail = {
            "identifier": finding.identifier_id,
            "polarity": exemplar.polarity.value,
            "sha256": exemplar.sha256,
            "finding": finding_id,
        }
        tx.audit(at=at, actor=actor.name, action="exemplar.added", subject=exemplar.id, detail=detail)
    return exemplar


def _require_not_ours(reader: Reader, finding_id: str) -> None:
    if is_material(reader.select(ReviewDecision, finding_id=finding_id)) is not False:
        raise NotPermitted("Only a finding that was dismissed as not Department material becomes a look-alike.")


def _cut(blobs: Blobs, pictures: Pictures, claim: Detection) -> bytes:
    try:
        return pictures.cut(blobs.get(claim.asset_sha256), claim.region)
    except KeyError as error:
        raise BadInput("The bytes of this picture are not kept any more.") from error
    except UnreadableMedia as error:
        raise BadInput(f"No look-alike can be made of it: {error}.") from error


def switch_exemplar(
    record: Record, exemplar_id: str, *, enabled: bool, actor: User, at: datetime, reason: str
) -> ExemplarEvent:
    """Switch an exemplar off or on again, with the reason. Raises BadInput where there is none, or it is so already."""
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
        exemplar = tx.get(Exemplar, exemplar_id)
        if exemplar is None:
            raise BadInput(f"There is no exemplar {exemplar_id}.")
        if bool(in_force((exemplar,), tx.select(ExemplarEvent, exemplar_id=exemplar_id))) is enabled:
            raise BadInput(f"Exemplar {exemplar_id} is {'enabled' if enabled else 'disabled'} already.")
        tx.add(event)
        action = "exemplar.enabled" if enabled else "exemplar.disabled"
        tx.audit(at=at, actor=actor.name, action=action, subject=exemplar_id, purpose=event.reason)
    return event
