"""Calendars that are taken in."""

import sqlite3
from contextlib import closing
from datetime import date, time
from time import thread_time
from zoneinfo import ZoneInfo

import pytest
import time_machine

from newsletter import entries
from newsletter.database import db
from newsletter.entries import Day, Status, import_entries
from newsletter.errors import Invalid

from .conftest import ics

DIALOGUE = """UID:dialogue@example.org
SUMMARY:Security Dialogue
DTSTART;TZID=Asia/Tokyo:20261110T100000
DTEND;TZID=Asia/Tokyo:20261110T180000
LOCATION:International Conference Hall
DESCRIPTION:Two days of talk.
URL:https://example.org/dialogue
ORGANIZER;CN=Secretariat:mailto:dialogue@example.org"""


def one(data, **options):
    (taken,) = import_entries(data, **options)
    return taken


def kept(taken):
    return entries.get(taken.entry_id)


def test_an_event_comes_in_with_all_it_says():
    taken = one(ics(DIALOGUE))
    assert taken.status is Status.NEW
    assert taken.starts_at.isoformat() == "2026-11-10T10:00:00+09:00"
    assert (taken.timezone, taken.place, taken.url) == (
        "Asia/Tokyo",
        "International Conference Hall",
        "https://example.org/dialogue",
    )
    entry = kept(taken)
    assert entry.is_published
    assert (entry.texts["en"].contact_name, entry.contact_email) == ("Secretariat", "dialogue@example.org")
    assert entry.slug == "security-dialogue"


def test_others_can_write_while_a_calendar_is_read_and_between_its_parts():
    waits = []

    def breathe():
        db.session.commit()
        with closing(sqlite3.connect(db.engine.url.database, timeout=0)) as elsewhere:
            elsewhere.execute("BEGIN IMMEDIATE")  # raises where somebody holds the lock
        waits.append(len(entries.search(per_page=500).entries))
        db.session.commit()

    events = [DIALOGUE.replace("UID:dialogue", f"UID:{n}") for n in range(260)]
    assert len(import_entries(ics(*events), breathe=breathe)) == 260
    assert waits == [0, 250, 260]


def test_twice_makes_no_doubles_and_a_change_is_recorded():
    first = one(ics(DIALOGUE))
    assert one(ics(DIALOGUE)).status is Status.KNOWN
    moved = DIALOGUE.replace("T100000", "T093000")
    assert one(ics(moved), dry_run=True).status is Status.CHANGED
    assert kept(first).days[0].start == time(10)
    assert one(ics(moved)).status is Status.CHANGED
    (change,) = entries.told_changes(first.entry_id)
    assert change.what == "days"
    assert entries.describe_change(change, kept(first), "en") == (
        "Date and time: now Tuesday 10 November 2026, 9:30–18:00, not Tuesday 10 November 2026, 10:00–18:00."
    )
    assert entries.search().total == 1


def test_a_dry_run_writes_nothing():
    assert one(ics(DIALOGUE), dry_run=True).entry_id is None
    assert not db.session.new
    assert entries.search().total == 0


def test_what_an_editor_wrote_is_not_overwritten():
    first = one(ics(DIALOGUE))
    entry = kept(first)
    content = entries.content_of(entry)
    texts = {
        **content.texts,
        "en": entries.Text(
            title="The Dialogue", summary="Two days of talk.", venue="International Conference Hall"
        ),
    }
    entries.change(entry.id, entries.Content(**{**vars(content), "texts": texts}), entry.version, "Bob")
    again = one(
        ics(
            DIALOGUE.replace("Two days of talk", "Three days of talk").replace("Security Dialogue", "Renamed")
        )
    )
    assert again.status is Status.CHANGED
    text, _ = kept(first).text("en")
    assert (text.title, text.summary) == ("The Dialogue", "Three days of talk.")


def test_an_upstream_cancellation_cancels():
    first = one(ics(DIALOGUE))
    assert one(ics(DIALOGUE + "\nSTATUS:CANCELLED")).status is Status.CHANGED
    assert kept(first).is_cancelled
    assert one(ics(DIALOGUE + "\nSTATUS:CANCELLED")).status is Status.KNOWN


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (
            "DTSTART;VALUE=DATE:20261110\nDTEND;VALUE=DATE:20261112",
            (Day(date(2026, 11, 10)), Day(date(2026, 11, 11))),
        ),
        ("DTSTART;VALUE=DATE:20261110", (Day(date(2026, 11, 10)),)),
        ("DTSTART;VALUE=DATE:20261110\nDURATION:P2D", (Day(date(2026, 11, 10)), Day(date(2026, 11, 11)))),
        ("DTSTART:20261110T100000\nDURATION:PT90M", (Day(date(2026, 11, 10), time(10), time(11, 30)),)),
        ("DTSTART:20261110T010000Z", (Day(date(2026, 11, 10), time(10)),)),
        ("DTSTART:20261110T220000\nDTEND:20261111T020000", (Day(date(2026, 11, 10), time(22), time(2)),)),
        (
            "DTSTART:20261110T100000\nDTEND:20261112T160000",
            (
                Day(date(2026, 11, 10), time(10)),
                Day(date(2026, 11, 11)),
                Day(date(2026, 11, 12), None, time(16)),
            ),
        ),
        ("DTSTART:20261110T100000\nDTEND:20261110T090000", (Day(date(2026, 11, 10), time(10)),)),
    ],
)
def test_days_and_times_of_all_sorts(lines, days):
    taken = one(ics(f"UID:1\nSUMMARY:Talk\n{lines}"))
    assert kept(taken).days == days


ZONE = """BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900
END:STANDARD\r\nEND:VTIMEZONE\r\n"""


def test_a_zone_described_in_the_file_is_found_among_the_worlds():
    taken = one(ics("UID:1\nSUMMARY:Talk\nDTSTART;TZID=Office:20261110T100000", head=ZONE))
    assert taken.starts_at.isoformat() == "2026-11-10T10:00:00+09:00"
    assert taken.timezone == "Asia/Tokyo"


def test_a_zone_may_be_described_after_it_is_used():
    data = ics("UID:1\nSUMMARY:Talk\nDTSTART;TZID=Office:20261110T100000").replace(
        b"END:VCALENDAR", ZONE.encode() + b"END:VCALENDAR"
    )
    assert one(data).starts_at.isoformat() == "2026-11-10T10:00:00+09:00"


def test_an_unknown_zone_is_taken_as_the_publications_and_said():
    taken = one(ics("UID:1\nSUMMARY:Talk\nDTSTART;TZID=Nowhere/Land:20261110T100000"))
    assert taken.starts_at.tzinfo == ZoneInfo("Asia/Tokyo")
    assert taken.reason == "Its time zone “Nowhere/Land” is unknown; taken as Asia/Tokyo."


def test_windows_names_of_zones_are_known():
    taken = one(ics("UID:1\nSUMMARY:Talk\nDTSTART;TZID=GMT Standard Time:20261110T100000"))
    assert taken.timezone == "Europe/London"


def test_a_weekly_seminar_comes_in_for_a_year_with_its_exceptions():
    seminar = """UID:s
SUMMARY:Seminar
DTSTART;TZID=Asia/Tokyo:20260907T180000
RRULE:FREQ=WEEKLY;COUNT=10
EXDATE;TZID=Asia/Tokyo:20261019T180000"""
    moved = """UID:s
SUMMARY:Seminar with guests
RECURRENCE-ID;TZID=Asia/Tokyo:20261026T180000
DTSTART;TZID=Asia/Tokyo:20261027T190000"""
    taken = import_entries(ics(seminar, moved))
    assert [f"{each.starts_at:%m-%d %H}" for each in taken] == [
        "10-12 18",
        "10-27 19",
        "11-02 18",
        "11-09 18",
    ]
    assert {kept(each).series for each in taken} == {"Seminar"}
    assert all(each.status is Status.KNOWN for each in import_entries(ics(seminar, moved)))
    entry = kept(taken[2])
    assert entry.slug == "seminar-2"
    called_off = import_entries(ics(seminar + "\nEXDATE;TZID=Asia/Tokyo:20261102T180000", moved))
    assert [each.status for each in called_off].count(Status.CHANGED) == 1
    assert entry.is_cancelled


def test_the_last_instance_of_a_series_moves_without_a_double():
    seminar = "UID:s\nSUMMARY:Seminar\nDTSTART;TZID=Asia/Tokyo:20261019T180000\nRRULE:FREQ=WEEKLY;COUNT=2"
    import_entries(ics(seminar))
    moved = "UID:s\nSUMMARY:Seminar\nRECURRENCE-ID;TZID=Asia/Tokyo:20261026T180000\nDTSTART;TZID=Asia/Tokyo:20261028T180000"
    assert [each.status for each in import_entries(ics(seminar, moved))] == [Status.KNOWN, Status.CHANGED]
    assert entries.search().total == 2


def test_ten_thousand_repetitions_are_bounded_and_it_is_said():
    taken = import_entries(
        ics("UID:d\nSUMMARY:Daily\nDTSTART;TZID=Asia/Tokyo:20261012T180000\nRRULE:FREQ=DAILY;COUNT=10000")
    )
    assert len([each for each in taken if each.status is Status.NEW]) == 100
    assert taken[-1].status is Status.SKIPPED
    assert "100 dates were taken" in taken[-1].reason


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        pytest.param("FREQ=SECONDLY", marks=pytest.mark.slow),  # each takes the seconds it may
        pytest.param("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=31", marks=pytest.mark.slow),
        pytest.param("FREQ=YEARLY;INTERVAL=0", marks=pytest.mark.slow),
    ],
)
def test_rules_without_end_or_match_cost_seconds_at_most(rule):
    good = "UID:2\nSUMMARY:Talk\nDTSTART;TZID=Asia/Tokyo:20261110T100000"
    with time_machine.travel("2026-10-12T09:00:00Z", tick=True):
        taken = import_entries(ics(f"UID:1\nSUMMARY:Odd\nDTSTART:19700101T000000Z\nRRULE:{rule}", good))
    assert taken[-1].status is Status.NEW
    assert len(taken) <= 102


def test_several_calendars_in_one_file_all_come_in():
    both = ics(DIALOGUE) + ics("UID:2\nSUMMARY:Talk\nDTSTART:20261110T100000")
    assert [taken.title for taken in import_entries(both)] == ["Security Dialogue", "Talk"]


def test_private_events_stay_private():
    taken = import_entries(ics(DIALOGUE, "UID:2\nSUMMARY:Dentist\nCLASS:PRIVATE\nDTSTART:20261110T100000"))
    assert [each.status for each in taken] == [Status.NEW, Status.SKIPPED]


def test_one_bad_event_costs_only_itself():
    taken = import_entries(
        ics(
            DIALOGUE,
            "UID:2\nSUMMARY:No date",
            "UID:3\nDTSTART:20261110T100000",
            "UID:4\nSUMMARY:Odd\nDTSTART:nonsense",
        )
    )
    assert [each.status for each in taken] == [Status.NEW] + [Status.SKIPPED] * 3
    assert taken[3].reason == "Its date (DTSTART) cannot be read."


def test_a_calendar_that_breaks_the_reader_is_read_event_by_event():
    data = ics(DIALOGUE).replace(b"VERSION:2.0\r\n", b"VERSION:2.0\r\nX\r\n")
    assert one(data).title == "Security Dialogue"


def test_japanese_files_of_old_programs_are_read():
    lines = "UID:1\nSUMMARY:安全保障セミナーのお知らせ\nDTSTART:20261110T100000"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"):
        taken = one(ics(lines).decode().encode(encoding), dry_run=True)
        assert (taken.title, taken.language) == ("安全保障セミナーのお知らせ", "ja"), encoding


def test_html_of_a_description_is_made_safe():
    taken = one(
        ics(
            "UID:1\nSUMMARY:<script>x</script>Talk\nDTSTART:20261110T100000\nDESCRIPTION:<p onclick=x>"
            + "Hi " * 200
            + "<script>alert(1)</script>"
        )
    )
    text, _ = kept(taken).text("en")
    assert "script" not in text.title + text.summary + text.body_html
    assert "onclick" not in text.body_html


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.ics", b"PK\x03\x04zip", "looks like a ZIP archive"),
        ("a.ics", b"\x89PNG\r\n", "looks like a PNG picture"),
        ("a.ics", b"", "looks like an empty file"),
        ("a.ics", b"hello there", "looks like plain text"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "nothing in it can become an entry"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x", "nothing in it can become an entry"),
        ("a.xml", b"<a><b/></a>", "looks like a web page"),
        ("a.json", b"{not json", "It is damaged"),
        ("a.json", b"[" * 5000, "looks like JSON"),
    ],
)
def test_what_holds_nothing_is_refused_in_one_line_that_names_the_file(name, data, words):
    with pytest.raises(Invalid) as error:
        import_entries(data, name=name)
    assert name in str(error.value)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_is_found_by_its_path_and_named_when_it_is_missing(tmp_path):
    path = tmp_path / "events.txt"
    path.write_bytes(ics(DIALOGUE))
    assert one(str(path)).status is Status.NEW
    for wrong in (tmp_path / "none.ics", tmp_path):
        with pytest.raises(Invalid, match="There is no file"):
            import_entries(str(wrong))
    path.write_bytes(b"BEGIN:VCALENDAR\r\n" * 3_200_000)
    with pytest.raises(Invalid, match="10 MB is the most"):
        import_entries(path)


def test_a_broken_calendar_of_events_without_an_end_keeps_nobody_waiting():
    begun = thread_time()
    data = b"BEGIN:VCALENDAR\r\nnonsense\r\n" + b"BEGIN:VEVENT\r\n" * 2_000 + b"x\n" * 200_000
    taken = one(data + ics(DIALOGUE))
    assert taken.title == "Security Dialogue"
    assert thread_time() - begun < 5
