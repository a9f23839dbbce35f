"""Whether a record has the tables of this version."""

from sqlalchemy import Connection, inspect, text

from footprint.errors import RecordUnavailable
from footprint.store.tables import REVISION


def revision_of(connection: Connection) -> str | None:
    """The migration that a record is at, None where nothing was ever migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def require_current(connection: Connection, place: str) -> None:
    """Raise RecordUnavailable, with the mend, unless the record is at this version's migration."""
    revision = revision_of(connection)
    if revision == REVISION:
        return
    if revision is None:
        raise RecordUnavailable(f"There is no record at {place} yet. Make it with `footprint init`.")
    raise RecordUnavailable(
        f"The record at {place} is of another version (migration {revision}, not {REVISION}). "
        "Upgrade it with `footprint init`, or install the newer Footprint that made it."
    )
