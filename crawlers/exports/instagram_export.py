"""
"Download your information" of Instagram, as JSON: https://help.instagram.com/181231772500920

It tells neither address nor audience of a post: that a post was public is for the operator to attest.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.answers import readable
from crawlers.bundle import Bundle
from crawlers.export import Format, Holder, Part
from crawlers.exports.members import parts, within
from crawlers.exports.meta import entries, files_of, media_of, mended, moment, post
from crawlers.values import objects_in
from footprint.errors import SourceError
from footprint.posts import ObservedPost

FORMAT = Format(
    name="instagram_export",
    title="Instagram export",
    reads="posts, reels, stories and profile pictures of the holder",
    platform="instagram",
)

POSTS = within(
    "(?:your_instagram_activity/(?:media|content)|content|media)",
    r"(posts(_\d+)?|stories|reels|igtv_videos|profile_photos|other_content)\.json",
)
LISTS = ("ig_stories", "ig_reels_media", "ig_igtv_media", "ig_profile_picture", "ig_other_media")
ROOTS = ("your_instagram_activity/", "content/", "media/")


def recognises(bundle: Bundle) -> bool:
    return bool(bundle.find(POSTS))


def holders(bundle: Bundle) -> frozenset[str]:
    """What names the holder lies among what is not opened."""
    return frozenset()


def read(bundle: Bundle, holder: Holder) -> Iterator[Part]:
    for name in bundle.find(POSTS):
        posts, unreadable = readable(entries(bundle, name, LISTS), lambda entry: _post(entry, holder))
        yield from parts(bundle, name, posts, files_of(bundle, name, ROOTS), unreadable)


def _post(entry: Mapping[str, Any], holder: Holder) -> ObservedPost:
    shown = objects_in(entry, "media") or [entry]
    created_at = moment(entry.get("creation_timestamp")) or moment(shown[0].get("creation_timestamp"))
    if created_at is None:
        raise SourceError("A post without time.")
    return post(
        holder,
        text=mended(entry.get("title")) or (mended(shown[0].get("title")) if len(shown) == 1 else ""),
        created_at=created_at,
        edited_at=None,
        media=media_of(shown, alt="title"),
    )
