"""
Alembic runs this with a connection that `footprint.store.schema` hands in; the whole upgrade is that connection's one transaction.

There is no way down: what is recorded is never thrown away. Go back by restoring a backup.
"""

from alembic import context

from footprint.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
