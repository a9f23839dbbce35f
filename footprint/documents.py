"""A finding as the index holds it: flat, searchable, rebuilt from the record at any time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from footprint.accounts import Account
from footprint.findings import Detection, Finding
from footprint.identifiers import Identifier
from footprint.permissions import PermissionSearch
from footprint.posts import ObservedPost
from footprint.reviews import FindingState, ReviewDecision, status_of

FOUND_FROM = 0.9
"""Probability from which a detection is called "found"; below, it is "possible" and needs corroboration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDocument:
    """
    One finding for search. The index mappings are derived from these fields; there is none about opinion, topic or person beyond
    the registrant's pseudonym (guardrails G12, G18).

    `certainty` is `found`, `possible` or `covered`; `permission` the id of the covering permission or `none`.
    """

    id: str
    state: FindingState
    certainty: str
    identifier_id: str
    identifier_name: str
    kind: str
    platform: str
    account_id: str
    registrant_id: str
    role: str
    permission: str
    detectors: tuple[str, ...]
    exemplars: tuple[str, ...]
    assets: tuple[str, ...]
    probability: float
    post_id: str
    permalink: str
    text: str
    alt: str
    posted_at: datetime
    found_at: datetime
    decided_at: datetime | None


def document_of(
    finding: Finding,
    *,
    account: Account,
    identifier: Identifier,
    post: ObservedPost,
    detections: Sequence[Detection],
    permission_search: PermissionSearch | None,
    decisions: Sequence[ReviewDecision],
) -> FindingDocument | None:
    """
    The document of a finding, or None where it must not be in the index: once a reviewer diverted it to counsel (guardrail G13).
    """
    state = status_of(decisions)
    if state is FindingState.WITH_COUNSEL:
        return None
    probability = max((d.probability for d in detections), default=0.0)
    covering = permission_search.covering if permission_search else None
    return FindingDocument(
        id=finding.id,
        state=state,
        certainty="covered" if covering else "found" if probability >= FOUND_FROM else "possible",
        identifier_id=identifier.id,
        identifier_name=identifier.name,
        kind=identifier.kind.value,
        platform=account.platform,
        account_id=account.id,
        registrant_id=account.registrant_id,
        role=account.role.value,
        permission=covering or "none",
        detectors=tuple(sorted({d.detector for d in detections})),
        exemplars=tuple(sorted({d.exemplar_id for d in detections})),
        assets=tuple(sorted({d.asset_sha256 for d in detections})),
        probability=probability,
        post_id=finding.post_id,
        permalink=post.permalink,
        text=post.text,
        alt="\n".join(m.alt for m in post.media if m.alt),
        posted_at=post.created_at,
        found_at=finding.found_at,
        decided_at=max((d.decided_at for d in decisions), default=None),
    )
