"""The figures behind a claim, in words: what was measured, how near the nearest look-alike came, which version said so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from footprint.findings import Detection
from footprint.identifiers import Exemplar
from footprint.ports import Reader

HASH_BITS = 256
"""Bits of a picture's fingerprint. A distance of all of them stands for a picture that was found by its points alone."""


def reasons(record: Reader, claims: Sequence[Detection]) -> Mapping[str, tuple[str, ...]]:
    """The figures of each claim, by its id. What a detector did not keep is left out."""
    named = {key for claim in claims if isinstance(key := _look_alike(claim).get("exemplar_id"), str)}
    labels = {exemplar.id: exemplar.label for exemplar in record.select(Exemplar, id=named)}
    return {claim.id: tuple(_figures(claim, labels)) for claim in claims}


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
    if "look_alike" in evidence:
        yield _rival(_look_alike(claim), labels)
    yield f"{claim.detector}, version {claim.version}"


def _look_alike(claim: Detection) -> Mapping[str, Any]:
    found = claim.evidence.get("look_alike")
    return found if isinstance(found, Mapping) else {}


def _rival(rival: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    if not rival:
        return "no look-alike was found in this place"
    name = labels.get(str(rival.get("exemplar_id"))) or rival.get("label") or "without a label"
    how = f"{rival['inliers']} points" if "inliers" in rival else f"{rival.get('bits')} bits"
    return f"nearest look-alike: “{name}”, {how}"
