"""The dialects, each in a sample of our own: who is meant, and what it means."""

from textwrap import dedent

import pytest

from newsletter.mail import ReportKind, read_report

TOKEN = "2a-1f3-52ef8feffc238bfad677"
PATH = f"b+{TOKEN}@bounces.example.org"


def letter(text):
    return dedent(text).lstrip("\n").replace("\n", "\r\n").encode()


def told(text):
    return [(str(report.kind), report.recipient) for report in read_report(letter(text))]


QMAIL = f"""
    Return-Path: <>
    From: MAILER-DAEMON@mail.example.net
    To: {PATH}
    Subject: failure notice

    Hi. This is the qmail-send program at mail.example.net.
    I'm afraid I wasn't able to deliver your message to the following addresses.
    This is a permanent error; I've given up. Sorry it didn't work out.

    <dora@example.com>:
    192.0.2.7 does not like recipient.
    Remote host said: 550 5.1.1 User unknown
    Giving up on 192.0.2.7.

    <emi@example.com>:
    user is over quota

    --- Below this line is a copy of the message.

    Return-Path: <{PATH}>
    To: somebody-else@example.com
    """
EXIM = """
    From: Mail Delivery System <Mailer-Daemon@mx.example.net>
    To: letter@example.org
    X-Failed-Recipients: dora@example.com
    Subject: Mail delivery failed: returning message to sender

    A message that you sent could not be delivered to one or more of its
    recipients. This is a permanent error. The following address(es) failed:

      dora@example.com
        host mx.example.com [192.0.2.7]
        SMTP error from remote mail server after RCPT TO:<dora@example.com>:
        550 No Such User Here
    """
SENDMAIL = """
    From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>
    To: letter@example.org
    Subject: Returned mail: see transcript for details

       ----- The following addresses had permanent fatal errors -----
    dora@example.com
        (reason: 553 Sender Policy Framework (SPF) fail)
        (expanded from: <dora@example.net>)

       ----- Transcript of session follows -----
    550 5.1.1 dora@example.com... User unknown
    """
EXCHANGE = """
    From: System Administrator <postmaster@example.com>
    To: letter@example.org
    Subject: Undeliverable: Spam, viruses and quotas: our new paper

    Your message

      To:      dora@example.com; letters@example.net
      Subject: Spam, viruses and quotas: our new paper

    did not reach the following recipient(s):

    dora@example.com on Wed, 15 Feb 2026 04:25:29 -0500
        The recipient name is not recognized
    """
AOL = """
    From: Mail Delivery Subsystem <MAILER-DAEMON@aol.example>
    To: letter@example.org
    Subject: Mail Delivery Problem

    Sorry letter@example.org. Your mail to the following recipients could not be delivered because they are not accepting mail with attachments:

    \tdora1962
    """
HTML = """
    From: MAILER-DAEMON@example.com
    To: letter@example.org
    Content-Type: text/html

    <html><style>p { color: red }</style><p>Sorry, we were unable to deliver your message to<br>&lt;dora@example.com&gt;.</p>
    <p>No&nbsp;mailbox here by that name.</p><hr>
    """
WARNING = """
    From: Mail Delivery System <Mailer-Daemon@mx.example.net>
    To: letter@example.org
    Subject: Warning: message delayed 24 hours

    A message that you sent has not yet been delivered to: dora@example.com
    No action is required on your part. Delivery attempts will continue for some time.
    """
CHINESE = """
    From: MAILER-DAEMON@sina.example
    To: letter@example.org
    Subject: failure notice
    Content-Type: text/plain; charset=utf-8

    邮件无法发送到您指定的地址中。

    <dora@sina.example>: 用户不存在

    --- 附件中的内容是原信件的一份拷贝
    """


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (QMAIL, [("hard", "dora@example.com"), ("soft", "emi@example.com")]),
        (EXIM, [("hard", "dora@example.com")]),
        (SENDMAIL, [("soft", "dora@example.com"), ("soft", "dora@example.net")]),
        (EXCHANGE, [("hard", "dora@example.com")]),
        (AOL, [("soft", "dora1962@aol.example")]),
        (HTML, [("hard", "dora@example.com")]),
        (WARNING, [("delayed", "dora@example.com")]),
        (CHINESE, [("hard", "dora@sina.example")]),
    ],
    ids=["qmail", "exim", "sendmail", "exchange", "aol", "html", "warning", "chinese"],
)
def test_free_text_is_read(text, found):
    assert told(text) == found


def test_our_token_is_found_where_the_report_was_sent_to():
    assert {report.verp for report in read_report(letter(QMAIL))} == {TOKEN}


NAMELESS = """
    From: MAILER-DAEMON@example.com
    To: {to}
    Subject: Undelivered Mail Returned to Sender

    One of the recipients is not a valid user of this system. 550 5.1.1 User unknown
    """


def test_a_report_that_names_nobody_is_known_by_our_token():
    (report,) = read_report(letter(NAMELESS.format(to=PATH)))
    assert (report.kind, report.recipient, report.verp) == (ReportKind.HARD, None, TOKEN)


def test_a_report_that_names_nobody_is_nothing_without_it():
    assert read_report(letter(NAMELESS.format(to="letter@example.org"))) == []


COMPLAINT = """
    From: <fbl@provider.example>
    To: complaints@example.org
    Subject: FW: No. 42
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=feedback-report; boundary="b"

    --b
    Content-Type: text/plain

    This is an email abuse report for an email message.

    --b
    Content-Type: message/feedback-report

    Feedback-Type: {kind}
    User-Agent: Provider/1.0
    Version: 1
    {fields}

    --b
    Content-Type: message/rfc822

    {path}From: letter@example.org
    To: redacted@example.com
    Message-ID: <abc.42.7@example.org>
    List-Unsubscribe: <https://letter.example.org/unsubscribe/2s-1-16.AbC-d_e
     fG>
    Subject: No. 42

    Hello.
    --b--
    """


def complaint(kind="abuse", fields="Original-Rcpt-To: <redacted@example.com>", path=""):
    return read_report(letter(COMPLAINT.format(kind=kind, fields=fields, path=path)))


def test_a_complaint_is_tied_by_what_is_left_of_our_letter():
    (report,) = complaint(path=f"Return-Path: <{PATH}>\n    ")
    assert (report.kind, report.recipient) == (ReportKind.COMPLAINT, None)
    assert (report.verp, report.message_id, report.unsubscribe) == (
        TOKEN,
        "<abc.42.7@example.org>",
        "2s-1-16.AbC-d_efG",
    )


def test_a_complaint_tells_where_our_letter_came_from():
    (report,) = complaint(fields=f"Original-Mail-From: <{PATH}>\n    Original-Rcpt-To: dora@example.com")
    assert (report.verp, report.recipient) == (TOKEN, "dora@example.com")


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "dmarc", "other"])
def test_what_is_no_complaint_stops_nothing(kind):
    assert [report.kind for report in complaint(kind)] == [ReportKind.OTHER]


AWAY = """
    Return-Path: <>
    From: Dora <dora@example.com>
    To: {to}
    Subject: {subject}
    {header}

    {text}
    """


@pytest.mark.parametrize(
    ("subject", "header", "text", "kind"),
    [
        ("Out of office", "X-A: b", "I am away.", "auto_reply"),
        ("Re: No. 42", "Auto-Submitted: auto-replied", "I am away; ask office@example.com.", "auto_reply"),
        ("自動返信: 第42号", "X-A: b", "不在にしております。", "auto_reply"),
        ("Thank you for your mail", "Precedence: bulk", "I will answer soon.", "auto_reply"),
        ("Read: No. 42", "Disposition-Notification: x", "It was read.", "auto_reply"),
        ("Re: No. 42", "X-A: b", "Please click here to verify that you are a real person.", "challenge"),
    ],
)
def test_answers_of_robots_are_no_bounces(subject, header, text, kind):
    (report,) = read_report(letter(AWAY.format(to=PATH, subject=subject, header=header, text=text)))
    assert report.kind == kind


def test_a_letter_from_a_person_is_nothing():
    text = AWAY.format(
        to="office@example.org",
        subject="A question",
        header="X-A: b",
        text="My old address emi@example.com failed.",
    )
    assert read_report(letter(text.replace("Return-Path: <>", "Return-Path: <dora@example.com>"))) == []


@pytest.mark.parametrize("boundary", ["b", "lost"])
def test_a_report_whose_parts_fell_apart_is_still_read(boundary):
    text = f"""
    From: MAILER-DAEMON@mx.example.net
    To: letter@example.org
    Subject: Undelivered Mail Returned to Sender
    Content-Type: multipart/report; boundary={boundary}

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.example.net

    Original-Recipient: rfc822;dora@example.org
    Final-Recipient: rfc822; dora@example.com
    Action: failed
    Status: 5.0.0
    Diagnostic-Code: smtp; 550 No such user

    --b--
    """
    assert told(text) == [("hard", "dora@example.org")]
