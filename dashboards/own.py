"""What an employee sees: what is registered about them, on what ground, and what was confirmed."""

from collections.abc import Iterator

from starlette.responses import Response

from dashboards.access import may_see
from dashboards.accounts import Registration, registrations
from dashboards.declaration import page
from dashboards.visit import Visit
from footprint.findings import Finding
from footprint.identifiers import Identifier
from footprint.posts import Post
from footprint.reviews import ReviewDecision, status_of
from footprint.users import Role


@page("/own", roles={Role.EMPLOYEE}, audit="own.viewed")
def show(visit: Visit) -> Response:
    """One's own registration."""
    registrant_id = visit.user.registrant_id or ""
    own = tuple(r for r in registrations(visit) if r.registrant.id == registrant_id)
    visit.note(registrant_id or visit.user.name)
    return visit.answer(
        "own.html", registrant_id=registrant_id, registrations=own, findings=tuple(_confirmed(visit, own))
    )


def _confirmed(visit: Visit, own: tuple[Registration, ...]) -> Iterator[tuple[Finding, Identifier | None, Post | None]]:
    record = visit.desk.record
    for registration in own:
        for finding in record.select(Finding, account_id=registration.account.id):
            state = status_of(record.select(ReviewDecision, finding_id=finding.id))
            if may_see(visit.user, state, registration.registrant.id):
                yield finding, record.get(Identifier, finding.identifier_id), record.get(Post, finding.post_id)
