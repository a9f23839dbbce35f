"""Large media may take their time, but a server that only drips is given up: it would hold up everything behind it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from footprint.errors import SourceError

PATIENCE_KEY = "patience_s"
"""Key in the meta of a request that is watched: in each such period something has to come."""

SLOWEST_BYTES_PER_S = 64 * 2**10


class Stalls:
    """Watches downloads, which Scrapy's own timeout knows only as a whole."""

    def __init__(self, crawler: Crawler) -> None:
        self._received: dict[Request, int] = {}
        crawler.signals.connect(self._count, signal=signals.bytes_received)

    def _count(self, data: bytes, request: Request) -> None:
        if request in self._received:
            self._received[request] += len(data)

    async def watch(self, request: Request, download: Coroutine[Any, Any, Response]) -> Response:
        """Await a download. Raises SourceError, and ends it, once it has come slower than SLOWEST_BYTES_PER_S for a period."""
        patience_s = request.meta.get(PATIENCE_KEY)
        if patience_s is None:
            return await download
        task = asyncio.ensure_future(download)
        self._received[request] = before = 0
        try:
            while not (await asyncio.wait({task}, timeout=patience_s))[0]:
                now = self._received[request]
                if now - before < patience_s * SLOWEST_BYTES_PER_S:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                    raise SourceError(f"came too slowly: {now - before} bytes in {patience_s:g} s")
                before = now
            return task.result()
        finally:
            del self._received[request]
