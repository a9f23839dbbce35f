"""
X, by its API v2 with the operator's token.

The address of an account is its profile, `https://x.com/name`. Fields were renamed in August 2026 (`tweet.fields` to `post.fields`, and so on); both
spellings are read, and asked for in the one that the server takes: https://docs.x.com/x-api. Showing X's content to a department takes X's written
approval, so nothing is read until that is on file.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.listing import listed
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, id_of, medium, objects_in, text_of, time_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

API = "https://api.x.com/2"

MANIFEST = Manifest(
    name="x",
    title="X",
    reads="public posts of one account, with replies, reposts, quotes and edits",
    authority="API v2 with the operator's token, under X's written approval",
    terms_url="https://docs.x.com/developer-terms/agreement",
    terms_reviewed_on=date(2026, 11, 25),
    token="required",  # noqa: S106 - that one is
    requests_per_minute=50,  # an account's token may ask 900 times in a quarter of an hour
    api_hosts=("api.x.com",),
    media_hosts=("pbs.twimg.com", "video.twimg.com"),
    needs_approval=True,
    usd_per_post=0.005,
)

PROFILE = re.compile(r"/@?([A-Za-z0-9_]{1,15})/?")
HOSTS = frozenset({"x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"})
RESERVED = frozenset({"home", "explore", "search", "settings", "i", "login", "intent", "share", "hashtag"})

OLD, NEW = "tweet", "post"
FIELDS = "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_{0}s,attachments,entities,lang,edit_history_{0}_ids,note_{0}"
EXPANSIONS = "author_id,attachments.media_keys,referenced_{0}s.id,referenced_{0}s.id.author_id,referenced_{0}s.id.attachments.media_keys"
MEDIA_FIELDS = "alt_text,height,media_key,preview_image_url,type,url,variants,width"

RELATIONS = {
    "retweeted": PostKind.REPOST,
    "reposted": PostKind.REPOST,
    "quoted": PostKind.QUOTE,
    "replied_to": PostKind.REPLY,
}
PROBLEMS = {"resource-not-found": SourceGone, "not-authorized-for-resource": NotPublic}
KINDS = {"photo": MediaKind.IMAGE, "video": MediaKind.VIDEO, "animated_gif": MediaKind.VIDEO}

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MS = 1288834974657
"""From when ids tell the time: milliseconds since 1970 above the 22 lowest bits."""
OLDEST_TIMED_ID = 30_000_000_000


def native_id(address: str) -> str:
    """The name in lower case."""
    parts = urlsplit(url_of(address) or "")
    profile = PROFILE.fullmatch(parts.path)
    if parts.netloc.lower() not in HOSTS or profile is None or profile[1].lower() in RESERVED:
        raise BadInput(f"'{address}' is no profile of X. One looks like https://x.com/name.")
    return profile[1].lower()


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    fields = urlencode({"user.fields": "id,name,username,protected"}, safe=",")
    return (PageRequest(url=f"{API}/users/by/username/{quote(account.native_id)}?{fields}", role="account"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    role, context = page.request.role, page.request.context
    if page.status == 400 and context.get("spelling") == OLD:
        return Reading(next=(_respelt(page.request),))
    require_found(page)
    answer = _answer(page.body, page.url)
    if role == "account":
        return Reading(next=(_first_page(answer, page, account, progress),))
    posts, unreadable = _posts(answer, page.url)
    if role == "look-up":
        return Reading(posts=tuple(posts), unreadable=unreadable)
    meta = answer.get("meta")
    token = id_of(meta.get("next_token")) if isinstance(meta, dict) else ""
    following = (
        _timeline(text_of(context.get("user")), text_of(context.get("spelling")) or OLD, token) if token else None
    )
    reading = listed(posts, page, progress, following=following, unreadable=unreadable)
    return replace(reading, state={**reading.state, "spelling": context.get("spelling")})


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """
    The posts of an answer with one or many. `url` is where it came from.

    An answer without posts says so by a count of zero; one that says neither is a SourceError, by what its problem is called.
    """
    return _posts(_answer(body, url), url)[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    """Reposts bear the name of the original author."""
    return post.author is not None and post.author.lower() == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return _asking(f"{API}/tweets/{quote(native_id)}", OLD, role="look-up")


class XSpider(AccountSpider):
    """Reads one account of X."""

    name = "x"


def _asking(place: str, spelling: str, *, role: str, **more: str) -> PageRequest:
    """A request for posts with all that belongs to them, in one spelling of the fields."""
    query = {
        **{name: value for name, value in more.items() if name != "user" and value},
        f"{spelling}.fields": FIELDS.format(spelling),
        "expansions": EXPANSIONS.format(spelling),
        "media.fields": MEDIA_FIELDS,
        "user.fields": "username,protected",
    }
    context = {"spelling": spelling, "user": more.get("user", ""), "place": place, "more": more}
    return PageRequest(url=f"{place}?{urlencode(query, safe=',')}", role=role, context=context)


def _respelt(request: PageRequest) -> PageRequest:
    """The same request in the newer spelling."""
    more = request.context.get("more")
    asked = _asking(
        text_of(request.context.get("place")), NEW, role=request.role, **(dict(more) if isinstance(more, dict) else {})
    )
    return replace(asked, context={**request.context, **asked.context})


def _timeline(user: str, spelling: str, token: str = "") -> PageRequest:
    place = f"{API}/users/{quote(user)}/tweets"
    return _asking(place, spelling, role="posts", user=user, max_results="100", pagination_token=token)


def _first_page(answer: Mapping[str, Any], page: Page, account: Account, progress: Progress) -> PageRequest:
    user = answer.get("data")
    user = user if isinstance(user, dict) else {}
    if text_of(user.get("username")).lower() != account.native_id or not id_of(user.get("id")).isdecimal():
        raise SourceError(f"{page.url} did not answer with the account '{account.native_id}'.")
    if user.get("protected") is not False:
        raise NotPublic(f"{account.address} is protected: only followers see its posts.")
    return _timeline(id_of(user["id"]), NEW if progress.state.get("spelling") == NEW else OLD)


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    """The answer, where it has data or says that there are none. Raises what its first problem means."""
    answer = json_of(body, url)
    if not isinstance(answer, dict):
        raise SourceError(f"{url} did not answer as X does.")
    meta = answer.get("meta")
    if "data" in answer or (isinstance(meta, dict) and meta.get("result_count") == 0):
        return answer
    problem = next(iter(objects_in(answer, "errors")), answer)
    sort = text_of(problem.get("type")).rpartition("/")[2]
    raise PROBLEMS.get(sort, SourceError)(
        f"{url}: {text_of(problem.get('detail')) or text_of(problem.get('title')) or 'no posts'}"
    )


def _posts(answer: Mapping[str, Any], url: str) -> tuple[list[ObservedPost], int]:
    data = answer.get("data")
    found = [data] if isinstance(data, dict) else objects_in(answer, "data")
    included = answer.get("includes")
    names = {id_of(user.get("id")): text_of(user.get("username")) for user in objects_in(included, "users")}
    shown = {id_of(post.get("id")): post for word in (OLD, NEW) for post in objects_in(included, f"{word}s")}
    media = {text_of(item.get("media_key")): item for item in objects_in(included, "media")}
    return readable(found, lambda post: _post(post, names, shown, media, url))


def _either(post: Mapping[str, Any], name: str) -> Any:
    """A field by either of its spellings; `{}` stands for what was renamed."""
    return post.get(name.format(NEW), post.get(name.format(OLD)))


def _post(
    post: Mapping[str, Any],
    names: Mapping[str, str],
    included: Mapping[str, Mapping[str, Any]],
    media: Mapping[str, Mapping[str, Any]],
    url: str,
) -> ObservedPost:
    """An edit has an id of its own; the post is known by its first one."""
    kind, other = _relation(post)
    shown = included.get(other, post) if kind is PostKind.REPOST else post
    number, publisher = id_of(post.get("id")), id_of(shown.get("author_id"))
    author = names.get(publisher, "") or publisher
    history = _either(post, "edit_history_{}_ids")
    versions = [id_of(version) for version in history] if isinstance(history, list) else []
    versions = [version for version in versions if version.isdecimal()] or [number]
    created_at = _time_of_id(versions[0]) or time_of(post.get("created_at"))
    if not number.isdecimal() or created_at is None:
        raise SourceError(f"{url} shows a post without id or time.")
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=versions[0],
        author=author.lower() or None,
        kind=kind,
        parent_id=other or None,
        permalink=f"https://x.com/{quote(names.get(publisher, '')) or 'i/web'}/status/{id_of(shown.get('id')) or number}",
        text=_text(shown),
        language=text_of(post.get("lang")) or None,
        created_at=created_at,
        edited_at=_time_of_id(versions[-1]) if len(versions) > 1 else None,
        visibility="listed by the API for an account that is not protected",
        media=distinct(_media(shown, media)),
        links=tuple(_links(shown)),
    )


def _relation(post: Mapping[str, Any]) -> tuple[PostKind, str]:
    """What a post is to another, and the other's id. A reply that quotes is a reply."""
    related = {
        RELATIONS[text_of(item.get("type"))]: id_of(item.get("id"))
        for word in (OLD, NEW)
        for item in objects_in(post, f"referenced_{word}s")
        if text_of(item.get("type")) in RELATIONS
    }
    for kind in (PostKind.REPOST, PostKind.REPLY, PostKind.QUOTE):
        if kind in related:
            return kind, related[kind]
    return PostKind.POST, ""


def _text(post: Mapping[str, Any]) -> str:
    """The whole text: what is long stands in a note, and the short form is cut off."""
    note = _either(post, "note_{}")
    return html.unescape(
        text_of(note.get("text")) if isinstance(note, dict) and note.get("text") else text_of(post.get("text"))
    )


def _time_of_id(number: str) -> datetime | None:
    if not number.isdecimal() or not OLDEST_TIMED_ID < int(number) < 2**63:
        return None
    return EPOCH + timedelta(milliseconds=(int(number) >> 22) + FIRST_MS)


def _media(post: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Iterable[ObservedMedia | None]:
    attached = post.get("attachments")
    keys = attached.get("media_keys") if isinstance(attached, dict) else None
    for key in keys if isinstance(keys, list) else ():
        item = known.get(text_of(key), {})
        kind = KINDS.get(text_of(item.get("type")), MediaKind.UNKNOWN)
        address = item.get("url") or _best(item) or item.get("preview_image_url")
        yield medium(address, key=text_of(key), kind=kind, alt=item.get("alt_text"))


def _best(item: Mapping[str, Any]) -> Any:
    """The address of the film with the most bits a second; playlists have no such figure."""
    films = [v for v in objects_in(item, "variants") if text_of(v.get("content_type")) == "video/mp4"]
    rates = [(rate if isinstance(rate := film.get("bit_rate"), int) else 0, film.get("url")) for film in films]
    return max(rates, key=lambda rated: rated[0])[1] if rates else None


def _links(post: Mapping[str, Any]) -> Iterable[str]:
    for item in objects_in(post.get("entities"), "urls"):
        link = url_of(item.get("expanded_url"))
        if link and not item.get("media_key"):
            yield link
