"""An error that is right as it is can stand, with a reason; any change of what it is about voids it."""

from dataclasses import replace

import pytest

from newsletter import entries, issues
from newsletter.database import db
from newsletter.errors import Conflict, Invalid
from newsletter.issues import Kind as BlockKind

BODY = "We met on Monday, 10 November 2026. TODO is the name of our choir."


@pytest.fixture
def doubted(letter, readers, dialogue, articles):
    """An issue whose text has two errors that may be right."""
    issue = issues.draft(letter)
    texts = {"en": {"body": BODY}, "ja": {"body": "こんにちは"}}
    blocks = (*issue.pieces, issues.new_block(BlockKind.TEXT, texts=texts))
    return issues.save(issue.id, 1, blocks=blocks)


def errors(issue, language="en"):
    return {finding.check: finding for finding in issues.inspect(issue, language).errors}


def stand(issue, check, reason="That is how it was."):
    return issues.override(issue.id, errors(issue)[check].mark, reason, "Bob")


def test_an_issue_goes_out_once_every_error_stands_with_a_reason(doubted):
    stand(doubted, "weekdays")
    with pytest.raises(Invalid, match="TODO"):
        issues.send(doubted.id)
    stand(doubted, "placeholders", "The choir is called so.")
    kept = issues.inspect(doubted, "ja").overridden
    assert {(one.check, one.override.reason, one.override.by) for one in kept} == {
        ("weekdays", "That is how it was.", "Bob"),
        ("placeholders", "The choir is called so.", "Bob"),
    }
    issues.send(doubted.id)


def test_it_holds_in_every_language_and_whatever_is_changed_elsewhere(doubted):
    stand(doubted, "weekdays")
    block = issues.new_block(BlockKind.HEADING, texts={"en": {"text": "More"}, "ja": {"text": "ほか"}})
    changed = issues.save(doubted.id, doubted.version, blocks=issues.added(doubted.pieces, block))
    assert set(errors(changed, "ja")) == {"placeholders"}


def test_a_change_of_the_text_voids_it(doubted):
    stand(doubted, "weekdays")
    text = doubted.pieces[-1]
    blocks = issues.edited(doubted.pieces, text.id, texts={**text.texts, "en": {"body": BODY + " Come!"}})
    assert "weekdays" in errors(issues.save(doubted.id, doubted.version, blocks=blocks))


def test_a_change_of_the_entry_voids_it(letter, readers, dialogue):
    issue = issues.draft(letter)
    first = entries.content_of(dialogue)
    texts = {**first.texts, "en": replace(first.texts["en"], summary="On Monday, 10 November 2026.")}
    changed = entries.change(dialogue.id, replace(first, texts=texts), dialogue.version, "Bob")
    db.session.commit()
    stand(issue, "entries_weekdays")
    assert "entries_weekdays" not in errors(issue)
    entries.change(
        dialogue.id, replace(first, texts=texts, register_url=""), entries.get(dialogue.id).version, "Bob"
    )
    db.session.commit()
    assert changed
    assert "entries_weekdays" in errors(issues.issue(issue.id))


def test_it_takes_a_reason_an_error_that_may_stand_and_one_that_is_still_there(doubted):
    with pytest.raises(Invalid, match="Write in a few words"):
        stand(doubted, "weekdays", "  ok ")
    with pytest.raises(Conflict, match="something else by now"):
        issues.override(doubted.id, "no such mark", "It is right.", "Bob")
    issues.save(doubted.id, doubted.version, subjects={"en": ""})
    with pytest.raises(Invalid, match="cannot be overridden"):
        stand(issues.issue(doubted.id), "lines")


def test_it_can_be_taken_back(doubted):
    kept = stand(doubted, "weekdays")
    issues.withdraw_override(doubted.id, kept.mark)
    assert "weekdays" in errors(doubted)


def test_warnings_are_seen_once_and_anew_when_one_more_comes(doubted):
    warned = issues.inspect(doubted).warned
    with pytest.raises(Invalid, match="seen the warnings"):
        issues.refuse_unseen_warnings(doubted.id)
    issues.refuse_unseen_warnings(doubted.id, warned)
    issues.see_warnings(doubted.id, warned, "Bob")
    issues.refuse_unseen_warnings(doubted.id)
    assert issues.inspect(doubted, "ja").warned == warned
    issues.save(doubted.id, doubted.version, preheaders={"en": "", "ja": ""})
    with pytest.raises(Invalid, match="seen the warnings"):
        issues.refuse_unseen_warnings(doubted.id)
    with pytest.raises(Conflict, match="other warnings"):
        issues.see_warnings(doubted.id, warned, "Bob")
