"""What reading costs is counted by month, and never goes on beyond what the operator set aside."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.meter import Meter, Spent, next_month


def test_posts_count_by_platform_and_month(tmp_path: Path, clock: Any) -> None:
    """They add up over restarts, each at its day's price; a new month begins at midnight, UTC."""
    clock.now = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC).timestamp()
    for price in (0.25, 0.5):
        with closing(Meter(tmp_path / "budget.db", clock=clock)) as meter:
            meter.count("x", 4, usd_per_post=price)
    with closing(Meter(tmp_path / "budget.db", clock=clock)) as meter:
        clock.now = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
        meter.count("y", 1, usd_per_post=0.5)
        assert meter.spent("2026-11") == {"x": Spent(posts=8, usd=3.0)}
        assert meter.spent() == {"y": Spent(posts=1, usd=0.5)}


@pytest.mark.parametrize(
    ("at", "then"),
    [
        (datetime(2026, 1, 31, 5, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
        (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_next_month(at: datetime, then: datetime) -> None:
    """Months of any length, and the turn of the year."""
    assert next_month(at) == then


def test_crawl_stops_when_the_money_is_spent(site: Any, house: Any) -> None:
    """The page that reached the limit is kept; the next one waits, and the next crawl asks for nothing."""
    site.says["/alice/posts"] = site.page(site.post(1), site.post(2), next=["/alice/2"])
    site.says["/alice/2"] = site.page(site.post(3))
    result = house.crawl(child="costly_child.py", monthly_usd=2)
    assert (result.finish_reason, result.posts_seen) == ("rate_deferred", 2)
    assert house.coverage()["/alice/2"][0] == "rate_deferred"
    assert house.coverage()["/alice/2"][1].startswith("crawl.monthly_usd is spent: 2.00 of 2.00 USD")
    assert house.crawl(child="costly_child.py", monthly_usd=2).finish_reason == "rate_deferred"
    assert site.paths() == ["/alice/posts"]
    with closing(Meter(house.folder / "work" / "budget.db")) as meter:
        assert meter.spent() == {"board": Spent(posts=2, usd=2.0)}


def test_crawl_goes_on_where_the_money_ended(site: Any, house: Any) -> None:
    """With more of it, the next crawl reads the page that was owed."""
    site.says["/alice/posts"] = site.page(site.post(1), next=["/alice/2"])
    site.says["/alice/2"] = site.page(site.post(2))
    house.crawl(child="costly_child.py", monthly_usd=1)
    assert house.crawl(child="costly_child.py", monthly_usd=5).ok
    assert site.paths() == ["/alice/posts", "/alice/2"]
