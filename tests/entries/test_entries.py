"""Entries written by hand: their life, how they are found, and the calendar they go out in."""

from datetime import UTC, date, datetime, time

import icalendar
import pytest
import recurring_ical_events

from newsletter import entries, settings
from newsletter.entries import Content, Day, Kind, Speaker, Text
from newsletter.errors import Conflict, Invalid, NotFound

TWO_DAYS = (Day(date(2026, 11, 10), time(10), time(18)), Day(date(2026, 11, 11), time(9, 30), time(16, 30)))


def event(title="Security Dialogue", days=TWO_DAYS, **more):
    texts = more.pop("texts", {"en": Text(title=title, venue="Hall A")})
    return Content(kind=Kind.EVENT, texts=texts, days=days, timezone="Asia/Tokyo", **more)


def news(title="Two fellowships", language="en", kind=Kind.NEWS, **more):
    return Content(kind=kind, texts={language: Text(title=title)}, **more)


def changed(entry, **fields):
    content = entries.content_of(entry)
    return entries.change(entry.id, Content(**{**vars(content), **fields}), entry.version, "Bob")


def test_everything_on_the_seed_pages_has_a_field():
    settings.add_topic("security", {"en": "Security"})
    text = Text(
        title="Third UK–Japan Security Dialogue",
        summary="A leading bilateral conference.",
        body_html="<p>It explored:</p><ul><li>shared risks;</li><li>equipment.</li></ul>",
        venue="International Conference Hall, First Members’ Building, Tokyo, Japan",
        organiser="Minato Institute",
        speakers=(Speaker("Sir Stephen", "Air Chief Marshal"), Speaker("Mr Onodera", "MP")),
        language_note="with simultaneous interpreting",
        contact_name="Conference secretariat",
        image_alt="Two people shake hands",
        price="Free",
    )
    made = entries.write(
        event(
            texts={"en": text, "ja": Text(title="第3回日英安全保障対話")},
            topics=("security",),
            series="UK–Japan Security Dialogue",
            agenda_url="https://example.org/agenda.pdf",
            register_url="https://example.org/register",
            register_by=datetime(2026, 10, 30, 15, tzinfo=UTC),
            contact_email="dialogue@example.org",
            languages_spoken=("en", "ja"),
        ),
        publish=True,
    )
    kept = entries.entry("third-uk-japan-security-dialogue")
    assert kept.id == made.id
    assert entries.content_of(kept).texts["en"] == text
    assert kept.text("ja")[0].title == "第3回日英安全保障対話"
    assert kept.text("fr")[1] == "en"
    assert (kept.agenda("ja"), kept.registration("en")) == (
        "https://example.org/agenda.pdf",
        "https://example.org/register",
    )
    assert not kept.registration_closed


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (event(texts={}), "title"),
        (event(texts={"ja": Text(summary="要約")}), "title.ja"),
        (event(days=()), "days"),
        (event(days=(Day(date(2026, 11, 10)), Day(date(2026, 11, 10)))), "days.1"),
        (event(days=(Day(date(2026, 11, 10), None, time(9)),)), "days.0"),
        (event(register_url="javascript:alert(1)"), "register_url"),
        (event(contact_email="nobody"), "contact_email"),
        (event(texts={"en": Text(title="x", agenda_url="ftp://x")}), "agenda_url.en"),
        (event(texts={"en": Text(title="x", speakers=(Speaker("", "Chair"),))}), "speakers.en"),
        (event("x" * 501), "title.en"),
        (news(url="https://[broken"), "url"),
        (Content(Kind.EVENT, {"en": Text(title="x")}, days=TWO_DAYS, timezone="Moon/Sea"), "timezone"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(content, field):
    with pytest.raises(Invalid) as error:
        entries.write(content)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (news("Two fellowships for 2027"), "two-fellowships-for-2027"),
        (news("L’été à Genève"), "lete-a-geneve"),
        (news("奨学金のお知らせ", "ja"), "news-2026-10-12"),
        (event("日英安全保障対話"), "event-2026-11-10"),
        (event(texts={"ja": Text(title="対話"), "en": Text(title="Dialogue")}), "dialogue"),
    ],
)
def test_addresses_are_readable_and_stable(content, slug):
    made = entries.write(content)
    assert made.slug == slug
    assert entries.write(content).slug == f"{slug}-2"
    changed(made, texts={"en": Text(title="Something else")})
    assert made.slug == slug


def test_a_change_of_a_published_date_is_told_and_raises_the_sequence():
    made = entries.write(event())
    changed(made, days=TWO_DAYS[:1])
    assert entries.told_changes(made.id) == []
    entries.publish(made.id)
    changed(made, days=TWO_DAYS, texts={"en": Text(title="Security Dialogue", venue="Hall B")})
    told = {
        change.what: entries.describe_change(change, made, "ja") for change in entries.told_changes(made.id)
    }
    assert set(told) == {"days", "venue"}
    assert "2026年11月11日(水)" in told["days"]
    assert made.sequence == 2


def test_a_save_over_somebody_elses_is_refused_with_what_they_changed():
    made = entries.write(event())
    opened = made.version
    changed(made, contact_email="dialogue@example.org")
    with pytest.raises(Conflict, match="Bob changed this entry after you opened it"):
        entries.change(made.id, event("Mine"), opened, "Alice")
    assert made.title("en") == "Security Dialogue"


def test_only_events_can_be_cancelled_and_they_stay_visible():
    with pytest.raises(Conflict):
        entries.cancel(entries.write(news()).id, "Bob")
    made = entries.write(event(), publish=True)
    entries.cancel(made.id, "Bob")
    assert [each.id for each in entries.upcoming()] == [made.id]
    assert entries.upcoming(cancelled=False) == []
    (change,) = entries.told_changes(made.id)
    assert entries.describe_change(change, made, "en") == "This event has been cancelled."
    entries.reinstate(made.id, "Bob")
    assert not made.is_cancelled


def test_events_are_coming_until_they_are_over():
    past = entries.write(event("Past", (Day(date(2026, 9, 1)),)), publish=True)
    today = entries.write(event("Today", (Day(date(2026, 10, 12), time(9)),)), publish=True)
    later = entries.write(event("Later"), publish=True)
    entries.write(event("Draft"))
    assert [each.id for each in entries.upcoming()] == [today.id, later.id]
    assert [each.id for each in entries.upcoming(limit=1)] == [today.id]
    assert [each.id for each in entries.recent()] == [past.id]


def test_news_is_found_newest_first_and_not_before_its_date():
    old = entries.write(news("Old", dated=datetime(2026, 9, 1, tzinfo=UTC)), publish=True)
    new = entries.write(news("New", kind=Kind.ANALYSIS), publish=True)
    entries.write(news("Tomorrow", dated=datetime(2026, 10, 13, tzinfo=UTC)), publish=True)
    assert [each.id for each in entries.latest()] == [new.id, old.id]
    assert [each.id for each in entries.latest("news")] == [old.id]
    assert [each.id for each in entries.latest(since=datetime(2026, 10, 1, tzinfo=UTC))] == [new.id]


def test_what_belongs_together_is_found_by_series_then_topics():
    for slug in ("security", "asia"):
        settings.add_topic(slug, {"en": slug})
    this = entries.write(event(topics=("security", "asia"), series="Dialogue"), publish=True)
    series = entries.write(event("Twelfth", (Day(date(2025, 11, 11)),), series="Dialogue"), publish=True)
    two = entries.write(news("Two topics", topics=("security", "asia")), publish=True)
    one = entries.write(news("One topic", topics=("asia",)), publish=True)
    entries.write(news("None"), publish=True)
    assert [each.id for each in entries.related(this)] == [series.id, two.id, one.id]
    assert [each.id for each in entries.by_ids([two.id, 999, this.id])] == [two.id, this.id]


def test_a_search_finds_parts_of_words_in_all_languages():
    entries.write(event(texts={"en": Text(title="Dialogue"), "ja": Text(title="日英安全保障対話")}))
    entries.write(news("100 % more"))
    assert entries.search("安全").total == 1
    assert entries.search("dialogue 保障").total == 1
    assert entries.search("%").total == 1
    assert entries.search("安全 fellowships").total == 0
    assert entries.search(kind="news").total == 1
    assert entries.search(per_page=1, page=9).number == 2


def test_a_deleted_entry_is_gone():
    made = entries.write(event())
    entries.delete(made.id)
    with pytest.raises(NotFound):
        entries.get(made.id)


def read_back(data):
    calendar = icalendar.Calendar.from_ical(data)
    return calendar, [part for part in calendar.subcomponents if part.name == "VEVENT"]


def test_the_calendar_keeps_the_rules_of_its_rfc():
    summary = "とても長い題名の催し" * 8
    entries.write(event(texts={"ja": Text(title=summary, venue="国際会議場, 東京; 1")}), publish=True)
    data = entries.calendar(entries.upcoming(), "ja", "みなと研究所")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    calendar, parts = read_back(data)
    assert calendar["METHOD"] == "PUBLISH"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Tokyo"]
    assert len({part["UID"] for part in parts}) == len(parts) == 2
    first, second = parts
    assert (first["SUMMARY"], first["LOCATION"]) == (summary, "国際会議場, 東京; 1")
    assert second["DTSTART"].dt.isoformat() == "2026-11-11T09:30:00+09:00"
    assert first["DTSTAMP"].dt.tzinfo is not None
    assert b"ATTENDEE" not in data


def test_whole_days_end_before_the_next_and_spans_run_through():
    whole = entries.write(event("Fair", tuple(Day(date(2026, 11, day)) for day in (10, 11, 12, 20))))
    span = entries.write(
        event(
            "Camp",
            (
                Day(date(2026, 11, 10), time(10)),
                Day(date(2026, 11, 11)),
                Day(date(2026, 11, 12), None, time(16)),
            ),
        )
    )
    night = entries.write(event("Night", (Day(date(2026, 11, 10), time(22), time(2)),)))
    _, parts = read_back(entries.calendar([whole, span, night, entries.write(news())], "en"))
    times = [(part["DTSTART"].dt.isoformat(), part["DTEND"].dt.isoformat()) for part in parts]
    assert times == [
        ("2026-11-10", "2026-11-13"),
        ("2026-11-20", "2026-11-21"),
        ("2026-11-10T10:00:00+09:00", "2026-11-12T16:00:00+09:00"),
        ("2026-11-10T22:00:00+09:00", "2026-11-11T02:00:00+09:00"),
    ]


def test_a_cancelled_event_says_so_under_the_same_uid_and_a_higher_sequence():
    made = entries.write(event(), publish=True)
    _, before = read_back(entries.calendar([made], "en"))
    entries.cancel(made.id, "Bob")
    _, after = read_back(entries.calendar([made], "en"))
    assert [part["UID"] for part in before] == [part["UID"] for part in after]
    assert {part["STATUS"] for part in after} == {"CANCELLED"}
    assert after[0]["SEQUENCE"] > before[0]["SEQUENCE"]


def test_what_goes_out_comes_in_again():
    made = entries.write(event(), publish=True)
    data = entries.calendar([made], "en")
    taken = entries.import_entries(data, dry_run=True)
    assert [(each.title, each.starts_at.isoformat()) for each in taken] == [
        ("Security Dialogue", "2026-11-10T10:00:00+09:00"),
        ("Security Dialogue", "2026-11-11T09:30:00+09:00"),
    ]
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(
        date(2026, 11, 10), date(2026, 11, 12)
    )
    assert len(found) == 2


@pytest.mark.postgres
def test_postgresql_keeps_and_finds_the_same(postgres_app):
    made = entries.write(event(texts={"ja": Text(title="日英安全保障対話")}, series="D"), publish=True)
    other = entries.write(event("Other", series="D"), publish=True)
    changed(made, days=TWO_DAYS[:1])
    entries.cancel(other.id, "Bob")
    assert entries.search("安全", kind="event", state="published", when="upcoming").total == 1
    assert entries.related(other) == [made]
    assert len(entries.told_changes(made.id)) == 1
    assert [one.status for one in entries.import_entries(entries.calendar([made], "ja"))] == ["new"]
    source = entries.add_source("https://example.org/feed")
    assert entries.due_sources() == [source.id]
    entries.delete(made.id)
