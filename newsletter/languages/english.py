"""How British English writes dates and times."""

from collections.abc import Sequence
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


def write_runs(runs: Sequence[tuple[date, date]], *, weekday: bool, year: bool) -> str:
    """Write `10 and 24 November 2026`, `10, 17 November and 1 December 2026`; weekdays would crowd them."""
    del weekday
    months: list[tuple[str, list[str]]] = []
    for first, last in runs:
        month = f"{month_name(last, LANGUAGE)} {last.year}" if year else month_name(last, LANGUAGE)
        crossing = (first.year, first.month) != (last.year, last.month)
        days = f"{first.day}" if first == last else f"{first.day}–{last.day}"
        if crossing:
            days = f"{first.day} {month_name(first, LANGUAGE)} – {last.day}"
        if months and months[-1][0] == month and not crossing:
            months[-1][1].append(days)
        else:
            months.append((month, [days]))
    if len(months) == 1:
        month, days_in_it = months[0]
        return (
            f"{', '.join(days_in_it[:-1])} and {days_in_it[-1]} {month}"
            if len(days_in_it) > 1
            else f"{days_in_it[0]} {month}"
        )
    written = [
        f"{', '.join(days_in_it)} {_unsaid(month, place, months)}"
        for place, (month, days_in_it) in enumerate(months)
    ]
    return f"{', '.join(written[:-1])} and {written[-1]}"


def _unsaid(month: str, place: int, months: Sequence[tuple[str, list[str]]]) -> str:
    """Leave out a year that the next month says as well."""
    name, _, year = month.partition(" ")
    following = months[place + 1][0] if place + 1 < len(months) else ""
    return name if year and following.endswith(year) else month


def runs_figures(runs: Sequence[tuple[date, date]], *, long: bool) -> DayFigures:
    """Set `10, 24` above `November 2026, Tue`; all lie in one month."""
    names = day_names(LANGUAGE, "wide" if long else "abbreviated")
    days = ", ".join(f"{first.day}" if first == last else f"{first.day}–{last.day}" for first, last in runs)
    weekdays = dict.fromkeys(_weekdays(first, last, names, long=long) for first, last in runs)
    return DayFigures(
        days, "", f"{month_name(runs[0][0], LANGUAGE)} {runs[0][0].year}, {', '.join(weekdays)}"
    )


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
    if _misleads(first, last):
        return DayFigures(f"{first.day}", "", _after_first(first, last))
    days = f"{first.day}" if first == last else f"{first.day}–{last.day}"
    return DayFigures(days, "", f"{_months(first, last)}, {_weekdays(first, last, names, long=long)}")


def _misleads(first: date, last: date) -> bool:
    """Tell whether figures such as `6–8` would seem to lie in one month, and do not."""
    return (first.year, first.month) != (last.year, last.month) and last.day >= first.day


def _after_first(first: date, last: date) -> str:
    """Go on after a large `6`: `October – 8 December 2026`."""
    year = f" {first.year}" if first.year != last.year else ""
    return f"{month_name(first, LANGUAGE)}{year} – {write_date(last, weekday=False, year=True)}"


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
