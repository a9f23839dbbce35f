"""The audit log, for the auditor: who did what to which record and why. Behaviour, never content."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from dashboards.declaration import page
from dashboards.memory import Verified
from dashboards.visit import Visit
from footprint.audit import AuditEvent, verify
from footprint.errors import BadInput
from footprint.ports import Between, Reader
from footprint.users import Role

PAGE = 100
DEFAULT_DAYS = 7
LOOK_UPS = 5
LOOK_UP_WINDOW = timedelta(days=7)
LOOKING_UP = frozenset({"identity.revealed", "findings.searched", "account.viewed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunting:
    """Somebody looked one registrant up again and again (guardrail G26): something for an auditor to ask about."""

    actor: str
    registrant_id: str
    times: int


def hunting(events: Iterable[AuditEvent]) -> tuple[Hunting, ...]:
    """Who looked one registrant up at least LOOK_UPS times among these events, the most often first."""
    looked = Counter(
        (event.actor, registrant_id)
        for event in events
        if event.action in LOOKING_UP
        for registrant_id in _registrants(event)
    )
    return tuple(
        Hunting(actor=actor, registrant_id=registrant_id, times=times)
        for (actor, registrant_id), times in sorted(looked.items(), key=lambda item: (-item[1], item[0]))
        if times >= LOOK_UPS
    )


def _registrants(event: AuditEvent) -> tuple[str, ...]:
    if event.action == "identity.revealed":
        return (event.subject,)
    return tuple(event.detail.get("registrants", ()))


def lately(record: Reader, at: datetime) -> Iterator[AuditEvent]:
    """The events of the last seven days, up to this moment."""
    return record.select(AuditEvent, at=Between(at - LOOK_UP_WINDOW, at + timedelta(microseconds=1)))


def head(record: Reader) -> AuditEvent | None:
    """The latest event of the chain."""
    return next(record.select(AuditEvent, sequence=record.count(AuditEvent)), None)


@page("/audit", roles={Role.AUDITOR}, audit="audit.viewed")
def show(visit: Visit) -> Response:
    """Events of a span of days, the latest first; narrowed by actor and action."""
    record = visit.desk.record
    start, end = _days(visit)
    actor, action = visit.asked("actor"), visit.asked("action")
    visit.note("audit", detail={"actor": actor, "action": action, "from": start.isoformat(), "to": end.isoformat()})
    within = tuple(record.select(AuditEvent, at=Between(start, end)))
    found = [e for e in reversed(within) if actor in ("", e.actor) and action in ("", e.action, e.action.split(".")[0])]
    offset = _offset(visit)
    return visit.answer(
        "audit.html",
        events=found[offset : offset + PAGE],
        total=len(found),
        offset=offset,
        actors=sorted({event.actor for event in within}),
        actions=Counter(event.action for event in within).most_common(),
        actor=actor,
        action=action,
        first_day=start.astimezone(visit.desk.zone).date(),
        last_day=(end - timedelta(microseconds=1)).astimezone(visit.desk.zone).date(),
        earlier=_page(visit, offset + PAGE) if offset + PAGE < len(found) else "",
        later=_page(visit, max(0, offset - PAGE)) if offset else "",
        hunting=hunting(lately(record, visit.at)),
        head=head(record),
        verified=visit.desk.verified.get("audit"),
    )


@page("/audit/verification", roles={Role.AUDITOR}, audit="audit.verified")
def check(visit: Visit) -> Response:
    """Check the whole chain now, and go back to the log."""
    record = visit.desk.record
    broken_at = verify(record.select(AuditEvent))
    events = record.count(AuditEvent)
    visit.note("audit", detail={"events": events, "broken_at": broken_at})
    visit.desk.verified["audit"] = Verified(at=visit.at, events=events, broken_at=broken_at)
    return visit.go("/audit")


def _days(visit: Visit) -> tuple[datetime, datetime]:
    """The span that was asked for, whole days of the Department; the last week where nothing was."""
    zone = visit.desk.zone
    today = visit.at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        first = datetime.fromisoformat(visit.asked("from")[:10]) if visit.asked("from") else None
        last = datetime.fromisoformat(visit.asked("to")[:10]) if visit.asked("to") else None
    except ValueError as error:
        raise BadInput("Write days as 2026-01-31.") from error
    end = last.replace(tzinfo=zone) if last else today
    start = first.replace(tzinfo=zone) if first else end - timedelta(days=DEFAULT_DAYS - 1)
    if start > end:
        raise BadInput("The first day lies after the last. Exchange them.")
    return start, end + timedelta(days=1)


def _offset(visit: Visit) -> int:
    text = visit.asked("offset")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _page(visit: Visit, offset: int) -> str:
    asked = {name: visit.asked(name) for name in ("actor", "action", "from", "to")}
    return "/audit?" + urlencode({**{n: v for n, v in asked.items() if v}, "offset": str(offset)})
