"""The walk through an account's pages: each once, no more than allowed, and nothing forgotten between crawls."""

import json
from datetime import UTC, datetime

from crawlers.platform import PageRequest
from crawlers.walk import TRIES, Walk

FROM = datetime(2026, 1, 1, tzinfo=UTC)


def walk(cursor: str | None = None, *, max_pages: int = 10) -> Walk:
    return Walk(cursor, reread_from=FROM, max_pages=max_pages)


def pages(*names: str) -> tuple[PageRequest, ...]:
    return tuple(PageRequest(url=f"https://town.example/{name}") for name in names)


def test_new_account_starts_without_state() -> None:
    """Before the first crawl the platform's state is empty and nothing is owed."""
    new = walk()
    assert (new.progress.state, new.progress.reread_from, new.owed) == ({}, FROM, ())


def test_page_is_taken_once() -> None:
    """A page that two others lead to is read once."""
    new = walk()
    assert new.take(pages("a", "b")) == pages("a", "b")
    assert new.take(pages("b", "c")) == pages("c")


def test_state_moves_when_all_was_read() -> None:
    """The cursor of a whole crawl is what its pages said, over what was known."""
    new = walk(json.dumps({"state": {"etag": "1", "newest": 3}}))
    a, b = new.take(pages("a", "b"))
    new.read(a, {"newest": 5})
    assert not new.is_over
    new.read(b, {})
    assert new.is_over
    assert walk(new.cursor()).progress.state == {"etag": "1", "newest": 5}


def failing(cursor: str | None, failed: str = "b") -> str:
    """The cursor after a crawl in which one page was read and one failed."""
    new = walk(cursor)
    read, broken = new.take(pages("a", failed))
    new.read(read, {"newest": 5})
    new.failed(broken)
    assert new.is_over
    return new.cursor()


def test_failed_page_keeps_the_old_state() -> None:
    """What could not be read this time is read again from where the last whole crawl stood."""
    after = walk(failing(json.dumps({"state": {"newest": 1}})))
    assert (after.owed, after.progress.state) == ((), {"newest": 1})


def test_page_that_fails_in_crawl_after_crawl_is_given_up() -> None:
    """A page that no crawl can read holds up the cursor for a few crawls only."""
    cursor: str | None = None
    for _ in range(TRIES - 1):
        cursor = failing(cursor)
        assert walk(cursor).progress.state == {}
    assert walk(failing(cursor)).progress.state == {"newest": 5}


def test_another_failure_starts_counting_anew() -> None:
    """Failures count on end, each page for itself."""
    cursor: str | None = None
    for number in range(2 * TRIES):
        cursor = failing(cursor, failed=f"b{number}")
        assert walk(cursor).progress.state == {}


def test_pages_beyond_the_limit_are_owed() -> None:
    """The next crawl goes on with the pages for which there was no room, and keeps what was learnt for later."""
    first = walk(json.dumps({"state": {"newest": 1}}), max_pages=1)
    (a,) = first.take(pages("a", "b"))
    first.read(a, {"newest": 5})
    assert first.is_cut_short
    second = walk(first.cursor())
    assert (second.owed, second.progress.state) == (pages("b"), {"newest": 1})
    (b,) = second.take(second.owed)
    second.read(b, {})
    third = walk(second.cursor())
    assert (third.owed, third.progress.state) == ((), {"newest": 5})


def test_unanswered_pages_are_owed_with_all_they_carry() -> None:
    """A page that a crawl did not get to comes back with role, headers and context."""
    page = PageRequest(url="https://town.example/a", role="topic", headers={"Accept": "x"}, context={"n": 1})
    first = walk()
    first.take((page,))
    assert walk(first.cursor()).owed == (page,)


def test_page_that_fails_again_is_given_up() -> None:
    """A page that was owed and fails once more does not hold up new posts for ever."""
    first = walk(max_pages=1)
    first.take(pages("a", "b"))
    first.failed(pages("a")[0])
    second = walk(first.cursor())
    assert second.owed == pages("a", "b")
    a, b = second.take(second.owed)
    second.failed(a)
    second.read(b, {"newest": 5})
    assert (walk(second.cursor()).owed, walk(second.cursor()).progress.state) == ((), {"newest": 5})


def test_look_ups_share_the_room_of_pages() -> None:
    """Look-ups are granted what the pages left."""
    new = walk(max_pages=3)
    new.take(pages("a"))
    assert (new.take_room(5), new.take_room(5)) == (2, 0)
