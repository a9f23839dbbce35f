"""How boards are walked: lists of a member's posts, then the pages where they stand."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress
from crawlers.platforms import platform_of
from crawlers.sites import Site
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
DATE = "Fri, 01 May 2026 12:00:00 GMT"
FIRST_READING = Progress(state={}, reread_from=JUNE)
LATER = Progress(state={"newest": "2026-04-20T00:00:00+00:00"}, reread_from=datetime(2026, 4, 10, tzinfo=UTC))

Answer = Callable[..., Page]
Register = Callable[[Platform, str], Account]


def at(day: int) -> datetime:
    return datetime(2026, 4, day, 12, tzinfo=UTC)


def phpbb_list(*days: int, following: str = "") -> str:
    """Posts of these days of April, each with its day as its number."""
    entries = "".join(
        f'<div class="search post"><dl><dt class="author">by <a>dana</a></dt><dd class="search-result-date">Apr {day}, 2026 12:00 pm</dd></dl>'
        f'<h3><a href="./viewtopic.php?p={day}&amp;sid={"0" * 32}#p{day}">Re: May 5</a></h3></div>'
        for day in days
    )
    return f'<html><body>{entries}<a rel="next" href="{following}">next</a></body></html>'


@pytest.fixture
def phpbb(account_at: Register) -> Account:
    """A member of a phpBB board."""
    return account_at(platform_of("phpbb"), "https://forum.example/memberlist.php?mode=viewprofile&u=31")


def read(name: str, page: Page, account: Account, progress: Progress = FIRST_READING) -> Any:
    return platform_of(name).read(page, account, progress)


def listed(**context: Any) -> PageRequest:
    return PageRequest(url="https://forum.example/search.php?author_id=31&sr=posts", role="list", context=context)


@pytest.mark.parametrize(
    ("platform", "address", "native_id", "first"),
    [
        ("phpbb", "https://f.example/memberlist.php?u=31&mode=viewprofile", "31@f.example", "/search.php?author_id=31&sr=posts"),
        ("phpbb", "https://f.example/city/memberlist.php?mode=viewprofile&u=31", "31@f.example/city", "/city/search.php?author_id=31&sr=posts"),
        ("mybb", "https://f.example/member.php?action=profile&uid=31", "31@f.example", "/search.php?action=finduser&uid=31"),
        ("mybb", "https://f.example/user-31.html", "31@f.example", "/search.php?action=finduser&uid=31"),
        ("xenforo", "https://f.example/members/dana.31/about", "31@f.example", "/search/member?user_id=31&content=post"),
        ("vbulletin", "https://f.example/member.php?31-Dana-Reed", "31@f.example", "/search.php?do=finduser&userid=31&contenttype=vBForum_Post&showposts=1"),
        ("flaskbb", "https://f.example/user/Dana", "dana@f.example", "/user/Dana/posts"),
        ("machina", "https://f.example/forum/member/profile/31/", "31@f.example/forum", "/forum/member/profile/31/posts/"),
        ("forum", "https://f.example/latest?sort=new#top", "https://f.example/latest?sort=new", "/latest?sort=new"),
    ],
)  # fmt: skip
def test_members_are_known_by_their_profile(
    platform: str, address: str, native_id: str, first: str, account_at: Register
) -> None:
    """A profile tells the board's folder and the member, and with them the list to begin with."""
    account = account_at(platform_of(platform), address)
    (request,) = platform_of(platform).start(account, FIRST_READING)
    assert account.native_id == native_id
    assert request.url == f"https://f.example{first}"


ENTRIES = {
    "mybb": '<table><tr class="inline_row"><td class="trow1"><span class="smalltext">Thread: <a href="showthread.php?tid=7">May 5</a><br />'
    'Post: <a href="showthread.php?tid=7&amp;pid=12#pid12">RE: May 5</a></span></td><td><span class="smalltext">04-12-2026, 12:00 PM</span></td></tr></table>',
    "xenforo": '<ol><li class="block-row"><h3 class="contentRow-title"><a href="/threads/may-5.7/post-12">May 5</a></h3>'
    '<div class="contentRow-minor"><time datetime="2026-04-12T12:00:00+0000">Apr 12</time></div></li></ol>',
    "vbulletin": '<ol><li class="postbit postbitim"><span class="postdate">04-12-2026, <span class="time">12:00 PM</span></span>'
    '<h3 class="posttitle"><a href="showthread.php?7-May-5&amp;p=12#post12">May 5</a></h3></li></ol>',
    "flaskbb": '<div class="profile-content"><div class="card page"><div class="card-header page-header"><a href="/post/12"><strong>May 5</strong></a></div>'
    '<div class="topic-created"><time datetime="2026-04-12T12:00:00+00:00">Apr 12</time></div></div></div>',
    "machina": '<div class="member-posts"><div class="post" id="12"><h4 class="subject"><a href="/forum/forum/a-1/topic/may-5-7/?post=12#12">May 5</a></h4>'
    '<p><small>By: <a href="/forum/member/profile/31/">dana</a> on April 12, 2026, noon</small></p></div></div>',
}
PROFILES = {
    "mybb": "https://forum.example/user-31.html",
    "xenforo": "https://forum.example/members/dana.31/",
    "vbulletin": "https://forum.example/member.php?31-dana",
    "flaskbb": "https://forum.example/user/dana",
    "machina": "https://forum.example/forum/member/profile/31/",
}


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_lists_tell_number_and_time_of_each_post(name: str, account_at: Register, answer: Answer) -> None:
    """Each make writes its lists in its own way; titles that look like days are no times."""
    account = account_at(platform_of(name), PROFILES[name])
    (first,) = platform_of(name).start(account, FIRST_READING)
    reading = read(name, answer(first, f"<html><body>{ENTRIES[name]}</body></html>", date=DATE), account)
    assert [number.rpartition("/")[2] for number in reading.lists] == ["12"]
    assert reading.state == {"newest": at(12).isoformat()}
    assert [request.role for request in reading.next] == ["thread"]


def test_a_first_reading_asks_for_every_post(phpbb: Account, answer: Answer) -> None:
    """All posts of a list and its next page are asked for, without the board's session in the addresses."""
    page = answer(listed(), phpbb_list(20, 12, following="./search.php?author_id=31&amp;sr=posts&amp;start=10"))
    reading = read("phpbb", page, phpbb)
    assert [(request.role, request.url) for request in reading.next] == [
        ("thread", "https://forum.example/viewtopic.php?p=20"),
        ("thread", "https://forum.example/viewtopic.php?p=12"),
        ("list", "https://forum.example/search.php?author_id=31&sr=posts&start=10"),
    ]
    assert reading.covers == (at(12), LAST_TIME)
    assert reading.lists == ("forum.example/20", "forum.example/12")


def test_later_readings_ask_for_what_is_new_or_young(phpbb: Account, answer: Answer) -> None:
    """Posts that were read and are too old to be edited are not asked for, and the list is read no further."""
    following = "./search.php?author_id=31&amp;sr=posts&amp;start=10"
    reading = read("phpbb", answer(listed(), phpbb_list(21, 12, 5, following=following)), phpbb, LATER)
    assert [request.url.rpartition("=")[2] for request in reading.next] == ["21", "12", "10"]
    old = read(
        "phpbb", answer(listed(urls=[], before=at(5).isoformat()), phpbb_list(4, 3, following=following)), phpbb, LATER
    )
    assert old.next == ()
    assert old.covers == (at(3), at(5))


def test_the_last_page_of_a_list_covers_all_that_is_older(phpbb: Account, answer: Answer) -> None:
    """What the whole list does not tell is looked up."""
    page = answer(listed(urls=["x"], before=at(20).isoformat()), phpbb_list(12, 5))
    assert read("phpbb", page, phpbb).covers == (FIRST_TIME, at(20))


def test_an_empty_list_has_everything_looked_up(phpbb: Account, answer: Answer) -> None:
    """A member whose posts are all gone has an empty list."""
    assert read(
        "phpbb", answer(listed(), "<html><body>No suitable matches were found.</body></html>"), phpbb
    ).covers == (
        FIRST_TIME,
        LAST_TIME,
    )


def test_a_list_for_members_is_not_public(phpbb: Account, answer: Answer) -> None:
    """A board that lets no guest search says so with HTTP 200."""
    with pytest.raises(NotPublic):
        read("phpbb", answer(listed(), "<html><h2>You must be registered and logged in to search</h2></html>"), phpbb)


def test_a_list_that_repeats_itself_ends(phpbb: Account, answer: Answer) -> None:
    """A board that answers every page of a list with the first does not keep a crawl going."""
    body = phpbb_list(20, following="./search.php?author_id=31&amp;start=10")
    first = read("phpbb", answer(listed(), body), phpbb).next[-1]
    assert [request.role for request in read("phpbb", answer(first, body), phpbb).next] == ["thread"]


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("search.php?action=results&amp;sid=0123456789abcdef", ["https://forum.example/search.php?action=results&sid=0123456789abcdef"]),
        ("https://evil.example/", []),
        ("javascript:x", []),
    ],
)  # fmt: skip
def test_a_search_that_sends_on_is_followed_once(
    target: str, asked: list[str], account_at: Register, answer: Answer
) -> None:
    """MyBB shows what it found under another address, to which the page sends browsers; only one of its own host is asked for."""
    account = account_at(platform_of("mybb"), PROFILES["mybb"])
    body = f'<html><head><meta http-equiv="refresh" content="2;URL={target}"></head><body>Please wait</body></html>'
    reading = read("mybb", answer(listed(), body), account)
    assert [request.url for request in reading.next] == asked
    for request in reading.next:
        assert read("mybb", answer(request, body), account).next == ()


def post(number: int, name: str = "dana", uid: int = 31) -> str:
    who = f'<a href="/forum/member/profile/{uid}/"><b>{name}</b></a>'
    link = f'<h4 class="subject">x <a href="/forum/forum/a-1/topic/t-7/?post={number}#{number}">¶</a></h4>'
    return (
        f'<div class="post" id="{number}"><div class="post-content-wrapper">{link}<p><small>By: x on April 3, 2026, noon</small></p>'
        f'<div class="post-content">words</div></div><div class="username">{who}</div></div>'
    )


def test_a_look_up_that_shows_other_posts_finds_it_gone(account_at: Register, answer: Answer) -> None:
    """A forum that answers the address of a deleted post with the rest of its thread says that it is gone."""
    machina = platform_of("machina")
    account = account_at(machina, PROFILES["machina"])
    request = machina.look_up(
        "forum.example/forum/12", "https://forum.example/forum/forum/a-1/topic/t-7/?post=12#12", account
    )
    assert request.url == "https://forum.example/forum/forum/a-1/topic/t-7/?post=12"
    assert read("machina", answer(request, post(11) + post(12)), account).posts == ()
    with pytest.raises(SourceGone):
        read("machina", answer(request, post(11)), account)


@pytest.mark.parametrize(
    "words", ["The specified post does not exist.", "Invalid thread specified", "The requested topic does not exist."]
)
def test_a_look_up_answered_in_words_finds_it_gone(words: str, account_at: Register, answer: Answer) -> None:
    """Some boards say in words what HTTP has a status for."""
    account = account_at(platform_of("mybb"), PROFILES["mybb"])
    request = platform_of("mybb").look_up(
        "forum.example/12", "https://forum.example/showthread.php?pid=12#pid12", account
    )
    with pytest.raises(SourceGone):
        read("mybb", answer(request, f'<html><td class="trow1">{words}</td></html>'), account)


def flaskbb_row(number: int, name: str = "Dana") -> str:
    return (
        f'<div class="post-row" id="{number}"><div class="author-name"><a href="/user/{name}">{name}</a></div>'
        f'<div class="post-meta"><a href="/post/{number}">03 April 2026 - 12:00</a></div><div class="post-content">words</div></div>'
    )


def test_threads_are_read_through_where_lists_tell_no_posts(account_at: Register, answer: Answer) -> None:
    """FlaskBB lists the threads of a member's posts; their pages are followed to the end, and what left a page is looked up."""
    account = account_at(platform_of("flaskbb"), "https://forum.example/user/Dana")
    (first,) = platform_of("flaskbb").start(account, FIRST_READING)
    panel = '<div class="page-panel"><div class="page-head"><a href="/topic/7-works">Works</a></div><div class="topic-created">03 April 2026 - 12:00</div></div>'
    reading = read("flaskbb", answer(first, panel * 2, date=DATE), account)
    assert [(request.role, request.url) for request in reading.next] == [
        ("thread", "https://forum.example/topic/7-works")
    ]
    assert reading.covers == (JUNE, LAST_TIME)
    pages = '<ul class="pagination"><li><a href="/topic/7-works?page=2">2</a></li><li><a href="/topic/7-works?page=2">Next</a></li></ul>'
    thread = read(
        "flaskbb", answer(reading.next[0], flaskbb_row(1) + flaskbb_row(2, "Kim") + flaskbb_row(3) + pages), account
    )
    assert [request.url for request in thread.next] == ["https://forum.example/topic/7-works?page=2"]
    again = Progress(state=thread.state, reread_from=JUNE)
    assert read("flaskbb", answer(reading.next[0], flaskbb_row(1)), account, again).missing == ("forum.example/3",)
    assert read("flaskbb", answer(reading.next[0], status=404), account, again).missing == (
        "forum.example/1",
        "forum.example/3",
    )


OPEN_THREAD = (
    '<div class="h-entry" id="m1"><a class="p-author">Dana Reed</a><a class="u-url" href="/m/1"></a>'
    '<time class="dt-published" datetime="2026-04-03T12:00:00Z"></time><div class="e-content">words</div></div>'
)


def test_a_forum_of_no_known_make_needs_an_author(account_at: Register, as_author: Any, answer: Answer) -> None:
    """Pages of a forum show posts of many; without a name nobody's are taken, and the mend is told."""
    account = account_at(platform_of("forum"), "https://forum.example/latest")
    (first,) = platform_of("forum").start(account, FIRST_READING)
    with pytest.raises(SourceError, match="author's name"):
        read("forum", answer(first, OPEN_THREAD), account)
    (found,) = read("forum", answer(first, OPEN_THREAD), as_author(account, "dana reed")).posts
    assert platform_of("forum").is_author(found, as_author(account, "Dana Reed"))


def test_a_list_of_threads_leads_to_them(account_at: Register, as_author: Any, answer: Answer) -> None:
    """Links of a list are followed on the forum's own host, by the markup that the operator told."""
    account = as_author(account_at(platform_of("forum"), "https://forum.example/latest"), "Dana Reed")
    (first,) = platform_of("forum").start(account, FIRST_READING)
    body = '<p class="row"><a class="go" href="/t/7">a</a></p><p class="row"><a class="go" href="https://evil.example/">b</a></p><a class="more" href="?page=2">more</a>'
    site = Site(markup={"entries": ".row", "entry_link": ".go", "next": ".more"})
    reading = read("forum", answer(first, body), account, Progress(state={}, reread_from=JUNE, site=site))
    assert [request.url for request in reading.next] == [
        "https://forum.example/t/7",
        "https://forum.example/latest?page=2",
    ]


def test_a_post_of_a_long_thread_may_stand_on_another_page(
    account_at: Register, as_author: Any, answer: Answer
) -> None:
    """Where the forum does not pick the page, only a thread of one page says that a post is gone."""
    account = as_author(account_at(platform_of("forum"), "https://forum.example/latest"), "Dana Reed")
    request = platform_of("forum").look_up("forum.example/t/7#m2", "https://forum.example/t/7#m2", account)
    assert read("forum", answer(request, OPEN_THREAD + '<a rel="next" href="?page=2">2</a>'), account).posts == ()
    with pytest.raises(SourceGone):
        read("forum", answer(request, OPEN_THREAD), account)


def test_a_list_that_offers_to_sign_in_is_still_a_list(account_at: Register, as_author: Any, answer: Answer) -> None:
    """A heading over a form for members does not hide what guests are shown; without anything else it does."""
    account = as_author(account_at(platform_of("forum"), "https://forum.example/latest"), "Dana Reed")
    (first,) = platform_of("forum").start(account, FIRST_READING)
    offer = "<h2>Sign in</h2>"
    page = answer(first, f'{offer}<ul><li><h3><a href="/t/7">Works</a></h3></li></ul>')
    assert [request.url for request in read("forum", page, account).next] == ["https://forum.example/t/7"]
    with pytest.raises(NotPublic):
        read("forum", answer(first, offer), account)
