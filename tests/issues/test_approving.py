"""Approval by another person: nothing else goes out than what somebody who may approve it has approved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter import accounts, audience, entries, issues, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, NotAllowed
from newsletter.issues import Kind, Plan, Standing, State
from tests.issues.conftest import NOW


@pytest.fixture
def alice(publication):
    return accounts.add("alice@example.org", Role.OWNER, name="Alice")


@pytest.fixture
def bob(alice):
    return accounts.add("bob@example.org", Role.EDITOR, name="Bob")


@pytest.fixture
def charlie(alice):
    return accounts.add("charlie@example.org", Role.EDITOR, name="Charlie", language="ja")


@pytest.fixture
def dave(alice):
    return accounts.add("dave@example.org", Role.VIEWER, name="Dave")


@pytest.fixture
def draft(letter, readers, dialogue, bob, charlie):
    audience.change_list(letter.id, approvers="editor")
    accounts.act_as(bob)
    made = issues.draft(letter, by=bob.called)
    db.session.commit()
    return made


def standing(draft):
    return issues.approval(issues.gather(issues.issue(draft.id)))


def approved(draft, bob, charlie):
    issues.ask_for_approval(draft.id, bob)
    found = issues.approve(draft.id, charlie, standing(draft).now.digest)
    assert found.holds
    return found


def edit(draft, who, **changes):
    accounts.act_as(who)
    found = issues.issue(draft.id)
    return issues.save(draft.id, found.version, by=who.called, **changes)


def changed(draft, language="en"):
    found = standing(draft)
    materials = issues.gather(issues.issue(draft.id))
    return [(one.what, one.by) for one in issues.changed_parts(found.last, found.now, materials, language)]


def test_an_issue_goes_out_only_once_another_person_has_approved_it(draft, bob, charlie):
    for at in (None, NOW + timedelta(hours=1)):
        with pytest.raises(Invalid, match="Say that the issue is ready"):
            issues.send(draft.id, at)
    issues.ask_for_approval(draft.id, bob, "Please look at the subject.")
    with pytest.raises(Invalid, match="waits for its approval"):
        issues.send(draft.id)
    issues.approve(draft.id, charlie, standing(draft).now.digest)
    assert issues.send(draft.id).state is State.SENDING
    trail = [(step.deed, step.by, step.words) for step in issues.approval_steps(draft.id)]
    assert trail == [("asked", "Bob", "Please look at the subject."), ("approved", "Charlie", "")]
    assert any(
        record.what == "approved an issue" and record.who == charlie.email
        for record in accounts.audit_log().items
    )


def test_whoever_asks_edited_last_or_may_only_read_does_not_approve(draft, alice, bob, charlie, dave):
    issues.ask_for_approval(draft.id, bob)
    seen = standing(draft).now.digest
    for person, why in ((bob, "You asked"), (dave, "You may not approve")):
        with pytest.raises(NotAllowed, match=why):
            issues.approve(draft.id, person, seen)
    edit(draft, charlie, subjects={"en": "By Charlie", "ja": "改題"})
    accounts.change_name(charlie, "Somebody else")
    with pytest.raises(NotAllowed, match="edited this issue last"):
        issues.approve(draft.id, charlie, standing(draft).now.digest)
    with pytest.raises(NotAllowed):
        issues.ask_for_approval(draft.id, dave)
    assert issues.approve(draft.id, alice, standing(draft).now.digest).holds


def test_a_list_may_ask_for_the_approval_of_an_owner(letter, draft, alice, bob, charlie):
    audience.change_list(letter.id, approvers="owner")
    issues.ask_for_approval(draft.id, bob)
    with pytest.raises(NotAllowed):
        issues.approve(draft.id, charlie, standing(draft).now.digest)
    assert issues.approve(draft.id, alice, standing(draft).now.digest).holds
    with pytest.raises(Invalid, match="Choose editor, owner or nobody"):
        audience.change_list(letter.id, approvers="anybody")


def test_those_who_may_approve_are_told_once_and_whoever_asked_gets_the_answer(draft, alice, bob, charlie):
    issues.ask_for_approval(draft.id, bob, "Ready <b>now</b>")
    with pytest.raises(Conflict, match="waits for its approval already"):
        issues.ask_for_approval(draft.id, bob)
    waiting = [one.label for one in posted()]
    assert waiting == ["Ready for review: Tokyo Letter No. 1", "確認のお願い:東京だより 第1号"]
    issues.send_back(draft.id, charlie, standing(draft).now.digest, "The date is wrong.")
    assert [one.label for one in posted()][2:] == ["Changes asked for: Tokyo Letter No. 1"]
    with pytest.raises(Invalid, match="Changes to this issue were asked for"):
        issues.send(draft.id)
    with pytest.raises(Conflict, match="does not wait"):
        issues.approve(draft.id, charlie, standing(draft).now.digest)
    issues.ask_for_approval(draft.id, bob)
    assert standing(draft).standing is Standing.WAITS


def posted():
    from sqlalchemy import select

    from newsletter.delivery.tables import Mailing

    return list(db.session.scalars(select(Mailing).where(Mailing.service).order_by(Mailing.id)))


def test_any_edit_of_what_readers_get_voids_an_approval_and_says_what_and_who(draft, bob, charlie, dialogue):
    approved(draft, bob, charlie)
    kept = dict(issues.issue(draft.id).subjects)
    edit(draft, bob, subjects={**kept, "ja": "改題しました"})
    assert standing(draft).standing is Standing.CHANGED
    assert changed(draft) == [("Subject, Japanese", "Bob")]
    with pytest.raises(Invalid, match="has changed since it was approved"):
        issues.send(draft.id)
    edit(draft, charlie, subjects=kept)
    assert standing(draft).holds  # what was approved is what is there again


def test_every_part_that_readers_get_is_bound(draft, letter, bob, charlie, dialogue):
    approved(draft, bob, charlie)
    first, *rest = issues.issue(draft.id).pieces
    note = issues.new_block(Kind.TEXT, texts={"en": {"body": "One more thing, {name|dear reader}."}})
    told = next(one for one in rest if one.kind is Kind.ENTRY)
    for blocks, words in (
        ((*rest, first), "The order of the blocks"),
        ((first, *rest, note), "New: block"),
        (tuple(rest), "Dropped: Text"),
        ((first, *(replace(one, layout="line") if one is told else one for one in rest)), ", Entry"),
        ((first, *(replace(one, hidden=("ja",)) if one is told else one for one in rest)), ", Entry"),
    ):
        edit(draft, bob, blocks=blocks)
        assert words in changed(draft)[0][0], words
        edit(draft, bob, blocks=(first, *rest))
        assert standing(draft).holds
    settings.change_publication(postal_addresses={"en": "Elsewhere", "ja": "別の所"})
    assert changed(draft) == [("The look, or what stands around the blocks", "")]
    assert changed(draft, "ja") != changed(draft, "en")


def test_an_entry_that_changes_voids_it_and_the_passing_of_time_does_not(draft, bob, charlie, dialogue, now):
    approved(draft, bob, charlie)
    now.move_to(datetime(2026, 10, 20, 9, tzinfo=UTC))
    assert standing(draft).holds
    content = entries.content_of(dialogue)
    texts = {**content.texts, "en": replace(content.texts["en"], venue="Another hall")}
    entries.change(dialogue.id, replace(content, texts=texts), dialogue.version, "Alice")
    db.session.commit()
    assert changed(draft) == [("The entry “Thirteenth UK–Japan Security Dialogue”", "Alice")]


def test_what_was_edited_in_the_same_second_is_not_approved_unseen(draft, bob, charlie):
    issues.ask_for_approval(draft.id, bob)
    seen = standing(draft).now.digest
    edit(draft, bob, subjects={"en": "Slipped in", "ja": "差し替え"})
    with pytest.raises(Conflict, match="changed since you looked"):
        issues.approve(draft.id, charlie, seen)
    assert standing(draft).standing is Standing.WAITS


def test_of_two_answers_to_one_sight_the_first_counts(draft, alice, bob, charlie):
    issues.ask_for_approval(draft.id, bob)
    seen = standing(draft).now.digest
    issues.send_back(draft.id, alice, seen, "Not yet.")
    with pytest.raises(Conflict):
        issues.approve(draft.id, charlie, seen)
    assert standing(draft).standing is Standing.SENT_BACK
    issues.ask_for_approval(draft.id, bob)
    issues.approve(draft.id, charlie, seen_again := standing(draft).now.digest)
    issues.send_back(draft.id, alice, seen_again, "Stop: the venue has moved.")
    with pytest.raises(Invalid, match="Changes to this issue"):
        issues.send(draft.id)


def test_an_approval_lapses_with_the_role_of_whoever_gave_it(letter, draft, bob, charlie):
    issues.ask_for_approval(draft.id, bob)
    seen = standing(draft).now.digest
    accounts.change_role(charlie, Role.VIEWER)
    with pytest.raises(NotAllowed):
        issues.approve(draft.id, charlie, seen)
    accounts.change_role(charlie, Role.EDITOR)
    issues.approve(draft.id, charlie, seen)
    accounts.deactivate(charlie)
    with pytest.raises(Invalid, match="may not do so any more"):
        issues.send(draft.id)
    accounts.activate(charlie)
    audience.change_list(letter.id, approvers="owner")
    assert standing(draft).standing is Standing.LAPSED


def test_a_scheduled_issue_that_changed_since_it_was_approved_is_held(draft, bob, charlie, dialogue, now):
    approved(draft, bob, charlie)
    issues.send(draft.id, NOW + timedelta(hours=2))
    assert standing(draft).holds
    edit(draft, bob, preheaders={"en": "Something else", "ja": "別のこと"})
    now.move_to(NOW + timedelta(hours=2, seconds=1))
    assert issues.send_due() == []
    held = issues.issue(draft.id)
    assert (held.state, held.held["en"]) == (
        State.DRAFT,
        "This issue has changed since it was approved. It needs another approval.",
    )
    assert held.held["ja"] != held.held["en"]
    issues.approve(draft.id, charlie, standing(draft).now.digest)
    issues.send(draft.id, NOW + timedelta(hours=4))
    now.move_to(NOW + timedelta(hours=4, seconds=1))
    assert issues.send_due() == [draft.id]


def test_what_waits_is_shown_to_those_who_can_answer(draft, alice, bob, charlie, dave):
    assert issues.waiting_for(charlie) == []
    issues.ask_for_approval(draft.id, bob)
    assert [one.id for one in issues.waiting_for(charlie)] == [draft.id]
    assert issues.waiting_for(bob) == issues.waiting_for(dave) == []
    issues.approve(draft.id, charlie, standing(draft).now.digest)
    assert issues.waiting_for(alice) == []
    edit(draft, bob, subjects={"en": "Once more", "ja": "もう一度"})
    assert [one.id for one in issues.waiting_for(alice)] == [draft.id]


def test_without_anybody_else_there_is_nobody_to_ask(letter, readers, dialogue, alice):
    audience.change_list(letter.id, approvers="owner")
    made = issues.draft(letter)
    with pytest.raises(Invalid, match="nobody else who may approve"):
        issues.ask_for_approval(made.id, alice)
    audience.change_list(letter.id, approvers="")
    assert standing(made) is None
    with pytest.raises(Conflict, match="asks for no approval"):
        issues.ask_for_approval(made.id, alice)


def test_another_list_that_an_issue_goes_to_as_well_asks_for_its_approval_too(
    draft, letter, alice, bob, charlie
):
    audience.change_list(letter.id, approvers="")
    other = audience.create_list("members", {"en": "Members", "ja": "会員"})
    audience.change_list(other.id, approvers="owner")
    assert standing(draft) is None
    accounts.act_as(charlie)
    issues.plan(draft.id, draft.version, Plan(lists=(other.id,)), by=charlie.called)
    with pytest.raises(Invalid, match="Say that the issue is ready"):
        issues.send(draft.id)
    issues.ask_for_approval(draft.id, bob)
    assert [one.id for one in issues.waiting_for(alice)] == [draft.id]
    digest = standing(draft).now.digest
    with pytest.raises(NotAllowed, match="You may not approve"):
        issues.approve(draft.id, charlie, digest)
    assert issues.approve(draft.id, alice, digest).holds
    issues.plan(draft.id, issues.issue(draft.id).version, Plan(), by=charlie.called)
    audience.change_list(letter.id, approvers="editor")
    assert changed(draft) == [("The lists it goes to", "Charlie")]
    with pytest.raises(NotAllowed, match="edited this issue last"):
        issues.approve(draft.id, charlie, standing(draft).now.digest)
