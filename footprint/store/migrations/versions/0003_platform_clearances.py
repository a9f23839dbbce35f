"""Reviews of platforms' terms, and platforms' written approvals."""

import sqlalchemy as sa
from alembic import op

from footprint.store.columns import Characters, Time

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terms_reviews",
        sa.Column("id", Characters, nullable=False),
        sa.Column("platform", Characters, nullable=False),
        sa.Column("by", Characters, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("reason", Characters, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_terms_reviews"),
    )
    op.create_index("ix_terms_reviews_platform", "terms_reviews", ["platform"])

    op.create_table(
        "platform_approvals",
        sa.Column("id", Characters, nullable=False),
        sa.Column("platform", Characters, nullable=False),
        sa.Column("document_sha256", Characters, nullable=False),
        sa.Column("by", Characters, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("reason", Characters, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_platform_approvals"),
    )
    op.create_index("ix_platform_approvals_platform", "platform_approvals", ["platform"])
