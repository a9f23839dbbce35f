"""
How much of its limits Meta's APIs say that we have used up: https://developers.facebook.com/docs/graph-api/overview/rate-limiting/

They tell it with every answer, in percent and as JSON, and refuse with 400 or 403 in place of 429 once it is spent.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

HEADERS = ("X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage")

SPENT_PERCENT = 95
"""From here on a limit is taken to be spent: they refuse at 100, and other programs may share the token."""

WINDOW_S = 3600.0
"""How long a spent limit is left alone where no time is told: they count over the last hour."""

LONGEST_S = 24 * 3600.0


def usage_pause_s(text: str) -> float | None:
    """Seconds for which one such header asks to be left alone; None where something remains, or where it says something else."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return max((pause for counts in _counts(told) if (pause := _pause_s(counts)) is not None), default=None)


def _counts(told: Any) -> Iterable[Mapping[str, Any]]:
    """The sets of percentages in a header: one for an app or Page, a list of them for each business."""
    if not isinstance(told, dict):
        return
    yield told
    for entries in told.values():
        if isinstance(entries, list):
            yield from (entry for entry in entries if isinstance(entry, dict))


def _pause_s(counts: Mapping[str, Any]) -> float | None:
    minutes = _number(counts.get("estimated_time_to_regain_access"))
    if minutes > 0:
        return min(minutes * 60.0, LONGEST_S)
    used = max(_number(counts.get(name)) for name in ("call_count", "total_time", "total_cputime"))
    return WINDOW_S if used >= SPENT_PERCENT else None


def _number(value: Any) -> float:
    """The number, cut off at a million; 0 for what is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(min(value, 1e6)) if is_number and value > 0 else 0.0
