"""What is recorded comes back as it was, whatever it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta, timezone
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from footprint.audit import AuditEvent, verify
from footprint.posts import Cursor
from footprint.store.reading import key_of
from footprint.store.record import SqlRecord
from footprint.store.tables import TABLES
from footprint.store.transaction import SqlTransaction

APPENDED = sorted(TABLES.keys() - {AuditEvent, Cursor}, key=lambda kind: kind.__name__)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
FINITE = st.floats(allow_nan=False, allow_infinity=False)
WHOLE = st.integers(-(2**63), 2**63 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OFFSET = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIME = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=OFFSET)  # noqa: DTZ001


class Undone(Exception):
    """Ends a transaction without a trace."""


@contextmanager
def undone(record: SqlRecord) -> Iterator[SqlTransaction]:
    """A transaction that leaves nothing behind."""
    with suppress(Undone), record.transaction() as transaction:
        yield transaction
        raise Undone


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value that an annotation of the domain allows."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is UnionType:
        return st.one_of(*(st.none() if member is NoneType else values(member) for member in arguments))
    if origin is Mapping:
        return st.dictionaries(TEXT, JSON, max_size=4)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=4).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, arguments))
    if is_dataclass(annotation):
        return st.builds(annotation, **{name: values(hint) for name, hint in get_type_hints(annotation).items()})
    if issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    return {str: TEXT, int: WHOLE, float: FINITE, bool: st.booleans(), datetime: TIME}[annotation]


def key_names_another(kind: type[Any]) -> bool:
    """Whether a record of this type is about one other, whose id it shares."""
    return bool(key_of(TABLES[kind]).foreign_keys)


def placed(item: Any, known: Mapping[str, Any]) -> Any:
    """The object, naming records that are there."""
    names = {}
    for column in TABLES[type(item)].columns:
        for key in column.foreign_keys:
            names[column.name] = known[key.column.table.name] if getattr(item, column.name) is not None else None
    return replace(item, **names)


@pytest.fixture(scope="module")
def known(world: tuple[Any, ...]) -> Mapping[str, Any]:
    """The key of the world's object in each table."""
    return {TABLES[type(i)].name: getattr(i, key_of(TABLES[type(i)]).name) for i in world}


@pytest.fixture(scope="module")
def peopled(lasting_record: SqlRecord, world: tuple[Any, ...]) -> SqlRecord:
    """A record with all of the world that others can name."""
    with lasting_record.transaction() as transaction:
        for item in world:
            if not key_names_another(type(item)):
                transaction.add(item)
    return lasting_record


def test_each_type_comes_back(settled: SqlRecord, world: tuple[Any, ...]) -> None:
    """One object of each type is read by its key and in a selection as it was added."""
    assert {type(item) for item in world} == set(APPENDED)
    for item in world:
        assert settled.get(type(item), getattr(item, key_of(TABLES[type(item)]).name)) == item
        assert list(settled.select(type(item))) == [item]


@pytest.mark.parametrize("kind", APPENDED, ids=lambda kind: kind.__name__)
def test_any_object_comes_back(peopled: SqlRecord, known: Mapping[str, Any], kind: type[Any]) -> None:
    """Any object that the domain's annotations allow is read by its key as it was added."""

    @settings(max_examples=20, deadline=None, database=None)
    @given(values(kind))
    def holds(drawn: Any) -> None:
        item = placed(drawn, known)
        key = getattr(item, key_of(TABLES[kind]).name)
        with undone(peopled) as transaction:
            assume(transaction.get(kind, key) is None)
            assert transaction.add(item)
            assert transaction.get(kind, key) == item

    holds()


def test_any_field_finds_its_object(settled: SqlRecord, world: tuple[Any, ...]) -> None:
    """An object is found by the value of each of its scalar fields, alone and as one of several."""
    for item in world:
        for field in fields(item):
            value = getattr(item, field.name)
            if isinstance(value, tuple | Mapping) or is_dataclass(value):
                continue
            assert list(settled.select(type(item), **{field.name: value})) == [item], field.name
            assert settled.count(type(item), **{field.name: {value}}) == 1, field.name


@settings(max_examples=50, deadline=None, database=None)
@given(at=TIME, texts=st.tuples(TEXT, TEXT, TEXT, TEXT), detail=st.dictionaries(TEXT, JSON, max_size=4))
def test_any_audit_event_stays_in_the_chain(
    lasting_record: SqlRecord, at: datetime, texts: tuple[str, str, str, str], detail: dict[str, Any]
) -> None:
    """Whatever an act says of itself, its event is read back with the digest that it was written with."""
    actor, action, subject, purpose = texts
    with undone(lasting_record) as transaction:
        for _ in range(2):
            transaction.audit(at=at, actor=actor, action=action, subject=subject, purpose=purpose, detail=detail)
        assert verify(transaction.select(AuditEvent)) is None
        assert transaction.count(AuditEvent) == 2
