"""What the checks find in subjects, preheaders and free texts, and what one press puts right."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from newsletter import entries, issues, settings
from newsletter.database import db
from newsletter.entries import Content, Day, Kind, Text
from newsletter.issues import Kind as BlockKind
from newsletter.issues import Level, Remedy
from newsletter.issues.alike import page_of
from newsletter.issues.passages import Passage
from tests.issues.conftest import told


def written(letter, body="Hello", subject="An autumn letter", preheader="What we read", language="en"):
    """An issue of one text in one language, and a plain one in the other."""
    issue = issues.draft(letter)
    other = {"en": "ja", "ja": "en"}[language]
    block = issues.new_block(BlockKind.TEXT, texts={language: {"body": body}, other: {"body": "…"}})
    lines = {language: subject, other: "秋"}, {language: preheader, other: "読む"}
    return issues.save(issue.id, issue.version, subjects=lines[0], preheaders=lines[1], blocks=(block,))


def found(issue, check):
    return [finding for finding in issues.inspect(issue).findings if finding.check == check]


WRONG_DAYS = [
    ("en", "We meet on Wednesday, 10 November 2026.", "Wednesday", "Tuesday"),
    ("en", "We meet on 10 November (Wed).", "Wed", "Tue"),
    ("en", "<p>MONDAY 10 November</p>", "MONDAY", "TUESDAY"),
    ("ja", "11月10日(水)に開きます。", "水", "火"),
    ("ja", "２０２６年１１月１０日（水曜日）", "水", "火"),
    ("ja", "11/10（月・祝）", "月", "火"),
]


@pytest.mark.parametrize("case", WRONG_DAYS)
def test_a_weekday_that_does_not_belong_to_its_date_is_found_and_put_right(letter, readers, dialogue, case):
    language, body, wrong, right = case
    issue = written(letter, body, language=language)
    block = replace(issues.new_block(BlockKind.ENTRY, entry=dialogue.id), id="told")
    issue = issues.save(issue.id, issue.version, blocks=(*issue.pieces, block))
    (finding,) = found(issue, "weekdays")
    assert (finding.level, finding.anchor) == (Level.ERROR, f"{issue.pieces[0].id}-body-{language}")
    assert finding.detail == "It is Tuesday 10 November 2026."
    _, _, mended = issues.mended(issue, finding.mark, issue.subjects, issue.preheaders, issue.pieces)
    assert mended[0].text("body", language) == body.replace(wrong, right)
    assert not found(issues.save(issue.id, issue.version, blocks=mended), "weekdays")


def test_a_date_without_a_year_is_wrong_only_where_no_near_year_fits(letter, readers):
    assert not found(written(letter, "Since Tuesday, 4 August, we read."), "weekdays")  # this year
    assert not found(written(letter, "Until Wednesday, 4 August, we read."), "weekdays")  # next year
    (finding,) = found(written(letter, "On Monday, 4 August, we read."), "weekdays")
    assert finding.level is Level.WARNING
    (finding,) = found(written(letter, "On Monday, 31 November, we read."), "weekdays")
    assert "no such day" in finding.sentence


def test_the_weekday_of_a_subject_is_put_right_there(letter, readers):
    issue = written(letter, subject="See you on Friday 10 November 2026")
    (finding,) = found(issue, "weekdays")
    assert (finding.field, finding.anchor, finding.remedies) == ("subject-en", "subject-en", (Remedy.MEND,))
    subjects, _, _ = issues.mended(issue, finding.mark, issue.subjects, issue.preheaders, issue.pieces)
    assert subjects["en"] == "See you on Tuesday 10 November 2026"


def test_what_was_typed_meanwhile_is_mended_and_not_lost(letter, readers):
    issue = written(letter, "Friday 10 November 2026")
    (finding,) = found(issue, "weekdays")
    typed = issues.edited(
        issue.pieces, finding.block_id, texts={"en": {"body": "Friday 10 November 2026, at noon"}}
    )
    _, _, mended = issues.mended(issue, finding.mark, {"en": "New"}, {}, typed)
    assert mended[0].text("body", "en") == "Tuesday 10 November 2026, at noon"


@pytest.mark.parametrize(
    ("check", "level", "line"),
    [
        ("length", Level.HINT, {"subject": "a" * 71}),
        ("length", Level.WARNING, {"subject": "語" * 51}),
        ("repeats", Level.WARNING, {"preheader": "An AUTUMN letter!"}),
        ("tone", Level.HINT, {"subject": "READ THIS LETTER NOW"}),
        ("tone", Level.HINT, {"subject": "読んでください！！"}),
        ("tone", Level.HINT, {"preheader": "Act now, dear readers"}),
        ("placeholders", Level.ERROR, {"subject": "TODO: subject"}),
        ("placeholders", Level.ERROR, {"body": "Lorem ipsum dolor sit amet."}),
        ("placeholders", Level.ERROR, {"body": "●月●日に開きます"}),
        ("placeholders", Level.WARNING, {"body": "講演（仮）"}),
        ("examples", Level.WARNING, {"body": "See https://example.com/page."}),
        ("names", Level.ERROR, {"body": "Dear {nam|reader}"}),
        ("nameless", Level.WARNING, {"body": "Dear {name}"}),
        ("words_of_links", Level.HINT, {"body": "[Click here](https://www.minato.example/a)"}),
        (
            "words_of_links",
            Level.HINT,
            {"body": '<p>詳細は<a href="https://www.minato.example/a">こちら</a></p>'},
        ),
        ("ways_to_write", Level.ERROR, {"body": "[Write](mailto:office@) to us"}),
        ("ways_to_write", Level.ERROR, {"body": "[Call](tel:us) us"}),
    ],
)
def test_words_are_found_that_readers_should_not_see(letter, readers, check, level, line):
    assert [one.level for one in found(written(letter, **line), check)] == [level]


def test_a_page_of_ours_that_is_not_there_is_found(letter, readers, dialogue):
    pages = settings.url("/entries/gone?language=en"), settings.url(f"/entries/{dialogue.slug}")
    issue = written(letter, f"[Gone]({pages[0]}) and [there]({pages[1]})")
    assert [one.level for one in found(issue, "our_pages")] == [Level.ERROR]


@pytest.mark.parametrize(
    "line",
    [
        {"subject": "NATO and the UK", "preheader": "Why now? An answer!"},
        {"body": "Dear {name|reader}, [the agenda](https://www.minato.example/a) of 3 rooms (see §4)."},
        {"body": "[Write](mailto:office@example.org?subject=Hello), [call](tel:+81-3-0000-0000)"},
        {"body": "申込は[日英対話の申込ページ](https://www.minato.example/a)から"},
    ],
)
def test_good_words_are_left_alone(letter, readers, line):
    harmless = {"foreign"}
    said = [one for one in issues.inspect(written(letter, **line)).findings if one.check not in harmless]
    assert [one.sentence for one in said if "address of examples" not in one.sentence] == []


def test_the_subject_of_the_last_issue_and_what_it_told_are_remembered(
    letter, readers, articles, dialogue, now
):
    first = issues.draft(letter)
    issues.send(first.id)
    db.session.commit()
    now.move_to(datetime(2026, 10, 9, tzinfo=UTC))
    again = issues.draft(letter)
    blocks = [issues.new_block(BlockKind.ENTRY, entry=entry.id) for entry in (articles[0], dialogue)]
    again = issues.save(again.id, 1, subjects=first.subjects, blocks=tuple(blocks))
    assert [one.field for one in found(again, "as_last_time")] == ["subject-en", "subject-ja"]
    assert [(one.level, one.entry_id) for one in found(again, "sent")] == [
        (Level.WARNING, articles[0].id),
        (Level.HINT, dialogue.id),
    ]


@pytest.fixture
def workshop(publication, now):
    texts = {"en": Text(title="Cable repair workshop"), "ja": Text(title="海底ケーブル修理講習会")}
    where = "https://www.example.org/workshop?id=7"
    content = Content(
        kind=Kind.EVENT,
        texts=texts,
        days=(Day(date(2026, 11, 20), time(10)),),
        timezone="Asia/Tokyo",
        register_url=where,
    )
    return told(content)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.org/workshop?id=7",
        "http://example.org/workshop/?utm_source=letter&id=7#form",
        "https://www.example.org/ja/workshop?id=7&lang=ja",
    ],
)
def test_a_link_for_one_event_that_leads_to_the_registration_of_another_is_found(
    letter, readers, dialogue, workshop, address
):
    issue = written(letter, f"Thirteenth UK–Japan Security Dialogue: [register]({address}).")
    (finding,) = found(issue, "registrations")
    assert finding.level is Level.ERROR
    assert finding.may_stand
    _, _, mended = issues.mended(issue, finding.mark, issue.subjects, issue.preheaders, issue.pieces)
    assert "https://www.example.org/register" in mended[0].text("body", "en")
    right = f"Thirteenth UK–Japan Security Dialogue, and [Cable repair workshop]({address})."
    assert not found(written(letter, right), "registrations")
    other_number = address.replace("id=7", "id=8")
    assert not found(
        written(letter, f"Thirteenth UK–Japan Security Dialogue: {other_number}"), "registrations"
    )


def test_a_button_below_an_entry_belongs_to_it(letter, readers, dialogue, workshop):
    issue = issues.draft(letter)
    texts = {"en": {"label": "Register", "url": "https://www.example.org/workshop?id=7"}}
    blocks = (
        issues.new_block(BlockKind.ENTRY, entry=dialogue.id),
        issues.new_block(BlockKind.BUTTON, texts=texts),
    )
    issue = issues.save(issue.id, 1, blocks=blocks)
    assert [one.level for one in found(issue, "registrations")] == [Level.WARNING]


def test_two_events_with_one_registration_page_are_found_unless_they_are_a_series(
    letter, readers, dialogue, workshop
):
    changed = replace(entries.content_of(workshop), register_url="https://www.example.org/register/")
    entries.change(workshop.id, changed, workshop.version, "Bob")
    db.session.commit()
    issue = issues.draft(letter)
    assert len(found(issue, "shared")) == 1


def test_pages_are_told_apart_by_what_tells_them_apart():
    assert page_of("https://www.example.org/en/a/?utm_medium=x") == page_of("http://example.org/ja/a#top")
    assert page_of("https://example.org/a/index.html") == page_of("https://example.org/a")
    assert page_of("https://example.org/a?id=1") != page_of("https://example.org/a?id=2")
    assert page_of("https://example.org/a") != page_of("https://example.com/a")
    assert page_of("https://[broken/a") == "https://[broken/a"


def test_an_address_ends_where_its_sentence_goes_on():
    text = "[表](https://minato.jp/a)。(https://minato.jp/b_(c)) と https://minato.jp/d、https://minato.jp/e."
    found = Passage(text, "body", "ja").addresses
    assert found == [f"https://minato.jp/{page}" for page in ("a", "b_(c)", "d", "e")]
