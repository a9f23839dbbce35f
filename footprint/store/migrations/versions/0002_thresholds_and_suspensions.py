"""What an identifier is worth: what-ifs, thresholds with their approval, suspended detectors, and the threshold of each support."""

import sqlalchemy as sa
from alembic import op

from footprint.store.columns import Characters, Time, Whole

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("finding_detections", sa.Column("threshold_id", Characters, nullable=True))

    op.create_table(
        "what_ifs",
        sa.Column("id", Characters, nullable=False),
        sa.Column("identifier_id", Characters, nullable=False),
        sa.Column("change", Characters, nullable=False),
        sa.Column("threshold_before", sa.Double(), nullable=False),
        sa.Column("since", Time, nullable=False),
        sa.Column("until", Time, nullable=False),
        sa.Column("versions", Characters, nullable=False),
        sa.Column("looked_at", Whole, nullable=False),
        sa.Column("findings", Whole, nullable=False),
        sa.Column("lost", Characters, nullable=False),
        sa.Column("gained", Whole, nullable=False),
        sa.Column("false_alarms_before", Whole, nullable=False),
        sa.Column("false_alarms_after", Whole, nullable=False),
        sa.Column("unknown", Characters, nullable=False),
        sa.Column("tried_by", Characters, nullable=False),
        sa.Column("tried_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["identifier_id"], ["identifiers.id"], name="fk_what_ifs_identifier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_what_ifs"),
    )
    op.create_index("ix_what_ifs_identifier_id", "what_ifs", ["identifier_id"])

    op.create_table(
        "threshold_proposals",
        sa.Column("id", Characters, nullable=False),
        sa.Column("identifier_id", Characters, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("what_if_id", Characters, nullable=False),
        sa.Column("reason", Characters, nullable=False),
        sa.Column("proposed_by", Characters, nullable=False),
        sa.Column("proposed_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["identifier_id"], ["identifiers.id"], name="fk_threshold_proposals_identifier_id"),
        sa.ForeignKeyConstraint(["what_if_id"], ["what_ifs.id"], name="fk_threshold_proposals_what_if_id"),
        sa.PrimaryKeyConstraint("id", name="pk_threshold_proposals"),
    )
    op.create_index("ix_threshold_proposals_identifier_id", "threshold_proposals", ["identifier_id"])
    op.create_index("ix_threshold_proposals_what_if_id", "threshold_proposals", ["what_if_id"])

    op.create_table(
        "threshold_approvals",
        sa.Column("id", Characters, nullable=False),
        sa.Column("approved_by", Characters, nullable=False),
        sa.Column("approved_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["threshold_proposals.id"], name="fk_threshold_approvals_id"),
        sa.PrimaryKeyConstraint("id", name="pk_threshold_approvals"),
    )

    op.create_table(
        "detector_events",
        sa.Column("id", Characters, nullable=False),
        sa.Column("detector", Characters, nullable=False),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("by", Characters, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("reason", Characters, nullable=False),
        sa.Column("judged", Whole, nullable=False),
        sa.Column("material", Whole, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_detector_events"),
    )
    op.create_index("ix_detector_events_detector", "detector_events", ["detector"])
