"""Search: state in the address, facets as links, a purpose in the log, nothing that a reviewer must not know."""

import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from footprint.acts import reviews
from footprint.audit import AuditEvent
from footprint.ports import Record
from footprint.reviews import Element, ReviewDecision, Verdict
from footprint.users import User

Events = Callable[[str], list[AuditEvent]]


@pytest.fixture
def rosa(signed_in: Callable[[str], Any]) -> Any:
    """A reviewer who has said what her searches are for."""
    person = signed_in("rosa")
    person.send("/search/purpose", purpose="weekly review")
    return person


def _hits(page: str) -> set[str]:
    return set(re.findall(r'class="item" href="/findings/(\w+)"', page))


def _link(page: str, words: str) -> str:
    found = re.search(rf'<a href="([^"]+)"[^>]*><span>{words}</span>', page)
    assert found is not None
    return html.unescape(found[1])


def test_a_search_takes_a_purpose_first(signed_in: Callable[[str], Any]) -> None:
    """Without one there is a form and no result; with one, the search that was meant."""
    rosa = signed_in("rosa")
    page = rosa.get("/search?q=state:open").text
    assert "What for?" in page
    assert not _hits(page)
    answer = rosa.send("/search/purpose", purpose="weekly review", q="state:open")
    assert answer.headers["location"] == "/search?q=state%3Aopen"
    assert len(_hits(rosa.follow(answer).text)) == 5


def test_the_purpose_is_in_the_log_with_every_search(rosa: Any, events: Events) -> None:
    """Said once, logged each time, with what was asked (G24)."""
    rosa.get("/search?q=kind:patch")
    rosa.get("/search?q=registrant:R-0101")
    found = [
        (event.purpose, event.detail["query"], event.detail.get("registrants")) for event in events("findings.searched")
    ]
    assert found == [("weekly review", "kind:patch", []), ("weekly review", "registrant:R-0101", ["R-0101"])]


def test_a_purpose_says_something(signed_in: Callable[[str], Any]) -> None:
    """A dot is none."""
    rosa = signed_in("rosa")
    assert "in a few words" in rosa.follow(rosa.send("/search/purpose", purpose=".")).text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (
            "state:open kind:patch",
            ["fair shoulder-patch-2019", "again shoulder-patch-2019", "hostile shoulder-patch-2019"],
        ),
        ('"town fair"', ["fair shoulder-patch-2019", "fair star-badge"]),
        ("permission:P-2026-004", ["car patrol-car-livery"]),
        ("state:dismissed", ["costume star-badge"]),
        ("platform:myspace", []),
    ],
)
def test_a_query_finds_what_it_says(query: str, names: list[str], rosa: Any, town: Any) -> None:
    """Fields and words, through the index."""
    assert _hits(rosa.get(f"/search?q={query}").text) == {town.findings[name] for name in names}


def test_what_went_to_counsel_is_not_found(rosa: Any, town: Any) -> None:
    """Neither by its words nor by asking for its state (G13)."""
    assert town.findings["union shoulder-patch-2019"] not in rosa.get("/search?q=association").text
    assert rosa.get("/search?q=state:with_counsel").status_code == 422


def test_what_went_to_counsel_is_not_found_though_the_index_has_not_heard(
    rosa: Any, record: Record, person: Callable[[str], User], clock: Any, town: Any
) -> None:
    """The record decides what is listed (G13)."""
    fair, at = town.findings["fair shoulder-patch-2019"], clock()
    diverted = ReviewDecision(
        id="d", finding_id=fair, reviewer="theo", verdict=Verdict.PROTECTED_ACTIVITY, decided_at=at
    )
    reviews.decide(record, diverted, actor=person("theo"), at=at)
    assert fair not in rosa.get("/search?q=kind:patch").text


def test_no_search_tells_that_somebody_confirmed(
    rosa: Any, app: Any, record: Record, person: Callable[[str], User], clock: Any, town: Any
) -> None:
    """Asked for by either word, what waits is the same list, and says "open" (G16)."""
    at: datetime = clock()
    fair = town.findings["fair shoulder-patch-2019"]
    first = ReviewDecision(
        id="d", finding_id=fair, reviewer="theo", verdict=Verdict.CONFIRMED, elements=tuple(Element), decided_at=at
    )
    reviews.decide(record, first, actor=person("theo"), at=at)
    app.state.desk.catch_up()
    asked = [rosa.get(f"/search?q=state:{word}").text for word in ("open", "second_review")]
    assert _hits(asked[0]) == _hits(asked[1]) != set()
    assert not any("second reviewer" in page for page in asked)
    assert "<span>second review</span>" not in asked[0]


def test_facets_narrow_and_widen_by_links(rosa: Any, town: Any) -> None:
    """A facet is a link that asks for its value; where it is asked for already, one that drops it."""
    page = rosa.get("/search?q=state:open").text
    narrowed = _link(page, "Star badge")
    assert narrowed == "/search?q=state%3Aopen+identifier%3Astar-badge"
    page = rosa.get(narrowed).text
    assert _hits(page) == {town.findings["night star-badge"]}
    assert _link(page, "Star badge") == "/search?q=state%3Aopen"


def test_what_cannot_be_asked_is_answered_with_what_can(rosa: Any) -> None:
    """The fields and their values, and what was wrong."""
    answer = rosa.get("/search?q=opinion:negative")
    assert answer.status_code == 422
    assert "There is no field &#39;opinion&#39;" in answer.text
    assert "found, possible, covered" in answer.text


def test_results_come_as_a_grid_too(rosa: Any, town: Any) -> None:
    """The look is in the address, and stays when a facet is followed."""
    page = rosa.get("/search?q=state:open&look=grid").text
    assert 'class="grid"' in page
    assert "look=grid" in _link(page, "Star badge")


def test_no_match_is_not_the_same_as_nothing_there(rosa: Any) -> None:
    """It points to what was not looked at."""
    page = rosa.get("/search?q=platform:myspace").text
    assert "No finding matches" in page
    assert "What was not looked at cannot be found" in page


def test_the_chief_finds_what_was_confirmed(signed_in: Callable[[str], Any], town: Any) -> None:
    """Whatever the query."""
    chief = signed_in("chief")
    chief.send("/search/purpose", purpose="briefing")
    assert _hits(chief.get("/search?q=state:open").text) == set()
    assert _hits(chief.get("/search").text) == {town.findings["fair star-badge"]}


def test_pages_follow_each_other(rosa: Any, index: Any, town: Any) -> None:
    """More results are a link away, and none comes twice."""
    from dataclasses import replace

    document = next(d for d in town.documents if d.state == "dismissed")
    index.put(replace(document, id=f"{number:032}", probability=0.5) for number in range(30))
    first = rosa.get("/search?q=state:dismissed").text
    more = re.search(r'<a class="button" href="([^"]+)">More</a>', first)
    assert more is not None
    second = rosa.get(html.unescape(more[1])).text
    assert len(_hits(first)) + len(_hits(second)) == 31
    assert not _hits(first) & _hits(second)


def test_a_made_up_page_is_refused(rosa: Any) -> None:
    """In words."""
    assert rosa.get("/search?q=state:open&after=zzz").status_code == 422
