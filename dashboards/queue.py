"""The review queue: what waits for this reviewer, in an order that is never by person, and what is hidden, counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.background import BackgroundTask
from starlette.responses import Response

from dashboards.access import AWAITING, decisions_by_finding, has_decided, may_see, within_sight
from dashboards.ahead import warm
from dashboards.declaration import page
from dashboards.looked import last_run
from dashboards.visit import Visit
from footprint.documents import FindingDocument
from footprint.errors import RecordUnavailable
from footprint.ports import Between
from footprint.query import Query, Term
from footprint.reviews import UNDO_WINDOW, FindingState, ReviewDecision, Verdict, status_of
from footprint.users import Role

LONGEST_QUEUE = 500
BEHIND, AHEAD = 8, 40
"""How many entries before and after the current one stand beside a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """
    What waits for one reviewer.

    `hidden` counts, in words, the findings that are not listed; `unlisted` those that wait beyond LONGEST_QUEUE; `unindexed` is whether some
    are recorded but not in the index yet; `unreachable` says why nothing is known, "" where something is.
    """

    entries: tuple[FindingDocument, ...] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)
    unlisted: int = 0
    unindexed: bool = False
    unreachable: str = ""

    def position(self, finding_id: str) -> int | None:
        """Which entry this is, counted from one; None where it is not listed."""
        return next((at for at, entry in enumerate(self.entries, 1) if entry.id == finding_id), None)

    def around(self, finding_id: str) -> tuple[FindingDocument, ...]:
        """The entries that stand beside a finding."""
        at = self.position(finding_id) or 1
        return self.entries[max(0, at - 1 - BEHIND) : at + AHEAD]

    def previous(self, finding_id: str) -> FindingDocument | None:
        """The entry before a finding."""
        at = self.position(finding_id)
        return self.entries[at - 2] if at and at > 1 else None

    def next(self, finding_id: str) -> FindingDocument | None:
        """The entry after a finding; the first one where it is not listed."""
        at = self.position(finding_id) or 0
        return self.entries[at] if at < len(self.entries) else None

    def after(self, finding_id: str, number: int) -> tuple[str, ...]:
        """Ids of the next entries after a finding; of the first ones where it is not listed."""
        at = self.position(finding_id) or 0
        return tuple(entry.id for entry in self.entries[at : at + number])


def queue_of(visit: Visit, *, state: str = "") -> Queue:
    """
    The queue of who asks, or with `state="insufficient"` what needs more information.

    The index gives the order; the record decides what is listed, so that a verdict counts at once. Where the index cannot be reached the queue
    says so: findings can still be opened and decided.
    """
    try:
        return _queue(visit, needs_more=state == FindingState.INSUFFICIENT)
    except RecordUnavailable as error:
        return Queue(unreachable=str(error))


def _queue(visit: Visit, *, needs_more: bool) -> Queue:
    desk = visit.desk
    states = (FindingState.INSUFFICIENT,) if needs_more else AWAITING
    asked = within_sight(Query(terms=(Term(field="state", values=states),)), visit.user)
    found = desk.index.search(asked, size=LONGEST_QUEUE)
    decisions = decisions_by_finding(desk.record, (hit.id for hit in found.hits))
    return Queue(
        entries=tuple(hit for hit in found.hits if _waits(visit, hit, decisions[hit.id], states)),
        hidden=_hidden(visit, mine=0 if needs_more else sum(has_decided(visit.user, d) for d in decisions.values())),
        unlisted=max(0, found.total - len(found.hits)),
        unindexed=bool(desk.record.outbox(1)),
    )


def _waits(
    visit: Visit, hit: FindingDocument, decisions: tuple[ReviewDecision, ...], states: tuple[FindingState, ...]
) -> bool:
    state = status_of(decisions)
    is_new = state is FindingState.INSUFFICIENT or not has_decided(visit.user, decisions)
    return state in states and is_new and may_see(visit.user, state, hit.registrant_id)


def _hidden(visit: Visit, *, mine: int) -> dict[str, int]:
    """Counts without a word about which: "12 hidden: 9 dismissed, 3 with counsel"."""
    all_states = visit.desk.index.search(within_sight(Query(), visit.user), size=0).facets["state"]
    diverted = {d.finding_id for d in visit.desk.record.select(ReviewDecision, verdict=Verdict.PROTECTED_ACTIVITY)}
    with_counsel = sum(
        status_of(decisions) is FindingState.WITH_COUNSEL
        for decisions in decisions_by_finding(visit.desk.record, diverted).values()
    )
    counts = {
        "confirmed": all_states.get(FindingState.CONFIRMED, 0),
        "permitted": all_states.get(FindingState.PERMITTED, 0),
        "dismissed": all_states.get(FindingState.DISMISSED, 0),
        "with counsel": with_counsel,
        "decided by you": mine,
    }
    return {words: number for words, number in counts.items() if number}


def undoable(visit: Visit) -> tuple[ReviewDecision, datetime] | None:
    """The reviewer's latest verdict where it can still be taken back, and until when."""
    lately = Between(visit.at - UNDO_WINDOW, visit.at + timedelta(microseconds=1))
    mine = tuple(visit.desk.record.select(ReviewDecision, reviewer=visit.user.name, decided_at=lately))
    undone = {decision.undoes for decision in mine}
    left = [decision for decision in mine if decision.verdict is not None and decision.id not in undone]
    latest = max(left, key=lambda d: d.decided_at, default=None)
    return (latest, latest.decided_at + UNDO_WINDOW) if latest else None


@page("/review", roles={Role.REVIEWER}, audit="queue.viewed")
def show(visit: Visit) -> Response:
    """The queue as a page of its own."""
    state = FindingState.INSUFFICIENT.value if visit.asked("state") == FindingState.INSUFFICIENT else ""
    queue = queue_of(visit, state=state)
    visit.note("queue", detail={"listed": len(queue.entries), "state": state or "waiting"})
    looked = None if queue.entries else last_run(visit.desk.record, visit.at)
    response = visit.answer("queue.html", queue=queue, state=state, looked=looked, undo=undoable(visit))
    response.background = BackgroundTask(warm, visit.desk, queue.after("", 1))
    return response


@page("/review/next", roles={Role.REVIEWER}, audit="queue.viewed")
def begin(visit: Visit) -> Response:
    """On to the first finding that waits."""
    queue = queue_of(visit)
    visit.note("queue", detail={"listed": len(queue.entries), "state": "waiting"})
    return visit.go(f"/findings/{queue.entries[0].id}" if queue.entries else "/review")
