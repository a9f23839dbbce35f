"""What is said of a learned mark that shows no points of its own: found by its look, or by its lettering."""

from collections.abc import Sequence
from typing import Any

from detectors import _quads, _whole
from detectors._claims import Claim, name_of
from detectors._learned import Sight
from detectors._whole import Copy
from detectors.detector import Reference
from detectors.lettering import Hit


def of_sight(reference: Reference, sight: Sight, probability: float, approved: Sequence[Copy]) -> Claim:
    """A part that looks like the mark; `reference` is the exemplar that it is most like."""
    look, quad = sight.look, _quads.of_box(sight.box)
    evidence: dict[str, Any] = {"window": round(sight.window, 2), "deviations": round(sight.deviations, 1)}
    if look is not None:
        evidence |= {"second_look": round(look.score, 2), "ahead_of_next": round(look.lead, 2)}
    return Claim(
        reference=reference,
        quad=quad,
        measure=round(sight.deviations, 3),
        unit="deviations",
        probability=probability,
        sentence=f"This part looks like {name_of(reference)}: {sight.deviations:.1f} standard deviations above photographs that do not show it.",
        evidence=evidence | _whole.approved_use(reference, quad, approved),
    )


def of_hit(hit: Hit, probability: float, approved: Sequence[Copy]) -> Claim:
    """The wording of the mark, where its look alone would not say so."""
    reference, letters = hit.registered.reference, hit.registered.wording.letters
    evidence = {"wording": letters, "wrong_letters": round(hit.match.cost, 2), "reading": round(hit.score, 3)}
    return Claim(
        reference=reference,
        quad=hit.quad,
        measure=float(hit.match.cost),
        unit="letters",
        probability=probability,
        sentence=f"'{letters}' stands here, as on {name_of(reference)}.",
        evidence=evidence | _whole.approved_use(reference, hit.quad, approved),
    )
