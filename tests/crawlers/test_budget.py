"""The budget of a domain: kept between processes, over restarts, and never exceeded."""

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawlers.budget import BLOCKS, CLEARED_EVERY, COOL_DOWN_S, LONGEST_PAUSE_S, MINUTE_S, Budget, domain_of
from footprint.errors import RecordUnavailable

DOMAIN = "town.example"


def budget_at(file: Path, clock: Callable[[], float], **settings: Any) -> Budget:
    return Budget(file, clock=clock, **{"delay_s": 1.0, "per_minute": 1000, "public_per_minute": 1000} | settings)


@pytest.fixture
def budget(tmp_path: Path, clock: Any) -> Iterator[Budget]:
    with closing(budget_at(tmp_path / "budget.db", clock)) as budget:
        yield budget


def test_first_turn_comes_at_once(budget: Budget) -> None:
    """Nobody waits for a domain that was not asked lately."""
    assert budget.take_turn(DOMAIN) == 0.0


def test_turns_lie_the_delay_apart(budget: Budget) -> None:
    """Turns that are taken at one moment queue up, each a delay after the one before."""
    assert [budget.take_turn(DOMAIN) for _ in range(4)] == [0.0, 1.0, 2.0, 3.0]


def test_domains_do_not_wait_for_each_other(budget: Budget) -> None:
    """A turn at one domain costs another nothing."""
    budget.take_turn(DOMAIN)
    assert budget.take_turn("other.example") == 0.0


def test_no_minute_holds_more_than_its_budget(tmp_path: Path, clock: Any) -> None:
    """In whatever minute one looks, there are no more turns than allowed."""
    with closing(budget_at(tmp_path / "b.db", clock, delay_s=0.0, per_minute=3)) as budget:
        turns = [budget.take_turn(DOMAIN) for _ in range(8)]
    assert turns == [0.0, 0.0, 0.0, MINUTE_S, MINUTE_S, MINUTE_S, 2 * MINUTE_S, 2 * MINUTE_S]


def test_platforms_own_budget_binds_public_names_only(tmp_path: Path, clock: Any) -> None:
    """The smaller figure of a platform's manifest does not slow down the operator's own servers."""
    with closing(budget_at(tmp_path / "b.db", clock, delay_s=0.0, public_per_minute=1)) as budget:
        assert [budget.take_turn(DOMAIN) for _ in range(2)] == [0.0, MINUTE_S]
        assert [budget.take_turn("127.0.0.1:8000") for _ in range(2)] == [0.0, 0.0]


def test_budget_survives_a_restart(tmp_path: Path, clock: Any) -> None:
    """A process that starts anew waits for what another one took."""
    for expected in (0.0, 1.0, 2.0):
        with closing(budget_at(tmp_path / "budget.db", clock)) as budget:
            assert budget.take_turn(DOMAIN) == expected


def _take_turns(file: Path, found: "multiprocessing.Queue[float]") -> None:
    budget = budget_at(file, lambda: 0.0)
    for _ in range(20):
        found.put(budget.take_turn(DOMAIN))
    budget.close()


def test_processes_share_one_budget(tmp_path: Path) -> None:
    """Processes that take turns at the same time get each turn once."""
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[float] = context.Queue()
    processes = [context.Process(target=_take_turns, args=(tmp_path / "budget.db", found)) for _ in range(3)]
    for process in processes:
        process.start()
    turns = sorted(found.get(timeout=60) for _ in range(60))
    for process in processes:
        process.join()
    assert turns == [float(n) for n in range(60)]


def test_delay_that_the_domain_asks_for_outranks_a_shorter_one(budget: Budget) -> None:
    """Where robots.txt asks for more patience than the settings, it gets it; where it asks for less, nothing changes."""
    turns = [budget.take_turn(DOMAIN, delay_s=delay_s) for delay_s in (5.0, 5.0, 0.1)]
    assert turns == [0.0, 5.0, 6.0]


def test_budget_that_cannot_be_kept_is_an_error(tmp_path: Path, clock: Any) -> None:
    """Where the file cannot be written, nothing is crawled; the error names it."""
    tmp_path.joinpath("file").touch()
    with pytest.raises(RecordUnavailable, match=r"budget\.db"):
        budget_at(tmp_path / "file" / "budget.db", clock)


def test_no_turn_is_taken_during_a_pause(budget: Budget, clock: Any) -> None:
    """A domain that is to be left alone has no turns, and those that were not given delay nobody afterwards."""
    budget.pause(DOMAIN, 10.0, "asked to wait")
    assert budget.take_turn(DOMAIN) is None
    clock.now += 10.0
    assert budget.take_turn(DOMAIN) == 0.0


def test_turns_that_count_no_more_leave_the_file(tmp_path: Path, clock: Any) -> None:
    """However long a crawl takes, the file holds little more than its last minute."""
    with closing(budget_at(tmp_path / "b.db", clock)) as budget:
        for _ in range(1000):
            clock.now += 1.0
            budget.take_turn(DOMAIN)
    with closing(sqlite3.connect(tmp_path / "b.db")) as file:
        assert file.execute("SELECT count(*) FROM turns").fetchone()[0] <= MINUTE_S + 2 + CLEARED_EVERY


def test_pause_runs_out(budget: Budget, clock: Any) -> None:
    """A pause is over when its time is."""
    budget.pause(DOMAIN, 10.0, "asked to wait")
    clock.now += 4.0
    assert (budget.pause_of(DOMAIN).seconds, budget.pause_of(DOMAIN).why) == (6.0, "asked to wait")
    clock.now += 6.0
    assert budget.pause_of(DOMAIN).seconds == 0.0


def test_shorter_pause_does_not_cut_a_longer_one(budget: Budget) -> None:
    """The latest end counts, not the latest word."""
    budget.pause(DOMAIN, 10.0, "first")
    budget.pause(DOMAIN, 1.0, "second")
    assert budget.pause_of(DOMAIN).seconds == 10.0


@pytest.mark.parametrize("seconds", [1e12, float("inf")])
def test_no_server_shuts_itself_off_for_years(budget: Budget, seconds: float) -> None:
    """An absurd pause counts as the longest that is allowed."""
    budget.pause(DOMAIN, seconds, "absurd")
    assert budget.pause_of(DOMAIN).seconds == LONGEST_PAUSE_S


def test_blocks_in_a_row_shut_a_domain(budget: Budget) -> None:
    """After the last of the allowed blocks the domain is left alone."""
    assert [budget.blocked(DOMAIN) for _ in range(BLOCKS)] == [False] * (BLOCKS - 1) + [True]
    assert budget.pause_of(DOMAIN).seconds == COOL_DOWN_S


def test_answer_between_blocks_starts_the_count_anew(budget: Budget) -> None:
    """Only blocks in a row count."""
    for _ in range(BLOCKS):
        assert not budget.blocked(DOMAIN)
        budget.answered(DOMAIN)
    assert budget.pause_of(DOMAIN).seconds == 0.0


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.town.gov/a", "town.gov"),
        ("https://media.town.gov:8443/a", "town.gov"),
        ("https://town.gov./a", "town.gov"),
        ("https://police.city.co.uk/", "city.co.uk"),
        ("http://a.b.town.example/", "town.example"),
        ("http://127.0.0.1:8000/a", "127.0.0.1:8000"),
        ("http://[::1]:8000/a", "[::1]:8000"),
        ("http://localhost:8001/", "localhost:8001"),
        ("http://2130706433/", "2130706433"),
    ],
)
def test_budget_is_of_the_registrable_domain(url: str, domain: str) -> None:
    """Hosts under one registrable domain share a budget; addresses and single words have their own by port."""
    assert domain_of(url) == domain
