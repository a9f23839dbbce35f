"""The simulators answer so that the platforms' own parsers read every post, and name it as the truth does."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress
from crawlers.platforms import platform_of
from demo.city import FIRST_SCAN_DAY, SECOND_SCAN_DAY, City, CityPost
from demo.registry import account_of
from demo.simulators import town
from demo.simulators.server import Stage
from footprint.accounts import Account
from footprint.posts import ObservedPost, PostKind

READ = ("pio", "lena", "owen", "tomas", "grace", "hannah", "carl", "recruiting", "newsroom", "association", "noor")
Get = Callable[..., Any]


def crawl(get: Get, stage: Stage, key: str) -> Iterator[ObservedPost]:
    """Read an account as a crawl would, page after page, what is behind walls left out."""
    account = account_of(stage, stage.city.holding(key))
    platform: Platform = platform_of(account.platform)
    progress = Progress(state={}, reread_from=stage.city.moment(-1))
    waiting = {request.url: request for request in platform.start(account, progress)}
    asked: set[str] = set()
    while waiting:
        request = waiting.pop(next(iter(waiting)))
        asked.add(request.url)
        page = _fetch(get, request)
        if page.status == 200 and not _is_wall(page):
            reading = platform.read(page, account, progress)
            waiting |= {following.url: following for following in reading.next if following.url not in asked}
            yield from reading.posts


def published(stage: Stage, key: str, day: float) -> dict[str, CityPost]:
    """What an account shows everybody on a day, by the record's names, as its own or passed on."""
    posts = (post for post in stage.city.posts_of(key) if post.shown(day) and post.visibility == "public")
    return {town.record_id(stage, post): post for post in posts}


@pytest.mark.parametrize("key", READ)
def test_all_posts_are_read_and_named_as_in_the_truth(get: Get, stage: Stage, key: str) -> None:
    """A crawl over all pages finds exactly the posts of the day, each once, under the record's name."""
    platform = stage.city.holding(key).platform
    names = [f"{platform}:{post.native_id}" for post in crawl(get, stage, key)]
    assert sorted(names) == sorted(published(stage, key, FIRST_SCAN_DAY))


@pytest.mark.parametrize("key", READ)
def test_posts_say_when_they_were_written(get: Get, stage: Stage, key: str) -> None:
    """The time of each post is that of the story, and so is its last edit."""
    platform, known = stage.city.holding(key).platform, published(stage, key, FIRST_SCAN_DAY)
    for post in crawl(get, stage, key):
        told = known[f"{platform}:{post.native_id}"]
        shown = told.shown(FIRST_SCAN_DAY)
        assert shown is not None
        assert post.created_at == stage.city.moment(told.day)
        assert post.edited_at == (stage.city.moment(shown.day) if shown.day > told.day else None)


@pytest.mark.parametrize("key", READ)
def test_posts_show_their_pictures_once(get: Get, stage: Stage, key: str) -> None:
    """A post of the holder's has as many media as in the story, at addresses that name them: no remark's, no enclosure twice."""
    platform, known = stage.city.holding(key).platform, published(stage, key, FIRST_SCAN_DAY)
    for post in crawl(get, stage, key):
        told = known[f"{platform}:{post.native_id}"]
        shown = told.shown(FIRST_SCAN_DAY)
        assert shown is not None
        assert [medium.url.rpartition("/")[2].partition(".")[0] for medium in post.media] == list(shown.pictures)


@pytest.mark.parametrize("key", ["lena", "tomas", "hannah", "noor"])
def test_authors_are_told_apart(get: Get, stage: Stage, key: str) -> None:
    """What others published at the address, or was passed on, is not the holder's; all else is."""
    account = account_of(stage, stage.city.holding(key))
    platform, known = platform_of(account.platform), published(stage, key, FIRST_SCAN_DAY)
    for post in crawl(get, stage, key):
        told = known[f"{account.platform}:{post.native_id}"]
        own = platform.is_author(post, account) and post.kind is not PostKind.REPOST
        assert own == (told.trap not in ("passed_on", "by_another"))


@pytest.mark.parametrize("key", ["lena", "owen", "hannah", "noor"])
def test_a_look_up_tells_whether_a_post_is_there(get: Get, stage: Stage, key: str) -> None:
    """The platform's direct look-up answers 200 for a post of the day, 404 for one that is not written yet."""
    account = account_of(stage, stage.city.holding(key))
    platform = platform_of(account.platform)
    posts = stage.city.posts_of(key)
    there = next(post for post in posts if post.shown(FIRST_SCAN_DAY) and post.visibility == "public")
    later = next(post for post in posts if post.day > FIRST_SCAN_DAY and post.visibility == "public")
    assert [_look_up(get, stage, account, platform, post) for post in (there, later)] == [200, 404]


def test_the_city_moves_on(get: Get, city: City, pictures: Any) -> None:
    """When the stage's day moves, new posts are there and deleted ones are gone."""
    with town.town(city, pictures, day=FIRST_SCAN_DAY) as stage:
        before = {f"discourse:{post.native_id}" for post in crawl(get, stage, "owen")}
        stage.day = SECOND_SCAN_DAY
        after = {f"discourse:{post.native_id}" for post in crawl(get, stage, "owen")}
        assert before == set(published(stage, "owen", FIRST_SCAN_DAY))
        assert after == set(published(stage, "owen", SECOND_SCAN_DAY))
        assert after - before


def test_media_are_handed_out_whole(get: Get, stage: Stage) -> None:
    """What a post links to are the bytes of its picture."""
    post = next(post for post in crawl(get, stage, "carl") if post.media and "clear" in post.media[0].url)
    name = post.media[0].url.rpartition("/")[2].partition(".")[0]
    answer = get(post.media[0].url)
    assert (answer.status, answer.headers["Content-Type"]) == (200, stage.pictures[name].mime)
    assert answer.body == stage.pictures[name].data


def test_a_feed_that_did_not_change_says_so(get: Get, stage: Stage) -> None:
    """A conditional request for an unchanged feed is answered 304 without a body."""
    url = town.address(stage, "grace")
    etag = get(url).headers["ETag"]
    assert (get(url, If_None_Match=etag).status, get(url, If_None_Match=etag).body) == (304, b"")


def test_mastodon_pages_along_the_link_header(get: Get, stage: Stage) -> None:
    """A page holds at most what was asked for and names the next older one."""
    base = stage.bases["harbor"]
    number = json.loads(get(f"{base}/api/v1/accounts/lookup?acct=lena_o").body)["id"]
    answer = get(f"{base}/api/v1/accounts/{number}/statuses?limit=10")
    ids = [status["id"] for status in json.loads(answer.body)]
    assert len(ids) == 10
    assert f'max_id={ids[-1]}>; rel="next"' in answer.headers["Link"]


def test_names_of_posts_are_unique(stage: Stage) -> None:
    """No two posts of the city have one name in the record."""
    names = [town.record_id(stage, post) for post in stage.city.posts]
    assert len(set(names)) == len(names)


def _fetch(get: Get, request: PageRequest) -> Page:
    answer = get(request.url)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Page(request=request, url=request.url, status=answer.status, headers=headers, body=answer.body)


def _is_wall(page: Page) -> bool:
    return b'type="password"' in page.body or "/internal/" in page.url


def _look_up(get: Get, stage: Stage, account: Account, platform: Platform, post: CityPost) -> int:
    native_id = town.record_id(stage, post).partition(":")[2]
    shown_at = (
        native_id
        if account.platform == "city"
        else f"{stage.bases[stage.city.holding(post.account).site]}/posts/{post.key}"
    )
    status: int = get(platform.look_up(native_id, shown_at, account).url).status
    return status
