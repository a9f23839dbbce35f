"""The query language: what it understands, and that it never understands opinions."""

from dataclasses import fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.documents import FindingDocument
from footprint.errors import BadInput
from footprint.query import FIELDS, LONGEST_QUERY, Query, Term, parse, with_term, without_term
from footprint.words import words

PACIFIC = ZoneInfo("America/Los_Angeles")


def test_the_fields_are_these_and_no_others() -> None:
    """Nothing can be asked about opinion, topic, sentiment or protected activity; a new field is a decision (G12, G13)."""
    assert {word: field.of for word, field in FIELDS.items()} == {
        "state": "state",
        "certainty": "certainty",
        "kind": "kind",
        "identifier": "identifier_id",
        "exemplar": "exemplars",
        "detector": "detectors",
        "asset": "assets",
        "permission": "permission",
        "platform": "platform",
        "account": "account_id",
        "registrant": "registrant_id",
        "role": "role",
        "post": "post_id",
    }


def test_every_field_is_one_of_the_document() -> None:
    """A field that the document lost is lost here too."""
    assert {field.of for field in FIELDS.values()} <= {field.name for field in fields(FindingDocument)}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("state:open", [Term(field="state", values=("open",))]),
        ("STATE:Open", [Term(field="state", values=("open",))]),
        ("kind:patch,badge", [Term(field="kind", values=("patch", "badge"))]),
        ("-state:dismissed", [Term(field="state", values=("dismissed",), negated=True)]),
        ("registrant:R-0147", [Term(field="registrant_id", values=("R-0147",))]),
        ("account:mastodon:4711", [Term(field="account_id", values=("mastodon:4711",))]),
        ('identifier:"a, b",c', [Term(field="identifier_id", values=("a, b", "c"))]),
        (
            "exemplar:x detector:marks",
            [Term(field="exemplars", values=("x",)), Term(field="detectors", values=("marks",))],
        ),
        ("permission:none", [Term(field="permission", values=("none",))]),
    ],
)
def test_fields_become_terms(text: str, terms: list[Term]) -> None:
    """A field asks for any of its values, a minus for none of them."""
    assert parse(text, zone=UTC) == Query(terms=tuple(terms))


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("", ()),
        ("  parade  float ", ("parade", "float")),
        ('"town fair" parade', ("town fair", "parade")),
        ("“town fair”", ("town fair",)),
        ('"state:open"', ("state:open",)),
        ('"-negated"', ("-negated",)),
        ("10:30", ("10:30",)),
    ],
)
def test_the_rest_becomes_phrases(text: str, phrases: tuple[str, ...]) -> None:
    """Words and quoted phrases, also in curly quotes; in quotes a field is text."""
    assert parse(text, zone=UTC) == Query(phrases=phrases)


def test_days_begin_at_midnight_of_the_department() -> None:
    """after: and before: are days in the department's zone, summer time included."""
    query = parse("after:2026-01-31 before:2026-07-01", zone=PACIFIC)
    assert (query.after, query.before) == (datetime(2026, 1, 31, 8, tzinfo=UTC), datetime(2026, 7, 1, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("mood:angry", "state, certainty, kind"),
        ("https://example.org", "in quotes"),
        ("state:opened", "open, second_review"),
        ("state:with_counsel", "open, second_review"),
        ("kind:mug", "patch"),
        ("certainty:sure", "possible"),
        ("role:chief", "employee"),
        ("state:", "state:open"),
        ('registrant:""', "registrant:VALUE"),
        ("kind:,", "kind:logo"),
        ("after:yesterday", "after:2026-01-31"),
        ("before:2026-02-30", "before:2026-01-31"),
        ("after:0001-01-01", "after:2026-01-31"),
        ("-after:2026-01-01", "once"),
        ("after:2026-01-01 after:2026-01-02", "once"),
        ("after:2026-02-01 before:2026-01-01", "Exchange"),
        ('"town fair', '"town fair"'),
        ("-parade", "in quotes"),
        ("!!!", "letters and digits"),
        ("\udcff", "UTF-8"),
        ("a" * (LONGEST_QUERY + 1), str(LONGEST_QUERY)),
    ],
)
def test_what_cannot_be_asked_is_answered_with_the_mend(text: str, mend: str) -> None:
    """A mistake is never taken for a question that finds nothing."""
    with pytest.raises(BadInput, match=mend):
        parse(text, zone=ZoneInfo("Asia/Tokyo"))


QUERYISH = st.lists(
    st.one_of(
        st.sampled_from(
            [*FIELDS, "after", "before", ":", "-", '"', ",", " ", "open", "patch", "2026-01-01", "0001-01-01"]
        ),
        st.text(max_size=6),
        st.characters(categories=["Cs", "Cc", "Zs", "Po"]),
    ),
    max_size=40,
).map("".join)


@given(QUERYISH)
def test_any_text_is_understood_or_refused(text: str) -> None:
    """Whatever is typed, the answer is a query with words to search for, or BadInput."""
    try:
        query = parse(text, zone=PACIFIC)
    except BadInput:
        return
    assert all(words(phrase) for phrase in query.phrases)
    assert all(term.values for term in query.terms)


@pytest.mark.parametrize(
    ("text", "field", "value", "narrowed"),
    [
        ("", "state", "open", "state:open"),
        ('fair "a b" kind:patch,badge', "kind", "badge", 'fair "a b" kind:badge'),
        ("-kind:logo", "kind", "patch", "-kind:logo kind:patch"),
        ("identifier:x", "identifier_id", "y", "identifier:y"),
        ("", "permission", "P 1, first", 'permission:"P 1, first"'),
    ],
)
def test_a_facet_narrows_the_query(text: str, field: str, value: str, narrowed: str) -> None:
    """A facet's link takes the place of what the query asked of that field and keeps the rest."""
    assert with_term(text, field, value) == narrowed


@given(st.sampled_from(["permission", "identifier_id", "platform"]), st.text(min_size=1, max_size=20))
def test_a_narrowed_query_asks_for_exactly_that_value(field: str, value: str) -> None:
    """Any value that a facet can show comes back from the language unchanged, or is refused."""
    try:
        query = parse(with_term("fair", field, value), zone=UTC)
    except BadInput:
        return
    assert query == Query(phrases=("fair",), terms=(Term(field=field, values=(value.strip(),)),))


def test_a_field_can_be_taken_out() -> None:
    """The link that undoes a facet leaves the rest, exclusions too."""
    assert without_term("fair kind:patch -kind:logo state:open", "kind") == "fair -kind:logo state:open"


@pytest.mark.parametrize(("field", "value"), [("mood", "angry"), ("kind", ' " '), ("kind", " ")])
def test_a_facet_that_cannot_be_is_refused(field: str, value: str) -> None:
    """Links are made of known fields and of values that the language can say."""
    with pytest.raises(BadInput):
        with_term("", field, value)
