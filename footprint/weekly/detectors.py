"""How the detectors of a week fared, and how often people agreed with them (guardrail G33)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from footprint import precision
from footprint.findings import ScanOutcome
from footprint.weekly.facts import DetectorLooks
from footprint.weekly.figures import DetectorFigures
from footprint.weekly.stands import Stand


def detectors(looks: Iterable[DetectorLooks], stands: Sequence[Stand]) -> tuple[DetectorFigures, ...]:
    """The figures of each version that looked at something in the week."""
    tally: dict[tuple[str, str], Counter[ScanOutcome]] = {}
    for look in looks:
        tally.setdefault((look.detector, look.version), Counter())[look.outcome] += look.count
    return tuple(_figures(name, version, ended, stands) for (name, version), ended in sorted(tally.items()))


def _figures(name: str, version: str, ended: Counter[ScanOutcome], stands: Sequence[Stand]) -> DetectorFigures:
    verdicts = [verdict for s in stands if name in s.fact.detectors and (verdict := is_material(s)) is not None]
    low, high = precision.wilson(sum(verdicts), len(verdicts)) if verdicts else (None, None)
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
    return precision.is_material(stand.fact.decisions)
