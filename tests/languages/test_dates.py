from datetime import UTC, date, datetime, time

import pytest

from newsletter import languages
from newsletter.languages import DayFigures

TUESDAY = date(2026, 11, 10)
WEDNESDAY = date(2026, 11, 11)
FRIDAY = date(2026, 11, 13)


@pytest.mark.parametrize(
    ("language", "weekday", "year", "written"),
    [
        ("en", True, True, "Tuesday 10 November 2026"),
        ("en", False, True, "10 November 2026"),
        ("en", True, False, "Tuesday 10 November"),
        ("en", False, False, "10 November"),
        ("ja", True, True, "2026年11月10日(火)"),
        ("ja", False, True, "2026年11月10日"),
        ("ja", True, False, "11月10日(火)"),
        ("ja", False, False, "11月10日"),
    ],
)
def test_a_day_is_written_as_fully_as_asked(language, weekday, year, written):
    assert languages.write_date(TUESDAY, language, weekday=weekday, year=year) == written


def test_an_unknown_language_is_written_as_english():
    assert languages.write_date(TUESDAY, "xx") == "Tuesday 10 November 2026"


@pytest.mark.parametrize(
    ("first", "last", "english", "japanese"),
    [
        (TUESDAY, TUESDAY, "Tuesday 10 November 2026", "2026年11月10日(火)"),
        (TUESDAY, WEDNESDAY, "10–11 November 2026", "2026年11月10日(火)・11日(水)"),
        (TUESDAY, FRIDAY, "10–13 November 2026", "2026年11月10日(火)〜13日(金)"),
        (
            date(2026, 11, 30),
            date(2026, 12, 1),
            "30 November – 1 December 2026",
            "2026年11月30日(月)・12月1日(火)",
        ),
        (
            date(2026, 11, 30),
            date(2026, 12, 2),
            "30 November – 2 December 2026",
            "2026年11月30日(月)〜12月2日(水)",
        ),
        (
            date(2026, 12, 31),
            date(2027, 1, 1),
            "31 December 2026 – 1 January 2027",
            "2026年12月31日(木)・2027年1月1日(金)",
        ),
        (
            date(2026, 11, 10),
            date(2027, 11, 10),
            "10 November 2026 – 10 November 2027",
            "2026年11月10日(火)〜2027年11月10日(水)",
        ),
    ],
)
def test_a_run_of_days_names_month_and_year_again_only_where_they_change(first, last, english, japanese):
    assert languages.write_days(first, last, "en") == english
    assert languages.write_days(first, last, "ja") == japanese


def test_a_run_of_days_can_leave_out_weekday_and_year():
    assert languages.write_days(TUESDAY, WEDNESDAY, "en", year=False) == "10–11 November"
    assert languages.write_days(TUESDAY, WEDNESDAY, "ja", year=False) == "11月10日(火)・11日(水)"
    assert languages.write_days(TUESDAY, WEDNESDAY, "ja", weekday=False) == "2026年11月10日・11日"
    assert languages.write_days(TUESDAY, TUESDAY, "en", weekday=False) == "10 November 2026"


@pytest.mark.parametrize(
    ("start", "end", "english", "japanese"),
    [
        (time(10), time(18), "10:00–18:00", "10:00〜18:00"),
        (time(9, 30), time(16, 30), "9:30–16:30", "9:30〜16:30"),
        (time(18, 30), None, "18:30", "18:30"),
        (time(18, 30), time(18, 30), "18:30", "18:30"),
        (time(0, 30), time(7, 5), "0:30–7:05", "0:30〜7:05"),
        (time(22), time(1), "22:00–1:00 the next day", "22:00〜翌1:00"),
        (
            datetime(2026, 11, 10, 22, tzinfo=UTC),
            datetime(2026, 11, 11, 23, tzinfo=UTC),
            "22:00–23:00 the next day",
            "22:00〜翌23:00",
        ),
        (
            datetime(2026, 11, 10, 9, tzinfo=UTC),
            datetime(2026, 11, 10, 17, tzinfo=UTC),
            "9:00–17:00",
            "9:00〜17:00",
        ),
    ],
)
def test_times_are_written_on_the_24_hour_clock(start, end, english, japanese):
    assert languages.write_time(start, end, "en") == english
    assert languages.write_time(start, end, "ja") == japanese


@pytest.mark.parametrize(
    ("zone", "english", "japanese"),
    [
        ("Asia/Tokyo", "Thursday 15 October 2026, 14:05 (Tokyo)", "2026年10月15日(木) 14:05(日本時間)"),
        ("Europe/London", "Thursday 15 October 2026, 6:05 (London)", "2026年10月15日(木) 6:05(ロンドン時間)"),
        (
            "America/New_York",
            "Thursday 15 October 2026, 1:05 (New York)",
            "2026年10月15日(木) 1:05(ニューヨーク時間)",
        ),
        ("UTC", "Thursday 15 October 2026, 5:05 (UTC)", "2026年10月15日(木) 5:05(協定世界時)"),
        (
            "Pacific/Honolulu",
            "Wednesday 14 October 2026, 19:05 (Honolulu)",
            "2026年10月14日(水) 19:05(ホノルル時間)",
        ),
    ],
)
def test_a_moment_is_written_as_the_clocks_of_a_place_show_it(zone, english, japanese):
    moment = datetime(2026, 10, 15, 5, 5, tzinfo=UTC)
    assert languages.write_moment(moment, zone, "en") == english
    assert languages.write_moment(moment, zone, "ja") == japanese


def test_summer_time_is_kept():
    winter = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
    summer = datetime(2026, 7, 2, 17, 0, tzinfo=UTC)
    assert languages.write_moment(winter, "Europe/London", "en").endswith("17:00 (London)")
    assert languages.write_moment(summer, "Europe/London", "en").endswith("18:00 (London)")


@pytest.mark.parametrize(
    ("first", "last", "english", "japanese"),
    [
        (
            TUESDAY,
            TUESDAY,
            DayFigures("10", "", "November 2026, Tue"),
            DayFigures("10", "日", "2026年11月(火)"),
        ),
        (
            TUESDAY,
            WEDNESDAY,
            DayFigures("10–11", "", "November 2026, Tue–Wed"),
            DayFigures("10–11", "日", "2026年11月(火・水)"),
        ),
        (
            TUESDAY,
            FRIDAY,
            DayFigures("10–13", "", "November 2026, Tue–Fri"),
            DayFigures("10–13", "日", "2026年11月(火〜金)"),
        ),
        (
            date(2026, 11, 30),
            date(2026, 12, 2),
            DayFigures("30–2", "", "November–December 2026, Mon–Wed"),
            DayFigures("30–2", "日", "2026年11月〜12月(月〜水)"),
        ),
        (
            date(2026, 12, 31),
            date(2027, 1, 2),
            DayFigures("31–2", "", "December 2026 – January 2027, Thu–Sat"),
            DayFigures("31–2", "日", "2026年12月〜2027年1月(木〜土)"),
        ),
    ],
)
def test_a_date_is_set_as_a_picture(first, last, english, japanese):
    assert languages.day_figures(first, last, "en") == english
    assert languages.day_figures(first, last, "ja") == japanese


def test_a_large_date_writes_its_weekdays_out():
    assert languages.day_figures(TUESDAY, TUESDAY, "en", long=True).line == "November 2026, Tuesday"
    assert (
        languages.day_figures(TUESDAY, WEDNESDAY, "en", long=True).line
        == "November 2026, Tuesday and Wednesday"
    )
    assert languages.day_figures(TUESDAY, FRIDAY, "en", long=True).line == "November 2026, Tuesday to Friday"
    assert languages.day_figures(TUESDAY, WEDNESDAY, "ja", long=True).line == "2026年11月10日(火)・11日(水)"


def test_numbers_shares_and_issue_numbers():
    assert languages.write_number(12047, "en") == languages.write_number(12047, "ja") == "12,047"
    assert languages.write_percent(11841, 11982, "en") == "98.8 %"
    assert languages.write_percent(11841, 11982, "ja") == "98.8%"
    assert languages.write_percent(0, 0, "en") == "0.0 %"
    assert languages.write_issue_number(42, "en") == "No. 42"
    assert languages.write_issue_number(42, "ja") == "第42号"
