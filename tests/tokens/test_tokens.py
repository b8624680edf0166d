"""Signed links: what a reader's link lets them do, and nothing else."""

import string
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from newsletter.errors import Damaged, Expired
from newsletter.tokens import Purpose, Tokens

KEY, NEWER_KEY = "the first key of Minato", "the second key of Minato"


@pytest.fixture
def tokens():
    return Tokens([KEY])


def test_a_token_gives_back_the_numbers_it_was_made_of(tokens):
    assert tokens.read(Purpose.UNSUBSCRIBE, tokens.make(Purpose.UNSUBSCRIBE, 7, 0, 123456789)) == (
        7,
        0,
        123456789,
    )
    assert tokens.read(Purpose.UNSUBSCRIBE, tokens.lasting(Purpose.UNSUBSCRIBE, 7, 0, 123456789)) == (
        7,
        0,
        123456789,
    )


@pytest.mark.parametrize("used", [purpose for purpose in Purpose if purpose is not Purpose.CLICK])
def test_a_link_to_follow_is_good_for_nothing_else(tokens, used):
    for token in (tokens.make(Purpose.CLICK, 7), tokens.lasting(Purpose.CLICK, 7)):
        with pytest.raises(Damaged):
            tokens.read(used, token)


def test_a_link_that_was_cut_or_changed_is_damaged(tokens):
    token = tokens.make(Purpose.CONFIRM, 7)
    for broken in (
        "",
        token[:-1],
        token[1:],
        "8" + token[1:],
        token + "x",
        token.upper(),
        "ä" * 9,
        "x" * 600,
        "a.b",
        "a.b.c",
    ):
        with pytest.raises(Damaged):
            tokens.read(Purpose.CONFIRM, broken)


def test_a_confirmation_link_grows_too_old(tokens):
    with time_machine.travel(datetime(2026, 10, 8, tzinfo=UTC), tick=False) as clock:
        token = tokens.make(Purpose.CONFIRM, 7)
        clock.shift(timedelta(days=7))
        assert tokens.read(Purpose.CONFIRM, token, max_age=timedelta(days=7)) == (7,)
        clock.shift(timedelta(seconds=1))
        with pytest.raises(Expired):
            tokens.read(Purpose.CONFIRM, token, max_age=timedelta(days=7))


def test_a_link_that_never_ages_is_not_taken_where_age_matters(tokens):
    with pytest.raises(Damaged):
        tokens.read(Purpose.CONFIRM, tokens.lasting(Purpose.CONFIRM, 7), max_age=timedelta(days=7))


def test_links_of_the_old_key_still_work_after_a_new_one_came(tokens):
    rotated = Tokens([NEWER_KEY, KEY])
    assert rotated.read(Purpose.PREFERENCES, tokens.make(Purpose.PREFERENCES, 7)) == (7,)
    with pytest.raises(Damaged):
        tokens.read(Purpose.PREFERENCES, rotated.make(Purpose.PREFERENCES, 7))


def test_a_token_ends_in_a_letter_or_digit_because_mail_clients_cut_other_signs(tokens):
    make = tokens.bulk(Purpose.CLICK, Purpose.PREFERENCES)
    endings = {make(number)[0].decode()[-1] for number in range(300)} | {
        tokens.make(Purpose.CLICK, n)[-1] for n in range(300)
    }
    assert endings <= set(string.ascii_letters + string.digits)
    assert set(make(5)[1].decode()) <= set(string.ascii_letters + string.digits + "-_.")


def test_tokens_in_bulk_are_the_lasting_ones_of_each_purpose(tokens):
    made = tokens.bulk(Purpose.CLICK, Purpose.UNSUBSCRIBE)(7, 0, 2**40)
    assert [token.decode() for token in made] == [
        tokens.lasting(purpose, 7, 0, 2**40) for purpose in (Purpose.CLICK, Purpose.UNSUBSCRIBE)
    ]
