"""How a forum member's posts are walked: the list by stretches that overlap, and each post that needs reading."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress
from crawlers.platforms import platform_of
from crawlers.spiders import discourse
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceGone

PLATFORM = platform_of("discourse")
BASE = "https://forum.example"
LIST = f"{BASE}/user_actions.json?username=dana&filter=4,5&offset="
JUNE = datetime(2026, 6, 1, tzinfo=UTC)

Answer = Callable[..., Page]


@pytest.fixture
def account(account_at: Callable[[Platform, str], Account]) -> Account:
    """A member of a forum."""
    return account_at(PLATFORM, f"{BASE}/u/Dana/summary")


def action(number: int | None, day: int, **fields: Any) -> dict[str, Any]:
    return {
        "action_type": 5,
        "created_at": f"2026-05-{day:02}T12:00:00.000Z",
        "post_id": number,
        "topic_id": 77,
        "post_number": 2,
        "username": "Dana",
        "title": "Road works",
        "deleted": False,
        "hidden": None,
        **fields,
    }


def listed(*actions: Mapping[str, Any]) -> str:
    return json.dumps({"user_actions": actions})


def stretch(length: int, *, newest: int) -> list[dict[str, Any]]:
    """Actions on consecutive days, the newest first; each post bears the number of its day."""
    return [action(day, day) for day in range(newest, newest - length, -1)]


def at(day: int) -> datetime:
    return datetime(2026, 5, day, 12, tzinfo=UTC)


def numbers(requests: tuple[PageRequest, ...]) -> list[str]:
    return [request.url.removeprefix(BASE) for request in requests if request.role == "post"]


def lists(requests: tuple[PageRequest, ...]) -> list[str]:
    return [request.url for request in requests if request.role == "actions"]


FIRST_TIME_READING = Progress(state={}, reread_from=JUNE)


@pytest.mark.parametrize(
    ("address", "native_id"),
    [
        ("https://forum.example/u/Dana", "dana@forum.example"),
        ("https://forum.example/users/dana/activity", "dana@forum.example"),
        ("https://city.example/forum/u/dana-r.2", "dana-r.2@city.example/forum"),
        ("http://127.0.0.1:9000/u/dana", "dana@127.0.0.1:9000"),
    ],
)
def test_members_are_told_apart_by_name_and_forum(address: str, native_id: str) -> None:
    """A member is known as `name@host`, with the folder that the forum stands in."""
    assert discourse.native_id(address) == native_id


def test_the_list_of_posts_is_asked_for_first(account: Account) -> None:
    """A crawl begins with the newest topics and replies of the member."""
    assert [request.url for request in discourse.start(account, FIRST_TIME_READING)] == [f"{LIST}0"]


def test_a_forum_in_a_folder_is_asked_there(account_at: Callable[[Platform, str], Account]) -> None:
    """The folder of a forum is part of all its addresses."""
    account = account_at(PLATFORM, "https://city.example/forum/u/dana")
    (request,) = discourse.start(account, FIRST_TIME_READING)
    assert request.url == "https://city.example/forum/user_actions.json?username=dana&filter=4,5&offset=0"
    assert discourse.look_up("city.example/forum/7", "", account).url == "https://city.example/forum/posts/7.json"


def test_the_first_crawl_asks_for_every_post_and_the_next_stretch(account: Account, answer: Answer) -> None:
    """All posts of a stretch are new; the next one overlaps, because the list moves when somebody posts."""
    (first,) = discourse.start(account, FIRST_TIME_READING)
    reading = discourse.read(answer(first, listed(*stretch(30, newest=30))), account, FIRST_TIME_READING)
    assert numbers(reading.next) == [f"/posts/{day}.json" for day in range(30, 0, -1)]
    assert lists(reading.next) == [f"{LIST}25"]
    assert reading.state == {"newest": at(30).isoformat()}
    assert reading.covers == (at(1), LAST_TIME)
    assert reading.lists[:2] == ("forum.example/30", "forum.example/29")


def test_the_walk_ends_where_only_the_overlap_is_left(account: Account, answer: Answer) -> None:
    """A stretch of no more than the overlap is the end: whatever is older does not exist any more."""
    request = PageRequest(
        url=f"{LIST}25", role="actions", context={"offset": 25, "before": at(6).isoformat(), "paths": []}
    )
    reading = discourse.read(answer(request, listed(*stretch(5, newest=5))), account, FIRST_TIME_READING)
    assert lists(reading.next) == []
    assert reading.covers == (FIRST_TIME, at(6))
    assert reading.state == {}


def test_a_forum_that_repeats_itself_ends_the_walk(account: Account, answer: Answer) -> None:
    """A server that ignores the offset would be asked forever; what it lists covers nothing then."""
    (first,) = discourse.start(account, FIRST_TIME_READING)
    body = listed(*stretch(30, newest=30))
    second = next(
        r for r in discourse.read(answer(first, body), account, FIRST_TIME_READING).next if r.role == "actions"
    )
    reading = discourse.read(answer(second, body), account, FIRST_TIME_READING)
    assert lists(reading.next) == []
    assert reading.covers is None


def test_later_crawls_ask_for_new_and_young_posts_only(account: Account, answer: Answer) -> None:
    """What was read before and is too old to be edited is not asked for again, but is listed as existing."""
    progress = Progress(state={"newest": at(26).isoformat()}, reread_from=at(24))
    (first,) = discourse.start(account, progress)
    reading = discourse.read(answer(first, listed(*stretch(10, newest=30))), account, progress)
    assert numbers(reading.next) == [f"/posts/{day}.json" for day in range(30, 23, -1)]
    assert len(reading.lists) == 10


def test_later_crawls_stop_at_a_stretch_that_is_old_and_known(account: Account, answer: Answer) -> None:
    """Where nothing of a stretch needs reading, the next is not asked for."""
    progress = Progress(state={"newest": at(30).isoformat()}, reread_from=JUNE)
    (first,) = discourse.start(account, progress)
    reading = discourse.read(answer(first, listed(*stretch(30, newest=30))), account, progress)
    assert reading.next == ()


def test_posts_of_others_deleted_and_hidden_ones_are_not_asked_for(account: Account, answer: Answer) -> None:
    """Only what the member published and everybody may read is fetched."""
    (first,) = discourse.start(account, FIRST_TIME_READING)
    body = listed(action(4, 4), action(3, 3, username="kim"), action(2, 2, deleted=True), action(1, 1, hidden=True))
    reading = discourse.read(answer(first, body), account, FIRST_TIME_READING)
    assert numbers(reading.next) == ["/posts/4.json"]
    assert reading.lists == ("forum.example/4",)


def test_a_topic_is_asked_for_by_its_place_once_and_by_its_number_then(account: Account, answer: Answer) -> None:
    """Of topics the list does not tell the post's number: it is learned from the post, and kept for the next crawl."""
    (first,) = discourse.start(account, FIRST_TIME_READING)
    body = listed(action(None, 4, action_type=4, post_number=1, title="Lost keys"))
    (request,) = discourse.read(answer(first, body), account, FIRST_TIME_READING).next
    assert request.url == f"{BASE}/posts/by_number/77/1.json"

    post = {"id": 501, "topic_id": 77, "post_number": 1, "post_type": 1, "username": "Dana", "cooked": "<p>Found.</p>"}
    reading = discourse.read(
        answer(request, json.dumps({**post, "created_at": "2026-05-04T12:00:00Z"})), account, FIRST_TIME_READING
    )
    assert [post.text for post in reading.posts] == ["Lost keys\n\nFound."]
    assert reading.state == {"topic 77": "501"}

    later = discourse.read(answer(first, body), account, Progress(state=reading.state, reread_from=JUNE))
    assert numbers(later.next) == ["/posts/501.json"]
    assert later.lists == ("forum.example/501",)


def test_an_action_that_names_no_post_is_counted(account: Account, answer: Answer) -> None:
    """Where the list does not say what it lists, that is a number in the reading, not silence."""
    (first,) = discourse.start(account, FIRST_TIME_READING)
    reading = discourse.read(
        answer(first, listed(action(None, 4, topic_id=None), action(3, 3))), account, FIRST_TIME_READING
    )
    assert reading.unreadable == 1
    assert numbers(reading.next) == ["/posts/3.json"]


def test_a_member_without_posts_covers_everything(account: Account, answer: Answer) -> None:
    """An empty list, which some versions spell in the singular, says of every known post that it is to be looked up."""
    (first,) = discourse.start(account, FIRST_TIME_READING)
    reading = discourse.read(
        answer(first, '{"user_action": [], "no_results_help": "nothing"}'), account, FIRST_TIME_READING
    )
    assert (reading.next, reading.covers) == ((), (FIRST_TIME, LAST_TIME))


@pytest.mark.parametrize(
    ("refusal", "status", "error"),
    [
        ({"errors": ["x"], "error_type": "not_logged_in"}, 403, NotPublic),
        ({"errors": ["x"], "error_type": "not_logged_in"}, 200, NotPublic),
        ({"errors": ["x"], "error_type": "not_found"}, 404, SourceGone),
    ],
)
def test_walls_and_absence_are_told_apart(
    account: Account, answer: Answer, refusal: dict[str, Any], status: int, error: type[Exception]
) -> None:
    """A forum that wants people to sign in is not public; a member who is not there is gone."""
    (first,) = discourse.start(account, FIRST_TIME_READING)
    with pytest.raises(error):
        discourse.read(answer(first, json.dumps(refusal), status=status), account, FIRST_TIME_READING)
