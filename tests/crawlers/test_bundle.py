"""What people hand over is opened with care."""

import stat
import zipfile
from pathlib import Path

import pytest

from crawlers import bundle
from crawlers.bundle import Bundle, opened
from footprint.errors import BadInput


def archive_of(folder: Path, name: str, content: bytes = b"{}") -> Path:
    file = folder / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file


@pytest.mark.parametrize("name", ["../out.json", "a/../../out.json", "/etc/passwd", "C:/out.json", "a\\..\\out.json"])
def test_a_name_that_leads_out_of_the_archive_refuses_all_of_it(tmp_path: Path, name: str) -> None:
    """No platform makes such an archive: nothing of it is read."""
    with pytest.raises(BadInput, match="leads out"), opened(archive_of(tmp_path, name)):
        pass


def test_a_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    """A member that packs 1,000 times is made to fill disks."""
    with pytest.raises(BadInput, match="times its size"), opened(archive_of(tmp_path, "a.js", bytes(8 * 2**20))):
        pass


def test_a_member_is_not_read_beyond_its_limit(tmp_path: Path) -> None:
    """What is larger than it may be is refused, not cut off."""
    with opened(archive_of(tmp_path, "a.js", b"0123456789")) as found:
        assert found.read("a.js", limit_bytes=10) == b"0123456789"
        with pytest.raises(BadInput, match="larger"):
            found.read("a.js", limit_bytes=9)


def test_the_whole_export_has_a_limit(tmp_path: Path) -> None:
    """Many members that are each small enough may not be too much together."""
    (tmp_path / "a").write_bytes(b"12345")
    found = Bundle("export", {"a": lambda: (tmp_path / "a").open("rb")}, total_bytes=9)
    found.read("a")
    with pytest.raises(BadInput, match="in parts"):
        found.read("a")


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with more members than any export has is none."""
    monkeypatch.setattr(bundle, "MAX_MEMBERS", 2)
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(3):
            archive.writestr(str(number), b"")
    with pytest.raises(BadInput, match="more than 2 members"), opened(file):
        pass


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Two members of one name say different things to different readers."""
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.js", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.js", b"2")
    with pytest.raises(BadInput, match="twice"), opened(file):
        pass


def test_links_are_no_members(tmp_path: Path) -> None:
    """A link in an archive or in a folder may name a file of ours."""
    (tmp_path / "secret").write_text("ours")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "link.js").symlink_to(tmp_path / "secret")
    (folder / "own.js").write_text("own")
    with opened(folder) as found:
        assert found.find(".*") == ("own.js",)
    link = zipfile.ZipInfo("link.js")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr(link, str(tmp_path / "secret"))
    with opened(tmp_path / "export.zip") as found:
        assert not found.has("link.js")


def test_a_damaged_member_is_an_error_with_the_mend(tmp_path: Path) -> None:
    """Bytes that do not match their checksum are not read as if they did."""
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.js", b"content that is stored")
    file.write_bytes(file.read_bytes().replace(b"that is", b"that as"))
    with opened(file) as found, pytest.raises(BadInput, match="fresh export"):
        found.read("a.js")


def test_a_folder_may_stand_for_the_archive(tmp_path: Path) -> None:
    """Who unpacked an export hands over the folder; members come in the order of their numbers."""
    (tmp_path / "data").mkdir()
    for number in (10, 2):
        (tmp_path / f"data/part{number}.js").write_text("[]")
    with opened(tmp_path) as found:
        assert found.find(r"data/part\d+\.js") == ("data/part2.js", "data/part10.js")
        assert found.read("data/part2.js") == b"[]"


def test_an_export_in_several_archives_is_read_as_one(tmp_path: Path) -> None:
    """What lies in any of the zip files of a folder is there; what two of them hold is the first one's."""
    for name, members in (("part-1.zip", {"a": b"1", "both": b"1"}), ("part-2.zip", {"b": b"2", "both": b"2"})):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
    with opened(tmp_path) as found:
        assert [found.read(name) for name in ("a", "b", "both")] == [b"1", b"2", b"1"]


def test_each_archive_of_several_is_opened_with_the_same_care(tmp_path: Path) -> None:
    """One bad name refuses the whole folder."""
    archive_of(tmp_path, "../out.json")
    with pytest.raises(BadInput, match="leads out"), opened(tmp_path):
        pass
