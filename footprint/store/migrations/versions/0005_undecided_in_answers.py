"""How many pictures with a claim nobody had judged when a what-if was asked; none is known of those from before."""

import sqlalchemy as sa
from alembic import op

from footprint.store.columns import Whole

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("what_ifs", sa.Column("undecided", Whole, nullable=True))
