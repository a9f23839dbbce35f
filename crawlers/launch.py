"""
Crawls one account in a child process, and says what a crawl would fetch.

A child for each account: Scrapy's reactor starts once in a process, and what a hostile page does to a child ends with it. Whatever
becomes of the child, the answer is a CrawlResult: a scan of many accounts does not fail for one.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter, ValidationError

from crawlers.masking import masked
from crawlers.platforms import platform_of, require_usable
from crawlers.token_file import VARIABLE
from crawlers.walk import resume
from footprint.accounts import Account
from footprint.coverage import Outcome, Target
from footprint.jurisdiction import Policy
from footprint.ports import Record
from footprint.posts import LOCAL, MediaReference
from footprint.settings import Crawl

COMMAND = (sys.executable, "-m", "crawlers")
FINISHED = "finished"
GRACE_S = 10.0
"""Time that a child has, once told to end, to write down what it did not reach."""

RESULT_BYTES = 2**20
LOG_TAIL_BYTES = 2000

# What a child gets of its parent's environment: where programs and time zones are, whom to trust, how to reach the database. No proxies.
INHERITED = (VARIABLE, "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "PYTHONPATH")
INHERITED_PREFIXES = ("PG", "SSL_CERT_")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlJob:
    """
    What a child needs to know. `work` is the folder with the budgets that all crawls share; it is made where it is missing. `only` is the one
    address to read, "" for all that the account leads to; `sought` words to look for there, in place of posts.
    """

    run_id: str
    account_id: str
    record_url: str
    blobs_url: str
    crawl: Crawl
    policy: Policy
    work: Path
    only: str = ""
    sought: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """
    What became of one crawl.

    `finish_reason` is `finished`, or why it stopped before: `rate_deferred`, `page_limit`, `timed_out`, `shutdown`, `not_permitted`,
    `failed` (something broke; `errors` says what), `crashed` (the child died or spoke nonsense). `coverage` counts how its fetches ended.
    """

    account_id: str
    finish_reason: str
    posts_seen: int = 0
    versions_added: int = 0
    media_fetched: int = 0
    has_found: bool = False
    coverage: Mapping[Outcome, int] = field(default_factory=dict)
    errors: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the crawl went to its own end. What single fetches came to is the coverage's to say."""
        return self.finish_reason == FINISHED


JOB = TypeAdapter(CrawlJob)
RESULT = TypeAdapter(CrawlResult)


def crawl(
    job: CrawlJob, *, timeout_s: float, grace_s: float = GRACE_S, command: Sequence[str] = COMMAND
) -> CrawlResult:
    """
    Crawl one account in a child process and wait for its end.

    The child ends with this process. After `timeout_s` it is told to end, and `grace_s` later killed with all that it started. Never
    raises for what becomes of the child.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=log, env=_environment(), start_new_session=True
        )
        try:
            in_time = _converse(child, JOB.dump_json(job) + b"\n", timeout_s, grace_s)
        finally:
            _kill(child)
        out.seek(0)
        return _result(job, child, out.read(RESULT_BYTES), log, in_time=in_time)


def _converse(child: "subprocess.Popen[bytes]", job: bytes, timeout_s: float, grace_s: float) -> bool:
    """
    Hand over the job and wait; the pipe stays open meanwhile, since its end tells the child that we are gone.

    Returns whether the child ended by itself in time. One that did not is told to end, and has a little time for it.
    """
    assert child.stdin is not None
    with child.stdin as pipe:
        with suppress(BrokenPipeError):  # it died before it listened; it has nothing to say then
            pipe.write(job)
            pipe.flush()
        try:
            child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(grace_s)
            return False
    return True


def _kill(child: "subprocess.Popen[bytes]") -> None:
    """End the child and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k in INHERITED or k.startswith(INHERITED_PREFIXES)}


def _result(
    job: CrawlJob, child: "subprocess.Popen[bytes]", out: bytes, log: IO[bytes], *, in_time: bool
) -> CrawlResult:
    """What the child says of itself, or what there is to say of a child that does not. Exit codes are not trusted."""
    try:
        result: CrawlResult = RESULT.validate_json(out)
    except ValidationError:
        tail = masked(_tail(log))
        why = (
            "the child was killed when its time was over" if not in_time else f"the child ended with {child.returncode}"
        )
        reason = "crashed" if in_time else "timed_out"
        return CrawlResult(account_id=job.account_id, finish_reason=reason, errors=(f"{why}: {tail}",))
    return result if in_time else replace(result, finish_reason="timed_out")


def _tail(log: IO[bytes]) -> str:
    """The last lines that the child logged, in one."""
    log.seek(max(0, log.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
    return " | ".join(log.read().decode("utf-8", "replace").split("\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUrl:
    """One address that a crawl would fetch, and by which right."""

    url: str
    target: Target
    authority: str


def planned_urls(record: Record, account: Account, *, crawl: Crawl, at: datetime) -> tuple[PlannedUrl, ...]:
    """
    What a crawl of an account would start from, and which media it would fetch that are still outstanding.

    Makes no request, so it tells this while crawling is still switched off, too. Raises NotPermitted where the platform may not be used
    for another reason, BadInput where there is none of that name.
    """
    platform = platform_of(account.platform)
    switched_on = crawl.model_copy(update={"enabled": True})
    require_usable(platform.MANIFEST, switched_on, at, record, native_id=account.native_id)
    walk = resume(record, account, crawl=crawl, at=at)
    pages = [page.url for page in walk.owed or platform.start(account, walk.progress)]
    outstanding = record.select(MediaReference, id=list(record.outstanding_media(account.id)))
    media = [r.url for r in outstanding if not r.url.startswith(LOCAL)]
    planned = [(url, Target.PAGE) for url in pages] + [(url, Target.MEDIA) for url in media]
    authority = platform.MANIFEST.authority
    return tuple(PlannedUrl(url=url, target=target, authority=authority) for url, target in dict.fromkeys(planned))
