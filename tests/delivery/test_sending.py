"""A mailing from its letter to its last outcome, over a real server."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from unittest.mock import patch

import pytest
import time_machine

from newsletter import delivery, errors, mail, settings
from newsletter.database import db
from newsletter.delivery import MailingState, State, delivering, freezing
from newsletter.tokens import Purpose
from tests.delivery.conftest import (
    agree,
    draft,
    engine_matters_little,
    look,
    readers,
    rows,
    send,
    template,
    use,
)


def test_every_reader_gets_one_mail_and_the_report_adds_up(relay):
    mailing = send(1200)
    assert look(mailing).queued == 1200
    tally = delivery.deliver()
    assert tally.sent == 1200
    seen = look(mailing)
    assert (seen.state, seen.sent) == (MailingState.FINISHED, 1200)
    assert seen.finished_at is not None
    agree(mailing)
    assert set(relay.recipients.values()) == {1}
    assert len(relay.recipients) == 1200
    assert relay.most_connections <= 10


@engine_matters_little
def test_a_mail_carries_the_readers_name_a_link_of_their_own_and_a_return_path(relay):
    paths = []
    relay.judge = lambda stage, argument: paths.append(argument) if stage == "MAIL" else None
    mailing = send(1, scope=7)
    delivery.deliver()
    recipient, message_id, message = relay.taken[0]
    text = message.decode().replace("=\r\n", "")
    assert "Dear Reader 1" in text.replace("=20", " ")
    token = re.search(r"unsubscribe/([\w.-]+)", text)[1]
    assert settings.tokens().read(Purpose.UNSUBSCRIBE, token) == (1, 7, mailing)
    row = rows(mailing)[0]
    assert row.message_id == message_id
    path = re.search("<(.*?)>", paths[0])[1]
    assert path.endswith("@bounces.example.org")
    found = delivery.bounced(path)
    assert (found.address, found.mailing_id, found.seq) == (recipient, mailing, 1)
    with pytest.raises(errors.Damaged):
        delivery.bounced("b+aaaaaaaa@bounces.example.org")


@engine_matters_little
def test_a_variant_that_is_not_there_is_served_by_the_first(relay):
    mailing = send(1, templates={"ja": template("こんにちは")})
    delivery.deliver()
    assert look(mailing).sent == 1


def test_a_mailing_to_nobody_is_finished_at_once(relay):
    mailing = delivery.enqueue(
        delivery.Letter("No. 1", "issue:1", {"en": template()}, "letter@example.org"),
        readers(5).where(db.literal(1) == 2),
    )
    db.session.commit()
    seen = look(mailing)
    assert (seen.state, seen.recipients) == (MailingState.FINISHED, 0)


def test_a_mailing_waits_for_its_time_and_then_takes_the_readers_of_that_moment(relay):
    start = datetime.now(UTC) + timedelta(hours=1)
    mailing = send(30, start_at=start)
    assert delivery.sweep() is False
    assert look(mailing).recipients == 0
    with time_machine.travel(start + timedelta(seconds=5), tick=True):
        assert delivery.sweep() is True
        assert look(mailing).recipients == 30
        delivery.deliver()
        assert look(mailing).sent == 30


def test_readers_with_colons_quotes_and_backslashes_wait_unharmed(relay):
    start = datetime.now(UTC) + timedelta(minutes=1)
    hard = readers(1).with_only_columns(
        db.literal("dora@example.org"),
        db.literal("en"),
        db.literal(1),
        db.literal(r"O'Dora :a \:b 100% ::c"),
        db.literal('{"a": 1}'),
    )
    mailing = delivery.enqueue(
        delivery.Letter("No. 1", "issue:1", {"en": template()}, "letter@example.org", start_at=start), hard
    )
    db.session.commit()
    with time_machine.travel(start + timedelta(seconds=5), tick=True):
        delivery.sweep()
        assert rows(mailing)[0].name == r"O'Dora :a \:b 100% ::c"


@pytest.fixture
def _small_parts(monkeypatch):
    monkeypatch.setattr(freezing, "_FIRST", 10)
    monkeypatch.setattr(freezing, "_NEXT", 20)


@pytest.mark.usefixtures("_small_parts")
def test_the_first_of_many_readers_are_served_while_the_others_are_written_down(relay):
    mailing = send(75)
    seen = look(mailing)
    assert (seen.recipients, seen.queued, seen.grows) == (10, 10, True)
    delivery.deliver()
    seen = look(mailing)
    assert (seen.state, seen.sent, seen.grows) == (MailingState.FINISHED, 75, False)
    agree(mailing)
    assert set(relay.recipients.values()) == {1}
    assert len(relay.recipients) == 75


@pytest.mark.usefixtures("_small_parts")
def test_a_mailing_whose_first_readers_have_it_is_not_over_before_the_others_have(relay):
    mailing = send(35)
    for most in (10, 30, 35):
        with patch.object(delivering, "freeze_due", return_value=False):
            delivery.deliver()
        seen = look(mailing)
        assert (seen.sent, seen.state == MailingState.FINISHED) == (most, most == 35)
        freezing.freeze_due(db.engine)
    agree(mailing)


@pytest.mark.usefixtures("_small_parts")
def test_a_mailing_withdrawn_among_its_parts_takes_nobody_more(relay):
    mailing = send(75)
    delivery.withdraw(mailing)
    db.session.commit()
    delivery.sweep()
    seen = look(mailing)
    assert (seen.state, seen.recipients, seen.withdrawn) == (MailingState.WITHDRAWN, 10, 10)
    agree(mailing)


@pytest.mark.usefixtures("_small_parts")
def test_suppressed_readers_of_a_first_part_do_not_end_a_mailing(relay):
    for number in range(1, 11):
        delivery.suppress(f"reader{number}@example.org", "asked")
    mailing = send(12)
    delivery.deliver()
    seen = look(mailing)
    assert (seen.state, seen.suppressed, seen.sent) == (MailingState.FINISHED, 10, 2)


@pytest.mark.usefixtures("_small_parts")
def test_a_mailing_to_none_but_suppressed_readers_is_finished(relay):
    for number in range(1, 13):
        delivery.suppress(f"reader{number}@example.org", "asked")
    mailing = send(12)
    delivery.sweep()
    seen = look(mailing)
    assert (seen.state, seen.suppressed) == (MailingState.FINISHED, 12)


@pytest.mark.usefixtures("_small_parts")
def test_readers_without_a_number_are_all_in_the_first_part(relay):
    found = readers(30).subquery()
    address, variant, number, name, fields = found.c
    some = db.select(address, variant, db.case((number % 2 == 0, number)), name, fields)
    letter = delivery.Letter("No. 1", "issue:1", {"en": template()}, "letter@example.org")
    mailing = delivery.enqueue(letter, some)
    db.session.commit()
    assert look(mailing).recipients == 25
    delivery.deliver()
    assert look(mailing).sent == len(relay.recipients) == 30


@pytest.mark.usefixtures("_small_parts")
def test_later_readers_are_written_down_in_parts_too(relay):
    mailing = send(12)
    delivery.deliver()
    assert delivery.extend(mailing, readers(40, first=101)) == 40
    db.session.commit()
    seen = look(mailing)
    assert (seen.state, seen.recipients, seen.grows) == (MailingState.SENDING, 22, True)
    delivery.deliver()
    assert (look(mailing).state, look(mailing).sent) == (MailingState.FINISHED, 52)
    assert set(relay.recipients.values()) == {1}


@pytest.mark.usefixtures("_small_parts")
def test_several_who_freeze_a_mailing_at_once_take_each_reader_once(relay):
    mailing = send(300)
    engine = db.engine
    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(_freeze_all, engine) for _ in range(4)]
    assert sum(each.result() for each in done) == 15
    agree(mailing)
    assert {row.address for row in rows(mailing)} == {f"reader{n}@example.org" for n in range(1, 301)}


def _freeze_all(engine):
    return sum(1 for _ in takewhile(bool, (freezing.freeze_due(engine) for _ in range(100))))


def test_service_mail_overtakes_an_issue(relay):
    send(600)
    delivery.post(draft(), mail.Address("dora@example.com", "Dora"), "confirm")
    db.session.commit()
    delivery.deliver()
    assert [recipient for recipient, _, _ in relay.taken].index("dora@example.com") < 20


@engine_matters_little
def test_service_mail_posted_while_an_issue_runs_does_not_wait_for_its_end(relay, place):
    import threading

    relay.delay = 0.06
    mailing = send(250)
    thread = threading.Thread(target=_deliver_in, args=(place,))
    thread.start()
    _until(lambda: len(relay.taken) > 20)
    posted = delivery.post(draft(), mail.Address("dora@example.com"), "confirm")
    db.session.commit()
    _until(lambda: "dora@example.com" in relay.recipients)
    assert len(relay.taken) < 200
    thread.join()
    assert look(posted).state == MailingState.FINISHED
    assert look(mailing).sent == 250


def test_an_unknown_user_is_refused_and_suppressed(relay):
    relay.judge = lambda stage, who: (
        "550 5.1.1 no such user" if (stage, who) == ("RCPT", "reader3@example.org") else None
    )
    mailing = send(5)
    delivery.deliver()
    seen = look(mailing)
    assert (seen.sent, seen.refused, seen.state) == (4, 1, MailingState.FINISHED)
    assert delivery.suppression("READER3@example.org").reason == "hard bounce at delivery"
    reason = delivery.breakdown(mailing).reasons[0]
    assert (reason.count, reason.outcome) == (1, State.REFUSED)
    assert [said.words for said in reason.replies] == ["550 5.1.1 no such user"]
    again = send(5, reference="issue:43")
    assert (look(again).suppressed, look(again).queued) == (1, 4)


@pytest.mark.slow
@engine_matters_little
def test_a_full_mailbox_is_tried_again_until_it_is_given_up(relay):
    relay.judge = lambda stage, _: "452 4.2.2 mailbox full" if stage == "RCPT" else None
    mailing = send(3)
    delivery.deliver()
    seen = look(mailing)
    assert (seen.deferred, seen.state) == (3, MailingState.WAITING)
    assert timedelta(minutes=25) < seen.next_try_at - datetime.now(UTC) < timedelta(minutes=35)
    assert delivery.deliver().seconds < 2
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        for _ in range(12):
            clock.shift(timedelta(hours=8, minutes=1))
            delivery.deliver()
        seen = look(mailing)
        assert (seen.refused, seen.state) == (3, MailingState.FINISHED)
        assert delivery.suppression("reader1@example.org") is None


@engine_matters_little
def test_a_greylisted_confirmation_comes_back_within_minutes(relay):
    relay.judge = lambda stage, _: "451 4.7.1 greylisted, try later" if stage == "RCPT" else None
    posted = delivery.post(draft(), mail.Address("dora@example.org"), "confirm")
    db.session.commit()
    delivery.deliver()
    relay.judge = lambda *_: None
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6), tick=True):
        delivery.deliver()
        assert look(posted).sent == 1


def test_a_suppressed_address_gets_nothing_unless_the_caller_knows_better(relay):
    delivery.suppress("Dora@EXAMPLE.org", "complaint")
    quiet = delivery.post(draft(), mail.Address("dora@example.org"), "notice")
    loud = delivery.post(draft(), mail.Address("dora@example.org"), "confirm", even_if_suppressed=True)
    db.session.commit()
    delivery.deliver()
    assert look(quiet).suppressed == 1
    assert look(loud).sent == 1
    assert delivery.lift("dora@example.org") is True
    assert delivery.suppression("dora@example.org") is None


def test_an_address_suppressed_after_the_start_is_spared(relay):
    mailing = send(10)
    delivery.suppress("reader4@example.org", "complaint")
    db.session.commit()
    delivery.deliver()
    assert (look(mailing).suppressed, look(mailing).sent) == (1, 9)
    agree(mailing)


@engine_matters_little
def test_two_relays_the_second_takes_over_when_the_first_is_down(relay):
    use("smtp://127.0.0.1:1", relay.url)
    mailing = send(50)
    delivery.deliver()
    assert look(mailing).sent == 50
    first, second = delivery.relays()
    assert (first.resting, second.resting) == (True, False)


def test_without_a_relay_the_mailing_says_so(place):
    mailing = send(3)
    delivery.deliver()
    assert "SMTP_URL" in look(mailing).notice


def _deliver_in(app):
    with app.app_context():
        delivery.deliver()
        db.session.remove()


def _until(happens, seconds=10):
    import time

    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_a_mailing_from_what_is_no_address_is_refused_at_once(place):
    with pytest.raises(errors.Invalid, match="not a mail address"):
        send(sender_email="letter@example.org>\r\nRCPT TO:<evil@example.com")
