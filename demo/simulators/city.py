"""
Sites with pages: the city's newsroom, the association's posts, a journal. Each has a sitemap, and says to machines what a page is in
another way: JSON-LD, h-entry, OpenGraph.
"""

import json
from collections.abc import Callable
from html import escape

from demo import writing
from demo.city import CityPost, Edit, Holding
from demo.simulators import media, walls
from demo.simulators.server import Answer, Query, Stage, not_found

FOLDER = "/images/"
ROBOTS = "User-agent: *\nDisallow: /*/internal/\nDisallow: /private/\nDisallow: /search\n"
WALLS = ("members", "roster", "archive")


def native_id(stage: Stage, post: CityPost, site: str) -> str:
    """How the record names a page: its address."""
    return _address(stage, stage.city.holding(post.account), post)


def site(stage: Stage, name: str, style: str) -> Callable[[Query], Answer]:
    """What the site of that name answers; `style` is `json-ld`, `h-entry` or `open-graph`."""
    holder = stage.city.at(name)[0]
    posts = {f"/{holder.handle}/{_file(post)}": post for post in stage.city.posts_of(holder.key)}

    def answer(query: Query) -> Answer:
        post = posts.get(query.path)
        shown = post.shown(stage.day) if post else None
        if post is not None and shown is not None:
            return _page(stage, holder, post, shown, style=style)
        if query.path == "/sitemap.xml":
            return _sitemap(stage, holder, style)
        if query.path.startswith((FOLDER, media.DENIED_FOLDER)):
            return media.answer(stage, query.path)
        return _behind(stage, name, query.path)

    return answer


def _behind(stage: Stage, name: str, path: str) -> Answer:
    """Walls, and what stands on denied paths."""
    if "/internal/" in path:
        secret = stage.secret(f"{name}-internal")
        return Answer(
            body=f"<!doctype html><title>Roll call</title><body><article><h1>{secret}</h1></article></body>".encode()
        )
    match path.rpartition("/")[2]:
        case "members.html":
            return walls.login_form(stage, f"{name}-members")
        case "roster.html":
            return walls.to_login(stage, f"{name}-roster")
        case "archive.html":
            return walls.unauthorized(stage, f"{name}-archive")
        case "login":
            return walls.login_form(stage, f"{name}-login")
    return not_found()


def _sitemap(stage: Stage, holder: Holding, style: str) -> Answer:
    """All pages with the day of their last change; the newsroom's also lists pages behind walls and below a denied path."""
    base = f"{stage.bases[holder.site]}/{holder.handle}"
    urls = [
        (_address(stage, holder, post), stage.city.moment(shown.day).isoformat())
        for post in reversed(stage.city.posts_of(holder.key))
        if (shown := post.shown(stage.day))
    ]
    if style == "json-ld":
        then = stage.city.moment(40.0).isoformat()
        urls += [(f"{base}/{page}.html", then) for page in (*WALLS, "internal/roll-call")]
    body = "".join(f"<url><loc>{escape(url)}</loc><lastmod>{changed}</lastmod></url>" for url, changed in urls)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>'
    return Answer(mime="application/xml; charset=utf-8", body=xml.encode())


def _page(stage: Stage, holder: Holding, post: CityPost, shown: Edit, *, style: str) -> Answer:
    head = {"json-ld": _json_ld, "h-entry": _no_head, "open-graph": _open_graph}[style](stage, holder, post, shown)
    published, updated = (stage.city.moment(day).isoformat() for day in (post.day, shown.day))
    pictures = "".join(_figure(stage, name) for name in shown.pictures)
    names = "h-entry" if style == "h-entry" else ""
    return Answer(
        body=f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(post.title)}</title>
<link rel="canonical" href="{_address(stage, holder, post)}">{head}</head><body>
<header><nav><a href="/">Home</a> <a href="/{holder.handle}/internal/roll-call.html">Staff</a></nav></header>
<main><article class="{names}"><h1 class="p-name">{escape(post.title)}</h1>
<p><time class="dt-published" datetime="{published}">{published[:10]}</time>
<time class="dt-updated" datetime="{updated}"></time></p>
<div class="e-content"><p>{escape(shown.text)}</p>{pictures}</div></article>
<section class="comments"><h2>Comments</h2>{"".join(_comment(stage, post))}</section></main>
<footer>Port Alder</footer></body></html>""".encode()
    )


def _json_ld(stage: Stage, holder: Holding, post: CityPost, shown: Edit) -> str:
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": post.title,
        "datePublished": stage.city.moment(post.day).isoformat(),
        "dateModified": stage.city.moment(shown.day).isoformat(),
        "author": {"@type": "Organization", "name": _person(stage, holder)},
        "image": [
            stage.bases[holder.site] + media.path_of(stage, name, folder=FOLDER) for name in _stills(stage, shown)
        ],
    }
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


def _open_graph(stage: Stage, holder: Holding, post: CityPost, shown: Edit) -> str:
    said = {
        "og:type": "article",
        "og:title": post.title,
        "og:url": _address(stage, holder, post),
        "article:published_time": stage.city.moment(post.day).isoformat(),
        "article:modified_time": stage.city.moment(shown.day).isoformat(),
    }
    for name in _stills(stage, shown)[:1]:
        said["og:image"] = stage.bases[holder.site] + media.path_of(stage, name, folder=FOLDER)
    return "".join(f'<meta property="{key}" content="{escape(text)}">' for key, text in said.items())


def _no_head(stage: Stage, holder: Holding, post: CityPost, shown: Edit) -> str:
    return ""


def _stills(stage: Stage, shown: Edit) -> list[str]:
    return [name for name in shown.pictures if media.mime_of(stage, name) not in media.PLAYED]


def _figure(stage: Stage, name: str) -> str:
    path = ".." + media.path_of(stage, name, folder=FOLDER)
    if player := media.PLAYED.get(media.mime_of(stage, name)):
        return f'<figure><{player} controls src="{path}"></{player}></figure>'
    return f'<figure><img class="u-photo" src="{path}" alt="{escape(writing.alt(name))}"></figure>'


def _comment(stage: Stage, post: CityPost) -> list[str]:
    return [
        f'<div class="comment u-comment h-cite"><span class="p-author">{escape(remark.by)}</span><p>{escape(remark.text)}</p>'
        f"{_figure(stage, remark.picture) if remark.picture else ''}</div>"
        for remark in post.remarks
    ]


def _address(stage: Stage, holder: Holding, post: CityPost) -> str:
    return f"{stage.bases[holder.site]}/{holder.handle}/{_file(post)}"


def _file(post: CityPost) -> str:
    return f"{post.key}.html"


def _person(stage: Stage, holder: Holding) -> str:
    return next(person.name for person in stage.city.people if person.id == holder.person)
