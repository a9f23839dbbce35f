"""
Writes the files of a new platform into a checkout: a spider with its manifest, cases and a test, which pass the contract suite as they are.

What they read is a made-up answer. docs/new-platform.md walks through making it the platform's own.
"""

import json
import keyword
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Template

from footprint.errors import BadInput

NAME = re.compile(r"[a-z][a-z0-9]{1,30}")

SPIDER = Template('''"""
$title: say here what an account is, and how its posts are read.

The address of an account is its profile, `https://$name.example/@user`. Name the documentation of what is asked.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import json_of, readable, require_found
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.values import distinct, host_of, id_of, medium, objects_in, origin_of, text_of, time_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, NotPublic, SourceError
from footprint.posts import ObservedPost

MANIFEST = Manifest(
    name="$name",
    title="$title",
    reads="public posts of one account",
    authority="public API, read without signing in",
    terms_url="https://$name.example/terms",
    terms_reviewed_on=date($year, $month, $day),
    requests_per_minute=10,
)

PROFILE = re.compile(r"/@([A-Za-z0-9_]+)/?")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def native_id(address: str) -> str:
    """`user@host`."""
    url = url_of(address)
    profile = PROFILE.fullmatch(urlsplit(url).path) if url else None
    if url is None or profile is None:
        raise BadInput(f"'{address}' is no profile on $title. One looks like https://$name.example/@name.")
    return f"{profile[1].lower()}@{host_of(url)}"


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    user = quote(account.native_id.partition("@")[0])
    return (PageRequest(url=f"{origin_of(account.address)}/api/posts?author={user}"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.request.role == "post":
        return Reading()
    require_found(page)
    posts, unreadable = readable(_items(page.body, page.url), lambda item: _post(item, page.url))
    return Reading(posts=tuple(posts), unreadable=unreadable)


def parse_posts(body: bytes, *, url: str) -> list[ObservedPost]:
    """The posts of one answer. `url` is where it came from."""
    return readable(_items(body, url), lambda item: _post(item, url))[0]


def is_author(post: ObservedPost, account: Account) -> bool:
    return post.author is not None and f"{post.author.lower()}@{host_of(account.address)}" == account.native_id


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=f"{origin_of(account.address)}/api/posts/{quote(native_id, safe='')}", role="post")


class ${spider}Spider(AccountSpider):
    """Reads one account on $title."""

    name = "$name"


def _items(body: bytes, url: str) -> list[Mapping[str, Any]]:
    answer = json_of(body, url)
    if isinstance(answer, dict) and answer.get("error") == "login_required":
        raise NotPublic(f"{url} is not public.")
    if not isinstance(answer, dict) or not isinstance(answer.get("posts"), list):
        raise SourceError(f"{url} did not answer with posts.")
    return objects_in(answer, "posts")


def _post(item: Mapping[str, Any], url: str) -> ObservedPost:
    number, created_at = id_of(item.get("id")), time_of(item.get("created_at"))
    permalink, author = url_of(item.get("url"), url), text_of(item.get("author"))
    if not ID.fullmatch(number) or created_at is None or permalink is None or not author:
        raise SourceError(f"{url} shows a post without id, time, address or author.")
    return ObservedPost(
        platform=MANIFEST.name,
        native_id=number,
        author=author,
        permalink=permalink,
        text=text_of(item.get("text")),
        created_at=created_at,
        visibility="listed by the public API without signing in",
        media=distinct(medium(shown.get("url"), url, alt=shown.get("alt")) for shown in objects_in(item, "media")),
    )
''')

TEST = Template('''"""$title: what no other platform does in this way."""

from collections.abc import Callable

from crawlers.platform import Page, Platform, Progress
from crawlers.platforms import platform_of
from footprint.accounts import Account


def test_a_page_of_posts_is_read(account_at: Callable[[Platform, str], Account], answer: Callable[..., Page]) -> None:
    """The first page is that of the account, and its broken items are counted."""
    platform = platform_of("$name")
    account = account_at(platform, "https://$name.example/@name")
    progress = Progress(state={}, reread_from=account.registered_at)
    (request,) = platform.start(account, progress)
    good = '{"id": "1", "created_at": "2026-03-07T21:30:00Z", "url": "/@name/1", "author": "name", "text": "Hi"}'
    reading = platform.read(answer(request, f'{{"posts": [{good}, {{"id": "2"}}]}}'), account, progress)
    assert [post.text for post in reading.posts] == ["Hi"]
    assert reading.unreadable == 1
    assert platform.is_author(reading.posts[0], account)
''')


def scaffold(checkout: Path, name: str, *, title: str, today: date) -> tuple[Path, ...]:
    """Write the files of a new platform. Raises BadInput where the folder is no checkout, or the name is taken or none."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise BadInput(f"'{name}' is no name of a platform: small letters and digits, a letter first, such as 'board'.")
    if not (checkout / "crawlers/spiders").is_dir() or not (checkout / "tests/cases").is_dir():
        raise BadInput(f"{checkout} is no checkout of Footprint. Mend: go to one, or name it with --checkout.")
    found = _files(name, title, today)
    taken = [path for path in found if (checkout / path).exists()]
    if taken:
        raise BadInput(f"There is a platform '{name}' already: {taken[0]}.")
    for path, content in found.items():
        file = checkout / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return tuple(checkout / path for path in found)


def _files(name: str, title: str, today: date) -> Mapping[str, str]:
    said = {
        "name": name,
        "title": title.replace("\\", "").replace('"', "'").strip() or name,
        "spider": name.capitalize(),
    }
    when = {"year": str(today.year), "month": str(today.month), "day": str(today.day)}
    cases = {
        f"tests/cases/{name}/{case}/{file}": content
        for case, answer, expected in _cases(name)
        for file, content in (
            ("case.toml", f'url = "https://{name}.example/api/posts?author=dana"\n'),
            ("input.json", json.dumps(answer, indent=2) + "\n"),
            ("expected.json", json.dumps(expected, indent=2) + "\n"),
        )
    }
    return {
        f"crawlers/spiders/{name}.py": SPIDER.substitute(said | when),
        f"tests/crawlers/spiders/test_{name}.py": TEST.substitute(said),
        **cases,
    }


def _cases(name: str) -> tuple[tuple[str, object, object], ...]:
    """A case with posts, one with none, and one that is refused: the contract asks for these three at least."""
    home = f"https://{name}.example"
    post = {
        "id": "1", "created_at": "2026-03-07T21:30:00Z", "url": f"{home}/@dana/1", "author": "dana",
        "text": "A day at the fair", "media": [{"url": f"{home}/media/1.jpg", "alt": "A car"}],
    }  # fmt: skip
    expected = {
        "platform": name, "native_id": "1", "author": "dana", "kind": "post", "permalink": f"{home}/@dana/1",
        "text": "A day at the fair", "created_at": "2026-03-07T21:30:00+00:00",
        "visibility": "listed by the public API without signing in",
        "media": [{"key": f"{home}/media/1.jpg", "url": f"{home}/media/1.jpg", "kind": "image", "alt": "A car"}],
    }  # fmt: skip
    return (
        ("plain", {"posts": [post]}, {"posts": [expected]}),
        ("empty", {"posts": []}, {"posts": []}),
        ("login_wall", {"error": "login_required"}, {"error": "NotPublic"}),
    )
