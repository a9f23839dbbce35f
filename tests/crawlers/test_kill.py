"""A crawl that is killed at any moment and made again leaves the record that an undisturbed one leaves."""

import os
import signal
from dataclasses import asdict
from pathlib import Path
from typing import Any

from footprint.posts import Capture, Cursor, MediaAsset, MediaReference, MediaUse, Post, PostVersion
from pipelines.coverage import close_plans

# Which request of the crawl is its last, and whether it gets its answer before it dies.
MOMENTS = (
    ("/alice/posts", False),
    ("/alice/posts", True),
    ("/a.png", True),
    ("/alice/2", True),
    ("/b.png", False),
    ("/post/9", False),
    ("/post/9", True),
)
TIMES = {"first_seen_at", "observed_at", "seen_at", "fetched_at", "first_fetched_at", "moved_at"}
RUNS = {"run_id", "sha256", "capture_sha256"}
"""A capture holds the time of its exchange, so its bytes differ from run to run."""


def fill(site: Any) -> None:
    """Two pages, two pictures, a post that is gone: everything that a crawl can have to do with."""
    span = ["2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00"]
    first, second = (site.post(n, media={"m": f"{site.origin}/{name}.png"}) for n, name in ((1, "a"), (2, "b")))
    site.says |= {
        "/alice/posts": site.page(first, next=["/alice/2"], covers=span, state={"newest": 2}),
        "/alice/2": site.page(second),
        "/a.png": site.picture(1),
        "/b.png": site.picture(2),
    }


def kill_children() -> None:
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            os.kill(int(pid), signal.SIGKILL)


def kill_when_asked(site: Any, path: str, *, answer_first: bool) -> None:
    """When the path is asked for, kill the crawl, before the answer or right after it; only this once."""
    answer = site.says.get(path, site.answer(status=404))

    def kill(handler: Any) -> None:
        site.says[path] = answer
        if answer_first:
            handler.wfile.write(answer.body)
            handler.wfile.flush()
        kill_children()

    headers = answer.headers | {"Content-Length": str(len(answer.body))}
    site.says[path] = site.answer(status=answer.status, headers=headers, then=kill)


def left(house: Any) -> Any:
    """All that crawls leave but coverage and audit, without what differs from run to run."""
    kinds = (Post, PostVersion, MediaReference, MediaUse, MediaAsset, Capture, Cursor)
    return {kind.__name__: sorted(str(_lasting(item)) for item in house.record.select(kind)) for kind in kinds}


def _lasting(item: Any) -> dict[str, Any]:
    passing = TIMES | (RUNS | {"id"} if isinstance(item, Capture) else RUNS - {"sha256"})
    return {name: value for name, value in asdict(item).items() if name not in passing}


def prepare(site: Any, house: Any) -> None:
    """An earlier crawl saw a post that has been deleted since."""
    site.says["/alice/posts"] = site.page(site.post(9))
    assert house.crawl().ok
    fill(site)


def test_killed_crawls_lose_nothing_and_repeat_nothing(sites: Any, houses: Any) -> None:
    """Killed at one moment after the other, each time made again: the record is that of one undisturbed crawl."""
    site = sites()
    undisturbed, disturbed = houses(site), houses(site)
    prepare(site, undisturbed)
    assert undisturbed.crawl().ok
    prepare(site, disturbed)
    for path, answer_first in MOMENTS:
        kill_when_asked(site, path, answer_first=answer_first)
        assert disturbed.crawl().finish_reason == "crashed"
        close_plans(disturbed.record, f"run {disturbed.runs}", at=disturbed.account.registered_at)
        disturbed.coverage()
    assert disturbed.crawl().ok
    assert left(disturbed) == left(undisturbed)
