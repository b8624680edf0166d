"""Issues that come by themselves: on the right days, once, and never with an error in them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from newsletter import accounts, delivery, entries, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.delivery.tables import Mailing
from newsletter.issues import LAST, Beat, Recurrence, Rhythm, State, write_rhythm

TOKYO = ZoneInfo("Asia/Tokyo")
NINE = time(9)
MONDAYS = Rhythm(Beat.WEEKDAY_OF_MONTH, NINE, weekday=0, nth=1)
FRIDAYS = Rhythm(Beat.WEEKS, NINE, weekday=4)
SECOND_NOVEMBER = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
"""Monday, nine in Tokyo."""


@pytest.fixture
def people(publication, now):
    accounts.add("bob@example.org", Role.EDITOR)
    accounts.add("kei@example.org", Role.EDITOR, language="ja")
    accounts.add("carol@example.org", Role.VIEWER)
    db.session.commit()


def told():
    """Return the subjects of what editors were mailed, with how many got each."""
    labels = db.session.scalars(select(Mailing.label).where(Mailing.reference == "editors")).all()
    return sorted(labels)


@pytest.mark.parametrize(
    ("rhythm", "days", "english", "japanese"),
    [
        (MONDAYS, ["11-02", "12-07", "01-04"], "First Monday of the month, 9:00", "毎月第1月曜日 9:00"),
        (FRIDAYS, ["10-09", "10-16", "10-23"], "Every Friday, 9:00", "毎週金曜日 9:00"),
        (
            Rhythm(Beat.WEEKS, time(17, 30), weekday=2, weeks=2, since=date(2026, 10, 8)),
            ["10-21", "11-04", "11-18"],
            "Every other Wednesday, 17:30",
            "隔週水曜日 17:30",
        ),
        (
            Rhythm(Beat.LAST_WORKING_DAY, NINE),
            ["10-30", "11-30", "12-30"],
            "Last working day of the month, 9:00",
            "毎月最終営業日 9:00",
        ),
        (
            Rhythm(Beat.FIRST_WORKING_DAY, NINE),
            ["11-02", "12-01", "01-04"],
            "First working day of the month, 9:00",
            "毎月最初の営業日 9:00",
        ),
        (
            Rhythm(Beat.WEEKDAY_OF_MONTH, NINE, weekday=4, nth=LAST),
            ["10-30", "11-27", "12-25"],
            "Last Friday of the month, 9:00",
            "毎月最終金曜日 9:00",
        ),
    ],
)
def test_a_rule_falls_on_its_days_and_is_said_in_both_languages(rhythm, days, english, japanese):
    found = rhythm.next_ones(TOKYO, datetime(2026, 10, 8, 3, tzinfo=UTC))
    assert [f"{one.astimezone(TOKYO):%m-%d}" for one in found] == days
    assert {one.astimezone(TOKYO).timetz().replace(tzinfo=None) for one in found} == {rhythm.hour}
    assert write_rhythm(rhythm, "en") == english
    assert write_rhythm(rhythm, "ja") == japanese


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Asia/Tokyo", "01-04", "04-30"),
        ("Europe/London", "01-04", "04-30"),
        ("UTC", "01-01", "04-30"),
        ("Etc/GMT+5", "01-01", "04-30"),
    ],
)
def test_working_days_are_those_of_the_country_that_the_zone_lies_in(zone, first, last):
    place = ZoneInfo(zone)
    new_year = datetime(2026, 12, 31, 20, tzinfo=UTC)
    (begins,) = Rhythm(Beat.FIRST_WORKING_DAY, NINE).next_ones(place, new_year, 1)
    ends = Rhythm(Beat.LAST_WORKING_DAY, NINE).next_ones(place, new_year, 4)[-1]
    assert [f"{one.astimezone(place):%m-%d}" for one in (begins, ends)] == [first, last]


def test_a_month_that_begins_with_a_row_of_holidays_has_its_first_working_day_behind_them():
    """In May 2027 Japan rests from Saturday the first to Wednesday the fifth."""
    (found,) = Rhythm(Beat.FIRST_WORKING_DAY, NINE).next_ones(TOKYO, datetime(2027, 4, 30, 12, tzinfo=UTC), 1)
    assert f"{found.astimezone(TOKYO):%m-%d}" == "05-06"


def test_a_draft_is_made_some_days_ahead_once_and_editors_are_told(letter, readers, dialogue, people, now):
    issues.set_recurrence(letter.id, Recurrence(MONDAYS, ahead=3))
    now.move_to(SECOND_NOVEMBER - timedelta(days=3, minutes=1))
    assert issues.recur() == []
    now.move_to(SECOND_NOVEMBER - timedelta(days=3))
    (made,) = issues.recur()
    assert issues.recur() == []
    assert issues.issue(made).state is State.DRAFT
    assert told() == ["A draft of Tokyo Letter No. 1 is ready", "東京だより 第1号の下書きができました"]
    assert issues.recurrence(letter.id).next_at == datetime(2026, 12, 7, tzinfo=UTC)


def test_one_that_is_sent_by_itself_goes_out_at_its_time(letter, readers, dialogue, people, now):
    issues.set_recurrence(letter.id, Recurrence(MONDAYS, ahead=1, sends=True))
    now.move_to(SECOND_NOVEMBER - timedelta(hours=23))
    (made,) = issues.recur()
    assert issues.issue(made).send_at == SECOND_NOVEMBER
    now.move_to(SECOND_NOVEMBER)
    assert issues.send_due() == [made]
    assert issues.report(made).recipients == 3
    assert told() == []


def test_one_with_an_error_is_held_and_editors_are_told(letter, readers, dialogue, people, now):
    issues.set_recurrence(letter.id, Recurrence(MONDAYS, ahead=1, sends=True))
    now.move_to(SECOND_NOVEMBER - timedelta(hours=23))
    (made,) = issues.recur()
    entries.withdraw(dialogue.id)
    now.move_to(SECOND_NOVEMBER)
    assert issues.send_due() == []
    assert issues.issue(made).state is State.DRAFT
    assert told() == [
        "Tokyo Letter No. 1 was held and did not go out",
        "東京だより 第1号は保留され、送信されませんでした",
    ]
    assert delivery.mailing_of(f"issue:{made}") is None


def test_a_date_with_nothing_new_is_skipped(letter, readers, dialogue, people, now):
    issues.set_recurrence(letter.id, Recurrence(FRIDAYS, ahead=0, sends=True))
    friday = datetime(2026, 10, 9, tzinfo=UTC)
    now.move_to(friday)
    (first,) = issues.recur()
    assert issues.report(first).recipients == 3
    now.move_to(friday + timedelta(weeks=1))
    assert issues.recur() == []
    assert issues.recurrence(letter.id).skipped_at == friday + timedelta(weeks=1)


def test_after_downtime_one_issue_is_made_and_old_dates_are_told_of(letter, readers, dialogue, people, now):
    issues.set_recurrence(letter.id, Recurrence(FRIDAYS, ahead=0, skips=False))
    friday = datetime(2026, 10, 9, tzinfo=UTC)
    now.move_to(friday + timedelta(weeks=2, hours=5))
    assert issues.recur() == []
    assert len(told()) == 2
    assert len(issues.recur()) == 1
    assert issues.recur() == []
    assert issues.recurrence(letter.id).next_at == friday + timedelta(weeks=3)


def test_a_paused_rule_makes_nothing_and_goes_on_with_the_next_date(letter, readers, dialogue, people, now):
    issues.set_recurrence(letter.id, Recurrence(FRIDAYS, ahead=1, skips=False))
    issues.pause_recurrence(letter.id, "Bob")
    now.move_to(datetime(2026, 10, 20, tzinfo=UTC))
    assert issues.recur() == []
    issues.resume_recurrence(letter.id)
    assert issues.recur() == []
    now.move_to(datetime(2026, 10, 22, tzinfo=UTC))
    assert len(issues.recur()) == 1
    issues.pause_recurrence(letter.id, "Bob")
    issues.resume_recurrence(letter.id)
    assert issues.recur() == []
