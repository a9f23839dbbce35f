"""Bytes are media by what they are."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from footprint.errors import UnsupportedMedia
from pipelines.media import mime_of, reference_id


def image(form: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, form)
    return buffer.getvalue()


def opendocument() -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as document:
        document.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (image("PNG"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("GIF"), "image/gif"),
        (image("WEBP"), "image/webp"),
        (image("BMP"), "image/bmp"),
        (image("TIFF"), "image/tiff"),
        (image("AVIF"), "image/avif"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4"),
        (bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d"), "video/webm"),
        (b"ID3\x04\x00\x00", "audio/mpeg"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/x-wav"),
        (b"%PDF-1.7", "application/pdf"),
        (opendocument(), "application/vnd.oasis.opendocument.text"),
    ],
)
def test_media_are_known_by_their_bytes(data: bytes, mime: str) -> None:
    """Pictures, video, sound and documents are what their first bytes say, whatever a server calls them."""
    assert mime_of(data, declared="text/plain") == mime


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><p>Not found</p>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"PK\x03\x04" + b"\x00" * 40,
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#EXTM3U\nhttp://a.example/1.ts",
        b"{}",
    ],
)
def test_anything_else_is_no_medium(data: bytes) -> None:
    """Pages, archives, programs, playlists and drawings with scripts are refused, though a server calls them pictures."""
    with pytest.raises(UnsupportedMedia, match="declared as image/png"):
        mime_of(data, declared="image/png; charset=utf-8")


def test_reference_is_of_the_platforms_key() -> None:
    """Two posts showing one medium are two references; an address plays no part."""
    assert reference_id("board:1", "a") == reference_id("board:1", "a") != reference_id("board:2", "a")
