"""How British English writes dates and times."""

from datetime import date, datetime, time

from newsletter.languages.figures import DayFigures, clock_time, crosses_midnight, day_names, month_name
from newsletter.languages.naming import place_of

LANGUAGE = "en"


def write_date(day: date, *, weekday: bool, year: bool) -> str:
    """Write `Tuesday 10 November 2026`, or less of it."""
    parts = [f"{day.day} {month_name(day, LANGUAGE)}"]
    if weekday:
        parts.insert(0, day_names(LANGUAGE, "wide")[day.weekday()])
    if year:
        parts.append(str(day.year))
    return " ".join(parts)


def write_days(first: date, last: date, *, weekday: bool, year: bool) -> str:
    """Write `10–11 November 2026`; the dash stands free where words stand on both sides of it."""
    if first == last:
        return write_date(first, weekday=weekday, year=year)
    end = write_date(last, weekday=False, year=year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = write_date(first, weekday=False, year=year and first.year != last.year)
    return f"{start} – {end}"


def write_time(start: datetime | time, end: datetime | time | None) -> str:
    """Write `10:00–18:00`; an end after midnight says so."""
    if end is None or end == start:
        return clock_time(start)
    span = f"{clock_time(start)}–{clock_time(end)}"
    return f"{span} the next day" if crosses_midnight(start, end) else span


def write_moment(local: datetime, zone: str) -> str:
    """Write `Thursday 15 October 2026, 14:05 (Tokyo)`."""
    return f"{write_date(local, weekday=True, year=True)}, {clock_time(local)} ({place_of(zone, LANGUAGE)})"


def write_issue_number(number: int) -> str:
    """Write `No. 42`."""
    return f"No. {number}"


def day_figures(first: date, last: date, *, long: bool) -> DayFigures:
    """Set `10–11` above `November 2026, Tue–Wed`, or `November 2026, Tuesday and Wednesday` when long."""
    names = day_names(LANGUAGE, "wide" if long else "abbreviated")
    days = f"{first.day}" if first == last else f"{first.day}–{last.day}"
    return DayFigures(days, "", f"{_months(first, last)}, {_weekdays(first, last, names, long=long)}")


def _months(first: date, last: date) -> str:
    end = f"{month_name(last, LANGUAGE)} {last.year}"
    if first.year != last.year:
        return f"{month_name(first, LANGUAGE)} {first.year} – {end}"
    if first.month != last.month:
        return f"{month_name(first, LANGUAGE)}–{end}"
    return end


def _weekdays(first: date, last: date, names: list[str], *, long: bool) -> str:
    start, end = names[first.weekday()], names[last.weekday()]
    if first == last:
        return start
    if not long:
        return f"{start}–{end}"
    return f"{start} and {end}" if (last - first).days == 1 else f"{start} to {end}"
