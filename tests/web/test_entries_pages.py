"""The pages on which Bob, an editor, writes and imports entries."""

import io
from datetime import date

import pytest

from newsletter import accounts, entries, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.entries import Kind


@pytest.fixture
def bob(client, publication):
    """A browser in which Bob is signed in."""
    accounts.add("alice@example.org", Role.OWNER)
    settings.add_topic("security", {"en": "Security", "ja": "安全保障"})
    return sign_in(client, accounts.add("bob@example.org", Role.EDITOR, name="Bob"))


def sign_in(client, user):
    with client.session_transaction() as session:
        session["person"] = accounts.begin_session(user)
    db.session.commit()
    return client


def event(**fields):
    typed = {
        "title-en": "Thirteenth UK–Japan Security Dialogue",
        "title-ja": "第13回日英安全保障対話",
        "body-en": "Held over *two days*.\n\n- Equipment\n- Cyber",
        "day-0-date": "2026-11-10",
        "day-0-start": "10:00",
        "day-0-end": "18:00",
        "day-1-date": "2026-11-11",
        "day-1-start": "09:30",
        "day-1-end": "16:30",
        "timezone": "Asia/Tokyo",
        "venue-en": "International Conference Hall, Tokyo",
        "speaker-0-name-en": "Head of Cyber Policy",
        "speaker-0-role-en": "National Police Agency",
        "register_by-date": "2026-10-30",
        "contact_email": "dialogue@example.org",
        "topics": ["security"],
        "do": "save",
    }
    return {**typed, **fields}


def only():
    db.session.expire_all()
    (one,) = entries.search().entries
    return one


def test_an_event_of_two_days_is_written_in_both_languages(bob):
    answer = bob.post("/dashboard/entries/new/event", data=event())
    assert answer.status_code == 302
    kept = only()
    assert not kept.is_published
    assert [(day.date, f"{day.start:%H:%M}") for day in kept.days] == [
        (date(2026, 11, 10), "10:00"),
        (date(2026, 11, 11), "09:30"),
    ]
    assert kept.text("ja")[0].title == "第13回日英安全保障対話"
    assert kept.text("en")[0].body_html.startswith("<p>Held over <em>two days</em>.</p>")
    assert [topic.slug for topic in kept.topics] == ["security"]
    assert kept.register_by.isoformat() == "2026-10-30T14:59:00+00:00"
    page = bob.get(answer.location).text
    assert "Held over *two days*." in page
    assert 'value="2026-11-11"' in page


def test_a_speaker_without_a_name_in_the_other_language_is_called_there_as_in_the_first(bob):
    speakers = {
        "speaker-0-name-en": "Head of Cyber Policy",
        "speaker-0-role-en": "National Police Agency",
        "speaker-1-name-en": "Admiral Sato",
        "speaker-1-name-ja": "佐藤提督",
    }
    bob.post("/dashboard/entries/new/event", data=event(**speakers))
    assert [speaker.name for speaker in only().speakers("ja")[0]] == ["Head of Cyber Policy", "佐藤提督"]


def test_a_mistake_loses_nothing_that_was_typed(bob):
    answer = bob.post(
        "/dashboard/entries/new/event",
        data=event(**{"day-0-end": "25:00", "agenda_url": "javascript:alert(1)"}),
    )
    assert answer.status_code == 422
    page = answer.text
    assert "This is no time. Write it as 9:30." in page
    assert "javascript:alert(1)" in page
    assert "第13回日英安全保障対話" in page
    assert entries.search().total == 0
    answer = bob.post("/dashboard/entries/new/event", data=event(agenda_url="javascript:alert(1)"))
    assert answer.status_code == 422
    assert 'id="agenda_url-error"' in answer.text


@pytest.mark.parametrize(
    "odd",
    [
        {"register_by-date": "0001-01-01", "register_by-time": "00:00"},
        {"register_by-date": "9999-12-31", "timezone": "America/New_York"},
        {"day-0-date": "0001-01-01"},
        {"day-0-date": "9999-12-31"},
    ],
)
def test_a_year_that_cannot_be_right_is_pointed_out(bob, odd):
    answer = bob.post("/dashboard/entries/new/event", data=event(**odd))
    assert answer.status_code == 422
    assert "This year cannot be right." in answer.text


def test_a_row_with_an_odd_number_is_left_out(bob):
    assert (
        bob.post("/dashboard/entries/new/event", data=event(**{"day-²-date": "2026-11-12"})).status_code
        == 302
    )
    assert len(only().days) == 2


def test_all_mistakes_are_shown_at_once(bob):
    typed = event(
        **{
            "title-ja": "",
            "venue-ja": "国際会議場",
            "timezone": "Moon/Sea",
            "contact_email": "nobody",
            "day-1-end": "9 o'clock",
        }
    )
    page = bob.post("/dashboard/entries/new/event", data=typed).text
    for field in ("title-ja", "timezone", "contact_email", "day-1-end"):
        assert f'id="{field}-error"' in page, field


def test_another_day_is_asked_for_without_a_script(bob):
    page = bob.post("/dashboard/entries/new/event", data=event(more="day")).text
    assert 'name="day-2-date"' in page
    assert entries.search().total == 0


def test_days_in_a_row_share_one_row_of_the_form(bob):
    bob.post(
        "/dashboard/entries/new/event",
        data={
            "title-en": "Open days",
            "timezone": "Asia/Tokyo",
            "day-0-date": "2026-11-10",
            "day-0-last": "2026-12-24",
        },
    )
    kept = only()
    assert len(kept.days) == 45
    assert kept.all_day
    page = bob.get(f"/dashboard/entries/{kept.id}").text
    assert 'value="2026-12-24"' in page
    assert 'name="day-1-date"' not in page


def test_a_stale_save_is_refused_and_says_what_changed(bob):
    bob.post("/dashboard/entries/new/event", data=event())
    kept = only()
    opened = kept.version
    bob.post(f"/dashboard/entries/{kept.id}", data=event(version=opened, **{"venue-en": "Hall B"}))
    answer = bob.post(f"/dashboard/entries/{kept.id}", data=event(version=opened, **{"title-en": "My title"}))
    assert answer.status_code == 409
    assert "Somebody else changed this entry" in answer.text
    assert "Hall B" in answer.text
    assert "My title" in answer.text
    assert only().text("en")[0].title == "Thirteenth UK–Japan Security Dialogue"
    again = bob.post(
        f"/dashboard/entries/{kept.id}", data=event(version=only().version, **{"title-en": "My title"})
    )
    assert again.status_code == 302
    assert only().text("en")[0].title == "My title"


def test_an_event_is_published_cancelled_reinstated_and_withdrawn(bob):
    bob.post("/dashboard/entries/new/event", data=event(do="publish"))
    kept = only()
    assert kept.is_published
    for verb, check in (("cancel", "is_cancelled"), ("withdraw", None)):
        assert bob.post(f"/dashboard/entries/{kept.id}/{verb}").status_code == 302
        assert check is None or getattr(only(), check)
    assert not only().is_published
    bob.post(f"/dashboard/entries/{kept.id}/reinstate")
    assert not only().is_cancelled


def test_an_entry_is_deleted_only_by_a_button_on_a_page_of_its_own(bob):
    bob.post("/dashboard/entries/new/news", data={"title-en": "Two fellowships", "do": "save"})
    kept = only()
    assert bob.get(f"/dashboard/entries/{kept.id}/delete").status_code == 200
    assert entries.search().total == 1
    bob.post(f"/dashboard/entries/{kept.id}/delete")
    assert entries.search().total == 0


def test_a_picture_is_kept_even_when_the_rest_of_the_form_is_wrong(bob):
    pytest.importorskip("PIL")
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(buffer, "PNG")
    data = {
        "title-en": "",
        "body-en": "Text without a title",
        "picture": (io.BytesIO(buffer.getvalue()), "map.png"),
    }
    answer = bob.post("/dashboard/entries/new/news", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "/images/" in answer.text
    zip_named_png = {
        "title-en": "Two fellowships",
        "picture": (io.BytesIO(b"PK\x03\x04" + bytes(200)), "map.png"),
    }
    answer = bob.post("/dashboard/entries/new/news", data=zip_named_png, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'id="picture-error"' in answer.text
    assert "Two fellowships" in answer.text


def test_scripts_in_a_body_are_dropped(bob):
    bob.post(
        "/dashboard/entries/new/news",
        data={"title-en": "<b>News</b>", "body-en": "<p onclick=x()>Hi<script>alert(1)</script></p>"},
    )
    assert only().text("en")[0].body_html == "<p>Hi</p>"
    assert "<b>News</b>" not in bob.get("/dashboard/entries").text


def test_the_list_is_searched_and_filtered(bob):
    bob.post("/dashboard/entries/new/event", data=event(do="publish"))
    bob.post("/dashboard/entries/new/news", data={"title-ja": "奨学金のお知らせ"})
    assert "奨学金" in bob.get("/dashboard/entries?search=奨学").text
    assert "Thirteenth" not in bob.get("/dashboard/entries?search=奨学").text
    assert "Thirteenth" in bob.get("/dashboard/entries?kind=event&topic=security&state=published").text
    assert "Nothing matches" in bob.get("/dashboard/entries?search=nowhere").text
    assert bob.get("/dashboard/entries?page=99&kind=odd&when=never").status_code == 200


def test_a_file_is_looked_into_before_it_is_taken_in(bob):
    feed = b"""<rss version="2.0"><channel><title>Site</title><link>https://example.org/</link>
      <item><title>Two fellowships</title><link>https://example.org/2</link><pubDate>Mon, 05 Oct 2026 09:00:00 +0900</pubDate></item>
      </channel></rss>"""
    answer = bob.post(
        "/dashboard/entries/import",
        data={"file": (io.BytesIO(feed), "feed.xml"), "publish": "1", "kind": "analysis"},
    )
    assert answer.status_code == 302
    assert entries.search().total == 0
    page = bob.get(answer.location).text
    assert "Two fellowships" in page
    assert "feed.xml" in page
    assert "5 October 2026" in page
    assert bob.post(answer.location).status_code == 302
    assert only().kind is Kind.ANALYSIS
    gone = bob.post(answer.location)
    assert gone.status_code == 404


def test_what_an_import_would_bring_shows_all_days_of_an_event(bob):
    calendar = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261001T000000Z\r\n"
        b"DTSTART;VALUE=DATE:20270110\r\nDTEND;VALUE=DATE:20270112\r\nSUMMARY:Open days\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    answer = bob.post("/dashboard/entries/import", data={"file": (io.BytesIO(calendar), "days.ics")})
    page = bob.get(answer.location).text
    assert "10–11 January 2027" in page
    assert "0:00" not in page


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("photos.ics", b"PK\x03\x04" + bytes(100), "ZIP"),
        ("empty.xml", b"", "empty"),
        ("big.ics", b"BEGIN:VCALENDAR\r\n" * 700_000, "10 MB"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line_beside_the_field(bob, name, data, sentence):
    head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = head + data + b"\r\n--cut--\r\n"
    answer = bob.post(
        "/dashboard/entries/import", data=body, content_type="multipart/form-data; boundary=cut"
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="file-error"' in answer.text


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "http://localhost:5432/", "file:///etc/passwd", "http://[::1]/"]
)
def test_private_addresses_are_not_visited(bob, url):
    answer = bob.post("/dashboard/entries/import", data={"url": url})
    assert answer.status_code == 422
    assert 'id="url-error"' in answer.text


def test_a_source_is_kept_paused_and_removed(bob):
    assert bob.post("/dashboard/entries/sources", data={"url": "nonsense"}).status_code == 422
    bob.post("/dashboard/entries/sources", data={"url": "https://example.org/feed", "publish": "1"})
    (kept,) = entries.sources()
    assert kept.title == "example.org"
    assert "https://example.org/feed" in bob.get("/dashboard/entries/sources").text
    bob.post(f"/dashboard/entries/sources/{kept.id}/refresh")
    bob.post(f"/dashboard/entries/sources/{kept.id}", data={"title": "Our site", "language": "ja"})
    (kept,) = entries.sources()
    assert (kept.title, kept.active, kept.publish) == ("Our site", False, False)
    assert entries.due_sources() == []
    bob.post(f"/dashboard/entries/sources/{kept.id}/remove")
    assert entries.sources() == []


def test_carol_reads_but_changes_nothing(bob, client):
    bob.post("/dashboard/entries/new/event", data=event())
    kept = only()
    carol = sign_in(client, accounts.add("carol@example.org", Role.VIEWER))
    assert carol.get("/dashboard/entries").status_code == 200
    page = carol.get(f"/dashboard/entries/{kept.id}")
    assert page.status_code == 200
    assert '<fieldset class="plain" disabled>' in page.text
    assert carol.post(f"/dashboard/entries/{kept.id}", data=event(version=kept.version)).status_code == 403
    assert carol.post(f"/dashboard/entries/{kept.id}/publish").status_code == 403
    assert carol.get("/dashboard/entries/import").status_code == 403


def test_pages_speak_japanese(bob):
    for path in ("", "/new/event", "/new/analysis", "/import", "/sources"):
        page = bob.get(f"/dashboard/entries{path}?language=ja")
        assert page.status_code == 200
        assert 'lang="ja"' in page.text
