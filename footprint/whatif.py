"""
What another threshold, other exemplars or detectors would have changed over the last weeks, told from what the detectors recorded, or say
when they look again at what is still held.

Nothing is fetched, so some of it cannot be known; the answer says what. Findings with counsel are in no answer (guardrail G13).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from footprint.bank_trials import BankTrial
from footprint.findings import AssetScan, Detection, Finding, fold
from footprint.identifiers import Exemplar, Polarity
from footprint.ports import Between, Reader
from footprint.posts import MediaUse
from footprint.precision import decisions_of, is_material, wilson
from footprint.reviews import FindingState, ReviewDecision, status_of
from footprint.thresholds import ThresholdApproval, ThresholdProposal, in_force

GRAVEST = (
    FindingState.CONFIRMED,
    FindingState.PERMITTED,
    FindingState.OPEN,
    FindingState.INSUFFICIENT,
    FindingState.DISMISSED,
)
"""The order in which findings are named that would go. One that waits for a second reviewer is open: no answer tells of a first verdict."""


FEW = 0.2
"""Upper end of a rate's interval from which the pictures are too few for it to say anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    What is tried on claims: the least probability, exemplars to do without, and the only detectors to ask, all where empty.

    `adding` names new references that are tried; `is_anew` says whether detectors looked again.
    """

    threshold: float
    without: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    adding: tuple[str, ...] = ()
    is_anew: bool = False

    def keeps(self, claim: Detection) -> bool:
        """Whether a claim would still make a finding."""
        asked = not self.detectors or claim.detector in self.detectors
        return asked and claim.exemplar_id not in self.without and claim.probability >= self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """What detectors of these versions claim when they look again, by asset; assets whose bytes are not held any more are not in it."""

    versions: tuple[str, ...]
    claims: Mapping[str, tuple[Detection, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A finding that would not have been made. `probability` is that of its surest claim."""

    finding_id: str
    state: FindingState
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """
    The answer, as it is recorded.

    `threshold_before` was in force, 0 where none was. `looked_at` counts assets that detectors looked at in the weeks, `findings` those
    made in them; `lost` are those of them that would go, the gravest first; `gained` counts posts that would become findings, and do not as it is. False alarms are
    findings that people judged not to show Department material. `unknown` says in sentences what the record cannot tell. `bank` is on what the
    threshold was tried besides, where it was.
    """

    id: str
    identifier_id: str
    change: Change
    threshold_before: float
    since: datetime
    until: datetime
    versions: tuple[str, ...]
    looked_at: int
    findings: int
    lost: tuple[Lost, ...]
    gained: int
    false_alarms_before: int
    false_alarms_after: int
    unknown: tuple[str, ...]
    tried_by: str
    tried_at: datetime
    bank: BankTrial | None = None

    def lost_in(self, state: FindingState) -> int:
        """How many of the lost findings stand so."""
        return sum(lost.state is state for lost in self.lost)

    @property
    def sentence(self) -> str:
        """The answer in one sentence; confirmed findings that would be lost come first."""
        told = [f"{count} {state.value.replace('_', ' ')}" for state in GRAVEST if (count := self.lost_in(state))]
        going = f"would go: {', '.join(told)}" if told else "would go: none"
        coming = "1 post would become a finding" if self.gained == 1 else f"{self.gained} posts would become findings"
        return f"Of {self.findings} findings {going}; {coming}."

    @property
    def false_alarm_words(self) -> str:
        """The rate of false alarms that was measured at this threshold, with the upper end of its 95 % interval."""
        if not self.looked_at:
            return "No picture was looked at in these weeks: no rate of false alarms can be told."
        told = (
            f"{self.false_alarms_after} false alarms in {self.looked_at} pictures looked at, "
            f"{self.false_alarms_before} as it was"
        )
        _, high = wilson(self.false_alarms_after, self.looked_at)
        bound = f"with 95 % confidence at most 1 in {int(1 / high)}" if high < FEW else "too few to tell a rate"
        return f"At this threshold {told}: {bound}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What `ask` found: the fields of WhatIf that are worked out."""

    threshold_before: float
    versions: tuple[str, ...]
    looked_at: int
    findings: int
    lost: tuple[Lost, ...]
    gained: int
    false_alarms_before: int
    false_alarms_after: int
    unknown: tuple[str, ...]


def ask(record: Reader, identifier_id: str, change: Change, weeks: Between, anew: Anew | None = None) -> Answer:
    """Work out what a change would have done to an identifier's findings of some weeks; what was looked at again counts by that."""
    again = anew.claims if anew is not None else {}
    before = threshold_of(record, identifier_id)
    looked_at = {scan.asset_sha256 for scan in record.select(AssetScan, scanned_at=weeks)}
    claims = _claims(record, identifier_id, again)
    findings = {f.post_id: f for f in record.select(Finding, identifier_id=identifier_id)}
    decisions = decisions_of(record.select(ReviewDecision, finding_id={f.id for f in findings.values()}))
    states = {key: status_of(made) for key, made in decisions.items()}
    judged = [
        finding
        for finding in findings.values()
        if weeks.start <= finding.found_at < weeks.end and states.get(finding.id) is not FindingState.WITH_COUNSEL
    ]
    kept = {post_id for post_id, made in claims.items() if any(change.keeps(claim) for claim in made)}
    alarms = [finding for finding in judged if is_material(decisions.get(finding.id, ())) is False]
    recent = {post_id: m for post_id, m in claims.items() if any(c.asset_sha256 in looked_at for c in m)}
    used = [claim for post in {*recent, *(f.post_id for f in judged)} for claim in claims.get(post, ())]
    return Answer(
        threshold_before=before,
        versions=anew.versions if anew else tuple(sorted({f"{claim.detector} {claim.version}" for claim in used})),
        looked_at=len(looked_at),
        findings=len(judged),
        lost=tuple(_lost((f for f in judged if f.post_id not in kept), claims, states)),
        gained=sum(
            post_id in kept
            and post_id not in findings
            and (made[0].probability < before or any(claim.asset_sha256 in again for claim in made))
            for post_id, made in recent.items()
        ),
        false_alarms_before=len(alarms),
        false_alarms_after=sum(finding.post_id in kept for finding in alarms),
        unknown=tuple(_unknown(record, change, used, unheld=len(looked_at - again.keys()), looked_at=len(looked_at))),
    )


def threshold_of(record: Reader, identifier_id: str) -> float:
    """The threshold in force, 0 where none is."""
    proposals = record.select(ThresholdProposal, identifier_id=identifier_id)
    found = in_force(proposals, record.select(ThresholdApproval)).get(identifier_id)
    return 0.0 if found is None else found.value


def _claims(
    record: Reader, identifier_id: str, again: Mapping[str, tuple[Detection, ...]]
) -> dict[str, tuple[Detection, ...]]:
    """An identifier's claims by post, the surest first; those of assets that were looked at again are the new ones."""
    recorded = (d for d in record.select(Detection, identifier_id=identifier_id) if d.asset_sha256 not in again)
    new = (claim for claims in again.values() for claim in claims if claim.identifier_id == identifier_id)
    detections = (*recorded, *new)
    uses = record.select(MediaUse, asset_sha256={d.asset_sha256 for d in detections})
    return {post_id: claims for (post_id, _), claims in fold(detections, uses).items()}


def _lost(
    going: Iterable[Finding], claims: Mapping[str, tuple[Detection, ...]], states: Mapping[str, FindingState]
) -> list[Lost]:
    lost = []
    for finding in going:
        state = states.get(finding.id, FindingState.OPEN)
        made = claims.get(finding.post_id, ())
        lost.append(
            Lost(
                finding_id=finding.id,
                state=FindingState.OPEN if state is FindingState.SECOND_REVIEW else state,
                probability=made[0].probability if made else 0.0,
            )
        )
    return sorted(lost, key=lambda one: (GRAVEST.index(one.state), -one.probability, one.finding_id))


def _unknown(
    record: Reader, change: Change, used: Collection[Detection], *, unheld: int, looked_at: int
) -> Iterator[str]:
    if change.is_anew:
        yield from _unknown_anew(unheld, looked_at)
        return
    lowest = min((claim.probability for claim in used), default=None)
    if lowest is None:
        yield "No detector claimed this identifier in these weeks, so nothing can be told of a change."
    elif change.threshold < lowest:
        yield (
            f"The least probability on record is {lowest:.2f}: what lies between it and {change.threshold:.2f} was "
            "not recorded, so a lower threshold may bring more than is counted here."
        )
    if change.without:
        yield (
            "A detector records the best exemplar of each place alone, so another one may still find some of what would go."
        )
    polarities = {exemplar.polarity for exemplar in record.select(Exemplar, id=change.without)}
    if polarities - {Polarity.POSITIVE}:
        yield "What a look-alike took away is on no record: without it there may be findings that nobody can count now."
    yield "What no detector claimed is on no record: this says nothing about what was missed."


def _unknown_anew(unheld: int, looked_at: int) -> Iterator[str]:
    if unheld:
        yield (
            f"{unheld} of {looked_at} pictures could not be looked at again: the bytes of what held no finding are not kept. "
            "For them the answer goes by what is on record, so there may be more findings than are counted here."
        )
    yield "What no scan looked at in these weeks is in no answer."
