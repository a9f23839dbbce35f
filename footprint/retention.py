"""What leaves the house: bytes that no finding needs are deleted, and that they were is on record (guardrails G20, G21)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Sort(StrEnum):
    """What bytes were, before they were deleted."""

    MEDIA = "media"
    BODY = "body"
    CAPTURE = "capture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """
    Bytes whose deletion was decided. `id` is digest(receipt, sha256).

    `receipt_id` is the subject of the audit event that says that all bytes of the same decision are gone; while there is none, the next
    retirement deletes them again. The bytes may come back later, when another post shows them.
    """

    id: str
    receipt_id: str
    sha256: str
    sort: Sort
    retired_by: str
    retired_at: datetime
