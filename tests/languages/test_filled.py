"""Sentences that come with their values in them, as errors do, are said in the language of the page all the same."""

import re

import pytest

from newsletter import languages, mail


def test_a_filled_sentence_is_known_by_the_words_between_its_values():
    t = languages.translator("ja")
    assert t.filled("“x” is no mail address. Write one such as name@example.org.") == (
        "「x」はメールアドレスではありません。name@example.orgのように入力してください。"
    )


def test_a_value_with_signs_of_its_own_stays_as_it_is():
    t = languages.translator("ja")
    assert "「100 % (あ)」" in t.filled("There is a topic “100 % (あ)” already.").replace("テーマ", "")


def test_a_sentence_that_nobody_translated_stays_as_it_is():
    for language in ("en", "ja"):
        assert languages.translator(language).filled("Nobody wrote 5 of these.") == "Nobody wrote 5 of these."


@pytest.mark.parametrize(
    "sentence",
    [
        "No mail server is set: give one in SMTP_URL and start again.",
        "No worker was seen of late: start one, and sending goes on by itself.",
        "relay.example.org:25 cannot be reached (Connection refused).",
        "relay.example.org:587 does not answer.",
        "relay.example.org:25 closed the connection.",
        "relay.example.org:25 is closing: 421 4.3.2 Service shutting down",
        "relay.example.org:25 turned us away for now: 421 Too busy. The server is busy.",
        "SMTP_URL: relay.example.org:587 does not take the user name and password: 535 5.7.8 Authentication failed",
        "SMTP_URL: relay.example.org:25 offers no STARTTLS; write tls=none only if that is meant",
        "SMTP_URL: the certificate of relay.example.org:465 does not hold (it has expired); mend it, or write verify=no if you trust the network",
    ],
)
def test_why_a_mail_server_takes_no_mail_is_said_in_japanese(sentence):
    said = languages.translator("ja").filled(sentence)
    assert re.search("[ぁ-ん]", said), said
    assert languages.translator("en").filled(sentence) == sentence


def test_what_a_reply_means_is_said_in_japanese_within_another_sentence():
    t = languages.translator("ja")
    meaning = mail.explain(mail.Reply(421, "4.3.2", "Service shutting down"))
    said = t.filled(
        f"relay.example.org:25 turned us away for now: 421 4.3.2 Service shutting down. {meaning}"
    )
    assert said.endswith(t(meaning))
    assert t(meaning) != meaning
