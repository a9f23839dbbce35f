"""What every index promises: the same questions, the same answers, in memory, in a file and on a server."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footprint.documents import FindingDocument
from footprint.errors import BadInput
from footprint.index.memory import MemoryIndex
from footprint.ports import FindingIndex, SearchPage
from footprint.query import Query, Term, parse
from footprint.reviews import FindingState

Make = Callable[..., FindingDocument]
Series = Callable[[int], list[FindingDocument]]
EVERYTHING = Query()


def ids(page: SearchPage) -> list[str]:
    return [hit.id for hit in page.hits]


def walk(index: FindingIndex, query: Query, *, size: int) -> Iterator[SearchPage]:
    """All pages of a query."""
    after = None
    while True:
        page = index.search(query, size=size, after=after)
        yield page
        if page.after is None:
            return
        after = page.after


def test_what_was_put_is_found_at_once_and_unchanged(index: FindingIndex, document: Make) -> None:
    """Every field comes back as it went in: text as written, times to the microsecond."""
    one = document(
        text='Ünïcode 😀\n\x00 <b>"quoted"</b>\u2028', decided_at=datetime(2026, 2, 1, 8, 30, 0, 1, tzinfo=UTC)
    )
    index.put([one])
    assert index.search(EVERYTHING).hits == (one,)


def test_making_it_again_changes_nothing(index: FindingIndex, document: Make) -> None:
    """create() on an index that is there keeps what it holds."""
    index.put([document()])
    index.create()
    assert index.search(EVERYTHING).total == 1


def test_putting_again_replaces(index: FindingIndex, document: Make) -> None:
    """A finding is held once, as it was put last; its old words and values find nothing."""
    index.put([document(text="before"), document(text="between")])
    index.put([document(text="afterwards", state=FindingState.DISMISSED)])
    assert [hit.text for hit in index.search(EVERYTHING).hits] == ["afterwards"]
    assert index.search(Query(phrases=("before",))).total == 0
    assert index.search(Query(terms=(Term(field="state", values=("open",)),))).total == 0


def test_what_was_removed_is_gone_at_once(index: FindingIndex, document: Make) -> None:
    """A removed finding is not found any more; removing what is not there, or nothing, is no error."""
    index.put([document(id="a"), document(id="b")])
    index.remove(["a", "never-there"])
    index.remove([])
    index.put([])
    assert ids(index.search(Query(phrases=("friends",)))) == ["b"]


def test_the_surest_comes_first_then_the_oldest(index: FindingIndex, document: Make) -> None:
    """Order is by probability, then by time of the post to the microsecond, then by id; nothing else plays a part."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    index.put(
        [
            document(id="d", probability=0.5, posted_at=first + timedelta(microseconds=1), registrant_id="R-0001"),
            document(id="c", probability=0.5, posted_at=first, registrant_id="R-0009"),
            document(id="B", probability=0.5, posted_at=first, registrant_id="R-0009"),
            document(id="é", probability=0.5, posted_at=first, registrant_id="R-0001"),
            document(id="a", probability=0.5000000000000001, posted_at=first + timedelta(days=9)),
        ]
    )
    assert ids(index.search(EVERYTHING)) == ["a", "B", "c", "é", "d"]


def test_pages_show_every_match_once(index: FindingIndex, series: Series) -> None:
    """Page after page, each match comes once and in order; the total and the facets are of all matches on every page."""
    index.put(series(7))
    pages = list(walk(index, EVERYTHING, size=3))
    assert [ids(page) for page in pages] == [
        ["f-0000", "f-0001", "f-0002"],
        ["f-0003", "f-0004", "f-0005"],
        ["f-0006"],
    ]
    assert {page.total for page in pages} == {7}
    assert all(page.facets["state"] == {"open": 7} for page in pages)


def test_the_last_full_page_says_that_it_is_the_last(index: FindingIndex, series: Series) -> None:
    """A page that ends with the last match leads nowhere."""
    index.put(series(4))
    assert index.search(EVERYTHING, size=4).after is None


def test_the_next_page_begins_behind_what_was_seen(index: FindingIndex, series: Series, document: Make) -> None:
    """What comes or goes between two pages neither repeats nor hides what stands behind the first."""
    index.put(series(5))
    after = index.search(EVERYTHING, size=2).after
    index.remove(["f-0000", "f-0001"])
    index.put([document(id="new", probability=1.0)])
    assert ids(index.search(EVERYTHING, size=2, after=after)) == ["f-0002", "f-0003"]


def test_a_page_of_size_zero_only_counts(index: FindingIndex, series: Series) -> None:
    """Counting needs no hits."""
    index.put(series(3))
    page = index.search(EVERYTHING, size=0)
    assert (page.hits, page.total, page.after) == ((), 3, None)


@pytest.mark.parametrize(
    "after", ["x", "eyJ9", "W10=", "bnVsbA==", "W05hTiwwLCJhIl0=", "WzAuNSwxZTMwLCJhIl0=", "ü", "=" * 9]
)
def test_a_page_that_never_was_is_refused(filled: FindingIndex, after: str) -> None:
    """Whatever stands in the place of a page's continuation, the answer is BadInput with the mend."""
    with pytest.raises(BadInput, match="from the first"):
        filled.search(EVERYTHING, after=after)


@pytest.mark.parametrize("size", [-1, 1001])
def test_a_page_has_bounds(filled: FindingIndex, size: int) -> None:
    """Nobody asks for more findings than a page holds."""
    with pytest.raises(BadInput, match="0 to 1000"):
        filled.search(EVERYTHING, size=size)


@pytest.mark.parametrize("query", [Query(terms=(Term(field="text", values=("a",)),)), Query(phrases=("?!",))])
def test_what_cannot_be_looked_for_is_refused(filled: FindingIndex, query: Query) -> None:
    """A field that is not for searching, and a phrase without a word, are mistakes, not questions without a match."""
    with pytest.raises(BadInput):
        filled.search(query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcd"),
        ("state:open", "acd"),
        ("-state:open", "b"),
        ("kind:patch,vehicle", "abd"),
        ("kind:patch -platform:mastodon", "b"),
        ("detector:copies", "abc"),
        ("detector:marks,copies exemplar:e2", "bd"),
        ("-detector:copies", "d"),
        ("-exemplar:e1,e2", "c"),
        ("asset:a9", "c"),
        ("permission:none", "abd"),
        ("-permission:none", "c"),
        ("registrant:R-0147", "abd"),
        ("registrant:r-0147", ""),
        ("account:discourse:8 post:discourse:2", "b"),
        ("role:official identifier:badge-1987", "c"),
        ("certainty:possible", "d"),
        ("fair", "ab"),
        ("FAIR town", "ab"),
        ('"town fair"', "a"),
        ('"fair town"', "b"),
        ("towns", ""),
        ("cafe", "c"),
        ("CAFÉ", "c"),
        ("department", "d"),
        ("department's", "d"),
        ("unit-7", "d"),
        ('"7 unit"', ""),
        ("car", "abc"),
        ('"friends two"', ""),  # no phrase reaches from the text into the alt text
        ("friends two", "a"),
        ("state:open fair", "a"),
        ("after:2026-01-15", "acd"),
        ("before:2026-01-15", "b"),
        ("after:2026-01-15 before:2026-01-16", "a"),
        ("after:2026-01-16", "cd"),
        ("before:2026-01-01", ""),
        ("fair -kind:patch", ""),
    ],
)
def test_questions_and_answers(filled: FindingIndex, query: str, found: str) -> None:
    """Everything that is asked must hold; values are compared as a whole, words without case and accents."""
    assert "".join(ids(filled.search(parse(query, zone=UTC)))) == found


def test_facets_count_all_matches(index: FindingIndex, document: Make) -> None:
    """Facets count what matches, on this page or not, and nothing else."""
    index.put(
        [
            document(id="a", kind="patch", permission="P-1"),
            document(id="b", kind="badge", state=FindingState.CONFIRMED),
            document(id="c", kind="badge", platform="discourse", certainty="possible"),
            document(id="d", kind="badge", text="something else"),
        ]
    )
    assert index.search(Query(phrases=("town fair",)), size=1).facets == {
        "state": {"open": 2, "confirmed": 1},
        "certainty": {"found": 2, "possible": 1},
        "kind": {"patch": 1, "badge": 2},
        "platform": {"mastodon": 2, "discourse": 1},
        "identifier_id": {"shoulder-patch-2019": 3},
        "permission": {"P-1": 1, "none": 2},
    }


def test_no_text_or_time_is_too_strange(index: FindingIndex, document: Make) -> None:
    """Long words, long texts and the ends of the calendar are held and found like anything else."""
    early, late = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    index.put(
        [
            document(id="a", posted_at=early, text="x" * 50_000, permalink="https://example.org/" + "y" * 50_000),
            document(id="b", posted_at=late, text="word " * 50_000),
        ]
    )
    assert [hit.posted_at for hit in index.search(EVERYTHING).hits] == [early, late]
    assert ids(index.search(Query(phrases=("x" * 300,), before=late))) == ["a"]
    assert ids(index.search(Query(phrases=("word word",), after=early + timedelta(1)))) == ["b"]


def test_the_longest_question_is_answered(index: FindingIndex, document: Make) -> None:
    """A query of as many words as the language takes is no more than an index bears."""
    index.put([document(text="a b")])
    assert index.search(parse("a b " * 250, zone=UTC)).total == 1


def test_a_rebuild_replaces_everything(index: FindingIndex, series: Series, document: Make) -> None:
    """After a rebuild the index holds what it was built from, each finding once, and takes more."""
    index.put(series(3))
    assert index.rebuild([document(id="x", text="first"), document(id="x", text="second"), document(id="y")]) == 2
    index.put([document(id="z")])
    assert ids(index.search(EVERYTHING)) == ["x", "y", "z"]
    assert index.search(Query(phrases=("second",))).total == 1


def test_searches_see_the_old_findings_until_the_switch(index: FindingIndex, series: Series, document: Make) -> None:
    """While a rebuild goes on, nothing is missing and nothing half-built shows."""
    index.put(series(3))
    seen = []

    def documents() -> Iterator[FindingDocument]:
        for number in range(600):
            yield document(id=f"n-{number}")
        seen.append(index.search(EVERYTHING).total)

    index.rebuild(documents())
    assert (seen, index.search(EVERYTHING).total) == ([3], 600)


def test_a_rebuild_that_fails_never_was(index: FindingIndex, series: Series, document: Make) -> None:
    """Where the record gives out in the middle of a rebuild, the old findings stay, and the index takes more."""
    index.put(series(2))

    def documents() -> Iterator[FindingDocument]:
        yield document(id="x")
        raise LookupError("the record is gone")

    with pytest.raises(LookupError):
        index.rebuild(documents())
    index.put([document(id="z")])
    assert ids(index.search(EVERYTHING)) == ["f-0000", "z", "f-0001"]


def test_health_is_one_line_with_the_number_of_findings(index: FindingIndex, series: Series) -> None:
    """doctor prints what check() says."""
    index.put(series(3))
    line = index.check()
    assert re.search(r"\b3 findings\b", line)
    assert "\n" not in line


SOME_WORDS = st.sampled_from(
    ["town", "Fair", "FAIR", "café", "cafe", "it's", "7", "警察", "Straße", "strasse", "_a_", "😀", "İ", "ﬁn"]
)
TEXTS = st.one_of(
    st.lists(SOME_WORDS, max_size=6).map(" ".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
VALUES = st.sampled_from(["none", "P-1", "a b", "É", 'x"y', "A"])
SOME = st.lists(VALUES, max_size=2).map(tuple)
MOMENTS = st.datetimes(timezones=st.just(UTC)) | st.sampled_from([datetime(2026, 1, d, tzinfo=UTC) for d in (1, 2, 3)])
DOCUMENTS = st.builds(
    FindingDocument,
    id=st.sampled_from([f"f{n}" for n in range(8)]),
    state=st.sampled_from(FindingState),
    certainty=st.sampled_from(["found", "possible", "covered"]),
    probability=st.sampled_from([0.0, 0.25, 0.9, 1.0]) | st.floats(0, 1),
    text=TEXTS,
    alt=TEXTS,
    posted_at=MOMENTS,
    found_at=MOMENTS,
    decided_at=st.none() | MOMENTS,
    **dict.fromkeys(("detectors", "exemplars", "assets"), SOME),
    **dict.fromkeys(
        ("identifier_id", "kind", "platform", "account_id", "registrant_id", "role", "permission", "post_id"), VALUES
    ),
)  # fmt: skip
TERMS = st.builds(
    Term,
    field=st.sampled_from(["state", "permission", "kind", "registrant_id", "detectors", "exemplars"]),
    values=st.lists(VALUES | st.sampled_from(["open", "dismissed"]), max_size=3).map(tuple),
    negated=st.booleans(),
)
QUERIES = st.builds(
    Query,
    terms=st.lists(TERMS, max_size=2).map(tuple),
    phrases=st.lists(st.lists(SOME_WORDS.filter(lambda w: w != "😀"), min_size=1, max_size=2).map(" ".join), max_size=2).map(tuple),
    after=st.none() | MOMENTS,
    before=st.none() | MOMENTS,
)  # fmt: skip


@pytest.mark.parametrize("index", ["embedded", "elasticsearch"], indirect=True)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    documents=st.lists(DOCUMENTS, max_size=10),
    queries=st.lists(QUERIES, min_size=1, max_size=6),
    size=st.integers(1, 4),
)
def test_every_index_answers_like_the_one_in_memory(
    index: FindingIndex, documents: list[FindingDocument], queries: list[Query], size: int
) -> None:
    """Over any findings and any questions, all pages, totals and facets are those of the plain reference."""
    reference = MemoryIndex()
    assert index.rebuild(documents) == reference.rebuild(documents)
    for query in queries:
        assert list(walk(index, query, size=size)) == list(walk(reference, query, size=size))
