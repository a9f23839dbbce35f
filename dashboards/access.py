"""Which findings a person may see, and how much of where they stand."""

from collections.abc import Iterable, Mapping

from footprint.accounts import Account
from footprint.errors import BadInput, NotPermitted
from footprint.findings import Finding
from footprint.ports import Reader
from footprint.query import Query, Term
from footprint.reviews import FindingState, ReviewDecision, standing, status_of
from footprint.users import Role, User

AWAITING = (FindingState.OPEN, FindingState.SECOND_REVIEW)
SETTLED = frozenset({FindingState.CONFIRMED, FindingState.PERMITTED, FindingState.DISMISSED})


def may_see(user: User, state: FindingState, registrant_id: str) -> bool:
    """
    Whether a finding is this user's to see.

    What is with counsel is nobody's here (G13). A reviewer sees all but those about themselves (G16), the chief what was confirmed, an
    employee what was confirmed about them. Auditors and administrators see no content (G25).
    """
    if state is FindingState.WITH_COUNSEL:
        return False
    is_own, is_confirmed = user.registrant_id == registrant_id, state is FindingState.CONFIRMED
    return (
        (Role.REVIEWER in user.roles and not is_own)
        or (Role.CHIEF in user.roles and is_confirmed)
        or (Role.EMPLOYEE in user.roles and is_confirmed and is_own)
    )


def require_sight(record: Reader, user: User, finding_id: str) -> Finding:
    """The finding, where this user may see it. Raises NotPermitted in the same words for one that is hidden and one that is not there."""
    finding = record.get(Finding, finding_id)
    account = record.get(Account, finding.account_id) if finding else None
    if finding is not None and account is not None:
        state = status_of(record.select(ReviewDecision, finding_id=finding_id))
        if may_see(user, state, account.registrant_id):
            return finding
    raise NotPermitted("There is no such finding for you: it does not exist, or it is not yours to see.")


def within_sight(query: Query, user: User) -> Query:
    """
    A search narrowed to what its asker may see.

    For a reviewer "open" and "second review" are one state, so that no search tells them of a first verdict.
    """
    if Role.REVIEWER in user.roles:
        own = (user.registrant_id,) if user.registrant_id else ()
        hidden = (Term(field="registrant_id", values=own, negated=True),) if own else ()
        terms = (*(_blind(term) for term in query.terms), *hidden)
    elif Role.CHIEF in user.roles:
        terms = (*query.terms, Term(field="state", values=(FindingState.CONFIRMED.value,)))
    else:
        raise BadInput("Search is for reviewers and the chief.")
    return Query(terms=terms, phrases=query.phrases, after=query.after, before=query.before)


def _blind(term: Term) -> Term:
    awaiting = tuple(state.value for state in AWAITING)
    if term.field != "state" or not set(awaiting) & set(term.values):
        return term
    others = tuple(value for value in term.values if value not in awaiting)
    return Term(field="state", values=(*others, *awaiting), negated=term.negated)


def blind_facet(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by state as a reviewer may know them."""
    awaiting = sum(counts.get(state.value, 0) for state in AWAITING)
    others = {value: number for value, number in counts.items() if value not in AWAITING}
    return ({FindingState.OPEN.value: awaiting} if awaiting else {}) | others


def decisions_by_finding(record: Reader, finding_ids: Iterable[str]) -> dict[str, tuple[ReviewDecision, ...]]:
    """The decisions about each of some findings."""
    found: dict[str, tuple[ReviewDecision, ...]] = dict.fromkeys(finding_ids, ())
    for decision in record.select(ReviewDecision, finding_id=tuple(found)) if found else ():
        found[decision.finding_id] += (decision,)
    return found


def has_decided(user: User, decisions: Iterable[ReviewDecision]) -> bool:
    """Whether a verdict of this user stands."""
    return any(decision.reviewer == user.name for decision in standing(decisions))


def shown_state(user: User, decisions: tuple[ReviewDecision, ...]) -> FindingState:
    """Where a finding stands as this user may know it: a second reviewer is not told that there was a first."""
    state = status_of(decisions)
    is_blind = Role.REVIEWER in user.roles and not has_decided(user, decisions)
    return FindingState.OPEN if state is FindingState.SECOND_REVIEW and is_blind else state


def shown_decisions(user: User, decisions: tuple[ReviewDecision, ...]) -> tuple[ReviewDecision, ...]:
    """
    The standing verdicts that this user may know: all once the finding is settled, until then a reviewer's own.

    Reviewers who disagree see each other's once both have decided.
    """
    kept = standing(decisions)
    state = status_of(decisions)
    is_open_dispute = state is FindingState.INSUFFICIENT and has_decided(user, decisions) and len(kept) > 1
    if state in SETTLED or is_open_dispute:
        return kept
    return tuple(decision for decision in kept if decision.reviewer == user.name)
