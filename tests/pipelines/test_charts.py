"""The geometry of charts: parts add up, what there is can be seen, and nothing leaves the drawing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.identifiers import Kind
from footprint.weekly.figures import Band, SeriesWeek
from pipelines.charts import LEAST_SHARE, Columns, bar, columns

COUNTS = st.lists(st.tuples(st.sampled_from(["seen", "same", "not"]), st.integers(0, 10**6)), max_size=4)
WEEKS = st.lists(st.dictionaries(st.sampled_from(Kind), st.integers(1, 500)), min_size=13, max_size=13)


def week(number: int, confirmed: dict[Kind, int], runs: int = 1) -> SeriesWeek:
    """A week of 2026."""
    return SeriesWeek(week=f"2026-W{number:02}", runs=runs, confirmed=confirmed)


@given(COUNTS)
def test_the_parts_of_a_bar_fill_it(counts: list[tuple[str, int]]) -> None:
    """Each after the one before; what there is one of among a million can still be seen."""
    parts = bar(counts)
    assert len(parts) == sum(count > 0 for _, count in counts)
    assert all(part.share >= 100 * LEAST_SHARE / (1 + len(parts) * LEAST_SHARE) - 0.001 for part in parts)
    assert not parts or sum(part.share for part in parts) == pytest.approx(100, abs=0.01)
    for before, after in pairwise(parts):
        assert after.start == pytest.approx(before.start + before.share, abs=0.01)


@given(WEEKS, st.none() | st.tuples(st.integers(0, 900), st.integers(0, 900)))
def test_columns_are_as_high_as_what_they_count(
    confirmed: list[dict[Kind, int]], range_: tuple[int, int] | None
) -> None:
    """All by one scale, stacked without gaps, inside the drawing; so is the range."""
    band = Band(low=min(range_), high=max(range_), weeks=8) if range_ else None
    chart = columns([week(number, counts) for number, counts in enumerate(confirmed, start=1)], band)
    (_, _), (top, highest) = chart.rules
    unit = (Columns.baseline - top) / highest
    for column, counts in zip(chart.columns, confirmed, strict=True):
        assert column.total == sum(counts.values())
        assert sum(block.height for block in column.blocks) == pytest.approx(column.total * unit, abs=0.1)
        assert column.top == pytest.approx(min([b.top for b in column.blocks], default=Columns.baseline), abs=0.1)
        assert column.top >= Columns.top - 0.1
        assert column.left >= Columns.left
        assert column.left + column.width <= Columns.width
    if chart.band and band:
        assert chart.band.top == pytest.approx(Columns.baseline - unit * band.high, abs=0.1)
        assert chart.band.height == pytest.approx(unit * (band.high - band.low), abs=0.1)


def test_a_week_without_a_run_does_not_look_like_none_found() -> None:
    """The column says so."""
    chart = columns([week(1, {}, runs=0), week(2, {})], None)
    assert [column.was_looked_at for column in chart.columns] == [False, True]


def test_the_commonest_kinds_have_a_fill_each_and_the_others_share_one() -> None:
    """Nothing that was counted is left out of the column or of the legend."""
    series = [week(1, {kind: number for number, kind in enumerate(Kind, start=1)})]
    chart = columns(series, None)
    fills = dict(chart.legend)
    assert fills == {
        "solid": "wordmark",
        "half": "audio",
        "hollow": "video",
        "dotted": "photograph",
        "lined": "other kinds",
    }
    assert [block.fill for block in chart.columns[0].blocks] == list(fills)


def test_the_range_begins_with_the_first_of_its_weeks() -> None:
    """Eight before the last one, of thirteen."""
    chart = columns([week(number, {}) for number in range(1, 14)], Band(low=1, high=2, weeks=8))
    assert chart.band is not None
    assert chart.columns[3].left < chart.band.left <= chart.columns[4].left
