"""Replies of one kind are one, whatever ids, addresses and numbers stand in them."""

import pytest

from newsletter import mail


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("550 5.1.1 <dora17@example.org>: User unknown", "550 5.1.1 …: User unknown"),
        ("550 5.1.1 No such user dora@example.org here", "550 5.1.1 No such user … here"),
        (
            "452 4.2.2 over quota 4f3a12c9d.12 - gsmtp",
            "452 4.2.2 over quota … - gsmtp",
        ),
        (
            "421 4.7.28 [203.0.113.7      15] unusual rate, see https://support.example/?p=9a7",
            "421 4.7.28 […] unusual rate, see …",
        ),
        ("451 4.7.1 Greylisted, try again in 297 seconds", "451 4.7.1 Greylisted, try again in … seconds"),
        ("554 5.7.1 Client host [2001:db8::17] blocked", "554 5.7.1 Client host […] blocked"),
        ("552 5.2.2 Mailbox full", "552 5.2.2 Mailbox full"),
        ("550 No such user - psmtp", "550 No such user - psmtp"),
        ("", ""),
    ],
)
def test_what_differs_from_message_to_message_is_left_out(reply, said):
    assert mail.gist(reply) == said


def test_code_and_status_are_kept_apart():
    assert mail.gist("550 5.1.1 gone") != mail.gist("550 5.1.2 gone") != mail.gist("450 5.1.2 gone")


def test_a_thousand_ids_make_one_kind():
    assert len({mail.gist(f"250 2.0.0 Ok: queued as {n:x}F{n * 7919:X}") for n in range(1000)}) <= 2


def test_a_reply_without_end_has_a_short_gist():
    assert len(mail.gist("550 5.7.1 " + "no " * 10_000)) <= 200
