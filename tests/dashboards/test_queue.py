"""The queue: what waits, in an order that is not by person, and what is hidden, counted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI

from footprint.acts import reviews
from footprint.digests import digest
from footprint.errors import RecordUnavailable
from footprint.index.memory import MemoryIndex
from footprint.ports import Record, SearchPage
from footprint.query import Query
from footprint.reviews import Element, ReviewDecision, Verdict
from footprint.users import User

WAITING = [
    "fair shoulder-patch-2019",
    "again shoulder-patch-2019",
    "hostile shoulder-patch-2019",
    "car patrol-car-livery",
    "night star-badge",
]


@pytest.fixture
def decide(record: Record, person: Callable[[str], User], clock: Any) -> Callable[..., None]:
    """Somebody decides, without a browser."""

    def act(finding_id: str, name: str, verdict: Verdict) -> None:
        at: datetime = clock()
        key = digest(finding_id, name, at.isoformat())
        decision = ReviewDecision(
            id=key, finding_id=finding_id, reviewer=name, verdict=verdict, elements=tuple(Element), decided_at=at
        )
        reviews.decide(record, decision, actor=person(name), at=at)

    return act


def _listed(page: str) -> list[str]:
    """Findings in the order in which a page links to their rows."""
    return re.findall(r'class="item" href="/findings/(\w+)"', page)


def test_what_waits_is_listed_the_surest_first(signed_in: Callable[[str], Any], town: Any) -> None:
    """Found before possible, then the oldest; decided and diverted ones are not there."""
    assert _listed(signed_in("rosa").get("/review").text) == [town.findings[name] for name in WAITING]


def test_hidden_findings_are_counted(signed_in: Callable[[str], Any]) -> None:
    """The page says how many are not listed, and why."""
    assert "3 hidden: 1 confirmed, 1 dismissed, 1 with counsel." in signed_in("rosa").get("/review").text


def test_the_order_does_not_depend_on_what_was_said(
    signed_in: Callable[[str], Any], index: MemoryIndex, town: Any
) -> None:
    """Other words in the posts, the same queue (G12)."""
    rosa = signed_in("rosa")
    before = _listed(rosa.get("/review").text)
    index.put(replace(document, text="Our chief is a disgrace, vote them out!") for document in town.documents)
    assert _listed(rosa.get("/review").text) == before


def test_review_begins_with_the_first(signed_in: Callable[[str], Any], town: Any) -> None:
    """One click from anywhere to the first finding."""
    assert signed_in("rosa").get("/review/next").headers["location"] == f"/findings/{town.findings[WAITING[0]]}"


def test_one_s_own_verdict_leaves_one_s_queue_and_stays_in_the_other_s(
    signed_in: Callable[[str], Any], decide: Callable[..., None], town: Any
) -> None:
    """A confirmation waits for a second reviewer, who is not told (G16); the record decides, though the index does not know yet."""
    first = town.findings[WAITING[0]]
    decide(first, "rosa", Verdict.CONFIRMED)
    rosa, theo = signed_in("rosa").get("/review").text, signed_in("theo").get("/review").text
    assert first not in _listed(rosa)
    assert "1 decided by you" in rosa
    assert first in _listed(theo)
    assert "second" not in theo


def test_what_was_diverted_vanishes_at_once(
    signed_in: Callable[[str], Any], decide: Callable[..., None], town: Any
) -> None:
    """Even before the index has heard of it, a finding that went to counsel is in no list (G13)."""
    first = town.findings[WAITING[0]]
    decide(first, "theo", Verdict.PROTECTED_ACTIVITY)
    page = signed_in("rosa").get("/review").text
    assert first not in page
    assert "2 with counsel" in page


def test_what_another_settled_leaves_the_queue_at_once(
    signed_in: Callable[[str], Any], decide: Callable[..., None], town: Any
) -> None:
    """The record decides what is listed, though the index still calls it open."""
    first = town.findings[WAITING[0]]
    decide(first, "theo", Verdict.NOT_DEPARTMENT_MATERIAL)
    assert first not in _listed(signed_in("rosa").get("/review").text)


def test_what_needs_more_has_a_list_of_its_own(
    app: Any, signed_in: Callable[[str], Any], decide: Callable[..., None], town: Any
) -> None:
    """It does not come back to the queue by itself, nor is it lost."""
    first = town.findings[WAITING[0]]
    decide(first, "theo", Verdict.INSUFFICIENT)
    app.state.desk.catch_up()
    rosa = signed_in("rosa")
    assert first not in _listed(rosa.get("/review").text)
    assert _listed(rosa.get("/review?state=insufficient").text) == [first]


def test_a_reviewer_s_queue_lacks_what_is_about_themselves(signed_in: Callable[[str], Any], town: Any) -> None:
    """Rex holds the account of two findings and reviews the other three (G16)."""
    others = [town.findings[name] for name in WAITING if name.split()[0] not in ("again", "car")]
    assert _listed(signed_in("rex").get("/review").text) == others


def test_what_the_index_has_not_heard_of_is_announced(
    signed_in: Callable[[str], Any], record: Record, town: Any
) -> None:
    """A list that may be short says so."""
    rosa = signed_in("rosa")
    for position, _ in record.outbox(100):
        record.dequeue([position])
    assert "catching up" not in rosa.get("/review").text
    with record.transaction() as tx:
        tx.enqueue(town.findings[WAITING[0]])
    assert "catching up" in rosa.get("/review").text


def test_an_empty_queue_says_what_was_looked_at(signed_in: Callable[[str], Any], index: MemoryIndex, town: Any) -> None:
    """Nothing found is said with its denominator, and with what could not be looked at."""
    index.remove(town.findings.values())
    page = signed_in("rosa").get("/review").text
    assert "No open findings. 13 of 19 planned pages were read in the last run." in page
    assert "6 not looked at" in page


class Down(MemoryIndex):
    """An index that does not answer."""

    def search(self, query: Query, *, size: int = 20, after: str | None = None) -> SearchPage:
        raise RecordUnavailable("The index does not answer. Start it.")


@pytest.mark.parametrize("path", ["/review", "/", "/findings/{first}"])
def test_an_index_that_is_down_is_never_an_empty_queue(
    path: str, serve: Callable[..., FastAPI], signed_in: Callable[..., Any], town: Any
) -> None:
    """Could not look never reads like nothing found; a finding can be opened all the same."""
    rosa = signed_in("rosa", serve(index=Down()))
    page = rosa.get(path.format(first=town.findings[WAITING[0]]))
    assert page.status_code == 200
    assert "The index does not answer. Start it." in page.text
    assert "No open findings" not in page.text
