"""Appending to the record: what a transaction adds, it adds wholly or not at all."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from footprint.audit import AuditEvent, follow
from footprint.errors import FootprintError, RecordUnavailable
from footprint.posts import Cursor
from footprint.store.codec import field_of, item_of, plain, row_of
from footprint.store.failures import explained
from footprint.store.reading import SqlReader, key_of, table_of
from footprint.store.tables import OUTBOX, TABLES


class SqlTransaction(SqlReader):
    """
    A Transaction on a connection that holds the writers' turn.

    Once the database has refused anything, every further call raises that refusal again, and so does the end of the block: a database may
    have rolled back by then, and what came after would be recorded without what came before.
    """

    def __init__(self, connection: Connection, place: str) -> None:
        super().__init__(connection.dialect.name)
        self._connection = connection
        self._place = place
        self._refusal: FootprintError | None = None
        self._unread: set[Generator[Any]] = set()

    def add(self, item: Any) -> bool:
        if isinstance(item, AuditEvent | Cursor):
            raise TypeError(f"{type(item).__name__} is not added; call audit() or move_cursor()")
        table, row = table_of(type(item)), row_of(item)
        statement = self._insert(table).values(row).on_conflict_do_nothing(index_elements=[key_of(table)])
        with self._asking() as connection:
            return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1

    def audit(
        self,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        purpose: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> AuditEvent:
        said = {"actor": actor, "action": action, "subject": subject, "purpose": purpose, "detail": plain(detail or {})}
        for name, value in said.items():
            field_of(AuditEvent, name, value)
        # The moment as it will be read back, in UTC: the digest is over its text.
        event = follow(self._last_event(), at=field_of(AuditEvent, "at", at), **said)
        with self._asking() as connection:
            connection.execute(insert(TABLES[AuditEvent]).values(row_of(event)))
        return event

    def move_cursor(self, cursor: Cursor) -> None:
        table, row = TABLES[Cursor], row_of(cursor)
        statement = self._insert(table).values(row).on_conflict_do_update(index_elements=[key_of(table)], set_=row)
        with self._asking() as connection:
            connection.execute(statement)

    def enqueue(self, finding_id: str) -> None:
        with self._asking() as connection:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.finding_id == finding_id))
            connection.execute(insert(OUTBOX).values(finding_id=finding_id))

    def require_intact(self) -> None:
        """Raise the refusal that this transaction met, if any: then nothing of it may be committed."""
        if self._refusal is not None:
            raise self._refusal

    def end(self) -> None:
        """Refuse everything from now on, and read no more: the connection is somebody else's."""
        for rows in self._unread:
            rows.close()
        self._refusal = RecordUnavailable("This transaction has ended; ask and add before the end of its block.")

    def _rows(self, statement: Select[Any]) -> Generator[Any]:
        rows = super()._rows(statement)
        self._unread.add(rows)
        for row in rows:
            yield row
            self.require_intact()
        self._unread.discard(rows)

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        self.require_intact()
        try:
            with explained(self._place):
                yield self._connection
        except FootprintError as refusal:
            self._refusal = refusal
            raise

    def _insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        return postgresql.insert(table) if self._dialect == "postgresql" else sqlite.insert(table)

    def _last_event(self) -> AuditEvent | None:
        table = TABLES[AuditEvent]
        with self._asking() as connection:
            row = connection.execute(select(table).order_by(table.c.sequence.desc()).limit(1)).mappings().first()
        return None if row is None else item_of(AuditEvent, dict(row))
