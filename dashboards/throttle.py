"""Slows down who guesses passwords: five free failures, then a delay that doubles."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

FREE_FAILURES = 5
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(minutes=15)
KEYS = 10_000


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    latest: datetime


class Throttle:
    """
    Counts failures by key; a key is a user's name or an address. Kept in memory: a restart forgives.

    Failures are forgotten an hour after the latest. At most KEYS keys are kept, the latest used.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = Lock()

    def wait(self, keys: tuple[str, ...], at: datetime) -> timedelta:
        """How long these keys must wait before they may try again; zero where they need not."""
        with self._lock:
            return max((self._until(key, at) - at for key in keys), default=timedelta(0))

    def failed(self, keys: tuple[str, ...], at: datetime) -> None:
        with self._lock:
            for key in keys:
                self._failures[key] = _Failures(self._count(key, at) + 1, at)
                self._failures.move_to_end(key)
            while len(self._failures) > KEYS:
                self._failures.popitem(last=False)

    def succeeded(self, keys: tuple[str, ...]) -> None:
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)

    def _count(self, key: str, at: datetime) -> int:
        known = self._failures.get(key)
        return known.count if known and at - known.latest < timedelta(hours=1) else 0

    def _until(self, key: str, at: datetime) -> datetime:
        over = self._count(key, at) - FREE_FAILURES
        if over < 0:
            return at
        delay = min(FIRST_DELAY * (1 << min(over, 16)), LONGEST_DELAY)
        return max(at, self._failures[key].latest + delay)
