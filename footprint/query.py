"""The query language of search: `state:open kind:patch -platform:mastodon after:2026-01-01 "town fair"`."""

from dataclasses import dataclass
from datetime import datetime


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
