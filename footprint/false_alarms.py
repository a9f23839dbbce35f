"""
How often an identifier is claimed where it is not, in the pictures that were looked at for it.

Who could not look, or knew nothing of it, found nothing and proves nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from datetime import datetime

from footprint.coverage import Run
from footprint.findings import SEEN, AssetScan, Detection, ScanOutcome
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Polarity, enabled
from footprint.ports import Reader
from footprint.precision import wilson
from footprint.specialists import seeks

FEW = 0.2
"""Upper end of the interval of no alarm at all from which the pictures are too few for a rate to say anything."""


def looked_for(
    record: Reader, identifier_id: str, scans: Iterable[AssetScan], *, without: Collection[str] = ()
) -> frozenset[str]:
    """
    The assets that were looked at for an identifier in these scans.

    The latest look of each detector counts that looks for such an identifier, if an exemplar was in force when its run began: at least one of
    them saw the asset, and none failed at it. `without` names exemplars to do without.
    """
    identifier = record.get(Identifier, identifier_id)
    if identifier is None:
        return frozenset()
    latest = {(scan.asset_sha256, scan.detector): scan for scan in sorted(scans, key=lambda s: (s.scanned_at, s.id))}
    exemplars = [e for e in record.select(Exemplar, identifier_id=identifier_id) if e.id not in without]
    events = tuple(record.select(ExemplarEvent, exemplar_id=[e.id for e in exemplars]))
    runs = record.select(Run, id={scan.run_id for scan in latest.values()})
    taught = {run.id: _media_types(exemplars, events, at=run.started_at) for run in runs}
    outcomes: dict[str, set[ScanOutcome]] = {}
    for scan in latest.values():
        if any(seeks(scan.detector, identifier.kind, mime) for mime in taught.get(scan.run_id, ())):
            outcomes.setdefault(scan.asset_sha256, set()).add(scan.outcome)
    return frozenset(asset for asset, ended in outcomes.items() if ended & SEEN and ScanOutcome.FAILED not in ended)


def _media_types(exemplars: Iterable[Exemplar], events: Iterable[ExemplarEvent], *, at: datetime) -> frozenset[str]:
    """Media types of the exemplars of what is ours that were in force at a moment."""
    there = (e for e in exemplars if e.polarity is Polarity.POSITIVE and e.added_at <= at)
    return frozenset(e.mime for e in enabled(there, (event for event in events if event.at <= at)))


def alarms(
    claims: Mapping[str, tuple[Detection, ...]],
    looked_at: Set[str],
    verdicts: Mapping[str, bool | None],
    *,
    keeps: Callable[[Detection], bool],
) -> tuple[int, int]:
    """
    Of the pictures looked at that have a claim which is kept: in how many people said that it is not there, and of how many they said nothing.

    `claims` and `verdicts`, whether it is there, are by post.
    """
    said: dict[str, set[bool | None]] = {}
    for post_id, made in claims.items():
        for claim in made:
            if claim.asset_sha256 in looked_at and keeps(claim):
                said.setdefault(claim.asset_sha256, set()).add(verdicts.get(post_id))
    return sum(False in told for told in said.values()), sum(told == {None} for told in said.values())


def rate_words(false: int, undecided: int, pictures: int, *, known_before: int) -> str:
    """The rate at a threshold with the upper end of its 95 % interval; what is undecided may all be false."""
    if not pictures:
        return "No picture was looked at for it in these weeks: no rate of false alarms can be told."
    most = false + undecided
    told = f"{most} false alarm{'' if most == 1 else 's'}"
    if undecided:
        told = f"{undecided} undecided, so at least {false} and at most {told}"
    of = f"{pictures} picture{'' if pictures == 1 else 's'}"
    return (
        f"At this threshold {told} in {of} looked at for it ({known_before} known as it was): {_bound(most, pictures)}."
    )


def _bound(most: int, pictures: int) -> str:
    if wilson(0, pictures)[1] >= FEW:
        return "too few to tell a rate"
    _, high = wilson(most, pictures)
    return f"with 95 % confidence at most {f'1 in {int(1 / high)}' if high < FEW else f'{high * 100:.0f} %'}"
