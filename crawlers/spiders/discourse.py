"""
Discourse forums.

The address of an account is its profile, `https://forum.example/u/name`. The list of a member's topics and replies gives excerpts only,
so each post that is new, or young enough to be edited, is fetched by itself: https://docs.discourse.org
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, require_found
from crawlers.board_lists import needs_reading
from crawlers.listing import listed
from crawlers.markup import classes_of, read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.profiles import Profiles
from crawlers.values import id_of, origin_of, text_of, time_of
from footprint.accounts import Account
from footprint.errors import NotPublic, SourceError, SourceGone
from footprint.posts import ObservedPost, PostKind

MANIFEST = Manifest(
    name="discourse",
    title="Discourse forum",
    reads="public topics and replies of one member, with edits",
    authority="unauthenticated public JSON of the forum itself",
    terms_url="https://docs.discourse.org",
    terms_reviewed_on=date(2026, 11, 20),
    requests_per_minute=30,  # forums allow 200
)

PROFILES = Profiles(
    what="Discourse profile",
    example="https://forum.example/u/name",
    path=re.compile(r"(?P<folder>.*?)/(?:u|users)/(?P<name>[^/?]+)(?:[/?].*)?"),
    name=re.compile(r"[\w.-]{1,60}"),
)

# The list shifts by one with each new post while it is read page by page.
OVERLAP = 5

# Of the sorts of posts, those that a member writes for everybody; the others are whispers and the forum's own notes.
REGULAR, BY_MODERATOR = 1, 2

REFUSALS = {"not_logged_in": NotPublic, "invalid_access": NotPublic, "not_found": SourceGone}

# Other people's words and pictures inside a post, and what the forum writes below a picture.
FOREIGN = frozenset((("aside", "quote"), ("aside", "onebox"), ("div", "meta")))


native_id = PROFILES.native_id


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (_list_from(0, account),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    match page.request.role:
        case "actions":
            return _read_actions(page, account, progress)
        case "post":
            return _read_post(page)
        case _:
            json_of(page.body, page.url)
            return Reading()


def parse_posts(body: bytes, *, url: str, title: str = "") -> list[ObservedPost]:
    """
    The post of an answer of `/posts/{id}.json`, none where it is hidden or not a member's words.

    `url` is where it came from: it names the forum. `title` is that of the topic, which the answer lacks; an opening post says it.
    """
    answer = _answer(body, url)
    number, topic, place = id_of(answer.get("id")), id_of(answer.get("topic_id")), id_of(answer.get("post_number"))
    created_at, name = time_of(answer.get("created_at")), text_of(answer.get("username"))
    if not number or not topic or not place or created_at is None or not name:
        raise SourceError(f"{url} shows a post without id, topic, number, time or author.")
    if answer.get("post_type") not in (REGULAR, BY_MODERATOR) or _is_withdrawn(answer):
        return []
    base = url[: url.index("/posts/")] if "/posts/" in url else origin_of(url)
    forum = _without_scheme(base)
    content = read_html(text_of(answer.get("cooked")), f"{base}/", skip=_is_foreign)
    is_topic = place == "1"
    slug = quote(text_of(answer.get("topic_slug")) or "-", safe="")
    version = answer.get("version")
    return [
        ObservedPost(
            platform=MANIFEST.name,
            native_id=f"{forum}/{number}",
            author=f"{name}@{forum}",
            kind=PostKind.TOPIC if is_topic else PostKind.REPLY,
            parent_id=None if is_topic else f"{forum}/t/{topic}/{id_of(answer.get('reply_to_post_number')) or 1}",
            permalink=f"{base}/t/{slug}/{topic}/{place}",
            text=titled(title, content.text) if is_topic else content.text,
            html=text_of(answer.get("cooked")),
            created_at=created_at,
            edited_at=time_of(answer.get("updated_at")) if isinstance(version, int) and version > 1 else None,
            visibility="shown by the forum's public JSON, read without signing in",
            media=content.media,
            links=content.links,
        )
    ]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and post.author.lower() == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    base, _ = PROFILES.home(account.address)
    return PageRequest(url=f"{base}/posts/{quote(native_id.rpartition('/')[2])}.json", role="look-up")


class DiscourseSpider(AccountSpider):
    """Reads one member of a Discourse forum."""

    name = "discourse"


def _without_scheme(base: str) -> str:
    return base.partition("://")[2]


def _list_from(offset: int, account: Account, **context: Any) -> PageRequest:
    base, name = PROFILES.home(account.address)
    url = f"{base}/user_actions.json?username={quote(name)}&filter=4,5&offset={offset}"
    return PageRequest(url=url, role="actions", context={"offset": offset, **context})


def _read_actions(page: Page, account: Account, progress: Progress) -> Reading:
    """Ask for the posts that need reading, and for the next stretch of the list while it may hold some."""
    base, name = PROFILES.home(account.address)
    actions = _actions(page.body, page.url)
    times = [at for action in actions if (at := time_of(action.get("created_at"))) is not None]
    own = [
        action for action in actions if text_of(action.get("username")).lower() == name and not _is_withdrawn(action)
    ]
    paths = [_path(action, progress) for action in own]
    context = page.request.context
    repeats = bool(paths) and paths == context.get("paths")
    is_last = len(actions) <= OVERLAP or not times or repeats
    offset = context.get("offset", 0) + len(actions) - OVERLAP
    following = None if is_last else _list_from(offset, account, paths=paths)
    reading = listed((), page, progress, following=following, unreadable=paths.count(""), times=times)
    due = (action for action in own if _path(action, progress) and _is_due(action, progress))
    return replace(
        reading,
        next=(*(_post_page(base, action, progress) for action in due), *reading.next),
        covers=None if repeats else reading.covers,
        lists=tuple(f"{_without_scheme(base)}/{number}" for action in own if (number := _number(action, progress))),
    )


def _is_due(action: Mapping[str, Any], progress: Progress) -> bool:
    """Whether a post is new, or young enough to be edited; one without a time always is."""
    created_at = time_of(action.get("created_at"))
    return created_at is None or needs_reading(created_at, progress)


def _number(action: Mapping[str, Any], progress: Progress) -> str:
    """The id of a listed post. Of topics the list does not tell it, so it is remembered from the post itself."""
    return id_of(action.get("post_id")) or id_of(progress.state.get(f"topic {id_of(action.get('topic_id'))}"))


def _path(action: Mapping[str, Any], progress: Progress) -> str:
    """Where a listed post can be read, "" where the list does not say."""
    if number := _number(action, progress):
        return f"/posts/{quote(number, safe='')}.json"
    topic = quote(id_of(action.get("topic_id")), safe="")
    return f"/posts/by_number/{topic}/1.json" if topic else ""


def _post_page(base: str, action: Mapping[str, Any], progress: Progress) -> PageRequest:
    context = {"title": text_of(action.get("title")), "topic": id_of(action.get("topic_id"))}
    return PageRequest(url=base + _path(action, progress), role="post", context=context)


def _read_post(page: Page) -> Reading:
    context = page.request.context
    posts = parse_posts(page.body, url=page.request.url, title=text_of(context.get("title")))
    numbers = {
        f"topic {context.get('topic')}": post.native_id.rpartition("/")[2]
        for post in posts
        if post.kind is PostKind.TOPIC
    }
    return Reading(posts=tuple(posts), state=numbers)


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    """The JSON object of an answer. Raises what the forum says in place of one."""
    answer = json_of(body, url)
    if not isinstance(answer, dict):
        raise SourceError(f"{url} did not answer as a Discourse forum does.")
    if "errors" not in answer:
        return answer
    errors = answer["errors"]
    reason = text_of(errors[0]) if isinstance(errors, list) and errors else text_of(answer.get("error_type"))
    raise REFUSALS.get(text_of(answer.get("error_type")), SourceError)(f"{url}: {reason}")


def _actions(body: bytes, url: str) -> list[Mapping[str, Any]]:
    answer = _answer(body, url)
    actions = answer.get("user_actions", answer.get("user_action"))  # an empty list can come in the singular
    if not isinstance(actions, list):
        raise SourceError(f"{url} did not answer with a list of a member's posts.")
    return [action for action in actions if isinstance(action, dict)]


def _is_withdrawn(item: Mapping[str, Any]) -> bool:
    """Whether an action or a post is deleted, or hidden after people flagged it."""
    return any(bool(item.get(flag)) for flag in ("deleted", "hidden", "deleted_at", "user_deleted"))


def _is_foreign(element: Any) -> bool:
    return any((element.tag, name) in FOREIGN for name in classes_of(element))
