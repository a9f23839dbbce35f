"""What one crawl planned to fetch, and how each plan ended: exactly once, whatever happens."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from footprint.coverage import Outcome, PlannedFetch, Target, ending, plan_id
from footprint.errors import NotPermitted, NotPublic, RateLimited, RobotsDenied, SourceGone, UnsupportedMedia
from footprint.ports import Record, Transaction

Clock = Callable[[], datetime]

DETAIL_CHARS = 300


class Ledger:
    """The plans of one account in one run. `coverage` counts how they ended."""

    def __init__(self, record: Record, *, run_id: str, account_id: str, clock: Clock) -> None:
        self._record = record
        self._run_id = run_id
        self._account_id = account_id
        self._clock = clock
        self._known: set[str] = set()
        self._open: dict[str, PlannedFetch] = {}
        self.coverage: Counter[Outcome] = Counter()

    def plan(self, tx: Transaction, target: Target, url: str) -> bool:
        """Write down a fetch before it is made. Returns whether it is new to this crawl: an address is fetched once."""
        key = plan_id(self._run_id, self._account_id, url)
        if key in self._known:
            return False
        plan = PlannedFetch(
            id=key,
            run_id=self._run_id,
            account_id=self._account_id,
            target=target,
            url=url,
            planned_at=self._clock(),
        )
        tx.add(plan)
        self._known.add(key)
        self._open[key] = plan
        return True

    def plan_all(self, target: Target, urls: Iterable[str]) -> frozenset[str]:
        """Plan several fetches in a transaction of their own. Returns those that are new to this crawl."""
        with self._record.transaction() as tx:
            return frozenset([url for url in urls if self.plan(tx, target, url)])

    def end(self, tx: Transaction, url: str, outcome: Outcome, *, detail: str = "", status: int | None = None) -> None:
        """Write down how a plan ended. The first ending stays; for what was never planned there is none."""
        plan = self._open.pop(plan_id(self._run_id, self._account_id, url), None)
        if plan is not None:
            tx.add(ending(plan, outcome, self._clock(), detail=detail, status=status))
            self.coverage[outcome] += 1

    def end_now(self, url: str, outcome: Outcome, *, detail: str = "", status: int | None = None) -> None:
        """`end` in a transaction of its own."""
        with self._record.transaction() as tx:
            self.end(tx, url, outcome, detail=detail, status=status)

    def end_rest(self, outcome: Outcome, detail: str) -> None:
        """End what is still open when the crawl is over."""
        if self._open:
            with self._record.transaction() as tx:
                for plan in tuple(self._open.values()):
                    self.end(tx, plan.url, outcome, detail=detail)


def ending_of(error: Exception) -> tuple[Outcome, str]:
    """How a fetch ended that raised an error, and the reason in one line."""
    message = " ".join(str(error).split())[:DETAIL_CHARS]
    match error:
        case NotPublic():
            return Outcome.NOT_PUBLIC, message
        case RobotsDenied():
            return Outcome.ROBOTS_DENIED, message
        case RateLimited():
            return Outcome.RATE_DEFERRED, message
        case SourceGone():
            return Outcome.GONE, message
        case UnsupportedMedia():
            return Outcome.UNSUPPORTED, message
        case NotPermitted():
            return Outcome.ERROR, f"refused: {message}"
        case _:
            return Outcome.ERROR, f"{type(error).__name__}: {message}"
