"""Blogs with a feed each: RSS, Atom and JSON Feed, paged by RFC 5005 links, answering conditional requests."""

import hashlib
import json
from collections.abc import Callable, Sequence
from email.utils import format_datetime
from html import escape
from http import HTTPStatus

from demo import writing
from demo.city import CityPost, Edit, Holding
from demo.simulators import hostile, media, walls
from demo.simulators.server import Answer, Query, Stage, not_found

PAGE = 15
FOLDER = "/media/"
ROBOTS = "User-agent: *\nDisallow: /private/\nDisallow: /drafts/\n"
FORMS = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}

Shown = tuple[CityPost, Edit]


def address(stage: Stage, site: str, form: str) -> str:
    """Where a site's feed is."""
    return f"{stage.bases[site]}/{FORMS[form]}"


def native_id(stage: Stage, post: CityPost, site: str, form: str) -> str:
    """How the record names an entry: the feed, and the entry's own id."""
    return f"{address(stage, site, form)}#{guid(post)}"


def guid(post: CityPost) -> str:
    """An entry's id, which is no address."""
    return f"tag:portalder.example,2026:{post.key}"


def site(stage: Stage, name: str, form: str) -> Callable[[Query], Answer]:
    """What the blog of that name answers."""
    holder = stage.city.at(name)[0]

    def answer(query: Query) -> Answer:
        if query.path == f"/{FORMS[form]}":
            return _conditional(_feed(stage, holder, form, int(query.parameters.get("page", "1"))), query)
        if query.path.startswith((FOLDER, media.DENIED_FOLDER)):
            return media.answer(stage, query.path)
        if query.path.startswith("/posts/"):
            return _entry_page(stage, holder, query.path.rpartition("/")[2])
        return not_found()

    return answer


def bomb(stage: Stage, name: str) -> Callable[[Query], Answer]:
    """A feed that grows without end when it is parsed carelessly."""
    return lambda query: Answer(mime="application/rss+xml; charset=utf-8", body=hostile.billion_laughs())


def gate(stage: Stage, name: str) -> Callable[[Query], Answer]:
    """A guard against robots in place of the feed."""
    return lambda query: walls.browser_check(stage, name)


def drip(stage: Stage, name: str) -> Callable[[Query], Answer]:
    """A feed that comes so slowly that it never ends."""
    body = b"<?xml version='1.0'?><rss version='2.0'><channel><title>" + b"slow " * 60
    return lambda query: Answer(mime="application/rss+xml; charset=utf-8", body=body, drip_s=0.25)


def _feed(stage: Stage, holder: Holding, form: str, page: int) -> Answer:
    """One page of the feed, the newest first."""
    newest_first = [(p, s) for p in reversed(stage.city.posts_of(holder.key)) if (s := p.shown(stage.day))]
    entries = newest_first[(page - 1) * PAGE : page * PAGE]
    older = f"{address(stage, holder.site, form)}?page={page + 1}" if len(newest_first) > page * PAGE else ""
    write = {"rss": _rss, "atom": _atom, "json": _json_feed}[form]
    mime = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}[form]
    return Answer(mime=f"{mime}; charset=utf-8", body=write(stage, holder, entries, older).encode())


def _conditional(answer: Answer, query: Query) -> Answer:
    """The answer with its validator, or 304 to somebody who has it already."""
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    if query.headers.get("if-none-match") == etag:
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    return Answer(mime=answer.mime, body=answer.body, headers={"ETag": etag})


def _rss(stage: Stage, holder: Holding, entries: Sequence[Shown], older: str) -> str:
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{_link(stage, holder, post)}</link>"
        f'<guid isPermaLink="false">{guid(post)}</guid>'
        f"<pubDate>{format_datetime(stage.city.moment(post.day), usegmt=True)}</pubDate>"
        f"<atom:updated>{stage.city.moment(shown.day).isoformat()}</atom:updated>"
        f"<dc:creator>{escape(_author(stage, holder, post))}</dc:creator>"
        f"<description>{escape(shown.text[:60])}</description>"
        f"<content:encoded><![CDATA[{_html(stage, shown)}]]></content:encoded>{_enclosures(stage, holder, shown)}</item>"
        for post, shown in entries
    )
    following = f'<atom:link rel="next" href="{older}"/>' if older else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{escape(holder.handle)}</title><link>{stage.bases[holder.site]}/</link>"
        f"<description>A blog</description><language>en</language>{following}{items}</channel></rss>"
    )


def _atom(stage: Stage, holder: Holding, entries: Sequence[Shown], older: str) -> str:
    items = "".join(
        f"<entry><title>{escape(post.title)}</title><id>{guid(post)}</id>"
        f'<link rel="alternate" href="{_link(stage, holder, post)}"/>'
        f"<published>{stage.city.moment(post.day).isoformat()}</published>"
        f"<updated>{stage.city.moment(shown.day).isoformat()}</updated>"
        f"<author><name>{escape(_author(stage, holder, post))}</name></author>"
        f'<content type="html">{escape(_html(stage, shown))}</content></entry>'
        for post, shown in entries
    )
    following = f'<link rel="next" href="{older}"/>' if older else ""
    updated = stage.city.moment(max((shown.day for _, shown in entries), default=0.0)).isoformat()
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(holder.handle)}</title><id>{stage.bases[holder.site]}/</id><updated>{updated}</updated>"
        f'<link rel="self" href="{address(stage, holder.site, "atom")}"/>{following}{items}</feed>'
    )


def _json_feed(stage: Stage, holder: Holding, entries: Sequence[Shown], older: str) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": holder.handle,
        "home_page_url": f"{stage.bases[holder.site]}/",
        "feed_url": address(stage, holder.site, "json"),
        "items": [
            {
                "id": guid(post),
                "url": _link(stage, holder, post),
                "title": post.title,
                "content_html": _html(stage, shown),
                "date_published": stage.city.moment(post.day).isoformat(),
                "date_modified": stage.city.moment(shown.day).isoformat(),
                "authors": [{"name": _author(stage, holder, post)}],
                "attachments": [
                    {"url": _absolute(stage, holder, name), "mime_type": media.mime_of(stage, name)}
                    for name in shown.pictures
                ],
            }
            for post, shown in entries
        ],
    }
    return json.dumps(feed | ({"next_url": older} if older else {}))


def _entry_page(stage: Stage, holder: Holding, key: str) -> Answer:
    """An entry as a page of its own."""
    post = next((post for post in stage.city.posts_of(holder.key) if post.key == key), None)
    shown = post.shown(stage.day) if post else None
    if post is None or shown is None:
        return not_found()
    page = f"<!doctype html><html><head><title>{escape(post.title)}</title></head><body>{_html(stage, shown)}</body></html>"
    return Answer(body=page.encode())


def _html(stage: Stage, shown: Edit) -> str:
    """Words and pictures; addresses are relative to the site, as some blog programs write them."""
    pictures = "".join(_picture(stage, name) for name in shown.pictures)
    return f"<p>{escape(shown.text)}</p>{pictures}"


def _picture(stage: Stage, name: str) -> str:
    path = media.path_of(stage, name, folder=FOLDER)
    if player := media.PLAYED.get(media.mime_of(stage, name)):
        return f'<p><{player} controls src="{path}"></{player}></p>'
    return f'<p><img src="{path}" alt="{escape(writing.alt(name))}"></p>'


def _enclosures(stage: Stage, holder: Holding, shown: Edit) -> str:
    """The first picture again, as an enclosure: one picture, said twice."""
    return "".join(
        f'<enclosure url="{_absolute(stage, holder, name)}" type="{media.mime_of(stage, name)}" length="0"/>'
        for name in shown.pictures[:1]
    )


def _absolute(stage: Stage, holder: Holding, name: str) -> str:
    return stage.bases[holder.site] + media.path_of(stage, name, folder=FOLDER)


def _link(stage: Stage, holder: Holding, post: CityPost) -> str:
    return f"{stage.bases[holder.site]}/posts/{post.key}"


def _author(stage: Stage, holder: Holding, post: CityPost) -> str:
    name = next(person.name for person in stage.city.people if person.id == holder.person)
    return post.by or name
