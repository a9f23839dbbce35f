"""
What the guards of a crawl cost: many small pages on loopback, read by plain Scrapy and by Scrapy under the house's settings.

    python -m benchmarks.crawl [--pages 10000] [--rounds 1] [--json]

All read the same addresses with the same spider, which keeps nothing, in a process of its own, one after another:

plain     Scrapy's own defaults: eight requests at a time, and a hundred tasks started for each answer (CONCURRENT_ITEMS)
lean      plain without those tasks, which the house switches off, too
guarded   all that `crawlers/settings.py` adds, one request at a time: egress, robots.txt, budget, stalls, login walls, the raw answer kept
          for a capture; the budget is so high that it never waits, what it costs to ask it remains
recorded  guarded, and each address is planned in the record before it is asked, and ended after: two durable transactions a page

Keys: `pages`, then of each sort `_s`, its seconds, and `_cpu_s`, those of them that its process was computing, the best of the rounds each; `ratio`
is that of guarded to plain, `lean_ratio` that to lean, `recorded_ratio` that of recorded to plain, `cpu_ratio` and so on the same of `_cpu_s`, which
other work on the machine disturbs less.
"""

import argparse
import asyncio
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

from benchmarks.scan import ACCOUNT, Desk
from benchmarks.setting import show
from crawlers.settings import for_job
from crawlers.spiders.feeds import MANIFEST
from footprint.coverage import Outcome, Target
from footprint.settings import Crawl
from pipelines.ledger import Ledger

PAGE = b"<!DOCTYPE html><html><head><title>Notice</title></head><body><main><p>Elm Street is closed.</p></main></body></html>"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b" % (
    len(PAGE),
    PAGE,
)
NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


SORTS = ("plain", "lean", "guarded", "recorded")
RATIOS = {"": ("guarded", "plain"), "lean_": ("guarded", "lean"), "recorded_": ("recorded", "plain")}


class Pages(scrapy.Spider):
    """Asks for as many pages and counts the answers; where there is a ledger, each address stands in it first."""

    name = "pages"

    def __init__(self, *, origin: str, pages: int, ledger: Ledger | None) -> None:
        super().__init__()
        self.origin = origin
        self.pages = pages
        self.ledger = ledger
        self.answered = 0

    async def start(self) -> AsyncIterator[Any]:
        """All pages."""
        for number in range(self.pages):
            url = f"{self.origin}/{number}"
            if self.ledger:
                self.ledger.plan_all(Target.PAGE, [url])
            yield scrapy.Request(url, callback=self.parse)

    def parse(self, response: Response, **_: Any) -> None:
        """A page has been answered."""
        if self.ledger:
            self.ledger.end_now(response.url, Outcome.FETCHED, status=response.status)
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
    if sort in ("guarded", "recorded"):
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
    """One crawl in this process, which can do no other. Prints its seconds, and those in which it was computing."""
    with tempfile.TemporaryDirectory() as work:
        ledger = None
        if sort == "recorded":
            record = Desk(Path(work)).record
            ledger = Ledger(record, run_id="run", account_id=ACCOUNT, clock=lambda: datetime.now(UTC))
        process = AsyncCrawlerProcess(settings_of(sort, Path(work)))
        crawler = process.create_crawler(Pages)
        process.crawl(crawler, origin=origin, pages=pages, ledger=ledger)
        began, computed = time.perf_counter(), time.process_time()
        process.start()
        seconds = (time.perf_counter() - began, time.process_time() - computed)
    assert isinstance(crawler.spider, Pages)
    if crawler.spider.answered != pages:
        raise SystemExit(f"{sort}: {crawler.spider.answered} of {pages} pages were answered")
    print(json.dumps(seconds))


def measured(sort: str, origin: str, pages: int) -> tuple[float, float]:
    """The seconds of one crawl in a child, and those in which it was computing."""
    command = [sys.executable, "-m", "benchmarks.crawl", "--child", sort, "--origin", origin, "--pages", str(pages)]
    seconds, computing = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return seconds, computing


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
    rounds: dict[str, list[tuple[float, float]]] = {sort: [] for sort in SORTS}
    with server() as origin:
        for _ in range(given.rounds):
            for sort, taken in rounds.items():
                taken.append(measured(sort, origin, given.pages))
    figures: dict[str, float] = {"pages": given.pages}
    for part, measure in enumerate(("", "cpu_")):
        best = {sort: min(taken[part] for taken in rounds[sort]) for sort in SORTS}
        figures |= {f"{sort}_{measure}s": seconds for sort, seconds in best.items()}
        figures |= {f"{name}{measure}ratio": best[ours] / best[theirs] for name, (ours, theirs) in RATIOS.items()}
    lines = [f"{name:<20}{value:>10.2f}" for name, value in figures.items()]
    show(figures, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
