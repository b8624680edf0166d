"""Recognises dates that are written with their weekday: Tuesday, 3 March 2026; March 3 (Wed); 3月3日(火); 3/3(火)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_JAPANESE = "月火水木金土日"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NARROW = str.maketrans("（）／．～", "()/.~")
_MAY_HOLD_ONE = re.compile(
    r"Mon|Tue|Wed|Thu|Fri|Sat|Sun|[(（【\[〔]\s?[月火水木金土日]|[月火水木金土日]曜", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]{0,2000}>|&nbsp;|[*_]")

_DASH = r"\s*(?:[-–—~〜]|\bto\b|\band\b|&|・)\s*"
_WEEKDAY = r"Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:r(?:s(?:day)?)?)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?"
_FIRST, _SECOND = rf"\b(?P<wd>{_WEEKDAY})\b\.?", rf"\b(?P<wd2>{_WEEKDAY})\b\.?"
_MONTH = (
    r"(?P<m>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_TH = r"(?:st|nd|rd|th)?\b"
_DAY, _DAY2, _OTHER = rf"\b(?P<d>\d{{1,2}}){_TH}", rf"\b(?P<d2>\d{{1,2}}){_TH}", rf"\b\d{{1,2}}{_TH}"
_YEAR = r"(?:,?\s*\b(?P<y>(?:19|20)\d\d)\b)?"
_IN_BRACKETS = rf"\s*[(]\s*{_FIRST}(?:{_DASH}{_SECOND})?"


def _compiled(form: str) -> re.Pattern[str]:
    """Compile a form such that no run of spaces, however long, is gone through again and again."""
    return re.compile(form.replace(r"\s*", r"\s{0,200}").replace(r"\s+", r"\s{1,200}"), re.IGNORECASE)


_ENGLISH_FORMS = tuple(
    _compiled(form)
    for form in (
        rf"{_FIRST}\s*,?\s+(?:the\s+)?{_DAY}(?:{_DASH}(?:(?:{_WEEKDAY})\b\.?,?\s+)?{_OTHER})?\s+(?:of\s+)?{_MONTH}{_YEAR}",
        rf"{_FIRST}\s*,?\s+{_MONTH}\s+{_DAY}(?!\d)(?:{_DASH}{_OTHER}(?!:))?{_YEAR}",
        rf"{_DAY}(?:{_DASH}{_DAY2})?\s+{_MONTH}{_YEAR}{_IN_BRACKETS}",
        rf"{_MONTH}\s+{_DAY}(?:{_DASH}{_DAY2})?{_YEAR}{_IN_BRACKETS}",
        rf"{_DAY}\s+{_MONTH}{_YEAR},\s+{_FIRST}(?!,?\s+(?:the\s+)?(?:\d|{_MONTH.replace('?P<m>', '?:')}))",
    )
)

_OPEN, _CLOSE = r"\s*[(【\[〔]\s*", r"(?:[・/、,\s]?[祝休祭振][^)】\]〕]{0,4})?\s*[)】\]〕]"
_ANY = f"[{_JAPANESE}]"
_SHUT = rf"{_OPEN}(?P<wd>{_ANY})(?:曜日?)?(?:{_DASH}(?P<wd2>{_ANY})(?:曜日?)?)?{_CLOSE}"
_BESIDE = rf"(?:{_SHUT}|\s*(?P<wd3>{_ANY})曜)"
_YEAR_JA = r"(?:(?P<y>\d{4})年\s*|令和(?P<r>\d{1,2}|元)年\s*)?"
_MONTH_DAY = r"(?<!\d)(?P<m>\d{1,2})月\s*(?P<d>\d{1,2})"

_WHOLE_DAY = _compiled(rf"{_YEAR_JA}{_MONTH_DAY}日(?:{_DASH}(?P<d2>\d{{1,2}})日)?{_BESIDE}")
_RUN_OF_DAYS = _compiled(rf"{_YEAR_JA}{_MONTH_DAY}{_DASH}(?P<d2>\d{{1,2}})日{_SHUT}")
_SLASHED = _compiled(
    r"(?<![\d/.-])(?:(?P<y>\d{4})(?P<sep>[/.-]))?(?P<m>\d{1,2})(?(sep)(?P=sep)|[/])(?P<d>\d{1,2})" + _SHUT
)
_DAY_ALONE = _compiled(rf"(?<![\d月])(?P<d>\d{{1,2}})日{_SHUT}")
_FULL_DAY = _compiled(rf"{_YEAR_JA}{_MONTH_DAY}日")
_NEAR = 40
"""Characters within which a day without a month goes on from a date before it."""


@dataclass(frozen=True)
class WrittenDay:
    """A date with a weekday beside it: what stands there, where the weekday stands in the text, and what both say.

    `weekday` is 0 for Monday; `year` is nothing where none is written.
    """

    written: str
    start: int
    end: int
    word: str
    weekday: int
    day: int
    month: int
    year: int | None

    def on(self, year: int) -> date | None:
        """Return the date in a year; nothing where that year has no such day."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def word_for(self, day: date) -> str:
        """Write the weekday of a day as this one is written: Tue as Wed, TUESDAY as WEDNESDAY, 火 as 水."""
        if self.word in _JAPANESE:
            return _JAPANESE[day.weekday()]
        name = _ENGLISH[day.weekday()]
        if self.word.casefold() not in {one.casefold() for one in _ENGLISH}:
            name = name[:3]
        if self.word.isupper():
            return name.upper()
        return name.lower() if self.word.islower() else name


def days_with_weekdays(text: str) -> list[WrittenDay]:
    """Return the dates of a text, Markdown or HTML, that are written with their weekday, in either language's forms."""
    if not _MAY_HOLD_ONE.search(text):
        return []
    plain = _TAG.sub(lambda tag: " " * len(tag[0]), text).translate(_NARROW)
    found: dict[int, WrittenDay] = {}
    for one in (*_in_english(plain), *_in_japanese(plain)):
        found.setdefault(one.start, one)
    return [found[start] for start in sorted(found)]


def _in_english(text: str) -> Iterator[WrittenDay]:
    for form in _ENGLISH_FORMS:
        start = 0
        while one := form.search(text, start):
            start = one.start() + 1  # a run of days holds another date within
            month = 1 + _MONTHS.index(one["m"][:3].casefold())
            for weekday, day in _pairs(one):
                word = one[weekday]
                if len(word) > len("Thurs") or not word.islower():  # “sat” and “sun” are words, too
                    yield _written(one, weekday, int(day), month, one["y"])


def _pairs(one: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Return which weekday belongs to which day: of two days, the first weekday to the first."""
    groups = one.groupdict()
    first = "wd" if groups.get("wd") else "wd3"
    days = [groups["d"], *([groups["d2"]] if groups.get("d2") else [])]
    if groups.get("wd2"):
        if len(days) > 1:
            yield first, days[0]
            yield "wd2", days[1]
    elif len(days) > 1 and _is_japanese(one, first):
        yield first, days[1]
    else:
        yield first, days[0]


def _is_japanese(one: re.Match[str], group: str) -> bool:
    return one[group] in _JAPANESE


def _in_japanese(text: str) -> Iterator[WrittenDay]:
    for form in (_WHOLE_DAY, _RUN_OF_DAYS, _SLASHED):
        for one in form.finditer(text):
            if 1 <= int(one["m"]) <= len(_MONTHS):
                for weekday, day in _pairs(one):
                    yield _written(one, weekday, int(day), int(one["m"]), _year(one))
    yield from _going_on(text)


def _going_on(text: str) -> Iterator[WrittenDay]:
    """Yield days whose month stands with the date before them: 11月10日(火)・11日(水)."""
    dates = sorted([*_FULL_DAY.finditer(text), *_DAY_ALONE.finditer(text)], key=lambda one: one.start())
    month = year = None
    for before, one in pairwise([None, *dates]):
        assert one is not None
        if "m" in one.groupdict():
            month, year = int(one["m"]), _year(one)
        elif month and before and one.start() - before.end() <= _NEAR and int(one["d"]) > int(before["d"]):
            for weekday, day in _pairs(one):
                yield _written(one, weekday, int(day), month, year)
        else:
            month = year = None


def _year(one: re.Match[str]) -> str | None:
    groups = one.groupdict()
    if groups.get("r"):
        return str(2018 + (1 if groups["r"] == "元" else int(groups["r"])))
    return groups["y"]


def _written(one: re.Match[str], weekday: str, day: int, month: int, year: str | None) -> WrittenDay:
    word = one[weekday]
    number = (
        _JAPANESE.index(word)
        if word in _JAPANESE
        else next(n for n, name in enumerate(_ENGLISH) if name.casefold().startswith(word[:3].casefold()))
    )
    start, end = one.span(weekday)
    written = " ".join(one[0].split())
    return WrittenDay(
        _closed(written), start, end, word, number, day, month, int(year) if year is not None else None
    )


def _closed(written: str) -> str:
    """Close a bracket that the pattern left open."""
    return written + ")" if written.count("(") > written.count(")") else written
