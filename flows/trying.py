"""What detectors would claim with another set of exemplars, or in pictures of the bank: tried, not recorded, nothing fetched."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from detectors import negatives
from detectors.detector import Reference
from flows.wiring import House
from footprint.bank_trials import BankTrial, Claimed, require_enough
from footprint.findings import AssetScan, Detection, Finding, FindingDetection
from footprint.identifiers import Polarity
from footprint.ports import Between, Reader
from footprint.precision import refuted
from footprint.specialists import seeks
from footprint.whatif import Anew, Change
from pipelines.scan import Bank, Progress, able, versions_of
from pipelines.trying import Tried, tried

HALVES = 2
MOST_PICTURES = 1000
"""Pictures of the bank that are looked at, at most: some ten minutes on two processors."""

PHOTOGRAPHS, OTHERS, DISMISSED = "photographs", "pictures of other identifiers", "pictures of dismissed findings"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """A picture that does not show an identifier; `half` says by whom it is looked at. `source` is a file, or a hash among the blobs."""

    name: str
    origin: str
    half: int
    source: Path | str


def on_bank(house: House, identifier_id: str, rate: Fraction, progress: Progress) -> BankTrial:
    """
    Try an identifier's detectors on the bank: the photographs that marks learn from, pictures of other identifiers, dismissed findings.

    A detector that has learned a picture knows it: so each half of the photographs and of the other identifiers' pictures is looked at by
    detectors that were taught without it. Raises BadInput where the bank is too small to show the rate.
    """
    bank = house.bank()
    pictures = _pictures(house, bank, identifier_id)
    require_enough(len(pictures), rate)
    bank.learn(progress)
    versions = _versions(bank)
    origins: Counter[str] = Counter()
    claimed = []
    for half in range(HALVES):
        own = {str(place): picture for place, picture in enumerate(pictures) if picture.half == half}
        known = _without(bank, {p.source for p in own.values() if isinstance(p.source, str)}, half)
        known.learn(progress)
        said = tried(
            known,
            tuple(own),
            partial(_bytes, house, own),
            limits=house.limits(),
            stage=f"pictures of the bank, part {half + 1}",
            progress=progress,
        )
        origins.update(own[key].origin for key in _looked_for(said, known, identifier_id))
        for key, claims in said.claims.items():
            surest = max((c.probability for c in claims if c.identifier_id == identifier_id), default=None)
            if surest is not None:
                claimed.append(Claimed(picture=own[key].name, probability=surest))
    return BankTrial(
        versions=versions,
        origins=dict(origins),
        unseen=len(pictures) - origins.total(),
        claimed=tuple(sorted(claimed, key=lambda c: (-c.probability, c.picture))),
    )


def again(
    house: House,
    identifier_id: str,
    change: Change,
    weeks: Between,
    adding: Sequence[Reference],
    progress: Progress,
) -> Anew:
    """Let the detectors, with other references, look again for an identifier at what was looked at in some weeks and is still held."""
    assets = sorted({scan.asset_sha256 for scan in house.record.select(AssetScan, scanned_at=weeks)})
    known = house.bank()
    kept = tuple(r for r in known.references if r.exemplar.id not in change.without)
    names = tuple(name for name in known.names if not change.detectors or name in change.detectors)
    bank = replace(known, names=names, references=(*kept, *adding))
    bank.learn(progress)
    versions = _versions(bank)
    held = [asset for asset in assets if house.blobs.has(asset)]
    said = tried(
        bank, held, house.blobs.get, limits=house.limits(), stage="pictures looked at again", progress=progress
    )
    return Anew(versions=versions, claims=said.claims, looked_for=_looked_for(said, bank, identifier_id))


def _looked_for(said: Tried, bank: Bank, identifier_id: str) -> frozenset[str]:
    """The pictures that were seen by a detector that looks for an identifier."""
    own = [r for r in bank.references if r.identifier.id == identifier_id and r.exemplar.polarity is Polarity.POSITIVE]
    seeking = {name for name in bank.names for r in own if seeks(name, r.identifier.kind, r.exemplar.mime)}
    return frozenset(key for key, names in said.seen_by.items() if names & seeking)


def _versions(bank: Bank) -> tuple[str, ...]:
    """What looks, which must be all: a trial in which one cannot look would show too little. Raises NetworkUnusable."""
    return tuple(f"{name} {version}" for name, version in sorted(versions_of(able(bank.build())).items()))


def _without(bank: Bank, hashes: set[str], half: int) -> Bank:
    """The bank as if it had never seen one half of it, nor what was dismissed."""
    kept = tuple(r for r in bank.references if r.exemplar.sha256 not in hashes)
    return replace(bank, references=kept, options={**bank.options, "held_out": half, "mistakes_dir": None})


def _pictures(house: House, bank: Bank, identifier_id: str) -> list[_Picture]:
    own = {r.exemplar.sha256 for r in bank.references if r.identifier.id == identifier_id}
    named = bank.options["negatives_dir"]
    files = negatives.paths(Path(named) if named else None)
    others = {
        r.exemplar.sha256: r
        for r in bank.references
        if r.exemplar.polarity is Polarity.POSITIVE and r.exemplar.mime.startswith("image/")
    }
    dismissed = _dismissed(house.record, identifier_id)
    return [
        *(_Picture(name=f.name, origin=PHOTOGRAPHS, half=n % HALVES, source=f) for n, f in enumerate(files)),
        *(
            _Picture(name=_called(others[key]), origin=OTHERS, half=n % HALVES, source=key)
            for n, key in enumerate(sorted(others.keys() - own))
        ),
        *(
            _Picture(name=f"finding {finding}", origin=DISMISSED, half=0, source=key)
            for key, finding in dismissed.items()
            if key not in own and house.blobs.has(key)
        ),
    ][:MOST_PICTURES]


def _called(reference: Reference) -> str:
    return f"{reference.identifier.name}, {reference.exemplar.label or reference.exemplar.id[:8]}"


def _dismissed(record: Reader, identifier_id: str) -> Mapping[str, str]:
    """Media in which people said that the identifier is not, each with its finding."""
    findings = [f.id for f in record.select(Finding, identifier_id=identifier_id)]
    wrong = refuted(record, finding_id=findings)
    claims = {s.detection_id: s.finding_id for s in record.select(FindingDetection, finding_id=wrong)}
    return {d.asset_sha256: claims[d.id] for d in record.select(Detection, id=claims.keys())}


def _bytes(house: House, pictures: Mapping[str, _Picture], key: str) -> bytes:
    picture = pictures[key]
    return house.blobs.get(picture.source) if isinstance(picture.source, str) else picture.source.read_bytes()
