"""One page that a person named: read by all the rules of a crawl, and nothing follows from it."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawlers.launch import CrawlResult, crawl
from footprint.posts import Cursor, Post

CHILD = (sys.executable, str(Path(__file__).parent / "board/child.py"))


def read(house: Any, url: str) -> CrawlResult:
    return crawl(replace(house.job(), only=url), timeout_s=60.0, command=CHILD)


def test_one_page_is_read_and_nothing_else(site: Any, house: Any) -> None:
    """Its posts come in; pages that it leads to are not read, known posts not looked up, and the cursor stays where it was."""
    site.says["/alice/1"] = site.page(site.post(1), next=["/alice/2"], state={"etag": "x"})
    result = read(house, f"{site.origin}/alice/1")
    assert result.ok, result.errors
    assert [post.id for post in house.record.select(Post)] == ["board:1"]
    assert house.outcomes() == {"/alice/1": "fetched"}
    assert house.record.get(Cursor, house.account.id) is None


def test_somebody_elses_post_does_not_come_in(site: Any, house: Any) -> None:
    """Admission is the same: whoever names a page cannot bring in what another published."""
    site.says["/alice/1"] = site.page({**site.post(1), "author": "mallory"})
    read(house, f"{site.origin}/alice/1")
    assert not list(house.record.select(Post))


def test_robots_are_obeyed(site: Any, house: Any) -> None:
    """A person's wish is no right to what robots.txt forbids."""
    site.says["/robots.txt"] = site.answer(b"User-agent: *\nDisallow: /alice/1\n")
    site.says["/alice/1"] = site.page(site.post(1))
    read(house, f"{site.origin}/alice/1")
    assert house.outcomes() == {"/alice/1": "robots_denied"}


def test_a_page_that_is_gone_says_so(site: Any, house: Any) -> None:
    """Nothing is kept of an answer that is no page."""
    site.says["/alice/1"] = site.answer(b"no", status=404)
    read(house, f"{site.origin}/alice/1")
    assert house.outcomes() == {"/alice/1": "gone"}


def test_another_hosts_answer_is_not_read(site: Any, house: Any, sites: Any) -> None:
    """A redirect does not lead to what another host says."""
    other = sites()
    other.says["/alice/1"] = other.page(other.post(1))
    site.says["/alice/1"] = site.answer(b"", status=302, headers={"Location": f"{other.origin}/alice/1"})
    read(house, f"{site.origin}/alice/1")
    assert house.outcomes() == {"/alice/1": "error"}
    assert not list(house.record.select(Post))


def test_words_are_looked_for_and_nothing_is_kept(site: Any, house: Any) -> None:
    """A page on which only words are sought brings no post and leaves no bytes."""
    site.says["/alice"] = site.answer(b"<p>About me: footprint-0123</p>", headers={"Content-Type": "text/html"})
    job = replace(house.job(), only=f"{site.origin}/alice", sought="footprint-0123")
    assert crawl(job, timeout_s=60.0, command=CHILD).has_found
    assert not crawl(replace(house.job(), only=job.only, sought="footprint-9"), timeout_s=60.0, command=CHILD).has_found
    assert not list(house.record.select(Post))
    assert b"About me" not in house.kept_bytes()
