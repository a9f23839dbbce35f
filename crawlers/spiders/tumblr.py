"""
Tumblr blogs, by the API with the operator's key.

The address of an account is its blog, `https://name.tumblr.com`. Posts come in blocks, newest first: https://www.tumblr.com/docs/en/api/v2. Authors may
date posts back; such a post is seen where its date falls among those that are read again.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, medium, moment_of, objects_in, text_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

API = "https://api.tumblr.com/v2/blog"

MANIFEST = Manifest(
    name="tumblr",
    title="Tumblr",
    reads="public posts of one blog; of reblogs what the blog added",
    authority="API with the operator's key",
    terms_url="https://www.tumblr.com/docs/en/api_agreement",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    token_place="?api_key",  # noqa: S106 - where it goes
    requests_per_minute=15,  # a key may ask 1000 times an hour
    api_hosts=("api.tumblr.com",),
    media_hosts=("media.tumblr.com",),
)

BLOG = re.compile(r"([a-z0-9-]{1,32})\.tumblr\.com")
PATH = re.compile(r"/(?:blog/view/)?([A-Za-z0-9-]{1,32})(?:/.*)?")
SITE = frozenset({"tumblr.com", "www.tumblr.com"})
LIMIT = 20
KINDS = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}


def native_id(address: str) -> str:
    """The blog's name in lower case."""
    parts = urlsplit(url_of(address) or "")
    blog, path = BLOG.fullmatch(parts.netloc.lower()), PATH.fullmatch(parts.path)
    if parts.netloc.lower() in SITE and path:
        return path[1].lower()
    if blog is None or blog[1] in ("www", "api", "assets", "media"):
        raise BadInput(f"'{address}' is no blog of Tumblr. One looks like https://name.tumblr.com.")
    return blog[1]


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (_block(account),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    answer = _answer(page.body, page.url)
    if page.request.role == "look-up":
        return Reading()
    items = objects_in(answer, "posts")
    posts, unreadable = readable(items, lambda item: _post(item, page.url))
    last = min((at for item in items if isinstance(at := item.get("timestamp"), int)), default=0)
    is_last = len(items) < LIMIT or not last or page.request.context.get("until") == last
    following = None if is_last else _block(account, last)
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer in the neutral post format. `url` is where it came from."""
    return readable(objects_in(_answer(body, url), "posts"), lambda item: _post(item, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    """A reblog that adds nothing is somebody else's post, passed on."""
    return post.kind is not PostKind.REPOST and post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=f"{API}/{quote(account.native_id)}.tumblr.com/posts/{quote(native_id)}", role="look-up")


class TumblrSpider(AccountSpider):
    """Reads one blog of Tumblr."""

    name = "tumblr"


def _block(account: Account, before: int = 0) -> PageRequest:
    query = {"npf": "true", "reblog_info": "true", "limit": str(LIMIT), **({"before": str(before)} if before else {})}
    context = {"until": before} if before else {}
    return PageRequest(url=f"{API}/{quote(account.native_id)}.tumblr.com/posts?{urlencode(query)}", context=context)


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    answer = json_of(body, url)
    response = answer.get("response") if isinstance(answer, dict) else None
    if isinstance(response, dict) and "posts" not in response and "id_string" in response:
        return {"posts": [response]}
    if not isinstance(response, dict) or not isinstance(response.get("posts"), list):
        raise SourceError(f"{url} did not answer with posts of a blog.")
    return response


def _post(item: Mapping[str, Any], url: str) -> ObservedPost | None:
    number, created_at = id_of(item.get("id_string")) or id_of(item.get("id")), moment_of(item.get("timestamp"))
    permalink, author = url_of(item.get("post_url")), text_of(item.get("blog_name")).lower()
    if not number.isdecimal() or created_at is None or permalink is None or not author:
        raise SourceError(f"{url} shows a post without id, time, address or blog.")
    if text_of(item.get("state")) not in ("", "published"):
        return None
    blocks = objects_in(item, "content")
    passes_on = bool(item.get("parent_post_id") or objects_in(item, "trail"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=author,
        kind=PostKind.POST if not passes_on else PostKind.QUOTE if blocks else PostKind.REPOST,
        parent_id=id_of(item.get("parent_post_id")) or None,
        permalink=permalink,
        text="\n".join(filter(None, (_words(block) for block in blocks))),
        created_at=created_at,
        visibility=f"state={text_of(item.get('state')) or 'not told'}, listed by the API for everybody",
        media=distinct(_media(blocks)),
        links=tuple(dict.fromkeys(link for block in blocks for link in _links(block))),
    )


def _words(block: Mapping[str, Any]) -> str:
    answers = [text_of(choice.get("answer_text")) for choice in objects_in(block, "answers")]
    return "\n".join(filter(None, (text_of(block.get("text")) or text_of(block.get("question")), *answers)))


def _media(blocks: Iterable[Mapping[str, Any]]) -> Iterable[ObservedMedia | None]:
    """Of each picture its largest form; films and sounds that lie elsewhere have a cover only."""
    for block in blocks:
        kind = KINDS.get(text_of(block.get("type")))
        told = block.get("media")
        forms = objects_in(block, "media") or ([told] if isinstance(told, dict) else [])
        if kind is None:
            continue
        widest = max(forms, key=lambda form: w if isinstance(w := form.get("width"), int) else 0, default={})
        covers = objects_in(block, "poster")
        address = widest.get("url") or next((cover.get("url") for cover in covers), None)
        is_cover = not widest.get("url")
        found = MediaKind.IMAGE if is_cover else kind
        yield medium(address, kind=found, mime=widest.get("type"), alt=block.get("alt_text"))


def _links(block: Mapping[str, Any]) -> Iterable[str]:
    told = [block.get("url")] if text_of(block.get("type")) == "link" else []
    for address in (*told, *(part.get("url") for part in objects_in(block, "formatting"))):
        link = url_of(address)
        if link:
            yield link
