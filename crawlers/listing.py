"""Lists of an account's posts, newest first, page by page: what one page covers, and whether the next may say something new."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crawlers.platform import Page, PageRequest, Progress, Reading
from crawlers.values import FIRST_TIME, LAST_TIME, time_of
from footprint.posts import ObservedPost


def listed(
    posts: Iterable[ObservedPost],
    page: Page,
    progress: Progress,
    *,
    following: PageRequest | None,
    unreadable: int = 0,
    times: Iterable[datetime] | None = None,
    oldest: datetime | None = None,
) -> Reading:
    """
    The reading of one page of such a list. `following` asks for the next one, None where this is the last.

    A page covers the time from its oldest post up to where the page before it ended; an empty one that is not the last covers none. The list
    has been read far enough where nothing on a page is newer than what an earlier crawl knew, or young enough to be read again. `times` are
    those of everything that is listed, where that is more than the posts; `oldest` is how far the page goes back, where that is less far.
    """
    shown = tuple(posts)
    at = sorted((post.created_at for post in shown) if times is None else times)
    told = page.request.context.get("before")
    before = time_of(told) or LAST_TIME
    back_to = FIRST_TIME if following is None else oldest or (at[0] if at else before)
    newest = time_of(progress.state.get("newest"))
    is_enough = bool(at) and newest is not None and at[-1] <= newest and at[-1] < progress.reread_from
    further = () if following is None or is_enough else (following,)
    known = {"before": back_to.isoformat()} if back_to < LAST_TIME else {}
    return Reading(
        posts=shown,
        next=tuple(replace(p, context={**p.context, **known}) for p in further),
        state={"newest": at[-1].isoformat()} if at and told is None else {},
        covers=(back_to, before) if back_to < before else None,
        unreadable=unreadable,
    )
