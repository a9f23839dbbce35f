"""ISO weeks, which begin and end at midnight of the department's time zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from footprint.errors import BadInput
from footprint.ports import Between

EARLIEST_YEAR = 2000


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO 8601 week, Monday to Sunday. Its text is such as `2026-W14`. Weeks compare in order of time."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str, *, now: datetime, zone: ZoneInfo) -> Self:
        """The week that a person wrote. Raises BadInput for one that is malformed, does not exist, or has not begun."""
        current = cls.of(now, zone)
        if not re.fullmatch(r"[0-9]{4}-W[0-9]{2}", text):
            raise BadInput(f"'{text}' is not a week. Write one such as {current}.")
        week = cls.read(text)
        if week.year < EARLIEST_YEAR:
            raise BadInput(f"{text} lies before {EARLIEST_YEAR}. Take a later week, such as {current}.")
        if not 1 <= week.number <= _weeks_in(week.year):
            raise BadInput(f"There is no week {text}: {week.year} has the weeks W01 to W{_weeks_in(week.year)}.")
        if week > current:
            raise BadInput(f"{text} has not begun. The latest week is {current}.")
        return week

    @classmethod
    def read(cls, text: str) -> Self:
        """The week that `str` wrote."""
        year, _, number = text.partition("-W")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> Self:
        """The week that a moment lies in."""
        year, number, _ = moment.astimezone(zone).isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def bounds(self, zone: ZoneInfo) -> Between:
        """From the midnight that begins Monday until before the one that ends Sunday, in UTC: 167 to 169 hours where clocks change."""
        first, after = (
            datetime.combine(day, time.min, tzinfo=zone) for day in (self.monday, self.monday + timedelta(days=7))
        )
        return Between(first.astimezone(UTC), after.astimezone(UTC))

    def previous(self, weeks: int = 1) -> Self:
        """The week so many weeks before."""
        year, number, _ = (self.monday - timedelta(weeks=weeks)).isocalendar()
        return type(self)(year, number)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


def _weeks_in(year: int) -> int:
    """52 or 53: the week that 28 December lies in is the last."""
    return date(year, 12, 28).isocalendar().week
