"""Exports that are tables: LinkedIn's shares, and pictures with a list."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.export import Part
from footprint.errors import SourceError

Pack = Callable[..., Path]
ReadExport = Callable[..., list[Part]]

LINK = "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7100000000000000001"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", ["Shares.csv", "Shares_4711.csv", "Basic_Export/Shares.csv"])
def test_shares_are_read(mark: str, name: str, pack: Pack, read_export: ReadExport) -> None:
    """Number, time and text of several lines, with or without a byte order mark."""
    text = (
        f"{mark}Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\r\n"
        f'2026-03-07 21:30:00,{LINK},"First line\n""\n""Second, ""quoted""",https://a.example/x,,MEMBER_NETWORK\r\n'
    )
    (part,) = read_export("linkedin_export", pack({name: text}))
    (post,) = part.posts
    assert post.native_id == "urn:li:share:7100000000000000001"
    assert post.created_at == datetime(2026, 3, 7, 21, 30, tzinfo=UTC)
    assert post.text == 'First line\n\nSecond, "quoted"'
    assert post.links == ("https://a.example/x",)
    assert post.visibility == "attested; the table says MEMBER_NETWORK"


def test_an_older_table_without_visibility_is_read(pack: Pack, read_export: ReadExport) -> None:
    """The column came later."""
    text = f"Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl\n2026-03-07 21:30:00,{LINK},Hi,,\n"
    (part,) = read_export("linkedin_export", pack({"Shares.csv": text}))
    assert [post.visibility for post in part.posts] == ["attested"]


def test_another_table_is_an_error_that_names_the_columns(pack: Pack, read_export: ReadExport) -> None:
    """Whoever hands over another file learns what was expected."""
    with pytest.raises(SourceError, match="ShareLink"):
        read_export("linkedin_export", pack({"Shares.csv": "Date,Message\n2026-03-07,Hi\n"}))


def test_pictures_of_one_address_are_one_post(pack: Pack, read_export: ReadExport) -> None:
    """Rows with the same permalink belong together; a row without one is a post of its own."""
    table = (
        "file,published,text,permalink,alt\n"
        "a.jpg,2026-03-07T21:30:00+01:00,Fair,https://s.example/1,A car\n"
        "sub/b.jpg,2026-03-07T21:30:00+01:00,Fair,https://s.example/1,\n"
        "c.jpg,2026-03-08,,,\n"
    )
    file = pack({"posts.csv": table, "a.jpg": b"1", "sub/b.jpg": b"2", "c.jpg": b"3"})
    (part,) = read_export("pictures", file, platform="mastodon")
    assert [[m.key for m in post.media] for post in part.posts] == [["a.jpg", "sub/b.jpg"], ["c.jpg"]]
    assert [read(9) for read in part.files.values()] == [b"1", b"2", b"3"]
    assert part.posts[0].created_at == datetime(2026, 3, 7, 20, 30, tzinfo=UTC)


def test_a_table_cannot_name_files_outside(pack: Pack, read_export: ReadExport) -> None:
    """Only members of the export are ever read."""
    file = pack({"posts.csv": "file,published\n../../etc/passwd,2026-03-08\n"})
    (part,) = read_export("pictures", file, platform="mastodon")
    assert part.files == {}
