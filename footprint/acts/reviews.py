"""Review: a person's verdict is appended, audited and handed to the index in one transaction."""

from datetime import datetime

from footprint.acts.authority import require
from footprint.acts.permissions import search_for
from footprint.errors import BadInput, NotPermitted
from footprint.permissions import Permission
from footprint.ports import Record
from footprint.reviews import FindingState, ReviewDecision, require_decidable, status_of
from footprint.users import Role, User


def decide(record: Record, decision: ReviewDecision, *, actor: User, at: datetime) -> FindingState:
    """
    Append a decision. Returns where the finding stands after it.

    Raises NotPermitted where the rules of `footprint.reviews.require_decidable` refuse it, BadInput for an unknown finding or permission.
    """
    require(actor, Role.REVIEWER)
    if decision.reviewer != actor.name or decision.decided_at != at:
        raise NotPermitted("A decision is the actor's own, and made now.")
    with record.transaction() as tx:
        if decision.permission_id is not None and tx.get(Permission, decision.permission_id) is None:
            raise BadInput(f"There is no permission {decision.permission_id}.")
        earlier = tuple(tx.select(ReviewDecision, finding_id=decision.finding_id))
        require_decidable(decision, earlier, covering=search_for(tx, decision.finding_id, at=at).covering)
        tx.add(decision)
        tx.enqueue(decision.finding_id)
        action = "finding.decision_undone" if decision.undoes else "finding.decided"
        verdict = decision.verdict.value if decision.verdict else None
        tx.audit(at=at, actor=actor.name, action=action, subject=decision.finding_id, detail={"verdict": verdict})
        return status_of((*earlier, decision))
