"""What comes back of a letter that really went out: who is touched by it, and who is not."""

import re

import pytest

from newsletter import audience, delivery, feedback, mail, settings
from newsletter.database import db
from newsletter.inbox import Inbox
from newsletter.mail import ReportKind
from newsletter.tokens import Purpose

DORA, EMI = "dora@example.com", "emi@example.com"


@pytest.fixture
def sent(publication):
    """A mailing to Dora and Emi that has arrived; gives its number."""
    for slug in ("tokyo-letter", "event-notices"):
        audience.create_list(slug, {"en": slug})
        audience.import_subscribers([DORA, EMI], slug, confirmed=True)
    link = f"https://letter.example.org/unsubscribe/{mail.mark('token:unsubscribe')}"
    draft = mail.Draft(
        sender=mail.Address("letter@example.org", "Minato Institute"),
        subject="No. 42",
        html=f'<p><a href="{link}">leave</a></p>',
        text=f"Leave: {link}",
        language="en",
    )
    list_id = audience.mailing_list("tokyo-letter").id
    letter = delivery.Letter(
        "No. 42", "issue:42", {"en": mail.compile(draft)}, "letter@example.org", scope=list_id
    )
    mailing = delivery.enqueue(letter, audience.readers(list_id))
    db.session.commit()
    with delivery.catching():
        delivery.deliver()
    return mailing


@pytest.fixture
def path(sent):
    """The return path of Dora's letter, as her server saw it."""
    return return_path(sent, DORA)


def return_path(mailing, address):
    view = next(one for one in delivery.recipients(mailing).items if one.address == address)
    return mail.return_path("bounces.example.org", settings.environment().secret_keys, mailing, view.seq)


def arrived(address):
    box = Inbox(settings.environment().data_dir / "inbox")
    return box.read(box.letters(limit=1, search=address)[0].id)


def bounce(to, status="5.1.1", words="550 5.1.1 User unknown", recipient=DORA, more=""):
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@example.com\r\nTo: {to}\r\nSubject: Undelivered mail\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.com\r\n\r\n"
        f"{more}Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {words}\r\n\r\n--x--\r\n"
    ).encode()


def complaint(letter, kind="abuse"):
    return (
        "From: fbl@provider.example\r\nTo: complaints@example.org\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=x\r\n\r\n--x\r\n"
        f"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: {kind}\r\nVersion: 1\r\nOriginal-Rcpt-To: redacted\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\n{letter}\r\n--x--\r\n"
    ).encode()


def standing(address):
    choices = audience.preferences(audience.subscriber(address).id).choices
    return {choice.state.value if choice.state else None for choice in choices}


def test_a_hard_bounce_suppresses_the_address_it_was_sent_to(path, sent):
    (report,) = feedback.receive(bounce(path))
    assert report.kind is ReportKind.HARD
    assert delivery.suppression(DORA).reason == "hard bounce"
    assert delivery.suppression(EMI) is None
    assert feedback.counts(sent) == feedback.Counts(bounces=1, complaints=0)


def test_the_return_path_outranks_every_address_in_the_text(path):
    feedback.receive(bounce(path, recipient=EMI))
    assert delivery.suppression(DORA)
    assert delivery.suppression(EMI) is None


def test_the_envelope_outranks_the_headers(path, sent):
    feedback.receive(bounce(path), envelope_to=return_path(sent, EMI))
    assert delivery.suppression(EMI)
    assert delivery.suppression(DORA) is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.2.2", "552 5.2.2 Mailbox full"),
        ("5.7.1", "550 5.7.1 Message rejected as spam"),
        ("4.4.1", "connection timed out"),
    ],
)
def test_what_may_pass_is_counted_and_suppresses_nobody(path, sent, status, words):
    feedback.receive(bounce(path, status, words))
    assert delivery.suppression(DORA) is None
    assert feedback.counts(sent).bounces == 1


def test_a_complaint_ends_every_subscription_at_once(path, sent):
    feedback.receive(complaint(f"Return-Path: <{path}>\r\nSubject: No. 42\r\n\r\nHello"))
    assert delivery.suppression(DORA).reason == "complaint"
    assert standing(DORA) == {"unsubscribed"}
    assert standing(EMI) == {"confirmed"}
    assert feedback.counts(sent).complaints == 1


def test_a_complaint_with_all_addresses_hidden_is_known_by_the_unsubscribe_link(sent):
    letter = arrived(DORA)
    link = re.search(r"https://\S+/unsubscribe/[\w.-]+", letter.text)[0]
    feedback.receive(complaint(f"To: redacted@example.com\r\nList-Unsubscribe: <{link}>\r\n\r\nredacted"))
    assert delivery.suppression(DORA).reason == "complaint"
    assert standing(DORA) == {"unsubscribed"}


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_what_is_no_complaint_changes_nothing(path, kind):
    feedback.receive(complaint(f"Return-Path: <{path}>\r\n\r\nHello", kind))
    assert delivery.suppression(DORA) is None
    assert standing(DORA) == {"confirmed"}


def test_the_same_message_received_twice_counts_once(path, sent):
    for _ in range(2):
        feedback.receive(bounce(path))
        db.session.commit()
    assert feedback.counts(sent).bounces == 1


def test_a_report_of_several_forwarded_copies_is_weighed_by_the_address_we_wrote_to(path, sent):
    elsewhere = (
        "Final-Recipient: rfc822; old@elsewhere.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 User unknown\r\n\r\n"
    )
    feedback.receive(bounce(path, "5.2.2", "552 Mailbox full", more=elsewhere))
    assert delivery.suppression(DORA) is None
    assert feedback.counts(sent).bounces == 1


@pytest.mark.parametrize("forge", ["cut", "changed", "other-key", "letter"])
def test_a_forged_token_touches_nobody(path, sent, forge):
    token = path[2:].partition("@")[0]
    changed = ("a" if token[-2] != "a" else "b") + token[-1]
    forged = {
        "cut": f"b+{token[:-3]}@bounces.example.org",
        "changed": f"b+{token[:-2]}{changed}@bounces.example.org",
        "other-key": mail.return_path("bounces.example.org", ("another secret key of Mallory's",), sent, 1),
        "letter": "letter@example.org",
    }[forge]
    assert [report.kind for report in feedback.receive(bounce(forged))] == [ReportKind.HARD]
    assert delivery.suppression(DORA) is None
    assert feedback.counts(sent).bounces == 0


def test_a_token_made_for_another_purpose_is_no_unsubscribe_link(sent):
    token = settings.tokens().lasting(Purpose.CLICK, audience.subscriber(DORA).id, 1, sent)
    feedback.receive(
        complaint(f"List-Unsubscribe: <https://letter.example.org/unsubscribe/{token}>\r\n\r\nHello")
    )
    assert delivery.suppression(DORA) is None


def test_a_bounce_by_the_unsubscribe_link_alone_touches_nobody(sent):
    link = re.search(r"https://\S+/unsubscribe/[\w.-]+", arrived(DORA).text)[0]
    feedback.receive(bounce("letter@example.org") + f"\r\n\r\nList-Unsubscribe: <{link}>\r\n".encode())
    assert delivery.suppression(DORA) is None


def test_a_late_bounce_of_somebody_who_was_erased_is_taken_quietly(path):
    audience.forget(audience.subscriber(DORA).id)
    db.session.commit()
    assert [report.kind for report in feedback.receive(bounce(path))] == [ReportKind.HARD]


def test_what_is_no_report_is_nothing(sent):
    assert feedback.receive(b"From: dora@example.com\r\nSubject: Hello\r\n\r\nHow are you?") == []
    assert feedback.counts(sent) == feedback.Counts(0, 0)
