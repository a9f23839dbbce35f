"""What a threshold was tried on besides the record: the bank of pictures that do not show the identifier."""

import sqlalchemy as sa
from alembic import op

from footprint.store.columns import Characters

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("what_ifs", sa.Column("bank", Characters, nullable=True))
