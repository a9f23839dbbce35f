"""A static site of a city, on a plain web server: its files change, and both scans see what there is."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crawlers.launch import CrawlResult
from footprint.posts import MediaAsset

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{}</urlset>'
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        pass


def drawn(form: str, colour: int) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), (colour, 90, 90)).save(buffer, form)
    return buffer.getvalue()


@dataclass
class City:
    """The site's folder, and where it answers."""

    folder: Path
    url: str

    def write(self, name: str, content: bytes | str) -> None:
        """Write one file of the site."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def page(self, name: str, words: str, more: str = "") -> None:
        """Write an article, as site generators do: JSON-LD for machines, an article for people."""
        data = {"@type": "NewsArticle", "headline": name, "datePublished": BEGAN.isoformat()}
        script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        html = f"<html><head>{script}</head><body><nav><a href='/'>Home</a></nav><article><h1>{name}</h1><p>{words}</p>{more}</article></body></html>"
        self.write(f"news/{name}/index.html", html)

    def list(self, changed: dict[str, datetime]) -> None:
        """Write the sitemaps: an index, a packed part with the pages, and a part with news and its picture."""
        entries = "".join(
            f"<url><loc>{self.url}/news/{name}/</loc><lastmod>{at.isoformat()}</lastmod></url>"
            for name, at in changed.items()
        )
        news = (
            f"<url><loc>{self.url}/news/parade/</loc><news:news><news:title>Parade</news:title>"
            f"<news:publication_date>{BEGAN.isoformat()}</news:publication_date></news:news>"
            f"<image:image><image:loc>{self.url}/parade.png</image:loc></image:image></url>"
        )
        self.write("pages.xml.gz", gzip.compress(SITEMAP.format(entries).encode()))
        self.write("news.xml", SITEMAP.format(news))
        parts = (f"<sitemap><loc>{self.url}/{part}</loc></sitemap>" for part in ("pages.xml.gz", "news.xml"))
        self.write("sitemap.xml", INDEX.format("".join(parts)))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city's web server."""
    folder = tmp_path_factory.mktemp("city")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield City(folder, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


@dataclass(frozen=True, slots=True)
class Scanned:
    """Two scans of the site, and what stood in the record after the first."""

    house: Any
    first: CrawlResult
    after_first: list[list[str]]
    second: CrawlResult
    outcomes: dict[str, int]


@pytest.fixture(scope="module")
def scanned(site: City, houses: Callable[[str, str], Any]) -> Scanned:
    """Four pages are read; then one is rewritten, one is taken away, and one is new."""
    site.write("robots.txt", "User-agent: *\nDisallow: /news/secret/\n")
    for name in ("fair", "closing", "secret"):
        site.page(name, f"{name}.")
    site.page(
        "budget",
        "budget.",
        '<p><a href="/budget.pdf">The budget</a> <a href="https://state.example/law.pdf">A law</a></p>',
    )
    site.write(
        "news/parade/index.html",
        "<html><head><title>parade</title></head><body><main><p>parade.</p></main></body></html>",
    )
    site.write("parade.png", drawn("PNG", 10))
    site.write("budget.pdf", drawn("PDF", 20))
    changed = dict.fromkeys(("fair", "closing", "secret", "budget"), BEGAN)
    site.list(changed)
    house = houses("city", f"{site.url}/news/")
    first, seen = house.scan(), house.history()
    site.page("fair", "fair, mended.")
    site.page("new", "new.")
    (site.folder / "news/closing/index.html").unlink()
    (site.folder / "news/closing").rmdir()
    del changed["closing"]
    site.list(changed | {"fair": BEGAN + timedelta(days=2), "new": BEGAN + timedelta(days=2)})
    second = house.scan()
    return Scanned(house, first, seen, second, house.outcomes())


def test_articles_of_all_sitemaps_come_in(scanned: Scanned) -> None:
    """The parts of the index are read, the packed one too, and a page without a date has that of the news; what robots.txt forbids is not."""
    assert scanned.first.ok, scanned.first
    assert scanned.after_first == [["The budget A law"], ["closing."], ["fair."], ["parade."]]


def test_pictures_and_documents_come_in(scanned: Scanned, site: City) -> None:
    """The picture that only the sitemap names, and the document that a page links to on the city's own host, are kept byte for byte."""
    assets = {asset.mime: scanned.house.blobs.get(asset.sha256) for asset in scanned.house.record.select(MediaAsset)}
    files = {"image/png": "parade.png", "application/pdf": "budget.pdf"}
    assert assets == {mime: (site.folder / name).read_bytes() for mime, name in files.items()}


def test_changes_are_seen(scanned: Scanned) -> None:
    """The second scan sees the new words of a page, that one is gone, and the new one."""
    assert scanned.second.ok, scanned.second
    assert scanned.house.history() == [
        ["The budget A law"],
        ["closing.", "gone"],
        ["fair.", "fair, mended."],
        ["new."],
        ["parade."],
    ]


def test_what_did_not_change_is_not_asked_for_again(scanned: Scanned) -> None:
    """Two pages that are new or changed say something new; else only the three sitemaps and the page that is gone are asked for."""
    assert scanned.outcomes == {"fetched": 2, "unchanged": 3, "gone": 1, "robots_denied": 1}
