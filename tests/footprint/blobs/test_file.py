"""Blobs in files: how they lie there, and what the system may do to them."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footprint.blobs.file import LEFTOVERS_AFTER, FileBlobs, connect
from footprint.digests import sha256
from footprint.errors import RecordUnavailable

Block = Callable[[], AbstractContextManager[None]]
NAME = sha256(b"a picture")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of some blobs, with one picture."""
    FileBlobs(tmp_path / "blobs").put(b"a picture")
    return tmp_path / "blobs"


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_in_the_folder_of_its_first_digits(folder: Path) -> None:
    """A blob is one file under its hash, and nothing else is left of storing it."""
    assert files(folder) == [f"{NAME[:2]}/{NAME}"]


def test_originals_are_read_only_and_nobody_else_s(folder: Path) -> None:
    """Evidence is not changed by accident, and other users of the machine do not see it."""
    assert (folder / NAME[:2] / NAME).stat().st_mode & 0o777 == 0o440
    assert (folder / NAME[:2]).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spelling", ["file:{}", "file://{}"])
def test_a_folder_is_named_by_its_path(folder: Path, spelling: str) -> None:
    """The URL may have no slashes, or three."""
    assert connect(spelling.format(folder)).get(NAME) == b"a picture"


def test_damage_is_reported_and_storing_again_mends_it(folder: Path) -> None:
    """Bytes that no longer have their hash are not given out; the same bytes stored again take their place."""
    file = folder / NAME[:2] / NAME
    file.chmod(0o600)
    file.write_bytes(b"a pictuRe")
    blobs = FileBlobs(folder)
    with pytest.raises(RecordUnavailable, match="are damaged"):
        blobs.get(NAME)
    blobs.put(b"a picture")
    assert blobs.get(NAME) == b"a picture"


def test_leftovers_of_killed_processes_are_cleared_when_old(folder: Path) -> None:
    """What a killed process left unfinished is removed a day later; what another is writing just now is not."""
    old, young = folder / "unfinished" / "old", folder / "unfinished" / "young"
    long_ago = (datetime.now(UTC) - LEFTOVERS_AFTER - timedelta(hours=1)).timestamp()
    for file in (old, young):
        file.write_bytes(b"half a pict")
    os.utime(old, (long_ago, long_ago))
    connect(f"file:{folder}")
    assert files(folder) == [f"{NAME[:2]}/{NAME}", "unfinished/young"]


def test_storing_again_is_storing_at_the_later_moment(folder: Path) -> None:
    """Old bytes that somebody stores just now are not taken for what nobody wants."""
    hour_ago, file = datetime.now(UTC) - timedelta(hours=1), folder / NAME[:2] / NAME
    os.utime(file, (hour_ago.timestamp() - 9, hour_ago.timestamp() - 9))
    blobs = FileBlobs(folder)
    assert list(blobs.stored_before(hour_ago)) == [NAME]
    blobs.put(b"a picture")
    assert list(blobs.stored_before(hour_ago)) == []


def test_a_file_too_large_leaves_no_trace(
    folder: Path, file_size_limit: Callable[[int], AbstractContextManager[None]]
) -> None:
    """Bytes that the system does not take are an error with the mend; what was there stays, and smaller ones still go in."""
    blobs = FileBlobs(folder)
    with file_size_limit(100_000):
        with pytest.raises(RecordUnavailable, match="raise the limit"):
            blobs.put(b"x" * 200_000)
        small = blobs.put(b"small")
    assert files(folder) == sorted([f"{NAME[:2]}/{NAME}", f"{small[:2]}/{small}"])
    assert blobs.get(NAME) == b"a picture"


def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    """Where no space is left, storing and the check say so, nothing half-written stays, and freeing space is all it takes."""
    blobs = FileBlobs(small_disk / "blobs")
    name = blobs.put(b"a picture")
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize))
    with pytest.raises(RecordUnavailable, match="disk is full"):
        blobs.put(b"another picture")
    with pytest.raises(RecordUnavailable, match="disk is full"):
        blobs.check()
    assert files(small_disk / "blobs") == [f"{name[:2]}/{name}"]
    filler.unlink()
    assert blobs.get(blobs.put(b"another picture")) == b"another picture"


def test_a_read_only_folder_is_read_and_not_written(reachable_folder: Path, ordinary_user: Block) -> None:
    """Where nothing may be written, reading works, and writing and the check say what to mend."""
    folder = reachable_folder / "blobs"
    with ordinary_user():
        blobs = FileBlobs(folder)
        blobs.put(b"a picture")
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o500)
        assert connect(f"file:{folder}").get(NAME) == b"a picture"
        with pytest.raises(RecordUnavailable, match="let this user read and write"):
            blobs.put(b"another picture")
        with pytest.raises(RecordUnavailable, match="let this user read and write"):
            blobs.check()
        with pytest.raises(RecordUnavailable, match="let this user read and write"):
            blobs.delete(NAME)
        assert blobs.get(NAME) == b"a picture"


def test_a_folder_that_cannot_be_made_says_so(reachable_folder: Path, ordinary_user: Block) -> None:
    """Opening where no folder can be made names the mend."""
    reachable_folder.chmod(0o500)
    with ordinary_user(), pytest.raises(RecordUnavailable, match="let this user read and write"):
        connect(f"file:{reachable_folder / 'blobs'}")


def test_a_folder_that_is_taken_away_says_so(folder: Path) -> None:
    """A disk that was unmounted is not mistaken for an empty one when something is stored."""
    blobs = FileBlobs(folder)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(RecordUnavailable, match="folder is gone"):
        blobs.put(b"another picture")
    with pytest.raises(RecordUnavailable, match="folder is gone"):
        blobs.check()
