"""Lists that are read newest first: how far a page goes, and when the next one is not asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.listing import listed
from crawlers.platform import Page, PageRequest, Progress, Reading
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.posts import ObservedPost

NEXT = PageRequest(url="https://social.example/list?page=2")


def day(number: int) -> datetime:
    return datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=number)


def post(at: datetime) -> ObservedPost:
    return ObservedPost(
        platform="x",
        native_id=at.isoformat(),
        author="dana",
        text="",
        permalink="https://social.example/1",
        created_at=at,
        visibility="public",
    )


def read(*times: datetime, following: PageRequest | None = NEXT, state: Any = None, **rest: Any) -> Reading:
    """The reading of a page with posts of these times, of an account that was read down to posts of day 10."""
    context = {"before": rest.pop("before").isoformat()} if "before" in rest else {}
    request = PageRequest(url="https://social.example/list", context=context)
    page = Page(request=request, url=request.url, status=200, headers={}, body=b"")
    progress = Progress(state=state or {}, reread_from=day(10))
    return listed([post(at) for at in times], page, progress, following=following, **rest)


def test_a_page_goes_from_its_oldest_post_up_to_where_the_one_before_ended() -> None:
    """What is missing between is missing from the platform."""
    assert read(day(3), day(2), before=day(4)).covers == (day(2), day(4))


def test_the_last_page_goes_back_to_the_beginning() -> None:
    """Where nothing follows, there is nothing older."""
    assert read(day(3), following=None).covers == (FIRST_TIME, LAST_TIME)


def test_an_empty_page_that_is_not_the_last_promises_nothing() -> None:
    """Where posts were filtered out, nobody can tell how far it went."""
    assert read(before=day(4)).covers is None


def test_a_page_may_go_less_far_back_than_its_oldest_post() -> None:
    """Of two lists side by side the one that ends sooner says how far both were read."""
    assert read(day(3), day(1), oldest=day(2)).covers == (day(2), LAST_TIME)


@pytest.mark.parametrize(
    ("newest_known", "newest_shown", "goes_on"),
    [(5, 6, True), (5, 5, False), (5, 4, False), (12, 11, True)],
    ids=["news", "the newest known itself", "older than known", "young enough to be edited"],
)
def test_a_list_is_left_where_a_page_holds_nothing_new(newest_known: int, newest_shown: int, goes_on: bool) -> None:
    """A page of known posts, too old to be read again, is the last that is asked for."""
    reading = read(day(newest_shown), day(1), state={"newest": day(newest_known).isoformat()})
    assert bool(reading.next) is goes_on


def test_the_newest_post_is_that_of_the_first_page_that_shows_any() -> None:
    """A first page without posts hands its place to the next, or no later crawl would know where to stop."""
    (second,) = read().next
    assert "before" not in second.context
    assert read(day(3)).state == {"newest": day(3).isoformat()}
    assert read(day(3), before=day(4)).state == {}


def test_what_is_listed_and_no_post_counts_for_how_far_a_list_was_read() -> None:
    """Items that are not for everybody have their times, too."""
    assert read(times=[day(3), day(2)]).covers == (day(2), LAST_TIME)
