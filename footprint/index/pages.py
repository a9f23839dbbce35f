"""Where a page of search results ends: the order that all indexes share, and the opaque words that continue it."""

import base64
import binascii
import json
import math
from dataclasses import dataclass

from footprint.documents import FindingDocument
from footprint.errors import BadInput
from footprint.index.rows import microseconds
from footprint.query import SEARCHABLE, Query
from footprint.words import words

LARGEST_PAGE = 1000
_INT64 = 2**63


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """
    Where a finding stands among the results: the surest first, then the oldest post, then by id; never by person.

    Each place is another, so the next page begins behind a place, and no finding is shown twice because others came or went.
    """

    minus_probability: float
    posted_us: int
    id: str


def place_of(document: FindingDocument) -> Place:
    """The place of a finding."""
    return Place(-document.probability, microseconds(document.posted_at), document.id)


def written(place: Place) -> str:
    """A place as SearchPage.after holds it."""
    return base64.urlsafe_b64encode(json.dumps([place.minus_probability, place.posted_us, place.id]).encode()).decode()


def read(after: str) -> Place:
    """The place that `written` wrote. Raises BadInput for anything else."""
    try:
        match json.loads(base64.b64decode(after, altchars=b"-_", validate=True)):
            case [float(probability), int(posted_us), str(key)] if (
                math.isfinite(probability) and abs(posted_us) < _INT64 and key.isprintable()
            ):
                return Place(probability, posted_us, key)
    except (ValueError, RecursionError, binascii.Error):
        pass
    raise BadInput("This page of results does not exist. Start again from the first.")


def require_searchable(query: Query, size: int) -> None:
    """Raise BadInput for a page size, a field or a phrase that no index can look for."""
    if not 0 <= size <= LARGEST_PAGE:
        raise BadInput(f"A page holds 0 to {LARGEST_PAGE} findings, not {size}.")
    for term in query.terms:
        if term.field not in SEARCHABLE:
            raise BadInput(f"Findings cannot be searched by '{term.field}', only by: {', '.join(sorted(SEARCHABLE))}.")
    for phrase in query.phrases:
        if not words(phrase):
            raise BadInput(f"'{phrase}' holds no word. Search finds letters and digits.")
