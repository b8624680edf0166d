from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter import audience, entries, insights, issues, settings
from newsletter.database import db
from newsletter.delivery.destinations import pause_domain
from newsletter.insights import Severity
from tests.issues.conftest import NOW, dialogue, lecture, letter, now, readers

__all__ = ["dialogue", "lecture", "letter", "now", "readers"]  # the cast of the issues' tests


@pytest.fixture
def relay(app):
    settings.bind(replace(settings.environment(), smtp_urls=("smtp://127.0.0.1:9",)))


def test_an_empty_place_says_what_to_do_first(app):
    seen = insights.overview("en")
    assert seen.sentence.startswith("No issue is being written.")
    assert {need.about for need in seen.needs} == {"publication", "list"}
    assert seen.fate is None
    assert seen.growth.confirmed == 0


@pytest.mark.usefixtures("readers", "dialogue", "relay")
def test_a_draft_is_told_with_its_readers_and_what_was_found(letter):
    draft = issues.draft(letter)
    seen = insights.overview("en")
    assert seen.sentence.startswith("Tokyo Letter No. 1 is a draft.")
    assert seen.next_issue.id == draft.id
    assert seen.next_issue.readers == (("en", 2), ("ja", 1))
    assert insights.overview("ja").sentence.startswith("東京だより 第1号は下書きです。")


@pytest.mark.usefixtures("readers", "relay")
def test_a_scheduled_issue_with_an_error_needs_somebody(letter, dialogue, now):
    draft = issues.draft(letter)
    issues.save(draft.id, draft.version, subjects={"en": "Come to Tokyo", "ja": "東京へ"})
    issues.send(draft.id, datetime(2026, 11, 9, tzinfo=UTC))
    entries.withdraw(dialogue.id)
    seen = insights.overview("en")
    assert "goes out on Monday 9 November 2026, 9:00 (Tokyo), and 1 error stands in its way." in seen.sentence
    assert [(need.severity, need.about, need.number) for need in seen.needs] == [
        (Severity.BAD, "issue", draft.id)
    ]


@pytest.mark.usefixtures("readers", "relay")
def test_a_held_issue_needs_somebody(letter, dialogue, now):
    draft = issues.draft(letter)
    issues.send(draft.id, NOW + timedelta(hours=1))
    now.move_to(NOW + timedelta(days=3))
    issues.send_due()
    assert "No. 1 was due and did not go out." in [need.sentence for need in insights.overview("en").needs]


@pytest.mark.usefixtures("dialogue", "relay")
def test_a_sending_is_told_with_figures_that_add_up(letter, readers, now):
    sent = issues.send(issues.draft(letter).id)
    db.session.commit()
    seen = insights.overview("en")
    assert seen.sentence.startswith("Tokyo Letter No. 1 is going out: 0 of 3 have been tried.")
    assert seen.fate.progress.recipients == 3
    issues.pause(sent.id, "Bob")
    seen = insights.overview("en")
    assert seen.sentence.startswith("The sending of Tokyo Letter No. 1 is paused. 1 thing needs you.")
    assert seen.needs[0].about == "sending"


@pytest.mark.usefixtures("readers", "relay")
def test_coming_events_say_what_readers_were_told(letter, dialogue, lecture, now):
    issues.send(issues.draft(letter).id)
    now.move_to(datetime(2026, 10, 20, tzinfo=UTC))
    issues.draft(letter)
    first, second = insights.overview("en").events
    assert (first.day, first.told, first.next) == ("10–11 November", "No. 1", "last call in No. 2")
    assert (second.told, second.next, second.severity) == ("No. 1", "Japanese text missing", Severity.WARN)
    assert insights.overview("ja").events[0].told == "第1号"


@pytest.mark.usefixtures("readers", "relay")
def test_an_event_cancelled_after_readers_were_told_needs_somebody(letter, dialogue):
    issues.send(issues.draft(letter).id)
    entries.cancel(dialogue.id, by="Bob")
    (need,) = insights.overview("en").needs
    assert need.sentence == (
        "“Thirteenth UK–Japan Security Dialogue” was cancelled after Tokyo Letter No. 1 had told readers of it."
    )
    assert (need.severity, need.about, need.number) == (Severity.BAD, "correction", dialogue.id)
    begun = issues.correct(dialogue.id, letter.id)
    (need,) = insights.overview("en").needs
    assert (need.severity, need.about, need.number) == (Severity.WARN, "issue", begun.id)


@pytest.mark.usefixtures("relay")
def test_growth_counts_who_joined_and_left_since_the_last_issue(letter, readers, dialogue, now):
    issues.send(issues.draft(letter).id)
    now.shift(60)
    audience.import_subscribers(["gus@example.org"], letter.id, confirmed=True)
    audience.unsubscribe(1, letter.id, audience.Source.PAGE)
    growth = insights.overview("en").growth
    assert (growth.confirmed, growth.joined, growth.left, growth.change) == (3, 1, 1, 0)
    assert growth.since == "Since No. 1"
    assert len(growth.points) == 12


def test_durations_are_written_as_people_say_them():
    assert insights.write_duration(timedelta(seconds=592), "en") == "9 min 52 s"
    assert insights.write_duration(timedelta(seconds=592), "ja") == "9分52秒"
    assert insights.write_duration(timedelta(seconds=7), "en") == "7 s"
    assert insights.write_duration(timedelta(hours=2, minutes=3), "en") == "2 h 3 min"


@pytest.mark.usefixtures("relay")
def test_a_domain_that_finds_fault_with_us_is_named_with_its_reason(app):
    with db.engine.begin() as connection:
        pause_domain(connection, "example.com", "The receiving server is upset.", "421 4.7.28 too many")
    need = next(need for need in insights.overview("en").needs if "example.com" in need.sentence)
    assert need.detail.startswith("The receiving server is upset.")
