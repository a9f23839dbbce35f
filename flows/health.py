"""What `footprint doctor` looks at: each check says what it found, or the mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from crawlers.sites import read_sites
from detectors import models, negatives
from flows.own_models import own_finder
from flows.standing import standings, uncleared
from flows.wiring import House, SpiderPlatforms, blobs_url, index_of, now, record_url, wired
from footprint.accounts import Account
from footprint.acts.accounts import current_state
from footprint.audit import AuditEvent
from footprint.blobs.open import open_blobs
from footprint.coverage import Run, RunEnd
from footprint.errors import BadConfiguration, FootprintError, RecordUnavailable
from footprint.identifiers import Exemplar
from footprint.settings import Loaded, read
from footprint.store.record import open_record
from footprint.suspensions import DetectorEvent, suspended
from pipelines.scan import able, versions_of

CLOCK_MAY_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was checked, and what to say of it."""

    check: str
    ok: bool
    says: str


def examine(config: Path | None) -> tuple[Check, ...]:
    """Check settings, record, blobs, index, models, clock and what is registered. One that fails does not stop the others."""
    try:
        loaded = read(config)
    except BadConfiguration as error:
        return (Check(check="settings", ok=False, says=str(error)),)
    told = [Check(check="settings", ok=True, says=f"read from {loaded.folder}")]
    for name, look in (("record", _record), ("blobs", _blobs), ("index", _index), ("models", _models)):
        told.append(_checked(name, lambda look=look: look(loaded)))  # type: ignore[misc]
    if all(check.ok for check in told[:4]):
        with wired(loaded) as house:
            told += [_checked(name, lambda look=look: look(house)) for name, look in _INSIDE]  # type: ignore[misc]
    return tuple(told)


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(check=name, ok=True, says=look())
    except FootprintError as error:
        return Check(check=name, ok=False, says=str(error))


def _record(loaded: Loaded) -> str:
    record = open_record(record_url(loaded))
    try:
        return record.check()
    finally:
        record.close()


def _blobs(loaded: Loaded) -> str:
    return open_blobs(blobs_url(loaded)).check()


def _index(loaded: Loaded) -> str:
    index = index_of(loaded)
    try:
        return index.check()
    finally:
        index.close()


def _models(loaded: Loaded) -> str:
    lacking = models.lacking()
    finder = own_finder(loaded)
    if finder is not None and not finder.ok:
        lacking += (finder.says,)
    if lacking:
        raise BadConfiguration(" ".join(lacking))
    bank = "" if loaded.settings.detect.negatives else f"; {negatives.check()}"
    return f"{models.examined()}{bank}{f'; detect.finder {finder.says}' if finder else ''}"


def _clock(house: House) -> str:
    last = max((e.at for e in house.record.select(AuditEvent)), default=None)
    if last is not None and last > now() + CLOCK_MAY_DIFFER:
        raise RecordUnavailable(
            f"The clock is behind the last audit event of {last:%Y-%m-%d %H:%M} UTC. Mend: set the clock."
        )
    return f"{now():%Y-%m-%d %H:%M} UTC, not behind the record"


def _detectors(house: House) -> str:
    if not house.record.count(Exemplar):
        raise BadConfiguration(
            "There is no exemplar, so nothing can be found. Mend: footprint identifier add, exemplar add."
        )
    return ", ".join(f"{name} {version}" for name, version in versions_of(able(house.bank().build())).items())


def _suspensions(house: House) -> str:
    idle = suspended(house.record.select(DetectorEvent))
    if idle:
        told = "; ".join(f"{name}: {event.reason}" for name, event in idle.items())
        raise BadConfiguration(f"Suspended detectors look at nothing ({told}) Mend: footprint detector resume.")
    least = house.settings.detect.least_precision
    return f"none; below a precision of {least:.0%} a detector suspends itself" if least else "none"


def _accounts(house: House) -> str:
    unknown = {a.platform for a in house.record.select(Account)} - set(SpiderPlatforms().names())
    if unknown:
        raise BadConfiguration(
            f"Accounts are registered on {', '.join(sorted(unknown))}, for which there is no connector."
        )
    read_sites(house.settings.crawl.boards_file)
    states = [current_state(house.record, account, now()).value for account in house.record.select(Account)]
    counted = ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
    return counted or "none registered yet"


def _platforms(house: House) -> str:
    found = [standing.connector for standing in standings(house, now())]
    troubles = [f"{c.name}: {c.trouble}" for c in found if c.trouble]
    troubles += list(uncleared(house, now()).values())
    if troubles:
        raise BadConfiguration(" ".join(troubles))
    told = [f"{len(found)} connectors read what they should"]
    told += (
        [f"the next review of terms is due by {min(dues)}"]
        if (dues := [c.review.due_on for c in found if c.accounts])
        else []
    )
    told += [f"{sum(bills):.2f} USD spent this month"] if (bills := [c.usd for c in found if c.usd]) else []
    told += [f"{c.name}: {c.new_fields}" for c in found if c.new_fields]
    return "; ".join(told)


def _runs(house: House) -> str:
    ended = {end.id for end in house.record.select(RunEnd)}
    running = [run for run in house.record.select(Run) if run.id not in ended]
    return (
        f"{len(running)} running or cut off; the next scan closes what was cut off"
        if running
        else "all runs have ended"
    )


def _crawling(house: House) -> str:
    crawl = house.settings.crawl
    return f"on, as {crawl.contact_url}" if crawl.enabled else "off: no scan makes a request (crawl.enabled)"


_INSIDE = (
    ("clock", _clock),
    ("detectors", _detectors),
    ("suspensions", _suspensions),
    ("accounts", _accounts),
    ("platforms", _platforms),
    ("runs", _runs),
    ("crawling", _crawling),
)
