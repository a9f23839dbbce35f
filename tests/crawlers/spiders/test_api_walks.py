"""How accounts are walked by APIs: from the account to its list, page by page, to the end; and what a look-up says."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress, Reading
from crawlers.platforms import platform_of
from crawlers.values import FIRST_TIME, LAST_TIME
from footprint.accounts import Account
from footprint.errors import NotPublic, RateLimited, SourceError, SourceGone

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
NEW = Progress(state={}, reread_from=JUNE)
CHANNEL, UPLOADS = "UC3107310000000000000000", "UU3107310000000000000000"
NSID = "310731@N01"

Ask = Callable[..., Reading]
GRAPH_POST = {"id": "310731_9", "created_time": "2026-05-01T10:00:00+0000", "from": {"id": "310731"}, "message": "x"}


@pytest.fixture
def walk(account_at: Callable[[Platform, str], Account], answer: Callable[..., Page]) -> Callable[[str, str], Any]:
    """A walker of an account: what it asks first, and what it makes of an answer to a request."""

    class Walker:
        def __init__(self, name: str, address: str) -> None:
            self.platform = platform_of(name)
            self.account = account_at(self.platform, address)

        def first(self, progress: Progress = NEW) -> PageRequest:
            (request,) = self.platform.start(self.account, progress)
            return request

        def told(self, request: PageRequest, said: Any, *, status: int = 200, progress: Progress = NEW) -> Reading:
            return self.platform.read(answer(request, json.dumps(said), status=status), self.account, progress)

        def own(self, reading: Reading) -> list[bool]:
            return [self.platform.is_author(post, self.account) for post in reading.posts]

    return Walker


def query(request: PageRequest) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def test_x(walk: Any) -> None:
    """From the name to the number, on by tokens; where the server refuses one spelling of the fields it is asked in the other."""
    x = walk("x", "https://x.com/Dana_Reed")
    user = {"id": "310731", "username": "Dana_Reed", "protected": False}
    (timeline,) = x.told(x.first(), {"data": user}).next
    assert urlsplit(timeline.url).path == "/2/users/310731/tweets"
    assert "tweet.fields" in query(timeline)
    (respelt,) = x.told(timeline, {"title": "Invalid Request"}, status=400).next
    assert ("post.fields" in query(respelt), urlsplit(respelt.url).path) == (True, "/2/users/310731/tweets")
    post = {"id": "1780000000000000001", "text": "x", "author_id": "310731"}
    said = {"data": [post], "includes": {"users": [user]}, "meta": {"result_count": 1, "next_token": "t2"}}
    read = x.told(respelt, said)
    assert (x.own(read), read.state["spelling"]) == ([True], "post")
    (following,) = read.next
    assert (query(following)["pagination_token"], "post.fields" in query(following)) == ("t2", True)
    end = x.told(following, {"meta": {"result_count": 0}})
    assert (end.posts, end.next, end.covers) == ((), (), (FIRST_TIME, read.posts[0].created_at))


def test_x_leaves_protected_accounts_alone(walk: Any) -> None:
    """An account whose posts are for followers is not public; one that is not said to be open counts as protected."""
    x = walk("x", "https://x.com/Dana_Reed")
    for told in ({"protected": True}, {}):
        with pytest.raises(NotPublic):
            x.told(x.first(), {"data": {"id": "310731", "username": "Dana_Reed", **told}})


def test_facebook(walk: Any) -> None:
    """From the Page to its posts and reels; the address of the next page loses its token."""
    facebook = walk("facebook", "https://www.facebook.com/dana.reed")
    posts, reels = facebook.told(facebook.first(), {"id": "310731", "username": "Dana.Reed"}).next
    assert [urlsplit(asked.url).path.rpartition("/")[2] for asked in (posts, reels)] == [
        "published_posts",
        "video_reels",
    ]
    following = f"{posts.url}&after=c&access_token=hush&appsecret_proof=hush"
    read = facebook.told(posts, {"data": [GRAPH_POST], "paging": {"next": following}})
    assert (facebook.own(read), "hush" in read.next[0].url, query(read.next[0])["after"]) == ([True], False, "c")
    assert facebook.told(reels, {"data": [{"id": "5", "created_time": "2026-05-01T10:00:00+0000"}]}).covers is None
    with pytest.raises(SourceError, match="another page"):
        facebook.told(posts, {"data": [], "paging": {"next": "https://graph.facebook.com/v26.0/me/friends"}})


@pytest.mark.parametrize(
    ("code", "subcode", "raises"),
    [(4, None, RateLimited), (32, None, RateLimited), (80001, None, RateLimited), (10, None, NotPublic),
     (100, 33, SourceGone), (190, None, SourceError), ([10], None, SourceError)],
)  # fmt: skip
def test_graph_says_by_codes(walk: Any, code: Any, subcode: int | None, raises: type[Exception]) -> None:
    """Meta says in the answer, not by its status, that it wants to be left alone, that it refuses, or that something is gone."""
    facebook = walk("facebook", "https://www.facebook.com/dana.reed")
    with pytest.raises(raises) as refusal:
        facebook.told(
            facebook.first(), {"error": {"code": code, "error_subcode": subcode, "message": "no"}}, status=400
        )
    assert refusal.type is raises


def test_instagram(walk: Any) -> None:
    """The token's own account is read, and only where it is the registered one."""
    instagram = walk("instagram", "https://www.instagram.com/dana_reed")
    (media,) = instagram.told(instagram.first(), {"user_id": "310731", "username": "Dana_Reed"}).next
    assert urlsplit(media.url).path.endswith("/310731/media")
    with pytest.raises(SourceError, match="Mend"):
        instagram.told(instagram.first(), {"user_id": "7", "username": "somebody"})


def test_threads(walk: Any) -> None:
    """A profile is read by its name; what it only passes on is not its own."""
    threads = walk("threads", "https://www.threads.net/@Dana_Reed")
    first = threads.first()
    assert query(first)["username"] == "dana_reed"
    own = {"id": "1", "timestamp": "2026-05-01T10:00:00+0000", "username": "dana_reed", "media_type": "TEXT_POST"}
    assert threads.own(threads.told(first, {"data": [own, {**own, "id": "2", "media_type": "REPOST_FACADE"}]})) == [
        True,
        False,
    ]


def test_youtube(walk: Any) -> None:
    """From the handle to the list of uploads, on by tokens; a spent quota is a wait, and what a look-up lacks is gone."""
    youtube = walk("youtube", "https://www.youtube.com/@Dana-Reed")
    channel = {"id": CHANNEL, "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}
    assert query(youtube.first())["forHandle"] == "@dana-reed"
    (uploads,) = youtube.told(youtube.first(), {"items": [channel]}).next
    film = {
        "snippet": {"title": "x", "channelId": CHANNEL},
        "contentDetails": {"videoId": "v1", "videoPublishedAt": "2026-05-01T10:00:00Z"},
    }
    read = youtube.told(uploads, {"items": [film], "nextPageToken": "p2"})
    (following,) = read.next
    assert (youtube.own(read), query(following)["pageToken"], query(following)["playlistId"]) == ([True], "p2", UPLOADS)
    assert youtube.own(youtube.told(following, {"items": [film]})) == [True]
    with pytest.raises(RateLimited):
        youtube.told(uploads, {"error": {"errors": [{"reason": "quotaExceeded"}]}}, status=403)
    looked = youtube.platform.look_up("v1", "", youtube.account)
    with pytest.raises(SourceGone):
        youtube.told(looked, {"items": []})
    assert youtube.told(looked, {"items": [{"id": "v1"}]}) == Reading()


def test_linkedin(walk: Any) -> None:
    """From the name to the number; posts with media wait until it is known where these lie."""
    linkedin = walk("linkedin", "https://www.linkedin.com/company/Dana-Reed")
    (posts,) = linkedin.told(linkedin.first(), {"elements": [{"id": 310731}]}).next
    assert query(posts)["author"] == "urn:li:organization:310731"
    assert posts.headers["LinkedIn-Version"].isdecimal()
    plain = {
        "id": "urn:li:share:1", "author": "urn:li:organization:310731", "visibility": "PUBLIC", "lifecycleState": "PUBLISHED",
        "publishedAt": 1772000000000, "commentary": "words",
    }  # fmt: skip
    shown = {**plain, "id": "urn:li:share:2", "content": {"media": {"id": "urn:li:image:A1", "altText": "a pier"}}}
    read = linkedin.told(posts, {"elements": [plain, shown]})
    assert ([post.native_id for post in read.posts], read.lists) == (["urn:li:share:1"], ("urn:li:share:2",))
    (images,) = read.next
    placed = linkedin.told(images, {"results": {"urn:li:image:A1": {"downloadUrl": "https://media.licdn.com/a1.jpg"}}})
    assert [(m.url, m.alt) for post in placed.posts for m in post.media] == [
        ("https://media.licdn.com/a1.jpg", "a pier")
    ]
    assert linkedin.own(placed) == [True]


def test_reddit(walk: Any) -> None:
    """On by names; a thing whose author is gone is gone."""
    reddit = walk("reddit", "https://www.reddit.com/user/Dana_Reed")
    thing = {
        "name": "t3_a",
        "author": "Dana_Reed",
        "title": "x",
        "permalink": "/r/b/comments/a/x/",
        "created_utc": 1772000000.0,
    }

    def listing(*data: Any, after: str | None = None) -> Any:
        return {"kind": "Listing", "data": {"after": after, "children": [{"kind": "t3", "data": one} for one in data]}}

    read = reddit.told(reddit.first(), listing(thing, after="t3_a"))
    assert (reddit.own(read), query(read.next[0])["after"]) == ([True], "t3_a")
    looked = reddit.platform.look_up("t3_a", "", reddit.account)
    assert reddit.told(looked, listing(thing)) == Reading()
    for gone in (listing(), listing({**thing, "author": "[deleted]"})):
        with pytest.raises(SourceGone):
            reddit.told(looked, gone)


def test_tumblr(walk: Any) -> None:
    """Blocks of twenty, on by time; a shorter one is the last."""
    tumblr = walk("tumblr", "https://dana-reed.tumblr.com")

    def block(count: int) -> Any:
        posts = [
            {"id_string": str(n + 1), "blog_name": "dana-reed", "post_url": f"https://dana-reed.tumblr.com/post/{n + 1}",
             "timestamp": 1772000000 - n, "content": []}
            for n in range(count)
        ]  # fmt: skip
        return {"response": {"posts": posts}}

    read = tumblr.told(tumblr.first(), block(20))
    assert (tumblr.own(read), query(read.next[0])["before"]) == ([True] * 20, "1771999981")
    assert tumblr.told(read.next[0], block(3)).next == ()


def test_flickr(walk: Any) -> None:
    """From the name to the number, then by numbered pages; a failure comes with HTTP 200."""
    flickr = walk("flickr", "https://www.flickr.com/photos/Dana-Reed")
    (photos,) = flickr.told(flickr.first(), {"stat": "ok", "user": {"id": NSID}}).next
    assert query(photos)["user_id"] == NSID
    photo = {"id": "5", "owner": NSID, "title": "x", "ispublic": 1, "dateupload": "1772000000"}
    read = flickr.told(photos, {"stat": "ok", "photos": {"page": 1, "pages": 2, "photo": [photo]}})
    assert (flickr.own(read), query(read.next[0])["page"]) == ([True], "2")
    assert flickr.told(read.next[0], {"stat": "ok", "photos": {"page": 2, "pages": 2, "photo": []}}).next == ()
    with pytest.raises(SourceGone):
        flickr.told(flickr.platform.look_up("5", "", flickr.account), {"stat": "fail", "code": 1, "message": "gone"})


def test_tiktok(walk: Any) -> None:
    """The token's own account only; pages are asked for by POST, each under an address of its own."""
    tiktok = walk("tiktok", "https://www.tiktok.com/@Dana_Reed")
    (films,) = tiktok.told(tiktok.first(), {"data": {"user": {"username": "dana_reed"}}, "error": {"code": "ok"}}).next
    assert json.loads(films.body) == {"max_count": 20}
    film = {"id": "74", "create_time": 1772000000}
    said = {"data": {"videos": [film], "cursor": 1771, "has_more": True}, "error": {"code": "ok"}}
    read = tiktok.told(films, said)
    (following,) = read.next
    assert (tiktok.own(read), json.loads(following.body)["cursor"], following.url != films.url) == ([True], 1771, True)
    with pytest.raises(SourceError, match="Mend"):
        tiktok.told(tiktok.first(), {"data": {"user": {"username": "somebody"}}, "error": {"code": "ok"}})
    with pytest.raises(RateLimited):
        tiktok.told(films, {"data": {}, "error": {"code": "rate_limit_exceeded"}}, status=429)


def test_a_list_is_read_no_further_than_it_says_something_new(walk: Any) -> None:
    """A page that is all older than what is known, and too old to be read again, is the last; a page covers up to the one before."""
    facebook = walk("facebook", "https://www.facebook.com/dana.reed")
    (posts, _) = facebook.told(facebook.first(), {"id": "310731", "username": "dana.reed"}).next
    said = {"data": [GRAPH_POST], "paging": {"next": f"{posts.url}&after=c"}}
    first = facebook.told(posts, said)
    created_at = first.posts[0].created_at
    assert (first.covers, first.state) == ((created_at, LAST_TIME), {"newest": created_at.isoformat()})
    known = Progress(state={"newest": "2026-05-20T00:00:00+00:00"}, reread_from=JUNE)
    assert facebook.told(posts, said, progress=known).next == ()
    young = Progress(state=known.state, reread_from=datetime(2026, 4, 1, tzinfo=UTC))
    assert len(facebook.told(posts, said, progress=young).next) == 1
    empty = facebook.told(first.next[0], {"data": [], "paging": {"next": f"{posts.url}&after=d"}})
    assert (empty.covers, len(empty.next)) == (None, 1)
