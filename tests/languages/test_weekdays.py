"""Weekdays beside dates are recognised as people write them, and written anew in the same manner."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import languages
from newsletter.languages import days_with_weekdays

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
FORMS = [
    "%A, %-d %B %Y",
    "We meet on %A %-d %B at noon",
    "%a %-dth of %b. %Y",
    "%A, %B %-d, %Y, 10:00",
    "%B %-d (%a)",
    "%-d %b %Y (%A)",
    "<p><strong>%A</strong>,&nbsp;%-d %B %Y</p>",
    "**%A** %-d %B",
    "{d.year}年{d.month}月{d.day}日({w})",
    "日時:{d.month}月{d.day}日（{w}）18時",
    "{d.month}月{d.day}日{w}曜日に開きます",
    "{d.month}/{d.day}({w})開催",
    "{d.year}.{d.month}.{d.day}（{w}・祝）",
    "<b>{d.month}月{d.day}日</b>【{w}曜】",
]


def written(form, day, weekday_of=None):
    """A date in a form, with the weekday of another day where one is given."""
    other = weekday_of or day
    for code in ("%A", "%a"):
        form = form.replace(code, other.strftime(code))
    return day.strftime(form).replace("{w}", "月火水木金土日"[other.weekday()]).format(d=day)


@given(day=DAYS, form=st.sampled_from(FORMS), off=st.integers(0, 6))
def test_a_date_is_read_with_its_weekday_and_put_right_in_the_same_form(day, form, off):
    text = written(form, day, day + timedelta(off))
    (found,) = days_with_weekdays(text)
    assert (found.month, found.day, found.year or day.year) == (day.month, day.day, day.year)
    assert (found.weekday == day.weekday()) is (off == 0)
    mended = text[: found.start] + found.word_for(day) + text[found.end :]
    assert mended == written(form, day)


@given(first=DAYS, run=st.integers(1, 6), language=st.sampled_from(["en", "ja"]))
def test_no_date_that_we_write_ourselves_has_a_wrong_weekday(first, run, language):
    for text in (
        languages.write_date(first, language, weekday=True),
        languages.write_days(first, first + timedelta(run), language),
    ):
        for one in days_with_weekdays(text):
            assert one.on(one.year or (first if one.month == first.month else first + timedelta(run)).year)
            years = {first.year, (first + timedelta(run)).year}
            assert any((day := one.on(year)) and day.weekday() == one.weekday for year in years), text


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Tuesday 10–11 November 2026", [(1, 10)]),
        ("10–11 November (Tue–Wed)", [(1, 10), (2, 11)]),
        ("Tue 10 – Wed 11 November", [(1, 10), (2, 11)]),
        ("3 March 2026, Tuesday", [(1, 3)]),
        ("on 3 March, Tuesday 10 March", [(1, 10)]),
        ("11月10日〜11日（水・祝）", [(2, 11)]),
        ("11月10–11日(火–水)", [(1, 10), (2, 11)]),
        ("令和8年3月3日火曜日", [(1, 3)]),
        ("10月30日（金）、11月2日（月）、3日(火)", [(4, 30), (0, 2), (1, 3)]),
    ],
)
def test_runs_of_days_give_each_weekday_to_its_own_day(text, days):
    assert [(one.weekday, one.day) for one in days_with_weekdays(text)] == days


@pytest.mark.parametrize(
    "text",
    [
        "we sat 3 March hours",
        "Friday night, 3 of us",
        "11月3日に(月)",
        "Mon 45 March",
        "https://example.org/3/3",
    ],
)
def test_what_is_no_date_with_a_weekday_is_left_alone(text):
    assert all(one.on(2026) is None for one in days_with_weekdays(text))


def test_no_weekday_of_real_pages_is_called_wrong():
    folder = Path(os.environ.get("NEWSLETTER_CORPORA") or Path(__file__).parents[3] / "shared/corpora")
    if not folder.is_dir():
        pytest.skip("the corpora are not beside this checkout")
    files = (path for kind in ("pages", "feeds", "calendars") for path in sorted((folder / kind).iterdir()))
    pages = [path.read_text("utf-8", errors="ignore") for path in files if path.is_file()]
    dated = [one for page in pages for one in days_with_weekdays(page[:500_000]) if one.year]
    assert len(dated) > 20
    assert [one.written for one in dated if one.on(one.year).weekday() != one.weekday] == []
