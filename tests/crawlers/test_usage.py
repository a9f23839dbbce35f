"""What Meta's headers of usage ask for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.usage import LONGEST_S, SPENT_PERCENT, WINDOW_S, usage_pause_s


def business(*entries: Any) -> dict[str, Any]:
    return {"1700": list(entries)}


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"call_count": SPENT_PERCENT, "total_time": 1, "total_cputime": 1}, WINDOW_S),
        ({"call_count": 1, "total_time": 1, "total_cputime": SPENT_PERCENT}, WINDOW_S),
        ({"call_count": 1, "total_time": SPENT_PERCENT, "total_cputime": 1}, WINDOW_S),
        ({"call_count": SPENT_PERCENT - 1}, None),
        (business({"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}), 19 * 60.0),
        (business({"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 0}), WINDOW_S),
        (business({"type": "pages", "call_count": 28, "estimated_time_to_regain_access": 0}), None),
        (business({"estimated_time_to_regain_access": 5}, {"estimated_time_to_regain_access": 70}), 70 * 60.0),
        (business({"estimated_time_to_regain_access": 10**300}), LONGEST_S),
        (business({"estimated_time_to_regain_access": -5, "call_count": True}, "100", None), None),
        ({"call_count": "100"}, None),
        ([{"call_count": 100}], None),
    ],
)
def test_pause_of_a_usage(told: Any, seconds: float | None) -> None:
    """A spent limit is left alone for as long as they say, or for the hour over which they count."""
    assert usage_pause_s(json.dumps(told)) == seconds


@pytest.mark.parametrize(
    "text", ["", "spent", "{", "[" * 100_000, '{"call_count": NaN}', '{"call_count": ' + "9" * 9_000]
)
def test_what_is_no_usage_asks_for_nothing(text: str) -> None:
    """A broken header is no reason to wait, and none to fail."""
    assert usage_pause_s(text) is None


@given(
    told=st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["call_count", "estimated_time_to_regain_access", "17"]), inner)
        ),
    )
)
def test_any_usage_asks_for_a_pause_within_a_day(told: Any) -> None:
    """No JSON makes us fail, or wait for longer than a day."""
    pause_s = usage_pause_s(json.dumps(told))
    assert pause_s is None or 0 < pause_s <= LONGEST_S
