"""
When each registrable domain may be asked next: one small SQLite file, shared by all processes and kept over restarts.

Times in it are seconds since the epoch, since processes that never meet must agree on them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import tldextract
from scrapy.settings import BaseSettings

from crawlers.shared_file import SharedFile

FILE = "budget.db"
"""Its name in the folder that all crawls share."""

FILE_SETTING = "BUDGET_FILE"
DELAY_SETTING = "BUDGET_DELAY_S"
PER_MINUTE_SETTING = "BUDGET_PER_MINUTE"
PUBLIC_PER_MINUTE_SETTING = "BUDGET_PUBLIC_PER_MINUTE"
MAX_WAIT_SETTING = "BUDGET_MAX_WAIT_S"

MINUTE_S = 60.0

BLOCKS = 3
"""Refusals in a row, HTTP 401, 403, 407 or 429, after which a domain is left alone."""

COOL_DOWN_S = 3600.0
"""For how long it is left alone then."""

LONGEST_PAUSE_S = 86400.0
"""The most that a server can ask us to wait: it does not decide over next year's scans."""

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS turns (
    domain TEXT NOT NULL,
    number INTEGER NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (domain, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS domain (
    name TEXT PRIMARY KEY,
    blocks INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    why TEXT NOT NULL DEFAULT ''
);
"""


# One statement, and thus one transaction: turns bear numbers, so that the last one and the one that opened the minute are found by their key.
TAKE = """
INSERT INTO turns
SELECT
    :domain,
    ifnull(last.number, 0) + 1,
    max(:now, ifnull(last.at + :delay_s, 0), ifnull((
        SELECT at + :minute_s FROM turns WHERE domain = :domain AND number = last.number + 1 - :per_minute
    ), 0))
FROM (SELECT 0) LEFT JOIN (
    SELECT number, at FROM turns WHERE domain = :domain ORDER BY number DESC LIMIT 1
) AS last
WHERE NOT EXISTS (SELECT 1 FROM domain WHERE name = :domain AND not_before > :now)
RETURNING number, at
"""

CLEARED_EVERY = 100
"""Turns after which those that count no more are taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """For how long from now a domain is to be left alone, 0.0 for not at all, and why."""

    seconds: float
    why: str


class Budget(SharedFile):
    """
    The turns of all domains.

    `delay_s` lies between two requests to one domain, `per_minute` is the most in any minute, over all processes that share the file.
    `public_per_minute` is the platform's own, maybe smaller, figure: it does not bind a host by number or without a suffix, which is the
    operator's.
    """

    what = "request budgets"
    schema = SCHEMA

    def __init__(
        self,
        file: Path,
        *,
        delay_s: float,
        per_minute: int,
        public_per_minute: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(file, clock=clock)
        self._delay_s = delay_s
        self._per_minute = per_minute
        self._public_per_minute = min(per_minute, public_per_minute)

    def take_turn(self, domain: str, *, delay_s: float = 0.0) -> float | None:
        """
        Take the domain's next free turn. Returns the seconds until it comes, None where the domain is to be left alone and none was taken.

        `delay_s` is what the domain itself asks to keep since the turn before; the longer delay counts.
        """
        now, delay_s = self._clock(), max(self._delay_s, delay_s)
        asked = {
            "domain": domain,
            "now": now,
            "delay_s": delay_s,
            "minute_s": MINUTE_S,
            "per_minute": self._public_per_minute if is_public(domain) else self._per_minute,
        }
        found = self._connection.execute(TAKE, asked).fetchall()
        if not found:
            return None
        ((number, turn),) = found
        if number % CLEARED_EVERY == 0:
            oldest = now - MINUTE_S - delay_s
            self._connection.execute("DELETE FROM turns WHERE domain = ? AND at < ?", (domain, oldest))
        return float(turn) - now

    def pause_of(self, domain: str) -> Pause:
        """For how long the domain is to be left alone, beyond its turns."""
        found = self._connection.execute("SELECT not_before, why FROM domain WHERE name = ?", (domain,)).fetchone()
        not_before, why = found or (0.0, "")
        return Pause(seconds=max(0.0, not_before - self._clock()), why=why)

    def pause(self, domain: str, seconds: float, why: str) -> None:
        """Leave the domain alone for that long, at most LONGEST_PAUSE_S. A pause that ends later stays."""
        not_before = self._clock() + min(seconds, LONGEST_PAUSE_S)
        self._connection.execute(
            "INSERT INTO domain (name, not_before, why) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
            " SET not_before = excluded.not_before, why = excluded.why WHERE excluded.not_before > not_before",
            (domain, not_before, why),
        )

    def blocked(self, domain: str) -> bool:
        """Count a refusal. Returns whether it is one too many: then the domain is left alone."""
        with self._alone():
            self._connection.execute(
                "INSERT INTO domain (name, blocks) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET blocks = blocks + 1",
                (domain,),
            )
            blocks = self._blocks(domain)
        if blocks < BLOCKS:
            return False
        self.answered(domain)
        self.pause(domain, COOL_DOWN_S, f"{domain} refused us {BLOCKS} times in a row")
        return True

    def answered(self, domain: str) -> None:
        """An answer that is no block: the next block is the first again."""
        if self._blocks(domain):  # to ask locks nobody out
            self._connection.execute("UPDATE domain SET blocks = 0 WHERE name = ?", (domain,))

    def _blocks(self, domain: str) -> int:
        found = self._connection.execute("SELECT blocks FROM domain WHERE name = ?", (domain,)).fetchone()
        return found[0] if found else 0


def budget_of(settings: BaseSettings) -> Budget:
    """The budget that a crawl's settings name."""
    return Budget(
        Path(settings[FILE_SETTING]),
        delay_s=settings.getfloat(DELAY_SETTING),
        per_minute=settings.getint(PER_MINUTE_SETTING),
        public_per_minute=settings.getint(PUBLIC_PER_MINUTE_SETTING),
    )


def domain_of(url: str) -> str:
    """
    Whose budget a URL draws on: its registrable domain, so that `www.town.gov` and `media.town.gov` share one.

    An IP address and a name without dots, such as `localhost`, count by host and port.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    return _registrable(host) if is_public(host) else parts.netloc.rpartition("@")[2]


def is_public(host: str) -> bool:
    """Whether this is a name under a suffix: no number, no port, no single word."""
    return "." in host and ":" not in host and not host.rpartition(".")[2].isdigit()


@cache
def _registrable(host: str) -> str:
    """By the public suffix list; an unknown suffix is taken to be one label, as the list's own rule has it."""
    return _suffixes()(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> tldextract.TLDExtract:
    """The list as it came with the package: nothing is fetched."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
