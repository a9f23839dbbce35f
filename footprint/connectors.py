"""How each platform's connector stands, for whoever looks after the service."""

from dataclasses import dataclass

from footprint.clearances import Review
from footprint.yields import Yield

USABLE = "usable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """
    One platform. `state` is USABLE or what is missing before it may be read; `broken` says that its parser does not read its canary, `alarm`
    what is wrong with its last run, `new_fields` what its answers have that they had not, each "" where nothing.

    `last` is its last run, None where it was never read; `accounts` counts those registered. `posts` were read this calendar month (UTC) for `usd`;
    None where reading is free.
    """

    name: str
    title: str
    state: str
    review: Review
    needs_approval: bool
    has_approval: bool
    broken: str
    alarm: str
    new_fields: str
    last: Yield | None
    accounts: int
    posts: int | None
    usd: float | None

    @property
    def trouble(self) -> str:
        """What a person should look at first, "" where nothing."""
        return self.broken or self.alarm

    @property
    def is_healthy(self) -> bool | None:
        """None where it was never read, and nothing speaks against it."""
        return False if self.trouble else None if self.last is None else True
