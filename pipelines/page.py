"""Draws the weekly report as one self-contained page: no script, no external resource, light and dark, screen and paper."""

import math
from base64 import b64encode
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from footprint.identifiers import Kind
from footprint.weekly.figures import Coverage, WeeklyReport
from footprint.weekly.sentences import DAY_S, UNSEEN, blind_platforms, counted, listed, reasons, sentences, words
from footprint.weeks import Week
from pipelines.charts import Part, bar, columns

HEAT_STEPS = 5

OVERSEEN = (
    ("Searches", "findings.searched"),
    ("Findings opened", "finding.viewed"),
    ("Identities revealed", "identity.revealed"),
    ("Pictures unblurred", "picture.unmasked"),
    ("Figures exported", "report.exported"),
    ("Accounts that a scan refused", "account.refused"),
    ("Refused access to pages", "access.refused"),
)
"""Audited acts that the report names one by one."""

FETCH_FILLS = (("fetched", "seen"), ("unchanged", "same"), ("gone", "same"), ("not_looked_at", "not"))
ASSET_FILLS = (("looked_at", "seen"), ("in_part", "same"), ("not_looked_at", "not"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """New findings on one platform by kind, as (count, step of shading) pairs. Where no page was read, none can be counted."""

    platform: str
    is_blind: bool
    cells: tuple[tuple[int, int], ...]
    total: int


def render(report: WeeklyReport, *, made_with: str) -> bytes:
    """The page of a report, UTF-8. The same figures give the same bytes."""
    environment = Environment(
        loader=PackageLoader("pipelines"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    week = Week.read(report.week)
    environment.filters |= _filters(ZoneInfo(report.time_zone), week.year)
    style = environment.get_template("report.css").render()
    kinds = tuple(kind for kind in Kind if any(p.new_by_kind.get(kind) for p in report.platforms))
    return (
        environment.get_template("report.html")
        .render(
            report=report,
            made_with=made_with,
            style=style,
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
            week=week,
            span=_span(week.monday, week.sunday),
            sentences=sentences(report),
            endings=[("fetched", "fetched"), ("unchanged", "unchanged"), ("gone", "found deleted"), *UNSEEN.items()],
            bars=bars(report.coverage),
            chart=columns(report.series, report.band),
            heat=heat(report, kinds),
            heat_kinds=kinds,
            series_kinds=tuple(kind for kind in Kind if any(w.confirmed.get(kind) for w in report.series)),
            oversight=[(label, report.oversight.acts.get(action, 0)) for label, action in OVERSEEN],
        )
        .encode()
    )


def bars(coverage: Coverage) -> dict[str, tuple[Part, ...]]:
    """
    What became of pages, media files and detection, what was not looked at on the right.

    Where no page was looked at, nothing is known of media either: then a bar is all hatched, not empty.
    """
    blind = () if coverage.pages.looked_at else (Part(fill="not", start=0.0, share=100.0),)
    return {
        "pages": bar([(fill, getattr(coverage.pages, name)) for name, fill in FETCH_FILLS]) or blind,
        "media": bar([(fill, getattr(coverage.media, name)) for name, fill in FETCH_FILLS]) or blind,
        "assets": bar([(fill, getattr(coverage.assets, name)) for name, fill in ASSET_FILLS]) or blind,
    }


def heat(report: WeeklyReport, kinds: tuple[Kind, ...]) -> tuple[HeatRow, ...]:
    """New findings by platform and kind, with a row for each platform that was to be looked at."""
    new = {platform.platform: platform.new_by_kind for platform in report.platforms}
    blind = blind_platforms(report.coverage)
    names = sorted({p.platform for p in report.coverage.platforms} | {name for name, counts in new.items() if counts})
    most = max((count for counts in new.values() for count in counts.values()), default=1)
    rows = []
    for name in names:
        counts = [new.get(name, {}).get(kind, 0) for kind in kinds]
        cells = tuple((count, math.ceil(HEAT_STEPS * count / most)) for count in counts)
        rows.append(HeatRow(platform=name, is_blind=name in blind and not sum(counts), cells=cells, total=sum(counts)))
    return tuple(rows)


def duration(seconds: int) -> str:
    """ "< 1 min", "35 min", "7 h", "3.2 d"."""
    if seconds < 3600:
        return f"{seconds // 60} min" if seconds >= 60 else "< 1 min"
    return f"{seconds // 3600} h" if seconds < 2 * DAY_S else f"{seconds / DAY_S:.1f} d"


def _filters(zone: ZoneInfo, year: int) -> dict[str, Any]:
    return {
        "moment": lambda moment: _moment(moment.astimezone(zone)),
        "day": lambda moment: _day(moment.astimezone(zone).date()),
        "short_day": lambda moment: _day(moment.astimezone(zone).date()).removesuffix(f" {year}"),
        "duration": duration,
        "number": lambda count: f"{count:,}",
        "percent": lambda share: f"{100 * share:.0f}",
        "phrase": lambda name: name.replace("_", " "),
        "reasons": lambda figures: listed([f"{count:,} {text}" for text, count in reasons(figures)]),
        "counted": counted,
        "words": words,
    }


def _span(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{_day(first)} – {_day(last)}"
    return f"{first.day}–{_day(last)}" if first.month == last.month else f"{first.day} {first:%b} – {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())}, {moment:%H:%M}"
