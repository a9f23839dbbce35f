"""The delay of failures."""

from datetime import datetime, timedelta

import pytest

from dashboards.throttle import FREE_FAILURES, KEYS, LONGEST_DELAY, Throttle

KEY = ("name:rosa",)


def _after(failures: int, at: datetime) -> Throttle:
    throttle = Throttle()
    for _ in range(failures):
        throttle.failed(KEY, at)
    return throttle


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 5), (6, 10), (8, 40), (11, 320), (13, 900), (60, 900)]
)
def test_the_delay_doubles_up_to_a_bound(failures: int, seconds: int, start: datetime) -> None:
    """Five failures are free; from then on each doubles the wait, up to a quarter of an hour."""
    assert _after(failures, start).wait(KEY, start) == timedelta(seconds=seconds)


def test_time_served_counts(start: datetime) -> None:
    """The wait is from the latest failure on."""
    throttle = _after(FREE_FAILURES + 1, start)
    assert throttle.wait(KEY, start + timedelta(seconds=7)) == timedelta(seconds=3)
    assert throttle.wait(KEY, start + timedelta(seconds=10)) == timedelta(0)


def test_success_forgives(start: datetime) -> None:
    """After a success the next failures are free again."""
    throttle = _after(FREE_FAILURES, start)
    throttle.succeeded(KEY)
    assert throttle.wait(KEY, start) == timedelta(0)


def test_an_hour_forgives(start: datetime) -> None:
    """An old failure does not add to a new one."""
    throttle = _after(20, start)
    later = start + timedelta(hours=1)
    throttle.failed(KEY, later)
    assert throttle.wait(KEY, later) == timedelta(0)


def test_the_longest_of_several_waits_counts(start: datetime) -> None:
    """A name and an address are both held."""
    throttle = _after(40, start)
    assert throttle.wait(("address:10.0.0.1", *KEY), start) == LONGEST_DELAY


def test_what_is_remembered_is_bounded(start: datetime) -> None:
    """A flood of names pushes the oldest out instead of filling the memory."""
    throttle = _after(FREE_FAILURES, start)
    for number in range(KEYS):
        throttle.failed((f"name:{number}",), start)
    assert throttle.wait(KEY, start) == timedelta(0)
