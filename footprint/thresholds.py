"""
From which probability a claim becomes a finding: one threshold for each identifier, proposed by one person and approved by another.

Every proposal rests on a what-if that is on record (guardrail G32). Where nothing was approved, every claim becomes a finding.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from footprint.findings import Detection


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdProposal:
    """A threshold that somebody wants. `value` is a probability in [0, 1)."""

    id: str
    identifier_id: str
    value: float
    what_if_id: str
    reason: str
    proposed_by: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdApproval:
    """The second person's yes. `id` is the proposal's."""

    id: str
    approved_by: str
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A threshold as it came into force; `version` counts those of the identifier, from 1."""

    proposal: ThresholdProposal
    approval: ThresholdApproval
    version: int

    @property
    def value(self) -> float:
        """The least probability of a claim that becomes a finding."""
        return self.proposal.value


def history(
    proposals: Iterable[ThresholdProposal], approvals: Iterable[ThresholdApproval]
) -> Mapping[str, tuple[Threshold, ...]]:
    """The thresholds that ever came into force, by identifier, in order of their approval."""
    by_id = {proposal.id: proposal for proposal in proposals}
    versions: dict[str, tuple[Threshold, ...]] = {}
    for approval in sorted(approvals, key=lambda a: (a.approved_at, a.id)):
        if approval.id in by_id:
            proposal = by_id[approval.id]
            earlier = versions.get(proposal.identifier_id, ())
            threshold = Threshold(proposal=proposal, approval=approval, version=len(earlier) + 1)
            versions[proposal.identifier_id] = (*earlier, threshold)
    return versions


def in_force(proposals: Iterable[ThresholdProposal], approvals: Iterable[ThresholdApproval]) -> Mapping[str, Threshold]:
    """The threshold of each identifier that has one: the one approved last."""
    return {identifier_id: versions[-1] for identifier_id, versions in history(proposals, approvals).items()}


def reaches(claim: Detection, threshold: Threshold | None) -> bool:
    """Whether a claim makes a finding under a threshold, None for none."""
    return threshold is None or claim.probability >= threshold.value


def pending(
    proposals: Iterable[ThresholdProposal], approvals: Iterable[ThresholdApproval], identifier_id: str
) -> ThresholdProposal | None:
    """The latest proposal for an identifier, where nobody has approved it yet; a later one takes the place of an earlier."""
    own = [proposal for proposal in proposals if proposal.identifier_id == identifier_id]
    last = max(own, key=lambda p: (p.proposed_at, p.id), default=None)
    approved = {approval.id for approval in approvals}
    return last if last is not None and last.id not in approved else None
