"""When bytes leave: every reason to hold them is settled, old enough, and nothing else needs them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.findings import AssetScan, ScanOutcome
from footprint.retention import Holding, Retirement, Sort, due, found_nothing, has_left, latest

NOW = datetime(2026, 5, 1, tzinfo=UTC)
IN_FORCE = {"copies": "1", "marks": "2"}


def holding(sha256: str, *, settled: bool = True, days: float = 9, sort: Sort = Sort.MEDIA) -> Holding:
    """A reason to hold bytes that were stored so many days ago."""
    return Holding(sha256=sha256, sort=sort, stored_at=NOW - timedelta(days=days), is_settled=settled)


def hashes(*holdings: Holding, needed: frozenset[str] = frozenset(), keep: float = 7) -> list[str]:
    """What is due."""
    return [h.sha256 for h in due(holdings, needed=needed, now=NOW, keep=timedelta(days=keep))]


@pytest.mark.parametrize(
    ("holdings", "leave"),
    [
        ([holding("a")], ["a"]),
        ([holding("a", settled=False)], []),
        ([holding("a", days=6.9)], []),
        ([holding("a", days=7)], ["a"]),
        ([holding("b"), holding("a"), holding("b")], ["a", "b"]),
        ([holding("a", sort=Sort.CAPTURE), holding("a", sort=Sort.CAPTURE, settled=False)], []),
        ([holding("a", sort=Sort.CAPTURE), holding("a", sort=Sort.CAPTURE, days=1)], []),
    ],
)
def test_bytes_leave_when_every_reason_to_hold_them_is_settled_and_old(
    holdings: list[Holding], leave: list[str]
) -> None:
    """A capture of several posts stays while one of them is open or young."""
    assert hashes(*holdings) == leave


def test_what_is_needed_never_leaves() -> None:
    """However settled and old."""
    assert hashes(holding("a", days=9999), holding("b"), needed=frozenset({"a"})) == ["b"]


def test_nothing_waits_where_nothing_is_to_be_kept() -> None:
    """Zero days: as soon as it is settled."""
    assert hashes(holding("a", days=0), keep=0) == ["a"]


@given(
    st.lists(
        st.builds(
            holding, st.sampled_from("abcd"), settled=st.booleans(), days=st.integers(0, 14), sort=st.sampled_from(Sort)
        )
    ),
    st.frozensets(st.sampled_from("abcd")),
)
def test_the_order_of_the_reasons_does_not_matter(holdings: list[Holding], needed: frozenset[str]) -> None:
    """And nothing leaves that anything speaks against."""
    leaving = due(holdings, needed=needed, now=NOW, keep=timedelta(days=7))
    assert leaving == due(reversed(holdings), needed=needed, now=NOW, keep=timedelta(days=7))
    left = {holding.sha256 for holding in leaving}
    assert not needed & left
    assert not {h.sha256 for h in holdings if not h.is_settled} & left


def scan(detector: str, version: str, outcome: ScanOutcome) -> AssetScan:
    """A look at an asset."""
    return AssetScan(
        id=f"{detector}{version}", asset_sha256="a", detector=detector, version=version, run_id="r", outcome=outcome, scanned_at=NOW
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scans", "settled"),
    [
        ([], False),
        ([("marks", "2", "nothing")], False),
        ([("marks", "2", "nothing"), ("copies", "1", "nothing")], True),
        ([("marks", "1", "nothing"), ("copies", "1", "nothing")], False),
        ([("marks", "2", "nothing"), ("copies", "1", "unsupported")], True),
        ([("marks", "2", "unsupported"), ("copies", "1", "unsupported")], True),
        ([("marks", "2", "nothing"), ("copies", "1", "failed")], False),
        ([("marks", "2", "nothing"), ("copies", "1", "found")], False),
        ([("marks", "2", "nothing"), ("copies", "1", "nothing"), ("marks", "1", "found")], False),
        ([("marks", "2", "nothing"), ("copies", "1", "nothing"), ("faces", "1", "failed")], True),
    ],
)
def test_an_asset_is_settled_when_every_detector_in_force_found_nothing(
    scans: list[tuple[str, str, str]], settled: bool
) -> None:
    """Could not look is not nothing found; and what an earlier version found is not nothing."""
    assert found_nothing([scan(d, v, ScanOutcome(o)) for d, v, o in scans], IN_FORCE) is settled


def test_nothing_is_settled_while_no_detector_is_in_force() -> None:
    """Nobody has looked."""
    assert not found_nothing([scan("marks", "2", ScanOutcome.NOTHING)], {})


def test_bytes_that_came_back_have_not_left() -> None:
    """Another post showed them after they were retired."""
    retirements = [
        Retirement(
            id=str(days), receipt_id="r", sha256="a", sort=Sort.MEDIA, retired_by="system", retired_at=NOW - timedelta(days=days)
        )
        for days in (3, 9)
    ]  # fmt: skip
    retired = latest(retirements)
    assert has_left("a", NOW - timedelta(days=4), retired)
    assert not has_left("a", NOW - timedelta(days=2), retired)
    assert not has_left("b", NOW, retired)
    assert not has_left(None, NOW, retired)
