"""A rate of false alarms is promised only where the bank is large enough to show it, and says what it rests on."""

from fractions import Fraction

import pytest

from footprint.bank_trials import BankTrial, Claimed, rate_of, require_enough
from footprint.errors import BadInput


def trial(pictures: int, *probabilities: float) -> BankTrial:
    """A bank of so many photographs, some of them mistaken."""
    claimed = tuple(Claimed(picture=f"picture {n}", probability=p) for n, p in enumerate(probabilities))
    return BankTrial(versions=("marks 1",), origins={"photographs": pictures}, unseen=0, claimed=claimed)


THRESHOLDS = {
    "nothing was mistaken": (trial(400), "1/400", 0.0),
    "as many as are allowed": (trial(400, 0.95), "1/400", 0.0),
    "one more than is allowed": (trial(400, 0.95, 0.6213), "1/400", 0.622),
    "none is allowed": (trial(400, 0.95, 0.62), "1/401", None),
    "two of a thousand": (trial(1000, 0.9, 0.8, 0.7), "0.002", 0.701),
    "a probability in whole thousandths is beaten, too": (trial(100, 0.9, 0.75), "1/100", 0.751),
}


@pytest.mark.parametrize("name", THRESHOLDS)
def test_the_least_threshold_that_keeps_to_a_rate(name: str) -> None:
    """As few claims as the rate demands fall away, and no more."""
    tried, rate, threshold = THRESHOLDS[name]
    if threshold is None:
        with pytest.raises(BadInput, match="cannot show"):
            tried.threshold(rate_of(rate))
    else:
        assert tried.threshold(rate_of(rate)) == threshold
        assert tried.alarms(threshold) <= rate_of(rate) * tried.pictures


def test_a_bank_that_is_too_small_promises_nothing() -> None:
    """None in 19 pictures is no sign of 1 in 400; the mend is named."""
    with pytest.raises(BadInput, match=r"^19 pictures cannot show 1/400: it takes 400 at least\. .*detect\.negatives"):
        require_enough(19, Fraction(1, 400))


def test_what_is_claimed_with_certainty_is_named() -> None:
    """No threshold helps against a picture that is taken for sure; a person looks at it."""
    with pytest.raises(BadInput, match=r"“picture 1” is claimed with a probability of 0\.9995"):
        trial(100, 0.9999, 0.9995).threshold(rate_of("1/100"))


def test_the_rate_is_told_with_what_it_rests_on() -> None:
    """The interval's upper end, not the estimate alone."""
    assert trial(400, 0.95, 0.6).words(0.8) == (
        "On the bank, at 0.8: 1 false alarm in 400 pictures (400 photographs), with 95 % confidence at most 1 in 71."
    )


@pytest.mark.parametrize("text", ["often", "0", "1", "3/2", "-1/4", "1/0", ""])
def test_what_is_no_rate_is_refused(text: str) -> None:
    """With an example of one."""
    with pytest.raises(BadInput, match="1/400"):
        rate_of(text)
