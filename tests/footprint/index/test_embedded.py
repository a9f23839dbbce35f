"""The index in a file: several processes, accidents, and files that are not ours."""

import pickle
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from footprint.documents import FindingDocument
from footprint.errors import BadConfiguration, RecordUnavailable
from footprint.index.embedded import EmbeddedIndex
from footprint.query import Query

Make = Callable[..., FindingDocument]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the index is."""
    return tmp_path / "index.db"


@pytest.fixture
def embedded(file: Path) -> EmbeddedIndex:
    """A new index that waits for nobody."""
    index = EmbeddedIndex(file, busy_s=0.0)
    index.create()
    return index


PUTS_FINDINGS = textwrap.dedent(
    """
    import pickle, sys
    from pathlib import Path
    from dataclasses import replace
    from footprint.index.embedded import EmbeddedIndex
    from footprint.query import Query
    index, one = EmbeddedIndex(Path(sys.argv[1])), pickle.load(sys.stdin.buffer)
    index.create()
    for number in range(30):
        index.put([replace(one, id=f"{sys.argv[2]}-{number}")])
        index.search(Query(phrases=("friends",)))
    """
)


def test_several_processes_write_and_search_at_once(file: Path, document: Make) -> None:
    """Four processes make the index, write and search at the same time; none fails and nothing is lost."""
    one = pickle.dumps(document())
    writers = [
        subprocess.Popen([sys.executable, "-c", PUTS_FINDINGS, file, str(n)], stdin=subprocess.PIPE) for n in range(4)
    ]
    for writer in writers:
        writer.stdin.write(one)
        writer.stdin.close()
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    assert EmbeddedIndex(file).search(Query(phrases=("friends",))).total == 120


HANGS_IN_A_REBUILD = textwrap.dedent(
    """
    import pickle, sys
    from pathlib import Path
    from dataclasses import replace
    from footprint.index.embedded import EmbeddedIndex
    one = pickle.load(sys.stdin.buffer)

    def documents():
        for number in range(5000):
            yield replace(one, id=f"new-{number}")
        print("far enough", flush=True)
        sys.stdin.read()

    EmbeddedIndex(Path(sys.argv[1])).rebuild(documents())
    """
)


def test_a_rebuild_that_is_killed_never_was(file: Path, embedded: EmbeddedIndex, document: Make) -> None:
    """After SIGKILL in the middle of a rebuild the old findings are there, and the next writer need not wait."""
    embedded.put([document(id="old")])
    command = [sys.executable, "-c", HANGS_IN_A_REBUILD, file]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as rebuilding:
        rebuilding.stdin.write(pickle.dumps(document()))
        rebuilding.stdin.flush()
        assert rebuilding.stdout.readline() == b"far enough\n"
        rebuilding.kill()
    embedded.put([document(id="older", probability=0.5)])
    assert [hit.id for hit in embedded.search(Query()).hits] == ["old", "older"]


def test_what_is_put_during_a_rebuild_outlives_it(file: Path, embedded: EmbeddedIndex, document: Make) -> None:
    """A writer that comes during a rebuild waits for it and is not lost with the old findings."""
    putting: list[Future[None]] = []

    def documents() -> Iterator[FindingDocument]:
        yield document(id="rebuilt")
        putting.append(others.submit(EmbeddedIndex(file).put, [document(id="put", probability=0.5)]))
        yield document(id="rebuilt too")

    with ThreadPoolExecutor() as others:
        embedded.rebuild(documents())
    putting[0].result()
    assert [hit.id for hit in embedded.search(Query()).hits] == ["rebuilt", "rebuilt too", "put"]


def test_a_writer_who_waited_in_vain_is_told_so(embedded: EmbeddedIndex, document: Make) -> None:
    """A rebuild that outlasts a writer's patience is no damage; it says to try again."""

    def documents() -> Iterator[FindingDocument]:
        with pytest.raises(RecordUnavailable, match="Try again"):
            embedded.put([document()])
        yield document()

    assert embedded.rebuild(documents()) == 1


def test_nothing_of_a_put_stays_where_it_fails(embedded: EmbeddedIndex, document: Make) -> None:
    """Findings are put all or none."""

    def documents() -> Iterator[FindingDocument]:
        yield document(id="a")
        raise LookupError

    with pytest.raises(LookupError):
        embedded.put(documents())
    assert embedded.search(Query()).total == 0


def test_a_file_of_another_version_says_reindex_and_is_mended_by_it(
    file: Path, embedded: EmbeddedIndex, document: Make
) -> None:
    """Fields that changed with the program are neither searched wrongly nor written wrongly."""
    with sqlite3.connect(file) as connection:
        connection.execute("ALTER TABLE findings DROP COLUMN permalink")
        connection.execute("PRAGMA user_version = 7")
    for act in (
        lambda: embedded.search(Query()),
        lambda: embedded.put([]),
        lambda: embedded.remove([]),
        embedded.check,
    ):
        with pytest.raises(RecordUnavailable, match="footprint reindex"):
            act()
    assert embedded.rebuild([document()]) == 1
    assert embedded.search(Query()).hits == (document(),)


def test_a_file_that_is_not_there_says_reindex(file: Path) -> None:
    """Searching makes no file, and says what does."""
    with pytest.raises(RecordUnavailable, match="footprint reindex"):
        EmbeddedIndex(file).search(Query())
    assert not file.exists()


def test_another_database_is_never_written_over(file: Path, document: Make) -> None:
    """An address that names the record by mistake is refused, whatever is asked, and the record is as it was."""
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE findings (id TEXT)")
        connection.execute("INSERT INTO findings VALUES ('precious')")
    index = EmbeddedIndex(file)
    for act in (index.create, lambda: index.put([document()]), lambda: index.rebuild([document()]), index.check):
        with pytest.raises(BadConfiguration, match=r"storage\.index.*something else"):
            act()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT id FROM findings").fetchall() == [("precious",)]


def test_a_file_that_is_no_database_is_left_alone(file: Path, document: Make) -> None:
    """A damaged file, or one that is something else, stays for a person to look at."""
    file.write_bytes(b"minutes of the meeting " * 100)
    for act in (EmbeddedIndex(file).create, lambda: EmbeddedIndex(file).rebuild([document()])):
        with pytest.raises(RecordUnavailable, match="delete it"):
            act()
    assert file.read_bytes().startswith(b"minutes")


def test_a_damaged_file_fails_its_check(file: Path, embedded: EmbeddedIndex, document: Make) -> None:
    """doctor sees pages that were overwritten."""
    embedded.put(document(id=f"{n}") for n in range(200))
    with file.open("r+b") as bytes_:
        bytes_.seek(4096 * 8)
        bytes_.write(b"\xff" * 4096 * 8)
    with pytest.raises(RecordUnavailable, match="footprint reindex"):
        embedded.check()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Where the folder would lie below a file, the error names the setting."""
    (tmp_path / "file").touch()
    with pytest.raises(RecordUnavailable, match=r"storage\.index"):
        EmbeddedIndex(tmp_path / "file" / "index.db").create()


def test_nobody_else_may_read_the_file(file: Path, embedded: EmbeddedIndex) -> None:
    """What the index holds is for the service's own user."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
