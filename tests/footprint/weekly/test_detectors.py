"""How often people agreed with a detector."""

from collections.abc import Callable

import pytest

from footprint.findings import ScanOutcome
from footprint.precision import wilson
from footprint.reviews import Verdict
from footprint.weekly.detectors import detectors, is_material
from footprint.weekly.facts import DetectorLooks, FindingFact
from footprint.weekly.stands import stand

FindingOf = Callable[..., FindingFact]
C, P, N = Verdict.CONFIRMED, Verdict.PERMITTED, Verdict.NOT_DEPARTMENT_MATERIAL


@pytest.mark.parametrize(
    ("successes", "trials", "interval"),
    [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (81, 263, (0.2553, 0.3662)), (1, 1, (0.2065, 1.0))],
)
def test_the_interval_is_wilsons(successes: int, trials: int, interval: tuple[float, float]) -> None:
    """81 of 263 is the example that Newcombe (1998) gives for the method without continuity correction."""
    assert wilson(successes, trials) == interval


@pytest.mark.parametrize(
    ("decisions", "material"),
    [
        ([], None),
        ([(C, 1)], None),
        ([(C, 1), (C, 2)], True),
        ([(P, 1)], True),
        ([(N, 1)], False),
        ([(Verdict.NOT_PUBLISHED_BY_REGISTRANT, 1)], None),
        ([(Verdict.OUT_OF_JURISDICTION, 1)], None),
        ([(Verdict.INSUFFICIENT, 1)], None),
    ],
)
def test_only_verdicts_about_the_material_speak_of_the_detector(
    finding: FindingOf, decisions: list[tuple[Verdict, float]], material: bool | None
) -> None:
    """That somebody else published it is no mistake of the detector's."""
    assert is_material(stand(finding(*decisions))) is material


def test_each_version_has_its_looks_and_the_name_its_precision(finding: FindingOf) -> None:
    """Looks of the same version add up; an unjudged detector has no interval."""
    stands = [stand(finding((N, 1), detectors=("marks", "copies"))), stand(finding((P, 1), detectors=("marks",)))]
    looks = [
        DetectorLooks(detector="marks", version=version, outcome=outcome, count=number)
        for version, outcome, number in (
            ("1", ScanOutcome.FOUND, 2),
            ("1", ScanOutcome.FOUND, 3),
            ("1", ScanOutcome.FAILED, 1),
            ("2", ScanOutcome.NOTHING, 4),
        )
    ]
    unjudged = DetectorLooks(detector="vehicles", version="1", outcome=ScanOutcome.UNSUPPORTED, count=1)
    first, second, third = detectors([*looks, unjudged], stands)
    assert (first.name, first.version, first.found, first.failed) == ("marks", "1", 5, 1)
    assert (second.version, second.nothing, second.judged, second.department_material) == ("2", 4, 2, 1)
    assert (third.unsupported, third.judged, third.precision_low) == (1, 0, None)
