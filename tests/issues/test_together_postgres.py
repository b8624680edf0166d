"""Working together on PostgreSQL, where two can be in the middle of something at once."""

from threading import Barrier, Thread

import pytest

from newsletter import accounts, audience, issues, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.entries import Content, Kind, Text
from newsletter.errors import Conflict
from newsletter.issues import Standing
from tests.issues.conftest import told


@pytest.fixture
def draft(postgres_app):
    settings.change_publication(names={"en": "Minato Institute"}, postal_addresses={"en": "Tokyo"})
    letter = audience.create_list("tokyo-letter", {"en": "Tokyo Letter"})
    audience.change_list(letter.id, approvers="editor")
    told(Content(kind=Kind.NEWS, texts={"en": Text(title="A new director")}))
    for name in ("alice", "bob", "charlie"):
        accounts.add(f"{name}@example.org", Role.EDITOR, name=name)
    made = issues.draft(letter)
    db.session.commit()
    return made


def person(name):
    return next(one for one in accounts.people() if one.name == name)


@pytest.mark.postgres
def test_of_two_who_answer_at_once_one_does_and_the_other_is_told(postgres_app, draft):
    number = draft.id
    seen = issues.ask_for_approval(number, person("alice")).now.digest
    db.session.commit()
    ready, fates = Barrier(2), []

    def answer(name):
        with postgres_app.app_context():
            by = person(name)
            ready.wait()
            try:
                issues.approve(number, by, seen)
                db.session.commit()
                fates.append("done")
            except Conflict:
                db.session.rollback()
                fates.append("too late")

    steps = [Thread(target=answer, args=(name,)) for name in ("bob", "charlie")]
    for step in steps:
        step.start()
    for step in steps:
        step.join()
    assert sorted(fates) == ["done", "too late"]
    assert [step.deed for step in issues.approval_steps(number)] == ["asked", "approved"]
    assert issues.approval(issues.gather(issues.issue(number))).standing is Standing.APPROVED
    assert issues.send(number).state == "sending"


@pytest.mark.postgres
def test_who_is_here_goes_by_the_database_s_clock(draft):
    alice, bob = person("alice"), person("bob")
    for block in ("", "", "a1"):
        issues.be_here(draft.id, alice, "page", block)
        db.session.commit()
    assert [one.blocks for one in issues.who_is_here(draft.id, besides=bob)] == [("a1",)]
    issues.forget_who_was_here()
    assert len(issues.who_is_here(draft.id, besides=bob)) == 1
    issues.answer(issues.say(draft.id, alice, "@bob look").id, alice, "@bob again")
    assert len(issues.mentions_of(bob)) == 2
    assert issues.open_threads(draft.id) == {"": 1}
    assert issues.tell_mentioned() == 0
