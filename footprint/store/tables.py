"""
Every table of the record, one for each recorded type of the domain, and which is whose.

Columns have the names of the fields; structured fields are canonical JSON. Longer than most modules because it is one list; a test compares
it with the domain field by field, another with the migrations. Change it together with a new file in `migrations/versions`.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, MetaData, Table

from footprint.accounts import Account, AccountEvent, Identity, Registrant
from footprint.audit import AuditEvent
from footprint.clearances import PlatformApproval, TermsReview
from footprint.coverage import CoverageEntry, PlannedFetch, Run, RunEnd
from footprint.findings import AssetScan, Detection, Finding, FindingDetection
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier
from footprint.permissions import Permission, PermissionSearch, Revocation
from footprint.posts import Capture, Cursor, MediaAsset, MediaReference, MediaUse, Post, PostVersion
from footprint.reports import ReportFile
from footprint.retention import Retirement
from footprint.reviews import ReviewDecision
from footprint.store.columns import Characters, Time, Whole
from footprint.suspensions import DetectorEvent
from footprint.thresholds import ThresholdApproval, ThresholdProposal
from footprint.users import Session, SessionEnd, User
from footprint.whatif import WhatIf

REVISION = "0005"
"""The migration that makes these tables: Alembic's head."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str = "id", of: str | None = None) -> Column[Any]:
    return Column(name, Characters, *([ForeignKey(of)] if of else []), primary_key=True)


def _text(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, Characters, nullable=optional)


def _ref(name: str, target: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, Characters, ForeignKey(target), nullable=optional)


def _time(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, Time, nullable=optional)


def _whole(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, Whole, nullable=optional)


def _real(name: str) -> Column[Any]:
    return Column(name, Double, nullable=False)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _table(name: str, *columns: Column[Any], asked_by: tuple[str, ...] = ()) -> Table:
    """A table with an index for each of the questions that are asked of it: columns, separated by blanks."""
    return Table(name, METADATA, *columns, *(Index(None, *question.split()) for question in asked_by))


_ACCOUNTS: dict[type[Any], Table] = {
    Registrant: _table(
        "registrants", _key(), _flag("is_unit"), _time("employed_from"), _time("employed_until", optional=True),
        _time("notice_acknowledged_at", optional=True), _time("registered_at"),
    ),
    Identity: _table("identities", _key("registrant_id", of="registrants.id"), _text("name")),
    Account: _table(
        "accounts", _key(), _text("platform"), _text("native_id"), _text("address"), _text("author", optional=True),
        _ref("registrant_id", "registrants.id"), _text("role"), _text("basis"), _text("document_sha256"),
        _text("registered_by"), _time("registered_at"), _time("expires_at"),
        asked_by=("registrant_id", "platform"),
    ),
    AccountEvent: _table(
        "account_events", _key(), _ref("account_id", "accounts.id"), _text("step"), _text("by"), _time("at"),
        _text("reason"),
        asked_by=("account_id",),
    ),
}  # fmt: skip

_IDENTIFIERS: dict[type[Any], Table] = {
    Identifier: _table(
        "identifiers", _key(), _text("kind"), _text("name"), _time("valid_from", optional=True),
        _time("valid_until", optional=True), _text("created_by"), _time("created_at"),
    ),
    Exemplar: _table(
        "exemplars", _key(), _ref("identifier_id", "identifiers.id"), _text("sha256"), _text("mime"), _text("polarity"),
        _text("label"), _text("added_by"), _time("added_at"),
        asked_by=("identifier_id", "sha256"),
    ),
    ExemplarEvent: _table(
        "exemplar_events", _key(), _ref("exemplar_id", "exemplars.id"), _flag("enabled"), _text("by"), _time("at"),
        _text("reason"),
        asked_by=("exemplar_id",),
    ),
    WhatIf: _table(
        "what_ifs", _key(), _ref("identifier_id", "identifiers.id"), _text("change"), _real("threshold_before"),
        _time("since"), _time("until"), _text("versions"), _whole("looked_at"), _whole("findings"), _text("lost"),
        _whole("gained"), _whole("false_alarms_before"), _whole("false_alarms_after"), _text("unknown"), _text("tried_by"),
        _time("tried_at"), _text("bank", optional=True), _whole("undecided", optional=True),
        asked_by=("identifier_id",),
    ),
    ThresholdProposal: _table(
        "threshold_proposals", _key(), _ref("identifier_id", "identifiers.id"), _real("value"),
        _ref("what_if_id", "what_ifs.id"), _text("reason"), _text("proposed_by"), _time("proposed_at"),
        asked_by=("identifier_id", "what_if_id"),
    ),
    ThresholdApproval: _table(
        "threshold_approvals", _key(of="threshold_proposals.id"), _text("approved_by"), _time("approved_at"),
    ),
    DetectorEvent: _table(
        "detector_events", _key(), _text("detector"), _flag("is_suspended"), _text("by"), _time("at"), _text("reason"),
        _whole("judged"), _whole("material"),
        asked_by=("detector",),
    ),
}  # fmt: skip

_PERMISSIONS: dict[type[Any], Table] = {
    Permission: _table(
        "permissions", _key(), _text("grantor"), _text("delegation"), _text("grantees"), _text("identifiers"),
        _text("kinds"), _text("approved_media"), _text("platforms"), _text("purpose"), _text("conditions"),
        _time("valid_from"), _time("valid_until", optional=True), _text("document_sha256"), _text("granted_by"),
        _time("granted_at"),
    ),
    Revocation: _table(
        "revocations", _key(of="permissions.id"), _time("revoked_at"), _text("by"), _text("reason"),
    ),
    PermissionSearch: _table(
        "permission_searches", _key(), _ref("finding_id", "findings.id"), _text("registry_digest"), _time("as_of"),
        _time("searched_at"), _text("considered"), _ref("covering", "permissions.id", optional=True),
        asked_by=("finding_id", "covering", "searched_at"),
    ),
}  # fmt: skip

_POSTS: dict[type[Any], Table] = {
    Post: _table(
        "posts", _key(), _ref("account_id", "accounts.id"), _text("kind"), _time("created_at"), _time("first_seen_at"),
        asked_by=("account_id created_at", "created_at", "first_seen_at"),
    ),
    PostVersion: _table(
        "post_versions", _key(), _ref("post_id", "posts.id"), _text("content_hash"), _time("observed_at"),
        _time("edited_at", optional=True), _text("visibility"), _text("body_sha256", optional=True),
        _text("capture_sha256", optional=True), _flag("is_tombstone"),
        asked_by=("post_id observed_at", "observed_at", "body_sha256", "capture_sha256"),
    ),
    Capture: _table(
        "captures", _key(), _text("sha256"), _ref("run_id", "runs.id"), _text("url"), _whole("status"),
        _time("fetched_at"),
        asked_by=("sha256", "run_id", "fetched_at"),
    ),
    MediaReference: _table(
        "media_references", _key(), _ref("post_id", "posts.id"), _ref("version_id", "post_versions.id"), _text("key"),
        _text("url"), _text("kind"), _time("seen_at"),
        asked_by=("post_id", "version_id"),
    ),
    MediaAsset: _table(
        "media_assets", _key("sha256"), _text("mime"), _whole("size_bytes"), _time("first_fetched_at"),
        asked_by=("first_fetched_at",),
    ),
    MediaUse: _table(
        "media_uses", _key(of="media_references.id"), _ref("post_id", "posts.id"),
        _ref("asset_sha256", "media_assets.sha256"), _text("url"), _time("fetched_at"),
        asked_by=("post_id", "asset_sha256"),
    ),
    Cursor: _table("cursors", _key("account_id", of="accounts.id"), _text("state"), _time("moved_at")),
}  # fmt: skip

_FINDINGS: dict[type[Any], Table] = {
    Detection: _table(
        "detections", _key(), _ref("asset_sha256", "media_assets.sha256"), _text("detector"), _text("version"),
        _ref("identifier_id", "identifiers.id"), _ref("exemplar_id", "exemplars.id"), _text("region"),
        _real("measure"), _text("unit"), _real("probability"), _text("sentence"), _text("evidence"),
        asked_by=("asset_sha256", "identifier_id", "exemplar_id", "detector version"),
    ),
    AssetScan: _table(
        "asset_scans", _key(), _ref("asset_sha256", "media_assets.sha256"), _text("detector"), _text("version"),
        _ref("run_id", "runs.id"), _text("outcome"), _text("detail"), _time("scanned_at"),
        asked_by=("asset_sha256 detector version", "run_id outcome", "scanned_at"),
    ),
    Finding: _table(
        "findings", _key(), _ref("post_id", "posts.id"), _ref("account_id", "accounts.id"),
        _ref("identifier_id", "identifiers.id"), _ref("run_id", "runs.id"), _time("found_at"),
        asked_by=("post_id", "account_id", "identifier_id", "run_id", "found_at"),
    ),
    FindingDetection: _table(
        "finding_detections", _key(), _ref("finding_id", "findings.id"), _ref("detection_id", "detections.id"),
        _text("threshold_id", optional=True),
        asked_by=("finding_id", "detection_id"),
    ),
    ReviewDecision: _table(
        "review_decisions", _key(), _ref("finding_id", "findings.id"), _text("reviewer"),
        _text("verdict", optional=True), _text("elements"), _ref("permission_id", "permissions.id", optional=True),
        _text("note"), _ref("undoes", "review_decisions.id", optional=True), _time("decided_at"),
        asked_by=("finding_id", "reviewer decided_at", "decided_at", "permission_id"),
    ),
}  # fmt: skip

_COVERAGE: dict[type[Any], Table] = {
    Run: _table("runs", _key(), _text("actor"), _time("started_at"), asked_by=("started_at",)),
    RunEnd: _table("run_ends", _key(of="runs.id"), _time("ended_at"), _text("outcome"), asked_by=("ended_at",)),
    PlannedFetch: _table(
        "planned_fetches", _key(), _ref("run_id", "runs.id"), _ref("account_id", "accounts.id"), _text("target"),
        _text("url"), _time("planned_at"),
        asked_by=("run_id", "account_id", "planned_at"),
    ),
    CoverageEntry: _table(
        "coverage_entries", _key(of="planned_fetches.id"), _ref("run_id", "runs.id"), _ref("account_id", "accounts.id"),
        _text("target"), _text("url"), _text("outcome"), _text("detail"), _whole("status", optional=True),
        _time("ended_at"),
        asked_by=("run_id outcome", "account_id ended_at", "ended_at"),
    ),
}  # fmt: skip

_PEOPLE: dict[type[Any], Table] = {
    AuditEvent: _table(
        "audit_events", Column("sequence", Whole, primary_key=True, autoincrement=False), _time("at"), _text("actor"),
        _text("action"), _text("subject"), _text("purpose"), _text("detail"), _text("previous"), _text("digest"),
        asked_by=("at", "actor at", "subject", "action at"),
    ),
    User: _table(
        "users", _key(), _text("name"), _text("roles"), _text("password_hash"),
        _ref("registrant_id", "registrants.id", optional=True), _flag("is_active"), _time("created_at"),
        asked_by=("name created_at", "registrant_id"),
    ),
    Session: _table(
        "sessions", _key(), _text("user_name"), _time("created_at"), _time("expires_at"),
        asked_by=("user_name", "expires_at"),
    ),
    SessionEnd: _table("session_ends", _key(of="sessions.id"), _time("ended_at")),
}  # fmt: skip

_KEPT: dict[type[Any], Table] = {
    ReportFile: _table(
        "report_files", _key(), _text("week"), _time("as_of"), _flag("is_draft"), _text("html_sha256"),
        _text("json_sha256"), _whole("audit_sequence"), _text("audit_head"), _text("generated_by"),
        _time("generated_at"),
        asked_by=("week as_of",),
    ),
    Retirement: _table(
        "retirements", _key(), _text("receipt_id"), _text("sha256"), _text("sort"), _text("retired_by"),
        _time("retired_at"),
        asked_by=("receipt_id", "sha256"),
    ),
}  # fmt: skip

_PLATFORMS: dict[type[Any], Table] = {
    TermsReview: _table(
        "terms_reviews", _key(), _text("platform"), _text("by"), _time("at"), _text("reason"), asked_by=("platform",)
    ),
    PlatformApproval: _table(
        "platform_approvals", _key(), _text("platform"), _text("document_sha256"), _text("by"), _time("at"),
        _text("reason"),
        asked_by=("platform",),
    ),
}  # fmt: skip

TABLES: Mapping[type[Any], Table] = {
    **_ACCOUNTS, **_IDENTIFIERS, **_PERMISSIONS, **_POSTS, **_FINDINGS, **_COVERAGE, **_PEOPLE, **_KEPT, **_PLATFORMS,
}  # fmt: skip
"""The table of each recorded type. Its primary key is one column."""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("position", Whole, primary_key=True),
    Column("finding_id", Characters, ForeignKey("findings.id"), nullable=False, unique=True),
    sqlite_autoincrement=True,  # a position that was dequeued must never stand for a later change
)
"""Findings that wait to be indexed, each once, at the position of its latest change."""
