"""A threshold is tried on the record, proposed, approved by another person, and then decides what becomes a finding (G32)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from footprint.acts import thresholds as acts
from footprint.digests import sha256
from footprint.errors import BadInput, FootprintError, NotPermitted
from footprint.findings import Detection, Finding, FindingDetection, ScanOutcome
from footprint.identifiers import ExemplarEvent, Kind
from footprint.ports import Blobs, Record
from footprint.posts import MediaUse
from footprint.reviews import FindingState, Verdict
from footprint.settings import Retention
from footprint.thresholds import ThresholdApproval, ThresholdProposal, history
from footprint.users import User
from footprint.whatif import Change, WhatIf
from pipelines.fold import fold_findings
from pipelines.retention import retire

Person = Callable[[str], User]
HOUR = timedelta(hours=1)
PATCH = "our-patch"


class Weeks:
    """Weeks in which the patch was found with several probabilities, and what people decided about it."""

    def __init__(self, story: Any) -> None:
        self.story, self.record = story, story.record
        self.account, self.run = story.account(), story.run(story.start)
        story.identifier(Kind.PATCH)
        self.posts: dict[str, str] = {}
        self.findings: dict[str, str] = {}
        for name, probability in {"sure": 0.95, "likely": 0.85, "weak": 0.7, "weaker": 0.6}.items():
            self.posts[name] = story.post(self.account, story.start, media=[f"picture {name}".encode()])
            self.findings[name] = story.find(
                self.run, self.posts[name], PATCH, at=story.start + HOUR, probability=probability
            )
        story.confirm(self.findings["weak"], at=story.start + 3 * HOUR)
        story.decide(self.findings["weaker"], Verdict.NOT_DEPARTMENT_MATERIAL, at=story.start + 2 * HOUR)
        self.now = story.start + timedelta(days=5)

    def look(self, name: str, outcome: ScanOutcome, *, run: str = "", detector: str = "marks") -> None:
        """A look at another picture."""
        self.story.post(self.account, self.story.start, media=[name.encode()])
        self.story.look(run or self.run, sha256(name.encode()), outcome, at=self.story.start + HOUR, detector=detector)

    def switch(self, enabled: bool, *, at: datetime) -> None:
        """The patch's exemplar is switched."""
        with self.record.transaction() as tx:
            tx.add(ExemplarEvent(id=f"{at}", exemplar_id="exemplar-patch", enabled=enabled, by="ines", at=at))

    def ask(self, threshold: float = 0.8, *, by: User, weeks: int = 8, of: str = PATCH, **change: Any) -> WhatIf:
        """A what-if on record."""
        return acts.try_out(self.record, of, Change(threshold=threshold, **change), weeks=weeks, actor=by, at=self.now)

    def propose(self, threshold: float = 0.8, *, by: User, of: str = PATCH) -> ThresholdProposal:
        """A proposal."""
        return acts.propose(self.record, of, threshold, actor=by, at=self.now, reason="too many stars")

    def enact(self, threshold: float, person: Person) -> None:
        """A threshold in force."""
        self.ask(threshold, by=person("ines"))
        self.propose(threshold, by=person("ines"))
        acts.approve(self.record, PATCH, threshold, actor=person("chief"), at=self.now)


@pytest.fixture
def weeks(story: Any) -> Weeks:
    return Weeks(story)


def test_confirmed_findings_that_would_be_lost_are_named_first(weeks: Weeks, person: Person) -> None:
    """What would go is named by where it stands, the confirmed before the dismissed, and false alarms are counted."""
    answer = weeks.ask(by=person("ines"))
    assert [(lost.finding_id, lost.state) for lost in answer.lost] == [
        (weeks.findings["weak"], FindingState.CONFIRMED),
        (weeks.findings["weaker"], FindingState.DISMISSED),
    ]
    assert answer.sentence == "Of 4 findings would go: 1 confirmed, 1 dismissed; 0 posts would become findings."
    assert (answer.looked_at, answer.false_alarms_before, answer.false_alarms_after) == (4, 1, 0)
    assert weeks.record.get(WhatIf, answer.id) == answer


def test_a_threshold_that_nothing_is_below_changes_nothing(weeks: Weeks, person: Person) -> None:
    """The least recorded probability is where knowledge ends, and the answer says so."""
    answer = weeks.ask(0.4, by=person("ines"))
    assert (answer.lost, answer.gained) == ((), 0)
    assert "least probability on record is 0.60" in answer.unknown[0]
    assert "least probability" not in " ".join(weeks.ask(0.65, by=person("ines")).unknown)


def test_an_exemplar_can_be_thought_away(weeks: Weeks, person: Person) -> None:
    """All findings hang on the one exemplar; that another may have found them too is said."""
    answer = weeks.ask(0.0, by=person("ines"), without=("exemplar-patch",))
    assert len(answer.lost) == 4
    assert any("another one may still find" in sentence for sentence in answer.unknown)


def test_other_detectors_alone_would_have_found_nothing(weeks: Weeks, person: Person) -> None:
    """A what-if of some detectors asks no other."""
    asset = next(weeks.record.select(MediaUse)).asset_sha256
    weeks.story.look(weeks.run, asset, ScanOutcome.NOTHING, at=weeks.story.start + HOUR, detector="copies")
    assert len(weeks.ask(0.0, by=person("ines"), detectors=("copies",)).lost) == 4
    assert not weeks.ask(0.0, by=person("ines"), detectors=("marks",)).lost


def test_only_the_asked_weeks_count(weeks: Weeks, person: Person) -> None:
    """Findings from before are not in the answer."""
    weeks.now += timedelta(weeks=20)
    assert weeks.ask(by=person("ines")).findings == 0
    assert weeks.ask(by=person("ines"), weeks=21).findings == 4


def test_what_is_with_counsel_is_in_no_answer(weeks: Weeks, person: Person) -> None:
    """Neither counted nor named (G13)."""
    weeks.story.decide(weeks.findings["likely"], Verdict.PROTECTED_ACTIVITY, at=weeks.now - HOUR)
    answer = weeks.ask(0.99, by=person("ines"))
    assert answer.findings == 3
    assert weeks.findings["likely"] not in {lost.finding_id for lost in answer.lost}


def test_a_first_verdict_is_not_told(weeks: Weeks, person: Person) -> None:
    """A finding that waits for its second reviewer reads as open (G16)."""
    weeks.story.decide(weeks.findings["likely"], Verdict.CONFIRMED, at=weeks.now - HOUR)
    answer = weeks.ask(0.9, by=person("ines"))
    assert {lost.finding_id: lost.state for lost in answer.lost}[weeks.findings["likely"]] is FindingState.OPEN


LOOKED = "At this threshold 2 undecided, so at least 0 and at most 2 false alarms in"


def test_what_nobody_decided_is_no_absence_of_false_alarms(weeks: Weeks, person: Person) -> None:
    """Open findings are told apart: they may be false alarms, and the bound is that of all of them."""
    for number in range(20):
        weeks.look(f"calm {number}", ScanOutcome.NOTHING)
    assert weeks.ask(by=person("ines")).false_alarm_words == (
        f"{LOOKED} 24 pictures looked at for it (1 known as it was): with 95 % confidence at most 26 %."
    )


def test_a_picture_that_failed_was_not_looked_at(weeks: Weeks, person: Person) -> None:
    """Whether by its only detector or by one of two: it says nothing about false alarms, and the answer says so."""
    weeks.look("broken", ScanOutcome.FAILED)
    weeks.look("half", ScanOutcome.NOTHING)
    weeks.look("half", ScanOutcome.FAILED, detector="copies")
    answer = weeks.ask(by=person("ines"))
    assert answer.looked_at == 4
    assert answer.unknown[0].startswith("2 of 6 pictures of these weeks were not looked at for it")


def test_who_does_not_look_for_it_saw_nothing_of_it(weeks: Weeks, person: Person) -> None:
    """A patch that has a picture is neither read nor heard."""
    weeks.look("only read", ScanOutcome.NOTHING, detector="lettering")
    weeks.look("only heard", ScanOutcome.NOTHING, detector="audio")
    assert weeks.ask(by=person("ines")).looked_at == 4


def test_an_identifier_that_no_scan_knew_was_not_looked_for(weeks: Weeks, person: Person) -> None:
    """Registered after the run began: there is no rate, and no threshold may rest on it."""
    badge = weeks.story.identifier(Kind.BADGE, at=weeks.story.start + HOUR)
    answer = weeks.ask(by=person("ines"), of=badge)
    assert answer.false_alarm_words.startswith("No picture was looked at for it in these weeks")
    with pytest.raises(NotPermitted, match="No picture was looked at for our-badge"):
        weeks.propose(by=person("ines"), of=badge)


def test_what_was_switched_off_looked_for_nothing(weeks: Weeks, person: Person) -> None:
    """While its only exemplar is off, no picture counts; a scan after it was switched on again does."""
    for enabled, hours in ((False, 2), (True, 4)):
        weeks.switch(enabled, at=weeks.story.start + hours * HOUR)
    for hours in (3, 5):
        run = weeks.story.run(weeks.story.start + hours * HOUR)
        weeks.look(f"calm {hours}", ScanOutcome.NOTHING, run=run)
    assert weeks.ask(by=person("ines")).looked_at == 5


def test_without_its_exemplars_nothing_was_looked_for(weeks: Weeks, person: Person) -> None:
    """What an exemplar less would do is measured by the others alone."""
    answer = weeks.ask(0.0, by=person("ines"), without=("exemplar-patch",))
    assert answer.looked_at == 0


def test_a_picture_in_two_posts_is_one_false_alarm(weeks: Weeks, person: Person) -> None:
    """Pictures are counted, not findings: of one picture there are no two alarms."""
    again = weeks.story.post(weeks.account, weeks.story.start, media=[b"picture weaker"])
    finding = weeks.story.find(weeks.run, again, PATCH, at=weeks.story.start + HOUR, probability=0.6)
    weeks.story.decide(finding, Verdict.NOT_DEPARTMENT_MATERIAL, at=weeks.story.start + 2 * HOUR)
    answer = weeks.ask(0.5, by=person("ines"))
    assert (answer.looked_at, answer.false_alarms_after) == (4, 1)


REFUSED: dict[str, tuple[type[FootprintError], str, Callable[[Weeks, Person], object]]] = {
    "a proposal without a what-if": (NotPermitted, "No what-if", lambda w, p: w.propose(by=p("ines"))),
    "a proposal on the what-if of another threshold": (
        NotPermitted, "No what-if", lambda w, p: (w.ask(0.9, by=p("ines")), w.propose(0.8, by=p("ines")))),
    "a proposal on the what-if of some detectors": (
        NotPermitted, "No what-if", lambda w, p: (w.ask(by=p("ines"), detectors=("marks",)), w.propose(by=p("ines")))),
    "an approval by the proposer": (
        NotPermitted, "second person",
        lambda w, p: (w.ask(by=p("ines")), w.propose(by=p("ines")),
                      acts.approve(w.record, PATCH, 0.8, actor=p("ines"), at=w.now))),
    "an approval of another value": (
        BadInput, "waits for approval",
        lambda w, p: (w.ask(by=p("ines")), w.propose(by=p("ines")),
                      acts.approve(w.record, PATCH, 0.7, actor=p("omar"), at=w.now))),
    "an approval long after": (
        NotPermitted, "older than",
        lambda w, p: (w.ask(by=p("ines")), w.propose(by=p("ines")),
                      acts.approve(w.record, PATCH, 0.8, actor=p("omar"), at=w.now + timedelta(days=15)))),
    "an approval twice": (
        BadInput, "waits for approval",
        lambda w, p: (w.enact(0.8, p), acts.approve(w.record, PATCH, 0.8, actor=p("omar"), at=w.now))),
    "a threshold that is no probability": (BadInput, "from 0 to below 1", lambda w, p: w.ask(1.0, by=p("ines"))),
    "a detector that never looked": (
        BadInput, "No look of moods", lambda w, p: w.ask(by=p("ines"), detectors=("marks", "moods"))),
    "an exemplar of another identifier": (
        BadInput, "no exemplar of", lambda w, p: w.ask(by=p("ines"), without=("exemplar-badge",))),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_threshold_takes_a_what_if_and_two_people(weeks: Weeks, person: Person, name: str) -> None:
    """What lacks one of them is refused with the mend."""
    error, words, act = REFUSED[name]
    before = weeks.record.count(ThresholdApproval) + (name == "an approval twice")
    with pytest.raises(error, match=words):
        act(weeks, person)
    assert weeks.record.count(ThresholdApproval) == before


def test_a_proposal_older_than_the_threshold_in_force_needs_a_new_what_if(weeks: Weeks, person: Person) -> None:
    """A what-if compares with the threshold of its day."""
    weeks.ask(0.9, by=person("ines"))
    weeks.enact(0.8, person)
    with pytest.raises(NotPermitted, match="No what-if"):
        weeks.propose(0.9, by=person("ines"))


def test_thresholds_are_versioned(weeks: Weeks, person: Person) -> None:
    """Each approval is the next version; the earlier ones stay."""
    weeks.enact(0.8, person)
    weeks.now += HOUR
    weeks.enact(0.7, person)
    versions = history(weeks.record.select(ThresholdProposal), weeks.record.select(ThresholdApproval))[PATCH]
    assert [(t.version, t.value) for t in versions] == [(1, 0.8), (2, 0.7)]


def test_a_claim_below_the_threshold_makes_no_finding(weeks: Weeks, person: Person) -> None:
    """The threshold in force decides, and each support names it; what was found before stays."""
    weeks.enact(0.8, person)
    posts = {name: weeks.story.post(weeks.account, weeks.now, media=[name.encode()]) for name in ("high", "low")}
    for name, probability in (("high", 0.81), ("low", 0.79)):
        _claim(weeks, posts[name], probability)
    assert fold_findings(weeks.record, versions={"marks": "1"}, run_id=weeks.run, clock=lambda: weeks.now) == 1
    (finding,) = weeks.record.select(Finding, post_id=tuple(posts.values()))
    assert finding.post_id == posts["high"]
    (support,) = weeks.record.select(FindingDetection, finding_id=finding.id)
    (proposal,) = weeks.record.select(ThresholdProposal)
    assert support.threshold_id == proposal.id
    assert weeks.record.count(Finding, id=tuple(weeks.findings.values())) == 4


def _claim(weeks: Weeks, post: str, probability: float) -> str:
    """A claim of which nothing was made yet. Returns the asset."""
    (use,) = weeks.record.select(MediaUse, post_id=post)
    some = next(weeks.record.select(Detection))
    weeks.story.look(weeks.run, use.asset_sha256, ScanOutcome.FOUND, at=weeks.now)
    with weeks.record.transaction() as tx:
        tx.add(replace(some, id=f"claim on {post}", asset_sha256=use.asset_sha256, probability=probability))
    return use.asset_sha256


def test_a_lower_threshold_brings_what_was_recorded(weeks: Weeks, person: Person) -> None:
    """Claims below the threshold are on record, so that a what-if can count them."""
    weeks.enact(0.8, person)
    _claim(weeks, weeks.story.post(weeks.account, weeks.now, media=[b"low"]), 0.75)
    weeks.now += HOUR
    assert weeks.ask(0.7, by=person("ines")).gained == 1


def test_media_below_the_threshold_leave(weeks: Weeks, person: Person, blobs: Blobs, record: Record) -> None:
    """A claim that makes no finding holds no bytes (G20); one that reaches the threshold does until it was folded."""
    weeks.enact(0.8, person)
    low = _claim(weeks, weeks.story.post(weeks.account, weeks.now, media=[b"low"]), 0.75)
    high = _claim(weeks, weeks.story.post(weeks.account, weeks.now, media=[b"high"]), 0.9)
    later = weeks.now + HOUR
    retire(record, blobs, versions={"marks": "1"}, now=later, settings=Retention(non_hits_days=0), actor="schedule")
    assert (blobs.has(low), blobs.has(high)) == (False, True)
