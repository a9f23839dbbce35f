"""The record on SQL: opens it, and asks it what is still to do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, exists, literal, select, union_all

from footprint.findings import AssetScan
from footprint.posts import MediaReference, MediaUse, Post
from footprint.store import health
from footprint.store.engine import PATIENCE_S, engine_for, parse, place, require_file, writing
from footprint.store.failures import explained
from footprint.store.reading import SqlReader
from footprint.store.revision import require_current
from footprint.store.tables import OUTBOX, TABLES
from footprint.store.transaction import SqlTransaction


def open_record(url: str, *, patience_s: float = PATIENCE_S) -> "SqlRecord":
    """
    Open the record at `sqlite:///PATH` or `postgresql+psycopg://USER@HOST/NAME`; the caller closes it.

    Writers take turns: a transaction waits `patience_s` for its turn, then raises RecordUnavailable.

    Raises BadConfiguration for another URL, RecordUnavailable where there is no record, it cannot be read, or it is of another version.
    """
    parsed = parse(url)
    require_file(parsed)
    record = SqlRecord(engine_for(parsed, patience_s=patience_s))
    try:
        record.require_current()
    except BaseException:
        record.close()
        raise
    return record


def migrate(url: str) -> None:
    """Make the record at a URL, or bring it up to this version. Harmless when repeated, or done by two at once."""
    from footprint.store import schema  # brings Alembic: a third of a second that no crawl should wait for

    schema.migrate(parse(url))


class SqlRecord(SqlReader):
    """A Record on SQLite or PostgreSQL. Every question sees what was committed before it; none waits for a writer."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.dialect.name)
        self._engine = engine
        self._place = place(engine.url)

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        with explained(self._place), writing(self._engine).begin() as connection:
            transaction = SqlTransaction(connection, self._place)
            try:
                yield transaction
                transaction.require_intact()
            finally:
                transaction.end()

    def unscanned(self, versions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        if not versions:
            return iter(())
        uses, scans = TABLES[MediaUse], TABLES[AssetScan]
        wanted = union_all(
            *(
                select(
                    literal(number).label("number"), literal(name).label("detector"), literal(version).label("version")
                )
                for number, (name, version) in enumerate(sorted(versions.items()))
            )
        ).subquery("wanted")
        used = select(uses.c.asset_sha256).distinct().subquery("used")
        scanned = exists().where(
            scans.c.asset_sha256 == used.c.asset_sha256,
            scans.c.detector == wanted.c.detector,
            scans.c.version == wanted.c.version,
        )
        statement = (
            select(used.c.asset_sha256, wanted.c.detector)
            .join_from(used, wanted, literal(True))
            .where(~scanned)
            .order_by(used.c.asset_sha256, wanted.c.number)
        )
        return ((sha256, detector) for sha256, detector in self._rows(statement))

    def outstanding_media(self, account_id: str) -> Iterator[str]:
        references, posts, uses = TABLES[MediaReference], TABLES[Post], TABLES[MediaUse]
        statement = (
            select(references.c.id)
            .join(posts, posts.c.id == references.c.post_id)
            .where(posts.c.account_id == account_id, ~exists().where(uses.c.id == references.c.id))
            .order_by(references.c.seen_at, references.c.id)
        )
        return (reference_id for (reference_id,) in self._rows(statement))

    def outbox(self, limit: int) -> Sequence[tuple[int, str]]:
        statement = select(OUTBOX.c.position, OUTBOX.c.finding_id).order_by(OUTBOX.c.position).limit(limit)
        with self._asking() as connection:
            return [(position, finding_id) for position, finding_id in connection.execute(statement)]

    def dequeue(self, positions: Iterable[int]) -> None:
        statement = delete(OUTBOX).where(self._is_any_of(OUTBOX.c.position, set(positions)))
        with explained(self._place), writing(self._engine).begin() as connection:
            connection.execute(statement)

    def check(self) -> str:
        with explained(self._place), writing(self._engine).begin() as connection:
            return health.line(connection, self._place)

    def require_current(self) -> None:
        """Raise RecordUnavailable unless the record's tables are of this version."""
        with self._asking() as connection:
            require_current(connection, self._place)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        with explained(self._place), self._engine.connect() as connection:
            yield connection
