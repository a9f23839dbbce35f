"""
A finding as flat values that any index can hold: derived from the fields of FindingDocument, so that none is forgotten.

Times are whole microseconds since 1970, exact for every year; text stays text, next to the words that it is found by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from functools import cache
from typing import Any, get_type_hints

from footprint.digests import digest
from footprint.documents import FindingDocument
from footprint.words import words

PROSE = ("text", "alt")
"""Fields that people write sentences in. They are found by their words, never by the whole."""

FACETS = ("state", "certainty", "kind", "platform", "identifier_id", "permission")
"""Fields whose values are counted over all matches."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Form(Enum):
    """How an index holds a field."""

    KEYWORD = "one value, compared as a whole"
    KEYWORDS = "several values, each compared as a whole"
    NUMBER = "a floating-point number"
    TIME = "microseconds since 1970, or nothing"
    PROSE = "sentences, found by their words"


_FORMS: Mapping[Any, Form] = {
    str: Form.KEYWORD,
    tuple[str, ...]: Form.KEYWORDS,
    float: Form.NUMBER,
    datetime: Form.TIME,
    datetime | None: Form.TIME,
}


@cache
def columns(model: type = FindingDocument) -> Mapping[str, Form]:
    """The form of every field, in order. Raises TypeError for a field of a type that no index was taught."""
    hints = get_type_hints(model)
    return {field.name: _form(field.name, hints[field.name]) for field in fields(model)}


def _form(name: str, hint: Any) -> Form:
    if name in PROSE:
        return Form.PROSE
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Form.KEYWORD
    if hint not in _FORMS:
        raise TypeError(f"{name}: {hint} has no form in the index; teach footprint.index.rows one")
    return _FORMS[hint]


@cache
def _enums() -> Mapping[str, type[StrEnum]]:
    return {name: hint for name, hint in get_type_hints(FindingDocument).items() if hint not in _FORMS}


def layout(*parts: Any) -> str:
    """Digest of how an index lays findings out: the columns, and whatever else it names."""
    return digest({name: form.name for name, form in columns().items()}, *parts)


def row_of(document: FindingDocument) -> dict[str, Any]:
    """A document as flat values: strings, lists of strings, floats, whole numbers and None."""
    return {name: _FLATTEN[form](getattr(document, name)) for name, form in columns().items()}


def document_from(row: Mapping[str, Any]) -> FindingDocument:
    """The document that `row_of` flattened."""
    values = {name: _RESTORE[form](row[name]) for name, form in columns().items()}
    return FindingDocument(**values | {name: enum(values[name]) for name, enum in _enums().items()})


def spaced_words(text: str) -> str:
    """The words of a text with one blank between each: an index need only cut at the blanks."""
    return " ".join(words(text))


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def _flat_strings(values: Sequence[str]) -> list[str]:
    return [str(value) for value in values]


_FLATTEN: Mapping[Form, Any] = {
    Form.KEYWORD: str,
    Form.KEYWORDS: _flat_strings,
    Form.NUMBER: float,
    Form.TIME: lambda moment: None if moment is None else microseconds(moment),
    Form.PROSE: str,
}
_RESTORE: Mapping[Form, Any] = {
    Form.KEYWORD: str,
    Form.KEYWORDS: tuple,
    Form.NUMBER: float,
    Form.TIME: lambda count: None if count is None else _EPOCH + count * _MICROSECOND,
    Form.PROSE: str,
}
