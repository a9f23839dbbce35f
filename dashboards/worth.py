"""What an identifier and the detectors are worth: thresholds tried, proposed and approved; detectors suspended and let look again."""

from dataclasses import dataclass

from starlette.responses import Response

from dashboards.access import require_sight
from dashboards.declaration import act
from dashboards.desk import Desk
from dashboards.visit import Visit
from footprint.acts import detectors, identifiers, thresholds
from footprint.bank_trials import BankTrial
from footprint.errors import BadInput
from footprint.ports import Reader
from footprint.precision import Precision, measured, together
from footprint.specialists import kinds_in_force, needed
from footprint.suspensions import DetectorEvent, suspended
from footprint.thresholds import Threshold, ThresholdApproval, ThresholdProposal, history, pending
from footprint.users import Role
from footprint.whatif import Change, WhatIf

MOST_ASKED = 5
"""What-ifs that a page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """
    The thresholds that an identifier ever had, the newest first, and the proposal that waits.

    `trial` is of the bank at the newest threshold, where there was one; `asked` are the latest what-ifs, the newest first.
    """

    thresholds: tuple[Threshold, ...]
    waiting: ThresholdProposal | None
    trial: BankTrial | None
    asked: tuple[WhatIf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorNow:
    """A detector: `precision` is None where nobody judged it, `suspension` where it is not suspended. `is_idle` where it has nothing to look for."""

    name: str
    is_idle: bool
    precision: Precision | None
    suspension: DetectorEvent | None


def worth_of(record: Reader, identifier_id: str) -> Worth:
    """The thresholds of one identifier."""
    proposals = tuple(record.select(ThresholdProposal, identifier_id=identifier_id))
    approvals = tuple(record.select(ThresholdApproval))
    thresholds = history(proposals, approvals).get(identifier_id, ())[::-1]
    asked = {one.id: one for one in record.select(WhatIf, identifier_id=identifier_id)}
    rests_on = asked.get(thresholds[0].proposal.what_if_id) if thresholds else None
    return Worth(
        thresholds=thresholds,
        waiting=pending(proposals, approvals, identifier_id),
        trial=rests_on.bank if rests_on else None,
        asked=tuple(sorted(asked.values(), key=lambda one: (one.tried_at, one.id), reverse=True)[:MOST_ASKED]),
    )


def detectors_now(desk: Desk) -> tuple[DetectorNow, ...]:
    """The detectors of the settings, and those that are suspended."""
    stopped = suspended(desk.record.select(DetectorEvent))
    precision = together(measured(desk.record))
    names = sorted({*desk.settings.detect.detectors, *stopped})
    busy = needed(names, kinds_in_force(desk.record))
    return tuple(
        DetectorNow(name=name, is_idle=name not in busy, precision=precision.get(name), suspension=stopped.get(name))
        for name in names
    )


@act(
    "/identifiers/{identifier_id}/whatif",
    roles={Role.REGISTRAR, Role.CHIEF},
    audit="threshold.tried",
    back="/identifiers/{identifier_id}",
)
def try_out(visit: Visit) -> Response:
    """Ask what a threshold, or exemplars less, would have changed."""
    form, key = visit.form, visit.part("identifier_id")
    change = Change(
        threshold=form.number("threshold", "Threshold"),
        without=tuple(sorted(set(form.many("without")))),
        detectors=tuple(sorted(set(form.many("detectors")))),
    )
    weeks = int(form.number("weeks", "Weeks"))
    tried = thresholds.try_out(visit.desk.record, key, change, weeks=weeks, actor=visit.user, at=visit.at)
    return visit.go(f"/identifiers/{key}?tried={tried.id}#worth")


@act(
    "/identifiers/{identifier_id}/threshold",
    roles={Role.REGISTRAR},
    audit="threshold.proposed",
    back="/identifiers/{identifier_id}",
)
def propose(visit: Visit) -> Response:
    """Propose the threshold that was tried."""
    form, key = visit.form, visit.part("identifier_id")
    value = form.number("threshold", "Threshold")
    thresholds.propose(visit.desk.record, key, value, actor=visit.user, at=visit.at, reason=form.text("reason"))
    return visit.go(f"/identifiers/{key}", done="Proposed. It comes into force when another person approves it.")


@act(
    "/identifiers/{identifier_id}/threshold/approval",
    roles={Role.REGISTRAR, Role.CHIEF},
    audit="threshold.approved",
    back="/identifiers/{identifier_id}",
)
def approve(visit: Visit) -> Response:
    """Approve what another person proposed."""
    key = visit.part("identifier_id")
    value = visit.form.number("threshold", "Threshold")
    thresholds.approve(visit.desk.record, key, value, actor=visit.user, at=visit.at)
    return visit.go(f"/identifiers/{key}", done=f"The threshold is {value:g} from the next scan on.")


@act("/detectors/{name}/switch", roles={Role.REGISTRAR}, audit="detector.*", back="/identifiers")
def switch(visit: Visit) -> Response:
    """Suspend a detector, or let it look again, with the reason."""
    desk, name, reason = visit.desk, visit.part("name"), visit.form.text("reason")
    if name not in {one.name for one in detectors_now(desk)}:
        raise BadInput(f"There is no detector {name}.")
    if visit.form.text("suspended") == "yes":
        detectors.suspend(desk.record, name, actor=visit.user, at=visit.at, reason=reason)
        return visit.go("/identifiers", done=f"{name} is suspended. What it found stays.")
    detectors.resume(desk.record, name, actor=visit.user, at=visit.at, reason=reason)
    return visit.go("/identifiers", done=f"{name} looks again from the next scan on.")


@act(
    "/findings/{finding_id}/look-alike",
    roles={Role.REVIEWER},
    audit="exemplar.added",
    back="/findings/{finding_id}",
)
def teach(visit: Visit) -> Response:
    """Teach what a dismissed finding showed as a look-alike: a person's decision, never the machine's."""
    desk = visit.desk
    finding = require_sight(desk.record, visit.user, visit.part("finding_id"))
    identifiers.look_alike_from(desk.record, desk.blobs, desk.pictures, finding.id, actor=visit.user, at=visit.at)
    return visit.go(f"/findings/{finding.id}", done="Taught: the next scan knows it as a look-alike.")
