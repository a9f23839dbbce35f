"""
Flarum forums.

The address of an account is its profile, `https://forum.example/u/dana_reed`. The JSON:API lists a member's posts in full, with topics and
authors beside them: https://docs.flarum.org
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.markup import classes_of, read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.profiles import Profiles
from crawlers.values import id_of, objects_in, text_of, time_of, url_of
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone
from footprint.posts import ObservedPost, PostKind

MANIFEST = Manifest(
    name="flarum",
    title="Flarum forum",
    reads="public topics and replies of one member, with edits",
    authority="unauthenticated public JSON of the forum itself",
    terms_url="https://docs.flarum.org/rest-api",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,
)

PROFILES = Profiles(
    what="Flarum profile",
    example="https://forum.example/u/dana_reed",
    path=re.compile(r"(?P<folder>.*?)/u/(?P<name>[^/?#]+)(?:[/?].*)?"),
    name=re.compile(r"[^\s/@]{1,60}"),
)
PER_PAGE = 50

# The list shifts by one with each new post while it is read page by page.
OVERLAP = 5

REFUSALS = {"not_authenticated": NotPublic, "permission_denied": NotPublic, "not_found": SourceGone}


native_id = PROFILES.native_id


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (_list_from(0, account),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    if page.request.role == "look-up":
        _answer(page.body, page.url)
        return Reading()
    posts, unreadable = _posts(page.body, page.url)
    answer, context = _answer(page.body, page.url), page.request.context
    links = answer.get("links")
    ids = [post.native_id for post in posts]
    is_last = not posts or ids == context.get("ids") or not (isinstance(links, dict) and links.get("next"))
    step = max(1, len(objects_in(answer, "data")) - OVERLAP)
    following = None if is_last else _list_from(int(id_of(context.get("offset")) or 0) + step, account, ids=ids)
    return listed(posts, page, progress, following=following, unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of an answer of `/api/posts`, but for hidden ones and the forum's own notes. `url` names the forum."""
    return _posts(body, url)[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return (post.author or "").casefold() == account.native_id.casefold()


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    base, _ = PROFILES.home(account.address)
    return PageRequest(url=f"{base}/api/posts/{quote(native_id.rpartition('/')[2], safe='')}", role="look-up")


class FlarumSpider(AccountSpider):
    """Reads one member of a Flarum forum."""

    name = "flarum"


def _list_from(offset: int, account: Account, **context: Any) -> PageRequest:
    base, name = PROFILES.home(account.address)
    query = f"filter[author]={quote(name, safe='')}&filter[type]=comment&sort=-createdAt&include=user,discussion"
    url = f"{base}/api/posts?{query}&page[limit]={PER_PAGE}&page[offset]={offset}"
    return PageRequest(
        url=quote(url, safe=":/?&=%,-_.~@+!$'()*;#"), role="posts", context={"offset": offset, **context}
    )


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    """The JSON:API document of an answer. Raises what the forum says in place of one."""
    answer = json_of(body, url)
    if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
        raise SourceError(f"{url} did not answer as a Flarum forum does.")
    if "errors" in answer:
        code = next((text_of(error.get("code")) for error in objects_in(answer, "errors")), "")
        raise REFUSALS.get(code, SourceError)(f"{url}: {code or 'an error'}")
    return answer


def _posts(body: bytes, url: str) -> tuple[list[ObservedPost], int]:
    answer = _answer(body, url)
    if not isinstance(answer["data"], list):
        raise SourceError(f"{url} did not answer with a list of posts.")
    beside = {(text_of(item.get("type")), id_of(item.get("id"))): item for item in objects_in(answer, "included")}
    base = url.partition("/api/")[0]
    return readable(objects_in(answer, "data"), lambda item: _post(item, beside, base))


def _post(
    item: Mapping[str, Any], beside: Mapping[tuple[str, str], Mapping[str, Any]], base: str
) -> ObservedPost | None:
    said = _said(item)
    if said.get("isHidden") or said.get("contentType", "comment") != "comment" or said.get("isApproved") is False:
        return None
    number, place, created_at = id_of(item.get("id")), id_of(said.get("number")), time_of(said.get("createdAt"))
    user, discussion = _related(item, "user", "users", beside), _related(item, "discussion", "discussions", beside)
    thread = id_of(discussion.get("id"))
    if not number or not place or not thread or created_at is None:
        raise SourceError(f"{base} shows a post without id, number, topic or time.")
    forum = base.partition("://")[2]
    name = text_of(_said(user).get("username"))
    html = text_of(said.get("contentHtml"))
    content = read_html(html, f"{base}/", skip=_is_foreign)
    is_topic = place == "1"
    title = text_of(_said(discussion).get("title"))
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=f"{forum}/{number}",
        author=f"{name.lower()}@{forum}" if name else None,
        kind=PostKind.TOPIC if is_topic else PostKind.REPLY,
        parent_id=None if is_topic else f"{forum}/d/{thread}",
        permalink=url_of(f"{base}/d/{quote(thread, safe='')}/{quote(place, safe='')}") or base,
        text=titled(title, content.text) if is_topic else content.text,
        html=html,
        created_at=created_at,
        edited_at=time_of(said.get("editedAt")),
        visibility="shown by the forum's public JSON, read without signing in",
        media=content.media,
        links=content.links,
    )


def _said(item: Mapping[str, Any]) -> Mapping[str, Any]:
    attributes = item.get("attributes")
    return attributes if isinstance(attributes, dict) else {}


def _related(
    item: Mapping[str, Any], name: str, sort: str, beside: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """A resource that another one refers to, as far as the document tells of it."""
    relations = item.get("relationships")
    relation = relations.get(name) if isinstance(relations, dict) else None
    reference = relation.get("data") if isinstance(relation, dict) else None
    if not isinstance(reference, dict):
        return {}
    return beside.get((sort, id_of(reference.get("id"))), reference)


def _is_foreign(element: Any) -> bool:
    return bool(element.tag == "blockquote") or "PostMention" in classes_of(element)
