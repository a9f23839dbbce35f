"""One public address that a person names is fetched by the rules of a crawl: same child process, same guards, same admission."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from crawlers.launch import CrawlJob, CrawlResult, crawl
from crawlers.platforms import platform_of, require_usable
from crawlers.values import host_of, url_of
from flows.alone import alone
from flows.by_hand import begin, detect, end
from flows.wiring import House, blobs_url, now, record_url
from footprint.accounts import Account
from footprint.acts.authority import require
from footprint.coverage import LOOKED_AT, CoverageEntry, Outcome, Run, Target
from footprint.digests import digest
from footprint.errors import BadInput
from footprint.findings import ScanOutcome
from footprint.users import Role, User
from pipelines.admission import require_live
from pipelines.coverage import close_plans, is_complete

REASON_MIN_CHARACTERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What a capture came to: how the page ended and why, what was new on it, and how the detectors' looks ended."""

    run_id: str
    outcome: Outcome
    detail: str
    posts: int
    versions: int
    media: int
    pictures: Mapping[ScanOutcome, int]
    unable: Mapping[str, str]
    new_findings: int

    @property
    def is_complete(self) -> bool:
        """Whether the page could be looked at, and detectors could look at what is new on it."""
        return self.outcome in LOOKED_AT and is_complete({}, self.pictures, self.unable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Whether the words stand on an account's public page, and how the fetch of it ended."""

    run_id: str
    has_found: bool
    outcome: Outcome
    detail: str


def look_for(house: House, words: str, account: Account, *, actor: User) -> Sought:
    """Look once for words on the registered public page of an account that may be read. Nothing of the page is kept."""
    require_usable(
        platform_of(account.platform).MANIFEST, house.settings.crawl, now(), house.record, native_id=account.native_id
    )
    require_live(house.record, account, now)
    with alone(house):
        run = _run("look for", account.address, actor)
        begin(house, run, account, action="profile.looked_at", purpose="proof of its holder", detail={})
        with _ended(house, run, actor):
            result = _crawl(house, run, account, account.address, sought=words)
    outcome, detail = _page_of(house, run, result)
    return Sought(run_id=run.id, has_found=result.has_found, outcome=outcome, detail=detail)


def capture(house: House, url: str, account_id: str, *, actor: User, reason: str) -> Captured:
    """
    Fetch one address of a registered account.

    Raises BadInput for an address that is on neither the account's own host nor its platform's API, or a reason that says nothing,
    NotPermitted where the account or its platform may not be read.
    """
    require(actor, Role.REGISTRAR, Role.REVIEWER)
    account, address = house.record.get(Account, account_id), url_of(url)
    if account is None:
        raise BadInput(f"There is no account {account_id}. `footprint account list` shows those that there are.")
    platform = platform_of(account.platform)
    hosts = (host_of(account.address), *platform.MANIFEST.api_hosts)
    if address is None or host_of(address) not in hosts:
        raise BadInput(f"'{url}' is no address on {' or '.join(hosts)}, where {account.id} is read.")
    if len(reason.strip()) < REASON_MIN_CHARACTERS:
        raise BadInput(f"Say why, in at least {REASON_MIN_CHARACTERS} characters.")
    require_usable(platform.MANIFEST, house.settings.crawl, now(), house.record, native_id=account.native_id)
    require_live(house.record, account, now)
    with alone(house):
        return _capture(house, address, account, actor=actor, reason=reason.strip())


def _capture(house: House, url: str, account: Account, *, actor: User, reason: str) -> Captured:
    run = _run("capture", url, actor)
    begin(house, run, account, action="url.captured", purpose=reason, detail={"url": url})
    with _ended(house, run, actor):
        result = _crawl(house, run, account, url)
        found = detect(house, run)
    outcome, detail = _page_of(house, run, result)
    return Captured(
        run_id=run.id,
        outcome=outcome,
        detail=detail,
        posts=result.posts_seen,
        versions=result.versions_added,
        media=result.media_fetched,
        pictures=found.pictures,
        unable=found.unable,
        new_findings=found.new_findings,
    )


@contextmanager
def _ended(house: House, run: Run, actor: User) -> Iterator[None]:
    """End a run and all that it planned, however it goes."""
    outcome = "failed"
    try:
        yield
        outcome = "complete"
    finally:
        close_plans(house.record, run.id, at=now())
        end(house, run, actor, outcome)


def _run(what: str, url: str, actor: User) -> Run:
    at = now()
    return Run(id=digest(what, actor.name, url, at.isoformat()), actor=actor.name, started_at=at)


def _page_of(house: House, run: Run, result: CrawlResult) -> tuple[Outcome, str]:
    """How the one page of a run ended, and why."""
    for entry in house.record.select(CoverageEntry, run_id=run.id, target=Target.PAGE):
        return entry.outcome, entry.detail
    return Outcome.ERROR, "; ".join(result.errors) or result.finish_reason


def _crawl(house: House, run: Run, account: Account, url: str, *, sought: str = "") -> CrawlResult:
    job = CrawlJob(
        run_id=run.id,
        account_id=account.id,
        record_url=record_url(house.loaded),
        blobs_url=blobs_url(house.loaded),
        crawl=house.settings.crawl,
        policy=house.settings.department.policy(),
        work=house.loaded.path(house.settings.storage.work),
        only=url,
        sought=sought,
    )
    return crawl(job, timeout_s=house.settings.crawl.account_timeout_s)
