"""Sending an issue to later readers: those who joined its list since it went out, each once, and all in one report."""

from dataclasses import replace

import pytest

from newsletter import audience, delivery, issues, settings
from newsletter.audience import Source
from newsletter.database import db
from newsletter.errors import Conflict
from newsletter.issues import State
from tests.delivery.conftest import server
from tests.issues.test_sending import adds_up

__all__ = ["server"]


@pytest.fixture
def sent(letter, readers, dialogue, server):
    """An issue that three readers have."""
    settings.bind(replace(settings.environment(), smtp_urls=(server.url,)))
    made = issues.send(issues.draft(letter).id)
    db.session.commit()
    delivery.deliver(20)
    issues.settle()
    db.session.commit()
    assert issues.report(made.id).sent == 3
    return made


def join(letter, *rows):
    audience.import_subscribers(["email,name,language", *rows], letter.id, confirmed=True)
    db.session.commit()


def deliver():
    db.session.commit()
    delivery.deliver(20)
    issues.settle()
    db.session.commit()


def test_who_joined_since_gets_it_once_in_their_language_and_the_report_adds_up(sent, letter, server):
    join(letter, "gwen@example.org,Gwen,en", "hana@example.jp,花,ja", "dora@example.org,Dora,en")
    assert issues.later_readers(sent.id) == {"en": 1, "ja": 1}
    assert issues.send_to_later_readers(sent.id) == 2
    assert issues.report(sent.id).state is State.SENDING
    deliver()
    report = issues.report(sent.id)
    assert (report.state, report.recipients, report.sent) == (State.SENT, 5, 5)
    assert adds_up(report)
    assert set(server.recipients.values()) == {1}
    mails = {recipient: message for recipient, _, message in server.taken}
    assert mails["gwen@example.org"].count(b"Subject:") == 1
    english, japanese = (
        mails[who].split(b"Subject:")[1][:40] for who in ("gwen@example.org", "hana@example.jp")
    )
    assert english in mails["dora@example.org"]
    assert japanese in mails["emi@example.jp"]
    assert issues.later_readers(sent.id) == {"en": 0, "ja": 0}
    assert issues.send_to_later_readers(sent.id) == 0


def test_a_link_in_a_later_readers_mail_is_as_good_as_any(sent, letter, server):
    join(letter, "gwen@example.org,Gwen,en")
    issues.send_to_later_readers(sent.id)
    deliver()
    row = delivery.recipients(sent.mailing_id).items[-1]
    assert (row.address, row.seq, row.mailing_id) == ("gwen@example.org", 4, sent.mailing_id)
    assert len({one.message_id for one in delivery.recipients(sent.mailing_id).items}) == 4


def test_who_left_is_suppressed_or_was_refused_is_not_tried_again(sent, letter, server):
    dora = delivery.recipients(sent.mailing_id).items[0]
    audience.unsubscribe(dora.reader, letter.id, Source.PAGE)
    delivery.suppress("gwen@example.org", "complaint")
    join(letter, "gwen@example.org,Gwen,en", "hugo@example.org,Hugo,en")
    assert issues.send_to_later_readers(sent.id) == 2
    deliver()
    report = issues.report(sent.id)
    assert (report.sent, report.suppressed, report.recipients) == (4, 1, 5)
    assert adds_up(report)
    assert server.recipients["dora@example.org"] == 1


def test_it_goes_on_while_the_issue_is_still_going_out(letter, readers, dialogue, server):
    settings.bind(replace(settings.environment(), smtp_urls=(server.url,)))
    going = issues.send(issues.draft(letter).id)
    db.session.commit()
    join(letter, "gwen@example.org,Gwen,en")
    issues.pause(going.id, "Bob")
    assert issues.send_to_later_readers(going.id) == 1
    deliver()
    assert issues.report(going.id).queued == 4
    issues.resume(going.id)
    deliver()
    assert (issues.report(going.id).sent, issues.report(going.id).state) == (4, State.SENT)


def test_a_draft_and_a_cancelled_issue_have_no_later_readers(letter, readers, dialogue, articles):
    draft = issues.draft(letter)
    with pytest.raises(Conflict, match="was sent, and not cancelled"):
        issues.later_readers(draft.id)
    issues.send(draft.id)
    issues.cancel(draft.id)
    join(letter, "gwen@example.org,Gwen,en")
    with pytest.raises(Conflict, match="was sent, and not cancelled"):
        issues.send_to_later_readers(draft.id)


def test_an_issue_to_nobody_reaches_the_first_who_joins(letter, dialogue, server):
    settings.bind(replace(settings.environment(), smtp_urls=(server.url,)))
    made = issues.send(issues.draft(letter).id)
    issues.settle()
    assert issues.report(made.id).state is State.SENT
    join(letter, "gwen@example.org,Gwen,en")
    assert issues.send_to_later_readers(made.id) == 1
    deliver()
    assert (issues.report(made.id).sent, issues.report(made.id).state) == (1, State.SENT)
