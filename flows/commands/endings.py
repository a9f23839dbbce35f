"""How what a run planned and what its detectors did ended, as commands tell it."""

from collections.abc import Mapping

from flows.commands.context import show

INCOMPLETE = 6
"""Exit code of a run that ended, but could not look at everything that it may look at."""


def tell_fetches(coverage: Mapping[str, int]) -> None:
    """How the planned fetches ended, by outcome."""
    rows = [{"ended as": outcome, "planned fetches": count} for outcome, count in coverage.items()]
    show(rows, as_json=False, title=f"{sum(coverage.values())} planned fetches", empty="Nothing was planned.")


def tell_looks(pictures: Mapping[str, int], unable: Mapping[str, str]) -> None:
    """How the detectors' looks ended, by outcome, and why any of them could not look."""
    rows = [{"ended as": outcome, "looks of detectors": count} for outcome, count in pictures.items()]
    show(rows, as_json=False, title="Pictures and films", empty="No picture or film was new.")
    for detector, why in unable.items():
        print(f"Could not look: {detector}: {why}")
