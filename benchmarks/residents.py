"""Who lives in a world: registered accounts at the addresses that platforms give as their examples, and the crawls of them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from scrapy.crawler import AsyncCrawlerRunner, Crawler

from crawlers.__main__ import prepare
from crawlers.launch import CrawlJob, CrawlResult
from crawlers.platform import Platform
from footprint.accounts import Account, AccountEvent, AccountRole, AccountStep, Basis, Registrant, account_id
from footprint.blobs.open import open_blobs
from footprint.clearances import PlatformApproval, TermsReview
from footprint.errors import BadInput
from footprint.ports import Record

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def example(platform: Platform) -> Account:
    """An account at the address that a platform gives as its example to whoever types another."""
    try:
        platform.native_id("no address")
    except BadInput as refusal:
        found = re.search(r"https?://[^\s']+", str(refusal))
    assert found is not None
    address = found[0].rstrip(".")
    native_id, name = platform.native_id(address), platform.MANIFEST.name
    return Account(
        id=account_id(name, native_id), platform=name, native_id=native_id, address=address, registrant_id="R-1",
        role=AccountRole.OFFICIAL, basis=Basis.OFFICIAL, document_sha256="0" * 64, registered_by="registrar", registered_at=LONG_AGO,
        expires_at=datetime.now(UTC) + timedelta(days=300),
    )  # fmt: skip


def register(record: Record, accounts: Iterable[Account]) -> None:
    """Put accounts on record that may be read, on platforms whose terms were read today."""
    at = datetime.now(UTC)
    with record.transaction() as tx:
        tx.add(Registrant(id="R-1", employed_from=LONG_AGO, registered_at=LONG_AGO))
        for account in accounts:
            said = {"platform": account.platform, "by": "chief", "at": at, "reason": "for the benchmark"}
            step = AccountStep.APPROVED
            tx.add(account)
            tx.add(AccountEvent(id=account.id, account_id=account.id, step=step, by="chief", at=LONG_AGO))
            tx.add(TermsReview(id=account.id, **said))
            tx.add(PlatformApproval(id=account.id, document_sha256="0" * 64, **said))


async def crawl(record: Record, job: CrawlJob) -> CrawlResult:
    """What a crawl's child does, in the process that the world has."""
    prepared = prepare(job, record, open_blobs(job.blobs_url))
    prepared.settings.set("LOG_LEVEL", "ERROR", priority="cmdline")
    crawler = Crawler(prepared.spider, prepared.settings)
    await AsyncCrawlerRunner(prepared.settings).crawl(crawler, **prepared.arguments)
    return prepared.close(crawler)
