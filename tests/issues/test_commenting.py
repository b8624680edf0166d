"""Comments among colleagues, and who is here: written by those who may, told once, and gone when it is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from newsletter import accounts, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.delivery.tables import Mailing
from newsletter.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.issues.conftest import NOW


@pytest.fixture
def alice(publication):
    return accounts.add("alice@example.org", Role.OWNER, name="Bob Hale")


@pytest.fixture
def bob(alice):
    return accounts.add("bob@example.org", Role.EDITOR, name="Bob")


@pytest.fixture
def hanako(alice):
    return accounts.add("hanako@example.org", Role.EDITOR, name="江口花子", language="ja")


@pytest.fixture
def dave(alice):
    return accounts.add("dave@example.org", Role.VIEWER, name="Dave")


@pytest.fixture
def draft(letter, readers, dialogue, bob, hanako):
    return issues.draft(letter, by="Bob")


def posted():
    found = db.session.scalars(select(Mailing).where(Mailing.service).order_by(Mailing.id))
    return [one.label for one in found]


def test_a_thread_is_answered_resolved_and_opened_again(draft, bob, hanako):
    block = draft.pieces[0]
    first = issues.say(draft.id, bob, " Is the date right? ", block.id)
    issues.say(draft.id, hanako, "Send it on Tuesday.")
    assert issues.open_threads(draft.id) == {block.id: 1, "": 1}
    issues.answer(first.id, hanako, "It is.")
    issues.resolve(first.id, hanako)
    issues.resolve(first.id, bob)  # twice is once
    thread = issues.threads(draft.id)[0]
    assert [one.words for one in (thread.first, *thread.answers)] == ["Is the date right?", "It is."]
    assert (thread.is_open, thread.first.resolved_by) == (False, "江口花子")
    assert issues.open_threads(draft.id) == {"": 1}
    issues.answer(first.id, bob, "I am not sure.")
    assert issues.open_threads(draft.id) == {block.id: 1, "": 1}


def test_only_who_wrote_a_comment_changes_it_and_readers_write_none(draft, bob, hanako, dave):
    said = issues.say(draft.id, bob, "Look.")
    for person in (hanako, dave):
        with pytest.raises(NotAllowed):
            issues.reword(said.id, person, "Not mine")
        with pytest.raises(NotAllowed):
            issues.take_back(said.id, person)
    for act in (lambda: issues.say(draft.id, dave, "x"), lambda: issues.resolve(said.id, dave)):
        with pytest.raises(NotAllowed):
            act()
    accounts.change_role(bob, Role.VIEWER)
    with pytest.raises(NotAllowed):
        issues.reword(said.id, bob, "Not any more")
    with pytest.raises(Invalid, match="Write what"):
        issues.say(draft.id, hanako, "  \n ")
    with pytest.raises(Invalid, match="4000 are the most"):
        issues.say(draft.id, hanako, "x" * 4001)


def test_a_comment_that_is_taken_back_leaves_a_gap_only_while_it_has_answers(draft, bob, hanako):
    first = issues.say(draft.id, bob, "Look.")
    answer = issues.answer(first.id, hanako, "Where?")
    issues.take_back(first.id, bob)
    assert issues.threads(draft.id)[0].first.words == ""
    with pytest.raises(NotFound):
        issues.reword(first.id, bob, "Look again")
    issues.take_back(answer.id, hanako)
    assert issues.threads(draft.id) == []
    with pytest.raises(NotFound):
        issues.answer(first.id, hanako, "Late")


def test_comments_on_a_block_stay_readable_once_it_is_dropped(draft, bob):
    first, entry, *rest = draft.pieces
    issues.say(draft.id, bob, "Too long.", entry.id)
    issues.save(draft.id, draft.version, blocks=(first, *rest))
    thread = issues.threads(draft.id)[0]
    assert thread.first.block_words == "Thirteenth UK–Japan Security Dialogue"
    with pytest.raises(Conflict, match="has been dropped"):
        issues.say(draft.id, bob, "Still too long.", entry.id)
    issues.answer(thread.first.id, bob, "It is gone.")


def test_a_block_is_remembered_by_its_words_without_their_markup(draft, bob):
    note = issues.new_block("text", texts={"ja": {"body": "<p>二つの<b>国</b></p>"}})
    issues.save(draft.id, draft.version, blocks=(note,))
    assert issues.say(draft.id, bob, "?", note.id).block_words == "二つの国"


def test_whom_a_comment_names_is_told_once_the_talk_has_paused(draft, bob, hanako, alice, now):
    said = issues.say(draft.id, bob, "＠江口花子 please look", draft.pieces[0].id)
    assert issues.tell_mentioned() == 0
    now.move_to(NOW + timedelta(seconds=50))
    issues.answer(said.id, bob, "@江口花子 and at the next one. @Nobody @Bob")
    now.move_to(NOW + timedelta(seconds=100))
    assert issues.tell_mentioned() == 0
    now.move_to(NOW + timedelta(seconds=111))
    assert issues.tell_mentioned() == 1
    assert posted() == ["東京だより 第1号であなたへの言及があります"]
    issues.reword(said.id, bob, "@江口花子 please look at it")
    now.move_to(NOW + timedelta(minutes=10))
    assert issues.tell_mentioned() == 0  # of a comment one is told once
    assert [one.id for one in issues.mentions_of(hanako)] == [said.id + 1, said.id]
    issues.resolve(said.id, hanako)
    assert issues.mentions_of(hanako) == []


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it(draft, bob, hanako, alice):
    issues.say(draft.id, hanako, "@Bob Hale, do you agree?")
    assert (len(issues.mentions_of(alice)), len(issues.mentions_of(bob))) == (1, 0)
    issues.say(draft.id, hanako, "Then this.", tell=[bob.id])
    assert issues.mentions_of(bob)[0].words == "@Bob Then this."


def test_a_comment_is_taken_back_before_anybody_is_told(draft, bob, hanako, now):
    said = issues.say(draft.id, bob, "@江口花子 sorry")
    issues.take_back(said.id, bob)
    now.move_to(NOW + timedelta(minutes=5))
    assert issues.tell_mentioned() == 0
    assert posted() == []


def test_a_draft_with_comments_can_be_thrown_away(draft, bob, hanako):
    issues.answer(issues.say(draft.id, bob, "@江口花子 drop it?").id, hanako, "Yes.")
    issues.be_here(draft.id, bob, "one")
    db.session.commit()
    issues.discard(draft.id)
    assert issues.threads(draft.id) == []


def test_two_at_one_issue_see_each_other_and_where(draft, bob, hanako, now):
    block = draft.pieces[0].id
    issues.be_here(draft.id, bob, "one", block)
    issues.be_here(draft.id, bob, "two")
    issues.be_here(draft.id, hanako, "three")
    assert [(one.called, one.blocks) for one in issues.who_is_here(draft.id, besides=hanako)] == [
        ("Bob", (block,))
    ]
    issues.leave(draft.id, bob, "one")
    assert issues.who_is_here(draft.id, besides=hanako)[0].blocks == ()
    now.move_to(NOW + timedelta(seconds=13))
    issues.be_here(draft.id, hanako, "three")
    assert issues.who_is_here(draft.id, besides=hanako) == []
    issues.forget_who_was_here()
    assert [one.called for one in issues.who_is_here(draft.id, besides=bob)] == ["江口花子"]
    accounts.deactivate(hanako)
    assert issues.who_is_here(draft.id, besides=bob) == []
