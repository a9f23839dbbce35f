"""What the record says to each element that a reviewer ticks."""

from dataclasses import dataclass

from dashboards.phrases import chance
from footprint.accounts import AccountStep
from footprint.dossiers import Dossier
from footprint.findings import Detection
from footprint.jurisdiction import Policy, out_of_jurisdiction
from footprint.reviews import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One element: the person who is asked may see here what the record says. `holds` is whether the record speaks for it."""

    element: Element
    words: str
    holds: bool


def elements(dossier: Dossier, policy: Policy) -> tuple[Evidence, ...]:
    """What the record says to each element. It ticks none: that is for the person who decides (G14, G15)."""
    account, registrant = dossier.account, dossier.registrant
    approvals = [
        e.by for e in dossier.account_events if e.step is AccountStep.APPROVED and e.by != account.registered_by
    ]
    outside = out_of_jurisdiction(dossier.post.created_at, registrant, account, policy)
    shown = dossier.versions[-1]
    search = dossier.permission_search
    return (
        Evidence(
            element=Element.REGISTERED_PUBLISHER,
            words=f"registered by {account.registered_by}, approved by {', '.join(approvals) or 'nobody'}",
            holds=bool(approvals),
        ),
        Evidence(element=Element.PUBLIC, words=shown.visibility or dossier.body.visibility, holds=True),
        Evidence(
            element=Element.IDENTIFIES_DEPARTMENT,
            words=_claim_words(dossier.detections[0]) if dossier.detections else "no claim of a detector is left",
            holds=bool(dossier.detections),
        ),
        Evidence(
            element=Element.IN_JURISDICTION,
            words=outside or f"employed, notified, policy {policy.version} in force",
            holds=not outside,
        ),
        Evidence(
            element=Element.NO_PERMISSION,
            words=_permission_words(search.covering, len(search.considered)) if search else "not searched yet",
            holds=search is not None and search.covering is None,
        ),
    )


def _claim_words(claim: Detection) -> str:
    return f"{claim.detector}: {_measure(claim)}, probability {chance(claim.probability)}"


def _measure(claim: Detection) -> str:
    if claim.unit == "letters":
        return f"{claim.measure:g} wrong {'letter' if claim.measure == 1 else 'letters'}"
    return (
        f"{claim.measure:g} {claim.unit}"
        if claim.measure == int(claim.measure)
        else f"{claim.measure:.2f} {claim.unit}"
    )


def _permission_words(covering: str | None, considered: int) -> str:
    if covering:
        return f"permission {covering} covers it"
    return f"{considered} considered, none covers it" if considered else "the registry held none"
