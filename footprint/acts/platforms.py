"""Platforms as a whole: a person renews the review of their terms, or files their written approval."""

from datetime import datetime

from footprint.acts.authority import require
from footprint.clearances import PlatformApproval, TermsReview
from footprint.digests import digest, sha256
from footprint.errors import BadInput
from footprint.ports import Blobs, Record
from footprint.users import Role, User

REASON_MIN_CHARACTERS = 10


def renew_review(record: Record, platform: str, *, actor: User, at: datetime, reason: str) -> TermsReview:
    """Record that a person read a platform's terms again. `reason` says what they found; it stays in the audit log."""
    require(actor, Role.REGISTRAR, Role.CHIEF)
    said = reason.strip()
    if len(said) < REASON_MIN_CHARACTERS:
        raise BadInput(f"Say what you read and found, in at least {REASON_MIN_CHARACTERS} characters.")
    review = TermsReview(id=digest(platform, at.isoformat()), platform=platform, by=actor.name, at=at, reason=said)
    with record.transaction() as tx:
        tx.add(review)
        tx.audit(at=at, actor=actor.name, action="platform.reviewed", subject=platform, purpose=said)
    return review


def file_approval(
    record: Record, blobs: Blobs, platform: str, document: bytes, *, actor: User, at: datetime, reason: str = ""
) -> PlatformApproval:
    """Put a platform's written approval on file. Raises BadInput where the document is empty, or is on file already."""
    require(actor, Role.CHIEF)
    if not document.strip():
        raise BadInput("The document is empty.")
    approval = PlatformApproval(
        id=digest(platform, sha256(document)),
        platform=platform,
        document_sha256=blobs.put(document),
        by=actor.name,
        at=at,
        reason=reason.strip(),
    )
    with record.transaction() as tx:
        if not tx.add(approval):
            raise BadInput(f"This approval of {platform} is on file already.")
        tx.audit(
            at=at,
            actor=actor.name,
            action="platform.approved",
            subject=platform,
            purpose=approval.reason,
            detail={"document": approval.document_sha256},
        )
    return approval
