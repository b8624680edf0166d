"""When the issues of a list come out: the rule, its next days, and how each language says it. Pure: no database."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from newsletter import languages
from newsletter.errors import Invalid
from newsletter.issues.sending.working_days import first_working_day, last_working_day

LAST = -1
MOST_WEEKS = 12
_WEEK = 7


class Beat(StrEnum):
    """What a rule counts by."""

    WEEKS = "weeks"
    WEEKDAY_OF_MONTH = "weekday_of_month"
    FIRST_WORKING_DAY = "first_working_day"
    LAST_WORKING_DAY = "last_working_day"


@dataclass(frozen=True)
class Rhythm:
    """A rule such as “first Monday of the month, 9:00”. `weekday` counts from Monday, 0; `nth` is 1 to 4, or `LAST`.

    Weeks are counted from the week of `since`. Working days are those of the country that the zone lies in.
    """

    beat: Beat
    hour: time
    weekday: int = 0
    nth: int = 1
    weeks: int = 1
    since: date = date(2024, 1, 1)

    def __post_init__(self) -> None:
        if self.weekday not in range(_WEEK):
            raise Invalid("Choose a day of the week.", "weekday")
        if self.nth not in (1, 2, 3, 4, LAST):
            raise Invalid("Choose the first, second, third, fourth or last of the month.", "nth")
        if not 1 <= self.weeks <= MOST_WEEKS:
            raise Invalid(f"Choose a number of weeks from 1 to {MOST_WEEKS}.", "weeks")

    def moments(self, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
        """Return the moments after another one, in UTC, without end."""
        for day in self._days(after.astimezone(zone).date(), zone):
            moment = datetime.combine(day, self.hour, zone).astimezone(UTC)
            if moment > after:
                yield moment

    def next_ones(self, zone: ZoneInfo, after: datetime, count: int = 3) -> list[datetime]:
        """Return the next moments after another one."""
        return list(islice(self.moments(zone, after), count))

    def _days(self, first: date, zone: ZoneInfo) -> Iterator[date]:
        if self.beat is Beat.WEEKS:
            yield from self._weekly(first)
            return
        year, month = first.year, first.month
        while True:
            yield self._in_month(year, month, zone)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December

    def _in_month(self, year: int, month: int, zone: ZoneInfo) -> date:
        if self.beat is Beat.FIRST_WORKING_DAY:
            return first_working_day(date(year, month, 1), zone)
        if self.beat is Beat.LAST_WORKING_DAY:
            return last_working_day(date(year, month, monthrange(year, month)[1]), zone)
        return _nth_weekday(self, year, month)

    def _weekly(self, first: date) -> Iterator[date]:
        start = self.since - timedelta(days=self.since.weekday()) + timedelta(days=self.weekday)
        step = timedelta(weeks=self.weeks)
        turns = max(0, (first - start) // step)
        day = start + turns * step
        while True:
            if day >= max(first, self.since):
                yield day
            day += step


def _nth_weekday(rhythm: Rhythm, year: int, month: int) -> date:
    days = monthrange(year, month)[1]
    if rhythm.nth == LAST:
        last = date(year, month, days)
        return last - timedelta(days=(last.weekday() - rhythm.weekday) % _WEEK)
    first = date(year, month, 1)
    return first + timedelta(days=(rhythm.weekday - first.weekday()) % _WEEK, weeks=rhythm.nth - 1)


def write_rhythm(rhythm: Rhythm, language: str) -> str:
    """Say a rule as the language does: `First Monday of the month, 9:00`, 毎月第1月曜日 9:00."""
    t = languages.translator(language)
    values = {
        "weekday": languages.weekday_name(rhythm.weekday, language),
        "nth": rhythm.nth,
        "n": rhythm.weeks,
        "time": languages.write_time(rhythm.hour, None, language),
    }
    return t(_sentence(rhythm), **values)


def _sentence(rhythm: Rhythm) -> str:
    if rhythm.beat is Beat.WEEKDAY_OF_MONTH:
        return _NTH[rhythm.nth]
    if rhythm.beat is Beat.WEEKS:
        return _EVERY.get(rhythm.weeks, "Every %(n)s weeks on %(weekday)s, %(time)s")
    return _WORKING[rhythm.beat]


_NTH = {
    1: "First %(weekday)s of the month, %(time)s",
    2: "Second %(weekday)s of the month, %(time)s",
    3: "Third %(weekday)s of the month, %(time)s",
    4: "Fourth %(weekday)s of the month, %(time)s",
    LAST: "Last %(weekday)s of the month, %(time)s",
}
_EVERY = {1: "Every %(weekday)s, %(time)s", 2: "Every other %(weekday)s, %(time)s"}
_WORKING = {
    Beat.FIRST_WORKING_DAY: "First working day of the month, %(time)s",
    Beat.LAST_WORKING_DAY: "Last working day of the month, %(time)s",
}
