"""
The archive that X gives to the holder of an account: https://help.x.com/managing-your-account/how-to-download-your-x-archive

Of its members only those named here are opened: posts, the full text of long ones, and who the holder is. Messages never are.
"""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from crawlers.answers import json_of, readable
from crawlers.bundle import Bundle
from crawlers.export import Format, Holder, Part
from crawlers.exports.members import beside, parts, within
from crawlers.values import EARLIEST, distinct, id_of, medium, objects_in, text_of, time_of, url_of
from footprint.errors import SourceError
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

FORMAT = Format(
    name="x_archive",
    title="X archive",
    reads="posts and replies of the holder, with their pictures and films",
    platform="x",
)

POSTS = within("data", r"(tweets?|community-tweet)(-part\d+)?\.js")
NOTES = within("data", r"note-tweet(-part\d+)?\.js")
ACCOUNT = within("data", r"account\.js")
MEDIA_FOLDERS = ("tweets_media", "tweet_media", "community_tweet_media")

NUMBER = re.compile(r"[0-9]{1,25}")
CUT = re.compile(r"(…|\.\.\.)?\s*(https://t\.co/\w+)?\s*$")
LEAST_OF_NOTE = 100
"""Characters by which a long post is told from others: its short form has some 280."""

TIME = "%a %b %d %H:%M:%S %z %Y"


def recognises(bundle: Bundle) -> bool:
    return bool(bundle.find(POSTS))


def holders(bundle: Bundle) -> frozenset[str]:
    """The user name and the number of the account."""
    told = [item.get("account") for name in bundle.find(ACCOUNT) for item in _items(bundle, name)]
    accounts = [account for account in told if isinstance(account, dict)]
    return frozenset(
        text_of(account.get(field)).lower() for account in accounts for field in ("username", "accountId")
    ) - {""}


def read(bundle: Bundle, holder: Holder) -> Iterator[Part]:
    notes = [note for name in bundle.find(NOTES) for note in _notes(bundle, name)]
    for name in bundle.find(POSTS):
        posts, unreadable = readable(_items(bundle, name), lambda item: _post(item, holder, notes))
        yield from parts(bundle, name, posts, partial(_file, bundle, name), unreadable)


def _items(bundle: Bundle, name: str) -> list[Mapping[str, Any]]:
    """The objects of `window.YTD.tweets.part0 = [...]`: data behind an assignment, never run."""
    body = bundle.read(name)
    items = json_of(body[max(0, body.find(b"[")) :].rstrip().rstrip(b";"), name)
    if not isinstance(items, list):
        raise SourceError(f"{name} holds no list.")
    return [item if isinstance(item, dict) else {} for item in items]


def _post(item: Mapping[str, Any], holder: Holder, notes: list[tuple[datetime, str]]) -> ObservedPost | None:
    told = item.get("tweet")
    tweet = told if isinstance(told, dict) else item
    number, created_at = id_of(tweet.get("id_str") or tweet.get("id")), _time(tweet.get("created_at"))
    if not NUMBER.fullmatch(number) or created_at is None:
        raise SourceError("A post without number or time.")
    text = html.unescape(text_of(tweet.get("full_text") or tweet.get("text")))
    parent = id_of(tweet.get("in_reply_to_status_id_str")) or None
    is_edit = isinstance(tweet.get("edit_info"), dict) and "edit" in tweet["edit_info"]
    return ObservedPost(
        platform=holder.platform,
        native_id=number,
        author=holder.author,
        kind=PostKind.REPOST if text.startswith("RT @") else PostKind.REPLY if parent else PostKind.POST,
        parent_id=parent,
        permalink=f"https://x.com/i/web/status/{number}",
        text=_whole(text, created_at, notes),
        language=text_of(tweet.get("lang")) or None,
        created_at=created_at,
        edited_at=created_at if is_edit else None,
        visibility=holder.visibility,
        media=_media(tweet),
        links=tuple(dict.fromkeys(filter(None, (url_of(url.get("expanded_url")) for url in _entities(tweet, "urls"))))),
    )


def _whole(text: str, created_at: datetime, notes: list[tuple[datetime, str]]) -> str:
    """The full text of a long post: the archive keeps it apart and does not say to which it belongs."""
    beginning = CUT.sub("", text)
    if len(beginning) < LEAST_OF_NOTE:
        return text
    return next((note for at, note in notes if note.startswith(beginning) and abs((at - created_at).days) < 1), text)


def _notes(bundle: Bundle, name: str) -> Iterator[tuple[datetime, str]]:
    for item in _items(bundle, name):
        note = item.get("noteTweet")
        core = note.get("core") if isinstance(note, dict) else None
        at = time_of(note.get("createdAt")) if isinstance(note, dict) else None
        if isinstance(core, dict) and at is not None:
            yield at, html.unescape(text_of(core.get("text")))


def _entities(tweet: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return objects_in(tweet.get("entities"), name)


def _media(tweet: Mapping[str, Any]) -> tuple[ObservedMedia, ...]:
    shown = objects_in(tweet.get("extended_entities"), "media") or _entities(tweet, "media")
    return distinct(_medium(item) for item in shown)


def _medium(item: Mapping[str, Any]) -> ObservedMedia | None:
    films = [v for v in objects_in(item.get("video_info"), "variants") if v.get("content_type") == "video/mp4"]
    best = max(films, key=lambda film: int(id_of(film.get("bitrate")) or 0), default=None) if films else None
    address = best.get("url") if best else item.get("media_url_https") or item.get("media_url")
    kind = MediaKind.VIDEO if best else MediaKind.IMAGE
    return medium(address, key=id_of(item.get("id_str")), kind=kind, alt=item.get("ext_alt_text"))


def _file(bundle: Bundle, source: str, post: ObservedPost, shown: ObservedMedia) -> str | None:
    file = f"{post.native_id}-{PurePosixPath(urlsplit(shown.url).path).name}"
    return next(
        (name for folder in MEDIA_FOLDERS if bundle.has(name := beside(source, f"{folder}/{file}"))),
        None,
    )


def _time(value: Any) -> datetime | None:
    try:
        at = datetime.strptime(text_of(value), TIME).astimezone(UTC)
    except ValueError:
        return time_of(value)
    return at if at >= EARLIEST else None
