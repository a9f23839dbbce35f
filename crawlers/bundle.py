"""
What a person hands over: a zip file, a folder or one file, read member by member and never unpacked.

Every cap is on what comes out, since what an archive says of itself may be a lie.
"""

import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from footprint.errors import BadInput

MAX_MEMBERS = 200_000
MAX_RATIO = 200
"""Text of an export packs some 10 to 30 times; a member that unpacks beyond this is made to fill disks."""

RATIO_COUNTS_FROM_BYTES = 2**20
MAX_TOTAL_BYTES = 32 * 2**30
MAX_TEXT_BYTES = 256 * 2**20

BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError)

Opener = Callable[[], IO[bytes]]


class Bundle:
    """Members by name, with `/` between folders. Only what is asked for is opened, and only `total_bytes` of it all are read."""

    def __init__(self, title: str, members: Mapping[str, Opener], *, total_bytes: int = MAX_TOTAL_BYTES) -> None:
        self.title = title
        self._members = members
        self._left = total_bytes

    def find(self, pattern: str) -> tuple[str, ...]:
        """The members whose whole name matches, in order of their numbers."""
        wanted = re.compile(pattern)
        return tuple(sorted(filter(wanted.fullmatch, self._members), key=_counted))

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return name in self._members

    def read(self, name: str, *, limit_bytes: int = MAX_TEXT_BYTES) -> bytes:
        """A whole member. Raises BadInput where it is damaged, or larger than it may be."""
        with self.open(name) as stream:
            data = self._taken(name, stream, limit_bytes + 1)
        if len(data) > limit_bytes:
            raise BadInput(f"{self.title}: {name} is larger than {limit_bytes / 2**20:.0f} MiB; it was not read.")
        return data

    def head(self, name: str, size_bytes: int) -> bytes:
        """The first bytes of a member."""
        with self.open(name) as stream:
            return self._taken(name, stream, size_bytes)

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream, for what reads piece by piece. The caller closes it."""
        try:
            return self._members[name]()
        except BROKEN as error:
            raise self._broken(name, error) from error

    def _taken(self, name: str, stream: IO[bytes], size_bytes: int) -> bytes:
        try:
            data = stream.read(min(size_bytes, self._left + 1))
        except BROKEN as error:
            raise self._broken(name, error) from error
        self._left -= len(data)
        if self._left < 0:
            raise BadInput(f"{self.title} unpacks to more than may be read of one export. Mend: hand it over in parts.")
        return data

    def _broken(self, name: str, error: Exception) -> BadInput:
        return BadInput(f"{self.title}: {name} cannot be read ({error}). Mend: ask the holder for a fresh export.")


@contextmanager
def opened(file: Path) -> Iterator[Bundle]:
    """
    Open a zip file, a folder, a folder with the zip files that a large export comes in, or a single file.

    Raises BadInput for what is none, or is made to do harm.
    """
    with ExitStack() as stack:
        if file.is_dir():
            yield Bundle(file.name, _in_parts(file, stack) | _in_folder(file))
        elif not file.is_file():
            raise BadInput(f"{file} is no file or folder.")
        elif zipfile.is_zipfile(file):
            yield Bundle(file.name, _in_archive(file, stack))
        else:
            yield Bundle(file.name, {file.name: partial(_open, file)})


def _in_parts(folder: Path, stack: ExitStack) -> dict[str, Opener]:
    """The members of all zip files in a folder, as if they lay unpacked in it: large exports come in several, each may repeat what another holds."""
    root = folder.resolve()
    members: dict[str, Opener] = {}
    for part in sorted(root.glob("*.zip")):
        if part.resolve().is_relative_to(root):
            members = _in_archive(part, stack) | members
    if len(members) > MAX_MEMBERS:
        raise BadInput(f"{folder} holds more than {MAX_MEMBERS} members; that is no export.")
    return members


def _in_folder(folder: Path) -> dict[str, Opener]:
    """The files of a folder; a link that leads out of it is none of them."""
    root = folder.resolve()
    members: dict[str, Opener] = {}
    for file in sorted(root.rglob("*")):
        if len(members) > MAX_MEMBERS:
            raise BadInput(f"{folder} holds more than {MAX_MEMBERS} files; that is no export.")
        if file.is_file() and file.resolve().is_relative_to(root):
            members[file.relative_to(root).as_posix()] = partial(_open, file)
    return members


def _open(file: Path) -> IO[bytes]:
    return file.open("rb")


def _in_archive(file: Path, stack: ExitStack) -> dict[str, Opener]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
    except BROKEN as error:
        raise BadInput(f"{file} is a broken zip file ({error}). Mend: download the export again.") from error
    found = archive.infolist()
    if len(found) > MAX_MEMBERS:
        raise BadInput(f"{file} names more than {MAX_MEMBERS} members; that is no export.")
    members: dict[str, Opener] = {}
    for info in found:
        _require_harmless(info, file)
        if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16):
            if info.filename in members:
                raise BadInput(f"{file} names {info.filename!r} twice; that is no export of a platform.")
            members[info.filename] = partial(archive.open, info)
    return members


def _require_harmless(info: zipfile.ZipInfo, file: Path) -> None:
    """Refuse an archive for one bad member: no platform makes such a one."""
    name = info.orig_filename
    if name.startswith("/") or "\\" in name or "\0" in name or ":" in name.partition("/")[0] or ".." in name.split("/"):
        raise BadInput(f"{file} names {name[:100]!r}, which leads out of the archive; nothing of it was read.")
    if info.flag_bits & 1:
        raise BadInput(f"{file} is encrypted. Mend: unpack it with its password and hand over the folder.")
    if info.file_size > RATIO_COUNTS_FROM_BYTES and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise BadInput(
            f"{file} unpacks {name[:100]!r} to more than {MAX_RATIO} times its size; nothing of it was read."
        )


def _counted(name: str) -> list[tuple[int, str]]:
    """`part10` comes after `part2`."""
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"([0-9]{1,18})", name)]
