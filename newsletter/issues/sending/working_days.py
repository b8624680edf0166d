"""Working days: Monday to Friday, but for the public holidays of the country that a time zone lies in, and those of its banks."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter import languages
from newsletter.later import later

if TYPE_CHECKING:
    import holidays
else:
    holidays = later("holidays")

_FRIDAY = 4
_DAY = timedelta(days=1)
_CLOSED = {"public", "bank"}


def first_working_day(day: date, zone: ZoneInfo) -> date:
    """Return the first working day from a day on."""
    return _next(day, _DAY, _closed(languages.country_of(zone.key)))


def last_working_day(day: date, zone: ZoneInfo) -> date:
    """Return the last working day up to a day."""
    return _next(day, -_DAY, _closed(languages.country_of(zone.key)))


def _next(day: date, step: timedelta, closed: Container[date]) -> date:
    while day.weekday() > _FRIDAY or day in closed:
        day += step
    return day


@cache
def _closed(country: str) -> Container[date]:
    """Return the holidays of a country, whatever the year; none where it is not known."""
    try:
        kinds = _CLOSED & set(holidays.country_holidays(country).supported_categories)
        return holidays.country_holidays(country, categories=kinds)
    except NotImplementedError:
        return frozenset()
