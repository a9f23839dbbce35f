"""How a site is walked: its sitemap first, then the pages that are new, changed or young."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.platform import Page, PageRequest, Platform, Progress
from crawlers.platforms import platform_of
from crawlers.spiders import city
from footprint.accounts import Account
from footprint.errors import SourceError, SourceGone

PLATFORM = platform_of("city")
HOME = "https://city.example/news/"
SITEMAP = "https://city.example/sitemap.xml"
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
NEVER = Progress(state={}, reread_from=JUNE)

Answer = Callable[..., Page]


@pytest.fixture
def account(account_at: Callable[[Platform, str], Account]) -> Account:
    """A section of a city's site."""
    return account_at(PLATFORM, "https://city.example/news")


def sitemap(*urls: str, root: str = "urlset", child: str = "url") -> str:
    inner = "".join(f"<{child}>{url if '<' in url else f'<loc>{url}</loc>'}</{child}>" for url in urls)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'


def changed(url: str, day: int) -> str:
    return f"<loc>{url}</loc><lastmod>2026-05-{day:02}T00:00:00+00:00</lastmod>"


def article(day: int = 3, body: str = "<p>Words.</p>") -> str:
    head = f'<meta property="og:type" content="article"><meta property="article:published_time" content="2026-05-{day:02}T00:00:00Z">'
    return f"<html><head>{head}</head><body><article><h1>Parade</h1>{body}</article></body></html>"


def first(account: Account) -> PageRequest:
    (request,) = city.start(account, NEVER)
    return request


def addresses(requests: tuple[PageRequest, ...]) -> list[str]:
    return [request.url for request in requests]


def progress(**pages: dict[str, Any]) -> Progress:
    state = {f"{HOME}{name}": {"sitemap": SITEMAP, **known} for name, known in pages.items()}
    return Progress(state=state, reread_from=JUNE)


@pytest.mark.parametrize(
    ("address", "native_id"),
    [
        ("https://City.example", "https://city.example/"),
        ("https://city.example/news", HOME),
        ("http://127.0.0.1:8080/news/", "http://127.0.0.1:8080/news/"),
    ],
)
def test_a_site_is_known_by_its_folder(address: str, native_id: str) -> None:
    """With or without the last slash it is one section; its id is an address again."""
    assert city.native_id(address) == native_id
    assert city.native_id(native_id) == native_id


def test_the_sitemap_of_the_site_is_asked_for_first(account: Account) -> None:
    """A section's pages are in the sitemap of the whole site."""
    assert addresses((first(account),)) == [SITEMAP]


def test_pages_below_the_address_are_read_and_no_others(account: Account, answer: Answer) -> None:
    """Other sections, other hosts and files that are no pages stay unread; scheme and case of the host do not matter."""
    body = sitemap(
        f"{HOME}a/", "http://CITY.example/news/b", HOME, "https://city.example/newsletter/", "https://city.example/jobs/",
        "https://other.example/news/c/", f"{HOME}plan.pdf", f"{HOME}photo.JPG", "javascript:alert(1)", f"{HOME}a/#top",
    )  # fmt: skip
    reading = city.read(answer(first(account), body), account, NEVER)
    assert addresses(reading.next) == [f"{HOME}a/", "http://city.example/news/b", HOME]


def test_an_index_leads_to_its_sitemaps(account: Account, answer: Answer) -> None:
    """The parts of an index are read on the same host only; gzip inside is unpacked."""
    body = sitemap(
        "https://city.example/s1.xml.gz", "https://other.example/s2.xml", root="sitemapindex", child="sitemap"
    )
    reading = city.read(answer(first(account), body), account, NEVER)
    assert addresses(reading.next) == ["https://city.example/s1.xml.gz"]
    (part,) = reading.next
    inner = city.read(answer(part, gzip.compress(sitemap(f"{HOME}a/").encode())), account, NEVER)
    assert addresses(inner.next) == [f"{HOME}a/"]


@pytest.mark.parametrize(
    ("known", "listed", "is_due"),
    [
        ({"changed": "2026-05-03T00:00:00+00:00"}, changed(f"{HOME}a", 3), False),
        ({"changed": "2026-05-03T00:00:00+00:00"}, changed(f"{HOME}a", 4), True),
        ({"changed": None, "created": "2026-05-03T00:00:00+00:00"}, changed(f"{HOME}a", 3), True),
        ({"created": "2026-05-03T00:00:00+00:00"}, f"{HOME}a", False),  # old, and nobody says that it changed
        ({"created": "2026-06-03T00:00:00+00:00"}, f"{HOME}a", True),  # young
        ({}, f"{HOME}a", True),  # a list of others, without a time
    ],
)
def test_a_known_page_is_read_again_when_it_changed_or_is_young(
    account: Account, answer: Answer, known: dict[str, Any], listed: str, is_due: bool
) -> None:
    """The sitemap's `lastmod` decides; where there is none, the age of the post does."""
    reading = city.read(answer(first(account), sitemap(listed)), account, progress(a=known))
    assert bool(reading.next) is is_due


def test_what_the_sitemap_says_of_a_page_travels_with_its_request(account: Account, answer: Answer) -> None:
    """Date and pictures of news and image sitemaps reach the post; what is known of the page reaches the cursor."""
    entry = f"""{changed(f"{HOME}a/", 5)}
      <n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication_date>2026-05-04</n:publication_date></n:news>
      <i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>/img/1.jpg</i:loc><i:caption>One</i:caption></i:image>"""
    (request,) = city.read(answer(first(account), sitemap(entry)), account, NEVER).next
    reading = city.read(answer(request, "<html><body><main><h1>A</h1></main></body></html>"), account, NEVER)
    (post,) = reading.posts
    assert post.created_at == datetime(2026, 5, 4, tzinfo=UTC)
    assert [(medium.url, medium.alt) for medium in post.media] == [("https://city.example/img/1.jpg", "One")]
    assert reading.state == {
        f"{HOME}a/": {
            "sitemap": SITEMAP,
            "changed": "2026-05-05T00:00:00+00:00",
            "id": f"{HOME}a/",
            "created": "2026-05-04T00:00:00+00:00",
        }
    }


def test_a_page_that_left_the_sitemap_is_looked_up(account: Account, answer: Answer) -> None:
    """A post whose page this sitemap listed before is missing; one of another sitemap is not, nor a page without a post."""
    known = progress(
        a={"id": f"{HOME}a"},
        b={"id": f"{HOME}b-canonical"},
        c={},
        d={"id": f"{HOME}d", "sitemap": "https://city.example/other.xml"},
    )
    reading = city.read(answer(first(account), sitemap(f"{HOME}a")), account, known)
    assert reading.missing == (f"{HOME}b-canonical",)


def test_a_page_that_is_gone_is_gone(account: Account, answer: Answer) -> None:
    """A page that answers 404 or 410 is not an empty page."""
    with pytest.raises(SourceGone):
        city.read(answer(PageRequest(url=f"{HOME}a", role="page"), status=410), account, NEVER)


def test_a_list_of_others_yields_no_post_but_is_remembered(account: Account, answer: Answer) -> None:
    """A section's front page is read, publishes nothing itself, and is not read again until it changes."""
    request = PageRequest(url=HOME, role="page", context={"changed": "2026-05-03T00:00:00+00:00", "sitemap": SITEMAP})
    reading = city.read(
        answer(request, "<html><body><article>A</article><article>B</article></body></html>"), account, NEVER
    )
    assert (reading.posts, reading.next) == ((), ())
    assert reading.state == {HOME: {"sitemap": SITEMAP, "changed": "2026-05-03T00:00:00+00:00"}}


@pytest.mark.parametrize(
    ("status", "content_type"), [(404, "text/plain"), (410, ""), (200, "text/html; charset=utf-8")]
)
def test_without_a_sitemap_the_site_is_walked_by_its_links(
    account: Account, answer: Answer, status: int, content_type: str
) -> None:
    """Lists lead to their articles and to more of themselves, inside the section only; articles lead nowhere."""
    reading = city.read(
        answer(first(account), "<html>no such page", status=status, content_type=content_type), account, NEVER
    )
    (front,) = reading.next
    assert front.url == HOME
    links = "".join(
        f'<a href="{href}">x</a>'
        for href in ("a/", "?page=2", "?day=2026-05-01", "/jobs/", "https://other.example/news/", "a/#top", "b.pdf")
    )
    lists = f"<html><body><nav>{links}</nav><article>A</article><article>B</article></body></html>"
    assert addresses(city.read(answer(front, lists), account, NEVER).next) == [f"{HOME}a/", f"{HOME}?page=2"]
    inner = city.read(
        answer(PageRequest(url=f"{HOME}a/", role="page", context={"follow": True}), article(body=links)), account, NEVER
    )
    assert (len(inner.posts), inner.next) == (1, ())


def test_a_walk_by_links_skips_what_is_known_and_old(account: Account, answer: Answer) -> None:
    """Without a sitemap too, an old page is not read again at each crawl."""
    front = PageRequest(url=HOME, role="page", context={"follow": True})
    lists = '<html><body><a href="a">x</a><a href="b">x</a><article>A</article><article>B</article></body></html>'
    known = progress(a={"id": f"{HOME}a", "created": "2026-05-03T00:00:00+00:00"})
    assert addresses(city.read(answer(front, lists), account, known).next) == [f"{HOME}b"]


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
        "<rss/>",
        "",
        "\x1f\x8b broken",
    ],
)
def test_what_is_no_sitemap_is_an_error(account: Account, answer: Answer, body: str) -> None:
    """A document that declares entities, is of another sort, empty or broken ends as an error, not as a site without pages."""
    with pytest.raises(SourceError):
        city.read(answer(first(account), body.encode("latin-1"), content_type="application/xml"), account, NEVER)


def test_a_page_without_a_time_takes_that_of_the_answer(account: Account, answer: Answer) -> None:
    """A static page is dated by what the server says of its last change, and says so."""
    request = PageRequest(url=f"{HOME}about", role="page")
    told = {"last_modified": "Tue, 05 May 2026 12:00:00 GMT", "date": "Mon, 01 Jun 2026 00:00:00 GMT"}
    (post,) = city.read(
        answer(request, "<html><body><main>About us</main></body></html>", **told), account, NEVER
    ).posts
    assert post.created_at == datetime(2026, 5, 5, 12, tzinfo=UTC)
    assert "tells no time" in post.visibility
