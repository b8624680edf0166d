"""Proving who one is: passwords, sessions, links by mail, the first owner."""

from datetime import timedelta
from time import perf_counter

import pytest
import time_machine
from sqlalchemy import text

from newsletter import accounts, clock, delivery, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import BadLink, Conflict, Damaged, Expired, Invalid, NotAllowed
from newsletter.tokens import Purpose

WORDS = "a long walk by the sea"
OTHER = "quite another sentence"


@pytest.fixture
def alice(app, publication):
    return accounts.add("alice@example.org", Role.OWNER, WORDS, name="Alice")


@pytest.fixture
def links(monkeypatch):
    """The links in the letters that were posted, newest last; posting is the port to the outside world."""
    posted = []
    monkeypatch.setattr(delivery, "post", lambda draft, to, reference, **_: posted.append((to.email, draft)))
    return posted


def token_in(posted) -> str:
    _, draft = posted[-1]
    return draft.text.split("/dashboard/reset/")[1].split()[0]


def test_the_right_password_lets_alice_in_in_whatever_letters_she_writes_her_address(alice):
    assert accounts.sign_in(" Alice@Example.ORG ", WORDS) is alice
    assert accounts.audit_log().items[0].what == "signed in"


def test_a_wrong_password_and_an_unknown_address_are_answered_with_the_same_words(alice):
    answers = []
    for address, password in (("alice@example.org", "wrong words"), ("mallory@example.org", WORDS)):
        with pytest.raises(NotAllowed) as caught:
            accounts.sign_in(address, password)
        answers.append(str(caught.value))
    assert answers[0] == answers[1]
    assert [record.what for record in accounts.audit_log().items[:2]] == ["refused a sign-in"] * 2


def test_an_unknown_address_takes_as_long_as_a_known_one(dear_passwords, alice):
    def seconds(address: str) -> float:
        begin = perf_counter()
        with pytest.raises(NotAllowed):
            accounts.sign_in(address, "wrong words")
        return perf_counter() - begin

    known = min(seconds("alice@example.org") for _ in range(3))
    unknown = min(seconds("mallory@example.org") for _ in range(3))
    assert unknown > known / 3


def test_a_deactivated_person_is_refused_in_the_same_words(alice):
    accounts.add("bob@example.org", Role.EDITOR, WORDS)
    bob = accounts.sign_in("bob@example.org", WORDS)
    key = accounts.begin_session(bob)
    accounts.deactivate(bob, by=alice)
    with pytest.raises(NotAllowed, match="do not fit together"):
        accounts.sign_in("bob@example.org", WORDS)
    assert accounts.user_of_session(key) is None


def test_an_invited_person_without_a_password_cannot_sign_in_with_an_empty_one(alice):
    accounts.add("bob@example.org", Role.EDITOR)
    with pytest.raises(NotAllowed):
        accounts.sign_in("bob@example.org", "")


def test_a_session_belongs_to_its_person_until_the_password_changes(alice):
    keys = [accounts.begin_session(alice) for _ in range(2)]
    assert [accounts.user_of_session(key) for key in keys] == [alice, alice]
    accounts.change_password(alice, WORDS, OTHER)
    assert [accounts.user_of_session(key) for key in keys] == [None, None]
    assert accounts.sign_in("alice@example.org", OTHER) is alice


def test_a_link_that_sets_a_password_ends_every_session(alice, links):
    key = accounts.begin_session(alice)
    accounts.request_reset("alice@example.org", "en")
    accounts.answer_reset(token_in(links), OTHER)
    assert accounts.user_of_session(key) is None


def test_a_session_that_ends_leaves_those_of_other_browsers_alone(alice):
    office, home = accounts.begin_session(alice), accounts.begin_session(alice)
    accounts.end_session(office)
    assert accounts.user_of_session(office) is None
    assert accounts.user_of_session(home) is alice
    assert accounts.count_sessions(alice) == 1


def test_signing_out_everywhere_ends_ones_own_sessions_and_nobody_elses(alice):
    bob = accounts.add("bob@example.org", Role.EDITOR, WORDS)
    hers, his = [accounts.begin_session(alice) for _ in range(2)], accounts.begin_session(bob)
    accounts.sign_out_everywhere(alice)
    assert [accounts.user_of_session(key) for key in hers] == [None, None]
    assert accounts.user_of_session(his) is bob


def test_a_session_ends_after_ninety_days_however_often_it_is_used(alice):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        key = accounts.begin_session(alice)
        traveller.shift(timedelta(days=89))
        assert accounts.user_of_session(key) is alice
        traveller.shift(timedelta(days=1))
        assert accounts.user_of_session(key) is None
        assert accounts.count_sessions(alice) == 0


def test_who_reads_the_table_of_sessions_cannot_take_one_over(alice, session):
    key = accounts.begin_session(alice)
    row = str(session.execute(text("SELECT * FROM sessions")).all())
    assert key not in row


def test_the_first_sign_in_takes_the_browsers_language_and_no_later_one_does(alice):
    accounts.sign_in("alice@example.org", WORDS, language="ja")
    assert alice.language == "ja"
    accounts.sign_in("alice@example.org", WORDS, language="en")
    assert alice.language == "ja"


@pytest.mark.parametrize("key", [None, "", ".", "1", "1.", "x.y", "９.x", "1.guess", 7, ["1"], "\ud800"])
def test_a_session_that_is_not_ours_belongs_to_nobody(alice, key):
    assert accounts.user_of_session(key) is None


def test_a_password_changes_only_for_who_knows_the_present_one(alice):
    with pytest.raises(Invalid) as caught:
        accounts.change_password(alice, "not this", OTHER)
    assert caught.value.field == "old"


def test_a_link_by_mail_sets_a_password_once(alice, links):
    accounts.request_reset("ALICE@example.org", "en")
    token = token_in(links)
    assert links[-1][0] == "alice@example.org"
    assert accounts.person_of_link(token) is alice
    accounts.answer_reset(token, OTHER)
    assert accounts.sign_in("alice@example.org", OTHER) is alice
    with pytest.raises(Expired):
        accounts.answer_reset(token, "a third sentence")


def test_a_link_whose_new_password_was_refused_still_works(alice, links):
    accounts.request_reset("alice@example.org", "en")
    token = token_in(links)
    with pytest.raises(Invalid):
        accounts.answer_reset(token, "short")
    assert accounts.person_of_link(token) is alice


def test_a_link_works_for_two_hours(alice, links):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        accounts.request_reset("alice@example.org", "en")
        token = token_in(links)
        traveller.shift(timedelta(minutes=119))
        assert accounts.person_of_link(token) is alice
        traveller.shift(timedelta(minutes=2))
        with pytest.raises(Expired):
            accounts.person_of_link(token)


def test_a_stranger_who_asks_for_a_link_causes_no_mail_and_no_error(alice, links):
    accounts.request_reset("mallory@example.org", "en")
    assert links == []


def test_a_link_with_one_letter_changed_is_refused(alice, links):
    accounts.request_reset("alice@example.org", "en")
    token = token_in(links)
    for n in range(len(token)):
        forged = token[:n] + ("a" if token[n] != "a" else "b") + token[n + 1 :]
        with pytest.raises(BadLink):
            accounts.person_of_link(forged)


def test_a_link_to_unsubscribe_sets_no_password(alice):
    token = settings.tokens().make(Purpose.UNSUBSCRIBE, alice.id, 0)
    with pytest.raises(Damaged):
        accounts.person_of_link(token)


def test_an_invitation_works_for_seven_days_and_says_who_invites(alice, links):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        bob = accounts.invite("bob@example.org", Role.EDITOR, by=alice)
        assert "Alice invites you" in links[-1][1].text
        token = token_in(links)
        traveller.shift(timedelta(days=6))
        accounts.answer_reset(token, OTHER)
    assert accounts.sign_in("bob@example.org", OTHER) is bob


def test_a_person_with_a_password_is_not_invited_again(alice, links):
    with pytest.raises(Conflict):
        accounts.invite_again(alice, by=alice)


def test_a_japanese_person_gets_their_letter_in_japanese(alice, links):
    accounts.invite("emi@example.org", Role.VIEWER, by=alice, name="江口花子", language="ja")
    assert "パスワード" in links[-1][1].subject + links[-1][1].text
    assert links[-1][1].language == "ja"


def test_the_first_owner_needs_the_code_of_the_console(app):
    assert not accounts.is_set_up()
    with pytest.raises(Invalid) as caught:
        accounts.set_up_owner("aaaa-bbbb-cccc", "mallory@example.org", WORDS)
    assert caught.value.field == "code"
    code = accounts.setup_code().upper().replace("-", " ")
    alice = accounts.set_up_owner(code, "alice@example.org", WORDS)
    assert alice.role is Role.OWNER
    assert accounts.is_set_up()


def test_the_code_is_useless_once_somebody_is_there(alice):
    with pytest.raises(Conflict):
        accounts.set_up_owner(accounts.setup_code(), "mallory@example.org", WORDS)


def test_the_letter_leaves_through_the_one_letterbox(alice):
    accounts.request_reset("alice@example.org", "en")
    db.session.commit()
    mailing = delivery.mailing_of("account")
    assert mailing is not None
    assert delivery.progress(mailing).recipients == 1
