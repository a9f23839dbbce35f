"""Bytes that may be JSON, XML, HTML or a gzip file, from servers that mean no good."""

import gzip
import zlib
from pathlib import Path

import pytest

from crawlers.answers import UNPACKED_LIMIT_BYTES, decoded, json_of, readable, tree_of, unpacked, xml_of
from footprint.errors import SourceError
from footprint.posts import ObservedPost

URL = "https://a.example/x"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"a": NaN}', b"[1e", b"9" * 5000, b"[" * 100_000, b"\xff\xfe\x00", b'{"a":-Infinity}']
)
def test_what_is_no_json_is_a_source_error(body: bytes) -> None:
    """Cut off, absurdly long or deep, or not JSON at all: one sort of error, with the address."""
    with pytest.raises(SourceError, match=URL):
        json_of(body, URL)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "", "é"),
        ("é".encode("latin-1"), "text/html; charset=iso-8859-1", "é"),
        (
            b'<?xml version="1.0" encoding="windows-1251"?>' + "д".encode("cp1251"),
            "",
            '<?xml version="1.0" encoding="windows-1251"?>д',
        ),
        (b'<meta charset="shift_jis">' + "犬".encode("shift_jis"), "", '<meta charset="shift_jis">犬'),
        ("é".encode("utf-8-sig"), "text/html; charset=iso-8859-1", "é"),
        ("é".encode("utf-16"), "", "é"),
        (b"\xe9", "", "\ufffd"),
        (b"+ADw-b", "text/html; charset=utf-7", "+ADw-b"),
        (b"abc", "text/html; charset=punycode", "abc"),
        (b"abc", "text/html; charset=zip", "abc"),
        (b"abc", "text/html; charset=rot13", "abc"),
        (b"abc", "text/html; charset=none-such", "abc"),
    ],
)
def test_text_is_decoded_as_browsers_do(body: bytes, content_type: str, text: str) -> None:
    """Mark, header and declaration are heeded; a codec that is no text, slow or unknown is not."""
    assert decoded(body, content_type) == text


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
        '<?xml version="1.0"?><!-- <b --><!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
        '<!DOCTYPE r SYSTEM "x>y" [<!ELEMENT r ANY>]><r/>',
        '<!DOCTYPE r SYSTEM "http://evil.example/x.dtd" [%x;]><r/>',
        'garbage <!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
        '<!doctype r [<!entity a "b">]><r/>',
    ],
)
def test_xml_that_declares_anything_is_not_parsed(document: str) -> None:
    """Entities grow without end, or name files: a document that declares any is refused with the reason."""
    with pytest.raises(SourceError, match="entities"):
        xml_of(document, URL)


def test_no_file_is_read_for_xml(tmp_path: Path) -> None:
    """An external document type is left alone, and an entity that it would have defined stays empty."""
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY secret "told">')
    root = xml_of(f'<!DOCTYPE r SYSTEM "{secret.as_uri()}"><r>a&secret;b</r>', URL)
    assert "told" not in "".join(root.itertext())


@pytest.mark.parametrize("document", ["", "words", "\x00", "<!-- only a comment -->"])
def test_what_is_no_xml_is_a_source_error(document: str) -> None:
    """Where there is no element there is no document."""
    with pytest.raises(SourceError, match=URL):
        xml_of(document, URL)


def test_sloppy_xml_is_read_as_far_as_it_goes() -> None:
    """An ampersand that nobody escaped does not hide the rest; a declared encoding does not matter once decoded."""
    root = xml_of('<?xml version="1.0" encoding="latin-1"?><r><a>x?a=1&b=2</a><c>ä</c></r>', URL)
    assert [child.tag for child in root] == ["a", "c"]
    assert root[1].text == "ä"


@pytest.mark.parametrize("number", ["#55357", "#xD83D", "#x0000D83D", "#0", "#x1F", "#1114112"])
def test_numbers_of_no_character_are_left_out(number: str) -> None:
    """What a reference names must be a character that can be kept, in a name as in a text."""
    root = xml_of(f'<r xmlns="&{number};x"><a>b&{number};&#99;</a></r>', URL)
    assert "".join(root.itertext()).encode() == b"bc"
    assert root.tag == "{x}r"


def test_html_nested_beyond_reason_is_still_read() -> None:
    """A picture under a thousand elements is found, and fifty thousand bring nothing down."""
    tree = tree_of("<div>" * 1000 + "<img src=x>")
    assert tree is not None
    assert tree.find(".//img") is not None
    assert tree_of("<div>" * 50_000) is not None


def test_a_packed_answer_is_unpacked() -> None:
    """Gzip is known by its first bytes; other bytes stand as they are."""
    assert unpacked(gzip.compress(b"<urlset/>"), URL) == b"<urlset/>"
    assert unpacked(b"<urlset/>", URL) == b"<urlset/>"


def test_a_packed_bomb_is_refused() -> None:
    """What unpacks to more than the cap is not unpacked to the end."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = packer.compress(bytes(UNPACKED_LIMIT_BYTES + 1)) + packer.flush()
    with pytest.raises(SourceError, match="MiB"):
        unpacked(bomb, URL)


@pytest.mark.parametrize("body", [b"\x1f\x8b", b"\x1f\x8b not gzip", gzip.compress(b"x" * 1000, mtime=0)[:-9]])
def test_a_broken_package_is_a_source_error(body: bytes) -> None:
    """A gzip file that is broken or cut off is an error, not half an answer."""
    with pytest.raises(SourceError, match=URL):
        unpacked(body, URL)


def refuse(item: str) -> ObservedPost | None:
    if item == "broken":
        raise SourceError("broken item")
    return None


def test_a_broken_item_is_counted_and_hides_no_other() -> None:
    """Items that are no posts are nothing; broken ones are a number."""
    assert readable(["x", "y"], refuse) == ([], 0)


def test_where_nothing_can_be_read_the_error_is_raised() -> None:
    """A page of broken items only is not an empty page."""
    with pytest.raises(SourceError, match="broken item"):
        readable(["x", "broken"], refuse)
