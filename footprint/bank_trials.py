"""How often an identifier's detectors claim it where it is not: tried on pictures that do not show it, the bank."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from footprint.errors import BadInput
from footprint.precision import wilson

STEP = 1000
"""Thresholds are worked out in thousandths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A picture of the bank in which the identifier was claimed, by what people call it, and the surest claim's probability."""

    picture: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BankTrial:
    """
    What detectors of these versions said of the bank. Each half of it was looked at by detectors that had learned from the other alone.

    `origins` counts the pictures that were looked at by where they come from, `unseen` those that could not be; `claimed` is the surest first.
    """

    versions: tuple[str, ...]
    origins: Mapping[str, int]
    unseen: int
    claimed: tuple[Claimed, ...]

    @property
    def pictures(self) -> int:
        """How many were looked at."""
        return sum(self.origins.values())

    def alarms(self, threshold: float) -> int:
        """In how many pictures the identifier would have been found."""
        return sum(claimed.probability >= threshold for claimed in self.claimed)

    def words(self, threshold: float) -> str:
        """The estimated rate at a threshold, with the upper end of its 95 % interval and what it rests on."""
        if not self.pictures:
            return "No picture of the bank could be looked at: no rate of false alarms can be told."
        alarms = self.alarms(threshold)
        _, high = wilson(alarms, self.pictures)
        rests_on = ", ".join(f"{count} {origin}" for origin, count in sorted(self.origins.items()) if count)
        return (
            f"On the bank, {f'at {threshold:g}' if threshold else 'without a threshold'}: {alarms} false {'alarm' if alarms == 1 else 'alarms'} in {self.pictures} pictures "
            f"({rests_on}), with 95 % confidence at most 1 in {int(1 / high)}."
        )

    def threshold(self, rate: Fraction) -> float:
        """
        The least threshold at which the rate of false alarms on the bank is at most `rate`.

        Raises BadInput where the bank is too small to show such a rate, or no threshold below 1 keeps to it.
        """
        require_enough(self.pictures, rate)
        allowed = math.floor(rate * self.pictures)
        if len(self.claimed) <= allowed:
            return 0.0
        first_out = self.claimed[allowed]
        value = (math.floor(first_out.probability * STEP) + 1) / STEP
        if value >= 1:
            raise BadInput(
                f"No threshold keeps to {rate}: “{first_out.picture}” is claimed with a probability of {first_out.probability:.4f}. "
                "Look at it; a look-alike exemplar may mend this."
            )
        return value


def rate_of(text: str) -> Fraction:
    """A rate as people write it: 1/400 or 0.0025. Raises BadInput."""
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate < 1:
        raise BadInput(f"'{text}' is no rate of false alarms; write one as 1/400.")
    return rate


def require_enough(pictures: int, rate: Fraction) -> None:
    """Raise BadInput where so few pictures cannot show a rate."""
    least = math.ceil(1 / rate)
    if pictures < least:
        raise BadInput(
            f"{pictures} pictures cannot show {rate}: it takes {least} at least. Name a folder of your own photographs that do not show "
            "Department material in detect.negatives, or ask for a higher rate."
        )
