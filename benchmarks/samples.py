"""
Whether the parsers read recorded answers of real servers without loss.

    python -m benchmarks.samples --data FOLDER [--json]

The folder holds one folder for each server, as recorded: answers as files, and `URLS.txt` with lines such as `page.json <- https://where.it/came-from`.
Each file that a connector asks its like for is read twice: by the platform's parser, as `footprint parse` would, and by this script, which uses nothing
of the parsers but plain JSON, XML and HTML. It counts the posts that are there and, of these, those that tell a time, an author and an edit,
and their media: different ones, however often a post shows them; what illustrates a link is none. A repost counts with the media of what it repeats,
and not at all where the answer only names it. What needs a password is no post, nor is an advertisement. Left out are answers that hold no posts of
an account, such as profiles, comments of others and refusals, and LinkedIn's API of before 2022, which is no more.

Of each platform: found / there, where the two readings differ with the files. Exit code 1 where less was found than there is.
Keys: `platforms`, an object by name with `files`, and of `posts times authors edits media` each `found` and `there`; `differences`, lines.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree, html

from benchmarks.setting import show
from crawlers.parsing import NOWHERE, own_address, parse_answer
from footprint.errors import SourceError
from footprint.posts import ObservedPost

MEASURES = ("posts", "times", "authors", "edits", "media")

Thing = dict[str, Any]
Counts = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an independent reading says of one post."""

    time: object = None
    author: object = None
    is_edited: bool = False
    media: Iterable[object] = ()


@dataclass(slots=True)
class Tally:
    """The sums of one platform."""

    files: int = 0
    found: Counts = field(default_factory=lambda: dict.fromkeys(MEASURES, 0))
    there: Counts = field(default_factory=lambda: dict.fromkeys(MEASURES, 0))


def things(answer: Any, *keys: str) -> list[Thing]:
    """The objects of a list below the first of the keys that is there, of a list, of an object by ids, or the one object itself."""
    if isinstance(answer, dict):
        for key in keys:
            if isinstance(answer.get(key), list):
                answer = answer[key]
                break
        else:
            by_id = [value for key, value in answer.items() if isinstance(value, dict) and value.get("id") == key]
            answer = by_id or [answer]
    return [thing for thing in answer if isinstance(thing, dict)]


def images(markup: object) -> set[str]:
    """The addresses of pictures and films in HTML."""
    root = html.fromstring(f"<div>{markup}</div>")
    return {str(found) for found in root.xpath("//img/@src | //video/@src | //audio/@src | //source/@src")}


def x(answer: Any) -> Iterator[Seen]:
    media = {m["media_key"]: m for m in answer.get("includes", {}).get("media", ())}
    for post in things(answer, "data"):
        keys = post.get("attachments", {}).get("media_keys", ())
        history = post.get("edit_history_tweet_ids") or post.get("edit_history_post_ids") or [post["id"]]
        yield Seen(
            time=post["id"],
            author=post.get("author_id"),
            is_edited=len(history) > 1,
            media=[k for k in keys if k in media],
        )


def _leaves(attachments: Any) -> Iterator[Thing]:
    for attachment in things(attachments or {"data": []}, "data"):
        if "subattachments" in attachment:
            yield from _leaves(attachment["subattachments"])
        elif attachment.get("media_type") != "link" and attachment.get("media", {}).keys() & {"image", "source"}:
            yield attachment


def facebook(answer: Any) -> Iterator[Seen]:
    for post in things(answer, "data"):
        yield Seen(
            time=post.get("created_time"),
            author=post["id"].partition("_")[0],
            media=list(_leaves(post.get("attachments"))),
        )


def instagram(answer: Any) -> Iterator[Seen]:
    answer = answer.get("business_discovery", {}).get("media", answer) if isinstance(answer, dict) else answer
    for post in things(answer, "data"):
        shown = things(post["children"], "data") if "children" in post else [post]
        media = [m for m in shown if "media_url" in m or "thumbnail_url" in m]
        yield Seen(time=post.get("timestamp"), author=post.get("username"), media=media)


def linkedin(answer: Any) -> Iterator[Seen]:
    for post in things(answer, "elements"):
        if not post.get("adContext", {}).get("isDsc"):
            edited = post.get("lifecycleStateInfo", {}).get("isEditedByAuthor", False)
            content = post.get("content", {})
            media = content.get("multiImage", {}).get("images") or [content["media"]] if content else ()
            yield Seen(time=post["publishedAt"], author=post["author"], is_edited=edited, media=media)


def youtube(answer: Any) -> Iterator[Seen]:
    for item in things(answer, "items"):
        told = item["snippet"]
        yield Seen(time=told["publishedAt"], author=told["channelTitle"], media=list(told["thumbnails"])[:1])


def mastodon(answer: Any) -> Iterator[Seen]:
    for status in things(answer):
        shown = status.get("reblog") or status
        media = [m for m in shown["media_attachments"] if m.get("url") or m.get("remote_url")]
        edited = bool(status.get("edited_at"))
        yield Seen(time=status["created_at"], author=status["account"]["acct"], is_edited=edited, media=media)


def bluesky(answer: Any) -> Iterator[Seen]:
    for shown in things(answer, "feed", "records", "posts"):
        post = shown.get("post", shown)
        record = post.get("record") or post["value"]
        author = post.get("author", {}).get("handle") or post["uri"].split("/")[2]
        yield Seen(time=record["createdAt"], author=author, media=_blobs(record.get("embed", {})))


def _blobs(embed: Thing) -> set[str]:
    """The pictures and films of an embed, or beside a quoted post, by the digests of their bytes."""
    media = embed.get("media", embed)
    shown = [picture["image"] for picture in (*media.get("images", ()), *media.get("items", ()))]
    return {blob["ref"]["$link"] for blob in (*shown, *([media["video"]] if "video" in media else ()))}


def activitypub(answer: Any) -> Iterator[Seen]:
    for activity in things(answer, "orderedItems"):
        note = activity.get("object", activity)
        if isinstance(note, dict):
            yield Seen(
                time=note["published"],
                author=note["attributedTo"],
                is_edited=note.get("updated", note["published"]) != note["published"],
                media=things(note.get("attachment", [])),
            )


def ghost(answer: Any) -> Iterator[Seen]:
    for post in answer["posts"]:
        media = images(post.get("html") or "") | {post.get("feature_image")} - {None}
        edited = post.get("updated_at", post["published_at"]) != post["published_at"]
        author = (post.get("authors") or [{}])[0].get("name")
        yield Seen(time=post["published_at"], author=author, is_edited=edited, media=media)


def wordpress(answer: Any) -> Iterator[Seen]:
    for post in (post for post in answer if not post["content"]["protected"]):
        embedded = post.get("_embedded", {})
        author = embedded.get("author", [{}])[0].get("slug")
        featured = {m["source_url"] for m in embedded.get("wp:featuredmedia", ())}
        edited = post["modified_gmt"] != post["date_gmt"]
        media = images(post["content"]["rendered"]) | featured
        yield Seen(time=post["date_gmt"], author=author, is_edited=edited, media=media)


def nodebb(answer: Any) -> Iterator[Seen]:
    for post in answer["posts"]:
        if not int(post.get("deleted") or 0):
            media = images(post["content"])
            yield Seen(
                time=post["timestamp"], author=post["user"]["userslug"], is_edited=bool(post.get("edited")), media=media
            )


def phpbb(root: Any) -> Iterator[Seen]:
    for post in root.xpath("//div[starts-with(@id, 'p') and contains(@class, 'post ')]"):
        yield Seen(
            time=post.xpath(".//time/@datetime"),
            author=post.xpath(".//p[@class='author']//a[contains(@class, 'username')]"),
            is_edited=bool(post.xpath(".//div[@class='notice']")),
            media=set(post.xpath(".//div[@class='content']//img/@src | .//dl[@class='file']//img/@src")),
        )


def city(root: Any) -> Iterator[Seen]:
    ((told),) = [
        found
        for text in root.xpath("//script[@type='application/ld+json']/text()")
        if "datePublished" in (found := json.loads(text))
    ]
    shown = set(root.xpath("//article//img/@src")) | set(root.xpath("//meta[@property='og:image']/@content"))
    yield Seen(
        time=told["datePublished"],
        author=told.get("author"),
        is_edited=told.get("dateModified", told["datePublished"]) != told["datePublished"],
        media={src.rsplit("/", 1)[-1] for src in shown},
    )


def feeds(root: Any) -> Iterator[Seen]:
    for item in root.xpath("//*[local-name() = 'item' or local-name() = 'entry']"):
        told = {etree.QName(child).localname: child for child in item if isinstance(child.tag, str)}
        text = "".join(
            told[name].text or "" for name in ("encoded", "content", "description", "summary") if name in told
        )
        if "post-password-form" in text:
            continue
        named = {
            str(child.get("url")) for child in item.iter() if etree.QName(child).localname in ("enclosure", "thumbnail")
        }
        named |= {str(c.get("url")) for c in item.iter("{http://search.yahoo.com/mrss/}content") if c.get("url")}
        published = told.get("pubDate", told.get("published", told.get("date", told.get("updated"))))
        updated = told.get("updated", published)
        yield Seen(
            time=published,
            author=told.get("creator", told.get("author")),
            is_edited=updated is not None and updated.text != published.text and "published" in told,
            media=named | images(text),
        )


# The answers that connectors ask for, and the independent reading of each.
READINGS: tuple[tuple[str, str, Callable[[Any], Iterator[Seen]]], ...] = (
    ("x", "x_tweepy/extracted/*tweets__00.json", x),
    ("facebook", "facebook_graph/**/apidata/posts/*.json", facebook),
    ("instagram", "instagram_graph/**/apidata/users/medias_p*.json", instagram),
    ("instagram", "instagram_graph/**/apidata/users/tagged_medias.json", instagram),
    ("instagram", "instagram_graph/**/apidata/medias/media*.json", instagram),
    ("instagram", "instagram_graph/**/apidata/discovery/medias_p*.json", instagram),
    ("linkedin", "linkedin_ebx/**/post.json", linkedin),
    ("youtube", "youtube/testdata/apidata/videos/videos_*.json", youtube),
    ("youtube", "youtube/testdata/apidata/playlist_items/playlist_items_*.json", youtube),
    ("mastodon", "mastodon_py/extracted/test_account_pinned__*.json", mastodon),
    ("mastodon", "mastodon_py/extracted/test_*pagination_info__*.json", mastodon),
    ("mastodon", "mastodon_py/extracted/test_pagination_iterator__3[1-9].json", mastodon),
    ("mastodon", "mastodon_py/extracted/test_list_timeline__*.json", mastodon),
    ("mastodon", "mastodon_py/extracted/test_status__01.json", mastodon),
    ("mastodon", "mastodon_py/extracted/test_status_card__01.json", mastodon),
    ("mastodon", "mastodon_py/extracted/test_status_edit__03.json", mastodon),
    ("mastodon", "mastodon_py/extracted/test_timeline_disabled__02.json", mastodon),
    ("bluesky", "bluesky_devenv/author_feed_*.json", bluesky),
    ("bluesky", "bluesky_devenv/list_records_[ap]*.json", bluesky),
    ("bluesky", "bluesky_devenv/get_*_edited*.json", bluesky),
    ("activitypub", "fedify/note8.json", activitypub),
    ("activitypub", "fedify/outbox_c*.json", activitypub),
    ("activitypub", "nodebb/ap_note.json", activitypub),
    ("activitypub", "nodebb/ap_outbox_*.json", activitypub),
    ("ghost", "ghost/content_posts_*.json", ghost),
    ("wordpress", "wordpress/posts_a*.json", wordpress),
    ("wordpress", "wordpress/posts_modified_after.json", wordpress),
    ("nodebb", "nodebb/api_topic*.json", nodebb),
    ("nodebb", "nodebb/api_user*posts*.json", nodebb),
    ("phpbb", "phpbb/viewtopic_[et]*.html", phpbb),
    ("city", "hugo_city/news/r*/index.html", city),
    ("feeds", "**/*.rss", feeds),
    ("feeds", "**/*.atom", feeds),
    ("feeds", "wordpress/*feed*.xml", feeds),
    ("feeds", "ghost/*rss.xml", feeds),
    ("feeds", "hugo_city/index.xml", feeds),
)


def opened(body: bytes, name: str) -> Any:
    """A file as a tree of plain libraries."""
    if name.endswith(".json"):
        return json.loads(body)
    return html.fromstring(body) if name.endswith(".html") else etree.fromstring(body)


def counts_there(seen: Iterable[Seen]) -> Counts:
    """The sums of an independent reading."""
    posts = list(seen)
    return {
        "posts": len(posts),
        "times": sum(bool(post.time is not None and post.time != []) for post in posts),
        "authors": sum(bool(post.author is not None and post.author != []) for post in posts),
        "edits": sum(post.is_edited for post in posts),
        "media": sum(len(list(post.media)) for post in posts),
    }


def counts_found(posts: Iterable[ObservedPost]) -> Counts:
    """The sums of a parser's reading."""
    found = list(posts)
    return {
        "posts": len(found),
        "times": sum(post.created_at is not None for post in found),
        "authors": sum(bool(post.author) for post in found),
        "edits": sum(post.edited_at is not None for post in found),
        "media": sum(len(post.media) for post in found),
    }


def addresses(folder: Path) -> dict[Path, str]:
    """Where each file came from."""
    listed = (
        (path.parent, line.split(" <- "))
        for path in folder.glob("*/URLS.txt")
        for line in path.read_text().splitlines()
    )
    return {parent / parts[0]: parts[1] for parent, parts in listed if len(parts) == 2}


def parsed(platform: str, body: bytes, url: str) -> list[ObservedPost]:
    """What the parser reads; nothing where it refuses."""
    try:
        return parse_answer(platform, body, url=url)
    except SourceError:
        return []


def compared(folder: Path) -> tuple[dict[str, Tally], list[str]]:
    """The sums by platform, and a line for each file of which the two readings differ."""
    urls, tallies, differences = addresses(folder), dict[str, Tally](), list[str]()
    for platform, pattern, reading in READINGS:
        for file in sorted(folder.glob(pattern)):
            body = file.read_bytes()
            there = counts_there(_read(reading, body, file.name))
            found = counts_found(parsed(platform, body, urls.get(file) or own_address(body) or NOWHERE))
            tally = tallies.setdefault(platform, Tally())
            tally.files += 1
            for measure in MEASURES:
                tally.found[measure] += found[measure]
                tally.there[measure] += there[measure]
            told = [f"{m} {found[m]}/{there[m]}" for m in MEASURES if found[m] != there[m]]
            differences += [f"{platform} {file.relative_to(folder)}: {', '.join(told)}"] if told else []
    return tallies, differences


def _read(reading: Callable[[Any], Iterator[Seen]], body: bytes, name: str) -> list[Seen]:
    """An independent reading; nothing of what says that there is an error."""
    try:
        answer = opened(body, name)
    except etree.XMLSyntaxError:
        return []
    return [] if isinstance(answer, dict) and "error" in answer else list(reading(answer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    tallies, differences = compared(given.data)
    platforms = {
        name: {"files": tally.files} | {m: {"found": tally.found[m], "there": tally.there[m]} for m in MEASURES}
        for name, tally in sorted(tallies.items())
    }
    lines = [f"{'':<12}{'files':>6}" + "".join(f"{measure:>12}" for measure in MEASURES)]
    for name, tally in sorted(tallies.items()):
        cells = "".join(f"{f'{tally.found[m]}/{tally.there[m]}':>12}" for m in MEASURES)
        lines.append(f"{name:<12}{tally.files:>6}{cells}")
    show({"platforms": platforms, "differences": differences}, as_json=given.json, lines=[*lines, "", *differences])
    if any(tally.found[m] < tally.there[m] for tally in tallies.values() for m in MEASURES):
        sys.exit(1)


if __name__ == "__main__":
    main()
