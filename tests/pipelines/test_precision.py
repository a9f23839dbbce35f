"""Measured precision, and the detector that suspends itself below the agreed one (G33)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from footprint.acts import detectors as acts
from footprint.audit import AuditEvent
from footprint.errors import BadInput
from footprint.identifiers import Kind
from footprint.ports import Record
from footprint.precision import Precision, measured
from footprint.reviews import Verdict
from footprint.suspensions import DetectorEvent, suspended
from footprint.users import User

Person = Callable[[str], User]
HOUR = timedelta(hours=1)


class Judged:
    """Findings of one detector that people judged."""

    def __init__(self, story: Any) -> None:
        self.story, self.record = story, story.record
        self.account, self.run = story.account(), story.run(story.start)
        self.patch = story.identifier(Kind.PATCH)
        self.now: datetime = story.start + timedelta(days=2)

    def judge(self, verdict: Verdict, *, times: int = 1, detector: str = "marks") -> None:
        """So many findings decided alike."""
        for number in range(times):
            medium = f"{verdict} {detector} {self.now} {number}".encode()
            post = self.story.post(self.account, self.now - 2 * HOUR, media=[medium])
            finding = self.story.find(self.run, post, self.patch, at=self.now - HOUR, detector=detector)
            if verdict is Verdict.CONFIRMED:
                self.story.confirm(finding, at=self.now)
            else:
                self.story.decide(finding, verdict, at=self.now)

    def suspend(self, least: float = 0.8, decisions: int = 10) -> list[str]:
        """The detectors that suspend themselves now."""
        events = acts.suspend_imprecise(
            self.record, ["marks", "copies"], least_precision=least, least_decisions=decisions, at=self.now
        )
        return [event.detector for event in events]


@pytest.fixture
def judged(story: Any) -> Judged:
    return Judged(story)


def test_precision_is_told_by_detector_and_identifier(judged: Judged) -> None:
    """Verdicts that say nothing about the material do not count."""
    judged.judge(Verdict.CONFIRMED, times=3)
    judged.judge(Verdict.NOT_DEPARTMENT_MATERIAL)
    judged.judge(Verdict.OUT_OF_JURISDICTION)
    judged.judge(Verdict.NOT_DEPARTMENT_MATERIAL, detector="copies")
    assert measured(judged.record) == (
        Precision(detector="copies", identifier_id=judged.patch, judged=1, material=0),
        Precision(detector="marks", identifier_id=judged.patch, judged=4, material=3),
    )
    assert str(measured(judged.record)[1]) == "3 of 4 (30% to 95%)"


@pytest.mark.parametrize(
    ("right", "wrong", "least", "decisions", "names"),
    [
        (7, 3, 0.8, 10, ["marks"]),
        (8, 2, 0.8, 10, []),
        (7, 3, 0.8, 11, []),
        (0, 10, 0.0, 10, []),
    ],
)
def test_a_detector_below_the_agreed_precision_suspends_itself(
    judged: Judged, right: int, wrong: int, least: float, decisions: int, names: list[str]
) -> None:
    """It takes enough decisions, and an agreed precision; both are met exactly at the bound."""
    judged.judge(Verdict.CONFIRMED, times=right)
    judged.judge(Verdict.NOT_DEPARTMENT_MATERIAL, times=wrong)
    assert judged.suspend(least, decisions) == names
    assert list(suspended(judged.record.select(DetectorEvent))) == names
    assert [e.actor for e in judged.record.select(AuditEvent, action="detector.suspended")] == ["system"] * len(names)


def test_a_suspended_detector_is_not_suspended_again(judged: Judged) -> None:
    """One event says it once."""
    judged.judge(Verdict.NOT_DEPARTMENT_MATERIAL, times=10)
    assert (judged.suspend(), judged.suspend()) == (["marks"], [])


def test_who_lets_it_look_again_starts_a_new_count(judged: Judged, person: Person) -> None:
    """What was decided before counts no more; what comes after does."""
    judged.judge(Verdict.NOT_DEPARTMENT_MATERIAL, times=10)
    judged.suspend()
    judged.now += HOUR
    acts.resume(judged.record, "marks", actor=person("ines"), at=judged.now, reason="look-alikes were added")
    assert judged.suspend() == []
    judged.now += HOUR
    judged.judge(Verdict.NOT_DEPARTMENT_MATERIAL, times=10)
    assert judged.suspend() == ["marks"]


def test_only_what_is_suspended_is_resumed(record: Record, person: Person, start: datetime) -> None:
    """And what is suspended is not suspended by hand once more; both take a reason."""
    ines = person("ines")
    with pytest.raises(BadInput, match="not suspended"):
        acts.resume(record, "marks", actor=ines, at=start, reason="why not")
    with pytest.raises(BadInput, match="Say why"):
        acts.suspend(record, "marks", actor=ines, at=start, reason=" ")
    acts.suspend(record, "marks", actor=ines, at=start, reason="it claims every star")
    with pytest.raises(BadInput, match="suspended already"):
        acts.suspend(record, "marks", actor=ines, at=start, reason="again")
