"""
Turns domain objects into rows and back, from nothing but their annotations.

Scalars are columns of their own; tuples, mappings and nested dataclasses are canonical JSON (times as ISO 8601, enums by value). What both
databases cannot keep exactly alike is refused before it gets there.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from footprint.digests import canonical
from footprint.errors import BadInput, RecordUnavailable

T = TypeVar("T")

_Decode = Callable[[Any], Any]


def row_of(item: Any) -> dict[str, Any]:
    """The row of a domain object: field name to what its column takes. Raises BadInput that names the field."""
    return {name: field_of(item.__class__, name, getattr(item, name)) for name in _decoders(item.__class__)}


def field_of(kind: type[Any], name: str, value: Any) -> Any:
    """The value of one field as its column takes it. Raises BadInput that names the field."""
    try:
        return scalar(value)
    except BadInput as error:
        raise BadInput(f"{kind.__name__}.{name} {error}") from error


def item_of(kind: type[T], row: Mapping[str, Any]) -> T:
    """The domain object of a row."""
    recorded: Any = kind
    try:
        return kind(**{name: decode(row[name]) for name, decode in _decoders(recorded).items()})
    except (ValueError, KeyError, TypeError) as error:
        raise RecordUnavailable(
            f"A {kind.__name__} of the record cannot be read ({error}): it was altered, or written by a newer version. "
            "Install that version, or restore a backup."
        ) from error


def scalar(value: Any) -> Any:
    """A value as its column takes it; structured values become canonical JSON. Raises BadInput with the reason."""
    match value:
        case Enum():
            return value.value
        case None | bool():
            return value
        case str():
            return _text(value)
        case int():
            return _require(value, -(2**63) <= value < 2**63, "does not fit into 64 bits; take a smaller number")
        case float():
            return _require(value, math.isfinite(value), "is not a finite number; leave it out")
        case datetime():
            return _moment(value)
        case _:
            return _json(value)


def plain(value: Any) -> Any:
    """A domain value as JSON holds it: dataclasses become objects, tuples arrays, times ISO 8601 in UTC, enums values."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Mapping():
            return {key: plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def restore(kind: type[T], value: Any) -> T:
    """The domain value that `plain` was made from: `restore(ObservedPost, json.loads(body))`. Raises ValueError, KeyError, TypeError."""
    annotation: Any = kind
    restored: T = _decoder(annotation)(value)
    return restored


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadInput("holds half a surrogate pair; replace such characters.") from error
    return _require(value, "\0" not in value, "holds a NUL character; replace it")


def _moment(value: datetime) -> datetime:
    _require(value, value.tzinfo is not None, "is a time without a zone; make it UTC")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise BadInput("lies outside of the years 1 to 9999 in UTC; leave it out.") from error


def _require(value: T, kept: bool, reason: str) -> T:
    if not kept:
        raise BadInput(f"{reason}.")
    return value


def _json(value: Any) -> str:
    try:
        return canonical(plain(value)).decode()
    except (TypeError, ValueError) as error:  # UnicodeEncodeError is a ValueError
        raise BadInput(f"cannot be written as JSON: {error}.") from error


@cache
def _decoders(kind: type[Any]) -> dict[str, _Decode]:
    hints = get_type_hints(kind)
    return {field.name: _column_decoder(hints[field.name]) for field in fields(kind)}


def _column_decoder(annotation: Any) -> _Decode:
    decode = _decoder(annotation)
    if not is_structured(annotation):
        return decode
    return lambda column: None if column is None else decode(json.loads(column))


def is_structured(annotation: Any) -> bool:
    """Whether values of this annotation are kept as JSON."""
    inner = _without_none(annotation)
    return get_origin(inner) in (tuple, Mapping) or is_dataclass(inner)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    members = [member for member in get_args(annotation) if member is not NoneType]
    return members[0] if len(members) == 1 else annotation


@cache
def _decoder(annotation: Any) -> _Decode:
    inner = _without_none(annotation)
    if inner is not annotation:
        decode = _decoder(inner)
        return lambda value: None if value is None else decode(value)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is Any or origin is Mapping:
        return lambda value: value
    if origin is tuple:
        return _tuple_decoder(arguments)
    if annotation is datetime:
        return _moment_of
    if is_dataclass(annotation):
        return _dataclass_decoder(annotation)
    if annotation in (str, int, float, bool) or (isinstance(annotation, type) and issubclass(annotation, Enum)):
        return annotation  # type: ignore[no-any-return]
    raise TypeError(f"{annotation} is not an annotation of recorded fields")


def _moment_of(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


def _tuple_decoder(arguments: tuple[Any, ...]) -> _Decode:
    if arguments[-1] is Ellipsis:
        each = _decoder(arguments[0])
        return lambda values: tuple(each(value) for value in values)
    members = [_decoder(argument) for argument in arguments]
    return lambda values: tuple(decode(value) for decode, value in zip(members, values, strict=True))


def _dataclass_decoder(kind: Any) -> _Decode:
    hints = get_type_hints(kind)
    members = {field.name: _decoder(hints[field.name]) for field in fields(kind)}
    # A field that came later is absent from older rows, and then has its default.
    return lambda value: kind(**{name: decode(value[name]) for name, decode in members.items() if name in value})
