"""
What the guards of a crawl cost: many small pages on loopback, read by plain Scrapy and by Scrapy under the house's settings.

    python -m benchmarks.crawl [--pages 10000] [--rounds 1] [--json]

All read the same addresses with the same spider, which keeps nothing. Plain means Scrapy's own defaults, eight requests at a time; guarded
means all that `crawlers/settings.py` adds, one request at a time: egress, robots.txt, budget, stalls, login walls, the raw answer kept for
a capture. The budget of requests is set so high that it never waits; what it costs to ask it remains. By its default of
CONCURRENT_ITEMS, Scrapy starts a hundred tasks for each answer, which the house switches off: `lean_s` is plain Scrapy without those.
Keys: `pages guarded_s plain_s ratio lean_s lean_ratio`, the best of the rounds each.
"""

import argparse
import asyncio
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

from benchmarks.setting import show
from crawlers.settings import for_job
from crawlers.spiders.feeds import MANIFEST
from footprint.settings import Crawl

PAGE = b"<!DOCTYPE html><html><head><title>Notice</title></head><body><main><p>Elm Street is closed.</p></main></body></html>"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b" % (
    len(PAGE),
    PAGE,
)
NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


SORTS = ("plain", "lean", "guarded")


class Pages(scrapy.Spider):
    """Asks for as many pages and counts the answers."""

    name = "pages"

    def __init__(self, *, origin: str, pages: int) -> None:
        super().__init__()
        self.origin = origin
        self.pages = pages
        self.answered = 0

    async def start(self) -> AsyncIterator[Any]:
        """All pages."""
        for number in range(self.pages):
            yield scrapy.Request(f"{self.origin}/{number}", callback=self.parse)

    def parse(self, response: Response, **_: Any) -> None:
        """A page has been answered."""
        self.answered += response.status == 200 and response.body == PAGE


def serve(port: Connection) -> None:
    """A server that answers each request with the same page, and knows no robots.txt. Sends its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                writer.write(NO_ROBOTS if asked.startswith(b"GET /robots.txt ") else ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def forever() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def server() -> Iterator[str]:
    """The server in a process of its own. Gives where it answers."""
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(its,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def settings_of(sort: str, work: Path) -> Settings:
    """Scrapy's defaults, those without its tasks for items, or the house's."""
    settings = Settings({"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False})
    if sort == "lean":
        settings.set("CONCURRENT_ITEMS", 1)
    if sort == "guarded":
        settings.setmodule("crawlers.settings")
        crawl = Crawl.model_validate(
            {
                "enabled": True,
                "contact_url": "https://department.example/crawler",
                "allowed_networks": [ip_network("127.0.0.1/32")],
                "delay_s": 0.0,
                "requests_per_minute": 1_000_000,
            }
        )
        settings.update(for_job(crawl, MANIFEST, work=work), priority="project")
        settings.set("ITEM_PIPELINES", {}, priority="cmdline")  # a spider that keeps nothing has no recorder
        settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
    return settings


def crawl(sort: str, origin: str, pages: int) -> None:
    """One crawl in this process, which can do no other. Prints its seconds."""
    with tempfile.TemporaryDirectory() as work:
        process = AsyncCrawlerProcess(settings_of(sort, Path(work)))
        crawler = process.create_crawler(Pages)
        process.crawl(crawler, origin=origin, pages=pages)
        began = time.perf_counter()
        process.start()
        seconds = time.perf_counter() - began
    assert isinstance(crawler.spider, Pages)
    if crawler.spider.answered != pages:
        raise SystemExit(f"{sort}: {crawler.spider.answered} of {pages} pages were answered")
    print(seconds)


def measured(sort: str, origin: str, pages: int) -> float:
    """The seconds of one crawl in a child."""
    command = [sys.executable, "-m", "benchmarks.crawl", "--child", sort, "--origin", origin, "--pages", str(pages)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", choices=SORTS, help=argparse.SUPPRESS)
    parser.add_argument("--origin", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        crawl(given.child, given.origin, given.pages)
        return
    seconds: dict[str, list[float]] = {sort: [] for sort in SORTS}
    with server() as origin:
        for _ in range(given.rounds):
            for sort, taken in seconds.items():
                taken.append(measured(sort, origin, given.pages))
    plain_s, lean_s, guarded_s = (min(seconds[sort]) for sort in SORTS)
    figures = {
        "pages": given.pages,
        "guarded_s": guarded_s,
        "plain_s": plain_s,
        "ratio": guarded_s / plain_s,
        "lean_s": lean_s,
        "lean_ratio": guarded_s / lean_s,
    }
    lines = [f"{name:<12}{value:>10.2f}" for name, value in figures.items()]
    show(figures, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
