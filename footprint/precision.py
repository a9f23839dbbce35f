"""How often people agreed with a detector, and how sure that makes us of it (guardrail G33)."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from footprint.findings import Detection, Finding, FindingDetection
from footprint.ports import Reader
from footprint.reviews import FindingState, ReviewDecision, Verdict, standing, status_of

CONFIDENT_AT = 1.96
"""Standard deviations of a normal distribution that hold 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Of the `judged` findings that a detector supports for an identifier, `material` show Department material, people say."""

    detector: str
    identifier_id: str
    judged: int
    material: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval, None where nobody has judged."""
        return wilson(self.material, self.judged) if self.judged else None

    def __str__(self) -> str:
        if self.interval is None:
            return "not judged yet"
        low, high = self.interval
        return f"{self.material} of {self.judged} ({low:.0%} to {high:.0%})"


def is_material(decisions: Iterable[ReviewDecision]) -> bool | None:
    """Whether people said that a finding does show Department material; None where they said nothing about it."""
    kept = tuple(decisions)
    state = status_of(kept)
    if state in (FindingState.CONFIRMED, FindingState.PERMITTED):
        return True
    last = next((d.verdict for d in reversed(standing(kept))), None)
    return False if last is Verdict.NOT_DEPARTMENT_MATERIAL and state is FindingState.DISMISSED else None


def refuted(record: Reader, *, finding_id: Collection[str] | None = None) -> tuple[str, ...]:
    """Findings of which people said that they show no Department material; of those named, or of all."""
    conditions = {} if finding_id is None else {"finding_id": finding_id}
    made = decisions_of(record.select(ReviewDecision, **conditions))
    return tuple(finding for finding, decisions in made.items() if is_material(decisions) is False)


def decisions_of(decisions: Iterable[ReviewDecision]) -> Mapping[str, list[ReviewDecision]]:
    """Decisions by the finding that they are on."""
    by_finding: dict[str, list[ReviewDecision]] = {}
    for decision in decisions:
        by_finding.setdefault(decision.finding_id, []).append(decision)
    return by_finding


def measured(record: Reader, *, since: Mapping[str, datetime] | None = None) -> tuple[Precision, ...]:
    """
    The precision of each detector for each identifier, from what people decided about the findings that it supports.

    With `since`, only findings that were last decided at that moment of their detector's, or later, count.
    """
    decisions = decisions_of(record.select(ReviewDecision))
    verdicts = {key: verdict for key, made in decisions.items() if (verdict := is_material(made)) is not None}
    identifiers = {f.id: f.identifier_id for f in record.select(Finding, id=verdicts.keys())}
    judged: Counter[tuple[str, str]] = Counter()
    material: Counter[tuple[str, str]] = Counter()
    for finding_id, detector in _supports(record, verdicts):
        last = max(decision.decided_at for decision in decisions[finding_id])
        if since and detector in since and last < since[detector]:
            continue
        judged[detector, identifiers[finding_id]] += 1
        material[detector, identifiers[finding_id]] += verdicts[finding_id]
    return tuple(
        Precision(
            detector=detector, identifier_id=identifier_id, judged=count, material=material[detector, identifier_id]
        )
        for (detector, identifier_id), count in sorted(judged.items())
    )


def together(measures: Iterable[Precision]) -> Mapping[str, Precision]:
    """The precision of each detector over all identifiers, which `identifier_id` then leaves empty."""
    summed: dict[str, Precision] = {}
    for one in measures:
        so_far = summed.get(one.detector)
        summed[one.detector] = Precision(
            detector=one.detector,
            identifier_id="",
            judged=one.judged + (so_far.judged if so_far else 0),
            material=one.material + (so_far.material if so_far else 0),
        )
    return summed


def _supports(record: Reader, findings: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs (finding, detector that supports it)."""
    supports = tuple(record.select(FindingDetection, finding_id=tuple(findings)))
    names = {d.id: d.detector for d in record.select(Detection, id={s.detection_id for s in supports})}
    return {(support.finding_id, names[support.detection_id]) for support in supports}


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (E. B. Wilson 1927), rounded to four digits."""
    share, z2 = successes / trials, CONFIDENT_AT**2
    centre = share + z2 / (2 * trials)
    spread = CONFIDENT_AT * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    low, high = ((centre + sign * spread) / (1 + z2 / trials) for sign in (-1, 1))
    return round(max(0.0, low), 4), round(min(1.0, high), 4)
