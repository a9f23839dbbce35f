"""How the service is, for the administrator: what `footprint doctor` asks, as far as this process can."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from dashboards.declaration import page
from dashboards.looked import last_run
from dashboards.visit import Visit
from dashboards.worth import detectors_now
from footprint.accounts import Account
from footprint.coverage import CoverageEntry
from footprint.errors import FootprintError
from footprint.ports import Reader
from footprint.users import Role
from footprint.yields import alarm, yields_of

WAITING_SHOWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One answer: `is_well` and what was said, the mend where it is not."""

    name: str
    is_well: bool
    said: str


@page("/health", roles={Role.ADMINISTRATOR}, audit="health.viewed")
def show(visit: Visit) -> Response:
    """Store, bytes, index, and what the last run could not look at."""
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
        connectors=_connectors(desk.record),
        waiting=f"{waiting} or more" if waiting == WAITING_SHOWN else str(waiting),
        looked=last_run(desk.record, visit.at),
        crawl=desk.settings.crawl,
        dashboard=desk.settings.dashboard,
    )


def _connectors(record: Reader) -> tuple[Check, ...]:
    """How the last run of each platform went that has been read, against those before it."""
    accounts: dict[str, list[str]] = {}
    for account in record.select(Account):
        accounts.setdefault(account.platform, []).append(account.id)
    found = {name: yields_of(record.select(CoverageEntry, account_id=ids)) for name, ids in sorted(accounts.items())}
    return tuple(
        Check(name=f"Reading {name}", is_well=not alarm(yields), said=alarm(yields) or yields[-1].sentence())
        for name, yields in found.items()
        if yields
    )


def _check(name: str, ask: Callable[[], str]) -> Check:
    try:
        return Check(name=name, is_well=True, said=ask())
    except FootprintError as error:
        return Check(name=name, is_well=False, said=str(error))
