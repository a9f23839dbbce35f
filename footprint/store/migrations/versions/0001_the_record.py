"""The record as it was first: every table, and the audit log guarded against change."""

import sqlalchemy as sa
from alembic import op

from footprint.store.columns import Characters, Time, Whole

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("sequence", Whole, autoincrement=False, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("actor", Characters, nullable=False),
        sa.Column("action", Characters, nullable=False),
        sa.Column("subject", Characters, nullable=False),
        sa.Column("purpose", Characters, nullable=False),
        sa.Column("detail", Characters, nullable=False),
        sa.Column("previous", Characters, nullable=False),
        sa.Column("digest", Characters, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_events"),
    )
    op.create_index("ix_audit_events_action_at", "audit_events", ["action", "at"])
    op.create_index("ix_audit_events_actor_at", "audit_events", ["actor", "at"])
    op.create_index("ix_audit_events_at", "audit_events", ["at"])
    op.create_index("ix_audit_events_subject", "audit_events", ["subject"])

    op.create_table(
        "identifiers",
        sa.Column("id", Characters, nullable=False),
        sa.Column("kind", Characters, nullable=False),
        sa.Column("name", Characters, nullable=False),
        sa.Column("valid_from", Time, nullable=True),
        sa.Column("valid_until", Time, nullable=True),
        sa.Column("created_by", Characters, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identifiers"),
    )

    op.create_table(
        "media_assets",
        sa.Column("sha256", Characters, nullable=False),
        sa.Column("mime", Characters, nullable=False),
        sa.Column("size_bytes", Whole, nullable=False),
        sa.Column("first_fetched_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_media_assets"),
    )
    op.create_index("ix_media_assets_first_fetched_at", "media_assets", ["first_fetched_at"])

    op.create_table(
        "permissions",
        sa.Column("id", Characters, nullable=False),
        sa.Column("grantor", Characters, nullable=False),
        sa.Column("delegation", Characters, nullable=False),
        sa.Column("grantees", Characters, nullable=False),
        sa.Column("identifiers", Characters, nullable=False),
        sa.Column("kinds", Characters, nullable=False),
        sa.Column("approved_media", Characters, nullable=False),
        sa.Column("platforms", Characters, nullable=False),
        sa.Column("purpose", Characters, nullable=False),
        sa.Column("conditions", Characters, nullable=False),
        sa.Column("valid_from", Time, nullable=False),
        sa.Column("valid_until", Time, nullable=True),
        sa.Column("document_sha256", Characters, nullable=False),
        sa.Column("granted_by", Characters, nullable=False),
        sa.Column("granted_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_permissions"),
    )

    op.create_table(
        "registrants",
        sa.Column("id", Characters, nullable=False),
        sa.Column("is_unit", sa.Boolean, nullable=False),
        sa.Column("employed_from", Time, nullable=False),
        sa.Column("employed_until", Time, nullable=True),
        sa.Column("notice_acknowledged_at", Time, nullable=True),
        sa.Column("registered_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registrants"),
    )

    op.create_table(
        "report_files",
        sa.Column("id", Characters, nullable=False),
        sa.Column("week", Characters, nullable=False),
        sa.Column("as_of", Time, nullable=False),
        sa.Column("is_draft", sa.Boolean, nullable=False),
        sa.Column("html_sha256", Characters, nullable=False),
        sa.Column("json_sha256", Characters, nullable=False),
        sa.Column("audit_sequence", Whole, nullable=False),
        sa.Column("audit_head", Characters, nullable=False),
        sa.Column("generated_by", Characters, nullable=False),
        sa.Column("generated_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_files"),
    )
    op.create_index("ix_report_files_week_as_of", "report_files", ["week", "as_of"])

    op.create_table(
        "retirements",
        sa.Column("id", Characters, nullable=False),
        sa.Column("receipt_id", Characters, nullable=False),
        sa.Column("sha256", Characters, nullable=False),
        sa.Column("sort", Characters, nullable=False),
        sa.Column("retired_by", Characters, nullable=False),
        sa.Column("retired_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retirements"),
    )
    op.create_index("ix_retirements_receipt_id", "retirements", ["receipt_id"])
    op.create_index("ix_retirements_sha256", "retirements", ["sha256"])

    op.create_table(
        "runs",
        sa.Column("id", Characters, nullable=False),
        sa.Column("actor", Characters, nullable=False),
        sa.Column("started_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"])

    op.create_table(
        "sessions",
        sa.Column("id", Characters, nullable=False),
        sa.Column("user_name", Characters, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("expires_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_index("ix_sessions_user_name", "sessions", ["user_name"])

    op.create_table(
        "accounts",
        sa.Column("id", Characters, nullable=False),
        sa.Column("platform", Characters, nullable=False),
        sa.Column("native_id", Characters, nullable=False),
        sa.Column("address", Characters, nullable=False),
        sa.Column("author", Characters, nullable=True),
        sa.Column("registrant_id", Characters, nullable=False),
        sa.Column("role", Characters, nullable=False),
        sa.Column("basis", Characters, nullable=False),
        sa.Column("document_sha256", Characters, nullable=False),
        sa.Column("registered_by", Characters, nullable=False),
        sa.Column("registered_at", Time, nullable=False),
        sa.Column("expires_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["registrant_id"], ["registrants.id"], name="fk_accounts_registrant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_index("ix_accounts_platform", "accounts", ["platform"])
    op.create_index("ix_accounts_registrant_id", "accounts", ["registrant_id"])

    op.create_table(
        "asset_scans",
        sa.Column("id", Characters, nullable=False),
        sa.Column("asset_sha256", Characters, nullable=False),
        sa.Column("detector", Characters, nullable=False),
        sa.Column("version", Characters, nullable=False),
        sa.Column("run_id", Characters, nullable=False),
        sa.Column("outcome", Characters, nullable=False),
        sa.Column("detail", Characters, nullable=False),
        sa.Column("scanned_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["asset_sha256"], ["media_assets.sha256"], name="fk_asset_scans_asset_sha256"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_asset_scans_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_asset_scans"),
    )
    op.create_index(
        "ix_asset_scans_asset_sha256_detector_version", "asset_scans", ["asset_sha256", "detector", "version"]
    )
    op.create_index("ix_asset_scans_run_id_outcome", "asset_scans", ["run_id", "outcome"])
    op.create_index("ix_asset_scans_scanned_at", "asset_scans", ["scanned_at"])

    op.create_table(
        "captures",
        sa.Column("id", Characters, nullable=False),
        sa.Column("sha256", Characters, nullable=False),
        sa.Column("run_id", Characters, nullable=False),
        sa.Column("url", Characters, nullable=False),
        sa.Column("status", Whole, nullable=False),
        sa.Column("fetched_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_captures_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
    )
    op.create_index("ix_captures_fetched_at", "captures", ["fetched_at"])
    op.create_index("ix_captures_run_id", "captures", ["run_id"])
    op.create_index("ix_captures_sha256", "captures", ["sha256"])

    op.create_table(
        "exemplars",
        sa.Column("id", Characters, nullable=False),
        sa.Column("identifier_id", Characters, nullable=False),
        sa.Column("sha256", Characters, nullable=False),
        sa.Column("mime", Characters, nullable=False),
        sa.Column("polarity", Characters, nullable=False),
        sa.Column("label", Characters, nullable=False),
        sa.Column("added_by", Characters, nullable=False),
        sa.Column("added_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["identifier_id"], ["identifiers.id"], name="fk_exemplars_identifier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exemplars"),
    )
    op.create_index("ix_exemplars_identifier_id", "exemplars", ["identifier_id"])
    op.create_index("ix_exemplars_sha256", "exemplars", ["sha256"])

    op.create_table(
        "identities",
        sa.Column("registrant_id", Characters, nullable=False),
        sa.Column("name", Characters, nullable=False),
        sa.ForeignKeyConstraint(["registrant_id"], ["registrants.id"], name="fk_identities_registrant_id"),
        sa.PrimaryKeyConstraint("registrant_id", name="pk_identities"),
    )

    op.create_table(
        "revocations",
        sa.Column("id", Characters, nullable=False),
        sa.Column("revoked_at", Time, nullable=False),
        sa.Column("by", Characters, nullable=False),
        sa.Column("reason", Characters, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["permissions.id"], name="fk_revocations_id"),
        sa.PrimaryKeyConstraint("id", name="pk_revocations"),
    )

    op.create_table(
        "run_ends",
        sa.Column("id", Characters, nullable=False),
        sa.Column("ended_at", Time, nullable=False),
        sa.Column("outcome", Characters, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["runs.id"], name="fk_run_ends_id"),
        sa.PrimaryKeyConstraint("id", name="pk_run_ends"),
    )
    op.create_index("ix_run_ends_ended_at", "run_ends", ["ended_at"])

    op.create_table(
        "session_ends",
        sa.Column("id", Characters, nullable=False),
        sa.Column("ended_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["sessions.id"], name="fk_session_ends_id"),
        sa.PrimaryKeyConstraint("id", name="pk_session_ends"),
    )

    op.create_table(
        "users",
        sa.Column("id", Characters, nullable=False),
        sa.Column("name", Characters, nullable=False),
        sa.Column("roles", Characters, nullable=False),
        sa.Column("password_hash", Characters, nullable=False),
        sa.Column("registrant_id", Characters, nullable=True),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["registrant_id"], ["registrants.id"], name="fk_users_registrant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_index("ix_users_name_created_at", "users", ["name", "created_at"])
    op.create_index("ix_users_registrant_id", "users", ["registrant_id"])

    op.create_table(
        "account_events",
        sa.Column("id", Characters, nullable=False),
        sa.Column("account_id", Characters, nullable=False),
        sa.Column("step", Characters, nullable=False),
        sa.Column("by", Characters, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("reason", Characters, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_account_events_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account_events"),
    )
    op.create_index("ix_account_events_account_id", "account_events", ["account_id"])

    op.create_table(
        "cursors",
        sa.Column("account_id", Characters, nullable=False),
        sa.Column("state", Characters, nullable=False),
        sa.Column("moved_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_cursors_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_cursors"),
    )

    op.create_table(
        "detections",
        sa.Column("id", Characters, nullable=False),
        sa.Column("asset_sha256", Characters, nullable=False),
        sa.Column("detector", Characters, nullable=False),
        sa.Column("version", Characters, nullable=False),
        sa.Column("identifier_id", Characters, nullable=False),
        sa.Column("exemplar_id", Characters, nullable=False),
        sa.Column("region", Characters, nullable=False),
        sa.Column("measure", sa.Double, nullable=False),
        sa.Column("unit", Characters, nullable=False),
        sa.Column("probability", sa.Double, nullable=False),
        sa.Column("sentence", Characters, nullable=False),
        sa.Column("evidence", Characters, nullable=False),
        sa.ForeignKeyConstraint(["asset_sha256"], ["media_assets.sha256"], name="fk_detections_asset_sha256"),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplars.id"], name="fk_detections_exemplar_id"),
        sa.ForeignKeyConstraint(["identifier_id"], ["identifiers.id"], name="fk_detections_identifier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_detections"),
    )
    op.create_index("ix_detections_asset_sha256", "detections", ["asset_sha256"])
    op.create_index("ix_detections_detector_version", "detections", ["detector", "version"])
    op.create_index("ix_detections_exemplar_id", "detections", ["exemplar_id"])
    op.create_index("ix_detections_identifier_id", "detections", ["identifier_id"])

    op.create_table(
        "exemplar_events",
        sa.Column("id", Characters, nullable=False),
        sa.Column("exemplar_id", Characters, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("by", Characters, nullable=False),
        sa.Column("at", Time, nullable=False),
        sa.Column("reason", Characters, nullable=False),
        sa.ForeignKeyConstraint(["exemplar_id"], ["exemplars.id"], name="fk_exemplar_events_exemplar_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exemplar_events"),
    )
    op.create_index("ix_exemplar_events_exemplar_id", "exemplar_events", ["exemplar_id"])

    op.create_table(
        "planned_fetches",
        sa.Column("id", Characters, nullable=False),
        sa.Column("run_id", Characters, nullable=False),
        sa.Column("account_id", Characters, nullable=False),
        sa.Column("target", Characters, nullable=False),
        sa.Column("url", Characters, nullable=False),
        sa.Column("planned_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_planned_fetches_account_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_planned_fetches_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_planned_fetches"),
    )
    op.create_index("ix_planned_fetches_account_id", "planned_fetches", ["account_id"])
    op.create_index("ix_planned_fetches_planned_at", "planned_fetches", ["planned_at"])
    op.create_index("ix_planned_fetches_run_id", "planned_fetches", ["run_id"])

    op.create_table(
        "posts",
        sa.Column("id", Characters, nullable=False),
        sa.Column("account_id", Characters, nullable=False),
        sa.Column("kind", Characters, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("first_seen_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_posts_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
    )
    op.create_index("ix_posts_account_id_created_at", "posts", ["account_id", "created_at"])
    op.create_index("ix_posts_created_at", "posts", ["created_at"])
    op.create_index("ix_posts_first_seen_at", "posts", ["first_seen_at"])

    op.create_table(
        "coverage_entries",
        sa.Column("id", Characters, nullable=False),
        sa.Column("run_id", Characters, nullable=False),
        sa.Column("account_id", Characters, nullable=False),
        sa.Column("target", Characters, nullable=False),
        sa.Column("url", Characters, nullable=False),
        sa.Column("outcome", Characters, nullable=False),
        sa.Column("detail", Characters, nullable=False),
        sa.Column("status", Whole, nullable=True),
        sa.Column("ended_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_coverage_entries_account_id"),
        sa.ForeignKeyConstraint(["id"], ["planned_fetches.id"], name="fk_coverage_entries_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_coverage_entries_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coverage_entries"),
    )
    op.create_index("ix_coverage_entries_account_id_ended_at", "coverage_entries", ["account_id", "ended_at"])
    op.create_index("ix_coverage_entries_ended_at", "coverage_entries", ["ended_at"])
    op.create_index("ix_coverage_entries_run_id_outcome", "coverage_entries", ["run_id", "outcome"])

    op.create_table(
        "findings",
        sa.Column("id", Characters, nullable=False),
        sa.Column("post_id", Characters, nullable=False),
        sa.Column("account_id", Characters, nullable=False),
        sa.Column("identifier_id", Characters, nullable=False),
        sa.Column("run_id", Characters, nullable=False),
        sa.Column("found_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_findings_account_id"),
        sa.ForeignKeyConstraint(["identifier_id"], ["identifiers.id"], name="fk_findings_identifier_id"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_findings_post_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_findings_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_account_id", "findings", ["account_id"])
    op.create_index("ix_findings_found_at", "findings", ["found_at"])
    op.create_index("ix_findings_identifier_id", "findings", ["identifier_id"])
    op.create_index("ix_findings_post_id", "findings", ["post_id"])
    op.create_index("ix_findings_run_id", "findings", ["run_id"])

    op.create_table(
        "post_versions",
        sa.Column("id", Characters, nullable=False),
        sa.Column("post_id", Characters, nullable=False),
        sa.Column("content_hash", Characters, nullable=False),
        sa.Column("observed_at", Time, nullable=False),
        sa.Column("edited_at", Time, nullable=True),
        sa.Column("visibility", Characters, nullable=False),
        sa.Column("body_sha256", Characters, nullable=True),
        sa.Column("capture_sha256", Characters, nullable=True),
        sa.Column("is_tombstone", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_versions_post_id"),
        sa.PrimaryKeyConstraint("id", name="pk_post_versions"),
    )
    op.create_index("ix_post_versions_body_sha256", "post_versions", ["body_sha256"])
    op.create_index("ix_post_versions_capture_sha256", "post_versions", ["capture_sha256"])
    op.create_index("ix_post_versions_observed_at", "post_versions", ["observed_at"])
    op.create_index("ix_post_versions_post_id_observed_at", "post_versions", ["post_id", "observed_at"])

    op.create_table(
        "finding_detections",
        sa.Column("id", Characters, nullable=False),
        sa.Column("finding_id", Characters, nullable=False),
        sa.Column("detection_id", Characters, nullable=False),
        sa.ForeignKeyConstraint(["detection_id"], ["detections.id"], name="fk_finding_detections_detection_id"),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_finding_detections_finding_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding_detections"),
    )
    op.create_index("ix_finding_detections_detection_id", "finding_detections", ["detection_id"])
    op.create_index("ix_finding_detections_finding_id", "finding_detections", ["finding_id"])

    op.create_table(
        "media_references",
        sa.Column("id", Characters, nullable=False),
        sa.Column("post_id", Characters, nullable=False),
        sa.Column("version_id", Characters, nullable=False),
        sa.Column("key", Characters, nullable=False),
        sa.Column("url", Characters, nullable=False),
        sa.Column("kind", Characters, nullable=False),
        sa.Column("seen_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_media_references_post_id"),
        sa.ForeignKeyConstraint(["version_id"], ["post_versions.id"], name="fk_media_references_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_media_references"),
    )
    op.create_index("ix_media_references_post_id", "media_references", ["post_id"])
    op.create_index("ix_media_references_version_id", "media_references", ["version_id"])

    op.create_table(
        "outbox",
        sa.Column("position", Whole, nullable=False),
        sa.Column("finding_id", Characters, nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_outbox_finding_id"),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
        sa.UniqueConstraint("finding_id", name="uq_outbox_finding_id"),
        sqlite_autoincrement=True,
    )

    op.create_table(
        "permission_searches",
        sa.Column("id", Characters, nullable=False),
        sa.Column("finding_id", Characters, nullable=False),
        sa.Column("registry_digest", Characters, nullable=False),
        sa.Column("as_of", Time, nullable=False),
        sa.Column("searched_at", Time, nullable=False),
        sa.Column("considered", Characters, nullable=False),
        sa.Column("covering", Characters, nullable=True),
        sa.ForeignKeyConstraint(["covering"], ["permissions.id"], name="fk_permission_searches_covering"),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_permission_searches_finding_id"),
        sa.PrimaryKeyConstraint("id", name="pk_permission_searches"),
    )
    op.create_index("ix_permission_searches_covering", "permission_searches", ["covering"])
    op.create_index("ix_permission_searches_finding_id", "permission_searches", ["finding_id"])
    op.create_index("ix_permission_searches_searched_at", "permission_searches", ["searched_at"])

    op.create_table(
        "review_decisions",
        sa.Column("id", Characters, nullable=False),
        sa.Column("finding_id", Characters, nullable=False),
        sa.Column("reviewer", Characters, nullable=False),
        sa.Column("verdict", Characters, nullable=True),
        sa.Column("elements", Characters, nullable=False),
        sa.Column("permission_id", Characters, nullable=True),
        sa.Column("note", Characters, nullable=False),
        sa.Column("undoes", Characters, nullable=True),
        sa.Column("decided_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_review_decisions_finding_id"),
        sa.ForeignKeyConstraint(["permission_id"], ["permissions.id"], name="fk_review_decisions_permission_id"),
        sa.ForeignKeyConstraint(["undoes"], ["review_decisions.id"], name="fk_review_decisions_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_review_decisions"),
    )
    op.create_index("ix_review_decisions_decided_at", "review_decisions", ["decided_at"])
    op.create_index("ix_review_decisions_finding_id", "review_decisions", ["finding_id"])
    op.create_index("ix_review_decisions_permission_id", "review_decisions", ["permission_id"])
    op.create_index("ix_review_decisions_reviewer_decided_at", "review_decisions", ["reviewer", "decided_at"])

    op.create_table(
        "media_uses",
        sa.Column("id", Characters, nullable=False),
        sa.Column("post_id", Characters, nullable=False),
        sa.Column("asset_sha256", Characters, nullable=False),
        sa.Column("url", Characters, nullable=False),
        sa.Column("fetched_at", Time, nullable=False),
        sa.ForeignKeyConstraint(["asset_sha256"], ["media_assets.sha256"], name="fk_media_uses_asset_sha256"),
        sa.ForeignKeyConstraint(["id"], ["media_references.id"], name="fk_media_uses_id"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_media_uses_post_id"),
        sa.PrimaryKeyConstraint("id", name="pk_media_uses"),
    )
    op.create_index("ix_media_uses_asset_sha256", "media_uses", ["asset_sha256"])
    op.create_index("ix_media_uses_post_id", "media_uses", ["post_id"])

    _guard_audit_events()


def _guard_audit_events() -> None:
    """Whoever writes around Footprint still cannot change or remove what people did, short of taking the guard away."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_events_refuse_{act.lower()} BEFORE {act} ON audit_events "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_events_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()"
    )
