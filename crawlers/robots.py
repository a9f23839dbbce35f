"""
robots.txt by RFC 9309, and stricter: where it cannot be asked, or asks us to sign in or to go away, everything is forbidden.

Scrapy's own middleware allows everything then, and can be switched off by a request; this one cannot. Where the operator's official token is
sent to an API, that API's terms govern (docs/adr/0006-api-terms-in-place-of-robots.md).
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers.budget import MAX_WAIT_SETTING
from footprint.errors import RateLimited, RobotsDenied
from pipelines.ledger import ending_of

IS_ROBOTS = "is_robots"
"""Key in the meta of the requests for robots.txt themselves."""

DELAY_KEY = "crawl_delay_s"
"""Key in the meta of all others: the seconds that robots.txt asks to keep between requests."""

PRODUCT = "Footprint"
"""Our name in robots.txt and the first word of the User-Agent."""

GOVERNED_SETTING = "ROBOTS_GOVERNED_BY_TERMS"
"""
Domains, or beginnings of addresses, of an API that is read with the operator's token: its terms say what may be read, and robots.txt speaks to
crawlers of pages.
"""

CACHE_S = 24 * 3600.0
PARSED_BYTES = 500 * 2**10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin's robots.txt says. `denial` says why everything is forbidden, "" where `parser` decides."""

    parser: Protego
    denial: str
    read_at: float

    @property
    def delay_s(self) -> float:
        """Seconds that it asks to keep between requests."""
        return float(self.parser.crawl_delay(PRODUCT) or 0.0)


def rules_of(status: int, body: bytes, *, read_at: float) -> Rules:
    """
    The rules that an answer stands for.

    2xx are parsed, up to 500 KiB. Other 4xx than 401, 403 and 429 say that there are none. All else forbids everything.
    """
    if 200 <= status < 300:
        return Rules(
            parser=Protego.parse(body[:PARSED_BYTES].decode("utf-8-sig", "replace")), denial="", read_at=read_at
        )
    no_rules = Protego.parse("")
    if 400 <= status < 500 and status not in (401, 403, 429):
        return Rules(parser=no_rules, denial="", read_at=read_at)
    return Rules(parser=no_rules, denial=f"robots.txt answered HTTP {status}", read_at=read_at)


class Robots:
    """Downloader middleware: raises RobotsDenied for what robots.txt forbids. Media and redirects are no exception."""

    def __init__(
        self,
        crawler: Crawler,
        max_wait_s: float,
        *,
        governed: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._crawler = crawler
        self._governed = tuple(governed)
        self._max_wait_s = max_wait_s
        self._clock = clock
        self._asked: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        settings = crawler.settings
        return cls(crawler, settings.getfloat(MAX_WAIT_SETTING), governed=settings.getlist(GOVERNED_SETTING))

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise."""
        if request.meta.get(IS_ROBOTS) or self._is_governed(request.url):
            return
        rules = await self._rules_for(request.url)
        if rules.denial:
            raise RobotsDenied(rules.denial, is_final=False)
        if not rules.parser.can_fetch(request.url, PRODUCT):
            raise RobotsDenied(f"robots.txt forbids {urlsplit(request.url).path or '/'}", is_final=True)
        if rules.delay_s > self._max_wait_s:
            raise RobotsDenied(f"robots.txt asks for {rules.delay_s:.0f} s between requests", is_final=True)
        request.meta[DELAY_KEY] = rules.delay_s

    def _is_governed(self, url: str) -> bool:
        """Whether the terms of an API govern an address in place of robots.txt: on one of its domains or below, or where it begins so."""
        host = f".{urlsplit(url).netloc}"
        return any(url.startswith(p) if "://" in p else host.endswith(f".{p}") for p in self._governed)

    async def _rules_for(self, url: str) -> Rules:
        """The rules of a URL's origin, asked once a day by whoever comes first."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        task = self._asked.get(origin)
        if task is None or (task.done() and self._clock() - task.result().read_at >= CACHE_S):
            task = self._asked[origin] = asyncio.ensure_future(self._ask(origin))
        return await task

    async def _ask(self, origin: str) -> Rules:
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta={IS_ROBOTS: True, "dont_retry": True})
        try:
            response: Response = await self._crawler.engine.download_async(request)
        except RateLimited:
            raise  # the whole domain is to be left alone, whatever its robots.txt would say
        except Exception as error:  # noqa: BLE001 - whatever keeps us from asking forbids everything
            why = f"robots.txt could not be asked: {ending_of(error)[1]}"
            return Rules(parser=Protego.parse(""), denial=why, read_at=self._clock())
        return rules_of(response.status, response.body, read_at=self._clock())
