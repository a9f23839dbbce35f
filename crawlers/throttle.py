"""
Never faster than allowed: the budget of each domain, and what servers say about when to come back.

`ThrottledHandler` is the last place before the wire, so nothing goes round it: pages, media, robots.txt, retries, redirects. `Throttle`
hears what the answers say.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from crawlers.budget import MAX_WAIT_SETTING, Budget, budget_of, domain_of
from crawlers.robots import DELAY_KEY, IS_ROBOTS
from crawlers.stalls import Stalls
from crawlers.usage import HEADERS as USAGE
from crawlers.usage import usage_pause_s
from footprint.errors import RateLimited

TRIES_KEY = "throttle_tries"
TRIES = 3
"""How often one request is tried that is told to come back later."""

DEFAULT_PAUSE_S = 60.0
"""How long a 429 that does not say is taken to mean."""

RESET = ("X-RateLimit-Reset", "X-Rate-Limit-Reset", "RateLimit-Reset")
REMAINING = ("X-RateLimit-Remaining", "X-Rate-Limit-Remaining", "RateLimit-Remaining")

EPOCH_FROM = 1e9
"""A reset from this number on is a time, below it a number of seconds."""


class ThrottledHandler(HTTP11DownloadHandler):
    """Downloads over HTTP, one request of a domain at a time, each when its turn has come."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._budget = budget_of(crawler.settings)
        self._max_wait_s = crawler.settings.getfloat(MAX_WAIT_SETTING)
        self._stalls = Stalls(crawler)
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def download_request(self, request: Request) -> Response:
        """Wait, then download. Raises RateLimited where the server wants to be left alone for longer than we wait."""
        domain = domain_of(request.url)
        async with self._queues[domain]:
            await asyncio.sleep(0)  # `Throttle` hears what the last answer said only now
            while not await self._has_turn(domain, request.meta.get(DELAY_KEY, 0.0)):
                pass
            return await self._stalls.watch(request, super().download_request(request))

    async def _has_turn(self, domain: str, delay_s: float) -> bool:
        """Wait for the domain's next turn. Returns whether it stands: where somebody was told to wait meanwhile it went by."""
        seconds = self._budget.take_turn(domain, delay_s=delay_s)
        if seconds is None:
            await self._wait_out(domain)
            return False
        if seconds > 0:
            await asyncio.sleep(seconds)
            return not await self._wait_out(domain)
        return True

    async def _wait_out(self, domain: str) -> bool:
        """Sit out what the server asked for, of this process or another. Returns whether there was something."""
        has_waited = False
        while (pause := self._budget.pause_of(domain)).seconds > 0:
            if pause.seconds > self._max_wait_s:
                message = f"{pause.why}; not before {pause.seconds:.0f} s from now"
                raise RateLimited(message, retry_after_s=pause.seconds)
            await asyncio.sleep(pause.seconds)
            has_waited = True
        return has_waited

    async def close(self) -> None:
        """Close connections and the budget's file."""
        await super().close()
        self._budget.close()


class Throttle:
    """
    Downloader middleware, the first that hears an answer.

    A request that is told to come back (429, or 503 with a time) is tried again after the pause, which `ThrottledHandler` sits out. Raises
    RateLimited where that is too long or too often.
    """

    def __init__(self, budget: Budget, max_wait_s: float) -> None:
        self._budget = budget
        self._max_wait_s = max_wait_s

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(budget_of(crawler.settings), crawler.settings.getfloat(MAX_WAIT_SETTING))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Let the answer pass, or have the request made again."""
        domain = domain_of(request.url)
        is_shut = response.status == 429 and self._budget.blocked(domain)
        pause_s = asked_pause_s(response, now=time.time())
        if pause_s is None:
            return response
        self._budget.pause(domain, pause_s, f"{domain} asked us to wait")
        if response.status not in (429, 503) or request.meta.get(IS_ROBOTS):
            return response
        tries = request.meta.get(TRIES_KEY, 1)
        if is_shut or pause_s > self._max_wait_s or tries >= TRIES:
            raise RateLimited(f"{domain} answered HTTP {response.status}, try {tries}", retry_after_s=pause_s)
        return request.replace(meta=request.meta | {TRIES_KEY: tries + 1}, dont_filter=True)


def asked_pause_s(response: Response, *, now: float) -> float | None:
    """
    Seconds for which an answer asks to be left alone, None where it does not.

    Reads Retry-After (RFC 9110: seconds or an HTTP date, which counts from the answer's own Date) and, where nothing remains or the
    answer is a 429 or 503, X-RateLimit-Reset in the forms there are: a time since the epoch, seconds, ISO 8601. Beside them Meta's headers
    of usage; of two pauses the longer counts.
    """
    pauses = (_told_pause_s(response, now=now), *(usage_pause_s(_text(response.headers, name)) for name in USAGE))
    return max((pause for pause in pauses if pause is not None), default=None)


def _told_pause_s(response: Response, *, now: float) -> float | None:
    if retry_after := _text(response.headers, "Retry-After"):
        return _seconds_until(retry_after, now=_time_of(_text(response.headers, "Date")) or now)
    reset_s = _seconds_until(_first(response.headers, RESET), now=now)
    if response.status == 429:
        return DEFAULT_PAUSE_S if reset_s is None else reset_s
    return reset_s if response.status == 503 or _first(response.headers, REMAINING) == "0" else None


def _seconds_until(text: str, *, now: float) -> float | None:
    with suppress(ValueError):
        number = float(text)
        return max(0.0, number - now if number >= EPOCH_FROM else number)
    moment = _time_of(text)
    return None if moment is None else max(0.0, moment - now)


def _time_of(text: str) -> float | None:
    """A time in an HTTP date or ISO 8601, in seconds since the epoch; None for anything else."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with suppress(ValueError, TypeError, OverflowError):
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return None


def _first(headers: Headers, names: Iterable[str]) -> str:
    return next((text for name in names if (text := _text(headers, name))), "")


def _text(headers: Headers, name: str) -> str:
    return (headers.get(name) or b"").decode("latin-1").strip()
