"""
The query language of search: `state:open kind:patch,badge -platform:mastodon after:2026-01-01 "town fair" parade`.

Everything that is asked must hold. `field:value,value` asks for any of the values, `-field:value` for none of them; `after:` and
`before:` bound the time of the post, by the day; what remains are words and quoted phrases of the post's text and alt texts, without
case and accents. A value with a comma, or a word with a colon, stands in quotes.

There is no field for opinion, topic, sentiment or protected activity, and none is to be added (guardrails G12 and G13).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from types import MappingProxyType

from footprint.accounts import AccountRole
from footprint.errors import BadInput
from footprint.identifiers import Kind
from footprint.reviews import FindingState
from footprint.words import words

LONGEST_QUERY = 1000
"""Characters of the longest query that is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A condition on one field: any of `values` (or none of them, where negated)."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed query: all terms hold, all phrases occur in the text or alt text, posted within [after, before)."""

    terms: tuple[Term, ...] = ()
    phrases: tuple[str, ...] = ()
    after: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """What a person may ask for: the document's field, and the values there are where these are few and known."""

    of: str
    values: tuple[str, ...] = ()


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "state": Field("state", tuple(s.value for s in FindingState if s is not FindingState.WITH_COUNSEL)),
        "certainty": Field("certainty", ("found", "possible", "covered")),
        "kind": Field("kind", tuple(kind.value for kind in Kind)),
        "identifier": Field("identifier_id"),
        "exemplar": Field("exemplars"),
        "detector": Field("detectors"),
        "asset": Field("assets"),
        "permission": Field("permission"),
        "platform": Field("platform"),
        "account": Field("account_id"),
        "registrant": Field("registrant_id"),
        "role": Field("role", tuple(role.value for role in AccountRole)),
        "post": Field("post_id"),
    }
)
"""All that can be asked for by name. A test pins this table."""

SEARCHABLE = frozenset(field.of for field in FIELDS.values())
"""The document's fields that a Term may name."""

_ITEM = re.compile(r'(?:[^\s"]|"[^"]*")+')
_VALUE = re.compile(r'(?:[^,"]|"[^"]*")+')
_FIELD = re.compile(r"(?P<minus>-?)(?P<word>[A-Za-z_]+):(?P<rest>.*)", re.DOTALL)
_CURLY = str.maketrans("“”„", '"""')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One part of a query between blanks. `word` is the field's name, empty for a phrase."""

    text: str
    word: str = ""
    negated: bool = False
    values: tuple[str, ...] = ()


def parse(text: str, *, zone: tzinfo) -> Query:
    """
    Read a query. Days begin at midnight in `zone`. Raises BadInput, and nothing else, with the names or values there are.
    """
    items = tuple(_items(text))
    days = {word: _day(word, [item for item in items if item.word == word], zone) for word in ("after", "before")}
    if days["after"] and days["before"] and days["after"] >= days["before"]:
        raise BadInput("No day lies after the one and before the other. Exchange after: and before:.")
    return Query(
        terms=tuple(_term(item) for item in items if item.word and item.word not in days),
        phrases=tuple(_phrase(item.text) for item in items if not item.word),
        after=days["after"],
        before=days["before"],
    )


def with_term(text: str, field: str, value: str) -> str:
    """
    A query narrowed to one value of a field, in place of the values that it asked for: what the link of a facet leads to.

    `field` is the name in the query language or, as in SearchPage.facets, in the document. Raises BadInput as `parse` does.
    """
    if not value.strip() or '"' in value.translate(_CURLY):
        raise BadInput(f"The value {value!r} cannot be asked for: it is empty or holds a quotation mark.")
    written = f'"{value}"' if re.search(r"[\s,]", value) else value
    return f"{without_term(text, field)} {_word_of(field)}:{written}".strip()


def without_term(text: str, field: str) -> str:
    """A query without what it asks of a field; what it excludes stays. Raises BadInput as `parse` does."""
    word = _word_of(field)
    return " ".join(item.text for item in _items(text) if item.word != word or item.negated)


def _items(text: str) -> Iterator[_Item]:
    if len(text) > LONGEST_QUERY:
        raise BadInput(f"The query has {len(text)} characters; write at most {LONGEST_QUERY}.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadInput("The query is not valid text. Type it again, in UTF-8.")
    text = text.translate(_CURLY)
    if text.count('"') % 2:
        raise BadInput('A quotation mark is missing. Write phrases as "town fair".')
    for found in _ITEM.findall(text):
        yield _item(found)


def _item(text: str) -> _Item:
    match = _FIELD.fullmatch(text)
    if match is None:
        return _Item(text=text)
    values = tuple(v for found in _VALUE.findall(match["rest"]) if (v := found.replace('"', "").strip()))
    return _Item(text=text, word=match["word"].lower(), negated=bool(match["minus"]), values=values)


def _term(item: _Item) -> Term:
    field = FIELDS.get(item.word)
    if field is None:
        raise BadInput(
            f"There is no field '{item.word}'. There are: {', '.join(FIELDS)}, after, before. "
            "Put text that holds a colon in quotes."
        )
    if not item.values:
        raise BadInput(f"'{item.text}' lacks a value. Write {item.word}:{(*field.values, 'VALUE')[0]}.")
    if not field.values:
        return Term(field=field.of, values=item.values, negated=item.negated)
    values = tuple(value.lower() for value in item.values)
    unknown = next((value for value in values if value not in field.values), None)
    if unknown is not None:
        raise BadInput(f"There is no {item.word} '{unknown}'. There is: {', '.join(field.values)}.")
    return Term(field=field.of, values=values, negated=item.negated)


def _day(word: str, items: list[_Item], zone: tzinfo) -> datetime | None:
    if not items:
        return None
    if len(items) > 1 or len(items[0].values) != 1 or items[0].negated:
        raise BadInput(f"Give {word}: once and with one day, such as {word}:2026-01-31.")
    try:
        return datetime.combine(date.fromisoformat(items[0].values[0]), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"'{items[0].values[0]}' is no day. Write {word}:2026-01-31.") from error


def _phrase(text: str) -> str:
    if text.startswith("-"):
        raise BadInput(
            f"'{text}': only fields can be excluded, such as -state:dismissed. To find it, put it in quotes."
        )
    phrase = text.replace('"', "").strip()
    if not words(phrase):
        raise BadInput(f"'{text}' holds no word. Search finds letters and digits; leave it out.")
    return phrase


def _word_of(field: str) -> str:
    word = next((word for word, known in FIELDS.items() if field in (word, known.of)), None)
    if word is None:
        raise BadInput(f"There is no field '{field}'. There are: {', '.join(FIELDS)}.")
    return word
