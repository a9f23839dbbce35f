"""Flat findings: every field has a form in every index, and comes back from it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime

import pytest

from footprint.documents import FindingDocument
from footprint.index import bodies, statements
from footprint.index.rows import FACETS, PROSE, Form, columns, document_from, row_of
from footprint.query import FIELDS
from footprint.reviews import FindingState


def test_no_field_of_the_document_is_forgotten() -> None:
    """The columns of the file and the properties of the mapping are the document's fields, all of them."""
    names = [field.name for field in fields(FindingDocument)]
    assert [*columns()] == names
    assert {*bodies.mappings()["properties"]} == {*names, bodies.WORDS}
    assert all(f"{name} " in statements.schema()[2] for name in names)


def test_a_field_of_an_unknown_type_is_an_error() -> None:
    """Who adds a field that no index was taught to hold is told where to teach it."""

    @dataclass
    class Wider:
        id: str
        scores: dict[str, float]

    with pytest.raises(TypeError, match="scores"):
        columns(Wider)


def test_a_flat_document_comes_back_whole(document: Callable[..., FindingDocument]) -> None:
    """Flattening loses nothing, down to the state's type and the microsecond."""
    one = document(state=FindingState.DISMISSED, decided_at=datetime(1969, 7, 20, 20, 17, 40, 7, tzinfo=UTC))
    assert document_from(row_of(one)) == one
    assert isinstance(document_from(row_of(one)).state, FindingState)


def test_what_can_be_asked_for_is_compared_as_a_whole() -> None:
    """Each field of the query language, and each facet, is one of keywords; sentences are found by their words only."""
    asked = {field.of for field in FIELDS.values()}
    assert all(columns()[name] in (Form.KEYWORD, Form.KEYWORDS) for name in asked | {*FACETS})
    assert not asked & {*PROSE}


def test_the_server_refuses_what_its_mapping_does_not_know() -> None:
    """A field that somebody smuggles in is refused at the door (guardrails G10 and G18)."""
    assert bodies.mappings()["dynamic"] == "strict"


def test_another_layout_has_another_digest(document: Callable[..., FindingDocument]) -> None:
    """What an index was laid out by tells it from any other."""
    mappings = bodies.mappings()
    assert mappings["_meta"]["layout"] == bodies.layout(mappings["properties"])
    assert mappings["_meta"]["layout"] != bodies.layout({**mappings["properties"], "more": {"type": "keyword"}})
