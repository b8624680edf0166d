"""What servers say, in the words they use, and what it means: hard only where the address itself is no good."""

import pytest

from newsletter.mail import ReportKind, read_report

HARD, SOFT = ReportKind.HARD, ReportKind.SOFT

SAID = [
    # no such mailbox
    (HARD, "5.1.1", "smtp; 550 5.1.1 <dora@example.com>: Recipient address rejected: User unknown in local recipient table"),
    (HARD, "5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. Learn more at 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser a1-20020 - gsmtp"),
    (HARD, "5.2.1", "smtp; 550 5.2.1 The email account that you tried to reach is disabled. Learn more at https://support.google.com/mail/?p=DisabledUser"),
    (HARD, "5.0.0", "smtp; 554 delivery error: dd This user doesn't have a yahoo.com account (dora@yahoo.com) [0] - mta1"),
    (HARD, "5.0.0", "smtp; 554 delivery error: dd Sorry your message to dora@yahoo.com cannot be delivered. This account has been disabled or discontinued [#102]."),
    (HARD, "5.5.0", "smtp; 550 5.5.0 Requested action not taken: mailbox unavailable. [S2017062302]"),
    (HARD, "5.1.10", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient dora@example.com not found by SMTP address lookup"),
    (HARD, "5.1.1", "smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"),
    (HARD, "5.4.1", "smtp;550 5.4.1 [dora@example.com]: Recipient address rejected: Access denied [AM5EUR02FT049.eop-EUR02.prod.protection.outlook.com]"),
    (HARD, "5.0.0", "smtp; 550 No such user here"),
    (HARD, "5.0.0", "smtp; 550 Unknown user dora@example.ne.jp"),
    (HARD, "5.0.0", "smtp; 550 unknown user <dora@example.jp>"),
    (HARD, "5.1.1", "smtp; 550 5.1.1 unknown or illegal alias: dora@example.com"),
    (HARD, "5.0.0", "smtp; 553 sorry, your envelope recipient is in my badrcptto list (#5.7.1)"),
    (HARD, "5.7.1", "smtp; 550 5.7.1 No such user!"),
    (HARD, "5.0.0", "smtp; 550 sorry, no mailbox here by that name (#5.1.1 - chkuser)"),
    (HARD, "5.0.0", "smtp; 550 Mailbox not found"),
    (HARD, "5.0.0", "smtp; 550 Invalid recipient <dora@example.com> (#5.1.1)"),
    (HARD, "5.0.0", 'smtp; 550-Verification failed for <x@y>; 550 No Such User Here"'),
    (HARD, "5.0.0", "smtp; 551 User not local; please try <emi@example.com>"),
    (HARD, "5.1.1", "x-unix; user unknown"),
    (HARD, "5.1.6", "smtp; 550 5.1.6 recipient no longer on server: dora@example.com"),
    (HARD, "5.0.0", "smtp; 550 <dora@example.com>: User does not exist"),
    (HARD, "5.0.0", "smtp; 550 Address unknown"),
    (HARD, "5.0.0", "smtp; 550 That user no longer works here"),
    (HARD, "5.0.0", "smtp; 550 account inactive"),
    (HARD, "5.1.1", ""),
    (HARD, "5.0.0", "smtp; 550 Empfaenger unbekannt / recipient unknown"),
    (HARD, "5.0.0", "smtp; 550 El usuario no existe"),
    (HARD, "5.0.0", "smtp; 550 宛先のメールアドレスが存在しません"),
    (HARD, "5.0.0", "smtp; 550 用户不存在"),
    (HARD, "5.0.0", "smtp; 550"),
    # no such domain
    (HARD, "5.4.4", "X-Postfix; Host or domain name not found. Name service error for name=example.invalid type=A: Host not found"),
    (HARD, "5.1.2", "smtp; 550 Host unknown"),
    (HARD, "5.4.4", "smtp; Sorry, I couldn't find any host named example.invalid. (#5.1.2)"),
    (HARD, "5.1.10", "x-postfix; Domain example.com does not accept mail (nullMX)"),
    (HARD, "5.1.2", ""),
    (HARD, "5.0.0", "smtp; Unrouteable address"),
    # the mailbox is full
    (SOFT, "5.2.2", "smtp; 552 5.2.2 The email account that you tried to reach is over quota. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaPerm"),
    (SOFT, "5.1.1", "smtp; 550 5.1.1 User account is overquota"),
    (SOFT, "5.0.0", "smtp; 552 Mailbox full"),
    (SOFT, "5.2.2", ""),
    (SOFT, "5.0.0", "smtp; 550 Mailbox is full / Blocks limit exceeded / Inode limit exceeded"),
    (SOFT, "5.0.0", "smtp; 554 The user's space has been used up."),
    (SOFT, "5.1.1", "smtp; 550 dora@example.com: user has exceeded their disk space limit"),
    (SOFT, "5.0.0", "smtp; 550 Das Postfach des Empfängers ist voll"),
    (SOFT, "5.0.0", "smtp; 550 受信者のメールボックスがいっぱいです"),
    # too large
    (SOFT, "5.3.4", "smtp; 552 5.3.4 Message size exceeds fixed limit"),
    (SOFT, "5.2.3", "smtp; 550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient"),
    (SOFT, "5.0.0", "smtp; 552 Message exceeds maximum fixed size"),
    # our own fault, or that of whoever sends for us
    (SOFT, "5.7.26", "smtp; 550-5.7.26 Your email has been blocked because the sender is unauthenticated. 550 5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM."),
    (SOFT, "5.7.1", "smtp; 554 5.7.1 <dora@example.com>: Relay access denied"),
    (SOFT, "5.0.0", "smtp; 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    (SOFT, "5.1.8", "smtp; 553 5.1.8 <b@bounces.example.org>... Domain of sender address does not exist"),
    (SOFT, "5.0.0", "smtp; 550 <b@bounces.example.org>: Sender address rejected: User unknown in virtual alias table"),
    (SOFT, "5.7.1", "smtp; 550 5.7.1 Client does not have permissions to send as this sender"),
    (SOFT, "5.7.1", "smtp; 550 5.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]"),
    (SOFT, "5.0.0", "smtp; 504 <localhost>: Helo command rejected: Host not found"),
    (SOFT, "5.7.1", "smtp; 550 5.7.1 Unable to relay for dora@example.com"),
    (SOFT, "5.7.1", "smtp; 550 5.7.1 Your IP address 192.0.2.1 is unknown or invalid; no reverse DNS name was found"),
    # filters
    (SOFT, "5.7.1", "smtp; 550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using Spamhaus."),
    (SOFT, "5.7.1", "smtp; 550-5.7.1 [192.0.2.1 12] Our system has detected that this message is likely unsolicited mail."),
    (SOFT, "5.0.0", "smtp; 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes"),
    (SOFT, "5.7.1", "smtp; 550 5.7.1 Message rejected as spam by Content Filtering."),
    (SOFT, "5.0.0", "smtp; 550 Spamming not allowed"),
    (SOFT, "5.0.0", "smtp; 550 Blocked by the recipient's junk mail settings"),
    (SOFT, "5.0.0", "smtp; 550 Virus found in message"),
    (SOFT, "5.7.606", "smtp; 550 5.7.606 Access denied, banned sending IP [192.0.2.1]"),
    (SOFT, "5.7.1", "smtp; 554 5.7.1 The recipient does not accept mail from you"),
    (SOFT, "5.7.1", ""),
    # it will pass
    (SOFT, "4.2.2", "smtp; 452 4.2.2 The email account that you tried to reach is over quota"),
    (SOFT, "4.4.1", "X-Postfix; connect to mx.example.com[192.0.2.1]:25: Connection timed out"),
    (SOFT, "4.4.7", "smtp; 400 4.4.7 Message delayed"),
    (SOFT, "4.7.1", "smtp; 450 4.7.1 <dora@example.com>: Recipient address rejected: Greylisted for 5 minutes"),
    (SOFT, "5.4.6", "X-Postfix; mail for example.com loops back to myself"),
    (SOFT, "5.4.6", "smtp; 554 5.4.6 Too many hops"),
    (SOFT, "5.3.0", "X-Postfix; unknown mailer error 1"),
    (SOFT, "5.0.0", "smtp; 554 Service currently unavailable"),
    (SOFT, "5.0.0", "smtp; 550 Requested action not taken: try again later"),
    (SOFT, "4.2.1", "smtp; 450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time."),
    (SOFT, "4.0.0", "smtp; 450 Requested mail action not taken: mailbox unavailable"),
    (SOFT, "5.0.0", "smtp; 550 Account temporarily disabled"),
    (SOFT, "5.4.4", "X-Postfix; Name service error for name=example.com type=MX: Malformed or unexpected name server reply"),
]  # fmt: skip


def dsn(status, diagnostic, action="failed", recipient="dora@example.com"):
    """A report as Postfix writes it."""
    code = f"Diagnostic-Code: {diagnostic}\r\n" if diagnostic else ""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net (Mail Delivery System)\r\nTo: letter@example.org\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n{code}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(("kind", "status", "diagnostic"), SAID, ids=[f"{s} {d[:60]}" for _, s, d in SAID])
def test_a_refusal_is_hard_only_where_the_address_is_no_good(kind, status, diagnostic):
    (report,) = read_report(dsn(status, diagnostic))
    assert (report.kind, report.recipient, report.status) == (kind, "dora@example.com", status)


@pytest.mark.parametrize("diagnostic", [d for k, s, d in SAID if k is SOFT and "4" not in s[:1] and d])
def test_a_full_box_a_filter_or_our_own_fault_never_becomes_hard_by_the_first_digit(diagnostic):
    assert all(report.kind is SOFT for report in read_report(dsn("5.1.1", diagnostic)))


def test_a_warning_is_a_delay_whatever_it_says():
    (report,) = read_report(dsn("4.4.1", "smtp; 450 User unknown", action="delayed"))
    assert (report.kind, report.action) == (ReportKind.DELAYED, "delayed")


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_receipt_of_delivery_is_no_bounce(action):
    (report,) = read_report(dsn("2.0.0", "smtp; 250 2.0.0 Ok", action=action))
    assert (report.kind, report.reply_code) == (ReportKind.DELIVERED, 250)


@pytest.mark.parametrize("action", ["failure", "FAILED", "failed (permanently)", "nonsense"])
def test_an_action_in_other_words_is_understood(action):
    assert read_report(dsn("5.1.1", "", action=action))[0].action == "failed"
