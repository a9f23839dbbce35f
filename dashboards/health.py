"""How the service is, for the administrator: what `footprint doctor` asks, as far as this process can."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from dashboards.declaration import page
from dashboards.looked import last_run
from dashboards.visit import Visit
from dashboards.worth import detectors_now
from footprint.errors import FootprintError
from footprint.users import Role

WAITING_SHOWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One answer: `is_well` and what was said, the mend where it is not."""

    name: str
    is_well: bool
    said: str


@page("/health", roles={Role.ADMINISTRATOR}, audit="health.viewed")
def show(visit: Visit) -> Response:
    """Store, bytes, index, connectors, and what the last run could not look at."""
    desk = visit.desk
    visit.note("health")
    waiting = len(desk.record.outbox(WAITING_SHOWN))
    return visit.answer(
        "health.html",
        checks=(
            _check("Record", desk.record.check),
            _check("Bytes", desk.blobs.check),
            _check("Search index", desk.index.check),
        ),
        detectors=detectors_now(desk),
        connectors=sorted(desk.connectors(), key=lambda c: (c.is_healthy is not False, not c.accounts, c.name)),
        waiting=f"{waiting} or more" if waiting == WAITING_SHOWN else str(waiting),
        looked=last_run(desk.record, visit.at),
        crawl=desk.settings.crawl,
        dashboard=desk.settings.dashboard,
    )


def _check(name: str, ask: Callable[[], str]) -> Check:
    try:
        return Check(name=name, is_well=True, said=ask())
    except FootprintError as error:
        return Check(name=name, is_well=False, said=str(error))
