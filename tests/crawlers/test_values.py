"""Text, times, addresses and media keys out of whatever a server sends."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.values import documents, id_of, media_key, media_kind, medium, text_of, time_of, url_of
from footprint.posts import MediaKind

NOON = datetime(2026, 4, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-04-03T12:00:00Z", NOON),
        ("2026-04-03T12:00:00.000Z", NOON),
        ("2026-04-03T14:00:00+02:00", NOON),
        ("2026-04-03T14:00:00+0200", NOON),
        ("2026-04-03 12:00:00", NOON),  # no offset: UTC
        ("Fri, 03 Apr 2026 12:00:00 GMT", NOON),
        ("Fri, 03 Apr 2026 07:00:00 -0500", NOON),
        ("2026-04-03", datetime(2026, 4, 3, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),  # how Go says "never"
        ("1970-01-01T00:00:00Z", None),  # how C does
        ("9999-12-31T23:59:59-23:59", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1775217600, None),
    ],
)
def test_times_are_aware_utc_or_none(value: Any, expected: datetime | None) -> None:
    """ISO and HTTP times are read; what is no time, or one that cannot be, is none."""
    assert time_of(value) == expected


@given(st.one_of(st.text(), st.integers(), st.none(), st.datetimes().map(str), st.datetimes().map(datetime.isoformat)))
def test_any_value_is_a_time_or_none(value: Any) -> None:
    """No value brings about an error, and every time is in UTC."""
    at = time_of(value)
    assert at is None or at.tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        ("https://a.example/x", "", "https://a.example/x"),
        (" https://a.example/x\n", "", "https://a.example/x"),
        ("../y.png", "https://a.example/deep/er/", "https://a.example/deep/y.png"),
        ("//cdn.example/z", "https://a.example/", "https://cdn.example/z"),
        ("https://ä.example/ü ö", "", "https://xn--4ca.example/%C3%BC%20%C3%B6"),
        ("http://[::1]:80/x", "", "http://[::1]:80/x"),
        ("java\nscript:alert(1)", "https://a.example/", None),
        ("data:image/png;base64,AA", "https://a.example/", None),
        ("file:///etc/passwd", "https://a.example/", None),
        ("/x", "", None),
        ("https://user:secret@a.example/", "", None),
        ("https://a.example:99999/", "", None),
        ("http://[::1", "", None),
        ("https://a.example/" + "x" * 5000, "", None),
        (None, "https://a.example/", None),
    ],
)
def test_only_web_addresses_pass(value: Any, base: str, expected: str | None) -> None:
    """Addresses come out absolute and encoded; other schemes, secrets and nonsense do not come out."""
    assert url_of(value, base) == expected


@given(st.text(), st.sampled_from(["", "https://a.example/b/", "http://[", "x"]))
def test_any_text_is_an_address_or_none(value: str, base: str) -> None:
    """No text brings about an error, and an address that passed once passes unchanged."""
    url = url_of(value, base)
    assert url is None or url_of(url) == url


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://a.example/p.jpg", "https://a.example/p.jpg"),
        ("https://a.example/p.jpg?x=1&st=2", "https://a.example/p.jpg?x=1&st=2"),
        ("https://a.example/p.jpg?X-Amz-Date=1&X-Amz-Signature=2&v=3", "https://a.example/p.jpg?v=3"),
        ("https://a.example/p.jpg?Expires=1&Signature=2&Key-Pair-Id=3", "https://a.example/p.jpg"),
        ("https://a.example/p.jpg?sv=1&st=2&se=3&sr=b&sp=r&sig=x", "https://a.example/p.jpg"),
        ("https://a.example/image.php?id=1&st=2", "https://a.example/image.php?id=1&st=2"),
    ],
)
def test_a_medium_is_known_without_its_signature(url: str, key: str) -> None:
    """Signed anew, an address is of the same medium; parameters of an unsigned one tell media apart."""
    assert media_key(url) == key


def test_a_key_of_any_length_can_be_kept() -> None:
    """What is too long for a key is known by its digest, and the same each time."""
    long = "https://a.example/" + "x" * 1000
    assert len(media_key(long)) == 32
    assert media_key(long) == media_key(long) != media_key(long + "y")


@pytest.mark.parametrize(
    ("url", "mime", "kind"),
    [
        ("https://a.example/x", "image/webp", MediaKind.IMAGE),
        ("https://a.example/x.JPG", "", MediaKind.IMAGE),
        ("https://a.example/x.mp4", None, MediaKind.VIDEO),
        ("https://a.example/x.mp4", "audio/mp4", MediaKind.AUDIO),
        ("https://a.example/x.pdf", "application/pdf", MediaKind.UNKNOWN),
        ("https://a.example/", 17, MediaKind.UNKNOWN),
    ],
)
def test_what_sort_a_medium_is(url: str, mime: Any, kind: MediaKind) -> None:
    """The MIME type tells, else the ending of the address, whatever its case."""
    assert media_kind(url, mime) is kind


def test_a_medium_keeps_the_platforms_id_and_words() -> None:
    """The platform's id is the key, and the description comes without what cannot be stored."""
    found = medium("/v.mp4#t=3", "https://a.example/", key="77", alt=" a\x00\ud800b ")
    assert found is not None
    assert (found.key, found.url, found.kind, found.alt) == ("77", "https://a.example/v.mp4", MediaKind.VIDEO, "ab")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7", "7"), (7, "7"), (0, "0"), (" a ", "a"), (True, ""), (-1, ""), (1.5, ""), (None, ""), ([], "")],
)
def test_ids_are_text(value: Any, expected: str) -> None:
    """Platforms write ids as text or whole numbers; anything else is none."""
    assert id_of(value) == expected


@given(st.text(st.characters(), max_size=50))
def test_every_text_can_be_stored(value: str) -> None:
    """What comes out is UTF-8 without NUL, and nothing changes the second time."""
    text = text_of(value)
    assert b"\x00" not in text.encode()
    assert text_of(text) == text


def test_documents_of_the_own_host_are_media() -> None:
    """Who publishes a page publishes the documents beside it; those of others, and other files, are links and no more."""
    links = (
        "https://a.example/plan.PDF?x=1",
        "https://b.example/plan.pdf",
        "https://a.example/minutes.docx",
        "https://a.example/x.zip",
    )
    found = [medium and medium.url for medium in documents(links, "https://a.example/news/1")]
    assert found == ["https://a.example/plan.PDF?x=1", "https://a.example/minutes.docx"]
