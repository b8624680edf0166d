"""When and where an event is, as a letter tells it in each language: a table of cases."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.entries import Content, Day, Kind, Text
from newsletter.issues import Teller
from tests.issues.conftest import told

AT = datetime(2026, 10, 1, tzinfo=UTC)
TEN, TWELVE = time(10), time(12)


def days(*dates, start=TEN, end=TWELVE):
    return tuple(Day(one, start, end) for one in dates)


NOV_10, NOV_17, NOV_24, DEC_1 = date(2026, 11, 10), date(2026, 11, 17), date(2026, 11, 24), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("when", "english", "japanese", "figures"),
    [
        (days(NOV_10), "Tuesday 10 November 2026", "2026年11月10日(火)", "10 / November 2026, Tue"),
        (
            days(NOV_10, NOV_24),
            "10 and 24 November 2026",
            "2026年11月10日(火)、24日(火)",
            "10, 24 / November 2026, Tue",
        ),
        (
            days(NOV_10, NOV_10 + timedelta(days=1), NOV_24),
            "10–11 and 24 November 2026",
            "2026年11月10日(火)・11日(水)、24日(火)",
            "10–11, 24 / November 2026, Tue–Wed, Tue",
        ),
        (
            days(NOV_10, NOV_17, DEC_1),
            "10, 17 November and 1 December 2026",
            "2026年11月10日(火)、17日(火)、12月1日(火)",
            "10 / November 2026, Tue, and 2 more dates",
        ),
        (
            days(date(2026, 12, 8), date(2027, 1, 12)),
            "8 December 2026 and 12 January 2027",
            "2026年12月8日(火)、2027年1月12日(火)",
            "8 / December 2026, Tue, and 1 more date",
        ),
        (
            days(*(date(2026, 10, 6) + timedelta(days=7 * n) for n in range(10))),
            "10 dates, 6 October – 8 December 2026",
            "2026年10月6日(火)〜12月8日(火)(全10日)",
            "6 / October 2026, Tue, and 9 more dates",
        ),
        (
            days(*(date(2026, 10, 6) + timedelta(days=n) for n in range(40))),
            "6 October – 14 November 2026",
            "2026年10月6日(火)〜11月14日(土)",
            "6 / October – 14 November 2026",
        ),
        (
            days(date(2026, 12, 31), date(2027, 1, 1)),
            "31 December 2026 – 1 January 2027",
            "2026年12月31日(木)・2027年1月1日(金)",
            "31–1 / December 2026 – January 2027, Thu–Fri",
        ),
    ],
)
def test_days_are_told_as_they_lie(publication, when, english, japanese, figures):
    event = told(Content(kind=Kind.EVENT, texts={"en": Text(title="T")}, days=when, timezone="Asia/Tokyo"))
    assert Teller("en", AT).days(event) == english
    assert Teller("ja", AT).days(event) == japanese
    set_large = Teller("en", AT).figures(event, long=False)
    assert f"{set_large.days} / {set_large.line}" == figures
    in_margin = Teller("ja", AT).figures(event, long=False).narrow
    assert in_margin == "" or in_margin.split()[0] in ("2026年", "2027年")


@pytest.mark.parametrize(
    ("zone", "when", "english", "japanese"),
    [
        ("Asia/Tokyo", days(NOV_10), "10:00–12:00, Tokyo time", "10:00〜12:00(日本時間)"),
        ("Asia/Seoul", days(NOV_10), "10:00–12:00, Seoul time", "10:00〜12:00(ソウル時間)"),
        (
            "Europe/London",
            days(NOV_10),
            "10:00–12:00, London time (19:00 in Tokyo)",
            "10:00〜12:00(ロンドン時間。日本時間19:00)",
        ),
        (
            "Europe/London",
            days(NOV_10, start=time(17), end=time(18, 30)),
            "17:00–18:30, London time (11 November, 2:00 in Tokyo)",
            "17:00〜18:30(ロンドン時間。日本時間11月11日 2:00)",
        ),
        (
            "Europe/London",
            days(date(2026, 10, 24), date(2026, 10, 25)),  # summer time ends in between
            "10:00–12:00, London time (24 October, 18:00; 25 October, 19:00 in Tokyo)",
            "10:00〜12:00(ロンドン時間。日本時間10月24日 18:00、10月25日 19:00)",
        ),
        (
            "Etc/UTC",
            days(NOV_10),
            "10:00–12:00, UTC (19:00 in Tokyo)",
            "10:00〜12:00(協定世界時。日本時間19:00)",
        ),
        (
            "Asia/Kolkata",
            days(NOV_10),
            "10:00–12:00, Kolkata time (13:30 in Tokyo)",
            "10:00〜12:00(コルカタ時間。日本時間13:30)",
        ),
        (
            "Asia/Tokyo",
            days(NOV_10, start=time(22), end=time(1)),
            "22:00–1:00 the next day, Tokyo time",
            "22:00〜翌1:00(日本時間)",
        ),
        (
            "Asia/Tokyo",
            (Day(NOV_10, TEN, TWELVE), Day(NOV_17, time(14), None)),
            "10 November, 10:00–12:00; 17 November, 14:00, Tokyo time",
            "11月10日 10:00〜12:00、11月17日 14:00(日本時間)",
        ),
    ],
)
def test_times_are_the_event_s_own_and_the_publication_s_beside_them(
    publication, zone, when, english, japanese
):
    content = Content(kind=Kind.EVENT, texts={"en": Text(title="T")}, days=when, timezone=zone)
    event = told(Content(**{**content.__dict__, "online_url": "https://www.example.org/live"}))
    assert Teller("en", AT).times(event) == english
    assert Teller("ja", AT).times(event) == japanese


def test_a_place_is_told_as_each_language_calls_it(publication):
    texts = {
        "en": Text(title="T", venue="International House, Tokyo", online_place="Zoom"),
        "ja": Text(title="題", venue="国際文化会館(東京)", online_place="Zoom"),
    }
    event = told(Content(kind=Kind.EVENT, texts=texts, days=days(NOV_10, NOV_24), timezone="Asia/Tokyo"))
    cards = {language: Teller(language, AT).card(event) for language in ("en", "ja")}
    assert cards["en"].place == "International House, Tokyo, and online"
    assert cards["ja"].place == "国際文化会館(東京)、オンライン"
    assert (
        cards["en"].facts[0] == "10 and 24 November 2026"
    )  # the picture of a date names two at most in words
