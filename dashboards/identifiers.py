"""What identifies the Department, and the references that it is found by."""

import re
from collections import Counter
from pathlib import PurePath

from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboards.declaration import UPLOAD_BYTES, act, page
from dashboards.visit import Visit
from dashboards.worth import detectors_now, worth_of
from footprint import wording
from footprint.acts import identifiers
from footprint.errors import BadInput, FootprintError, UnreadableMedia
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind, Polarity, enabled
from footprint.ports import Reader
from footprint.precision import measured
from footprint.specialists import IDLE
from footprint.thresholds import ThresholdApproval, ThresholdProposal, in_force
from footprint.users import Role
from footprint.whatif import WhatIf

READERS = (Role.REGISTRAR, Role.REVIEWER, Role.CHIEF)
NOT_SLUG = re.compile(r"[^a-z0-9]+")


@page("/identifiers", roles=READERS, audit="identifiers.viewed")
def show(visit: Visit) -> Response:
    """All identifiers with their first exemplars."""
    record = visit.desk.record
    identifiers_there = tuple(record.select(Identifier))
    exemplars: dict[str, list[Exemplar]] = {}
    for exemplar in enabled(record.select(Exemplar), record.select(ExemplarEvent)):
        exemplars.setdefault(exemplar.identifier_id, []).append(exemplar)
    visit.note("identifiers", detail={"listed": len(identifiers_there)})
    return visit.answer(
        "identifiers.html",
        identifiers=identifiers_there,
        exemplars={key: sorted(found, key=_ours_first) for key, found in exemplars.items()},
        polarities={key: Counter(e.polarity for e in found) for key, found in exemplars.items()},
        kinds=tuple(Kind),
        detectors=detectors_now(visit.desk),
        idle=IDLE,
        thresholds=in_force(record.select(ThresholdProposal), record.select(ThresholdApproval)),
    )


def _ours_first(exemplar: Exemplar) -> tuple[bool, str]:
    return exemplar.polarity is not Polarity.POSITIVE, exemplar.id


@page("/identifiers/{identifier_id}", roles=READERS, audit="identifier.viewed")
def show_one(visit: Visit) -> Response:
    """One identifier, its exemplars in force and those switched off."""
    record, key = visit.desk.record, visit.part("identifier_id")
    identifier = record.get(Identifier, key)
    if identifier is None:
        raise HTTPException(404, f"There is no identifier {key}.")
    exemplars = sorted(record.select(Exemplar, identifier_id=key), key=_ours_first)
    events = sorted(record.select(ExemplarEvent, exemplar_id=[e.id for e in exemplars]), key=lambda e: e.at)
    visit.note(key, detail={"exemplars": len(exemplars)})
    return visit.answer(
        "identifier.html",
        identifier=identifier,
        exemplars=exemplars,
        in_force={exemplar.id for exemplar in enabled(exemplars, events)},
        latest={event.exemplar_id: event for event in events},
        polarities=tuple(Polarity),
        precision=tuple(p for p in measured(record) if p.identifier_id == key),
        worth=worth_of(record, key),
        tried=_tried(record, key, visit.asked("tried")),
    )


def _tried(record: Reader, identifier_id: str, key: str) -> WhatIf | None:
    tried = record.get(WhatIf, key) if key else None
    return tried if tried is not None and tried.identifier_id == identifier_id else None


@act("/identifiers", roles={Role.REGISTRAR}, audit="identifier.added", back="/identifiers")
def add(visit: Visit) -> Response:
    """Name a thing that identifies the Department."""
    form = visit.form
    name = form.required("name", "Name")
    slug = NOT_SLUG.sub("-", name.lower()).strip("-")
    if not slug:
        raise BadInput("Name: use letters and digits.")
    identifier = Identifier(
        id=slug,
        kind=form.choice("kind", Kind, "Kind"),
        name=name,
        valid_from=form.optional_day("valid_from", "In use from"),
        valid_until=form.optional_day("valid_until", "In use until"),
        created_by=visit.user.name,
        created_at=visit.at,
    )
    identifiers.add_identifier(visit.desk.record, identifier, actor=visit.user, at=visit.at)
    return visit.go(f"/identifiers/{slug}", done=f"“{name}” is named. Give it pictures to be found by.")


@act(
    "/identifiers/{identifier_id}/exemplars",
    roles={Role.REGISTRAR},
    audit="exemplar.added",
    back="/identifiers/{identifier_id}",
    max_bytes=UPLOAD_BYTES,
)
def add_exemplar(visit: Visit) -> Response:
    """Add a reference picture or recording. It must decode here before it is kept."""
    upload = visit.form.file("picture", "Picture")
    try:
        mime = visit.desk.pictures.media_type(upload.data)
    except UnreadableMedia as error:
        raise BadInput(f"“{upload.name[:80]}” cannot be used as a picture or recording: {error}") from error
    _add(visit, upload.data, mime, label=visit.form.text("label") or PurePath(upload.name).stem[:80])
    done = "Added. The next scan looks for it in every picture, old ones too."
    return _added(visit, done)


@act(
    "/identifiers/{identifier_id}/wording",
    roles={Role.REGISTRAR},
    audit="exemplar.added",
    back="/identifiers/{identifier_id}",
)
def add_wording(visit: Visit) -> Response:
    """Add wording to be found by, in which # is any digit and ? any letter or digit."""
    words = wording.encoded(visit.form.required("words", "Wording"))
    _add(visit, words, wording.MIME, label=visit.form.text("label") or words.decode())
    identifier = visit.desk.record.get(Identifier, visit.part("identifier_id"))
    unread = wording.unread(identifier.kind, visit.desk.settings.detect.detectors) if identifier else ""
    return _added(visit, f"Added. {unread or 'The next scan reads for it in every picture, old ones too.'}")


def _add(visit: Visit, data: bytes, mime: str, *, label: str) -> None:
    identifiers.add_exemplar(
        visit.desk.record,
        visit.desk.blobs,
        identifier_id=visit.part("identifier_id"),
        data=data,
        mime=mime,
        polarity=visit.form.choice("polarity", Polarity, "Sort"),
        label=label,
        actor=visit.user,
        at=visit.at,
    )


def _added(visit: Visit, done: str) -> Response:
    key = visit.part("identifier_id")
    return visit.go(f"/identifiers/{key}", done=" ".join((done, *_advice(visit, key))))


def _advice(visit: Visit, identifier_id: str) -> tuple[str, ...]:
    """How good its pictures are; what was added stays added where that cannot be told."""
    try:
        return tuple(visit.desk.advise(identifier_id))
    except FootprintError as error:
        return (f"How good the pictures are cannot be told: {error}",)


@act(
    "/identifiers/{identifier_id}/exemplars/{exemplar_id}/switch",
    roles={Role.REGISTRAR},
    audit="exemplar.*",
    back="/identifiers/{identifier_id}",
)
def switch(visit: Visit) -> Response:
    """Switch an exemplar off or on again, with the reason."""
    is_on = visit.form.text("enabled") == "yes"
    identifiers.switch_exemplar(
        visit.desk.record,
        visit.part("exemplar_id"),
        enabled=is_on,
        actor=visit.user,
        at=visit.at,
        reason=visit.form.text("reason"),
    )
    done = "Switched on again." if is_on else "Switched off. It stays on the record."
    return visit.go(f"/identifiers/{visit.part('identifier_id')}", done=done)
