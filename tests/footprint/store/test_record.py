"""The contract of the record, held by both dialects."""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from footprint.accounts import Identity, Registrant
from footprint.audit import AuditEvent, verify
from footprint.coverage import CoverageEntry, Outcome, Run
from footprint.errors import BadInput, RecordUnavailable
from footprint.findings import AssetScan, Finding, ScanOutcome
from footprint.ports import Between, Record
from footprint.posts import Cursor, MediaAsset, MediaReference, MediaUse
from footprint.store.record import SqlRecord, open_record
from footprint.store.tables import REVISION
from footprint.users import User

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def registrant(name: str, *, registered_at: datetime = NOON, employed_until: datetime | None = None) -> Registrant:
    return Registrant(id=name, employed_from=NOON, registered_at=registered_at, employed_until=employed_until)


def add(record: Record, *items: Any) -> None:
    with record.transaction() as transaction:
        for item in items:
            transaction.add(item)


def ids(items: Any) -> list[str]:
    return [item.id for item in items]


# Appending


def test_adding_twice_keeps_the_first(record: SqlRecord) -> None:
    """What is recorded under an id stays; adding it again says that it is not new."""
    with record.transaction() as transaction:
        assert transaction.add(registrant("R-1"))
        assert not transaction.add(registrant("R-1", employed_until=NOON))
    assert record.get(Registrant, "R-1") == registrant("R-1")


def test_an_error_leaves_nothing(settled: SqlRecord) -> None:
    """A transaction that ends with an error leaves no object, no event, no cursor and no outbox row."""

    def cut_off() -> None:
        with settled.transaction() as transaction:
            transaction.add(registrant("R-2"))
            transaction.audit(at=NOON, actor="reg", action="registrant.added", subject="R-2")
            transaction.move_cursor(Cursor(account_id="mastodon:1", state="{}", moved_at=NOON))
            transaction.enqueue("f")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert settled.get(Registrant, "R-2") is None
    assert settled.count(AuditEvent) == 0
    assert settled.get(Cursor, "mastodon:1") is None
    assert settled.outbox(10) == []


def test_a_transaction_reads_what_it_added(record: SqlRecord) -> None:
    """Inside of a transaction its own additions are there; outside they are not until it ends."""
    with record.transaction() as transaction:
        transaction.add(registrant("R-1"))
        assert ids(transaction.select(Registrant)) == ["R-1"]
        assert transaction.count(Registrant) == 1
        assert record.get(Registrant, "R-1") is None
    assert record.get(Registrant, "R-1") is not None


def test_what_names_nothing_recorded_is_refused(record: SqlRecord) -> None:
    """An object that names another which is not recorded is bad input, and the mend is named."""
    with pytest.raises(BadInput, match="Record what it names first"):
        add(record, Identity(registrant_id="R-404", name="Nobody"))


def test_a_refusal_cannot_be_passed_over(record: SqlRecord) -> None:
    """Code that goes on after a refusal is refused again, and nothing of its transaction is kept."""

    def passes_over() -> None:
        with record.transaction() as transaction:
            transaction.add(registrant("R-1"))
            with pytest.raises(BadInput):
                transaction.add(Identity(registrant_id="R-404", name="Nobody"))
            with pytest.raises(BadInput):
                transaction.add(registrant("R-2"))

    with pytest.raises(BadInput):
        passes_over()
    assert record.count(Registrant) == 0


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (registrant("R\0"), "Registrant.id"),
        (registrant("\ud800"), "Registrant.id"),
        (registrant("R", registered_at=NOON.replace(tzinfo=None)), "Registrant.registered_at"),
        (
            registrant("R", registered_at=datetime(1, 1, 1, tzinfo=timezone(TICK * 3600_000_000))),
            "Registrant.registered_at",
        ),
        (MediaAsset(sha256="a" * 64, mime="", size_bytes=2**63, first_fetched_at=NOON), "MediaAsset.size_bytes"),
    ],
    ids=["nul", "surrogate", "no zone", "no such year", "too large"],
)
def test_what_cannot_be_kept_exactly_is_refused(record: SqlRecord, item: Any, field: str) -> None:
    """A value that one of the databases could not give back as it was is bad input that names the field."""
    with pytest.raises(BadInput, match=field):
        add(record, item)


@pytest.mark.parametrize("item", [Cursor(account_id="a", state="", moved_at=NOON), object(), Between(NOON, NOON)])
def test_only_recorded_types_are_added(record: SqlRecord, item: Any) -> None:
    """Cursors are moved, events are audited, and what has no table is a mistake of the caller's."""
    with pytest.raises(TypeError):
        add(record, item)


def test_audit_events_are_not_added(record: SqlRecord) -> None:
    """An event enters the log only as the next of the chain."""
    with record.transaction() as transaction:
        event = transaction.audit(at=NOON, actor="a", action="b.c", subject="d")
    with pytest.raises(TypeError, match="audit"):
        add(record, event)


# Asking


def test_objects_come_ordered_by_id(record: SqlRecord) -> None:
    """The order is that of code points, in either database, whatever its language."""
    names = ["b", "B", "a", "ä", "Z", "_", "10", "9", "-", "\U0001f46e", "\uffee"]
    add(record, *map(registrant, names))
    assert ids(record.select(Registrant)) == sorted(names)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["R-1", "R-2", "R-3"]),
        ({"id": "R-2"}, ["R-2"]),
        ({"id": ["R-3", "R-1", "R-9"]}, ["R-1", "R-3"]),
        ({"id": ()}, []),
        ({"employed_until": None}, ["R-1", "R-3"]),
        ({"employed_until": {None, NOON}}, ["R-1", "R-2", "R-3"]),
        ({"employed_until": NOON.astimezone(timezone(timedelta(hours=-7)))}, ["R-2"]),
        ({"registered_at": [NOON, NOON + 2 * TICK]}, ["R-1", "R-3"]),
        ({"registered_at": Between(NOON, NOON + 2 * TICK)}, ["R-1", "R-2"]),
        ({"registered_at": Between(NOON + TICK, NOON + 3 * TICK), "employed_until": None}, ["R-3"]),
        ({"is_unit": True}, []),
    ],
)
def test_conditions(record: SqlRecord, conditions: dict[str, Any], expected: list[str]) -> None:
    """A value is equal, a collection any of, a span from its start until before its end; all conditions hold at once."""
    add(
        record,
        registrant("R-1"),
        registrant("R-2", registered_at=NOON + TICK, employed_until=NOON),
        registrant("R-3", registered_at=NOON + 2 * TICK),
    )
    assert ids(record.select(Registrant, **conditions)) == expected
    assert record.count(Registrant, **conditions) == len(expected)


def test_any_of_a_hundred_thousand(record: SqlRecord) -> None:
    """A collection may be larger than the number of parameters that a statement takes."""
    add(record, registrant("R-7"), registrant("S-7"))
    assert ids(record.select(Registrant, id={f"R-{number}" for number in range(100_000)})) == ["R-7"]


def test_enums_are_conditions(settled: SqlRecord) -> None:
    """A field that holds an enum is asked by its members."""
    assert settled.count(CoverageEntry, outcome=Outcome.FETCHED) == 1
    assert settled.count(CoverageEntry, outcome={Outcome.ERROR, Outcome.GONE}) == 0


@pytest.mark.parametrize(
    "ask", [lambda r: r.select(User, nmae="x"), lambda r: r.count(User, nmae="x"), lambda r: r.get(int, "1")]
)
def test_questions_about_what_is_not_there_are_mistakes(record: SqlRecord, ask: Callable[[SqlRecord], object]) -> None:
    """A misspelt field or an unrecorded type is an error, not an empty answer."""
    with pytest.raises(TypeError):
        ask(record)


def test_a_selection_streams(record: SqlRecord) -> None:
    """Reading a table takes the memory of some of its rows, not of all."""
    with record.transaction() as transaction:
        for number in range(2000):
            transaction.audit(at=NOON, actor="a", action="b.c", subject=str(number), detail={"padding": "x" * 10_000})
    tracemalloc.start()
    read = sum(len(event.detail["padding"]) for event in record.select(AuditEvent))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < read / 2


def test_a_selection_and_a_transaction_do_not_wait_for_each_other(record: SqlRecord) -> None:
    """While a selection is read, others write; it shows what was recorded when it began."""
    add(record, *(registrant(f"R-{number:04}") for number in range(1200)))
    selection = record.select(Registrant)
    next(selection)
    add(record, registrant("R-9999"))
    assert len(list(selection)) == 1199
    assert record.count(Registrant) == 1201


def test_a_dropped_selection_gives_its_connection_back(record: SqlRecord) -> None:
    """Whoever takes the first object and drops the rest takes nothing from others."""
    add(record, *(registrant(f"R-{number}") for number in range(3)))
    for _ in range(200):
        assert next(record.select(Registrant)).id == "R-0"


# The audit chain


def test_the_chain_is_read_back_intact(record: SqlRecord) -> None:
    """Events follow one another across transactions, whatever zone their times came in and whatever their details hold."""
    for hour in range(3):
        with record.transaction() as transaction:
            at = NOON.astimezone(timezone(timedelta(hours=hour)))
            event = transaction.audit(
                at=at,
                actor="a",
                action="b.c",
                subject="d",
                detail={"when": NOON, "pair": (1, 2.5), "state": Outcome.GONE},
            )
        assert record.get(AuditEvent, str(hour + 1)) == event
    assert verify(record.select(AuditEvent)) is None
    assert [event.sequence for event in record.select(AuditEvent)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"actor": "\ud800"}, "actor"),
        ({"subject": "a\0"}, "subject"),
        ({"detail": {"q": "\ud800"}}, "detail"),
        ({"at": NOON.replace(tzinfo=None)}, "at"),
    ],
    ids=["actor", "subject", "detail", "at"],
)
def test_an_event_that_cannot_be_kept_exactly_is_refused(record: SqlRecord, said: dict[str, Any], field: str) -> None:
    """What a hostile search or name would break the chain with is bad input that names the field."""
    act = {"at": NOON, "actor": "a", "action": "b.c", "subject": "d"} | said
    with pytest.raises(BadInput, match=rf"AuditEvent\.{field}"), record.transaction() as transaction:
        transaction.audit(**act)
    assert record.count(AuditEvent) == 0


@pytest.mark.parametrize("key", ["", "one", "-1", "1.0", "2"])
def test_an_event_that_is_not_there_is_none(record: SqlRecord, key: str) -> None:
    """A sequence that nobody counted to is absent, like an id that nobody gave."""
    with record.transaction() as transaction:
        transaction.audit(at=NOON, actor="a", action="b.c", subject="d")
    assert record.get(AuditEvent, key) is None


# What is still to do


def test_a_cursor_is_replaced(settled: SqlRecord) -> None:
    """An account has one cursor: the one that was moved last."""
    for state in ("{}", '{"max_id":"9"}'):
        with settled.transaction() as transaction:
            transaction.move_cursor(Cursor(account_id="mastodon:1", state=state, moved_at=NOON))
    assert list(settled.select(Cursor)) == [Cursor(account_id="mastodon:1", state='{"max_id":"9"}', moved_at=NOON)]


def asset(letter: str) -> MediaAsset:
    return MediaAsset(sha256=letter * 64, mime="image/png", size_bytes=1, first_fetched_at=NOON)


def reference(name: str, *, seen_at: datetime = NOON) -> MediaReference:
    return MediaReference(
        id=name, post_id="mastodon:9", version_id="v", key=name, url="https://social.example/", kind="image", seen_at=seen_at
    )  # fmt: skip


def use(name: str, letter: str) -> MediaUse:
    return MediaUse(
        id=name, post_id="mastodon:9", asset_sha256=letter * 64, url="https://social.example/", fetched_at=NOON
    )


def test_unscanned_pairs_are_those_without_a_scan_of_the_version(settled: SqlRecord) -> None:
    """
    Every asset that a post shows, with every detector that has not looked at it in its version, in order; shown twice it counts once. An asset
    that no post shows is nobody's to scan, and a scan that failed is a scan.
    """
    failed = AssetScan(
        id="s2",
        asset_sha256="b" * 64,
        detector="copies",
        version="1",
        run_id="run",
        outcome=ScanOutcome.FAILED,
        scanned_at=NOON,
    )
    add(settled, asset("b"), asset("c"), reference("m2"), reference("m3"), use("m2", "b"), use("m3", "b"), failed)
    a, b = "a" * 64, "b" * 64
    assert list(settled.unscanned({"marks": "1", "copies": "1"})) == [(a, "copies"), (b, "marks")]
    assert list(settled.unscanned({"marks": "2"})) == [(a, "marks"), (b, "marks")]
    assert list(settled.unscanned({})) == []


def test_outstanding_media_are_references_without_a_use(settled: SqlRecord) -> None:
    """The references of an account's posts that were not fetched yet, the one seen first first."""
    add(
        settled,
        asset("b"),
        reference("z", seen_at=NOON),
        reference("y", seen_at=NOON + TICK),
        reference("m2"),
        use("m2", "b"),
    )
    assert list(settled.outstanding_media("mastodon:1")) == ["z", "y"]
    assert list(settled.outstanding_media("mastodon:2")) == []


def finding(name: str) -> Finding:
    return Finding(
        id=name, post_id="mastodon:9", account_id="mastodon:1", identifier_id="patch", run_id="run", found_at=NOON
    )  # fmt: skip


def enqueue(record: SqlRecord, *names: str) -> None:
    with record.transaction() as transaction:
        for name in names:
            transaction.enqueue(name)


def test_the_outbox_gives_the_oldest_first(settled: SqlRecord) -> None:
    """Findings wait in the order of their changes, and as many are given as were asked for."""
    add(settled, finding("g"), finding("h"))
    enqueue(settled, "g", "f", "h")
    assert [name for _, name in settled.outbox(2)] == ["g", "f"]


def test_what_was_dequeued_is_gone(settled: SqlRecord) -> None:
    """What the index holds does not come again, and what it does not hold yet does."""
    add(settled, finding("g"))
    enqueue(settled, "f", "g")
    ((position, _), rest) = settled.outbox(10)
    settled.dequeue([position])
    assert settled.outbox(10) == [rest]


def test_a_change_while_the_index_is_written_is_not_lost(settled: SqlRecord) -> None:
    """A finding that changes between reading the outbox and dequeuing is still waiting afterwards, also when the outbox was empty in between."""
    enqueue(settled, "f")
    read = [position for position, _ in settled.outbox(10)]
    enqueue(settled, "f")
    settled.dequeue(read)
    (change,) = settled.outbox(10)
    settled.dequeue([change[0]])
    enqueue(settled, "f")
    settled.dequeue([*read, change[0]])
    assert [name for _, name in settled.outbox(10)] == ["f"]


def test_only_recorded_findings_wait(record: SqlRecord) -> None:
    """The outbox takes no finding that is not recorded."""
    with pytest.raises(BadInput):
        enqueue(record, "f")


# Health


def test_health_is_one_line(settled: SqlRecord) -> None:
    """A sound record says what it is, where, and how large."""
    line = settled.check()
    assert f"migration {REVISION}" in line
    assert "MiB" in line
    assert "\n" not in line


def test_a_closed_record_can_be_opened_again(url: str) -> None:
    """Closing gives up the connections and nothing else."""
    first = open_record(url)
    add(first, Run(id="run", actor="ops", started_at=NOON))
    first.close()
    second = open_record(url)
    assert second.count(Run) == 1
    second.close()


def test_what_outlives_its_transaction_says_so(record: SqlRecord) -> None:
    """Rows that were not read before a transaction ended are an error, not a shorter answer; and so is adding more."""
    add(record, *(registrant(f"R-{number:04}") for number in range(1200)))
    with record.transaction() as transaction:
        selection = transaction.select(Registrant)
        next(selection)
    add(record, registrant("R-9998"))  # the connection serves others meanwhile
    with pytest.raises(RecordUnavailable, match="has ended"):
        list(selection)
    with pytest.raises(RecordUnavailable, match="has ended"):
        transaction.add(registrant("R-9999"))
