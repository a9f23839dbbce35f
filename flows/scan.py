"""The scan as a Prefect flow: plan, crawl host by host, detect, fold, index, retire. Each stage can be repeated without harm."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import ThreadPoolTaskRunner

from crawlers.launch import CrawlJob, CrawlResult, crawl, planned_urls
from crawlers.platforms import platform_of, require_usable
from crawlers.sites import read_sites
from flows.alone import alone
from flows.wiring import House, blobs_url, now, record_url, wired
from footprint import projection
from footprint.accounts import Account, AccountEvent, Registrant, require_scannable
from footprint.acts.detectors import suspend_imprecise
from footprint.coverage import PLATFORM_REFUSED, CoverageEntry, Outcome, Run, RunEnd, Target
from footprint.digests import digest
from footprint.dossiers import require_recorded
from footprint.errors import BadInput, NotPermitted, RecordUnavailable
from footprint.findings import ScanOutcome
from footprint.settings import read
from pipelines import growth
from pipelines.coverage import close_plans, close_runs, counts, is_complete
from pipelines.fold import fold_findings
from pipelines.ledger import DETAIL_CHARS, Ledger
from pipelines.retention import retire
from pipelines.scan import Bank, scan_assets, unable, versions_of

HOSTS_AT_ONCE = 4
log = logging.getLogger("footprint.scan")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSummary:
    """
    What one scan did. `coverage` counts how its planned fetches ended, `pictures` how the detectors' looks ended; `unable` maps detector to
    why it cannot look, `refused` account to why it was not read, `failed` account to why its crawl did not finish; `waiting` counts findings
    that the index does not hold yet.
    """

    run_id: str
    accounts: int
    planned: int
    coverage: Mapping[Outcome, int]
    pictures: Mapping[ScanOutcome, int]
    unable: Mapping[str, str]
    refused: Mapping[str, str]
    failed: Mapping[str, str]
    new_findings: int
    waiting: int
    retired: int

    @property
    def is_complete(self) -> bool:
        """Whether everything could be looked at that the rules allow to look at."""
        is_seen = is_complete(self.coverage, self.pictures, self.unable)
        return is_seen and not (self.failed or self.waiting)


@flow(name="scan", task_runner=cast(Any, ThreadPoolTaskRunner(max_workers=HOSTS_AT_ONCE)), persist_result=False)
def scan(accounts: list[str] | None = None, actor: str = "schedule", config: str | None = None) -> ScanSummary:
    """
    Scan the named accounts, or all that may be read.

    Raises NotPermitted while crawling is switched off or another scan runs, BadInput for an account that is not registered.
    """
    with wired(read(Path(config) if config else None)) as house:
        require_startable(house, accounts)
        with alone(house):
            return _scan(house, accounts, actor)


def require_startable(house: House, wanted: Sequence[str] | None) -> None:
    """Raise what a scan of these accounts would raise before it begins."""
    if not house.settings.crawl.enabled:
        raise NotPermitted(
            "Crawling is switched off. Mend: set `enabled = true` in [crawl] once everything is registered."
        )
    choose(house, wanted)
    read_sites(house.settings.crawl.boards_file)
    with alone(house):
        return


def _scan(house: House, wanted: Sequence[str] | None, actor: str) -> ScanSummary:
    for run_id in close_runs(house.record, at=now()):
        log.warning("Run %s had been cut off; what it left open is now on record as not looked at.", run_id)
    chosen, refused = choose(house, wanted)
    barred = {account.id: why for account in chosen if (why := unusable(house, account))}
    chosen = tuple(account for account in chosen if account.id not in barred)
    refused |= barred
    run = begin(house, actor, refused)
    leave_out(house, run, barred)
    hosts = by_host(chosen)
    log.info("Accounts to read: %d, on hosts: %d. Not to be read: %d.", len(chosen), len(hosts), len(refused))
    crawls = [crawl_host.submit(house, run.id, group) for group in hosts.values()]
    failed = {account_id: why for crawled in crawls for account_id, why in crawled.result().items()}
    _suspend_imprecise(house)
    bank = house.bank()
    bank.learn(_log_progress)
    detectors = bank.build()
    versions, blind = versions_of(detectors), unable(detectors)
    for name, why in blind.items():
        log.warning("Could not look: %s: %s", name, why)
    pictures = detect(house, bank, versions, run.id)
    new_findings = fold_findings(house.record, versions=versions, run_id=run.id, clock=now)
    log.info("New findings: %d.", new_findings)
    waiting = index_findings(house)
    receipt = retire(
        house.record, house.blobs, versions=versions, now=now(), settings=house.settings.retention, actor=actor
    )
    kept_for = timedelta(days=house.settings.retention.mistakes_days)
    growth.retire(house.record, house.mistakes, now=now(), keep=kept_for, actor=actor)
    coverage = counts(house.record, run.id)
    summary = ScanSummary(
        run_id=run.id,
        accounts=len(chosen),
        planned=sum(coverage.values()),
        coverage=coverage,
        pictures=pictures,
        unable=blind,
        refused=refused,
        failed=failed,
        new_findings=new_findings,
        waiting=waiting,
        retired=receipt.retired,
    )
    end(house, summary, actor)
    return summary


def _suspend_imprecise(house: House) -> None:
    """Before detectors look: those that people disagreed with too often do not."""
    detect = house.settings.detect
    for event in suspend_imprecise(
        house.record,
        detect.detectors,
        least_precision=detect.least_precision,
        least_decisions=detect.least_decisions,
        at=now(),
    ):
        log.warning("%s is suspended: %s `footprint detector resume` lets it look again.", event.detector, event.reason)


def choose(house: House, wanted: Sequence[str] | None) -> tuple[tuple[Account, ...], dict[str, str]]:
    """The accounts that may be read now, and why each other one may not. Raises BadInput for an unknown one."""
    accounts = {account.id: account for account in house.record.select(Account)}
    unknown = sorted(set(wanted or ()) - accounts.keys())
    if unknown:
        raise BadInput(f"Not registered: {', '.join(unknown)}. `footprint account list` shows those that are.")
    chosen, refused = [], {}
    for account in (accounts[key] for key in sorted(wanted or accounts)):
        try:
            registrant = require_recorded(house.record, Registrant, account.registrant_id)
            events = house.record.select(AccountEvent, account_id=account.id)
            require_scannable(account, registrant, events, now())
            chosen.append(account)
        except NotPermitted as error:
            refused[account.id] = str(error)
    return tuple(chosen), refused


def unusable(house: House, account: Account) -> str:
    """Why the platform of an account may not be read now, "" where it may: its terms were not reviewed for too long, say."""
    try:
        require_usable(
            platform_of(account.platform).MANIFEST,
            house.settings.crawl,
            now(),
            house.record,
            native_id=account.native_id,
        )
    except (NotPermitted, BadInput) as error:
        return str(error)
    return ""


def leave_out(house: House, run: Run, barred: Mapping[str, str]) -> None:
    """Put on record that accounts are not looked at, although their holders' registrations are in order: the coverage says so."""
    for account_id, why in barred.items():
        ledger = Ledger(house.record, run_id=run.id, account_id=account_id, clock=now)
        address = require_recorded(house.record, Account, account_id).address
        ledger.plan_all(Target.PAGE, [address])
        ledger.end_now(address, Outcome.ERROR, detail=f"{PLATFORM_REFUSED}{why}"[:DETAIL_CHARS])


def by_host(accounts: Sequence[Account]) -> dict[str, tuple[Account, ...]]:
    """Accounts by host: the crawls of one host come one after another, those of different hosts side by side."""
    hosts: dict[str, list[Account]] = {}
    for account in accounts:
        hosts.setdefault(urlsplit(account.address).netloc, []).append(account)
    return {host: tuple(group) for host, group in hosts.items()}


def begin(house: House, actor: str, refused: Mapping[str, str]) -> Run:
    """Record that a run begins, and which accounts it must leave alone."""
    at = now()
    run = Run(id=digest("run", actor, at.isoformat()), actor=actor, started_at=at)
    with house.record.transaction() as tx:
        tx.add(run)
        tx.audit(at=at, actor=actor, action="run.started", subject=run.id)
        for account_id, why in refused.items():
            tx.audit(
                at=at, actor=actor, action="account.refused", subject=account_id, purpose=why, detail={"run": run.id}
            )
    return run


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="crawl-{run_id}")
def crawl_host(house: House, run_id: str, accounts: Sequence[Account]) -> dict[str, str]:
    """
    Crawl the accounts of one host one after another. Returns why, for each account whose crawl did not finish.

    There is no retry here: what was not reached is on record, and the next scan goes on from the cursor.
    """
    failed = {}
    for account in accounts:
        result = crawl_account(house, run_id, account)
        if not result.ok:
            failed[account.id] = result.finish_reason
        log.info("%s: %s", account.id, _sentence(result))
    return failed


def crawl_account(house: House, run_id: str, account: Account) -> CrawlResult:
    """Crawl one account in a child process and make sure that each of its plans has ended."""
    crawl_settings = house.settings.crawl
    job = CrawlJob(
        run_id=run_id,
        account_id=account.id,
        record_url=record_url(house.loaded),
        blobs_url=blobs_url(house.loaded),
        crawl=crawl_settings,
        policy=house.settings.department.policy(),
        work=house.loaded.path(house.settings.storage.work),
    )
    result = crawl(job, timeout_s=crawl_settings.account_timeout_s)
    close_plans(house.record, run_id, at=now(), account_id=account.id)
    return result


def _sentence(result: CrawlResult) -> str:
    ended = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.coverage.items()))
    return f"{result.versions_added} new versions, {result.media_fetched} media; {ended or 'nothing planned'}"


@task(cache_policy=NO_CACHE, persist_result=False)
def detect(house: House, bank: Bank, versions: Mapping[str, str], run_id: str) -> Counter[ScanOutcome]:
    """Let the detectors look at what they have not seen."""
    return scan_assets(
        house.record,
        house.blobs,
        bank,
        versions=versions,
        run_id=run_id,
        limits=house.limits(),
        clock=now,
        progress=_log_progress,
    )


def _log_progress(stage: str, done: int, total: int) -> None:
    if done == total or done % 20 == 0:
        log.info("%s: %d of %d.", stage.capitalize(), done, total)


@task(cache_policy=NO_CACHE, persist_result=False, retries=2, retry_delay_seconds=2)
def _drain(house: House) -> None:
    """Hand what waits to the index: worth a retry, since an index may be starting."""
    projection.drain(house.record, house.blobs, house.index, at=now())


def index_findings(house: House) -> int:
    """Bring the index up to date. Returns how many findings wait because it cannot be reached; the outbox keeps them."""
    try:
        _drain(house)
    except RecordUnavailable as error:
        log.warning(
            "%s Nothing is lost: the findings wait, and the next scan or `footprint reindex` catches up.", error
        )
    return len(house.record.outbox(10_000))


def end(house: House, summary: ScanSummary, actor: str) -> None:
    """Record that the run ended, and show its coverage as an artifact."""
    entries = house.record.select(CoverageEntry, run_id=summary.run_id)
    table = Counter((entry.account_id, entry.target.value, entry.outcome.value) for entry in entries)
    create_table_artifact(
        key="coverage",
        description=f"What run {summary.run_id} looked at, and what not",
        table=[{"account": a, "target": t, "outcome": o, "count": n} for (a, t, o), n in sorted(table.items())],
    )
    outcome = "complete" if summary.is_complete else "incomplete"
    with house.record.transaction() as tx:
        tx.add(RunEnd(id=summary.run_id, ended_at=now(), outcome=outcome))
        detail = {"planned": summary.planned, "coverage": dict(summary.coverage), "new_findings": summary.new_findings}
        tx.audit(at=now(), actor=actor, action="run.ended", subject=summary.run_id, purpose=outcome, detail=detail)


def figures(summary: ScanSummary) -> dict[str, Any]:
    """A summary as JSON-able figures."""
    return {
        "run": summary.run_id,
        "accounts": summary.accounts,
        "planned": summary.planned,
        "coverage": {outcome.value: count for outcome, count in sorted(summary.coverage.items())},
        "pictures": {outcome.value: count for outcome, count in sorted(summary.pictures.items())},
        "unable": dict(summary.unable),
        "refused": dict(summary.refused),
        "failed": dict(summary.failed),
        "new_findings": summary.new_findings,
        "waiting": summary.waiting,
        "retired": summary.retired,
        "complete": summary.is_complete,
    }


def planned(house: House, wanted: Sequence[str] | None) -> list[dict[str, str]]:
    """The dry run: which URLs a scan would start from, for whom and on what authority; makes no request."""
    chosen, refused = choose(house, wanted)
    rows = []
    for account in chosen:
        try:
            urls = planned_urls(house.record, account, crawl=house.settings.crawl, at=now())
        except NotPermitted as error:
            refused[account.id] = str(error)
            continue
        rows += [
            {
                "account": account.id,
                "url": p.url,
                "for": p.target.value,
                "authority": p.authority,
                "basis": account.basis.value,
            }
            for p in urls
        ]
    return rows + [
        {"account": a, "url": "", "for": "", "authority": f"not read: {w}", "basis": ""} for a, w in refused.items()
    ]
