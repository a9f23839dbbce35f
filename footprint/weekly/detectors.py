"""How the detectors of a week fared, and how often people agreed with them (guardrail G33)."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from footprint.findings import ScanOutcome
from footprint.reviews import FindingState, Verdict, standing
from footprint.weekly.facts import DetectorLooks
from footprint.weekly.figures import DetectorFigures
from footprint.weekly.stands import Stand

CONFIDENT_AT = 1.96
"""Standard deviations of a normal distribution that hold 95 %."""


def detectors(looks: Iterable[DetectorLooks], stands: Sequence[Stand]) -> tuple[DetectorFigures, ...]:
    """The figures of each version that looked at something in the week."""
    tally: dict[tuple[str, str], Counter[ScanOutcome]] = {}
    for look in looks:
        tally.setdefault((look.detector, look.version), Counter())[look.outcome] += look.count
    return tuple(_figures(name, version, ended, stands) for (name, version), ended in sorted(tally.items()))


def _figures(name: str, version: str, ended: Counter[ScanOutcome], stands: Sequence[Stand]) -> DetectorFigures:
    verdicts = [verdict for s in stands if name in s.fact.detectors and (verdict := is_material(s)) is not None]
    low, high = wilson(sum(verdicts), len(verdicts)) if verdicts else (None, None)
    return DetectorFigures(
        name=name,
        version=version,
        judged=len(verdicts),
        department_material=sum(verdicts),
        precision_low=low,
        precision_high=high,
        **{outcome.value: ended[outcome] for outcome in ScanOutcome},
    )


def is_material(stand: Stand) -> bool | None:
    """Whether people said that a finding does show Department material; None where they said nothing about it."""
    if stand.state in (FindingState.CONFIRMED, FindingState.PERMITTED):
        return True
    last = next((d.verdict for d in reversed(standing(stand.fact.decisions))), None)
    return False if last is Verdict.NOT_DEPARTMENT_MATERIAL and stand.state is FindingState.DISMISSED else None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (E. B. Wilson 1927), rounded to four digits."""
    share, z2 = successes / trials, CONFIDENT_AT**2
    centre = share + z2 / (2 * trials)
    spread = CONFIDENT_AT * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    low, high = ((centre + sign * spread) / (1 + z2 / trials) for sign in (-1, 1))
    return round(max(0.0, low), 4), round(min(1.0, high), 4)
