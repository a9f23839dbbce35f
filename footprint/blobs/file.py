"""Bytes in files, each named by its SHA-256, in 256 folders by its first two digits. A file is there wholly or not at all."""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from footprint.digests import sha256 as sha256_of
from footprint.errors import BadConfiguration, RecordUnavailable

LEFTOVERS_AFTER = timedelta(days=1)
"""Age from which a file that was never finished belongs to nobody: no write takes that long."""

_NAME = re.compile(r"[0-9a-f]{64}")

_MENDS = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "the quota is used up; free some space and try again",
    errno.EFBIG: "files of that size are not allowed here; raise the limit of this process or file system",
    errno.ENOENT: "the folder is gone; mount its disk, or mend storage.blobs",
    errno.EROFS: "the file system is read-only; mount it for writing, or mend storage.blobs",
    errno.EACCES: "this user may not; let this user read and write the folder and everything in it",
    errno.EPERM: "this user may not; let this user read and write the folder and everything in it",
    errno.EIO: "the disk fails; look at the system log, and restore a backup",
}


def connect(url: str) -> "FileBlobs":
    """Open the folder of a URL `file:FOLDER`, made where it is missing, and clear what killed processes left in it."""
    path = url.removeprefix("file:")
    folder = path.removeprefix("//") if path.startswith("///") else path
    if not folder or folder.startswith("//"):
        raise BadConfiguration(f"storage.blobs: '{url}' names no folder of this machine. Write file:FOLDER.")
    blobs = FileBlobs(Path(folder))
    blobs.clear_leftovers(datetime.now(UTC) - LEFTOVERS_AFTER)
    return blobs


class FileBlobs:
    """
    Blobs in a folder. Safe for several processes and threads at once: whoever stores the same bytes stores the same file.

    Files are read-only once they are there, and for their owner's eyes and his group's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unfinished = folder / "unfinished"
        with self._explained():
            self._unfinished.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        name = sha256_of(data)
        path = self._path(name)
        with self._explained():
            if _holds(path, data):
                os.utime(path)
            else:
                self._write(path, data)
            _sync_folder(path.parent)  # even where another process wrote it: it may not have come so far
        return name

    def get(self, sha256: str) -> bytes:
        if not _NAME.fullmatch(sha256):
            raise KeyError(sha256)
        with self._explained():
            try:
                data = self._path(sha256).read_bytes()
            except FileNotFoundError:
                raise KeyError(sha256) from None
        if sha256_of(data) != sha256:
            raise RecordUnavailable(
                f"The bytes {sha256} in {self._folder} are damaged. Restore that file from a backup."
            )
        return data

    def has(self, sha256: str) -> bool:
        with self._explained():
            return bool(_NAME.fullmatch(sha256)) and self._path(sha256).exists()

    def delete(self, sha256: str) -> None:
        if not self.has(sha256):
            return
        with self._explained(), suppress(FileNotFoundError):
            self._path(sha256).unlink()
            _sync_folder(self._path(sha256).parent)

    def stored_before(self, moment: datetime) -> Iterator[str]:
        with self._explained():
            for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < moment.timestamp():
                        yield path.name

    def check(self) -> str:
        with self._explained():
            with tempfile.TemporaryFile(dir=self._unfinished) as probe:
                probe.write(b"\0" * 4096)
                probe.flush()
                os.fsync(probe.fileno())
            usage = shutil.disk_usage(self._folder)
        return f"{self._folder}, writable, {usage.free / 2**30:.1f} of {usage.total / 2**30:.1f} GiB free"

    def clear_leftovers(self, before: datetime) -> None:
        """Remove what was begun before a moment and never finished. What cannot be removed stays: it harms nobody."""
        for path in self._unfinished.glob("*"):
            with suppress(OSError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _write(self, path: Path, data: bytes) -> None:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self._folder)
        handle, name = tempfile.mkstemp(dir=self._unfinished)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o440)
                os.fsync(file.fileno())
            Path(name).rename(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Raise what the system refuses as RecordUnavailable that names the mend."""
        try:
            yield
        except OSError as error:
            mend = _MENDS.get(error.errno or 0, "see the cause")
            raise RecordUnavailable(
                f"The bytes in {self._folder} are unavailable: {mend}. ({error.strerror})"
            ) from error


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file is there and undamaged: storing again mends one that is not."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    """Make new and removed names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
