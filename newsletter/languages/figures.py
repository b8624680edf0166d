"""What both languages' ways of writing dates are made of."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from babel.dates import get_day_names, get_month_names

from newsletter.languages.naming import locale_of


@dataclass(frozen=True)
class DayFigures:
    """A date that is set as a picture: large days, a small suffix to them, and a line beneath."""

    days: str
    suffix: str
    line: str


def clock_time(moment: datetime | time) -> str:
    """Write a time on the 24-hour clock, without a leading nought: `9:30`."""
    return f"{moment.hour}:{moment.minute:02d}"


def crosses_midnight(start: datetime | time, end: datetime | time) -> bool:
    """Tell whether a span ends on a later day than it began."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end.date() > start.date()
    return end_time(end) < end_time(start)


def end_time(moment: datetime | time) -> time:
    """Return the time of the day of a moment, without its zone."""
    clock = moment.time() if isinstance(moment, datetime) else moment
    return clock.replace(tzinfo=None)


def day_names(language: str, width: Literal["wide", "abbreviated"]) -> list[str]:
    """Return the seven names of weekdays, Monday first."""
    names = get_day_names(width, locale=locale_of(language))
    return [names[number] for number in range(7)]


def month_name(day: date, language: str) -> str:
    """Return the full name of a day's month."""
    name: str = get_month_names("wide", locale=locale_of(language))[day.month]
    return name
