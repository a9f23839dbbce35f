"""
A process that writes to a record, for tests that run several of them or kill one. Run as `appending.py URL NAME COUNT`.

Each of COUNT transactions adds a registrant, that registrant's identity and an audit event; its number is printed once it is durable. The
last transaction is held open, after printing "open", until standard input ends.
"""

import sys
from datetime import UTC, datetime

from footprint.accounts import Identity, Registrant
from footprint.ports import Transaction
from footprint.store.record import open_record

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


def append(transaction: Transaction, name: str) -> None:
    transaction.add(Registrant(id=name, employed_from=NOON, registered_at=NOON))
    transaction.audit(at=NOON, actor="test", action="registrant.added", subject=name)
    transaction.add(Identity(registrant_id=name, name="Somebody"))


def main(url: str, name: str, count: int) -> None:
    record = open_record(url)
    for number in range(count):
        with record.transaction() as transaction:
            append(transaction, f"{name}-{number}")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    with record.transaction() as transaction:
        append(transaction, f"{name}-open")
        sys.stdout.write("open\n")
        sys.stdout.flush()
        sys.stdin.read()
    record.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
