"""What the looks at one asset add up to, and what a scope cuts off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from footprint.findings import ScanOutcome
from footprint.weekly.facts import AssetLook, Facts, asset_look

FOUND, NOTHING, FAILED, UNSUPPORTED = (
    ScanOutcome.FOUND,
    ScanOutcome.NOTHING,
    ScanOutcome.FAILED,
    ScanOutcome.UNSUPPORTED,
)


@pytest.mark.parametrize(
    ("outcomes", "look"),
    [
        ((), AssetLook.WAITING),
        ((FOUND,), AssetLook.LOOKED_AT),
        ((NOTHING,), AssetLook.LOOKED_AT),
        ((FOUND, NOTHING), AssetLook.LOOKED_AT),
        ((NOTHING, UNSUPPORTED), AssetLook.LOOKED_AT),
        ((NOTHING, FAILED), AssetLook.IN_PART),
        ((FOUND, FAILED, UNSUPPORTED), AssetLook.IN_PART),
        ((FAILED,), AssetLook.FAILED),
        ((FAILED, UNSUPPORTED), AssetLook.FAILED),
        ((UNSUPPORTED,), AssetLook.UNSUPPORTED),
    ],
)
def test_nothing_found_and_could_not_look_are_told_apart(outcomes: tuple[ScanOutcome, ...], look: AssetLook) -> None:
    """One failure among several looks is a look in part."""
    assert asset_look(frozenset(outcomes)) is look


def test_a_scope_ends_with_its_week_or_with_its_moment(nothing: Facts) -> None:
    """Until its week has ended, a report is a draft of what was known by then."""
    scope = nothing.scope
    assert (scope.cut_off, scope.is_draft) == (scope.bounds.end, False)
    before = replace(scope, as_of=scope.bounds.end - timedelta(hours=1))
    assert (before.cut_off, before.is_draft) == (before.as_of, True)
    assert not replace(scope, as_of=scope.bounds.end).is_draft
