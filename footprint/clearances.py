"""What people say of a platform as a whole: its terms were read again, or its written approval is on file (guardrail G9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

REVIEW_HOLDS = timedelta(days=180)
SHIPPED_BY = "shipped with Footprint"
"""Who reviewed the terms where nobody of the Department did yet: the day stands in the platform's manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsReview:
    """Somebody read a platform's terms again and found that it may still be read in this way. `id` is digest(platform, at)."""

    id: str
    platform: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformApproval:
    """A platform approved in writing that its content is read for this purpose; the document lies among the blobs. `id` is digest(platform, document)."""

    id: str
    platform: str
    document_sha256: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The review of a platform's terms that counts: the latest."""

    on: date
    by: str

    @property
    def due_on(self) -> date:
        """The last day on which it holds."""
        return self.on + REVIEW_HOLDS

    def holds(self, at: datetime) -> bool:
        """Whether the platform may still be read on it."""
        return at.date() - self.on <= REVIEW_HOLDS


def latest_review(shipped_on: date, renewals: Iterable[TermsReview]) -> Review:
    """The latest of the review that is shipped and of those that people of the Department made."""
    reviews = [Review(on=shipped_on, by=SHIPPED_BY), *(Review(on=r.at.date(), by=r.by) for r in renewals)]
    return max(reviews, key=lambda review: (review.on, review.by != SHIPPED_BY))
