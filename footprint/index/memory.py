"""The reference: an index in this process's memory that reads every finding for every question."""

from collections import Counter
from collections.abc import Iterable

from footprint.documents import FindingDocument
from footprint.index.pages import place_of, read, require_searchable, written
from footprint.index.rows import FACETS, PROSE
from footprint.ports import FindingIndex, SearchPage
from footprint.query import Query, Term
from footprint.words import words


def connect(url: str, *, api_key: str | None, ca_file: str | None) -> FindingIndex:
    """A new, empty index. What follows the scheme, and credentials, mean nothing here."""
    return MemoryIndex()


class MemoryIndex:
    """Findings in a dictionary. Gone with the process."""

    def __init__(self) -> None:
        self._held: dict[str, FindingDocument] = {}

    def create(self) -> None:
        """Nothing to make."""

    def put(self, documents: Iterable[FindingDocument]) -> None:
        """Insert or replace by id."""
        self._held |= {document.id: document for document in documents}

    def remove(self, ids: Iterable[str]) -> None:
        """Forget findings; no error where absent."""
        for key in ids:
            self._held.pop(key, None)

    def search(self, query: Query, *, size: int = 20, after: str | None = None) -> SearchPage:
        """One page of the findings that match."""
        require_searchable(query, size)
        matches = sorted((d for d in list(self._held.values()) if _matches(d, query)), key=place_of)
        place = read(after) if after else None
        rest = [d for d in matches if place is None or place_of(d) > place]
        return SearchPage(
            hits=tuple(rest[:size]),
            total=len(matches),
            facets={name: dict(Counter(str(getattr(d, name)) for d in matches)) for name in FACETS},
            after=written(place_of(rest[size - 1])) if 0 < size < len(rest) else None,
        )

    def rebuild(self, documents: Iterable[FindingDocument]) -> int:
        """Replace everything."""
        self._held = {document.id: document for document in documents}
        return len(self._held)

    def check(self) -> str:
        """How many findings there are."""
        return f"in memory: {len(self._held)} findings"

    def close(self) -> None:
        """Nothing to close."""


def _matches(document: FindingDocument, query: Query) -> bool:
    return (
        all(_holds(document, term) for term in query.terms)
        and all(any(_occurs(phrase, getattr(document, name)) for name in PROSE) for phrase in query.phrases)
        and (query.after is None or document.posted_at >= query.after)
        and (query.before is None or document.posted_at < query.before)
    )


def _holds(document: FindingDocument, term: Term) -> bool:
    value = getattr(document, term.field)
    values = value if isinstance(value, tuple) else (value,)
    return any(v in term.values for v in values) is not term.negated


def _occurs(phrase: str, text: str) -> bool:
    wanted, there = words(phrase), words(text)
    return any(there[i : i + len(wanted)] == wanted for i in range(len(there)))
