"""Turns detections into findings, each of which waits in the outbox to be indexed."""

from collections.abc import Callable, Mapping
from datetime import datetime

from footprint.digests import digest
from footprint.dossiers import require_recorded
from footprint.findings import Detection, Finding, FindingDetection, finding_id, fold
from footprint.ports import Record
from footprint.posts import MediaUse, Post
from footprint.retention import retired_posts
from footprint.thresholds import ThresholdApproval, ThresholdProposal, in_force, reaches


def fold_findings(record: Record, *, versions: Mapping[str, str], run_id: str, clock: Callable[[], datetime]) -> int:
    """
    Record a finding for each post that shows an identifier, and what supports it. Returns how many findings are new.

    A claim below the threshold in force of its identifier makes no finding. Folding twice is folding once; a detection that joins an older finding puts it into the outbox again. A post whose words were
    retired is not found any more: nobody could review it.
    """
    thresholds = in_force(record.select(ThresholdProposal), record.select(ThresholdApproval))
    detections = tuple(
        d
        for d in record.select(Detection)
        if versions.get(d.detector) == d.version and reaches(d, thresholds.get(d.identifier_id))
    )
    uses = record.select(MediaUse, asset_sha256={d.asset_sha256 for d in detections})
    folded = fold(detections, uses)
    retired = retired_posts(record, {post_id for post_id, _ in folded})
    new = 0
    for (post_id, identifier_id), claims in folded.items():
        if post_id in retired:
            continue
        post = require_recorded(record, Post, post_id)
        finding = Finding(
            id=finding_id(post_id, identifier_id),
            post_id=post_id,
            account_id=post.account_id,
            identifier_id=identifier_id,
            run_id=run_id,
            found_at=clock(),
        )
        threshold = thresholds.get(identifier_id)
        supports = [
            FindingDetection(
                id=digest(finding.id, c.id),
                finding_id=finding.id,
                detection_id=c.id,
                threshold_id=threshold.proposal.id if threshold else None,
            )
            for c in claims
        ]
        if all(record.get(FindingDetection, support.id) is not None for support in supports):
            continue
        with record.transaction() as tx:
            new += tx.add(finding)
            added = [tx.add(support) for support in supports]
            if any(added):
                tx.enqueue(finding.id)
    return new
