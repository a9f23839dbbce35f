"""A platform for tests: a board whose server says in JSON what is on each page. Loaded by `child.py` as `crawlers.spiders.board`."""

import json
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from footprint.accounts import Account
from footprint.errors import BadInput, RateLimited, SourceError, SourceGone
from footprint.posts import MediaKind, ObservedMedia, ObservedPost, PostKind

MANIFEST = Manifest(
    name="board",
    title="Board",
    reads="posts of one member",
    authority="the tests' own server",
    terms_url="https://board.example/terms",
    terms_reviewed_on=date.max,
    token="optional",
    requests_per_minute=6000,
)


def native_id(address: str) -> str:
    """The address itself."""
    if not address.startswith("http"):
        raise BadInput("An address looks like http://board.example/alice")
    return address


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    if "broken" in account.address:
        raise RuntimeError("cannot start")
    etag = progress.state.get("etag")
    return (PageRequest(url=f"{account.address}/posts", headers={"If-None-Match": etag} if etag else {}),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.status in (404, 410):
        raise SourceGone(f"HTTP {page.status}")
    try:
        answer = json.loads(page.body)
    except ValueError as error:
        raise SourceError("not JSON") from error
    if "wait_s" in answer:
        raise RateLimited("too many calls", retry_after_s=answer["wait_s"])
    covers = answer.get("covers")
    return Reading(
        posts=tuple(_post(post) for post in answer.get("posts", ())),
        next=tuple(PageRequest(url=_whole(url, page.url)) for url in answer.get("next", ())),
        state=answer.get("state", {}),
        covers=(datetime.fromisoformat(covers[0]), datetime.fromisoformat(covers[1])) if covers else None,
    )


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    return [_post(post) for post in json.loads(body)["posts"]]


def _whole(url: str, base: str) -> str:
    """Paths are the board's own; whatever else it says is taken as it stands."""
    return urljoin(base, url) if url.startswith("/") else url


def _post(post: dict[str, object]) -> ObservedPost:
    return ObservedPost(
        platform="board",
        native_id=str(post["id"]),
        author=str(post.get("author", "alice")),
        kind=PostKind(str(post.get("kind", "post"))),
        permalink=f"https://board.example/{post['id']}",
        text=str(post["text"]),
        created_at=datetime.fromisoformat(str(post["at"])),
        visibility="listed",
        media=tuple(
            ObservedMedia(key=key, url=url, kind=MediaKind.IMAGE) for key, url in dict(post.get("media", {})).items()
        ),
    )


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author == urlsplit(account.address).path.strip("/")


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=urljoin(account.address, f"/post/{native_id}"), role="look_up")


class BoardSpider(AccountSpider):
    name = "board"
