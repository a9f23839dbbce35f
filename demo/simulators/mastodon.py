"""
A server that speaks Mastodon's API: accounts, statuses with edits and reposts, paging by the Link header.

Shapes: https://docs.joinmastodon.org/methods/accounts/ and https://docs.joinmastodon.org/entities/Status/
"""

import json
import threading
from collections.abc import Callable
from html import escape
from http import HTTPStatus
from typing import Any

from demo import writing
from demo.city import CityPost, Edit, Holding
from demo.simulators import media
from demo.simulators.server import Answer, Query, Stage, not_found

FOLDER = "/system/media_attachments/"
ROBOTS = "User-agent: *\nDisallow: /private/\nDisallow: /media_proxy/\nDisallow: /interact/\n"
MAX_PAGE = 40


def status_id(stage: Stage, post: CityPost) -> str:
    """Ids rise with time, as on real servers: milliseconds, then a number."""
    milliseconds = int(stage.city.moment(post.day).timestamp() * 1000)
    return str((milliseconds << 16) + sum(post.key.encode()) * 31 + post.number)


def native_id(stage: Stage, post: CityPost, site: str) -> str:
    """How the record names a status: the host, and its id there."""
    return f"{_host(stage, site)}/{status_id(stage, post)}"


def site(stage: Stage, name: str) -> Callable[[Query], Answer]:
    """What the server of that name answers."""
    holdings = {holding.handle: holding for holding in stage.city.at(name)}

    def answer(query: Query) -> Answer:
        parts = query.path.strip("/").split("/")
        match parts:
            case ["api", "v1", "accounts", "lookup"]:
                user = query.parameters.get("acct", "").partition("@")[0]
                return _json(_account(stage, name, user)) if user in holdings else _gone("Record not found")
            case ["api", "v1", "accounts", number, "statuses"]:
                holder = next((h for h in holdings.values() if account_number(h.handle) == number), None)
                return _page(stage, name, holder, query) if holder else _gone("Record not found")
            case ["api", "v1", "statuses", number]:
                return _one(stage, name, number)
            case ["system", *_] | ["private", *_]:
                return media.answer(stage, query.path)
        return not_found()

    return answer


def busy(stage: Stage, name: str, *, refusals: int) -> Callable[[Query], Answer]:
    """A server that answers its first requests with 429 and a second to wait."""
    usual, lock, left = site(stage, name), threading.Lock(), [refusals]

    def answer(query: Query) -> Answer:
        with lock:
            left[0] -= 1
            refuses = left[0] >= 0
        if refuses:
            body = json.dumps({"error": "Too many requests"}).encode()
            wait = {"Retry-After": "1"}
            return Answer(status=HTTPStatus.TOO_MANY_REQUESTS, mime="application/json", body=body, headers=wait)
        return usual(query)

    return answer


def closed(stage: Stage, name: str) -> Callable[[Query], Answer]:
    """A server in limited federation mode: nothing for anybody who is not signed in."""

    def answer(query: Query) -> Answer:
        said = {"error": "This method requires an authenticated user", "hint": stage.secret(name)}
        return Answer(status=HTTPStatus.UNAUTHORIZED, mime="application/json", body=json.dumps(said).encode())

    return answer


def _page(stage: Stage, name: str, holder: Holding, query: Query) -> Answer:
    """One page of an account's statuses, the newest first."""
    limit = min(MAX_PAGE, int(query.parameters.get("limit", "20")))
    newest_first = [s for s in (_status(stage, name, post) for post in reversed(stage.city.posts_of(holder.key))) if s]
    below = int(query.parameters.get("max_id", str(2**63)))
    above = int(query.parameters.get("min_id", query.parameters.get("since_id", "0")))
    page = [status for status in newest_first if above < int(status["id"]) < below][:limit]
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299"}
    if page:
        here = f"{stage.bases[name]}{query.path}?limit={limit}"
        older, newer = f'<{here}&max_id={page[-1]["id"]}>; rel="next"', f'<{here}&min_id={page[0]["id"]}>; rel="prev"'
        headers["Link"] = f"{older}, {newer}" if len(page) == limit else newer
    return _json(page, headers)


def _one(stage: Stage, name: str, number: str) -> Answer:
    posts = (post for holding in stage.city.at(name) for post in stage.city.posts_of(holding.key))
    found = next((post for post in posts if status_id(stage, post) == number), None)
    status = _status(stage, name, found) if found else None
    return _json(status) if status and status["visibility"] in ("public", "unlisted") else _gone("Record not found")


def _status(stage: Stage, name: str, post: CityPost) -> dict[str, Any] | None:
    """A status as it is today, None where it is not there or not for everybody."""
    shown = post.shown(stage.day)
    if shown is None or post.visibility not in ("public", "unlisted"):
        return None
    holder = stage.city.holding(post.account)
    status = _body(stage, name, post, shown, author=post.by or holder.handle)
    if not post.boosted:
        return status
    original = status | {"id": str(int(status["id"]) - 10_000)}
    return status | {
        "account": _account(stage, name, holder.handle), "reblog": original, "media_attachments": [], "content": "",
    }  # fmt: skip


def _body(stage: Stage, name: str, post: CityPost, shown: Edit, *, author: str) -> dict[str, Any]:
    number, base = status_id(stage, post), stage.bases[name]
    edited = shown.day > post.day
    return {
        "id": number,
        "created_at": _time(stage, post.day),
        "edited_at": _time(stage, shown.day) if edited else None,
        "in_reply_to_id": str(int(number) - 5_000) if post.is_reply else None,
        "in_reply_to_account_id": account_number("neighbor1") if post.is_reply else None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": post.visibility,
        "language": "en",
        "uri": f"{base}/users/{author}/statuses/{number}",
        "url": f"{base}/@{author}/{number}",
        "replies_count": len(post.remarks),
        "reblogs_count": 0,
        "favourites_count": post.number % 9,
        "content": f"<p>{escape(shown.text)}</p>",
        "reblog": None,
        "account": _account(stage, name, author),
        "media_attachments": [_attachment(stage, name, number, k, p) for k, p in enumerate(shown.pictures)],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def _attachment(stage: Stage, name: str, number: str, place: int, picture: str) -> dict[str, Any]:
    url = stage.bases[name] + media.path_of(stage, picture, folder=FOLDER)
    return {
        "id": str(int(number) + place),
        "type": media.KINDS[media.mime_of(stage, picture)] if picture in stage.pictures else "image",
        "url": url,
        "preview_url": url,
        "remote_url": None,
        "meta": {},
        "description": writing.alt(picture) or None,
        "blurhash": None,
    }


def _account(stage: Stage, name: str, user: str) -> dict[str, Any]:
    return {
        "id": account_number(user),
        "username": user,
        "acct": user,
        "display_name": user,
        "locked": False,
        "bot": False,
        "url": f"{stage.bases[name]}/@{user}",
        "created_at": "2019-05-01T00:00:00.000Z",
        "note": "",
        "fields": [],
    }


def account_number(user: str) -> str:
    """The number of an account, which addresses of its posts hold."""
    return str(109_000_000_000_000_000 + sum(byte * 257**k for k, byte in enumerate(user.encode()[:5])))


def _time(stage: Stage, day: float) -> str:
    return stage.city.moment(day).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _host(stage: Stage, site: str) -> str:
    return stage.bases[site].partition("://")[2]


def _json(value: Any, headers: dict[str, str] | None = None) -> Answer:
    return Answer(mime="application/json; charset=utf-8", body=json.dumps(value).encode(), headers=headers or {})


def _gone(message: str) -> Answer:
    body = json.dumps({"error": message}).encode()
    return Answer(status=HTTPStatus.NOT_FOUND, mime="application/json; charset=utf-8", body=body)
