"""The archive that X gives to the holder of an account."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.bundle import opened
from crawlers.export import Part
from crawlers.exports import x_archive
from footprint.errors import SourceError
from footprint.posts import MediaKind, PostKind

Pack = Callable[..., Path]
ReadExport = Callable[..., list[Part]]


def script(name: str, items: list[Any]) -> str:
    return f"window.YTD.{name}.part0 = {json.dumps(items, indent=2)}"


def tweet(number: int = 1700000000000000001, **fields: Any) -> dict[str, Any]:
    usual = {
        "id_str": str(number), "id": str(number), "full_text": "Shift&amp;swap day", "lang": "en",
        "created_at": "Sat Mar 07 21:30:00 +0000 2026",
    }  # fmt: skip
    return {"tweet": usual | fields}


PHOTO = {
    "id_str": "77", "type": "photo", "media_url_https": "https://pbs.twimg.com/media/Aa1.jpg", "url": "https://t.co/x",
}  # fmt: skip
FILM = {
    "id_str": "78", "type": "video", "media_url_https": "https://pbs.twimg.com/thumb/v.jpg",
    "video_info": {"variants": [
        {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/v/a.m3u8"},
        {"bitrate": "832000", "content_type": "video/mp4", "url": "https://video.twimg.com/v/low.mp4"},
        {"bitrate": "2176000", "content_type": "video/mp4", "url": "https://video.twimg.com/v/high.mp4?tag=1"},
    ]},
}  # fmt: skip


@pytest.mark.parametrize("name", ["data/tweets.js", "data/tweet.js", "data/tweets-part1.js", "x-2026/data/tweets.js"])
def test_every_layout_is_read(name: str, pack: Pack, read_export: ReadExport) -> None:
    """Old and new archives name the same member differently, some put all into a folder."""
    (part,) = read_export("x_archive", pack({name: script("tweets", [tweet()])}))
    (post,) = part.posts
    assert post.text == "Shift&swap day"
    assert post.created_at == datetime(2026, 3, 7, 21, 30, tzinfo=UTC)
    assert (post.native_id, post.author, post.kind) == ("1700000000000000001", "dana", PostKind.POST)


def test_media_are_read_from_the_archive(pack: Pack, read_export: ReadExport) -> None:
    """A picture and the best version of a film are found beside the posts, by their platform's addresses."""
    shown = tweet(5, extended_entities={"media": [PHOTO, FILM]})
    file = pack({
        "data/tweets.js": script("tweets", [shown]), "data/tweets_media/5-Aa1.jpg": b"picture",
        "data/tweets_media/5-high.mp4": b"film",
    })  # fmt: skip
    (part,) = read_export("x_archive", file)
    assert [m.kind for m in part.posts[0].media] == [MediaKind.IMAGE, MediaKind.VIDEO]
    assert {url: read(100) for url, read in part.files.items()} == {
        "https://pbs.twimg.com/media/Aa1.jpg": b"picture",
        "https://video.twimg.com/v/high.mp4?tag=1": b"film",
    }


def test_a_long_post_is_whole(pack: Pack, read_export: ReadExport) -> None:
    """The archive keeps the full text of a long post in another member."""
    whole = "We met at the fairground at noon and " + "walked on " * 40
    note = {"noteTweet": {"noteTweetId": "9", "createdAt": "2026-03-07T21:30:00.000Z", "core": {"text": whole}}}
    cut = tweet(full_text=f"{whole[:270]}… https://t.co/abcdefghij")
    file = pack({"data/tweets.js": script("tweets", [cut]), "data/note-tweet.js": script("note_tweet", [note])})
    (part,) = read_export("x_archive", file)
    assert part.posts[0].text == whole


def test_reposts_and_replies_are_told_apart(pack: Pack, read_export: ReadExport) -> None:
    """What is somebody else's is known as such, so that admission leaves it out."""
    items = [tweet(1, full_text="RT @other: hi"), tweet(2, in_reply_to_status_id_str="1"), tweet(3)]
    (part,) = read_export("x_archive", pack({"data/tweets.js": script("tweets", items)}))
    assert [post.kind for post in part.posts] == [PostKind.REPOST, PostKind.REPLY, PostKind.POST]


def test_the_archive_says_whose_it_is(pack: Pack) -> None:
    """User name and number both name the holder."""
    account = {"account": {"username": "DanaReed", "accountId": "4711", "email": "d@x.example"}}
    with opened(pack({"data/account.js": script("account", [account])})) as bundle:
        assert x_archive.holders(bundle) == {"danareed", "4711"}


def test_messages_are_never_opened(pack: Pack, read_export: ReadExport, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only posts, their full texts and the account are opened, whatever else there is."""
    file = pack({
        "data/tweets.js": script("tweets", [tweet()]), "data/direct-messages.js": script("direct_messages", [{}]),
        "data/direct-messages-group.js": "[", "data/like.js": "[", "data/deleted-tweets.js": script("x", [tweet(9)]),
    })  # fmt: skip
    asked: list[str] = []
    from crawlers.bundle import Bundle

    real = Bundle.open
    monkeypatch.setattr(Bundle, "open", lambda self, name: (asked.append(name), real(self, name))[1])
    read_export("x_archive", file)
    assert set(asked) == {"data/tweets.js"}


def test_a_broken_post_does_not_hide_the_others(pack: Pack, read_export: ReadExport) -> None:
    """It is counted, for the coverage."""
    items = [tweet(), {"tweet": {"id_str": "x"}}, 7]
    (part,) = read_export("x_archive", pack({"data/tweets.js": script("tweets", items)}))
    assert (len(part.posts), part.unreadable) == (1, 2)


@pytest.mark.parametrize("content", ["", "window.YTD.tweets.part0 = ", "window.YTD.tweets.part0 = [{", "[[" * 9000])
def test_what_is_no_data_is_an_error(content: str, pack: Pack, read_export: ReadExport) -> None:
    """Nothing in a script is ever run."""
    with pytest.raises(SourceError):
        read_export("x_archive", pack({"data/tweets.js": content}))


def test_many_posts_come_in_parts(pack: Pack, read_export: ReadExport) -> None:
    """So that what is kept of one finding is not the whole archive."""
    parts = read_export("x_archive", pack({"data/tweets.js": script("tweets", [tweet(n) for n in range(1, 121)])}))
    assert [len(part.posts) for part in parts] == [50, 50, 20]
    assert len({part.source for part in parts}) == 3
