"""Recognises what is written: the same words in another spelling, and a day that a sentence names."""

import re
from datetime import date
from unicodedata import normalize

from newsletter.languages.figures import month_name

_ALIKE = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’", "'"), **dict.fromkeys("“”", '"')}
)
_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_ORDINAL = "(?:st|nd|rd|th)?"


def folded(text: str) -> str:
    """Return a text as it is compared: width, case, dashes, quotation marks and spaces make no difference."""
    return " ".join(normalize("NFKC", text).translate(_ALIKE).casefold().split())


def sought(text: str) -> str:
    """Return a text as it is searched: folded, hiragana written as katakana, so that だいあろぐ finds ダイアログ."""
    return folded(text).translate(_KATAKANA)


def names_day(text: str, day: date, language: str) -> bool:
    """Tell whether a folded text names a day: `10–11 November` names both, as `Nov. 10th` and 11月10日 do the one."""
    found = (_japanese if language == "ja" else _english)(day).finditer(text)
    return any(int(year) == day.year for one in found for year in [one["year"] or day.year])


def _english(day: date) -> re.Pattern[str]:
    name = month_name(day, "en").casefold()
    month = rf"(?:{name}|{name[:3]}\.?)(?![a-z])"
    others = rf"(?:\s?(?:-|to|and|&|,)\s?\d{{1,2}}{_ORDINAL})*"
    number = rf"(?<!\d){day.day}{_ORDINAL}"
    year = r"(?:,?\s?(?P<year>\d{4})(?!\d))?"
    before = rf"{number}{others}\s(?:of\s)?{month}"
    after = rf"{month}\s(?:\d{{1,2}}{_ORDINAL}\s?(?:-|to|and|&)\s?)?{number}(?!\d)"
    return re.compile(rf"(?:{before}|{after}){year}")


def _japanese(day: date) -> re.Pattern[str]:
    return re.compile(rf"(?:(?P<year>\d{{4}})年\s?|(?<!\d)){day.month}月\s?{day.day}日")
