"""
What reading costs: the posts read on each platform in each calendar month (UTC), and the limit that the operator set to their price.

The count lies in the budget's file, so all processes share it. A page is asked for as long as money is left, so that each process may go over the
limit by the pages that are then under way: one where pages follow each other, CONCURRENT_REQUESTS at the most.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from crawlers.budget import FILE_SETTING
from crawlers.shared_file import SharedFile
from footprint.errors import RateLimited

MONTHLY_SETTING = "METER_MONTHLY_USD"
PER_POST_SETTING = "METER_USD_PER_POST"
IS_PAGE = "is_page"
"""Key in the meta of requests that bring posts; media cost nothing."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS reading (
    month TEXT NOT NULL,
    platform TEXT NOT NULL,
    posts INTEGER NOT NULL,
    usd REAL NOT NULL,
    PRIMARY KEY (month, platform)
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was read on a platform in a month, and what that cost by the prices of its day."""

    posts: int
    usd: float


class Meter(SharedFile):
    """The counts of posts."""

    what = "counts of posts"
    schema = SCHEMA

    @property
    def now(self) -> datetime:
        """The time that decides which month it is."""
        return datetime.fromtimestamp(self._clock(), UTC)

    def count(self, platform: str, posts: int, *, usd_per_post: float) -> None:
        """Add posts that were read now."""
        self._connection.execute(
            "INSERT INTO reading VALUES (?, ?, ?, ?) ON CONFLICT (month, platform) DO UPDATE"
            " SET posts = posts + excluded.posts, usd = usd + excluded.usd",
            (month_of(self.now), platform, posts, posts * usd_per_post),
        )

    def spent(self, month: str = "") -> Mapping[str, Spent]:
        """By platform, in a month such as "2026-11", "" for the one that it is."""
        rows = self._connection.execute(
            "SELECT platform, posts, usd FROM reading WHERE month = ? ORDER BY platform", (month or month_of(self.now),)
        )
        return {platform: Spent(posts=posts, usd=usd) for platform, posts, usd in rows}


class MonthlyLimit:
    """Downloader middleware of platforms that cost: raises RateLimited for a page when the month's money is spent, on all platforms together."""

    def __init__(self, meter: Meter, monthly_usd: float) -> None:
        self._meter = meter
        self._monthly_usd = monthly_usd

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy; not there where reading is free."""
        if not crawler.settings.getfloat(PER_POST_SETTING):
            raise NotConfigured
        return cls(meter_of(crawler.settings), crawler.settings.getfloat(MONTHLY_SETTING))

    def process_request(self, request: Request) -> None:
        """Let the request pass, or raise."""
        if not request.meta.get(IS_PAGE):
            return
        usd = sum(spent.usd for spent in self._meter.spent().values())
        if usd >= self._monthly_usd:
            now = self._meter.now
            raise RateLimited(
                f"crawl.monthly_usd is spent: {usd:.2f} of {self._monthly_usd:.2f} USD in {month_of(now)}. The next month goes on here; to go on"
                " before, raise it.",
                retry_after_s=(next_month(now) - now).total_seconds(),
            )


def meter_of(settings: BaseSettings) -> Meter:
    """The meter that a crawl's settings name."""
    return Meter(Path(settings[FILE_SETTING]))


def month_of(at: datetime) -> str:
    """The calendar month, such as "2026-11"."""
    return f"{at:%Y-%m}"


def next_month(at: datetime) -> datetime:
    """When the next calendar month begins."""
    first = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=31)).replace(day=1)
