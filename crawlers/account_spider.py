"""The Spider of every platform: it fetches, a platform's module reads, the pipeline records."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from typing import Any, ClassVar, Self, cast

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.answers import require_found
from crawlers.budget import budget_of, domain_of
from crawlers.capture import warc
from crawlers.fields import fields_of, paths_in
from crawlers.meter import IS_PAGE, meter_of
from crawlers.parsing import parse_answer
from crawlers.platform import Page, PageRequest, Platform, Reading
from crawlers.tokens import IS_IN_ADDRESS
from crawlers.values import host_of
from crawlers.walk import NAMED, Walk
from footprint.coverage import Outcome, Target
from footprint.errors import NotPermitted, NotPublic, RateLimited, RobotsDenied, SourceError, SourceGone
from footprint.yields import page_detail
from pipelines.admission import post_id
from pipelines.ledger import ending_of
from pipelines.recording import Exchange, GonePost, KnownPost, OutstandingMedia, Recorder, SeenPage


class AccountSpider(scrapy.Spider):
    """
    Reads one registered account.

    A platform's module ends with a subclass that says no more than its name, the module's own:

        class MastodonSpider(AccountSpider):
            name = "mastodon"

    Three steps: the pages, from the platform's first ones on; then a direct look-up of each known post that they should have shown and did
    not; then the media that earlier crawls could not fetch. Every address is planned before and ends in the ledger.
    """

    platform: ClassVar[Platform]

    def __init_subclass__(cls) -> None:
        """The module that a subclass stands in is its platform; its functions are looked up when they are called."""
        super().__init_subclass__()
        cls.platform = cast(Platform, sys.modules[cls.__module__])

    def __init__(self, *, recorder: Recorder, walk: Walk, seconds: float) -> None:
        super().__init__()
        self.recorder = recorder
        self.walk = walk
        self.stop_reason = ""
        self.errors: list[str] = []
        self.has_found = False
        self._seconds = seconds
        self._shown: set[str] = set()
        self._expected: set[str] = set()
        self._missing: set[str] = set()
        self._has_looked_up = False
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Made by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.broke, signal=signals.spider_error)
        return spider

    def broke(self, failure: Failure) -> None:
        """A callback raised: most likely the record cannot be written, so that there is no use in going on."""
        self.stop("failed", ending_of(cast(Exception, failure.value))[1])

    @property
    def is_stopping(self) -> bool:
        """Whether nothing more is to be fetched."""
        return bool(self.stop_reason) or not self.crawler.engine.running

    def stop(self, reason: str, why: str = "") -> None:
        """End the crawl before its time. Harmless when repeated; an error is kept in any case."""
        self.errors += [why] if why else []
        if not self.is_stopping:
            self.stop_reason = reason
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))

    async def start(self) -> AsyncIterator[Any]:
        """The first pages: those that an earlier crawl owed, else the platform's."""
        asyncio.get_running_loop().call_later(self._seconds, self.stop, "timed_out")
        first = self.walk.owed or self.platform.start(self.recorder.account, self.walk.progress)
        for request in self._pages(first):
            yield request
        for output in self._when_read():
            yield output

    def parse_page(self, response: Response, page: PageRequest) -> Iterator[Any]:
        """A page has been answered."""
        if response.status == 304:
            self.walk.read(page, {})
            self.recorder.ledger.end_now(page.url, Outcome.UNCHANGED, status=304)
        elif (reading := self._read(response, page)) is not None:
            self.walk.read(page, reading.state)
            self._count(reading)
            self._note(reading)
            detail = page_detail(reading.unreadable, self._new_fields(response) if reading.posts else ())
            yield SeenPage(exchange=self._exchange(response, page), posts=reading.posts, detail=detail)
            yield from self._pages(reading.next)
        yield from self._when_read()

    def page_failed(self, failure: Failure, page: PageRequest) -> Iterator[Any]:
        """A page could not be fetched."""
        self._end_page(page, cast(Exception, failure.value))
        yield from self._when_read()

    def parse_look_up(self, response: Response, page: PageRequest, post: KnownPost) -> Iterator[Any]:
        """A direct look-up has been answered: the post is gone where the platform reads that, and nowhere else."""
        ledger = self.recorder.ledger
        try:
            if response.status >= 500:
                raise SourceError(f"HTTP {response.status}")
            self._count(self._of_platform(_shown(response, page)))
        except SourceGone:
            yield GonePost(exchange=self._exchange(response, page), post_id=post.id)
        except Exception as error:  # noqa: BLE001 - a plug-in; what it could not read says nothing
            outcome, detail = ending_of(error)
            ledger.end_now(page.url, outcome, detail=detail, status=response.status)
            if isinstance(error, RateLimited):
                self._leave_alone(response.url, error)
                self.stop("rate_deferred")
        else:
            ledger.end_now(page.url, Outcome.UNCHANGED, detail="not listed, but still there", status=response.status)

    def look_up_failed(self, failure: Failure, page: PageRequest) -> None:
        """A direct look-up could not be made; nothing follows from that."""
        error = cast(Exception, failure.value)
        outcome, detail = ending_of(error)
        self.recorder.ledger.end_now(page.url, outcome, detail=detail)
        if isinstance(error, RateLimited):
            self.stop("rate_deferred")

    def _pages(self, pages: Iterable[PageRequest]) -> Iterator[scrapy.Request]:
        """Plan pages, then ask for them."""
        taken = self.walk.take(pages)
        self.recorder.ledger.plan_all(Target.PAGE, [page.url for page in taken])
        for page in taken:
            try:
                yield self._request(page, self.parse_page, self.page_failed)
            except ValueError as error:  # what Scrapy says to an address that is none
                self._end_page(page, error)

    def _request(
        self, page: PageRequest, callback: Callable[..., Any], errback: Callable[..., Any], **known: Any
    ) -> scrapy.Request:
        return scrapy.Request(
            page.url,
            method="POST" if page.body else "GET",
            headers=dict(page.headers) | ({"Content-Type": "application/json"} if page.body else {}),
            body=page.body,
            meta={IS_PAGE: True},
            callback=callback,
            errback=partial(errback, page=page),
            cb_kwargs={"page": page, **known},
        )

    def _read(self, response: Response, page: PageRequest) -> Reading | None:
        """What the platform reads on a page, None where the page ended as a failure."""
        try:
            if response.status >= 500:
                raise SourceError(f"HTTP {response.status}")
            shown = _shown(response, page)
            return self._single(shown) if page.role == NAMED else self._of_platform(shown)
        except SourceError as error:
            if isinstance(error, RateLimited):
                self._leave_alone(response.url, error)
            self._end_page(page, error, status=response.status)
        except Exception as error:  # noqa: BLE001 - a plug-in; the failure is stored
            self.errors.append(f"{self.name} could not read {page.url}: {ending_of(error)[1]}")
            self._end_page(page, error, status=response.status)
        return None

    def _of_platform(self, shown: Page) -> Reading:
        return self.platform.read(shown, self.recorder.account, self.walk.progress)

    def _single(self, shown: Page) -> Reading:
        """The posts of a page that a person named; none where only words are sought on it."""
        require_found(shown)
        if host_of(shown.url) != host_of(shown.request.url):
            raise SourceError(f"{host_of(shown.url)} answered, not {host_of(shown.request.url)}.")
        if self.walk.sought:
            self.has_found = self.walk.sought.encode() in shown.body
            return Reading()
        kind = shown.headers.get("content-type", "")
        return Reading(posts=tuple(parse_answer(self.name, shown.body, url=shown.url, content_type=kind)))

    def _leave_alone(self, url: str, error: RateLimited) -> None:
        """
        Have all crawls leave a domain alone whose answer asks for it in its body, as Meta's do.

        What statuses and headers ask for, the throttle has noted already.
        """
        domain = domain_of(url)
        with closing(budget_of(self.crawler.settings)) as budget:
            budget.pause(domain, error.retry_after_s, f"{domain} asked us to wait")

    def _count(self, reading: Reading) -> None:
        """Add what was read to the month's bill, where the platform sends one."""
        manifest = self.platform.MANIFEST
        if manifest.usd_per_post:
            with closing(meter_of(self.crawler.settings)) as meter:
                posts = len(reading.posts) + reading.unreadable
                meter.count(manifest.name, posts, usd_per_post=manifest.usd_per_post)

    def _new_fields(self, response: Response) -> tuple[str, ...]:
        """The fields of an answer that none before had."""
        paths = paths_in(response.body)
        if not paths:
            return ()
        with closing(fields_of(self.crawler.settings)) as fields:
            return fields.meet(self.platform.MANIFEST.name, paths)

    def _note(self, reading: Reading) -> None:
        """Remember which posts were shown, and which should have been."""
        account = self.recorder.account
        self._shown.update(post_id(account, post.native_id) for post in reading.posts)
        self._shown.update(post_id(account, native_id) for native_id in reading.lists)
        self._missing.update(post_id(account, native_id) for native_id in reading.missing)
        if reading.covers is not None:
            self._expected |= self.recorder.known_within(*reading.covers)

    def _end_page(self, page: PageRequest, error: Exception, status: int | None = None) -> None:
        outcome, detail = ending_of(error)
        self.recorder.ledger.end_now(page.url, outcome, detail=detail, status=status)
        if isinstance(error, RateLimited):
            self.stop("rate_deferred")  # the page stays open: it is owed
        elif _is_final(error):
            self.walk.read(page, {})
        else:
            self.walk.failed(page)

    def _when_read(self) -> Iterator[Any]:
        """What follows once, when all pages have been answered."""
        if not self.walk.is_over or self._has_looked_up or self.is_stopping:
            return
        self._has_looked_up = True
        if self.walk.is_single:
            return
        yield from self._look_ups()
        yield OutstandingMedia()

    def _look_ups(self) -> Iterator[scrapy.Request]:
        known = tuple(self.recorder.still_known(self._missing | (self._expected - self._shown)))
        for post in known[: self.walk.take_room(len(known))]:
            page = self.platform.look_up(post.native_id, post.permalink, self.recorder.account)
            if self.recorder.ledger.plan_all(Target.PAGE, [page.url]):
                yield self._request(page, self.parse_look_up, self.look_up_failed, post=post)

    def _exchange(self, response: Response, page: PageRequest) -> Exchange:
        at = self.recorder.clock()
        return Exchange(url=page.url, status=response.status, at=at, warc=lambda whole: warc(response, at, whole=whole))


def _is_final(error: Exception) -> bool:
    """Whether asking again would bring the same answer."""
    if isinstance(error, RobotsDenied):
        return error.is_final
    return isinstance(error, NotPublic | SourceGone | NotPermitted)


def _shown(response: Response, page: PageRequest) -> Page:
    return Page(
        request=page,
        url=page.url if response.meta.get(IS_IN_ADDRESS) else response.url,
        status=response.status,
        headers={name.decode("latin-1").lower(): _text(response, name) for name in response.headers},
        body=response.body,
    )


def _text(response: Response, name: bytes) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
