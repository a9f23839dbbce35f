"""One finding: everything about it on one screen, and what a reviewer does with it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from starlette.background import BackgroundTask
from starlette.responses import Response

from dashboards.access import has_decided, may_see, require_sight, shown_decisions, shown_state
from dashboards.ahead import SOON, gather, warm
from dashboards.declaration import act, page
from dashboards.elements import elements
from dashboards.exhibit import Plate, can_overlay, certainty, plates
from dashboards.media import READERS
from dashboards.queue import queue_of, undoable
from dashboards.reasons import approved_uses, reasons, spelled
from dashboards.visit import Visit
from footprint.accounts import Account
from footprint.acts import accounts, reviews
from footprint.coverage import CoverageEntry, plan_id
from footprint.digests import digest
from footprint.dossiers import Dossier, require_recorded
from footprint.errors import BadInput
from footprint.findings import Finding
from footprint.identifiers import Identifier
from footprint.permissions import Permission
from footprint.ports import Reader
from footprint.posts import Capture, MediaUse, Post
from footprint.precision import is_material
from footprint.reviews import Element, FindingState, ReviewDecision, Verdict, status_of
from footprint.users import Role

SHOWN_FOR = timedelta(minutes=5)
"""How long an unblurred picture or a revealed name stays on the pages of the session that asked."""

REASON_MIN_CHARACTERS = 10
MOST_RELATED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another finding that shares the post or the picture."""

    finding: Finding
    account: Account
    identifier: Identifier
    post: Post
    state: FindingState


@page("/findings/{finding_id}", roles=READERS, audit="finding.viewed")
def show(visit: Visit) -> Response:
    """The finding, with the queue beside it for a reviewer."""
    desk, user = visit.desk, visit.user
    finding = require_sight(desk.record, user, visit.part("finding_id"))
    gathered = gather(desk, finding.id)
    drawn = plates(gathered)
    visit.memory.shown.update(plate.sha256 for plate in drawn)
    visit.note(finding.id, detail={"assets": sorted({plate.sha256 for plate in drawn})})
    queue = queue_of(visit) if visit.holds(Role.REVIEWER) else None
    coming = queue.after(finding.id, SOON) if queue else ()
    response = visit.answer(
        "finding.html",
        dossier=gathered,
        state=shown_state(user, gathered.decisions),
        certainty=_certainty(gathered),
        is_over=visit.asked("exemplar") == "over",
        plates=drawn,
        plate=_chosen(drawn, visit.asked("picture", "1")),
        reasons=reasons(desk.record, gathered.detections),
        approved=approved_uses(desk.record, gathered.detections),
        can_overlay=can_overlay(gathered),
        spelled=spelled(gathered.detections),
        elements=elements(gathered, desk.settings.department.policy()),
        captures=_captures(desk.record, gathered),
        permissions=_permissions(desk.record, gathered),
        decisions=shown_decisions(user, gathered.decisions),
        can_teach=visit.holds(Role.REVIEWER) and is_material(gathered.decisions) is False,
        has_decided=has_decided(user, gathered.decisions),
        same_post=tuple(_others(visit, gathered, (finding.post_id,))),
        same_picture=tuple(islice(_others(visit, gathered, _posts_showing(desk.record, gathered)), MOST_RELATED)),
        name=visit.memory.name_of(gathered.registrant.id, visit.at),
        queue=queue,
        undo=undoable(visit) if queue else None,
    )
    response.background = BackgroundTask(warm, desk, coming)
    return response


@act("/findings/{finding_id}/decide", roles={Role.REVIEWER}, audit="finding.decided", back="/findings/{finding_id}")
def decide(visit: Visit) -> Response:
    """A verdict; then on to what waits next."""
    desk, form = visit.desk, visit.form
    finding = require_sight(desk.record, visit.user, visit.part("finding_id"))
    verdict = form.choice("verdict", Verdict, "Verdict")
    decision = ReviewDecision(
        id=digest(finding.id, visit.user.name, visit.at.isoformat()),
        finding_id=finding.id,
        reviewer=visit.user.name,
        verdict=verdict,
        elements=form.choices("elements", Element, "Elements"),
        permission_id=(form.text("permission_id") or None) if verdict is Verdict.PERMITTED else None,
        note=form.text("note"),
        decided_at=visit.at,
    )
    coming = queue_of(visit).next(finding.id)
    reviews.decide(desk.record, decision, actor=visit.user, at=visit.at)
    return visit.go(f"/findings/{coming.id}" if coming and coming.id != finding.id else "/review", index=True)


@act("/findings/{finding_id}/undo", roles={Role.REVIEWER}, audit="finding.decision_undone", back="/review")
def undo(visit: Visit) -> Response:
    """Take one's own verdict back, within seconds. It may be about a finding that the verdict itself has hidden."""
    undone = visit.form.required("decision_id", "The decision")
    finding_id = visit.part("finding_id")
    decision = ReviewDecision(
        id=digest(finding_id, visit.user.name, visit.at.isoformat(), undone),
        finding_id=finding_id,
        reviewer=visit.user.name,
        verdict=None,
        undoes=undone,
        decided_at=visit.at,
    )
    reviews.decide(visit.desk.record, decision, actor=visit.user, at=visit.at)
    visit.desk.catch_up()  # before the answer: the queue beside the finding lists it again
    return visit.go(f"/findings/{finding_id}", done="Taken back. Nothing is decided.")


@act(
    "/findings/{finding_id}/unmask",
    roles=READERS,
    audit="picture.unmasked",
    back="/findings/{finding_id}",
    notes=True,
)
def unmask(visit: Visit) -> Response:
    """Grant this session, for minutes, one picture without blur."""
    finding = require_sight(visit.desk.record, visit.user, visit.part("finding_id"))
    sha256 = visit.form.required("asset", "The picture")
    if not visit.desk.record.count(MediaUse, post_id=finding.post_id, asset_sha256=sha256):
        raise BadInput("The post of this finding shows no such picture.")
    visit.note(finding.id, purpose=_reason(visit), detail={"asset": sha256})
    visit.memory.unmasked[sha256] = visit.at + SHOWN_FOR
    return visit.go(f"/findings/{finding.id}?picture={visit.form.text('picture') or '1'}")


@act(
    "/findings/{finding_id}/reveal",
    roles={Role.REVIEWER, Role.CHIEF},
    audit="identity.revealed",
    back="/findings/{finding_id}",
)
def reveal(visit: Visit) -> Response:
    """The name behind the pseudonym, for a reason."""
    finding = require_sight(visit.desk.record, visit.user, visit.part("finding_id"))
    registrant_id = require_recorded(visit.desk.record, Account, finding.account_id).registrant_id
    name = accounts.reveal(
        visit.desk.record, registrant_id, actor=visit.user, at=visit.at, purpose=visit.form.text("reason")
    )
    visit.memory.names[registrant_id] = (name, visit.at + SHOWN_FOR)
    return visit.go(f"/findings/{finding.id}")


def _reason(visit: Visit) -> str:
    reason = visit.form.text("reason")
    if len(reason) < REASON_MIN_CHARACTERS:
        raise BadInput(f"Say for what, in at least {REASON_MIN_CHARACTERS} characters.")
    return reason


def _certainty(gathered: Dossier) -> str:
    covered = gathered.permission_search is not None and gathered.permission_search.covering is not None
    return certainty(gathered.detections[0], covered=covered) if gathered.detections else "possible"


def _chosen(drawn: tuple[Plate, ...], number: str) -> Plate | None:
    return next((plate for plate in drawn if str(plate.number) == number), drawn[0] if drawn else None)


def _captures(record: Reader, gathered: Dossier) -> tuple[tuple[Capture, CoverageEntry | None], ...]:
    """Each raw exchange with the coverage entry that says how its fetch ended, the latest first."""
    return tuple(
        (capture, record.get(CoverageEntry, plan_id(capture.run_id, gathered.account.id, capture.url)))
        for capture in sorted(gathered.captures, key=lambda c: c.fetched_at, reverse=True)
    )


def _permissions(record: Reader, gathered: Dossier) -> tuple[tuple[Permission, str], ...]:
    """Every permission that the search considered with the reason against it, those that cover first."""
    search = gathered.permission_search
    reasons = {c.permission_id: c.reason for c in search.considered} if search else {}
    found = record.select(Permission, id=tuple(reasons)) if reasons else ()
    return tuple(sorted(((p, reasons[p.id]) for p in found), key=lambda pair: (pair[1] != "", pair[1], pair[0].id)))


def _posts_showing(record: Reader, gathered: Dossier) -> set[str]:
    assets = tuple({detection.asset_sha256 for detection in gathered.detections})
    uses = record.select(MediaUse, asset_sha256=assets) if assets else ()
    return {use.post_id for use in uses} - {gathered.post.id}


def _others(visit: Visit, gathered: Dossier, post_ids: Collection[str]) -> Iterator[Related]:
    """Other findings about some posts, as far as this viewer may see them."""
    record = visit.desk.record
    for finding in record.select(Finding, post_id=tuple(post_ids)) if post_ids else ():
        account = require_recorded(record, Account, finding.account_id)
        decisions = tuple(record.select(ReviewDecision, finding_id=finding.id))
        is_other = finding.id != gathered.finding.id
        if is_other and may_see(visit.user, status_of(decisions), account.registrant_id):
            yield Related(
                finding=finding,
                account=account,
                identifier=require_recorded(record, Identifier, finding.identifier_id),
                post=require_recorded(record, Post, finding.post_id),
                state=shown_state(visit.user, decisions),
            )
