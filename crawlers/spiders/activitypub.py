"""
Any server of the fediverse, by ActivityPub itself, where Mastodon's API is not spoken: NodeBB, PeerTube, WriteFreely, Fedify and others.

The address of an account is its profile or its actor, `https://social.example/users/name`. The actor names the outbox, which is read page by
page, newest first: https://www.w3.org/TR/activitypub/#outbox. Ids of activities may change from answer to answer, so a post is known by the
id of its object. A server that answers signed requests only is not public to us.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import decoded, json_of, readable, require_found, tree_of
from crawlers.listing import listed
from crawlers.markup import read_html, titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import (
    LONGEST_ID,
    distinct,
    host_of,
    media_kind,
    medium,
    objects_in,
    text_of,
    time_of,
    url_of,
    without_fragment,
)
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

MANIFEST = Manifest(
    name="activitypub",
    title="ActivityPub server",
    reads="public posts in the outbox of one actor, with replies and edits",
    authority="public outbox of the account's own server",
    terms_url="https://www.w3.org/TR/activitypub/#outbox",
    terms_reviewed_on=date(2026, 11, 25),
    requests_per_minute=30,
)

ACTIVITY_JSON = "application/activity+json"
ASKING = {"Accept": f'{ACTIVITY_JSON}, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'}

EVERYBODY = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
ACTORS = frozenset({"Person", "Organization", "Group", "Service", "Application"})
COLLECTIONS = frozenset({"OrderedCollection", "OrderedCollectionPage", "Collection", "CollectionPage"})
PUBLISHING = frozenset({"Create", "Update"})
OBJECTS = frozenset({"Note", "Article", "Question", "Page", "Video", "Audio", "Image", "Event", "Document"})
QUOTES = ("quote", "quoteUrl", "quoteUri", "_misskey_quote")
KINDS = {"Image": MediaKind.IMAGE, "Video": MediaKind.VIDEO, "Audio": MediaKind.AUDIO}


def native_id(address: str) -> str:
    """The address itself: ids of actors are addresses."""
    url = url_of(address)
    parts = urlsplit(url or "")
    if url is None or parts.path in ("", "/"):
        raise BadInput(f"'{address}' is no address of an actor. One looks like https://social.example/users/name.")
    return f"{parts.scheme}://{host_of(url)}{without_fragment(url).partition(parts.netloc)[2]}"


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (PageRequest(url=account.native_id, role="actor", headers=ASKING),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    require_found(page)
    context = page.request.context
    match page.request.role:
        case "actor":
            return _read_actor(page, account)
        case "look-up":
            return _read_look_up(page)
        case "object":
            return Reading(posts=tuple(parse_posts(page.body, url=page.url, names=context.get("names"))))
    return _read_outbox(page, progress)


def parse_posts(body: bytes, *, url: str, names: Mapping[str, str] | None = None) -> list[ObservedPost]:
    """
    The posts of an outbox, a page of one, an activity or an object. `url` is where it came from: a server speaks for its own posts only.

    `names` tells under which name an actor is registered, by the actor's id, where that is another one. Activities that are no publications,
    and posts that are not for everybody, are none.
    """
    return readable(_items(_answer(body, url)), lambda item: _post(item, url, names or {}))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=url_of(native_id) or permalink, role="look-up", headers=ASKING)


class ActivitypubSpider(AccountSpider):
    """Reads one actor."""

    name = "activitypub"


def _read_actor(page: Page, account: Account) -> Reading:
    """From the actor to its outbox; from a profile page to its actor."""
    if "json" not in page.headers.get("content-type", "json"):
        return Reading(next=(_actor_behind(page),))
    actor = _answer(page.body, page.url)
    if _is_a(actor, frozenset({"Tombstone"})) or actor.get("suspended") is True:
        raise SourceGone(f"{account.address} is gone.")
    told, outbox = url_of(actor.get("id")), url_of(_id(actor.get("outbox")), page.url)
    if not _is_a(actor, ACTORS) or told is None or outbox is None:
        raise SourceError(f"{page.url} did not answer with an actor.")
    if {host_of(told), host_of(outbox)} != {host_of(account.native_id)}:
        raise SourceError(f"{page.url} is an actor of another server: {told}")
    return Reading(next=(PageRequest(url=outbox, headers=ASKING, context={"names": {told: account.native_id}}),))


def _read_look_up(page: Page) -> Reading:
    """Servers that remember what was deleted answer with a tombstone."""
    if _is_a(_answer(page.body, page.url), frozenset({"Tombstone"})):
        raise SourceGone(f"{page.url} is gone: a tombstone stands there.")
    return Reading()


def _actor_behind(page: Page) -> PageRequest:
    tree = tree_of(decoded(page.body, page.headers.get("content-type", "")))
    for link in () if tree is None else tree.iter("link"):
        address = url_of(link.get("href"), page.url)
        if link.get("type") == ACTIVITY_JSON and address and host_of(address) == host_of(page.request.url):
            return PageRequest(url=address, role="actor", headers=ASKING)
    raise SourceError(f"{page.url} is a page without an actor. Mend: register the address of the actor itself.")


def _read_outbox(page: Page, progress: Progress) -> Reading:
    url, context = page.request.url, page.request.context
    answer = _answer(page.body, url)
    if not _is_a(answer, COLLECTIONS):
        raise SourceError(f"{url} did not answer with an outbox.")
    items = list(_items(answer))
    posts, unreadable = readable(items, lambda item: _post(item, url, context.get("names") or {}))
    apart = [at for item in items if (at := _elsewhere(item, url))]
    first = answer.get("first")
    told = _id(first) if not items else answer.get("next") or (first.get("next") if isinstance(first, dict) else None)
    following = url_of(_id(told), url)
    if following is not None and host_of(following) != host_of(url):
        raise SourceError(f"{url} continues on another server: {following}")
    if following is None or (context.get("is_page") and not items):
        further = None
    else:
        further = PageRequest(url=following, headers=ASKING, context={"names": context.get("names"), "is_page": True})
    reading = listed(posts, page, progress, following=further, unreadable=unreadable)
    return replace(
        reading,
        next=(*(PageRequest(url=at, role="object", headers=ASKING, context=context) for at in apart), *reading.next),
        covers=None if apart else reading.covers,
    )


def _answer(body: bytes, url: str) -> Mapping[str, Any]:
    answer = json_of(body, url)
    if not isinstance(answer, dict):
        raise SourceError(f"{url} did not answer as an ActivityPub server does.")
    return answer


def _is_a(thing: Mapping[str, Any], types: frozenset[str]) -> bool:
    told = thing.get("type")
    return any(isinstance(name, str) and name in types for name in _each(told))


def _id(thing: Any) -> Any:
    """The id of what may be written out, or named by its id only."""
    return thing.get("id") if isinstance(thing, dict) else thing


def _items(answer: Mapping[str, Any]) -> Iterable[Any]:
    """What a collection holds, or the first page inside of it; a thing that is no collection is one item."""
    if not _is_a(answer, COLLECTIONS):
        yield answer
        return
    first = answer.get("first")
    for holder in (answer, first if isinstance(first, dict) else {}):
        for name in ("orderedItems", "items"):
            found = holder.get(name)
            yield from found if isinstance(found, list) else [found] if isinstance(found, dict) else []


def _elsewhere(item: Any, url: str) -> str | None:
    """Where an item has to be fetched that the list names by its address only, on this server."""
    told = item if isinstance(item, str) else None
    if isinstance(item, dict) and _is_a(item, PUBLISHING):
        told = item["object"] if isinstance(item.get("object"), str) else None
    address = url_of(told, url)
    return address if address and host_of(address) == host_of(url) else None


def _post(item: Any, url: str, names: Mapping[str, str]) -> ObservedPost | None:
    if isinstance(item, str) or (isinstance(item, dict) and isinstance(item.get("object"), str)):
        return None  # read by itself where it is this server's; a repost of what others wrote where it is not
    if not isinstance(item, dict):
        raise SourceError(f"{url} lists something that is no activity.")
    is_repost = _is_a(item, frozenset({"Announce"}))
    if not is_repost and not _is_a(item, PUBLISHING | OBJECTS):
        return None
    shown = item["object"] if isinstance(item.get("object"), dict) else item
    if not _is_a(shown, OBJECTS) or not _is_for_everybody(item, shown):
        return None
    return _object(shown, url, names, is_repost=is_repost)


def _is_for_everybody(*things: Mapping[str, Any]) -> bool:
    told = [thing.get(name) for thing in things for name in ("to", "cc")]
    return any(one in EVERYBODY for some in told for one in _each(some) if isinstance(one, str))


def _object(shown: Mapping[str, Any], url: str, names: Mapping[str, str], *, is_repost: bool) -> ObservedPost:
    told, created_at = url_of(shown.get("id")), time_of(shown.get("published"))
    author = url_of(_id(_first(shown.get("attributedTo"))))
    if told is None or created_at is None or author is None:
        raise SourceError(f"{url} shows an object without id, time or author.")
    if not is_repost and {host_of(told), host_of(author)} != {host_of(url)}:
        raise SourceError(f"{url} speaks for another server: {told}")
    permalink = _permalink(shown) or told
    markup, language = _words(shown)
    content = read_html(markup, permalink)
    edited_at = time_of(shown.get("updated"))
    kind, parent = _relation(shown)
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=told if len(told) <= LONGEST_ID else permalink,
        author=names.get(author, author),
        kind=PostKind.REPOST if is_repost else kind,
        parent_id=parent,
        permalink=permalink,
        text=_text(shown, content.text, permalink),
        html=markup,
        language=language,
        created_at=created_at,
        edited_at=edited_at if edited_at and edited_at > created_at else None,
        visibility="addressed to as:Public, in the outbox that the server shows to anybody",
        media=distinct((*_attached(shown, permalink), *content.media)),
        links=tuple(link for link in content.links if link not in _tagged(shown)),
    )


def _each(value: Any) -> list[Any]:
    """JSON-LD writes a list of one without its brackets."""
    return value if isinstance(value, list) else [value]


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _permalink(shown: Mapping[str, Any]) -> str | None:
    """The page for people, among the addresses that an object gives."""
    told = shown.get("url")
    for link in _each(told):
        if isinstance(link, dict) and text_of(link.get("mediaType")) not in ("", "text/html"):
            continue
        if address := url_of(link.get("href") if isinstance(link, dict) else link):
            return address
    return None


def _words(shown: Mapping[str, Any]) -> tuple[str, str | None]:
    """The content, and its language where it is told."""
    versions = shown.get("contentMap")
    told = {text_of(tag): text_of(words) for tag, words in versions.items()} if isinstance(versions, dict) else {}
    markup = text_of(shown.get("content")) or next(iter(told.values()), "")
    return markup, next((tag for tag, words in told.items() if tag and words == markup), None)


def _text(shown: Mapping[str, Any], words: str, base: str) -> str:
    """Warning, title, words, and the choices of a poll; what articles call their summary is a shorter version of themselves."""
    warning = (
        read_html(text_of(shown.get("summary")), base).text if _is_a(shown, frozenset({"Note", "Question"})) else ""
    )
    title = " ".join(text_of(shown.get("name")).split())
    choices = [text_of(choice.get("name")) for name in ("oneOf", "anyOf") for choice in objects_in(shown, name)]
    is_reply = bool(shown.get("inReplyTo"))  # some forums give replies the title of the topic
    return "\n\n".join(filter(None, (warning, words if is_reply else titled(title, words), "\n".join(choices))))


def _relation(shown: Mapping[str, Any]) -> tuple[PostKind, str | None]:
    if parent := url_of(_id(_first(shown.get("inReplyTo")))):
        return PostKind.REPLY, parent
    for name in QUOTES:
        if quoted := url_of(_id(shown.get(name))):
            return PostKind.QUOTE, quoted
    return PostKind.POST, None


def _attached(shown: Mapping[str, Any], base: str) -> Iterable[ObservedMedia | None]:
    """Attachments, the picture of an article, and the files of an object that is itself a medium."""
    for name in ("attachment", "image"):
        for item in _each(shown.get(name)):
            if isinstance(item, dict):
                yield from _files(item, base)
    if _is_a(shown, frozenset(KINDS)):
        yield from _files(shown, base)


def _files(item: Mapping[str, Any], base: str) -> Iterable[ObservedMedia | None]:
    """One medium, which may be there in several qualities: the first is taken."""
    sort = next((kind for name, kind in KINDS.items() if _is_a(item, frozenset({name}))), MediaKind.UNKNOWN)
    told = item.get("url") or item.get("href")
    for link in _each(told):
        mime = link.get("mediaType") if isinstance(link, dict) else item.get("mediaType")
        address = url_of(link.get("href") if isinstance(link, dict) else link, base)
        is_page = text_of(mime).partition("/")[0] in ("text", "application")
        is_known = sort is not MediaKind.UNKNOWN or (address and media_kind(address, mime) is not MediaKind.UNKNOWN)
        if address and is_known and not is_page:
            yield medium(address, kind=sort, mime=mime, alt=item.get("name") or item.get("summary"))
            return


def _tagged(shown: Mapping[str, Any]) -> frozenset[str | None]:
    """Addresses of people and tags: not links that the author made."""
    return frozenset(url_of(tag.get("href")) for tag in _each(shown.get("tag")) if isinstance(tag, dict))
