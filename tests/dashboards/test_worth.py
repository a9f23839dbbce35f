"""What an identifier is worth, and changes to it: tried, proposed, approved by another person (G32, G33)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from footprint.acts import thresholds
from footprint.audit import AuditEvent
from footprint.bank_trials import BankTrial
from footprint.identifiers import Exemplar, Polarity
from footprint.ports import Blobs, Record
from footprint.specialists import IDLE
from footprint.suspensions import DetectorEvent, suspended
from footprint.thresholds import ThresholdApproval, ThresholdProposal
from footprint.users import User
from footprint.whatif import Change, WhatIf

BADGE = "/identifiers/star-badge"


def test_precision_stands_beside_its_interval(signed_in: Callable[[str], Any]) -> None:
    """One of two judged findings of the badge was right."""
    assert "marks in 1 of 2 (9% to 91%)" in signed_in("rosa").get(BADGE).text


def test_a_threshold_is_tried_proposed_and_approved(signed_in: Callable[[str], Any], record: Record) -> None:
    """The answer names the finding that would go; the proposer cannot approve, the chief can."""
    ines, chief = signed_in("ines"), signed_in("chief")
    page = ines.follow(ines.send(f"{BADGE}/whatif", threshold="0.6", weeks="8")).text
    assert "Of 3 findings would go: 1 dismissed; 0 posts would become findings." in page
    assert "Propose it" in page
    waiting = ines.follow(ines.send(f"{BADGE}/threshold", threshold="0.6", reason="a costume")).text
    assert "Another registrar or the chief approves it." in waiting
    refused = ines.follow(ines.send(f"{BADGE}/threshold/approval", threshold="0.6")).text
    assert "A second person approves" in refused
    assert record.count(ThresholdApproval) == 0
    done = chief.follow(chief.send(f"{BADGE}/threshold/approval", threshold="0.6")).text
    assert "“a costume”, approved by chief" in done


def test_the_trial_that_a_threshold_rests_on_is_shown(
    signed_in: Callable[[str], Any], record: Record, clock: Any
) -> None:
    """The rate of false alarms on the bank, of how many pictures, by which version; and the question is listed."""
    ines, chief = (next(u for u in record.select(User) if u.name == name) for name in ("ines", "chief"))
    trial = BankTrial(versions=("marks 2+ab",), origins={"photographs": 400}, unseen=0, claimed=())
    tried = thresholds.try_out(record, "star-badge", Change(threshold=0.6), weeks=8, actor=ines, at=clock(), bank=trial)
    thresholds.propose(record, "star-badge", 0.6, actor=ines, at=clock(), reason="1 in 100")
    thresholds.approve(record, "star-badge", 0.6, actor=chief, at=clock())
    page = signed_in("rosa").get(BADGE).text
    assert "0 false alarms in 400 pictures (400 photographs), with 95 % confidence at most 1 in 105." in page
    assert "Tried with marks 2+ab." in page
    assert f"?tried={tried.id}#worth" in page


def test_a_proposal_without_an_answer_on_record_is_refused(signed_in: Callable[[str], Any], record: Record) -> None:
    """The page says what comes first."""
    ines = signed_in("ines")
    page = ines.follow(ines.send(f"{BADGE}/threshold", threshold="0.6", reason="a costume")).text
    assert "No what-if of threshold 0.6 is on record" in page
    assert record.count(ThresholdProposal) == 0


def test_no_threshold_is_proposed_of_what_nothing_looked_for(signed_in: Callable[[str], Any]) -> None:
    """An identifier that was named after the last scan has no rate of false alarms."""
    ines = signed_in("ines")
    ines.send("/identifiers", name="Harbor patch", kind="patch")
    page = ines.follow(ines.send("/identifiers/harbor-patch/whatif", threshold="0.8", weeks="8")).text
    assert "No picture was looked at for it in these weeks" in page
    assert "Propose it" not in page


@pytest.mark.parametrize(
    ("threshold", "weeks", "words"),
    [
        ("much", "8", "write a number"),
        ("nan", "8", "write a number"),
        ("1", "8", "from 0 to below 1"),
        ("0.8", "0", "1 to 260 weeks"),
        ("0.8", "1e9", "1 to 260 weeks"),
        ("", "8", "Threshold is missing"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    threshold: str, weeks: str, words: str, signed_in: Callable[[str], Any], record: Record
) -> None:
    """With the reason; nothing is recorded."""
    ines = signed_in("ines")
    assert words in ines.follow(ines.send(f"{BADGE}/whatif", threshold=threshold, weeks=weeks)).text
    assert record.count(WhatIf) == 0


def test_an_answer_is_shown_for_its_own_identifier_alone(signed_in: Callable[[str], Any]) -> None:
    """Its address under another identifier shows nothing."""
    ines = signed_in("ines")
    address = ines.send(f"{BADGE}/whatif", threshold="0.6", weeks="8").headers["location"]
    assert "What if:" in ines.get(address).text
    assert "What if:" not in ines.get(address.replace("star-badge", "patrol-car-livery")).text


def test_a_detector_without_anything_to_look_for_is_idle(signed_in: Callable[[str], Any]) -> None:
    """The town has a vehicle, and neither a uniform nor a recording."""
    page = signed_in("ines").get("/identifiers").text
    states = dict(re.findall(r"<tr><td><b>(\w+)</b></td><td>[^<]*</td><td>([^<]*)</td>", page))
    assert (states["vehicles"], states["uniforms"], states["audio"]) == ("looks", IDLE, IDLE)


def test_a_suspended_detector_is_shown_to_all_who_must_know(
    signed_in: Callable[[str], Any], record: Record, clock: Any
) -> None:
    """The registrar suspends it and lets it look again; the administrator's page says so meanwhile."""
    ines, admin = signed_in("ines"), signed_in("admin")
    page = ines.follow(ines.send("/detectors/marks/switch", suspended="yes", reason="it claims every star")).text
    assert "suspended" in page
    assert "it claims every star" in page
    assert "it claims every star (by ines" in admin.get("/health").text
    clock.pass_by(timedelta(minutes=1))
    ines.send("/detectors/marks/switch", suspended="no", reason="look-alikes were added")
    assert not suspended(record.select(DetectorEvent))
    assert ">suspended<" not in admin.get("/health").text


def test_a_detector_that_is_not_there_is_not_suspended(signed_in: Callable[[str], Any], record: Record) -> None:
    """A name that nobody runs is refused."""
    ines = signed_in("ines")
    page = ines.follow(ines.send("/detectors/moods/switch", suspended="yes", reason="it is not ours")).text
    assert "There is no detector moods." in page
    assert record.count(DetectorEvent) == 0


def test_a_dismissed_finding_becomes_a_look_alike(
    signed_in: Callable[[str], Any], record: Record, blobs: Blobs, town: Any
) -> None:
    """A reviewer presses the button; the part that was claimed is an exemplar of what is not ours, and the log says of which finding."""
    rosa, finding = signed_in("rosa"), town.findings["costume star-badge"]
    assert "Teach it as a look-alike" in rosa.get(f"/findings/{finding}").text
    page = rosa.follow(rosa.send(f"/findings/{finding}/look-alike")).text
    assert "the next scan knows it as a look-alike" in page
    (event,) = record.select(AuditEvent, action="exemplar.added", actor="rosa")
    assert (event.subject, event.detail["finding"]) == (_look_alike(record, "rosa").id, finding)
    assert blobs.has(_look_alike(record, "rosa").sha256)


def _look_alike(record: Record, by: str) -> Exemplar:
    (exemplar,) = (e for e in record.select(Exemplar, identifier_id="star-badge") if e.added_by == by)
    assert exemplar.polarity is Polarity.LOOK_ALIKE
    return exemplar


@pytest.mark.parametrize("name", ["fair star-badge", "night star-badge"])
def test_only_what_was_dismissed_as_not_ours_becomes_a_look_alike(
    name: str, signed_in: Callable[[str], Any], record: Record, town: Any
) -> None:
    """Neither what was confirmed nor what nobody judged; the page has no such button."""
    rosa, before = signed_in("rosa"), record.count(Exemplar)
    assert "Teach it as a look-alike" not in rosa.get(f"/findings/{town.findings[name]}").text
    page = rosa.follow(rosa.send(f"/findings/{town.findings[name]}/look-alike")).text
    assert "Only a finding that was dismissed as not Department material" in page
    assert record.count(Exemplar) == before
