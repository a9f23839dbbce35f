"""
A Discourse forum: a member's actions with excerpts, and posts one by one.

Shapes: https://docs.discourse.org; pictures of posts have addresses relative to the forum.
"""

import json
from collections.abc import Callable
from html import escape
from http import HTTPStatus
from typing import Any

from demo import writing
from demo.city import CityPost, Edit, Holding
from demo.simulators import media
from demo.simulators.server import Answer, Query, Stage, not_found

PAGE = 30
FOLDER = "/uploads/default/original/1X/"
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /auth/\nDisallow: /private/\nDisallow: /u/*/private-messages\n"
TOPIC, REPLY = 4, 5


def post_id(stage: Stage, post: CityPost) -> int:
    """Numbers over the whole forum, rising with time."""
    return 10_000 + int(post.day * 1000) * 10 + sum(post.key.encode()) % 10


def native_id(stage: Stage, post: CityPost, site: str) -> str:
    """How the record names a post: the host, and its number there."""
    return f"{stage.bases[site].partition('://')[2]}/{post_id(stage, post)}"


def site(stage: Stage, name: str) -> Callable[[Query], Answer]:
    """What the forum of that name answers."""
    holdings = {holding.handle.lower(): holding for holding in stage.city.at(name)}
    posts = {post_id(stage, p): p for h in holdings.values() for p in stage.city.posts_of(h.key)}

    def answer(query: Query) -> Answer:
        parts = query.path.strip("/").split("/")
        match parts:
            case ["user_actions.json"]:
                holder = holdings.get(query.parameters.get("username", "").lower())
                return _actions(stage, holder, int(query.parameters.get("offset", "0"))) if holder else _refused(404)
            case ["posts", "by_number", topic, "1.json"]:
                found = next((p for p in posts.values() if str(_topic_id(stage, p)) == topic and not p.is_reply), None)
                return _post(stage, found)
            case ["posts", file]:
                number = file.removesuffix(".json")
                return _post(stage, posts.get(int(number)) if number.isdigit() else None)
            case ["uploads", *_] | ["private", *_]:
                return media.answer(stage, query.path)
        return not_found()

    return answer


def members_only(stage: Stage, name: str) -> Callable[[Query], Answer]:
    """A forum that tells strangers nothing."""

    def answer(query: Query) -> Answer:
        return _refused(403, said=stage.secret(name))

    return answer


def _actions(stage: Stage, holder: Holding, offset: int) -> Answer:
    """A member's topics and replies, the newest first, without the posts themselves."""
    newest_first = [p for p in reversed(stage.city.posts_of(holder.key)) if p.shown(stage.day)]
    page = newest_first[offset : offset + PAGE]
    return _json({"user_actions": [_action(stage, holder, post) for post in page]})


def _action(stage: Stage, holder: Holding, post: CityPost) -> dict[str, Any]:
    shown = post.shown(stage.day)
    return {
        "action_type": REPLY if post.is_reply else TOPIC,
        "created_at": _time(stage, post.day),
        "excerpt": escape(shown.text if shown else "")[:200],
        "slug": _slug(post),
        "topic_id": _topic_id(stage, post),
        "post_number": 2 if post.is_reply else 1,
        "post_id": post_id(stage, post) if post.is_reply else None,
        "title": post.title,
        "username": holder.handle,
        "acting_username": holder.handle,
        "user_id": 7 + len(holder.key),
        "deleted": False,
        "hidden": None,
        "closed": False,
        "archived": False,
    }


def _post(stage: Stage, post: CityPost | None) -> Answer:
    shown = post.shown(stage.day) if post else None
    if post is None or shown is None:
        return _refused(404)
    holder = stage.city.holding(post.account)
    return _json(
        {
            "id": post_id(stage, post),
            "name": "",
            "username": holder.handle,
            "created_at": _time(stage, post.day),
            "cooked": _cooked(stage, post, shown),
            "raw": shown.text,
            "post_number": 2 if post.is_reply else 1,
            "post_type": 1,
            "updated_at": _time(stage, shown.day),
            "reply_to_post_number": None,
            "topic_id": _topic_id(stage, post),
            "topic_slug": _slug(post),
            "version": 2 if shown.day > post.day else 1,
            "can_view_edit_history": True,
            "user_deleted": False,
            "deleted_at": None,
            "hidden": False,
            "wiki": False,
            "edit_reason": None,
            "post_url": f"/t/{_slug(post)}/{_topic_id(stage, post)}/{2 if post.is_reply else 1}",
        }
    )


def _cooked(stage: Stage, post: CityPost, shown: Edit) -> str:
    """The post as HTML: what others said, quoted, then its own words and pictures."""
    quotes = "".join(
        f'<aside class="quote no-group" data-username="{escape(r.by)}"><blockquote><p>{escape(r.text)}</p>'
        f"{_picture(stage, r.picture) if r.picture else ''}</blockquote></aside>"
        for r in post.remarks
    )
    pictures = "".join(_picture(stage, name) for name in shown.pictures)
    return f"{quotes}<p>{escape(shown.text)}</p>{pictures}"


def _picture(stage: Stage, name: str) -> str:
    path = media.path_of(stage, name, folder=FOLDER)
    mime = media.mime_of(stage, name)
    if player := media.PLAYED.get(mime):
        return f'<p><{player} controls><source src="{path}" type="{mime}"></{player}></p>'
    return (
        f'<p><div class="lightbox-wrapper"><a class="lightbox" href="{path}">'
        f'<img src="{path}" alt="{escape(writing.alt(name))}" width="690" height="517"></a></div></p>'
    )


def _topic_id(stage: Stage, post: CityPost) -> int:
    return 500 + post_id(stage, post) // 10


def _slug(post: CityPost) -> str:
    return "-".join("".join(c for c in word if c.isalnum()) for word in post.title.lower().split()) or "topic"


def _time(stage: Stage, day: float) -> str:
    return stage.city.moment(day).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _json(value: Any) -> Answer:
    return Answer(mime="application/json; charset=utf-8", body=json.dumps(value).encode())


def _refused(status: int, *, said: str = "") -> Answer:
    is_gone = status == HTTPStatus.NOT_FOUND
    value = {
        "errors": [
            "The requested URL or resource could not be found." if is_gone else f"You need to be logged in. {said}"
        ],
        "error_type": "not_found" if is_gone else "not_logged_in",
    }
    body = json.dumps(value).encode()
    return Answer(status=status, mime="application/json; charset=utf-8", body=body)
