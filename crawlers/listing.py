"""Lists of an account's posts, newest first, page by page: what one page covers, and whether the next may say something new."""

from collections.abc import Sequence
from dataclasses import replace

from crawlers.platform import Page, PageRequest, Progress, Reading
from crawlers.values import FIRST_TIME, LAST_TIME, time_of
from footprint.posts import ObservedPost


def listed(
    posts: Sequence[ObservedPost], page: Page, progress: Progress, *, following: PageRequest | None, unreadable: int = 0
) -> Reading:
    """
    The reading of one page of such a list. `following` asks for the next one, None where this is the last.

    A page covers the time from its oldest post up to where the page before it ended; an empty one that is not the last covers none. The list
    has been read far enough where all of a page is older than what an earlier crawl knew, and too old to be read again.
    """
    times = sorted(post.created_at for post in posts)
    told = page.request.context.get("before")
    before = time_of(told) or LAST_TIME
    oldest = FIRST_TIME if following is None else times[0] if times else before
    newest = time_of(progress.state.get("newest"))
    is_enough = bool(times) and newest is not None and times[-1] < min(newest, progress.reread_from)
    further = () if following is None or is_enough else (following,)
    return Reading(
        posts=tuple(posts),
        next=tuple(replace(p, context={**p.context, "before": oldest.isoformat()}) for p in further),
        state={"newest": times[-1].isoformat()} if times and told is None else {},
        covers=(oldest, before) if oldest < before else None,
        unreadable=unreadable,
    )
