"""Several processes at one record, and processes that are killed."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from footprint.accounts import Identity, Registrant
from footprint.audit import AuditEvent, verify
from footprint.store.record import SqlRecord

Start = Callable[[str, str, int], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `appending.py`; what still runs at the end of the test is killed."""
    with ExitStack() as stack:

        def started(url: str, name: str, count: int) -> "subprocess.Popen[str]":
            command = [sys.executable, str(Path(__file__).with_name("appending.py")), url, name, str(count)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield started


def read_until(process: "subprocess.Popen[str]", line: str) -> list[str]:
    """What a process has printed, up to and with a line."""
    assert process.stdout is not None
    printed = []
    for text in process.stdout:
        printed.append(text.strip())
        if printed[-1] == line:
            break
    return printed


def test_processes_that_write_at_once_keep_one_chain(record: SqlRecord, url: str, start: Start) -> None:
    """What several processes append at the same time is all there, and their audit events form one chain."""
    processes = [start(url, name, 30) for name in ("a", "b", "c")]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()  # so that none holds its last transaction open
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert record.count(Registrant) == record.count(AuditEvent) == 93
    assert verify(record.select(AuditEvent)) is None


@pytest.mark.parametrize("survived", [1, 7, 20])
def test_a_killed_writer_loses_nothing_durable(record: SqlRecord, url: str, start: Start, survived: int) -> None:
    """A writer killed at any moment leaves every transaction that it saw end, and at most one more, whole."""
    process = start(url, "a", 100_000)
    read_until(process, str(survived))
    process.kill()
    process.wait()
    assert process.stdout is not None
    printed = survived + 1 + len(process.stdout.readlines())
    assert record.count(Registrant) in (printed, printed + 1)
    assert record.count(Registrant) == record.count(Identity) == record.count(AuditEvent)
    assert verify(record.select(AuditEvent)) is None
    assert record.check()


def test_a_writer_killed_inside_a_transaction_leaves_nothing_of_it(record: SqlRecord, url: str, start: Start) -> None:
    """What was not committed is gone, and the next writer gets its turn."""
    process = start(url, "a", 3)
    read_until(process, "open")
    assert record.count(Registrant) == 3
    process.kill()
    process.wait()
    with record.transaction() as transaction:
        transaction.audit(at=next(record.select(AuditEvent)).at, actor="test", action="chain.continued", subject="")
    assert record.get(Registrant, "a-open") is None
    assert record.count(AuditEvent) == 4
    assert verify(record.select(AuditEvent)) is None
