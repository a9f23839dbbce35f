"""The weekly exposure report: figures of one ISO week, each derived from the record by a pure function."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """
    One written report. `id` is digest(week, as_of, json_sha256); `week` is such as `2026-W14`.

    It counts what was recorded before `as_of`, and the audit chain up to `audit_sequence`, whose digest is `audit_head` (GENESIS where
    there is none). The page and the figures lie among the blobs. A draft was written before its week had ended.
    """

    id: str
    week: str
    as_of: datetime
    is_draft: bool
    html_sha256: str
    json_sha256: str
    audit_sequence: int
    audit_head: str
    generated_by: str
    generated_at: datetime
