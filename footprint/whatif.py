"""
What another threshold, other exemplars or detectors would have changed over the last weeks, told from what the detectors recorded, or say
when they look again at what is still held.

Nothing is fetched, so some of it cannot be known; the answer says what. Findings with counsel are in no answer (guardrail G13).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from footprint.bank_trials import BankTrial
from footprint.false_alarms import alarms, looked_for, rate_words
from footprint.findings import AssetScan, Detection, Finding, fold
from footprint.identifiers import Exemplar, Polarity
from footprint.ports import Between, Reader
from footprint.posts import MediaUse
from footprint.precision import decisions_of, is_material
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
    """
    What detectors of these versions claim when they look again, by asset; assets whose bytes are not held any more are not in it.

    `looked_for` are the assets that were seen by detectors that look for the identifier.
    """

    versions: tuple[str, ...]
    claims: Mapping[str, tuple[Detection, ...]]
    looked_for: Set[str]


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

    `threshold_before` was in force, 0 where none was. `findings` counts those made in the weeks; `lost` are those of them that would go, the
    gravest first; `gained` counts posts that would become findings, and do not as it is.

    `looked_at` counts pictures that were looked at for the identifier in the weeks. False alarms are those of them in which it is claimed, and
    people judged that it is not there; of `undecided` nobody judged it, None in answers from before that was asked. `unknown` says in sentences
    what the record cannot tell. `bank` is on what the threshold was tried besides, where it was.
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
    undecided: int | None = None

    @property
    def is_measured(self) -> bool:
        """Whether something was looked at for the identifier, so that a threshold may rest on the answer."""
        return bool(self.looked_at and self.undecided is not None) or bool(self.bank and self.bank.pictures)

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
        """The rate of false alarms that was measured at this threshold, with the upper end of its 95 % interval, or why there is none."""
        if self.undecided is None:
            return "What was undecided was not told apart when this was asked: no rate of false alarms can be told. Ask again."
        return rate_words(
            self.false_alarms_after, self.undecided, self.looked_at, known_before=self.false_alarms_before
        )


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
    undecided: int
    unknown: tuple[str, ...]


def ask(record: Reader, identifier_id: str, change: Change, weeks: Between, anew: Anew | None = None) -> Answer:
    """Work out what a change would have done to an identifier's findings of some weeks; what was looked at again counts by that."""
    again = anew.claims if anew is not None else {}
    before = threshold_of(record, identifier_id)
    scans = tuple(record.select(AssetScan, scanned_at=weeks))
    scanned = {scan.asset_sha256 for scan in scans}
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
    recent = {post_id: m for post_id, m in claims.items() if any(c.asset_sha256 in scanned for c in m)}
    by_record = (
        s for s in scans if s.asset_sha256 not in again and (not change.detectors or s.detector in change.detectors)
    )
    seen = looked_for(record, identifier_id, by_record, without=change.without)
    seen |= anew.looked_for & scanned if anew else set()
    with_counsel = {f.post_id for f in findings.values() if states.get(f.id) is FindingState.WITH_COUNSEL}
    looked_at = seen - {c.asset_sha256 for post_id in with_counsel for c in claims.get(post_id, ())}
    verdicts = {f.post_id: is_material(decisions.get(f.id, ())) for f in findings.values()}
    as_it_was = _claims(record, identifier_id, {}) if again else claims
    false_before, _ = alarms(as_it_was, looked_at, verdicts, keeps=Change(threshold=before).keeps)
    false_after, undecided = alarms(claims, looked_at, verdicts, keeps=change.keeps)
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
        false_alarms_before=false_before,
        false_alarms_after=false_after,
        undecided=undecided,
        unknown=(
            *_unseen(len(scanned - seen), len(scanned)),
            *_unknown(record, change, used, unheld=len(scanned - again.keys()), scanned=len(scanned)),
        ),
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


def _unseen(number: int, scanned: int) -> Iterator[str]:
    if number:
        yield (
            f"{number} of {scanned} pictures of these weeks were not looked at for it: they could not be looked at, or nothing that finds it "
            "was registered and looked."
        )


def _unknown(
    record: Reader, change: Change, used: Collection[Detection], *, unheld: int, scanned: int
) -> Iterator[str]:
    if change.is_anew:
        yield from _unknown_anew(unheld, scanned)
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


def _unknown_anew(unheld: int, scanned: int) -> Iterator[str]:
    if unheld:
        yield (
            f"{unheld} of {scanned} pictures could not be looked at again: the bytes of what held no finding are not kept. "
            "For them the answer goes by what is on record, so there may be more findings than are counted here."
        )
    yield "What no scan looked at in these weeks is in no answer."
