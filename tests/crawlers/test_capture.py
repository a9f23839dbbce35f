"""Raw exchanges as WARC: whole, readable by others, without secrets, and the same every time."""

import gzip
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawlers.capture import RAW, warc
from footprint.digests import sha256
from footprint.posts import Capture, PostVersion

AT = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
BODY = gzip.compress(b'{"posts": []}', mtime=0)


def exchange(url: str = "https://town.example/posts?page=1") -> Response:
    """An answer as the spider gets it: decoded, with the raw one beside it."""
    headers = {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked", "Set-Cookie": ["a=1", "b=2"], "X-Word": "é"}
    raw = Response(url, status=200, headers=headers, body=BODY)
    request = Request(url, headers={"Authorization": "Bearer hush", "Accept": "*/*"}, meta={RAW: raw})
    return Response(url, status=200, body=gzip.decompress(BODY), request=request)


def records(data: bytes) -> list[tuple[Any, Any, bytes]]:
    """Record headers, HTTP headers and body as it lies in the record, of each record."""
    return [(r.rec_headers, r.http_headers, r.raw_stream.read()) for r in ArchiveIterator(BytesIO(data))]


def test_exchange_is_a_response_and_its_request() -> None:
    """Both halves are there and belong together."""
    (response, status, body), (request, ask, _) = records(warc(exchange(), AT, whole=True))
    assert [h.get_header("WARC-Type") for h in (response, request)] == ["response", "request"]
    assert request.get_header("WARC-Concurrent-To") == response.get_header("WARC-Record-ID")
    assert response.get_header("WARC-Target-URI") == "https://town.example/posts?page=1"
    assert response.get_header("WARC-Date") == "2026-05-04T12:00:00.123456Z"
    assert (status.statusline, ask.protocol, ask.statusline) == ("200 OK", "GET", "/posts?page=1 HTTP/1.1")
    assert body == BODY


def test_digests_hold(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """warcio's own checker finds nothing wrong, whole or withheld."""

    class Command:
        inputs = (str(tmp_path / "a.warc.gz"),)
        verbose = True

    (tmp_path / "a.warc.gz").write_bytes(warc(exchange(), AT, whole=True) + warc(exchange(), AT, whole=False))
    assert Checker(Command()).process_all() == 0
    assert capsys.readouterr().out.count("digest pass") == 4


def test_exchange_is_the_same_every_time() -> None:
    """Two captures of one exchange are one blob."""
    assert warc(exchange(), AT, whole=True) == warc(exchange(), AT, whole=True)


def test_captures_can_be_strung_together() -> None:
    """Blobs one after the other are one WARC file."""
    assert len(records(warc(exchange(), AT, whole=True) + warc(exchange("https://b.example/"), AT, whole=True))) == 4


def test_secrets_stay_out() -> None:
    """Neither headers nor the address show a token or a session."""
    data = gzip.decompress(warc(exchange("https://town.example/a?access_token=hush&b=2"), AT, whole=True))
    assert b"hush" not in data
    assert b"a=1" not in data
    assert b"access_token=***&b=2" in data


@pytest.mark.parametrize(
    "name", ["Authorization", "X-Goog-Api-Key", "X-API-Key", "X-Auth-Token", "Client-Secret", "Cookie"]
)
def test_no_header_shows_a_key(name: str) -> None:
    """A token is masked in whichever header an API wants it."""
    request = Request("https://api.example/posts", headers={name: "hush"})
    data = gzip.decompress(warc(Response(request.url, body=BODY, request=request), AT, whole=True))
    assert b"hush" not in data
    assert b"***" in data


def test_answer_that_repeats_the_token_is_masked() -> None:
    """Meta's APIs give the address of the next page with the token in it; the record says what came by its digest alone."""
    said = b'{"paging": {"next": "https://graph.example/p?access_token=EAAB-hush|1&after=c"}, "data": []}'
    came = gzip.compress(said, mtime=0)
    raw = Response("https://graph.example/p", headers={"Content-Encoding": "gzip"}, body=came)
    request = Request(raw.url, headers={"Authorization": "Bearer EAAB-hush|1"}, meta={RAW: raw})
    (response, status, body), _ = records(warc(Response(raw.url, body=said, request=request), AT, whole=True))
    assert body == said.replace(b"EAAB-hush|1", b"***")
    assert (status.get_header("Content-Encoding"), b"hush" in body) == (None, False)
    assert response.get_header("Withheld-Payload-Digest") == f"sha256:{sha256(came)}"


def test_what_was_asked_without_a_token_is_kept_as_it_came() -> None:
    """A page that happens to hold such words is evidence, not a secret of ours."""
    said = b"<p>?access_token=theirs</p>"
    request = Request("https://town.example/")
    (_, _, body), _ = records(warc(Response(request.url, body=said, request=request), AT, whole=True))
    assert body == said


def test_withheld_payload_leaves_its_digest() -> None:
    """Where the page also shows what must not be kept, the record has all but the payload."""
    (response, status, body), _ = records(warc(exchange(), AT, whole=False))
    assert body == b""
    assert response.get_header("WARC-Truncated") == "unspecified"
    assert response.get_header("Withheld-Payload-Digest").startswith("sha256:")
    assert status.get_header("Content-Encoding") == "gzip"


def test_crawl_keeps_what_came_over_the_wire(site: Any, house: Any) -> None:
    """A version names the capture of the page that showed it, compressed as it was sent."""
    sent = gzip.compress(site.page(site.post(1)).body)
    site.says["/alice/posts"] = site.answer(sent, headers={"Content-Encoding": "gzip"})
    house.crawl()
    (version,) = house.record.select(PostVersion)
    (capture,) = house.record.select(Capture, sha256=version.capture_sha256)
    (response, _, body), (_, ask, _) = records(house.blobs.get(capture.sha256))
    assert body == sent
    assert response.get_header("WARC-Target-URI") == capture.url == f"{site.origin}/alice/posts"
    assert ask.get_header("User-Agent").startswith("Footprint/")
