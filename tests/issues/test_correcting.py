from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from newsletter import entries, issues
from newsletter.database import db
from newsletter.entries import Day


@pytest.fixture
def told(letter, readers, dialogue):
    """Readers were told of the dialogue in No. 1."""
    sent = issues.send(issues.draft(letter).id)
    db.session.commit()
    return sent


def change(entry, **changes):
    entries.change(entry.id, replace(entries.content_of(entry), **changes), entry.version, "Bob")
    db.session.commit()


def move(entry):
    change(entry, days=(Day(date(2026, 11, 17), time(10), time(18)),))


def test_nothing_is_outdated_while_events_stay_as_they_were_told(told, dialogue):
    change(dialogue, contact_email="alice@example.org")
    assert issues.outdated() == []


def test_a_cancelled_event_is_outdated_until_an_issue_says_so(told, letter, dialogue):
    entries.cancel(dialogue.id, by="Bob")
    (found,) = issues.outdated()
    assert (found.what, found.told.number, found.correction) == ("cancelled", 1, None)
    begun = issues.correct(dialogue.id, letter.id, by="Bob")
    assert begun.subjects == {
        "en": "Cancelled: Thirteenth UK–Japan Security Dialogue",
        "ja": "【中止】第13回 日英安全保障対話",
    }
    assert begun.pieces[0].text("body", "en") == (
        "In No. 1 we told you of “Thirteenth UK–Japan Security Dialogue”. "
        "It was to take place on Tuesday 10 November 2026, 10:00–18:00; Wednesday 11 November 2026, 9:30–17:00 and has been cancelled."
    )
    assert not issues.errors_of(issues.check(begun))
    assert issues.outdated()[0].correction.id == begun.id
    issues.send(begun.id)
    assert issues.outdated() == []


def test_a_moved_event_is_told_with_its_old_date_and_its_new_one(told, letter, dialogue):
    move(dialogue)
    begun = issues.correct(dialogue.id, letter.id)
    assert begun.subjects["en"] == "New date: Thirteenth UK–Japan Security Dialogue, Tuesday 17 November"
    assert "It now takes place on Tuesday 17 November 2026, 10:00–18:00, not on" in begun.pieces[0].text(
        "body", "en"
    )
    assert "11月17日(火)" in begun.pieces[0].text("body", "ja")
    assert not [
        one
        for one in issues.check(begun)
        if "Dialogue” has changed" in one.sentence or "no longer right" in one.sentence
    ]


def test_readers_of_each_list_are_asked_for_by_themselves(told, letter, dialogue):
    assert [one.told.list_id for one in issues.outdated(dialogue.id)] == []
    move(dialogue)
    assert [one.told.list_id for one in issues.outdated(dialogue.id)] == [letter.id]


def test_what_need_not_be_told_asks_again_only_when_it_changes_once_more(told, letter, dialogue):
    move(dialogue)
    issues.need_not_tell(dialogue.id, letter.id)
    assert issues.outdated() == []
    entries.cancel(dialogue.id, by="Bob")
    assert [one.what for one in issues.outdated()] == ["cancelled"]


def test_an_event_that_is_over_needs_no_correction(told, dialogue, now):
    entries.cancel(dialogue.id, by="Bob")
    now.move_to(datetime(2026, 11, 12, tzinfo=UTC))
    assert issues.outdated() == []
