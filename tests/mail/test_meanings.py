"""What servers reply is sorted by whose fault it is, and said in plain words."""

import pytest

from newsletter.mail import Reply, explain
from newsletter.mail.judging import Stage, judge
from newsletter.mail.replies import ReplyReader


def reply(line: str) -> Reply:
    [read] = ReplyReader().feed(line.encode() + b"\r\n")
    return read


@pytest.mark.parametrize(
    ("stage", "line", "outcome", "fault", "words"),
    [
        # the recipient
        ("RCPT", "550 5.1.1 <dora@example.com>: User unknown", "refused", "recipient", "no such mailbox"),
        ("RCPT", "550 5.4.1 Recipient address rejected: Access denied", "refused", "recipient", "could not be reached"),
        ("RCPT", "550 No such user here", "refused", "recipient", "no such mailbox"),
        ("RCPT", "550 Mailbox unavailable", "refused", "recipient", "does not take this address"),
        ("RCPT", "556 5.1.10 null MX", "refused", "recipient", "domain"),
        ("RCPT", "550 5.4.4 host not found", "refused", "recipient", "could not be reached"),
        ("RCPT", "452 4.2.2 mailbox full", "deferred", "recipient", "full"),
        ("RCPT", "552 5.2.2 over quota", "deferred", "recipient", "full"),
        ("RCPT", "452 too many recipients", "deferred", "recipient", "no mail at the moment"),
        ("RCPT", "451 4.7.1 Greylisted, come back later", "deferred", "recipient", "new sender"),
        ("RCPT", "450 4.2.1 The user is receiving mail at a rate that prevents", "deferred", "recipient", "at the moment"),
        ("RCPT", "499 what", "deferred", "recipient", "later"),
        ("RCPT", "599 what", "refused", "recipient", "refused"),
        (".", "550 5.1.1 no such user after all", "refused", "recipient", "no such mailbox"),
        # the message
        ("MAIL", "552 5.3.4 too big", "refused", "message", "larger"),
        ("RCPT", "552 5.2.3 message too large for this mailbox", "refused", "message", "larger"),
        (".", "554 5.7.1 This looks like spam", "refused", "message", "spam"),
        (".", "550 5.7.1 refused by policy", "refused", "message", "rules"),
        (".", "451 4.7.1 try again", "deferred", "message", "later"),
        (".", "554 no", "refused", "message", "refused"),
        # the relay
        ("MAIL", "452 4.3.1 Insufficient system storage", "deferred", "relay", "no mail at the moment"),
        ("RCPT", "451 4.3.2 not accepting messages", "deferred", "relay", "no mail at the moment"),
        ("DATA", "451 4.3.0 queue file write error", "deferred", "relay", "no mail at the moment"),
        (".", "452 4.3.1 Insufficient system storage", "deferred", "relay", "no mail at the moment"),
        ("RCPT", "421 4.3.2 shutting down", "deferred", "relay", "no mail at the moment"),
        ("RCPT", "503 5.5.1 nested MAIL", "deferred", "relay", ""),
        # the sender
        (".", "550-5.7.26 This mail is unauthenticated", "deferred", "sender", "authenticated"),
        (".", "421-4.7.28 unusual rate", "deferred", "sender", "too much mail"),
        (".", "550 5.7.25 no PTR", "deferred", "sender", "PTR"),
        (".", "550 5.7.27 SPF", "deferred", "sender", "SPF"),
        (".", "421 4.7.29 not over TLS", "deferred", "sender", "encrypted"),
        (".", "550 5.7.30 DKIM", "deferred", "sender", "DKIM"),
        (".", "550 5.7.40 no DMARC policy", "deferred", "sender", "authenticated"),
        (".", "550 5.7.515 Access denied, sending domain x does not meet", "deferred", "sender", "authenticated"),
        ("MAIL", "550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "deferred", "sender", "blocks"),
        ("MAIL", "550 5.7.606 Access denied, banned sending IP", "deferred", "sender", "blocks"),
        ("RCPT", "550 SC-001 Mail rejected for policy reasons: poor reputation of your IP", "deferred", "sender", "blocks"),
        ("MAIL", "421 4.7.0 [TSS04] Messages temporarily deferred", "deferred", "sender", "blocks"),
        ("MAIL", "530 5.7.0 Must issue a STARTTLS command first", "deferred", "sender", "write tls=starttls"),
        ("RCPT", "554 5.7.1 <x@example.com>: Recipient address rejected: Access denied", "deferred", "sender", "carry"),
        ("MAIL", "530 Authentication required", "deferred", "sender", "password"),
        ("RCPT", "554 5.7.1 <x@example.com>: Relay access denied", "deferred", "sender", "carry"),
        ("RCPT", "451 4.7.1 too many messages from you, slow down", "deferred", "sender", "too much"),
        ("MAIL", "553 5.1.8 sender domain does not exist", "deferred", "sender", "sender"),
    ],
)  # fmt: skip
def test_a_reply_is_sorted_by_whose_fault_it_is(stage, line, outcome, fault, words):
    result = judge(1, Stage(stage), reply(line.replace("-", " ", 1) if line[3] == "-" else line))
    assert (result.outcome, result.fault) == (outcome, fault)
    assert words in result.reason


@pytest.mark.parametrize("line", ["550 5.1.1 user is on our block list", "550 5.2.1 account throttled"])
def test_words_that_sound_like_ours_do_not_outweigh_a_status_about_the_mailbox(line):
    assert judge(1, Stage.RCPT, reply(line)).fault == "recipient"


def test_a_success_is_sent_whatever_its_words():
    result = judge(1, Stage.DOT, reply("250 2.0.0 Ok: not on any block list, no spam"))
    assert (result.outcome, result.fault, result.reason) == ("sent", None, "The server took the message.")


def test_a_status_of_another_class_than_the_code_is_not_believed():
    assert reply("550 2.1.5 fine").enhanced is None
    assert explain(reply("450 5.1.1 x")) == "The mailbox cannot take mail at the moment."


def test_an_explanation_is_one_sentence():
    for code in (*range(200, 600), 421):
        for enhanced in (None, "4.1.1", "5.7.26", "5.9.9"):
            sentence = explain(Reply(code, enhanced, "x"))
            assert sentence.endswith(".")
            assert "\n" not in sentence


def test_access_denied_is_about_the_reader_where_the_relay_takes_others():
    answer = reply("554 5.7.1 <dora@example.com>: Recipient address rejected: Access denied")
    result = judge(1, Stage.RCPT, answer, welcome=True)
    assert (result.outcome, result.fault) == ("refused", "recipient")
    assert "rules" in result.reason
