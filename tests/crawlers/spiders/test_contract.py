"""What every platform keeps, whoever wrote it. A new module in `crawlers/spiders` is held to it without a line here."""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawlers.account_spider import AccountSpider
from crawlers.platform import PageRequest, Progress
from crawlers.platforms import platform_of
from footprint import plugins
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError
from footprint.posts import ObservedPost, content_hash

NAMES = plugins.names("crawlers.spiders", offers="MANIFEST")
CASES = Path(__file__).parents[2] / "cases"

# Words of addresses that list other people, or what somebody likes (guardrail G2).
# A board's search for the posts of one member, who is registered, is no search for people.
FORBIDDEN = re.compile(
    r"follow(er|ing)|friend|favou?rite|bookmark|\blikes?\b|connections|contacts"
    r"|search(?!(\.php|/member)\?(author_id|action=finduser&uid|do=finduser&userid|user_id)=)",
    re.IGNORECASE,
)

platforms = pytest.mark.parametrize("name", NAMES)


def is_web(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", url)


def posts_of(name: str, parse_case: Callable[..., list[ObservedPost]]) -> Iterable[ObservedPost]:
    for case in sorted((CASES / name).iterdir()):
        if "posts" in json.loads((case / "expected.json").read_text(encoding="utf-8")):
            yield from parse_case(case)


@platforms
def test_the_manifest_says_what_an_operator_must_know(name: str) -> None:
    """Name, purpose, authority, terms with the day of their review, token and a polite budget are all told."""
    manifest = platform_of(name).MANIFEST
    assert manifest.name == name
    assert manifest.title
    assert manifest.reads
    assert manifest.authority
    assert is_web(manifest.terms_url)
    assert date(2026, 1, 1) < manifest.terms_reviewed_on
    assert manifest.token in ("none", "optional", "required")
    assert 1 <= manifest.requests_per_minute <= 60


@platforms
def test_the_spider_bears_the_name_of_its_module(name: str) -> None:
    """Scrapy finds the spider by the name under which accounts are registered, and it reads with that module."""
    settings = Settings({"SPIDER_MODULES": ["crawlers.spiders"]})
    spider = SpiderLoader.from_settings(settings).load(name)
    assert issubclass(spider, AccountSpider)
    assert spider.platform is platform_of(name)


@platforms
def test_there_are_cases_of_posts_of_none_and_of_refusals(name: str) -> None:
    """A platform has cases with posts, without posts, and with an error."""
    expected = [json.loads(file.read_text(encoding="utf-8")) for file in (CASES / name).glob("*/expected.json")]
    assert any(case.get("posts") for case in expected)
    assert any(case.get("posts") == [] for case in expected)
    assert any("error" in case for case in expected)


@platforms
def test_an_account_has_one_id_however_its_address_is_typed(name: str, example: Callable[[str], Account]) -> None:
    """White space around an address and capitals in its host make no second account."""
    account = example(name)
    host = urlsplit(account.address).netloc
    typed = f"  {account.address.replace(host, host.upper())}\n"
    assert platform_of(name).native_id(typed) == account.native_id


@pytest.mark.parametrize(
    "address", ["", "Dana Reed", "ftp://x.example/@a", "javascript:alert(1)", "https://", "http://[::1"]
)
@platforms
def test_what_is_no_address_is_refused_with_an_example(name: str, address: str) -> None:
    """A person who types something else is shown what an address looks like."""
    with pytest.raises(BadInput, match="https://"):
        platform_of(name).native_id(address)


@platforms
@given(address=st.one_of(st.text(), st.text().map(lambda text: f"https://a.example/{text}")))
def test_any_text_is_an_address_or_refused(name: str, address: str) -> None:
    """No text that somebody types as an address brings about any other error."""
    with suppress(BadInput):
        assert platform_of(name).native_id(address)


@platforms
def test_a_crawl_starts_on_the_accounts_own_host(name: str, example: Callable[[str], Account]) -> None:
    """The first pages are the account's, on the host that was registered or the platform's own, and can be kept as JSON for the next crawl."""
    account = example(name)
    hosts = {urlsplit(account.address).netloc, *platform_of(name).MANIFEST.api_hosts}
    requests = platform_of(name).start(account, Progress(state={}, reread_from=account.registered_at))
    assert requests
    for request in requests:
        assert urlsplit(request.url).netloc in hosts
        assert not FORBIDDEN.search(request.url)
        assert PageRequest(**json.loads(json.dumps(asdict(request)))) == request


@platforms
def test_a_look_up_asks_for_the_post_where_it_was_published(
    name: str, example: Callable[[str], Account], parse_case: Callable[..., list[ObservedPost]]
) -> None:
    """A direct look-up goes to the account's host, the platform's own, or that of the post's own address, and lists nobody."""
    account = example(name)
    hosts = {urlsplit(account.address).netloc, *platform_of(name).MANIFEST.api_hosts}
    for post in posts_of(name, parse_case):
        request = platform_of(name).look_up(post.native_id, post.permalink, account)
        assert urlsplit(request.url).netloc in {*hosts, urlsplit(post.permalink).netloc}
        assert is_web(request.url)
        assert not FORBIDDEN.search(request.url.removeprefix(post.permalink))


@platforms
def test_nobody_elses_post_is_the_holders(
    name: str,
    example: Callable[[str], Account],
    as_author: Callable[[Account, str], Account],
    parse_case: Callable[..., list[ObservedPost]],
) -> None:
    """Whatever a post says, it is the holder's only under the holder's name."""
    account = as_author(example(name), "Dana Reed")
    for post in posts_of(name, parse_case):
        for author in ("Mallory", "mallory@evil.example", "", None):
            assert not platform_of(name).is_author(replace(post, author=author), account)


@platforms
def test_posts_are_in_the_normal_form(name: str, parse_case: Callable[..., list[ObservedPost]]) -> None:
    """Times are aware UTC, ids text, addresses on the web, texts without controls, and the whole can be kept as JSON."""
    for post in posts_of(name, parse_case):
        assert post.platform == name
        assert post.native_id
        assert all(at.tzinfo is UTC for at in (post.created_at, post.edited_at) if at)
        assert all(is_web(url) for url in (post.permalink, *(medium.url for medium in post.media), *post.links))
        assert len({medium.key for medium in post.media}) == len(post.media)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", post.text + post.html)
        assert post.visibility
        assert content_hash(post)


@platforms
def test_reading_twice_says_the_same(name: str, parse_case: Callable[..., list[ObservedPost]]) -> None:
    """A parser keeps nothing from one answer to the next."""
    assert list(posts_of(name, parse_case)) == list(posts_of(name, parse_case))


@platforms
def test_no_bytes_bring_about_another_error(name: str, parse_case: Callable[..., list[ObservedPost]]) -> None:
    """What is no answer of the platform is a SourceError, or holds no posts."""
    case = sorted((CASES / name).iterdir())[0]
    nested = b"[" * 100_000
    deep = b"<div>" * 50_000 + b"<img src=x>"
    for body in (
        b"",
        b"\x00",
        b"\xff\xfe\xff",
        b"null",
        b"0",
        b'"x"',
        b"[[]]",
        b"{}",
        nested,
        deep,
        b'{"id":' * 9_000,
        b"9" * 9_000,
    ):
        try:
            found: list[Any] = parse_case(case, body)
        except SourceError:
            found = []
        assert found == []
