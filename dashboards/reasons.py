"""The figures behind a claim, in words: what was measured, how near the nearest look-alike came, which version said so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from footprint.findings import Detection
from footprint.identifiers import Exemplar
from footprint.ports import Reader

HASH_BITS = 256
"""Bits of a picture's fingerprint. A distance of all of them stands for a picture that was found by its points alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """A letter of registered wording and what was read for it; "" where one has none."""

    registered: str
    read: str

    @property
    def agrees(self) -> bool:
        """Whether it was read as it is registered."""
        return self.registered == self.read


def reasons(record: Reader, claims: Sequence[Detection]) -> Mapping[str, tuple[str, ...]]:
    """The figures of each claim, by its id. What a detector did not keep is left out."""
    named = {key for claim in claims if isinstance(key := _look_alike(claim).get("exemplar_id"), str)}
    labels = {exemplar.id: exemplar.label for exemplar in record.select(Exemplar, id=named)}
    return {claim.id: tuple(_figures(claim, labels)) for claim in claims}


def approved_uses(record: Reader, claims: Sequence[Detection]) -> Mapping[str, Exemplar]:
    """For each claim that lies in a picture or recording approved for use, by its id: that exemplar."""
    named = {claim.id: key for claim in claims if isinstance(key := claim.evidence.get("approved_use"), str)}
    exemplars = {exemplar.id: exemplar for exemplar in record.select(Exemplar, id=set(named.values()))}
    return {claim_id: exemplars[key] for claim_id, key in named.items() if key in exemplars}


def _figures(claim: Detection, labels: Mapping[str, str]) -> Iterator[str]:
    evidence = claim.evidence
    if "candidates" in evidence:
        yield f"{evidence.get('inliers', 0)} of {evidence['candidates']} points agree on one placement"
    for name, words in (("pdq_bits", "PDQ"), ("phash_bits", "pHash")):
        bits = evidence.get(name)
        if isinstance(bits, int) and bits < HASH_BITS:
            yield f"{words} differs in {bits} of {HASH_BITS} bits"
    if isinstance(agreement := evidence.get("agreement", evidence.get("consent")), float):
        yield f"the look agrees by {agreement:.2f}, 1 at most"
    yield from _lettering(evidence)
    yield from _look(evidence)
    if "look_alike" in evidence:
        yield _rival(_look_alike(claim), labels)
    yield f"{claim.detector}, version {claim.version}"


def spelled(claims: Sequence[Detection]) -> Mapping[str, tuple[Spelled, ...]]:
    """For each claim that was read, by its id: the letters of the registered wording beside what was read for them."""
    return {claim.id: letters for claim in claims if (letters := tuple(_letters(claim.evidence)))}


def _letters(evidence: Mapping[str, Any]) -> Iterator[Spelled]:
    pairs = evidence.get("letters")
    for pair in pairs if isinstance(pairs, list) else ():
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair):
            yield Spelled(registered=pair[0].upper(), read=pair[1].upper())


def _lettering(evidence: Mapping[str, Any]) -> Iterator[str]:
    letters = tuple(_letters(evidence))
    if letters:
        wrong = sum(not letter.agrees for letter in letters)
        yield f"{len(letters) - wrong} of {len(letters)} letters were read as registered"
    if isinstance(reading := evidence.get("reading"), float):
        yield f"read with a certainty of {reading:.2f}, 1 at most"


def _look(evidence: Mapping[str, Any]) -> Iterator[str]:
    """How a look that was learned stands to that of others."""
    parts, colour = evidence.get("parts"), evidence.get("colour")
    if isinstance(parts, float) and isinstance(colour, float):
        yield f"its parts are {parts:.1f}, its colours {colour:.1f} standard deviations nearer than those of others"
    if isinstance(beyond := evidence.get("beyond_1_in_100"), float):
        yield f"{beyond:.1f} deviations beyond what 1 in 100 of others reaches"
    second, ahead = evidence.get("second_look"), evidence.get("ahead_of_next")
    if isinstance(second, float) and isinstance(ahead, float):
        yield f"looked at closely it scores {second:.1f} (above 0 is for it), {ahead:.1f} more than the next mark"


def _look_alike(claim: Detection) -> Mapping[str, Any]:
    found = claim.evidence.get("look_alike")
    return found if isinstance(found, Mapping) else {}


def _rival(rival: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    if not rival:
        return "no look-alike was found in this place"
    name = labels.get(str(rival.get("exemplar_id"))) or rival.get("label") or "without a label"
    return f"nearest look-alike: “{name}”, {_distance(rival)}"


def _distance(rival: Mapping[str, Any]) -> str:
    if "inliers" in rival:
        return f"{rival['inliers']} points"
    if "landmarks" in rival:
        return f"{rival['landmarks']} landmarks"
    if "deviations" in rival:
        return f"{rival['deviations']:.1f} deviations behind this"
    if "agreement" in rival:
        return f"agrees by {rival['agreement']:.2f}"
    return f"{rival['wrong_letters']} letters off" if "wrong_letters" in rival else f"{rival.get('bits')} bits"
