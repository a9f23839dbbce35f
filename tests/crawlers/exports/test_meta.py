"""The exports of Facebook and Instagram."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.export import Part
from crawlers.exports.meta import mended

Pack = Callable[..., Path]
ReadExport = Callable[..., list[Part]]

AT = 1772919000
WHEN = datetime.fromtimestamp(AT, UTC)


def garbled(text: str) -> str:
    """As the exports write it: each byte of the UTF-8 as a character."""
    return text.encode().decode("latin-1")


@pytest.mark.parametrize("text", ["Grüße aus 東京 🚓", "plain", "عيد"])
def test_garbled_text_is_mended(text: str) -> None:
    """What was encoded twice is read as it was written."""
    assert mended(garbled(text)) == text


@pytest.mark.parametrize("text", ["Grüße", "東京 🚓"])
def test_sound_text_stays(text: str) -> None:
    """Should the platform mend its exports one day, nothing breaks."""
    assert mended(text) == text


def entry(**fields: Any) -> dict[str, Any]:
    media = {"uri": "posts/media/a/1.jpg", "creation_timestamp": AT, "description": garbled("Çar 5")}
    return {
        "timestamp": AT, "title": "Dana Reed added a photo.", "data": [{"post": garbled("Straßenfest")}],
        "attachments": [{"data": [{"media": media}]}, {"data": [{"external_context": {"url": "https://a.example/x"}}]}],
    } | fields  # fmt: skip


@pytest.mark.parametrize(
    ("root", "member"),
    [
        ("", "posts/your_posts_1.json"),
        ("", "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json"),
        ("", "your_activity_across_facebook/posts/your_posts__check_ins__photos_and_videos_2.json"),
        ("x/", "x/this_profile's_activity_across_facebook/posts/profile_posts_1.json"),
        ("facebook-dana/", "facebook-dana/your_facebook_activity/posts/your_posts_1.json"),
    ],
)
def test_every_layout_of_facebook_is_read(root: str, member: str, pack: Pack, read_export: ReadExport) -> None:
    """Text, time, link and picture of a post, the picture from the export itself."""
    file = pack({member: json.dumps([entry()]), f"{root}posts/media/a/1.jpg": b"picture"})
    (part,) = read_export("facebook_export", file)
    (post,) = part.posts
    assert (post.text, post.created_at, post.links) == ("Straßenfest", WHEN, ("https://a.example/x",))
    assert [m.alt for m in post.media] == ["Çar 5"]
    assert [read(100) for read in part.files.values()] == [b"picture"]


def test_an_edit_of_a_facebook_post_is_seen(pack: Pack, read_export: ReadExport) -> None:
    """`update_timestamp` is the time of the edit."""
    edited = entry(data=[{"post": "x"}, {"update_timestamp": AT + 60}])
    (part,) = read_export("facebook_export", pack({"posts/your_posts_1.json": json.dumps([edited])}))
    assert part.posts[0].edited_at == datetime.fromtimestamp(AT + 60, UTC)


def test_a_picture_that_the_export_lacks_stays_with_its_post(pack: Pack, read_export: ReadExport) -> None:
    """It is planned like others, so that the coverage says that nobody looked at it."""
    (part,) = read_export("facebook_export", pack({"posts/your_posts_1.json": json.dumps([entry()])}))
    assert (part.files, len(part.posts[0].media)) == ({}, 1)


@pytest.mark.parametrize(
    ("member", "key"),
    [("posts/your_uncategorized_photos.json", "other_photos_v2"), ("posts/your_videos.json", "videos_v2"),
     ("posts/album/0.json", "photos")],
)  # fmt: skip
def test_photos_videos_and_albums_of_facebook_are_posts(
    member: str, key: str, pack: Pack, read_export: ReadExport
) -> None:
    """A photo without a post of its own was published, too."""
    photo = {"uri": "posts/media/a/1.jpg", "creation_timestamp": AT, "description": "Patch"}
    file = pack({member: json.dumps({"name": "Mobile", key: [photo]}), "posts/media/a/1.jpg": b"picture"})
    (part,) = read_export("facebook_export", file)
    assert [(post.text, len(post.media)) for post in part.posts] == [("Patch", 1)]


@pytest.mark.parametrize(
    "member",
    ["your_instagram_activity/media/posts_1.json", "your_instagram_activity/content/posts_1.json", "content/posts_1.json", "ig-dana/content/posts_2.json"],
)  # fmt: skip
def test_posts_of_instagram_are_read(member: str, pack: Pack, read_export: ReadExport) -> None:
    """A post with two pictures has the title of the post, one with a single picture that of the picture."""
    pictures = [{"uri": f"media/posts/202603/{n}.jpg", "creation_timestamp": AT, "title": ""} for n in (1, 2)]
    posts = [
        {"media": pictures, "title": garbled("Zwei für uns"), "creation_timestamp": AT},
        {"media": [pictures[0] | {"title": garbled("Één")}]},
    ]
    root = "ig-dana/" if member.startswith("ig-") else ""
    file = pack({member: json.dumps(posts), **{f"{root}media/posts/202603/{n}.jpg": b"p" for n in (1, 2)}})
    (part,) = read_export("instagram_export", file)
    assert [(p.text, p.created_at, len(p.media)) for p in part.posts] == [("Zwei für uns", WHEN, 2), ("Één", WHEN, 1)]


@pytest.mark.parametrize(
    ("name", "key"), [("stories", "ig_stories"), ("reels", "ig_reels_media"), ("other_content", "ig_other_media")]
)
def test_stories_reels_and_others_of_instagram_are_read(
    name: str, key: str, pack: Pack, read_export: ReadExport
) -> None:
    """They lie in members of their own, under a name."""
    item = {"uri": "media/s/1.mp4", "creation_timestamp": AT, "title": "On duty"}
    entries = [item] if name == "stories" else [{"media": [item]}]
    member = f"your_instagram_activity/media/{name}.json"
    file = pack({member: json.dumps({key: entries}), "media/s/1.mp4": b"film"})
    (part,) = read_export("instagram_export", file)
    assert [(post.text, len(post.media)) for post in part.posts] == [("On duty", 1)]


def test_the_same_post_has_the_same_number_in_every_export(pack: Pack, read_export: ReadExport) -> None:
    """Handing over a newer export repeats nothing."""
    first = read_export("facebook_export", pack({"posts/your_posts_1.json": json.dumps([entry()])}))
    again = read_export("facebook_export", pack({"posts/your_posts_9.json": json.dumps([entry()])}, "new.zip"))
    assert first[0].posts[0].native_id == again[0].posts[0].native_id
