"""One finding on one screen, and what is done with it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from footprint.audit import AuditEvent
from footprint.documents import FindingDocument
from footprint.errors import RecordUnavailable
from footprint.findings import Detection, FindingDetection
from footprint.identifiers import Exemplar, Polarity
from footprint.index.memory import MemoryIndex
from footprint.ports import Record
from footprint.posts import PostVersion, body, observed_post
from footprint.query import Query, Term
from footprint.reviews import Element, FindingState, ReviewDecision, status_of

Events = Callable[[str], list[AuditEvent]]
EVERY = [element.value for element in Element]


@pytest.fixture
def fair(town: Any) -> str:
    """An open finding: a patch at the fair."""
    return str(town.findings["fair shoulder-patch-2019"])


@pytest.fixture
def state(record: Record) -> Callable[[str], FindingState]:
    """Where a finding stands in the record."""
    return lambda finding_id: status_of(record.select(ReviewDecision, finding_id=finding_id))


def test_everything_about_it_is_on_one_screen(signed_in: Callable[[str], Any], fair: str) -> None:
    """Post, authority, custody, reason, elements, permission search and queue."""
    page = signed_in("rosa").get(f"/findings/{fair}").text
    for words in (
        "Great turnout at the town fair",
        "R-0101",
        "25 Apr 2026, 05:00 (UTC−7)",
        "Signed consent",
        "allowed by robots.txt or the terms of the API",
        "Custody: what was kept, by its hash",
        "41 of 55 points of",
        "registered by ines, approved by omar",
        "visibility=public, read without signing in",
        "none that covers this post",
        "is for other identifiers, kinds or media",
        "1 of 5",
        "What was said in the post is no ground",
    ):
        assert words in page


def test_a_post_is_shown_as_text(signed_in: Callable[[str], Any], town: Any) -> None:
    """Markup in a post stays words, on the finding and in the list of results."""
    rosa = signed_in("rosa")
    page = rosa.get(f"/findings/{town.findings['hostile shoulder-patch-2019']}").text
    assert "&lt;script&gt;document.title=" in page
    assert "<script>document" not in page
    assert "<img src=x" not in page


def test_the_permalink_gives_nothing_away(signed_in: Callable[[str], Any], fair: str) -> None:
    """It opens only on a click, in a window that knows nothing of this one."""
    page = signed_in("rosa").get(f"/findings/{fair}").text
    assert re.search(r'<a href="https://mastodon.example/posts/fair" rel="noreferrer noopener" target="_blank">', page)


def test_a_hostile_permalink_is_no_link(
    signed_in: Callable[[str], Any], fair: str, record: Record, blobs: Any, town: Any
) -> None:
    """An address that is not of the web is shown, not linked."""
    (version,) = record.select(PostVersion, post_id=town.posts["fair"])
    post = replace(observed_post(blobs.get(version.body_sha256)), permalink="javascript:alert(1)")
    later = replace(
        version, id="later", body_sha256=blobs.put(body(post)), observed_at=version.observed_at + timedelta(hours=1)
    )
    with record.transaction() as tx:
        tx.add(later)
    page = signed_in("rosa").get(f"/findings/{fair}").text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_boxes_carry_a_label_a_score_and_a_pattern(signed_in: Callable[[str], Any], town: Any) -> None:
    """Colour is not all that tells a possible one from a covered one."""
    rosa = signed_in("rosa")
    possible = rosa.get(f"/findings/{town.findings['night star-badge']}").text
    covered = rosa.get(f"/findings/{town.findings['car patrol-car-livery']}").text
    assert "Star badge · possible 0.64" in possible
    assert 'class="box possible"' in possible
    assert "Patrol car livery · covered 0.93" in covered
    assert 'class="box covered"' in covered


def test_each_picture_has_an_address(signed_in: Callable[[str], Any], town: Any) -> None:
    """Every state of the page is in the URL."""
    finding = town.findings["night star-badge"]
    rosa = signed_in("rosa")
    first, second = (rosa.get(f"/findings/{finding}?picture={n}").text for n in (1, 2))
    shown = re.compile(r'<image href="/findings/\w+/media/(\w+)\.jpg" width="960"')
    assert shown.findall(first)[0] != shown.findall(second)[0]
    assert "On 2 pictures of this post" in first


def test_wording_is_shown_letter_by_letter(signed_in: Callable[[str], Any], fair: str, record: Record) -> None:
    """What was read stands below what is registered, and a letter that differs is marked."""
    support = next(record.select(FindingDetection, finding_id=fair))
    claim = record.get(Detection, support.detection_id)
    assert claim is not None
    letters = [["a", "a"], ["l", "1"], ["d", "d"], ["e", "e"], ["r", "r"]]
    with record.transaction() as tx:
        tx.add(replace(claim, id="read", detector="lettering", probability=0.999, evidence={"letters": letters}))
        tx.add(replace(support, id="read", detection_id="read"))
    page = signed_in("rosa").get(f"/findings/{fair}").text
    assert "Registered: ALDER; read: A1DER" in page
    assert page.count('<span class="letter against"><span>L</span><span>1</span></span>') == 1


def test_an_approved_use_is_said_beside_why_it_was_flagged(
    signed_in: Callable[[str], Any], fair: str, record: Record, town: Any
) -> None:
    """What lies in a picture that was approved says so, by the name that people gave that picture."""
    support = next(record.select(FindingDetection, finding_id=fair))
    claim, key = record.get(Detection, support.detection_id), town.exemplars["shoulder-patch-2019 look_alike"]
    exemplar = record.get(Exemplar, key)
    assert claim is not None
    assert exemplar is not None
    use = replace(exemplar, id="use", polarity=Polarity.APPROVED_USE, label="recruiting photograph")
    with record.transaction() as tx:
        tx.add(use)
        tx.add(replace(claim, id="used", probability=0.999, evidence={"approved_use": "use"}))
        tx.add(replace(support, id="used", detection_id="used"))
    page = signed_in("rosa").get(f"/findings/{fair}").text
    assert "It lies in “recruiting photograph”, which is approved for use." in page
    assert 'href="/exemplars/use.jpg"' in page


def test_what_was_heard_has_players_with_names(signed_in: Callable[[str], Any], fair: str, record: Record) -> None:
    """The post's sound and the exemplar's, each from where the claim begins; the browser may load them from here only."""
    support = next(record.select(FindingDetection, finding_id=fair))
    claim = record.get(Detection, support.detection_id)
    assert claim is not None
    region = replace(claim.region, span_s=(12.0, 20.0))
    with record.transaction() as tx:
        tx.add(replace(claim, id="heard", region=region, probability=0.999, evidence={"starts_s": 4.0}))
        tx.add(replace(support, id="heard", detection_id="heard"))
    answer = signed_in("rosa").get(f"/findings/{fair}")
    addresses = (
        f"/findings/{fair}/media/{claim.asset_sha256}.wav?from_s=12",
        f"/exemplars/{claim.exemplar_id}.wav?from_s=4",
    )
    assert all(f'src="{address}&amp;to_s=' in answer.text for address in addresses)
    assert answer.text.count('<audio controls preload="none" aria-label="The ') == 2
    assert "media-src 'self'" in answer.headers["content-security-policy"]


def test_wording_is_not_offered_to_be_laid_over(signed_in: Callable[[str], Any], fair: str, record: Record) -> None:
    """There is no picture of it; the key then does nothing because nothing is offered."""
    support = next(record.select(FindingDetection, finding_id=fair))
    claim = record.get(Detection, support.detection_id)
    assert claim is not None
    exemplar = record.get(Exemplar, claim.exemplar_id)
    assert exemplar is not None
    rosa = signed_in("rosa")
    assert 'id="over"' in rosa.get(f"/findings/{fair}").text
    with record.transaction() as tx:
        tx.add(replace(exemplar, id="words", sha256="e" * 64, mime="text/plain"))
        tx.add(replace(claim, id="read", detector="lettering", exemplar_id="words", probability=0.999))
        tx.add(replace(support, id="read", detection_id="read"))
    page = rosa.get(f"/findings/{fair}?exemplar=over").text
    assert 'id="over"' not in page
    assert "/overlays/" not in page


def test_other_findings_on_the_same_post_and_picture_are_named(signed_in: Callable[[str], Any], fair: str) -> None:
    """The star in the same post, and the same picture on the forum."""
    page = signed_in("rosa").get(f"/findings/{fair}").text
    assert "Also found in this post" in page
    assert "The same picture elsewhere" in page
    assert "R-0102" in page


def test_edits_and_deletion_are_shown(signed_in: Callable[[str], Any], fair: str, record: Record, town: Any) -> None:
    """Each observed state has its time; a post that is gone says so."""
    (version,) = record.select(PostVersion, post_id=town.posts["fair"])
    gone = PostVersion(
        id="gone", post_id=town.posts["fair"], content_hash="", observed_at=version.observed_at + timedelta(hours=1),
        edited_at=None, visibility="404 on a direct look-up", body_sha256=None, capture_sha256=None, is_tombstone=True,
    )  # fmt: skip
    with record.transaction() as tx:
        tx.add(gone)
    page = signed_in("rosa").get(f"/findings/{fair}").text
    assert "2 observed states" in page
    assert "deleted at the source" in page
    assert "Great turnout" in page


@pytest.mark.parametrize("name", ["nope", "union shoulder-patch-2019"])
def test_what_is_not_there_and_what_is_with_counsel_look_the_same(
    name: str, signed_in: Callable[[str], Any], town: Any
) -> None:
    """A diverted finding has vanished, also for who knows its address (G13)."""
    answer = signed_in("rosa").get(f"/findings/{town.findings.get(name, name)}")
    assert answer.status_code == 403
    assert "it does not exist, or it is not yours to see" in answer.text


def test_confirming_takes_every_element(
    signed_in: Callable[[str], Any], fair: str, state: Callable[[str], FindingState]
) -> None:
    """The server refuses what the page does not offer (G14)."""
    rosa = signed_in("rosa")
    answer = rosa.send(f"/findings/{fair}/decide", verdict="confirmed", elements=EVERY[:4])
    assert "not ticked: no_permission" in rosa.follow(answer).text
    assert state(fair) is FindingState.OPEN


def test_what_a_permission_covers_cannot_be_confirmed(
    signed_in: Callable[[str], Any], town: Any, state: Callable[[str], FindingState]
) -> None:
    """Ticks or not (G14)."""
    car = town.findings["car patrol-car-livery"]
    rosa = signed_in("rosa")
    page = rosa.follow(rosa.send(f"/findings/{car}/decide", verdict="confirmed", elements=EVERY)).text
    assert "Permission P-2026-004 covers this post" in page
    assert state(car) is FindingState.OPEN


def test_confirming_takes_two_people_of_whom_the_second_is_blind(
    signed_in: Callable[[str], Any], fair: str, state: Callable[[str], FindingState]
) -> None:
    """The second reviewer's page does not differ from that of an open finding (G16)."""
    rosa, theo = signed_in("rosa"), signed_in("theo")
    before = theo.get(f"/findings/{fair}").text
    rosa.send(f"/findings/{fair}/decide", verdict="confirmed", elements=EVERY, note="clear as day")
    assert state(fair) is FindingState.SECOND_REVIEW
    assert theo.get(f"/findings/{fair}").text == before
    theo.send(f"/findings/{fair}/decide", verdict="confirmed", elements=EVERY)
    assert state(fair) is FindingState.CONFIRMED
    page = theo.get(f"/findings/{fair}").text
    assert "clear as day" in page
    assert "<b>Confirmed</b>, rosa" in page


def test_the_first_reviewer_is_told_that_a_second_decides(signed_in: Callable[[str], Any], fair: str) -> None:
    """They see their own verdict, and that it waits."""
    rosa = signed_in("rosa")
    rosa.send(f"/findings/{fair}/decide", verdict="confirmed", elements=EVERY)
    page = rosa.get(f"/findings/{fair}").text
    assert "waits for a second reviewer" in page
    assert "<b>Confirmed</b>, you" in page


@pytest.mark.parametrize(
    ("verdict", "ends"),
    [
        ("not_department_material", FindingState.DISMISSED),
        ("not_published_by_registrant", FindingState.DISMISSED),
        ("out_of_jurisdiction", FindingState.DISMISSED),
        ("protected_activity", FindingState.WITH_COUNSEL),
        ("insufficient", FindingState.INSUFFICIENT),
    ],
)
def test_other_verdicts_need_no_ticks(
    verdict: str, ends: FindingState, signed_in: Callable[[str], Any], fair: str, state: Callable[[str], FindingState]
) -> None:
    """One press, and on to the next."""
    rosa = signed_in("rosa")
    answer = rosa.send(f"/findings/{fair}/decide", verdict=verdict)
    assert answer.headers["location"].startswith("/findings/")
    assert fair not in answer.headers["location"]
    assert state(fair) is ends


def test_permitted_cites_the_permission(
    signed_in: Callable[[str], Any], town: Any, record: Record, state: Callable[[str], FindingState]
) -> None:
    """Without one it is refused; with one it is kept with the verdict."""
    car = town.findings["car patrol-car-livery"]
    rosa = signed_in("rosa")
    refused = rosa.follow(rosa.send(f"/findings/{car}/decide", verdict="permitted")).text
    assert "Name the permission that covers the post." in refused
    rosa.send(f"/findings/{car}/decide", verdict="permitted", permission_id="P-2026-004")
    assert state(car) is FindingState.PERMITTED
    assert [d.permission_id for d in record.select(ReviewDecision, finding_id=car)] == ["P-2026-004"]


def test_after_the_last_verdict_the_queue_is_empty(
    signed_in: Callable[[str], Any], index: MemoryIndex, town: Any, fair: str
) -> None:
    """Then the queue itself says so."""
    index.remove([key for key in town.findings.values() if key != fair])
    answer = signed_in("rosa").send(f"/findings/{fair}/decide", verdict="insufficient")
    assert answer.headers["location"] == "/review"


def test_a_verdict_reaches_the_index(signed_in: Callable[[str], Any], index: MemoryIndex, fair: str) -> None:
    """After the answer, so that nobody waits for it."""
    signed_in("rosa").send(f"/findings/{fair}/decide", verdict="not_department_material")
    dismissed = index.search(Query(terms=(Term(field="state", values=("dismissed",)),)))
    assert fair in {hit.id for hit in dismissed.hits}


class Down(MemoryIndex):
    """An index that takes nothing in."""

    def put(self, documents: Iterable[FindingDocument]) -> None:
        raise RecordUnavailable("The index does not answer. Start it.")


def test_a_verdict_is_kept_though_the_index_is_down(
    serve: Callable[..., FastAPI],
    signed_in: Callable[..., Any],
    record: Record,
    fair: str,
    state: Callable[[str], FindingState],
) -> None:
    """The outbox remembers what the index has to hear."""
    signed_in("rosa", serve(index=Down())).send(f"/findings/{fair}/decide", verdict="not_department_material")
    assert state(fair) is FindingState.DISMISSED
    assert fair in {finding_id for _, finding_id in record.outbox(100)}


def test_a_verdict_can_be_taken_back_for_ten_seconds(
    signed_in: Callable[[str], Any], fair: str, clock: Any, state: Callable[[str], FindingState], events: Events
) -> None:
    """The next page offers it, and it leads back to the finding."""
    rosa = signed_in("rosa")
    page = rosa.follow(rosa.send(f"/findings/{fair}/decide", verdict="not_department_material")).text
    decision = re.search(r'name="decision_id" value="(\w+)"', page)
    assert decision is not None
    clock.pass_by(timedelta(seconds=10))
    answer = rosa.send(f"/findings/{fair}/undo", decision_id=decision[1])
    assert answer.headers["location"] == f"/findings/{fair}"
    assert state(fair) is FindingState.OPEN
    assert [event.actor for event in events("finding.decision_undone")] == ["rosa"]


def test_what_was_taken_back_is_listed_when_the_answer_comes(
    signed_in: Callable[..., Any], serve: Callable[..., Any], fair: str, record: Record
) -> None:
    """The browser asks for the next page as soon as it has the answer: the index may not be behind by then."""
    waiting: list[int] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        async def tell(message: Any) -> None:
            if message["type"] == "http.response.start" and scope["path"].endswith("/undo"):
                waiting.append(len(record.outbox(100)))
            await send(message)

        await dashboard(scope, receive, tell)

    dashboard = serve()
    rosa = signed_in("rosa", watched)
    rosa.send(f"/findings/{fair}/decide", verdict="not_department_material")
    (decision,) = record.select(ReviewDecision, finding_id=fair)
    rosa.send(f"/findings/{fair}/undo", decision_id=decision.id)
    assert waiting == [0]


def test_after_ten_seconds_a_verdict_stands(
    signed_in: Callable[[str], Any], fair: str, clock: Any, record: Record, state: Callable[[str], FindingState]
) -> None:
    """The offer is gone, and the server refuses it."""
    rosa = signed_in("rosa")
    rosa.send(f"/findings/{fair}/decide", verdict="not_department_material")
    (decision,) = record.select(ReviewDecision, finding_id=fair)
    clock.pass_by(timedelta(seconds=11))
    assert "decision_id" not in rosa.get("/review").text
    assert "can be undone for 10 s" in rosa.follow(rosa.send(f"/findings/{fair}/undo", decision_id=decision.id)).text
    assert state(fair) is FindingState.DISMISSED


def test_a_diversion_can_be_taken_back_though_the_finding_has_vanished(
    signed_in: Callable[[str], Any], fair: str, record: Record, state: Callable[[str], FindingState]
) -> None:
    """A slip of the finger loses nothing; meanwhile no page shows what it was about."""
    rosa = signed_in("rosa")
    page = rosa.follow(rosa.send(f"/findings/{fair}/decide", verdict="protected_activity")).text
    assert "Decided: Protected activity, to counsel." in page
    (decision,) = record.select(ReviewDecision, finding_id=fair)
    rosa.send(f"/findings/{fair}/undo", decision_id=decision.id)
    assert state(fair) is FindingState.OPEN


def test_nobody_takes_back_another_s_verdict(
    signed_in: Callable[[str], Any], fair: str, record: Record, state: Callable[[str], FindingState]
) -> None:
    """Undo is one's own."""
    signed_in("rosa").send(f"/findings/{fair}/decide", verdict="not_department_material")
    (decision,) = record.select(ReviewDecision, finding_id=fair)
    signed_in("theo").send(f"/findings/{fair}/undo", decision_id=decision.id)
    assert state(fair) is FindingState.DISMISSED


def test_a_reviewer_does_not_decide_about_themselves(
    signed_in: Callable[[str], Any], town: Any, state: Callable[[str], FindingState]
) -> None:
    """Rex holds that account (G16)."""
    own = town.findings["again shoulder-patch-2019"]
    signed_in("rex").send(f"/findings/{own}/decide", verdict="not_department_material")
    assert state(own) is FindingState.OPEN


def test_a_name_takes_a_reason(signed_in: Callable[[str], Any], fair: str, clock: Any, events: Events) -> None:
    """It is on no page before, stays for minutes, and the reason is in the log."""
    rosa = signed_in("rosa")
    assert "Ada Example" not in rosa.get(f"/findings/{fair}").text
    assert "at least 10 characters" in rosa.follow(rosa.send(f"/findings/{fair}/reveal", reason="because")).text
    page = rosa.follow(rosa.send(f"/findings/{fair}/reveal", reason="to write the notice")).text
    assert "Ada Example" in page
    assert [(event.subject, event.purpose) for event in events("identity.revealed")] == [
        ("R-0101", "to write the notice")
    ]
    clock.pass_by(timedelta(minutes=5))
    assert "Ada Example" not in rosa.get(f"/findings/{fair}").text


def test_the_chief_reads_what_was_confirmed_and_decides_nothing(
    signed_in: Callable[[str], Any], town: Any, fair: str
) -> None:
    """No queue, no verdicts; open findings are not the Chief's."""
    chief = signed_in("chief")
    page = chief.get(f"/findings/{town.findings['fair star-badge']}").text
    assert "/decide" not in page
    assert "<b>Confirmed</b>, rosa" in page
    assert chief.get(f"/findings/{fair}").status_code == 403


def test_an_employee_reads_what_was_confirmed_about_them_without_names(
    signed_in: Callable[[str], Any], town: Any
) -> None:
    """Who decided, and their notes, are not the employee's page's to tell."""
    page = signed_in("eva").get(f"/findings/{town.findings['fair star-badge']}").text
    assert "<b>Confirmed</b>, a reviewer" in page
    assert "rosa" not in page
    assert "/reveal" not in page


def test_a_finding_whose_words_were_retired_says_so(
    signed_in: Callable[[str], Any], fair: str, record: Record, blobs: Any, town: Any
) -> None:
    """No page breaks because retention did its work."""
    (version,) = record.select(PostVersion, post_id=town.posts["fair"])
    blobs.delete(version.body_sha256)
    answer = signed_in("rosa").get(f"/findings/{fair}")
    assert answer.status_code == 422
    assert "not kept any more" in answer.text
