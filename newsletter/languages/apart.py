"""Days that do not follow each other: a course on three Tuesdays is no fortnight."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from newsletter.languages import english, japanese
from newsletter.languages.figures import DayFigures
from newsletter.languages.writing import day_figures, write_days

_JAPANESE_MONTH = re.compile(r"(\d+年)(\d+月)(\([^)]*\))")
Run = tuple[date, date]
_MOST_NAMED = 4
"""Runs that are named one by one; of more, how many they are is said."""
_MOST_IN_FIGURES = 3


def runs_of(days: Sequence[date]) -> list[Run]:
    """Return the runs of days that follow each other, as first and last day of each; `days` are in order."""
    runs: list[Run] = []
    for day in days:
        if runs and day - runs[-1][1] <= timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def write_dates(days: Sequence[date], language: str, *, weekday: bool = True, year: bool = True) -> str:
    """Write days, of which some may not follow each other: `10 and 24 November 2026`, 2026年11月10日(火)、24日(火).

    Of many it says how many: `10 dates, 6 October – 8 December 2026`. No days are an empty text.
    """
    runs = runs_of(days)
    if not runs:
        return ""
    if len(runs) == 1:
        return write_days(*runs[0], language, weekday=weekday, year=year)
    whole = write_days(runs[0][0], runs[-1][1], language, weekday=weekday, year=year)
    if len(runs) > _MOST_NAMED:
        return f"{whole}(全{len(days)}日)" if language == "ja" else f"{len(days)} dates, {whole}"
    write_runs = japanese.write_runs if language == "ja" else english.write_runs
    return write_runs(runs, weekday=weekday, year=year)


def date_figures(days: Sequence[date], language: str, *, long: bool = False) -> DayFigures:
    """Set days as a picture. Those that do not follow each other stand beside each other, `10, 24`, or are counted."""
    runs = runs_of(days)
    if len(runs) == 1:
        return day_figures(*runs[0], language, long=long)
    first, last = runs[0][0], runs[-1][1]
    if len(runs) <= _MOST_IN_FIGURES and (first.year, first.month) == (last.year, last.month):
        set_runs = japanese.runs_figures if language == "ja" else english.runs_figures
        return set_runs(runs, long=long)
    single = day_figures(first, first, language, long=long)
    more = f"、全{len(days)}日" if language == "ja" else f", and {_more(len(days) - 1)}"
    return DayFigures(single.days, single.suffix, f"{single.line}{more}")


def in_a_margin(figures: DayFigures) -> str:
    """Write a Japanese date for a narrow margin, with spaces where it may break: 2026年 11月10–11日 (火・水).

    Empty where the figures are of several months or in English, which breaks at its own spaces.
    """
    found = _JAPANESE_MONTH.fullmatch(figures.line)
    days = figures.days.replace("–", "–\u2060")  # the dash is no place to break
    return f"{found[1]} {found[2]}{days}{figures.suffix} {found[3]}" if found else ""


def _more(count: int) -> str:
    return "1 more date" if count == 1 else f"{count} more dates"
