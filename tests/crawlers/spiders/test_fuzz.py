"""Mutated answers: whatever a server sends, a parser says posts or SourceError, and nobody's words become somebody else's."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.platform import Page, Progress
from crawlers.platforms import platform_of
from footprint import plugins
from footprint.accounts import Account
from footprint.errors import SourceError
from footprint.posts import ObservedPost, content_hash

NAMES = plugins.names("crawlers.spiders", offers="MANIFEST")
CASES = Path(__file__).parents[2] / "cases"

HOLDER = re.compile(rb"dana.reed|\b310731\b", re.IGNORECASE)  # by name, or by the number of those who are numbered

FRAGMENTS = st.sampled_from(
    [
        b"<", b">", b'"', b"&", b"\x00", b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE x [", b"&#55357;", b"&#x110000;", b"\\ud83d",
        b"http://[::1", b"//x", b"data:,", b"9" * 400, b"-1e999", b"null", b"[]", b"{}", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59-23:59",
        b"\xff\xfe", b"\xed\xa0\x80", b'<div class="h-entry">', b'xml:base="::"', b' encoding="utf-7"', b"<base href=x:y>",
    ]
)  # fmt: skip

JUNK: list[Any] = [
    None, True, False, 0, -1, 17, 2.5, 10**40, "", "x", [], {}, [None], [17], [[]], ["x"], {"id": 1}, {"url": ["x"]}, {"name": None}, {"@id": "#a"},
    "javascript:alert(1)", "\ud800", "\x00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00Z", "http://[", "https://a.example/" + "x" * 9000,
]  # fmt: skip


@st.composite
def mutated_bytes(draw: st.DrawFn, body: bytes) -> bytes:
    """The body after some cuts, insertions and repetitions."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        middle = draw(st.one_of(st.just(b""), FRAGMENTS, st.binary(max_size=4), st.just(body[start:end] * 2)))
        body = body[:start] + middle + body[end:]
    return body


def words_of(document: Any) -> set[str]:
    """Every name that a JSON document uses."""
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return (set(document) if isinstance(document, dict) else set()).union(*map(words_of, inner))


@cache
def vocabulary(name: str) -> list[str]:
    """Every name that the answers of a platform's cases use."""
    words: set[str] = set()
    for file in (CASES / name).glob("*/input.json"):
        with suppress(ValueError):
            words |= words_of(json.loads(file.read_bytes()))
    return sorted(words)


def garbled(node: Any, rate: float, words: list[str], chance: Random) -> Any:
    """A JSON document in which some values, of any depth, became others, and some objects got properties that others have."""
    if chance.random() < rate:
        return chance.choice(JUNK)
    if isinstance(node, list):
        return [garbled(inner, rate, words, chance) for inner in node]
    if isinstance(node, dict):
        more = {chance.choice(words): chance.choice(JUNK)} if chance.random() < rate else {}
        return {name: garbled(inner, rate, words, chance) for name, inner in node.items()} | more
    return node


@st.composite
def answers(draw: st.DrawFn, name: str) -> tuple[Path, bytes]:
    """A case, and its answer as somebody else's and mutated."""
    files = sorted((CASES / name).glob("*/input.*"))
    in_json = [file for file in files if file.suffix == ".json"]
    case = draw(st.one_of(*(st.sampled_from(some) for some in (files, in_json) if some))).parent
    body = HOLDER.sub(b"mallory", next(case.glob("input.*")).read_bytes())
    with suppress(ValueError):
        document, rate = json.loads(body), draw(st.sampled_from([0, 0.02, 0.1, 0.3]))
        body = json.dumps(garbled(document, rate, vocabulary(name), draw(st.randoms(use_true_random=False)))).encode()
        return case, body if rate else draw(mutated_bytes(body))
    return case, draw(mutated_bytes(body))


def require_normal(post: ObservedPost) -> None:
    """Fail unless the post can be kept, and fetched from, without harm."""
    assert content_hash(post)
    assert post.native_id
    assert post.created_at.tzinfo is not None
    for url in (post.permalink, *(medium.url for medium in post.media), *post.links):
        assert urlsplit(url).scheme in ("http", "https")
        assert urlsplit(url).hostname
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", post.text)


@pytest.mark.parametrize("name", NAMES)
def test_a_mutated_answer_yields_posts_or_a_source_error(
    name: str,
    example: Callable[[str], Account],
    as_author: Callable[[Account, str], Account],
    parse_case: Callable[..., list[ObservedPost]],
) -> None:
    """No mutation brings about another error, an unsafe address, or a post of the holder's out of somebody else's words."""
    holder = as_author(example(name), "Dana Reed")

    @settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(answers(name))
    def check(mutated: tuple[Path, bytes]) -> None:
        try:
            posts = parse_case(*mutated)
        except SourceError:
            return
        for post in posts:
            require_normal(post)
            assert not platform_of(name).is_author(post, holder)

    check()


@pytest.mark.parametrize("name", NAMES)
def test_a_mutated_page_is_read_or_refused(name: str, example: Callable[[str], Account]) -> None:
    """Reading a page, of any role and status, raises nothing but SourceError, and leads to web addresses of the same host only."""
    account = example(name)
    platform = platform_of(name)
    progress = Progress(state={}, reread_from=account.registered_at)
    first = platform.start(account, progress)[0]

    @settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(
        answers(name),
        st.sampled_from([200, 203, 404, 410, 451]),
        st.sampled_from(["", "text/html; charset=x", "application/xml"]),
    )
    def check(mutated: tuple[Path, bytes], status: int, content_type: str) -> None:
        headers = {
            "content-type": content_type,
            "link": f'<{first.url}&max_id=1>; rel="next"',
            "date": "Mon, 01 Jun 2026 00:00:00 GMT",
        }
        page = Page(request=first, url=first.url, status=status, headers=headers, body=mutated[1])
        try:
            reading = platform.read(page, account, progress)
        except SourceError:
            return
        for request in reading.next:
            assert urlsplit(request.url).netloc in {urlsplit(account.address).netloc, *platform.MANIFEST.api_hosts}
        assert json.dumps(dict(reading.state))

    check()
