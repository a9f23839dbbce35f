"""
What Elasticsearch is asked, as plain values: the mapping, derived from the fields of FindingDocument, and the bodies of searches.

The server analyses nothing: it gets the words that footprint.words cut, one blank between each, next to the text that they come from. Times
are whole microseconds, which neither of its own types holds for every year: `date` keeps milliseconds, `date_nanos` begins in 1970.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from footprint.documents import FindingDocument
from footprint.index.pages import Place
from footprint.index.rows import FACETS, PROSE, Form, columns, layout, microseconds, row_of, spaced_words
from footprint.query import SEARCHABLE, Query

WORDS = "words"
"""The one field that no FindingDocument has: the words of each prose field. A phrase never reaches from one into the next."""

LONGEST_KEYWORD = 8191
"""Characters up to which a value can be asked for: in UTF-8 the most that Lucene holds as one term. A longer one is kept all the same."""

MOST_FACET_VALUES = 10_000
"""Values of one facet that are counted; six such facets stay below the server's search.max_buckets (65,536)."""

_MAPPINGS: Mapping[Form, Mapping[str, Any]] = {
    Form.KEYWORD: {"type": "keyword", "ignore_above": LONGEST_KEYWORD},
    Form.KEYWORDS: {"type": "keyword", "ignore_above": LONGEST_KEYWORD},
    Form.NUMBER: {"type": "double"},
    Form.TIME: {"type": "long"},
    Form.PROSE: {"type": "text", "index": False},
}
_ONLY_SHOWN = {"type": "keyword", "index": False, "doc_values": False}


def settings() -> dict[str, Any]:
    """
    Settings of a new index.

    One shard serves a million findings and counts facets exactly; a second copy comes as soon as there is a second node. Writes wait
    until they can be seen, which five refreshes a second keep short.
    """
    return {"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "200ms"}


def mappings() -> dict[str, Any]:
    """Mapping of a new index. A field that it does not know is refused; `_meta.layout` tells this mapping from others."""
    properties = {name: _property(name, form) for name, form in columns().items()}
    properties[WORDS] = {"type": "text", "analyzer": "whitespace", "norms": False}
    return {"dynamic": "strict", "_meta": {"layout": layout(properties)}, "properties": properties}


def _property(name: str, form: Form) -> Mapping[str, Any]:
    is_only_shown = form is Form.KEYWORD and name not in SEARCHABLE and name not in FACETS and name != "id"
    return _ONLY_SHOWN if is_only_shown else _MAPPINGS[form]


def source(document: FindingDocument) -> dict[str, Any]:
    """A finding as it is stored."""
    row = row_of(document)
    return row | {WORDS: [spaced_words(row[name]) for name in PROSE]}


def search(query: Query, *, behind: Place | None, limit: int) -> dict[str, Any]:
    """Arguments of a search for the first matches behind a place, in order, with exact counts over all matches."""
    arguments = {
        "query": {"bool": {"filter": list(_filters(query)), "must_not": list(_exclusions(query))}},
        "sort": [{"probability": "desc"}, {"posted_at": "asc"}, {"id": "asc"}],
        "size": limit,
        "source_excludes": WORDS,
        "track_total_hits": True,
        "allow_partial_search_results": False,  # "nothing found" and "could not look" never read the same
        "aggs": {name: {"terms": {"field": name, "size": MOST_FACET_VALUES}} for name in FACETS},
    }
    if behind is not None:
        arguments["search_after"] = [0.0 - behind.minus_probability, behind.posted_us, behind.id]
    return arguments


def _filters(query: Query) -> Iterator[dict[str, Any]]:
    for term in query.terms:
        if not term.negated:
            yield {"terms": {term.field: list(term.values)}}
    for phrase in query.phrases:
        yield {"match_phrase": {WORDS: spaced_words(phrase)}}
    bounds = {"gte": query.after, "lt": query.before}
    posted = {name: microseconds(moment) for name, moment in bounds.items() if moment is not None}
    if posted:
        yield {"range": {"posted_at": posted}}


def _exclusions(query: Query) -> Iterator[dict[str, Any]]:
    return ({"terms": {term.field: list(term.values)}} for term in query.terms if term.negated)
