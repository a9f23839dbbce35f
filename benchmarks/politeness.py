"""
How polite the crawls of all platforms are: each spider reads an account of its own in a world on loopback that is hostile, and counts.

    python -m benchmarks.politeness [SPIDER ...] [--cases tests/cases] [--json]

Spiders are found by name. Each crawls an account that owes PAGES pages, with all guards on, in these worlds one after the other:

    open      answers with the platform's own cases; robots.txt forbids each third page
    403       refuses every page
    429       says that it is too much, and not for how long
    401       asks whoever comes for a name
    waits     says at every other page to come back later, in seven forms

A second crawl comes at once after the 401. What is broken is counted from what the world wrote down (`benchmarks/manners.py`).
Keys: `spiders`, one object each with `name asked per_minute allowed least_gap_s robots_asked forbidden forbidden_asked terms after_blocks blocks too_early
waits`. `allowed` is the most requests to one domain in a minute, `terms` whether an API's terms govern in place of robots.txt (ADR 6); `too_early` counts
requests before a wait was over; `blocks` and `waits` what there was to heed. `broken` lists every rule that was broken, in words.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from email.utils import formatdate
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from w3lib.url import add_or_replace_parameter

from benchmarks.manners import DELAY_S, MARK, PER_MINUTE, Figures, Noted, judged
from benchmarks.residents import LONG_AGO, crawl, example, register
from benchmarks.world import Answer, Asked, World
from crawlers.budget import domain_of
from crawlers.launch import CrawlJob
from crawlers.platform import Progress
from crawlers.platforms import platform_of
from footprint import plugins
from footprint.accounts import Account
from footprint.coverage import Run
from footprint.jurisdiction import Policy
from footprint.ports import Record
from footprint.posts import Cursor
from footprint.settings import Crawl
from footprint.store.record import migrate, open_record

PAGES = 15
ROBOTS = f"User-agent: *\nDisallow: /*{MARK}=1\n".encode()
MIMES = {".json": "application/json", ".html": "text/html", ".xml": "application/xml"}
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"

Told = tuple[int, Mapping[str, str], float]


def waits(at: float) -> Iterator[Told]:
    """Forms in which servers say that they want to be left alone: status, headers, and for how long that is from now."""
    yield 429, {"Retry-After": "7"}, 7.0
    yield 429, {"Retry-After": formatdate(int(at) + 40, usegmt=True), "Date": formatdate(int(at), usegmt=True)}, 40.0
    yield 503, {"Retry-After": "9"}, 9.0
    yield 429, {"x-rate-limit-reset": str(int(at) + 50)}, int(at) + 50 - at
    yield 429, {"X-RateLimit-Reset": datetime.fromtimestamp(at + 35, UTC).isoformat()}, 35.0
    yield 200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "25"}, 25.0
    minutes = {"17": [{"call_count": 100, "estimated_time_to_regain_access": 2}]}
    yield 200, {"X-Business-Use-Case-Usage": json.dumps(minutes)}, 120.0


FORMS = len(list(waits(0.0)))


class Host:
    """The world as one spider meets it."""

    def __init__(self, hosts: frozenset[str], cases: Sequence[tuple[str, bytes]]) -> None:
        self.notes: list[Noted] = []
        self.scene = ""
        self._hosts = hosts
        self._cases = cycle(cases)
        self._pages = 0

    def answer(self, asked: Asked) -> Answer:
        """Answer, and write down."""
        parts = urlsplit(asked.url)
        is_page = parts.netloc in self._hosts and parts.path != "/robots.txt"
        answer, is_refusal, wait_s = self._page(asked.at) if is_page else (_other(parts.path), False, 0.0)
        note = Noted(
            scene=self.scene, at=asked.at, domain=domain_of(asked.url), host=parts.netloc,
            path=asked.url.partition(parts.netloc)[2], is_refusal=is_refusal, wait_s=wait_s,
        )  # fmt: skip
        self.notes.append(note)
        return answer

    def _page(self, at: float) -> tuple[Answer, bool, float]:
        self._pages += 1
        match self.scene:
            case "403":
                return Answer(status=403), True, 0.0
            case "429":
                return Answer(status=429), True, 0.0
            case "401":
                return Answer(status=401), True, 0.0
            case "waits" if self._pages % 2:
                status, headers, wait_s = list(waits(at))[self._pages // 2 % FORMS]
                return replace(self._case(), status=status, headers=headers), False, wait_s
        return self._case(), False, 0.0

    def _case(self) -> Answer:
        mime, body = next(self._cases)
        return Answer(body=body, headers={"Content-Type": mime})


def _other(path: str) -> Answer:
    """What hosts of media say, and everybody to whoever asks for the rules."""
    if path == "/robots.txt":
        return Answer(body=ROBOTS, headers={"Content-Type": "text/plain"})
    return Answer(body=PICTURE, headers={"Content-Type": "image/png"})


SCENES = ("open", "403", "429", "401", "401", "waits")
"""One crawl each."""


class Life:
    """One house with an account on every platform, and the crawls of it."""

    def __init__(self, world: World, cases: Path, names: Sequence[str]) -> None:
        self.folder = world.folder
        self.url = f"sqlite:///{self.folder / 'record.db'}"
        migrate(self.url)
        self.names = names or plugins.names("crawlers.spiders", offers="MANIFEST")
        self.accounts = {name: example(platform_of(name)) for name in self.names}
        self.hosts = {name: Host(self._pages_of(name), _cases(cases / name)) for name in self.names}
        self._tokens = self.folder / "tokens.toml"
        self._tokens.touch(mode=0o600)
        self._tokens.write_text("".join(f'"{host}" = "hush"\n' for host in sorted(self._with_token())))
        world.answer = lambda asked: self.hosts[_who(asked)].answer(asked)

    def _pages_of(self, name: str) -> frozenset[str]:
        return frozenset({urlsplit(self.accounts[name].address).netloc, *platform_of(name).MANIFEST.api_hosts})

    def _with_token(self) -> set[str]:
        takers = (name for name in self.names if platform_of(name).MANIFEST.token == "required")
        own = ((name, platform_of(name).MANIFEST.api_hosts) for name in takers)
        return {host for name, hosts in own for host in hosts or (urlsplit(self.accounts[name].address).netloc,)}

    async def crawl_all(self) -> list[Figures]:
        """All scenes of all spiders, side by side."""
        with closing(open_record(self.url)) as record:
            register(record, self.accounts.values())
            return list(await asyncio.gather(*(self._scenes(record, name) for name in self.names)))

    async def _scenes(self, record: Record, name: str) -> Figures:
        account, host = self.accounts[name], self.hosts[name]
        owed = owed_pages(account)
        for number, scene in enumerate(SCENES):
            host.scene = scene
            if number == 0 or SCENES[number - 1] != scene:
                with record.transaction() as tx:
                    tx.move_cursor(Cursor(account_id=account.id, state=json.dumps({"owed": owed}), moved_at=LONG_AGO))
            await crawl(record, self._job(record, name, f"{number} {name}", self.folder / name / scene))
        manifest = platform_of(name).MANIFEST
        first = urlsplit(owed[0]["url"]).netloc
        return judged(
            name, host.notes, owed=sum(f"{MARK}=1" in page["url"] for page in owed), home=first,
            allowed=min(PER_MINUTE, manifest.requests_per_minute), terms=manifest.token == "required", crawls=len(SCENES), forms=FORMS,
        )  # fmt: skip

    def _job(self, record: Record, name: str, run: str, work: Path) -> CrawlJob:
        with record.transaction() as tx:
            tx.add(Run(id=run, actor="benchmark", started_at=datetime.now(UTC)))
        told = {
            "enabled": True, "contact_url": f"https://department.example/{name}", "allowed_networks": ["127.0.0.1/32"],
            "delay_s": DELAY_S, "requests_per_minute": PER_MINUTE, "timeout_s": 600.0, "max_wait_s": 4000.0,
            "account_timeout_s": 1e6, "tokens_file": str(self._tokens), "monthly_usd": 1e6,
        }  # fmt: skip
        return CrawlJob(
            run_id=run, account_id=self.accounts[name].id, record_url=self.url, blobs_url=f"file:{self.folder / 'blobs'}",
            crawl=Crawl.model_validate(told), policy=Policy(version="1", effective_from=LONG_AGO), work=work,
        )  # fmt: skip


def owed_pages(account: Account) -> list[dict[str, Any]]:
    """The pages with which a crawl begins, as a cursor holds them: the platform's first, and more of that sort, each third of them forbidden."""
    first = platform_of(account.platform).start(account, Progress(state={}, reread_from=LONG_AGO))
    more = [
        replace(first[0], url=_with(first[0].url, {"n": n, MARK: int(n % 3 == 0)})) for n in range(PAGES - len(first))
    ]
    return [{**asdict(page), "headers": dict(page.headers), "context": dict(page.context)} for page in (*first, *more)]


def _with(url: str, added: Mapping[str, int]) -> str:
    for name, value in added.items():
        url = add_or_replace_parameter(url, name, str(value))
    return url


def _who(asked: Asked) -> str:
    """The spider tells its name in the contact page."""
    return asked.headers["user-agent"].rpartition("/")[2].rstrip(")")


def _cases(folder: Path) -> list[tuple[str, bytes]]:
    """Type and body of what a platform's cases say that are no refusals; a new one that has none gets an empty object."""
    expected = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*/expected.json")))
    told = zip(sorted(folder.glob("*/expected.json")), expected, strict=True)
    files = [next(file.parent.glob("input.*")) for file, says in told if "posts" in says]
    return [(MIMES.get(file.suffix, "text/plain"), file.read_bytes()) for file in files] or [(MIMES[".json"], b"{}")]


async def live(world: World, arguments: Sequence[str]) -> None:
    """Crawl, and print the figures."""
    figures = await Life(world, Path(arguments[0]), arguments[1:]).crawl_all()
    print(json.dumps([asdict(spider) for spider in figures]))


def measure(cases: Path, names: Sequence[str] = ()) -> list[Figures]:
    """The figures of these spiders, or of all, from a process of their own."""
    command = [sys.executable, "-m", "benchmarks.world", "benchmarks.politeness", str(cases), *names]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [Figures(**spider) for spider in json.loads(done.stdout)]


COLUMNS: Mapping[str, Callable[[Figures], object]] = {
    "spider": lambda f: f.name,
    "asked": lambda f: f.asked,
    "in a minute": lambda f: f"{f.per_minute} of {f.allowed}",
    "gap s": lambda f: f"{f.least_gap_s:.2f}",
    "robots.txt": lambda f: "terms" if f.terms else f.robots_asked,
    "forbidden": lambda f: f"{f.forbidden_asked} of {f.forbidden}",
    "after blocks": lambda f: f.after_blocks,
    "too early": lambda f: f"{f.too_early} of {f.waits}",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="SPIDER", help="all if left out")
    parser.add_argument("--cases", type=Path, default=Path("tests/cases"))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = measure(given.cases, given.names)
    broken = [rule for spider in figures for rule in spider.broken]
    if given.json:
        print(json.dumps({"spiders": [asdict(spider) for spider in figures], "broken": broken}))
    else:
        print("".join(f"{column:>13}" for column in COLUMNS))
        for spider in figures:
            print("".join(f"{cell(spider)!s:>13}" for cell in COLUMNS.values()))
        print(*(broken or ["No rule was broken."]), sep="\n")
    raise SystemExit(1 if broken else 0)


if __name__ == "__main__":
    main()
