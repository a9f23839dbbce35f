"""Web archives, read by a platform's own parser."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.export import Part
from footprint.errors import BadInput

ReadExport = Callable[..., list[Part]]

API = "https://social.example/api/v1/accounts/1/statuses"
PICTURE = "https://files.social.example/1.png"
STATUS = {
    "id": "11", "created_at": "2026-03-07T21:30:00Z", "visibility": "public", "content": "<p>Hi</p>",
    "uri": "https://social.example/users/dana/statuses/11", "url": "https://social.example/@dana/11",
    "account": {"acct": "dana", "username": "dana", "url": "https://social.example/@dana"},
    "media_attachments": [{"id": "5", "type": "image", "url": PICTURE, "description": "A car"}],
}  # fmt: skip


def recorded(*exchanges: tuple[str, str, bytes, dict[str, str]]) -> bytes:
    """A WARC file of (address, content type, body, request headers)."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for url, kind, body, asked in exchanges:
        told = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), http_headers=told,
            warc_headers_dict={"WARC-Date": "2026-04-01T00:00:00Z"},
        ))  # fmt: skip
        ask = StatusAndHeaders("GET / HTTP/1.1", list(asked.items()), is_http_request=True)
        writer.write_record(writer.create_warc_record(url, "request", http_headers=ask))
    return stream.getvalue()


PAGE = (API, "application/json", json.dumps([STATUS]).encode(), {"Host": "social.example"})
MEDIUM = (PICTURE, "image/png", b"\x89PNG picture", {})


@pytest.fixture
def read_warc(tmp_path: Path, read_export: ReadExport) -> Callable[..., list[Part]]:
    """Reads a WARC file of these exchanges as one of a Mastodon account."""

    def read(*exchanges: tuple[str, str, bytes, dict[str, str]]) -> list[Part]:
        (tmp_path / "dana.warc.gz").write_bytes(recorded(*exchanges))
        return read_export("warc", tmp_path / "dana.warc.gz", platform="mastodon")

    return read


def test_recorded_answers_are_read_with_their_media(read_warc: Callable[..., list[Part]]) -> None:
    """The platform's parser reads the posts; pictures come from the same archive."""
    (part,) = read_warc(MEDIUM, PAGE)
    assert [post.text for post in part.posts] == ["Hi"]
    assert {url: read(100) for url, read in part.files.items()} == {PICTURE: b"\x89PNG picture"}
    assert "2026-04-01" in part.posts[0].visibility


@pytest.mark.parametrize("header", ["Cookie", "Authorization"])
def test_what_was_asked_with_a_session_is_left_out(header: str, read_warc: Callable[..., list[Part]]) -> None:
    """It was not shown to be public."""
    url, kind, body, _ = PAGE
    assert read_warc((url, kind, body, {header: "secret"})) == []


def test_other_hosts_are_left_out(read_warc: Callable[..., list[Part]]) -> None:
    """An archive of everything that somebody looked at is read for one account only."""
    _, kind, body, asked = PAGE
    assert read_warc(("https://other.example/api/v1/accounts/1/statuses", kind, body, asked)) == []


def test_a_wacz_is_read(tmp_path: Path, read_export: ReadExport) -> None:
    """It is a zip file with WARC files in it."""
    with zipfile.ZipFile(tmp_path / "dana.wacz", "w") as archive:
        archive.writestr("archive/data.warc.gz", recorded(PAGE, MEDIUM))
        archive.writestr("pages/pages.jsonl", "{}")
    (part,) = read_export("warc", tmp_path / "dana.wacz", platform="mastodon")
    assert [read(100) for read in part.files.values()] == [b"\x89PNG picture"]


def test_a_broken_archive_is_an_error(tmp_path: Path, read_export: ReadExport) -> None:
    """It is not taken for one without posts."""
    (tmp_path / "dana.warc").write_bytes(b"no archive at all, whatever its name says\r\n\r\n")
    with pytest.raises(BadInput, match=r"dana\.warc"):
        read_export("warc", tmp_path / "dana.warc", platform="mastodon")
