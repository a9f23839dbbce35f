"""The child: one job as JSON on standard input, one result as JSON on standard output. Started by `crawlers.launch.crawl`."""

import logging
import os
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawlers.account_spider import AccountSpider
from crawlers.launch import FINISHED, JOB, RESULT, CrawlJob, CrawlResult
from crawlers.masking import MaskingFormatter, masked
from crawlers.platform import Platform
from crawlers.platforms import platform_of, require_usable
from crawlers.settings import for_job
from crawlers.tokens import renew
from crawlers.walk import Walk, resume, single
from footprint.accounts import Account, Registrant
from footprint.blobs.open import open_blobs
from footprint.coverage import Outcome, Target
from footprint.errors import FootprintError, NotPermitted, RateLimited
from footprint.ports import Blobs, Record
from footprint.posts import Cursor
from footprint.store.record import open_record
from pipelines.admission import Admission
from pipelines.recording import Recorder

# How the plans end that a crawl did not get to, by the reason for which it stopped. After those that are deferred the next crawl goes on.
LEFT = {
    "rate_deferred": (Outcome.RATE_DEFERRED, "the crawl stopped, as it was asked to wait"),
    "page_limit": (Outcome.RATE_DEFERRED, "beyond crawl.max_pages; the next scan goes on here"),
    "timed_out": (Outcome.RATE_DEFERRED, "crawl.account_timeout_s was over; the next scan goes on here"),
    "shutdown": (Outcome.ERROR, "the crawl was told to end"),
    "not_permitted": (Outcome.ERROR, "the account may no longer be read"),
    "failed": (Outcome.ERROR, "the crawl broke off"),
    FINISHED: (Outcome.ERROR, "never answered"),
}
GOES_ON = frozenset({FINISHED, "rate_deferred", "page_limit", "timed_out", "shutdown"})

SHARE_FOR_CRAWL = 0.9
"""Of the account's time; the rest is for writing down what was not reached."""


def main() -> None:
    """Read the job, crawl, print the result. Whatever else is printed goes to the log."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        job = JOB.validate_json(sys.stdin.buffer.readline())
        Thread(target=_end_with_parent, daemon=True).start()
        handler = logging.StreamHandler()
        handler.setFormatter(MaskingFormatter("%(asctime)s %(name)s %(levelname)s: %(message)s"))
        logging.basicConfig(level=logging.INFO, handlers=[handler])
        out.write(RESULT.dump_json(run(job)))


def _end_with_parent() -> None:
    """The parent keeps our standard input open as long as it lives."""
    while os.read(0, 1):
        pass
    os._exit(1)


def run(job: CrawlJob) -> CrawlResult:
    """Crawl one account in this process, which can be done once. Errors of the house become the result."""
    try:
        with closing(open_record(job.record_url)) as record:
            return _crawl(prepare(job, record, open_blobs(job.blobs_url)))
    except NotPermitted as error:
        return CrawlResult(account_id=job.account_id, finish_reason="not_permitted", errors=(str(error),))
    except RateLimited as error:
        return CrawlResult(account_id=job.account_id, finish_reason="rate_deferred", errors=(masked(str(error)),))
    except FootprintError as error:
        return CrawlResult(account_id=job.account_id, finish_reason="failed", errors=(masked(str(error)),))


def _crawl(prepared: "Prepared") -> CrawlResult:
    """Let Scrapy do it."""
    process = AsyncCrawlerProcess(prepared.settings, install_root_handler=False)
    crawler = process.create_crawler(prepared.spider)
    crawling = process.crawl(crawler, **prepared.arguments)
    process.start()
    crawling.result()
    return prepared.close(crawler)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A crawl that may be made: the Spider, Scrapy's settings for it, and what its spider is made with."""

    settings: Settings
    spider: type[AccountSpider]
    recorder: Recorder
    walk: Walk
    seconds: float

    @property
    def arguments(self) -> dict[str, Any]:
        """What the Spider takes."""
        return {"recorder": self.recorder, "walk": self.walk, "seconds": self.seconds}

    def close(self, crawler: Crawler) -> CrawlResult:
        """End what the crawl left open, keep the cursor, and sum up. Call once, when the crawler has stopped."""
        assert isinstance(crawler.spider, AccountSpider)
        assert crawler.stats is not None
        stopped = crawler.spider.stop_reason or str(crawler.stats.get_value("finish_reason"))
        return _close(self.recorder, self.walk, crawler.spider, stopped)


def prepare(job: CrawlJob, record: Record, blobs: Blobs) -> Prepared:
    """
    All that stands before the first request of a crawl: whether it may be made, how far the account was read, and a token that lives long enough.

    Raises NotPermitted where the account or its platform may not be read, BadConfiguration, and what TokenServer and Vault do.
    """
    account = record.get(Account, job.account_id)
    registrant = record.get(Registrant, account.registrant_id) if account else None
    if account is None or registrant is None:
        raise NotPermitted(f"{job.account_id} is not registered")
    platform = platform_of(account.platform)
    require_usable(platform.MANIFEST, job.crawl, _now(), record, native_id=account.native_id)
    admission = Admission(account=account, registrant=registrant, policy=job.policy, is_author=platform.is_author)
    recorder = Recorder(record, blobs, admission=admission, run_id=job.run_id, clock=_now)
    recorder.require_live()
    walk = (
        single(job.only, at=_now(), sought=job.sought)
        if job.only
        else resume(record, account, crawl=job.crawl, at=_now())
    )
    settings = Settings()
    settings.setmodule("crawlers.settings")
    settings.update(for_job(job.crawl, platform.MANIFEST, work=job.work), priority="project")
    renew(settings, platform.MANIFEST.api_hosts or (urlsplit(account.address).netloc,))
    seconds = job.crawl.account_timeout_s * SHARE_FOR_CRAWL
    return Prepared(settings=settings, spider=spider_of(platform), recorder=recorder, walk=walk, seconds=seconds)


def spider_of(platform: Platform) -> type[AccountSpider]:
    """The Spider with which a platform's module ends."""
    (spider,) = (spider for spider in AccountSpider.__subclasses__() if spider.platform is platform)
    return spider


def _close(recorder: Recorder, walk: Walk, spider: AccountSpider, stopped: str) -> CrawlResult:
    """End what is open, keep the cursor, and sum up."""
    if stopped == FINISHED and walk.is_cut_short:
        stopped = "page_limit"
    if stopped not in LEFT:
        spider.errors.append(f"Scrapy stopped: {stopped}")
        stopped = "failed"
    recorder.ledger.plan_all(Target.PAGE, [page.url for page in walk.left])
    recorder.ledger.end_rest(*LEFT[stopped])
    state = walk.cursor() if stopped in GOES_ON and not walk.is_single else None
    recorder.finish(Cursor(account_id=recorder.account.id, state=state, moved_at=_now()) if state else None)
    return CrawlResult(
        account_id=recorder.account.id,
        finish_reason="failed" if spider.errors and stopped == FINISHED else stopped,
        posts_seen=recorder.posts_seen,
        versions_added=recorder.versions_added,
        media_fetched=recorder.media.fetched,
        has_found=spider.has_found,
        coverage=dict(recorder.ledger.coverage),
        errors=tuple(masked(error) for error in spider.errors),
    )


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
