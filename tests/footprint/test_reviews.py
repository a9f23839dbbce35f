"""What decisions add up to, and which may be made."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footprint.errors import NotPermitted
from footprint.reviews import (
    UNDO_WINDOW,
    Element,
    FindingState,
    ReviewDecision,
    Verdict,
    require_decidable,
    status_of,
)

START = datetime(2026, 5, 1, tzinfo=UTC)
ALL = tuple(Element)


def decision(
    n: int, reviewer: str, verdict: Verdict | None, *, undoes: str | None = None, **more: object
) -> ReviewDecision:
    """The n-th decision, n seconds after the start."""
    fields: dict[str, object] = {"elements": ALL if verdict is Verdict.CONFIRMED else ()} | more
    return ReviewDecision(
        id=str(n),
        finding_id="f",
        reviewer=reviewer,
        verdict=verdict,
        undoes=undoes,
        decided_at=START + timedelta(seconds=n),
        **fields,  # type: ignore[arg-type]
    )


CONFIRMED, PERMITTED, NOT_OURS = Verdict.CONFIRMED, Verdict.PERMITTED, Verdict.NOT_DEPARTMENT_MATERIAL


@pytest.mark.parametrize(
    ("decisions", "state"),
    [
        ([], FindingState.OPEN),
        ([("ann", CONFIRMED)], FindingState.SECOND_REVIEW),
        ([("ann", CONFIRMED), ("ann", CONFIRMED)], FindingState.SECOND_REVIEW),
        ([("ann", CONFIRMED), ("bob", CONFIRMED)], FindingState.CONFIRMED),
        ([("ann", CONFIRMED), ("bob", NOT_OURS)], FindingState.INSUFFICIENT),
        ([("ann", CONFIRMED), ("bob", NOT_OURS), ("bob", CONFIRMED)], FindingState.CONFIRMED),
        ([("ann", PERMITTED)], FindingState.PERMITTED),
        ([("ann", NOT_OURS)], FindingState.DISMISSED),
        ([("ann", Verdict.NOT_PUBLISHED_BY_REGISTRANT)], FindingState.DISMISSED),
        ([("ann", Verdict.OUT_OF_JURISDICTION)], FindingState.DISMISSED),
        ([("ann", Verdict.INSUFFICIENT)], FindingState.INSUFFICIENT),
        ([("ann", CONFIRMED), ("bob", CONFIRMED), ("cy", Verdict.PROTECTED_ACTIVITY)], FindingState.WITH_COUNSEL),
    ],
)
def test_status(decisions: list[tuple[str, Verdict]], state: FindingState) -> None:
    """Confirmed takes two people; a diversion to counsel outranks everything (G13, G16)."""
    assert status_of(decision(n, who, verdict) for n, (who, verdict) in enumerate(decisions)) is state


@given(st.lists(st.tuples(st.just("ann"), st.sampled_from(Verdict)), max_size=6))
def test_nobody_confirms_alone(decisions: list[tuple[str, Verdict]]) -> None:
    """However often one reviewer decides, nothing is confirmed by one (G16)."""
    made = [decision(n, who, verdict) for n, (who, verdict) in enumerate(decisions)]
    assert status_of(made) is not FindingState.CONFIRMED


@pytest.mark.parametrize("missing", list(Element))
def test_confirming_needs_every_element(missing: Element) -> None:
    """A confirmation that leaves one element unticked is refused and names it (G14)."""
    ticked = tuple(element for element in Element if element is not missing)
    with pytest.raises(NotPermitted, match=missing.value):
        require_decidable(decision(0, "ann", CONFIRMED, elements=ticked), [], covering=None)


def test_a_covered_post_cannot_be_confirmed() -> None:
    """Where a permission covers the post, confirming is refused and names it."""
    with pytest.raises(NotPermitted, match="P-7"):
        require_decidable(decision(0, "ann", CONFIRMED), [], covering="P-7")


def test_permitting_cites_the_permission() -> None:
    """A verdict "permitted" without a permission is refused."""
    with pytest.raises(NotPermitted, match="Name the permission"):
        require_decidable(decision(0, "ann", PERMITTED), [], covering="P-7")


def test_an_undone_decision_counts_for_nothing() -> None:
    """After an undo the finding is as it was before."""
    made = [decision(0, "ann", NOT_OURS), decision(5, "ann", None, undoes="0")]
    assert status_of(made) is FindingState.OPEN


@pytest.mark.parametrize(
    ("reviewer", "after_s", "why"),
    [("bob", 5, "your own"), ("ann", UNDO_WINDOW.seconds + 1, "Decide again")],
)
def test_undo_is_ones_own_and_soon(reviewer: str, after_s: int, why: str) -> None:
    """Another's decision, or one from longer ago, cannot be undone."""
    undo = decision(after_s, reviewer, None, undoes="0")
    with pytest.raises(NotPermitted, match=why):
        require_decidable(undo, [decision(0, "ann", NOT_OURS)], covering=None)
