"""The conversation with a relay, word for word, without a network."""

import base64
import itertools
import random
import re
import string
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Misconfigured, Unreachable
from newsletter.mail import Relay, Result, Session
from newsletter.mail.events import Gone, Ready, Upgrade
from tests.mail.talk import MESSAGE, Talk, envelope, group

PIPELINED = ("PIPELINING",)
TAKEN = ("250 2.1.0 Ok", "250 2.1.5 Ok", "354 End data with <CR><LF>.<CR><LF>")


def started(*features: str) -> Talk:
    """A conversation whose first message had its 354."""
    talk = Talk(*(features or PIPELINED))
    talk.starts(envelope(1))
    talk.hears(*TAKEN)
    return talk


# One write a message


def test_one_write_carries_the_end_of_one_message_and_the_beginning_of_the_next():
    talk = Talk("PIPELINING")
    assert talk.starts(envelope(1)) == group()
    assert talk.hears(*TAKEN) == b""
    assert talk.going == [1]
    assert talk.hands_over(envelope(2)) == MESSAGE + b".\r\n" + group()
    talk.hears("250 2.0.0 Ok: queued", *TAKEN)
    assert talk.outcomes == [(1, "sent", None)]
    assert talk.going == [1, 2]
    assert talk.hands_over() == MESSAGE + b".\r\n"
    talk.hears("250 2.0.0 Ok: queued")
    assert talk.outcomes == [(1, "sent", None), (2, "sent", None)]
    assert talk.session.idle
    assert talk.session.can_start


def test_a_body_is_never_written_before_its_354():
    talk = Talk("PIPELINING")
    written = talk.starts(envelope(1))
    for reply in TAKEN[:2]:
        written += talk.hears(reply)
    assert MESSAGE not in written
    assert talk.going == []


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_replies_may_come_in_pieces_of_any_size(size):
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    data = "".join(line + "\r\n" for line in TAKEN).encode()
    for start in range(0, len(data), size):
        talk.takes(data[start : start + size])
    assert talk.going == [1]


def test_a_reply_of_many_lines_is_one_reply():
    talk = started()
    talk.hands_over()
    talk.hears("250-2.0.0 Thank you", "250-2.0.0 so much", "250 2.0.0 queued")
    assert str(talk.results[0].reply) == "250 2.0.0 Thank you so much queued"


def test_without_pipelining_each_command_waits_for_its_reply():
    talk = Talk()
    assert talk.starts(envelope(1)) == b"MAIL FROM:<b+ab@example.org>\r\n"
    assert talk.hears("250 Ok") == b"RCPT TO:<dora@example.com>\r\n"
    assert talk.hears("250 Ok") == b"DATA\r\n"
    assert talk.hears("354 Go") == b""
    assert talk.hands_over(envelope(2)) == MESSAGE + b".\r\n"
    assert talk.hears("250 Ok") == b"MAIL FROM:<b+ab@example.org>\r\n"
    assert talk.outcomes == [(1, "sent", None)]


def test_pipelining_can_be_switched_off_for_a_relay_that_lies_about_it():
    talk = Talk("PIPELINING", relay=Relay.parse("smtp://relay.example.org?pipelining=no"))
    assert talk.starts(envelope(1)) == b"MAIL FROM:<b+ab@example.org>\r\n"


# Refusals


@pytest.mark.parametrize(
    "data_reply", ["503 5.5.1 no recipients", "554 5.5.1 no valid recipients", "451 4.3.0 no"]
)
def test_a_refused_recipient_leaves_the_conversation_fit_for_the_next(data_reply):
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    assert talk.hears("250 Ok", "550 5.1.1 no such user", data_reply) == b""
    assert talk.outcomes == [(1, "refused", "recipient")]
    assert talk.results[0].reply.enhanced == "5.1.1"
    assert talk.starts(envelope(2)) == b"RSET\r\n" + group()
    talk.hears("250 flushed", *TAKEN)
    talk.hands_over()
    talk.hears("250 Ok")
    assert talk.outcomes[1:] == [(2, "sent", None)]


def test_a_354_after_a_refused_recipient_is_answered_with_a_lone_dot():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    assert talk.hears("250 Ok", "550 5.1.1 no such user", "354 Go") == b".\r\n"
    assert talk.going == []
    assert talk.outcomes == [(1, "refused", "recipient")]
    assert talk.starts(envelope(2)) == group()
    talk.hears("554 5.5.1 no valid recipients", *TAKEN)
    assert talk.going == [2]


def test_a_354_after_a_refused_sender_is_answered_with_a_lone_dot():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    assert talk.hears("451 4.3.0 later", "503 5.5.1 need MAIL", "354 Go") == b".\r\n"
    assert talk.outcomes == [(1, "deferred", "relay")]
    assert not talk.gone


def test_no_empty_message_goes_to_a_recipient_who_was_taken_without_a_sender():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    assert talk.hears("451 4.3.0 later", "250 Ok", "354 Go") == b""
    assert talk.outcomes == [(1, "deferred", "relay")]
    assert talk.gone


def test_a_refused_sender_decides_whatever_the_later_replies_say():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    talk.hears("553 5.1.8 unknown sender domain", "503 5.5.1 need MAIL", "503 5.5.1 need RCPT")
    assert talk.outcomes == [(1, "deferred", "sender")]


def test_a_refused_data_is_reported_and_reset():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    talk.hears("250 Ok", "250 Ok", "451 4.3.0 queue file")
    assert talk.outcomes == [(1, "deferred", "relay")]
    assert talk.starts(envelope(2)).startswith(b"RSET\r\nMAIL")


def test_a_refused_body_does_not_touch_the_message_that_follows():
    talk = started()
    talk.hands_over(envelope(2))
    talk.hears("554 5.7.1 spam", *TAKEN)
    assert talk.outcomes == [(1, "refused", "message")]
    assert talk.going == [1, 2]


def test_without_pipelining_nothing_is_said_after_a_refusal():
    talk = Talk()
    talk.starts(envelope(1))
    assert talk.hears("250 Ok") == b"RCPT TO:<dora@example.com>\r\n"
    assert talk.hears("550 5.1.1 no such user") == b""
    assert talk.outcomes == [(1, "refused", "recipient")]
    assert talk.starts(envelope(2)) == b"RSET\r\n"
    assert talk.hears("250 Ok") == b"MAIL FROM:<b+ab@example.org>\r\n"
    assert talk.hears("451 4.3.0 later") == b""
    assert talk.outcomes[1:] == [(2, "deferred", "relay")]


# 421, and connections that go away


@pytest.mark.parametrize("place", range(3))
def test_a_421_before_the_body_defers_the_message(place):
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    talk.hears(*TAKEN[:place], "421 4.3.2 closing")
    assert talk.outcomes == [(1, "deferred", "relay")]
    assert isinstance(talk.gone.error, Unreachable)


def test_a_421_after_a_refusal_keeps_the_refusal():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    talk.hears("250 Ok", "550 5.1.1 no such user", "421 4.3.2 closing")
    assert talk.outcomes == [(1, "refused", "recipient")]


def test_a_421_in_place_of_the_last_reply_defers_both_messages():
    talk = started()
    talk.hands_over(envelope(2))
    talk.hears("421 4.3.2 closing")
    assert talk.outcomes == [(1, "deferred", "relay"), (2, "deferred", "relay")]
    assert talk.gone


@pytest.mark.parametrize("place", range(4))
def test_a_421_after_the_last_reply_leaves_the_sent_message_sent(place):
    talk = started()
    talk.hands_over(envelope(2))
    talk.hears(*("250 2.0.0 queued", *TAKEN)[: place + 1][:3], "421 4.3.2 closing")
    assert talk.outcomes == [(1, "sent", None), (2, "deferred", "relay")]


def test_a_421_that_blames_our_rate_says_so():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    talk.hears("421-4.7.28 Our system has detected an unusual rate of mail", "421 4.7.28 from your IP")
    assert talk.outcomes == [(1, "deferred", "sender")]


def test_a_421_out_of_the_blue_ends_an_idle_conversation():
    talk = Talk("PIPELINING")
    talk.hears("421 4.4.2 idle too long")
    assert talk.gone
    assert talk.results == []
    assert not talk.session.can_start


@pytest.mark.parametrize("place", range(4))
def test_a_connection_lost_before_the_body_defers_the_message(place):
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    talk.hears(*TAKEN[:place]) if place else None
    talk.loses()
    assert talk.outcomes == [(1, "deferred", "relay")]


def test_a_reply_lost_after_the_final_dot_is_unknown():
    talk = started()
    talk.hands_over(envelope(2))
    talk.loses()
    assert talk.outcomes == [(1, "unknown", "relay"), (2, "deferred", "relay")]
    assert talk.session.lost() == []


@pytest.mark.parametrize(
    "garbage",
    ["hello?", "250-one\r\n251 two", "25 short", "250_ok", "199 odd", "650 odd", "", "x" * 20_000, "220"],
)
def test_garbage_in_place_of_the_last_reply_is_unknown(garbage):
    talk = started()
    talk.hands_over(envelope(2))
    if garbage == "220":
        talk.hears("354 more?")
    else:
        talk.hears(garbage)
    assert talk.outcomes == [(1, "unknown", "relay"), (2, "deferred", "relay")]
    assert talk.gone


def test_a_reply_that_nothing_asked_for_ends_the_conversation():
    talk = started()
    talk.hands_over()
    talk.hears("250 2.0.0 queued", "250 2.0.0 queued again")
    assert talk.outcomes == [(1, "sent", None)]
    assert talk.gone


@pytest.mark.parametrize("early", [TAKEN, TAKEN[:2], TAKEN[:1] * 3])
def test_an_answer_to_a_command_that_was_not_written_yet_is_believed_of_none(early):
    talk = Talk()
    talk.starts(envelope(1))
    assert talk.hears(*early) == b""
    assert talk.going == []
    assert talk.outcomes == [(1, "deferred", "relay")]
    assert talk.gone


def test_a_421_that_comes_before_the_next_command_says_why_the_message_waits():
    talk = Talk()
    talk.starts(envelope(1))
    talk.hears("250 Ok", "421 4.7.28 unusual rate of mail")
    assert talk.outcomes == [(1, "deferred", "sender")]


def test_control_characters_do_not_get_into_what_people_read():
    talk = Talk("PIPELINING")
    talk.takes(b"J\x00\x00\x00\n8.0.33\x00\x1b[31m")
    assert str(talk.gone.error) == "relay.example.org:25 sent what is no SMTP reply: J"
    talk = started()
    talk.hands_over()
    talk.takes(b"250 2.0.0 queued \x00as\x1b[31m A1\r\n")
    assert str(talk.results[0].reply) == "250 2.0.0 queued  as [31m A1"


def test_a_data_that_is_answered_with_250_ends_the_conversation_before_any_harm():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    talk.hears("250 Ok", "250 Ok", "250 Ok")
    assert talk.outcomes == [(1, "deferred", "relay")]
    assert talk.gone


REPLIES = ("250 2.0.0 Ok", "354 Go", "451 4.3.0 later", "550 5.1.1 no", "421 4.3.2 bye", "junk")


@pytest.mark.parametrize("features", [("PIPELINING",), ()])
@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_whatever_a_server_answers_each_message_gets_exactly_one_result(features, at_once):
    """All conversations of four replies: no message is told twice or forgotten, and none sent unasked."""
    for replies in itertools.product(REPLIES, repeat=4):
        talk = Talk(*features)
        talk.starts(envelope(1))
        begun, announced = {1}, set()
        for place in range(0, 4, at_once):
            talk.hears(*replies[place : place + at_once])
            if talk.gone:
                break
            if talk.going and talk.going[-1] not in announced:
                announced.add(talk.going[-1])
                following = max(begun) + 1
                begun.add(following)
                talk.hands_over(envelope(following))
        if not talk.gone:
            talk.loses()
        assert sorted(result.key for result in talk.results) == sorted(begun), replies
        for result in talk.results:
            assert result.outcome not in {"sent", "unknown"} or result.key in announced, replies


def test_a_server_that_closes_right_after_its_354_gets_no_body():
    talk = Talk("PIPELINING")
    talk.starts(envelope(1))
    assert talk.hears(*TAKEN, "421 4.3.2 closing") == b""
    assert talk.going == []
    assert talk.outcomes == [(1, "deferred", "relay")]


# What the server can do


def prepared(talk: Talk, **kept):
    return talk.session.prepare(envelope(**kept))


def test_the_size_is_told_and_a_message_that_is_too_large_never_leaves():
    talk = Talk("PIPELINING", "SIZE 100")
    assert talk.starts(envelope(1)) == group(options=f" SIZE={len(MESSAGE)}")
    result = prepared(talk, key=2, message=b"x" * 101)
    assert (result.outcome, result.fault, result.reply.enhanced) == ("refused", "message", "5.3.4")
    assert "larger" in result.reason


def test_a_domain_in_other_letters_goes_as_its_a_label():
    talk = Talk("PIPELINING")
    assert b"RCPT TO:<emi@xn--r8jz45g.jp>\r\n" in talk.starts(envelope(recipient="emi@例え.jp"))


def test_a_name_in_other_letters_needs_smtputf8():
    talk = Talk("PIPELINING", "SMTPUTF8", "8BITMIME")
    assert talk.starts(envelope(recipient="花子@例え.jp")).decode().splitlines()[:2] == [
        "MAIL FROM:<b+ab@example.org> SMTPUTF8",
        "RCPT TO:<花子@xn--r8jz45g.jp>",
    ]
    result = prepared(Talk("PIPELINING"), recipient="花子@例え.jp")
    assert (result.outcome, result.fault, result.reply.enhanced) == ("refused", "recipient", "5.6.7")


def test_octets_over_127_need_8bitmime():
    message = b"Subject: x\r\n\r\n\xe6\xb8\xaf\r\n"
    assert b" BODY=8BITMIME\r\n" in Talk("PIPELINING", "8BITMIME").starts(envelope(message=message))
    assert prepared(Talk("PIPELINING"), message=message).reply.enhanced == "5.6.3"


def test_smtputf8_and_8bitmime_are_not_asked_for_without_need():
    assert Talk("PIPELINING", "SMTPUTF8", "8BITMIME", "SIZE").starts(envelope()) == group()


@pytest.mark.parametrize("size", ["", "0", "-1", "1e9", "9" * 5_000, "²"])
def test_a_size_that_is_none_limits_nothing(size):
    assert Talk("PIPELINING", f"SIZE {size}").starts(envelope()) == group()


def test_reports_are_asked_for_where_the_relay_gives_them():
    written = Talk("PIPELINING", "DSN").starts(envelope(recipient="d+x=y@example.com")).decode()
    assert written.splitlines()[:2] == [
        "MAIL FROM:<b+ab@example.org> RET=HDRS ENVID=b+2Bab",
        "RCPT TO:<d+x=y@example.com> NOTIFY=FAILURE,DELAY ORCPT=rfc822;d+2Bx+3Dy@example.com",
    ]


def test_a_message_without_a_return_path_asks_for_no_reports():
    assert (
        Talk("PIPELINING", "DSN")
        .starts(envelope(sender=""))
        .startswith(b"MAIL FROM:<>\r\nRCPT TO:<dora@example.com>\r\n")
    )


@pytest.mark.parametrize(
    "recipient", ["", "dora", "a b@example.com", "x@example.com>\r\nDATA", "x@e\x00.org"]
)
def test_what_is_no_address_is_refused_before_anything_is_said(recipient):
    result = prepared(Talk("PIPELINING"), recipient=recipient)
    assert isinstance(result, Result)
    assert (result.outcome, result.fault) == ("refused", "recipient")


# Greeting, encryption, signing in


@pytest.mark.parametrize("sign", ["\r\n", "\r", "\n", "\0", ">", "<", " "])
def test_a_return_path_that_says_more_than_an_address_is_refused_before_anything_is_said(sign):
    talk = started("PIPELINING")
    result = talk.session.prepare(envelope(sender=f"a@b.example{sign}RCPT TO:evil@example.com"))
    assert isinstance(result, Result)
    assert (result.outcome, result.fault) == ("refused", "message")
    assert "return path" in result.reason


def session(url: str) -> Session:
    return Session(Relay.parse(url), "letter.example.org")


def say(session: Session, *lines: str) -> tuple[list[object], bytes]:
    events = session.receive("".join(line + "\r\n" for line in lines).encode())
    return events, session.output()


def test_an_old_server_is_greeted_with_helo():
    talk = session("smtp://relay.example.org")
    say(talk, "220-relay", "220 ready")
    assert say(talk, "502 what?") == ([], b"HELO letter.example.org\r\n")
    assert say(talk, "250 hello") == ([Ready()], b"")


def test_encryption_begins_before_the_password_is_told():
    talk = session("smtp://dora:s%20cret@relay.example.org?tls=starttls")
    say(talk, "220 ready")
    assert say(talk, "250-relay", "250-AUTH PLAIN", "250 STARTTLS") == ([], b"STARTTLS\r\n")
    assert say(talk, "220 go ahead") == ([Upgrade()], b"")
    talk.secured()
    assert talk.output() == b"EHLO letter.example.org\r\n"
    assert say(talk, "250-relay", "250 AUTH LOGIN PLAIN") == ([], b"AUTH PLAIN AGRvcmEAcyBjcmV0\r\n")
    assert say(talk, "235 2.7.0 welcome") == ([Ready()], b"")


@pytest.mark.parametrize("injected", ["250 evil\r\n", "250-evil"])
def test_words_that_came_before_the_encryption_are_never_believed(injected):
    talk = session("smtp://relay.example.org?tls=starttls")
    say(talk, "220 ready")
    say(talk, "250-relay", "250 STARTTLS")
    [event] = talk.receive(b"220 go ahead\r\n" + injected.encode())
    assert isinstance(event, Gone)


@pytest.mark.parametrize("words", [("250-relay", "250 AUTH PLAIN"), ("421 busy",), ("250",), ("junk",)])
def test_words_that_come_while_the_encryption_begins_are_never_believed_either(words):
    talk = session("smtp://dora:secret@relay.example.org?tls=starttls")
    say(talk, "220 ready")
    say(talk, "250-relay", "250 STARTTLS")
    say(talk, "220 go ahead")
    [gone], written = say(talk, *words)
    assert isinstance(gone, Gone)
    assert written == b""
    talk.secured()
    assert talk.output() == b""


@pytest.mark.parametrize("early", ["250 relay", "250-relay\r\n250 AUTH PLAIN", "235 come in"])
def test_an_answer_to_what_was_not_said_yet_ends_the_greeting(early):
    [gone], written = say(session("smtp://relay.example.org"), "220 ready", early)
    assert isinstance(gone.error, Unreachable)
    assert written == b""


def test_signing_in_with_login_answers_two_questions():
    talk = session("smtp://dora:secret@127.0.0.1")
    say(talk, "220 ready")
    assert say(talk, "250-relay", "250 AUTH=LOGIN")[1] == b"AUTH LOGIN\r\n"
    assert say(talk, "334 VXNlcm5hbWU6")[1] == b"ZG9yYQ==\r\n"
    assert say(talk, "334 UGFzc3dvcmQ6")[1] == b"c2VjcmV0\r\n"
    assert say(talk, "235 ok") == ([Ready()], b"")


TOKEN = "ya29.a0Af-_~+/" + "x" * 150 + "=="
SCOPE = base64.b64encode(b'{"status":"400","schemes":"Bearer","scope":"https://mail.example.org/"}').decode()


def token_session(token: str = TOKEN, auth: str = "xoauth2") -> Session:
    """A conversation in which a token is about to be told."""
    url = f"smtp://dora=1,%40example.org@127.0.0.1?auth={auth}&token_file=/run/secrets/token"
    talk = Session(replace(Relay.parse(url), password=token), "letter.example.org")
    say(talk, "220 ready")
    return talk


def test_a_token_goes_with_the_command():
    command, mechanism, word = say(token_session(), "250-relay", "250 AUTH PLAIN XOAUTH2")[1].split()
    assert (command, mechanism) == (b"AUTH", b"XOAUTH2")
    assert base64.b64decode(word).decode() == f"user=dora=1,@example.org\1auth=Bearer {TOKEN}\1\1"


def test_a_token_can_be_told_in_the_way_of_the_standard():
    talk = token_session(auth="oauthbearer")
    command, mechanism, word = say(talk, "250-relay", "250 AUTH XOAUTH2 OAUTHBEARER")[1].split()
    assert (command, mechanism) == (b"AUTH", b"OAUTHBEARER")
    assert base64.b64decode(word).decode() == f"n,a=dora=3D1=2C@example.org,\1auth=Bearer {TOKEN}\1\1"
    assert say(talk, "235 2.7.0 welcome") == ([Ready()], b"")


def test_a_token_too_long_for_a_command_is_told_when_it_is_asked_for():
    talk = token_session("x" * 2_000)
    assert say(talk, "250-relay", "250 AUTH XOAUTH2") == ([], b"AUTH XOAUTH2\r\n")
    word = say(talk, "334 ")[1].removesuffix(b"\r\n")
    assert base64.b64decode(word) == b"user=dora=1,@example.org\1auth=Bearer " + b"x" * 2_000 + b"\1\1"
    assert say(talk, "235 2.7.0 welcome") == ([Ready()], b"")


def test_no_command_is_longer_than_servers_have_to_take():
    told = [
        say(token_session("x" * length), "250-relay", "250 AUTH XOAUTH2")[1] for length in range(300, 360)
    ]
    assert max(map(len, told)) in {510, 511, 512}  # base64 grows by four
    assert told[-1] == b"AUTH XOAUTH2\r\n"


@pytest.mark.parametrize(("auth", "answer"), [("xoauth2", b"\r\n"), ("oauthbearer", b"AQ==\r\n")])
def test_a_token_that_has_expired_is_refused_once_the_complaint_is_answered(auth, answer):
    talk = token_session(auth=auth)
    say(talk, "250-relay", "250 AUTH XOAUTH2 OAUTHBEARER")
    assert say(talk, f"334 {SCOPE}") == ([], answer)
    [gone], written = say(talk, "535 5.7.8 Username and Password not accepted")
    assert written == b""
    assert str(gone.error) == (
        "SMTP_URL: 127.0.0.1:25 does not take the token in /run/secrets/token; mail goes on by itself once a fresh "
        "one is there: 535 5.7.8 Username and Password not accepted"
    )
    assert isinstance(gone.error, Misconfigured)


def test_a_server_that_complains_without_end_is_left():
    talk = token_session()
    say(talk, "250-relay", "250 AUTH XOAUTH2")
    say(talk, f"334 {SCOPE}")
    [gone], _ = say(talk, f"334 {SCOPE}")
    assert isinstance(gone.error, Misconfigured)


@pytest.mark.parametrize("length", [60, 2_000])
@pytest.mark.parametrize("cut", [0, 40])
def test_a_server_that_repeats_what_it_was_told_gives_nothing_away(length, cut):
    secret = "".join(random.Random(length).choices(string.ascii_letters + string.digits, k=length))
    talk = token_session(secret)
    said = say(talk, "250-relay", "250 AUTH XOAUTH2")[1]
    said = (say(talk, "334 ")[1] if length > 500 else said).decode().strip()
    for reply in (f'535 5.5.2 not understood: "{said[: -cut or None]}".', f"535 {secret[cut:]} is no token"):
        again = token_session(secret)
        say(again, "250-relay", "250 AUTH XOAUTH2")
        [gone], _ = say(again, reply)
        assert "…" in str(gone.error)
        told = re.findall(r"\w{8,}", str(gone.error))
        assert not [word for word in told if word in said or word in secret]


def test_a_password_that_is_repeated_is_not_shown_either():
    talk = session("smtp://letter:Correct-Horse7@127.0.0.1")
    say(talk, "220 ready")
    say(talk, "250-relay", "250 AUTH PLAIN")
    [gone], _ = say(talk, "535 letter may not come in with Correct-Horse7 (AGxldHRlcgBDb3JyZWN0LUhvcnNlNw==)")
    assert str(gone.error).endswith("535 letter may not come in with … (…)")


@pytest.mark.parametrize("password", ["hunter2", "k7#Qz!p9", "pa$$w0rd!x", "päss wörd", "x"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_password_that_is_short_or_full_of_signs_is_not_shown_either(password, mechanism):
    talk = session(f"smtp://letter:{quote(password)}@127.0.0.1")
    say(talk, "220 ready")
    proof = say(talk, "250-relay", f"250 AUTH {mechanism}")[1]
    if mechanism == "LOGIN":
        say(talk, "334 VXNlcm5hbWU6")
        proof = say(talk, "334 UGFzc3dvcmQ6")[1]
    said = proof.decode().split()[-1]
    [gone], _ = say(talk, f"535 5.7.8 “{password}” ({said})")
    assert str(gone.error).endswith("535 5.7.8 “…” (…)")


def test_a_server_that_takes_a_password_after_encryption_alone_says_what_to_write():
    talk = session("smtp://u:p@127.0.0.1")
    say(talk, "220 ready")
    [gone], written = say(talk, "250-relay", "250 STARTTLS")
    assert written == b""
    assert "write tls=starttls" in str(gone.error)


@pytest.mark.parametrize(
    ("url", "words", "error"),
    [
        ("smtp://relay.example.org", ["554 no"], Misconfigured),
        ("smtp://relay.example.org", ["421 busy"], Unreachable),
        ("smtp://relay.example.org", ["220 hi", "450 later"], Unreachable),
        ("smtp://relay.example.org", ["220 hi", "550 no", "550 no"], Misconfigured),
        ("smtp://relay.example.org?tls=starttls", ["220 hi", "250 relay"], Misconfigured),
        (
            "smtp://relay.example.org?tls=starttls",
            ["220 hi", "250-r\r\n250 STARTTLS", "454 4.7.0 no"],
            Unreachable,
        ),
        ("smtp://u:p@127.0.0.1", ["220 hi", "250 relay"], Misconfigured),
        ("smtp://u:p@127.0.0.1", ["220 hi", "250-r\r\n250 AUTH CRAM-MD5"], Misconfigured),
        ("smtp://u:p@127.0.0.1", ["220 hi", "250-r\r\n250 AUTH PLAIN", "535 5.7.8 wrong"], Misconfigured),
        ("smtp://u:p@127.0.0.1", ["220 hi", "250-r\r\n250 AUTH PLAIN", "454 4.7.0 later"], Unreachable),
        ("smtp://u:p@127.0.0.1", ["220 hi", "250-r\r\n250 AUTH LOGIN", "334 x", "535 no"], Misconfigured),
        (
            "smtp://u@127.0.0.1?auth=xoauth2&token_file=/t",
            ["220 hi", "250-r\r\n250 AUTH PLAIN"],
            Misconfigured,
        ),
        (
            "smtp://u@127.0.0.1?auth=xoauth2&token_file=/t",
            ["220 hi", "250-r\r\n250 AUTH XOAUTH2", "454 4.7.0 later"],
            Unreachable,
        ),
        ("smtp://relay.example.org", ["HTTP/1.1 400 Bad Request"], Unreachable),
    ],
)
def test_a_greeting_that_fails_says_who_has_to_mend_it(url, words, error):
    talk = session(url)
    for word in words:
        events, _ = say(talk, word)
    [gone] = events
    assert isinstance(gone.error, error)
    assert talk.over
    assert "p@" not in str(gone.error)


# The usual answer is understood in one look; it must mean the same as reply by reply

_ANSWERS = st.tuples(
    st.sampled_from(
        [
            "250 2.0.0 Ok: queued as A1",
            "250 taken",
            "250-taken\r\n250 2.0.0 indeed",
            "550 5.7.1 no",
            "452 full",
        ]
    ),
    st.sampled_from(["250 2.1.0 Ok", "250 sender", "451 later"]),
    st.sampled_from(["250 2.1.5 Ok", "251 forwarded", "550 5.1.1 nobody", "250 "]),
    st.sampled_from(["354 go on", "354-go\r\n354 on", "354 "]),
)


def _conversation(answers: list[tuple[str, str, str, str]], *, whole: bool):
    """Send a message for each answer; take the server's words in one piece, or octet by octet."""
    talk = Talk("PIPELINING")
    written = [talk.starts(envelope(0))]
    written.append(talk.hears("250 2.1.0 Ok", "250 2.1.5 Ok", "354 go on"))
    for key, (dot, *opening) in enumerate(answers, start=1):
        if talk.gone or not talk.going:
            break
        talk.going.clear()
        written.append(talk.hands_over(envelope(key)))
        words = "".join(f"{line}\r\n" for line in (dot, *opening)).encode()
        pieces = [words] if whole else [bytes([octet]) for octet in words]
        written += [b"".join([talk.takes(piece) for piece in pieces if not talk.gone])]
    return talk.results, talk.going, bool(talk.gone), written


@given(st.lists(_ANSWERS, min_size=1, max_size=4))
def test_an_answer_means_the_same_in_one_look_and_reply_by_reply(answers):
    assert _conversation(answers, whole=True) == _conversation(answers, whole=False)
