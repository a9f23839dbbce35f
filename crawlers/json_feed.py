"""JSON Feed, versions 1.0 and 1.1: https://www.jsonfeed.org/version/1.1/"""

from collections.abc import Mapping
from typing import Any

from crawlers.entries import Entry, Feed, distinct_entries
from crawlers.markup import Fragment, read_html
from crawlers.values import distinct, host_of, id_of, medium, objects_in, text_of, time_of, url_of
from footprint.errors import SourceError
from footprint.posts import MediaKind


def read_json_feed(answer: Any, url: str) -> Feed:
    """One page of a JSON Feed, from its parsed JSON. Raises SourceError for other JSON."""
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in text_of(answer.get("version")):
        raise SourceError(f"{url} did not answer with a feed.")
    inherited = _people(answer)
    usable = [item for item in items if isinstance(item, dict)]
    following = url_of(answer.get("next_url"), url)
    return Feed(
        entries=distinct_entries([_entry(item, inherited, answer, url) for item in usable]),
        updated=None,
        next_url=following if following and host_of(following) == host_of(url) else None,
        unreadable=len(items) - len(usable),
    )


def _entry(item: Mapping[str, Any], inherited: tuple[str, ...], feed: Mapping[str, Any], url: str) -> Entry:
    link = url_of(item.get("url"), url) or url_of(item.get("external_url"), url)
    base = link or url
    html = text_of(item.get("content_html"))
    content = read_html(html, base) if html else Fragment(text=text_of(item.get("content_text") or item.get("summary")))
    attached = (
        *(medium(item.get(name), base, kind=MediaKind.IMAGE) for name in ("image", "banner_image")),
        *(
            medium(file.get("url"), base, mime=file.get("mime_type"), alt=file.get("title"))
            for file in objects_in(item, "attachments")
        ),
    )
    return Entry(
        guid=id_of(item.get("id")) or link or "",
        link=link,
        title=" ".join(text_of(item.get("title")).split()),
        content=content,
        html=html,
        media=distinct((*content.media, *attached)),
        authors=_people(item) or inherited,
        language=text_of(item.get("language")) or text_of(feed.get("language")) or None,
        published=time_of(item.get("date_published")),
        updated=time_of(item.get("date_modified")),
    )


def _people(holder: Mapping[str, Any]) -> tuple[str, ...]:
    """Authors as JSON Feed 1.1 lists them, else the one of 1.0."""
    people = objects_in(holder, "authors") or objects_in({"authors": [holder.get("author")]}, "authors")
    names = (text_of(person.get("name") or person.get("url")).strip() for person in people)
    return tuple(dict.fromkeys(filter(None, names)))
