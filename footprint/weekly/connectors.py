"""Connectors that somebody had to look at in a week: what was wrong with their runs, and accounts that were left out because of their platform."""

from collections.abc import Iterator

from footprint.weekly.facts import ConnectorFact, Facts
from footprint.weekly.figures import ConnectorFigures
from footprint.yields import alarm


def connectors(facts: Facts) -> tuple[ConnectorFigures, ...]:
    """Those of which there is something to say, by name."""
    found = (_figures(fact) for fact in sorted(facts.connectors, key=lambda fact: fact.platform))
    return tuple(f for f in found if f.alarms or f.left_out or f.new_fields)


def _figures(fact: ConnectorFact) -> ConnectorFigures:
    said = list(_alarms(fact))
    return ConnectorFigures(
        platform=fact.platform,
        runs=len(fact.yields) - fact.before,
        runs_with_alarm=len(said),
        alarms=tuple(dict.fromkeys(said)),
        left_out=len(fact.left_out),
        reasons=tuple(sorted(set(fact.left_out.values()))),
        new_fields=len({name for y in fact.yields[fact.before :] for name in y.new_fields}),
    )


def _alarms(fact: ConnectorFact) -> Iterator[str]:
    """What was said of each of the week's runs as it was the last."""
    for count in range(fact.before + 1, len(fact.yields) + 1):
        if said := alarm(fact.yields[:count]):
            yield said
