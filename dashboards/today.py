"""The first page: what waits for whoever signed in, and what could not be looked at."""

from collections import Counter
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.responses import Response

from dashboards.access import within_sight
from dashboards.accounts import registrations
from dashboards.ahead import warm
from dashboards.audit import Hunting, head, hunting, lately
from dashboards.declaration import EVERYBODY, page
from dashboards.looked import last_run
from dashboards.memory import Verified
from dashboards.permissions import Entry, entries
from dashboards.queue import Queue, queue_of
from dashboards.visit import Visit
from footprint.accounts import AccountState
from footprint.acts.users import all_users
from footprint.audit import AuditEvent
from footprint.documents import FindingDocument
from footprint.errors import RecordUnavailable
from footprint.query import Query
from footprint.reports import ReportFile
from footprint.reviews import FindingState
from footprint.users import Role

LATEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWork:
    """What waits for a reviewer, and how sure the machine is of it."""

    queue: Queue
    certainties: Counter[str]
    needs_more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryWork:
    """What waits for a registrar; `to_approve` are those that somebody else wrote down."""

    to_approve: int
    own_proposals: int
    to_notify: int
    ends_soon: int
    expired: int
    active: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandWork:
    """What the Chief should know of."""

    confirmed: tuple[FindingDocument, ...]
    total_confirmed: int
    unreachable: str
    ending: tuple[Entry, ...]
    report: ReportFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OversightWork:
    """What an auditor should know of."""

    head: AuditEvent | None
    verified: Verified | None
    hunting: tuple[Hunting, ...]
    lately: Counter[str]


@page("/", roles=EVERYBODY, audit="today.viewed")
def show(visit: Visit) -> Response:
    """What waits, for each role that is held."""
    visit.note("today")
    review = _review(visit) if visit.holds(Role.REVIEWER) else None
    response = visit.answer(
        "today.html",
        looked=last_run(visit.desk.record, visit.at),
        review=review,
        registry=_registry(visit) if visit.holds(Role.REGISTRAR) else None,
        command=_command(visit) if visit.holds(Role.CHIEF) else None,
        oversight=_oversight(visit) if visit.holds(Role.AUDITOR) else None,
        users=all_users(visit.desk.record) if visit.holds(Role.ADMINISTRATOR) else (),
    )
    response.background = BackgroundTask(warm, visit.desk, review.queue.after("", 1) if review else ())
    return response


def _review(visit: Visit) -> ReviewWork:
    queue = queue_of(visit)
    return ReviewWork(
        queue=queue,
        certainties=Counter(entry.certainty for entry in queue.entries),
        needs_more=len(queue_of(visit, state=FindingState.INSUFFICIENT).entries),
    )


def _registry(visit: Visit) -> RegistryWork:
    everything = tuple(registrations(visit))
    proposed = [r for r in everything if r.state is AccountState.PROPOSED]
    own = sum(r.account.registered_by == visit.user.name for r in proposed)
    states = Counter(r.state for r in everything)
    return RegistryWork(
        to_approve=len(proposed) - own,
        own_proposals=own,
        to_notify=states[AccountState.AWAITING_NOTICE],
        ends_soon=sum(r.ends_soon and r.state is AccountState.ACTIVE for r in everything),
        expired=states[AccountState.EXPIRED],
        active=states[AccountState.ACTIVE],
    )


def _command(visit: Visit) -> CommandWork:
    asked = within_sight(Query(), visit.user)
    unreachable, found = "", None
    try:
        found = visit.desk.index.search(asked, size=LATEST)
    except RecordUnavailable as error:
        unreachable = str(error)
    reports = visit.desk.record.select(ReportFile)
    return CommandWork(
        confirmed=found.hits if found else (),
        total_confirmed=found.total if found else 0,
        unreachable=unreachable,
        ending=tuple(entry for entry in entries(visit) if entry.state == "ends soon"),
        report=max(reports, key=lambda r: (r.week, r.generated_at), default=None),
    )


def _oversight(visit: Visit) -> OversightWork:
    events = tuple(lately(visit.desk.record, visit.at))
    return OversightWork(
        head=head(visit.desk.record),
        verified=visit.desk.verified.get("audit"),
        hunting=hunting(events),
        lately=Counter(event.action for event in events),
    )
