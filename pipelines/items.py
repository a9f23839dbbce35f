"""The item pipeline: records what the spider read, and fetches its media through the engine and all of its guards."""

from collections.abc import Iterable
from typing import Protocol, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from footprint.errors import NotPermitted, SourceError, SourceGone
from pipelines.ledger import ending_of
from pipelines.media import mime_of
from pipelines.recording import GonePost, OutstandingMedia, Recorder, SeenPage


class RecordingSpider(Protocol):
    """What the pipeline needs of the spider."""

    recorder: Recorder

    @property
    def is_stopping(self) -> bool:
        """Whether nothing more is to be fetched."""

    def stop(self, reason: str, why: str) -> None:
        """End the crawl before its time. Harmless when repeated."""


class RecordItems:
    """Runs each item through the recorder. A failure ends the crawl: what was recorded stays, the cursor does not move."""

    def __init__(self, crawler: Crawler, spider: RecordingSpider) -> None:
        self._crawler = crawler
        self._spider = spider
        self._recorder = spider.recorder
        self._meta = {
            "download_maxsize": crawler.settings.getint("MEDIA_MAXSIZE"),
            "download_timeout": crawler.settings.getfloat("MEDIA_TIMEOUT"),
            "patience_s": crawler.settings.getfloat("DOWNLOAD_TIMEOUT"),  # see crawlers.stalls
            "dont_retry": True,  # the next crawl asks again
        }

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy, after the spider."""
        return cls(crawler, crawler.spider)  # type: ignore[arg-type]

    async def process_item(self, item: object) -> object:
        """Record one item; returns when its media have been fetched too, or could not be."""
        try:
            await self._fetch_all(self._record(item))
        except NotPermitted as error:
            self._spider.stop("not_permitted", str(error))
        except Exception as error:  # noqa: BLE001 - also a platform's is_author runs here; the failure is stored
            self._spider.stop("failed", f"{type(error).__name__}: {error}")
        return item

    def _record(self, item: object) -> Iterable[str]:
        match item:
            case SeenPage():
                return self._recorder.page(item)
            case GonePost():
                self._recorder.gone(item)
            case OutstandingMedia():
                return self._recorder.media.outstanding(self._recorder.account.id)
        return ()

    async def _fetch_all(self, urls: Iterable[str]) -> None:
        for url in urls:
            if self._spider.is_stopping:
                return  # the engine cannot download while it closes; what is left stays outstanding
            await self._fetch(url)

    async def _fetch(self, url: str) -> None:
        try:
            request = Request(url, callback=NO_CALLBACK, meta=dict(self._meta))
            response = require_medium(await self._crawler.engine.download_async(request))
            mime = mime_of(response.body, declared=_declared(response))
        except Exception as error:  # noqa: BLE001 - whatever a hostile address or server brings about is stored as its ending
            outcome, detail = ending_of(error)
            self._recorder.ledger.end_now(url, outcome, detail=detail)
        else:
            self._recorder.media.keep(url, response.body, mime)


def require_medium(response: Response) -> Response:
    """The response, where it is one that carries a medium: SourceGone and SourceError for any other."""
    if response.status in (404, 410):
        raise SourceGone(f"HTTP {response.status}")
    if response.status != 200:
        raise SourceError(f"HTTP {response.status}")
    return response


def _declared(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
