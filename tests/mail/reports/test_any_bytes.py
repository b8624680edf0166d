"""Whatever comes back, reading it neither raises nor takes long."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.mail import read_report

PIECES = [
    b"Content-Type: multipart/report; boundary=b\r\n", b"Content-Type: message/delivery-status\r\n\r\n", b"--b\r\n", b"--b--\r\n", b"\r\n",
    b"Content-Type: message/rfc822\r\n\r\n", b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\x \\N{", b"From: <>\r\n",
    b"Content-Type: text/plain; charset=idna\r\n\r\n", b"Content-Transfer-Encoding: base64\r\n\r\n=\xff=", b"Subject: =?utf-8?b?=FF?=\r\n",
    b"Subject: Undeliverable\r\n", b"Final-Recipient: rfc822; dora@example.com\r\n", b"Action: \r\n", b"Status: 5.\r\n", b"Action: failed\r\n",
    b"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n", b"Return-Path: <b+aaaaaaaaaaaaaaaaaaaaaaaa@x>\r\n", b"\x00", b"\xff\xfe",
    b"Diagnostic-Code: smtp; 550 \xe5\xae\x9b\r\n", b'To: "\r\n', b'Content-Type: text/plain; charset="a\x00b"\r\n\r\n', b"Original-Rcpt-To: <\r\n",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_random_bytes_are_no_report(data):
    assert isinstance(read_report(data), list)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=30), max_size=30))
def test_pieces_of_reports_in_any_order_do_not_raise(pieces):
    told = [(r.recipient, r.reason, r.message_id, r.verp) for r in read_report(b"".join(pieces))]
    assert str(told).encode()  # nothing that could not be written out again


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 2000))
def test_a_report_that_was_cut_or_damaged_does_not_raise(chance, length):
    data = bytearray(REPORT[:length])
    for _ in range(min(5, len(data))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    assert isinstance(read_report(bytes(data)), list)


REPORT = b"".join(random.Random(7).choices(PIECES, k=60))


def nested(depth):
    heads = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )
    return (
        b"From: MAILER-DAEMON@x\r\n" + heads + b"Content-Type: text/plain\r\n\r\ndora@example.com: failed\r\n"
    )


@pytest.mark.parametrize(
    "data",
    [
        nested(100),
        nested(5000),
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"a" * 5_000_000,
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"dora@example.com failed " * 200_000,
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"dora@example.com failed\r\n" * 200_000,
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"a.a@" * 1_000_000,
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"user " * 1_000_000,
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"\r\n" * 1_000_000,
        b"From: MAILER-DAEMON@x\r\n\r\nfollowing recipients\n" + b" a\n" * 100_000,
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"following recipients\n" * 20_000,
        b"From: MAILER-DAEMON@x\r\nContent-Type: text/html\r\n\r\n" + b"<" * 1_000_000,
        b"From: MAILER-DAEMON@x\r\nContent-Type: text/html\r\n\r\n" + b"<style" * 200_000,
        b"Subject: " + b"=?utf-8?q?" * 100_000 + b"\r\n\r\n",
        b"To: " + b'<(",' * 100_000 + b"\r\n\r\n",
        b"To: " + b"dora@example.com, " * 20_000 + b"\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n" + b"Final-Recipient: rfc822; dora@example.com\r\nAction: failed\r\n\r\n" * 20_000,
        b"Content-Type: message/delivery-status\r\n\r\n" + b"".join(b"Final-Recipient: rfc822; d%d@example.com\r\nAction: failed\r\n\r\n" % n for n in range(50_000)),
        b"From: MAILER-DAEMON@x\r\n\r\n" + b"".join(b"<d%d@example.com>: host not found\r\n\r\n" % n for n in range(50_000)),
        b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; d@example.com\r\nAction: failed\r\nDiagnostic-Code: smtp; " + b"address exceeded over the " * 50_000,
    ],
    ids=range(20),
)  # fmt: skip
def test_what_was_made_to_hurt_is_read_at_once(data):
    started = time.process_time()
    assert isinstance(read_report(data), list)
    assert time.process_time() - started < 2
