"""Dates, times and numbers, written the way each language writes them."""

from datetime import date, datetime, time
from types import ModuleType
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from newsletter.languages import english, japanese
from newsletter.languages.figures import DayFigures
from newsletter.languages.naming import locale_of


def write_date(day: date, language: str, *, weekday: bool = True, year: bool = True) -> str:
    """Write one day: `Tuesday 10 November 2026`, 2026年11月10日(火)."""
    text: str = _hand(language).write_date(day, weekday=weekday, year=year)
    return text


def write_days(first: date, last: date, language: str, *, weekday: bool = True, year: bool = True) -> str:
    """Write a run of days: `10–11 November 2026`, 2026年11月10日(火)・11日(水).

    In English only a single day carries its weekday; the year is written where it is needed.
    """
    text: str = _hand(language).write_days(first, last, weekday=weekday, year=year)
    return text


def write_time(start: datetime | time, end: datetime | time | None, language: str) -> str:
    """Write a time or a span of it as it stands, in its own zone: `10:00–18:00`, 10:00〜18:00."""
    text: str = _hand(language).write_time(start, end)
    return text


def write_moment(moment: datetime, zone: str, language: str) -> str:
    """Write an aware moment as clocks in `zone` show it: `Thursday 15 October 2026, 14:05 (Tokyo)`."""
    local = moment.astimezone(ZoneInfo(zone))
    text: str = _hand(language).write_moment(local, zone)
    return text


def write_number(number: float, language: str) -> str:
    """Write a number with its thousands parted: `12,047`."""
    return format_decimal(number, locale=locale_of(language))


def write_percent(part: int, whole: int, language: str) -> str:
    """Write a share with one decimal: `98.8 %`, 98.8%. Nothing of nothing is 0.0 %."""
    share = format_decimal(100 * part / whole if whole else 0, "0.0", locale=locale_of(language))
    return f"{share}%" if language == "ja" else f"{share} %"


def write_issue_number(number: int, language: str) -> str:
    """Write which issue it is: `No. 42`, 第42号."""
    text: str = _hand(language).write_issue_number(number)
    return text


def day_figures(first: date, last: date, language: str, *, long: bool = False) -> DayFigures:
    """Set a date as a picture: days `10–11`, suffix (日 in Japanese), line `November 2026, Tue–Wed`."""
    figures: DayFigures = _hand(language).day_figures(first, last, long=long)
    return figures


def _hand(language: str) -> ModuleType:
    return japanese if language == "ja" else english
