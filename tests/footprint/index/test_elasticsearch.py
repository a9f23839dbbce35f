"""The index on a real Elasticsearch: least privilege, accidents, rebuilds, and a node that dies."""

import pickle
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from footprint.documents import FindingDocument
from footprint.errors import RecordUnavailable
from footprint.index import bodies
from footprint.index.open import open_index
from footprint.ports import FindingIndex
from footprint.query import Query

Make = Callable[..., FindingDocument]
Secured = Callable[..., FindingIndex]


def everything(index: FindingIndex) -> list[str]:
    """Ids of all findings, page by page."""
    ids, after = [], None
    while True:
        page = index.search(Query(), size=1000, after=after)
        ids += [hit.id for hit in page.hits]
        after = page.after
        if after is None:
            return ids


# A node that dies


def test_nothing_acknowledged_dies_with_a_node(bereaved_index: FindingIndex) -> None:
    """All findings of a put that returned are there, once, although the node with the primary copy was killed during it."""
    assert everything(bereaved_index) == [f"f-{number:04}" for number in range(3000)]


def test_search_and_writing_go_on_after_a_node_died(bereaved_index: FindingIndex, document: Make) -> None:
    """Two nodes of three serve on, whichever of them is asked first."""
    bereaved_index.put([document(id="afterwards", text="orphan")])
    assert [bereaved_index.search(Query(phrases=("orphan",))).total for _ in range(6)] == [1] * 6
    bereaved_index.remove(["afterwards"])


# Who may do what


def test_the_documented_privileges_suffice(secured_index: Secured, document: Make) -> None:
    """The key of docs/elasticsearch.md, for its own index alone, serves all that the index does."""
    index = secured_index("mine")
    index.create()
    index.put([document(id="a"), document(id="b")])
    index.remove(["a"])
    assert index.rebuild([document(id="c")]) == 1
    assert "1 findings" in index.check()


@pytest.mark.parametrize("without", ["read", "write", "manage"])
def test_no_documented_privilege_is_idle(secured_index: Secured, document: Make, without: str) -> None:
    """Each of the privileges is needed: a key without it is refused something, and the error says where they stand."""
    index = secured_index("mine", without=without)

    def use() -> None:
        index.create()
        index.put([document()])
        index.search(Query())

    with pytest.raises(RecordUnavailable, match=r"docs/elasticsearch\.md"):
        use()


def test_a_key_that_may_only_read_cannot_write(secured_index: Secured, document: Make) -> None:
    """A reader finds; what it tries to write, remove or rebuild is refused, and stays undone."""
    owner = secured_index("mine")
    owner.create()
    owner.put([document()])
    reader = secured_index("mine", only=["read", "view_index_metadata"])
    assert reader.search(Query()).total == 1
    for act in (lambda: reader.put([document(id="x")]), lambda: reader.remove(["f-0000"]), lambda: reader.rebuild([])):
        with pytest.raises(RecordUnavailable, match="may not do this"):
            act()
    assert everything(owner) == ["f-0000"]


def test_a_key_is_good_for_its_own_index_alone(secured_index: Secured, document: Make) -> None:
    """With the key of one index, another one can be neither read nor written nor made."""
    theirs = secured_index("theirs")
    theirs.create()
    theirs.put([document()])
    intruder = secured_index("theirs", key_for="mine")
    for act in (
        intruder.create,
        intruder.check,
        lambda: intruder.search(Query()),
        lambda: intruder.put([document(id="x")]),
        lambda: intruder.rebuild([]),
    ):
        with pytest.raises(RecordUnavailable, match="may not do this"):
            act()
    assert everything(theirs) == ["f-0000"]


def test_an_unknown_key_names_its_setting(secured_index: Secured) -> None:
    """A key that the server does not know is a file to mend."""
    with pytest.raises(RecordUnavailable, match=r"storage\.index_api_key_file"):
        secured_index("mine", key="bm90OmFrZXk=").check()


def test_a_server_that_does_not_prove_itself_gets_no_key(secured_index: Secured) -> None:
    """A certificate of an authority that nobody named is refused, and the error names the setting."""
    with pytest.raises(RecordUnavailable, match=r"storage\.index_ca_file"):
        secured_index("mine", ca_file=None).check()


# Who answers


def test_a_server_that_is_down_is_named_as_such() -> None:
    """Nobody listens: start it, or mend the address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(RecordUnavailable, match=r"cannot be reached.*storage\.index"):
        open_index(f"elasticsearch+http://127.0.0.1:{port}/findings").search(Query())


@pytest.mark.parametrize(
    ("kind", "body"), [("text/html", b"<h1>Hello"), ("application/json", b"{}"), ("application/json", b"{")]
)
def test_a_server_that_is_something_else_is_refused(kind: str, body: bytes) -> None:
    """An address that leads to another service gets no findings."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Other) as other:
        threading.Thread(target=other.serve_forever).start()
        try:
            with pytest.raises(RecordUnavailable, match=r"storage\.index"):
                open_index(f"elasticsearch+http://127.0.0.1:{other.server_port}/findings").check()
        finally:
            other.shutdown()


# What is behind the alias


def test_making_it_in_many_threads_makes_one(elastic_name: str, elastic_url: str, administrator: Elasticsearch) -> None:
    """Processes that start together make one index."""
    with ThreadPoolExecutor(6) as threads:
        for made in [threads.submit(open_index(elastic_url).create) for _ in range(6)]:
            made.result()
    assert [*administrator.indices.get_alias(name=elastic_name)] == [f"{elastic_name}-000001"]


def test_an_index_that_is_not_there_says_reindex_and_is_not_made_by_accident(
    elastic_name: str, elastic_url: str, administrator: Elasticsearch, document: Make
) -> None:
    """Neither searching nor writing makes an index without our mapping."""
    index = open_index(elastic_url)
    for act in (
        lambda: index.search(Query()),
        lambda: index.put([document()]),
        lambda: index.remove(["x"]),
        index.check,
    ):
        with pytest.raises(RecordUnavailable, match="footprint reindex"):
            act()
    assert not administrator.indices.exists(index=elastic_name)


def test_a_field_that_nobody_declared_is_refused(
    elastic: FindingIndex, elastic_name: str, administrator: Elasticsearch, document: Make
) -> None:
    """The server itself refuses a field beside the mapping, whoever sends it (guardrails G10 and G18)."""
    smuggled = bodies.source(document()) | {"sentiment": "angry"}
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        administrator.index(index=elastic_name, document=smuggled)


def test_an_index_of_another_version_says_reindex_and_is_mended_by_it(
    elastic: FindingIndex, elastic_name: str, administrator: Elasticsearch, document: Make
) -> None:
    """Fields that changed with the program are neither searched wrongly nor written wrongly."""
    administrator.indices.put_mapping(index=elastic_name, meta={"layout": "another"})
    for act in (lambda: elastic.search(Query()), lambda: elastic.put([]), lambda: elastic.remove([]), elastic.check):
        with pytest.raises(RecordUnavailable, match="footprint reindex"):
            act()
    assert elastic.rebuild([document()]) == 1
    assert elastic.search(Query()).hits == (document(),)


def test_a_finding_that_the_server_refuses_fails_the_put(
    elastic: FindingIndex, elastic_name: str, administrator: Elasticsearch, document: Make
) -> None:
    """A put returns only when the server took every finding; what it says of the one that it did not take is passed on."""
    administrator.indices.put_settings(index=elastic_name, settings={"index.blocks.read_only": True})
    try:
        with pytest.raises(RecordUnavailable, match="wait, or run `footprint reindex`"):
            elastic.put([document()])
    finally:
        administrator.indices.put_settings(index=elastic_name, settings={"index.blocks.read_only": None})


# Rebuilds


def test_a_rebuild_leaves_one_index(
    elastic: FindingIndex, elastic_name: str, administrator: Elasticsearch, document: Make
) -> None:
    """The versions count up; the older and the alias of the building are gone."""
    elastic.rebuild([document()])
    elastic.rebuild([document()])
    found = administrator.indices.get_alias(index=f"{elastic_name}-*")
    assert found.body == {f"{elastic_name}-000003": {"aliases": {elastic_name: {}}}}


def test_what_is_put_during_a_rebuild_is_refused_for_later(elastic: FindingIndex, document: Make) -> None:
    """A finding that comes during a rebuild is not written into an index that is about to go: the outbox keeps it."""

    def documents() -> Iterator[FindingDocument]:
        yield document(id="a")
        with pytest.raises(RecordUnavailable, match="being rebuilt"):
            elastic.put([document(id="b")])
        yield document(id="c")

    elastic.rebuild(documents())
    elastic.put([document(id="b")])
    assert everything(elastic) == ["a", "b", "c"]


def test_of_two_rebuilds_one_wins(elastic: FindingIndex, elastic_url: str, document: Make) -> None:
    """Where a second rebuild is done first, the first one ends with an error and the index is that of the second."""

    def documents() -> Iterator[FindingDocument]:
        yield document(id="slow")
        open_index(elastic_url).rebuild([document(id="fast")])

    with pytest.raises(RecordUnavailable):
        elastic.rebuild(documents())
    elastic.put([document(id="next")])
    assert everything(elastic) == ["fast", "next"]


def test_rebuilds_that_begin_together_do_no_harm(elastic: FindingIndex, elastic_url: str, document: Make) -> None:
    """Rebuilds that begin at the same moment end done or with an error; afterwards the index serves, and takes more."""
    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(open_index(elastic_url).rebuild, [document(id="same")]) for _ in range(3)]
        errors = [run.exception() for run in running]
    assert all(error is None or isinstance(error, RecordUnavailable) for error in errors)
    elastic.put([document(id="same"), document(id="taken")])
    assert everything(elastic) == ["same", "taken"]


HANGS_IN_A_REBUILD = textwrap.dedent(
    """
    import pickle, sys
    from dataclasses import replace
    from footprint.index.open import open_index
    one = pickle.load(sys.stdin.buffer)

    def documents():
        for number in range(1000):
            yield replace(one, id=f"new-{number}")
        print("far enough", flush=True)
        sys.stdin.read()

    open_index(sys.argv[1]).rebuild(documents())
    """
)


def test_a_rebuild_that_was_killed_is_mended_by_the_next(
    elastic: FindingIndex, elastic_name: str, elastic_url: str, administrator: Elasticsearch, document: Make
) -> None:
    """After SIGKILL in a rebuild the old findings are found, writes say what to run, and that run leaves nothing behind."""
    elastic.put([document(id="old")])
    command = [sys.executable, "-c", HANGS_IN_A_REBUILD, elastic_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as rebuilding:
        rebuilding.stdin.write(pickle.dumps(document()))
        rebuilding.stdin.flush()
        assert rebuilding.stdout.readline() == b"far enough\n"
        rebuilding.kill()
    assert everything(elastic) == ["old"]
    with pytest.raises(RecordUnavailable, match="footprint reindex"):
        elastic.put([document(id="new")])
    elastic.rebuild([document(id="old"), document(id="new")])
    assert everything(elastic) == ["new", "old"]
    assert [*administrator.indices.get_alias(index=f"{elastic_name}-*")] == [f"{elastic_name}-000003"]


def test_searches_go_on_through_the_switch(elastic: FindingIndex, elastic_url: str, document: Make) -> None:
    """Somebody who searches all the time while the index is rebuilt three times never sees an error or an empty index."""
    elastic.put([document()])
    done = threading.Event()

    def search() -> set[int]:
        mine, totals = open_index(elastic_url), set()
        while not done.is_set():
            totals.add(mine.search(Query()).total)
        return totals

    with ThreadPoolExecutor(2) as threads:
        searching = [threads.submit(search) for _ in range(2)]
        try:
            for _ in range(3):
                elastic.rebuild([document()])
        finally:
            done.set()
        assert [found.result() for found in searching] == [{1}, {1}]
