"""Search: what was found, asked for in words and narrowed by links. Every search is logged with what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from dashboards.access import blind_facet, decisions_by_finding, may_see, shown_state, within_sight
from dashboards.declaration import act, page
from dashboards.visit import Visit
from footprint.documents import FindingDocument
from footprint.errors import BadInput
from footprint.identifiers import Identifier
from footprint.ports import SearchPage
from footprint.query import FIELDS, Query, parse, with_term, without_term
from footprint.reviews import FindingState, status_of
from footprint.users import Role

SEARCHERS = (Role.REVIEWER, Role.CHIEF)
PAGE = 24
PURPOSE_MIN_CHARACTERS = 5
FACET_TITLES = {
    "state": "State",
    "certainty": "Certainty",
    "kind": "Kind",
    "platform": "Platform",
    "identifier_id": "Identifier",
    "permission": "Permission",
}
LONGEST_FACET = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """One value of a facet: a link that asks for it or, where it is asked for, one that drops it."""

    words: str
    count: int
    href: str
    is_asked: bool


@page("/search", roles=SEARCHERS, audit="findings.searched")
def show(visit: Visit) -> Response:
    """Results, once a purpose was given. A query that cannot be read is answered with what can be asked."""
    asked, look = visit.asked("q"), "grid" if visit.asked("look") == "grid" else "list"
    if not visit.memory.purpose:
        visit.note("search", detail={"query": "", "purpose_asked": True})
        return visit.answer("search_purpose.html", q=asked)
    try:
        query = parse(asked, zone=visit.desk.zone)
        found = visit.desk.index.search(within_sight(query, visit.user), size=PAGE, after=visit.asked("after") or None)
    except BadInput as error:
        visit.note("search", purpose=visit.memory.purpose, detail={"query": asked, "understood": False})
        return visit.answer(
            "search.html", q=asked, look=look, problem=str(error), found=None, fields=FIELDS, status=422
        )
    visit.note("search", purpose=visit.memory.purpose, detail=_detail(asked, query, found))
    return visit.answer(
        "search.html",
        q=asked,
        look=look,
        problem="",
        found=found,
        hits=_visible(visit, found),
        facets=_facets(visit, asked, query, found),
        more=_href(asked, look, after=found.after) if found.after else "",
        other_look=_href(asked, "list" if look == "grid" else "grid"),
        fields=FIELDS,
        purpose=visit.memory.purpose,
    )


@act("/search/purpose", roles=SEARCHERS, audit="search.purpose_stated", back="/search", notes=True)
def state_purpose(visit: Visit) -> Response:
    """Say what the searches of this session are for; saying it anew replaces it."""
    purpose = visit.form.text("purpose")
    if len(purpose) < PURPOSE_MIN_CHARACTERS:
        raise BadInput("Say what you are searching for, and why, in a few words.")
    visit.note("search", purpose=purpose)
    visit.memory.purpose = purpose
    return visit.go(_href(visit.form.text("q"), visit.form.text("look")))


def _detail(asked: str, query: Query, found: SearchPage) -> dict[str, object]:
    """What the audit log keeps of a search; `registrants` lets an auditor see whom somebody looks for again and again (G26)."""
    registrants = sorted({v for t in query.terms if t.field == "registrant_id" and not t.negated for v in t.values})
    return {"query": asked, "total": found.total, "registrants": registrants}


def _visible(visit: Visit, found: SearchPage) -> tuple[tuple[FindingDocument, FindingState], ...]:
    """The hits with their state as the record has it: a verdict hides a finding before the index knows of it."""
    decisions = decisions_by_finding(visit.desk.record, (hit.id for hit in found.hits))
    return tuple(
        (hit, shown_state(visit.user, decisions[hit.id]))
        for hit in found.hits
        if may_see(visit.user, status_of(decisions[hit.id]), hit.registrant_id)
    )


def _facets(visit: Visit, asked: str, query: Query, found: SearchPage) -> Mapping[str, tuple[Narrowing, ...]]:
    names = {identifier.id: identifier.name for identifier in visit.desk.record.select(Identifier)}
    wanted = {term.field: term.values for term in query.terms if not term.negated}
    facets = {}
    for field, title in FACET_TITLES.items():
        counts: Mapping[str, int] = found.facets.get(field, {})
        if field == "state" and visit.holds(Role.REVIEWER):
            counts = blind_facet(counts)
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LONGEST_FACET]
        facets[title] = tuple(
            Narrowing(
                words=names.get(value, value.replace("_", " ")),
                count=number,
                href=_narrowed(visit, asked, field, value, is_asked=value in wanted.get(field, ())),
                is_asked=value in wanted.get(field, ()),
            )
            for value, number in most
        )
    return facets


def _narrowed(visit: Visit, asked: str, field: str, value: str, *, is_asked: bool) -> str:
    return _href(without_term(asked, field) if is_asked else with_term(asked, field, value), visit.asked("look"))


def _href(q: str, look: str, after: str | None = None) -> str:
    asked = {"q": q, "look": look if look == "grid" else "", "after": after or ""}
    return "/search?" + urlencode({name: value for name, value in asked.items() if value})
