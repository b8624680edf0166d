"""How Japanese writes dates and times.

Two days that follow each other are joined by a middle dot, more by a wave dash; the weekday stands in full-width
looking round brackets right after the day, and no space parts digits from 年, 月 and 日.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from newsletter.languages.figures import DayFigures, clock_time, crosses_midnight, day_names
from newsletter.languages.naming import time_of

LANGUAGE = "ja"


def write_date(day: date, *, weekday: bool, year: bool) -> str:
    """Write 2026年11月10日(火), or less of it."""
    head = f"{day.year}年" if year else ""
    return f"{head}{day.month}月{_day(day, weekday=weekday)}"


def write_days(first: date, last: date, *, weekday: bool, year: bool) -> str:
    """Write 2026年11月10日(火)・11日(水), naming month and year again only where they change."""
    start = write_date(first, weekday=weekday, year=year)
    if first == last:
        return start
    return f"{start}{_joint(first, last)}{_end(first, last, weekday=weekday, year=year)}"


def _end(first: date, last: date, *, weekday: bool, year: bool) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return _day(last, weekday=weekday)
    return write_date(last, weekday=weekday, year=year and first.year != last.year)


def write_runs(runs: Sequence[tuple[date, date]], *, weekday: bool, year: bool) -> str:
    """Write 2026年11月10日(火)、24日(火), naming month and year again only where they change."""
    written: list[str] = []
    before: date | None = None
    for first, last in runs:
        says_year = year and (before is None or before.year != first.year)
        if before and (before.year, before.month) == (first.year, first.month):
            head = _day(first, weekday=weekday)
        else:
            head = write_date(first, weekday=weekday, year=says_year)
        written.append(
            head
            if first == last
            else f"{head}{_joint(first, last)}{_end(first, last, weekday=weekday, year=year)}"
        )
        before = last
    return "、".join(written)


def runs_figures(runs: Sequence[tuple[date, date]], *, long: bool) -> DayFigures:
    """Set 10・24日 above 2026年11月(火), or the days in full when long; all lie in one month."""
    days = "・".join(f"{first.day}" if first == last else f"{first.day}–{last.day}" for first, last in runs)
    if long:
        return DayFigures(days, "日", write_runs(runs, weekday=True, year=True))
    weekdays = "、".join(dict.fromkeys(_weekdays(first, last) for first, last in runs))
    return DayFigures(days, "日", f"{runs[0][0].year}年{runs[0][0].month}月({weekdays})")


def write_time(start: datetime | time, end: datetime | time | None) -> str:
    """Write 10:00〜18:00; an end after midnight is 翌1:00."""
    if end is None or end == start:
        return clock_time(start)
    night = "翌" if crosses_midnight(start, end) else ""
    return f"{clock_time(start)}〜{night}{clock_time(end)}"


def write_moment(local: datetime, zone: str) -> str:
    """Write 2026年10月15日(木) 14:05(日本時間)."""
    return f"{write_date(local, weekday=True, year=True)} {clock_time(local)}({time_of(zone, LANGUAGE)})"


def write_issue_number(number: int) -> str:
    """Write 第42号."""
    return f"第{number}号"


def day_figures(first: date, last: date, *, long: bool) -> DayFigures:
    """Set 10–11日 above 2026年11月(火・水), or the days in full when long."""
    days = f"{first.day}" if first == last else f"{first.day}–{last.day}"
    whole = write_days(first, last, weekday=True, year=True)
    if (first.year, first.month) != (last.year, last.month) and last.day >= first.day:
        return DayFigures(f"{first.day}", "日", whole)  # else 6–8日 would seem to lie in one month
    if long:
        return DayFigures(days, "日", whole)
    return DayFigures(days, "日", f"{_months(first, last)}({_weekdays(first, last)})")


def _day(day: date, *, weekday: bool) -> str:
    return f"{day.day}日({_weekday(day)})" if weekday else f"{day.day}日"


def _weekday(day: date) -> str:
    return day_names(LANGUAGE, "abbreviated")[day.weekday()]


def _joint(first: date, last: date) -> str:
    return "・" if (last - first).days == 1 else "〜"


def _months(first: date, last: date) -> str:
    start = f"{first.year}年{first.month}月"
    if first.year != last.year:
        return f"{start}〜{last.year}年{last.month}月"
    return start if first.month == last.month else f"{start}〜{last.month}月"


def _weekdays(first: date, last: date) -> str:
    if first == last:
        return _weekday(first)
    return f"{_weekday(first)}{_joint(first, last)}{_weekday(last)}"
