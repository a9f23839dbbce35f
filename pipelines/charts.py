"""The geometry of the weekly report's charts. The template draws them as SVG; classes, not colours, say what a shape means."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from footprint.identifiers import Kind
from footprint.weekly.figures import Band, SeriesWeek
from footprint.weekly.outcomes import BAND_WEEKS

LEAST_SHARE = 0.006
"""So much of a bar is drawn of what there is at least one of: what was not looked at must be seen."""

FILLS = ("solid", "half", "hollow", "dotted")
"""How the commonest kinds are filled, in order; all others together are lined. Hatching is kept for what was not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a bar; `start` and `share` in percent of its width."""

    fill: str
    start: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One kind in one column."""

    fill: str
    top: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One week. Where nothing was looked at, the column says so and does not look like none found."""

    week: str
    left: float
    width: float
    blocks: tuple[Block, ...]
    top: float
    total: int
    was_looked_at: bool
    has_label: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BandArea:
    """Where the range of the weeks before lies, from the first of them to the right end."""

    left: float
    top: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """
    Confirmed findings by week, stacked by kind, on a drawing of `width` by `height` units in which columns stand on `baseline`.

    `legend` maps fill to what it stands for; `rules` are (top, value) pairs.
    """

    width: ClassVar[int] = 420
    height: ClassVar[int] = 190
    left: ClassVar[int] = 22
    top: ClassVar[int] = 16
    baseline: ClassVar[int] = 164

    columns: tuple[Column, ...]
    legend: tuple[tuple[str, str], ...]
    rules: tuple[tuple[float, int], ...]
    band: BandArea | None


def bar(counts: Sequence[tuple[str, int]]) -> tuple[Part, ...]:
    """A bar of (fill, count) pairs from left to right; empty where there is nothing to count."""
    some = [(fill, count) for fill, count in counts if count]
    total = sum(count for _, count in some)
    widths = [max(count / total, LEAST_SHARE) for _, count in some]
    parts, start = [], 0.0
    for (fill, _), width in zip(some, widths, strict=True):
        share = 100 * width / sum(widths)
        parts.append(Part(fill=fill, start=round(start, 3), share=round(share, 3)))
        start += share
    return tuple(parts)


def columns(series: Sequence[SeriesWeek], band: Band | None) -> Columns:
    """The chart of the weeks, the oldest on the left."""
    commonest = _commonest(series)
    highest = _ceiling(max([week.total for week in series] + ([band.high] if band else [])))
    unit = (Columns.baseline - Columns.top) / highest
    step = (Columns.width - Columns.left) / len(series)
    drawn = tuple(_column(week, Columns.left + step * n, step, unit, commonest) for n, week in enumerate(series))
    used = {block.fill for column in drawn for block in column.blocks}
    legend = [*((fill, kind.value) for kind, fill in commonest.items()), ("lined", "other kinds")]
    first = Columns.left + step * max(0, len(series) - 1 - BAND_WEEKS)
    return Columns(
        columns=drawn,
        legend=tuple((fill, name) for fill, name in legend if fill in used),
        rules=tuple((_level(value, unit), value) for value in (highest // 2, highest)),
        band=_band_area(band, first, unit) if band else None,
    )


def _band_area(band: Band, left: float, unit: float) -> BandArea:
    return BandArea(left=_round(left), top=_level(band.high, unit), height=_round(unit * (band.high - band.low)))


def _level(count: float, unit: float) -> float:
    """How far from the top a count reaches."""
    return _round(Columns.baseline - unit * count)


def _column(week: SeriesWeek, left: float, step: float, unit: float, commonest: dict[Kind, str]) -> Column:
    counts: Counter[str] = Counter()
    for kind, count in week.confirmed.items():
        counts[commonest.get(kind, "lined")] += count
    blocks, below = [], 0
    for fill in (*FILLS, "lined"):
        if counts[fill]:
            below += counts[fill]
            blocks.append(Block(fill=fill, top=_level(below, unit), height=_round(unit * counts[fill])))
    number = week.week.partition("-")[2]
    return Column(
        week=number,
        left=_round(left + step * 0.15),
        width=_round(step * 0.7),
        blocks=tuple(blocks),
        top=_level(week.total, unit),
        total=week.total,
        was_looked_at=week.runs > 0,
        has_label=int(number[1:]) % 2 == 1,
    )


def _commonest(series: Sequence[SeriesWeek]) -> dict[Kind, str]:
    totals: Counter[Kind] = Counter()
    for week in series:
        totals.update(week.confirmed)
    order = sorted((kind for kind in Kind if totals[kind]), key=lambda kind: -totals[kind])
    return dict(zip(order, FILLS, strict=False))


def _ceiling(value: int) -> int:
    """The least even number, of at least 4, that leaves room for a value."""
    return max(4, 2 * math.ceil(value / 2))


def _round(value: float) -> float:
    return round(value, 2)
