"""
"Download your information" of Facebook, as JSON: https://www.facebook.com/help/212802592074644

It tells neither address nor audience of a post: that a post was public is for the operator to attest.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.answers import readable
from crawlers.bundle import Bundle
from crawlers.export import Format, Holder, Part
from crawlers.exports.members import parts, within
from crawlers.exports.meta import entries, files_of, media_of, mended, moment, post
from crawlers.values import objects_in, url_of
from footprint.errors import SourceError
from footprint.posts import ObservedPost

FORMAT = Format(
    name="facebook_export",
    title="Facebook export",
    reads="posts, photos and videos of the holder",
    platform="facebook",
)

ACTIVITY = "your_facebook_activity|your_activity_across_facebook|this_profile's_activity_across_facebook"
"""The folders that exports of other years put all into; the last one is of Pages."""

POSTS = within(
    f"(?:(?:{ACTIVITY})/)?posts",
    r"((?:your|profile)_posts[^/]*|your_uncategorized_photos|your_videos|album/\d+)\.json",
)
ALBUM = r"(?:.*/)?album/\d+\.json"
LISTS = ("other_photos_v2", "videos_v2", "photos")
ROOTS = (*(f"{folder}/posts/" for folder in ACTIVITY.split("|")), "posts/")


def recognises(bundle: Bundle) -> bool:
    return bool(bundle.find(POSTS))


def holders(bundle: Bundle) -> frozenset[str]:
    """The export names people, not accounts."""
    return frozenset()


def read(bundle: Bundle, holder: Holder) -> Iterator[Part]:
    for name in bundle.find(POSTS):
        posts, unreadable = readable(entries(bundle, name, LISTS), lambda entry: _post(entry, holder))
        yield from parts(bundle, name, posts, files_of(bundle, name, ROOTS), unreadable)


def _post(entry: Mapping[str, Any], holder: Holder) -> ObservedPost | None:
    created_at = moment(entry.get("timestamp") or entry.get("creation_timestamp"))
    if created_at is None:
        raise SourceError("A post without time.")
    attached = [data for attachment in objects_in(entry, "attachments") for data in objects_in(attachment, "data")]
    shown = [item["media"] for item in attached if isinstance(item.get("media"), dict)] or [entry]
    outside = [item["external_context"] for item in attached if isinstance(item.get("external_context"), dict)]
    told = objects_in(entry, "data")
    edits = [at for item in told if (at := moment(item.get("update_timestamp")))]
    words = [mended(item.get("post")) for item in told] + [mended(item.get("text")) for item in attached]
    text = "\n\n".join(dict.fromkeys(filter(None, words)))
    return post(
        holder,
        text=text or ("" if attached else mended(entry.get("description"))),
        created_at=created_at,
        edited_at=max((at for at in edits if at > created_at), default=None),
        media=media_of(shown, alt="description"),
        links=tuple(dict.fromkeys(filter(None, (url_of(mended(item.get("url"))) for item in outside)))),
    )
