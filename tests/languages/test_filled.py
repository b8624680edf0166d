"""Sentences that come with their values in them, as errors do, are said in the language of the page all the same."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from newsletter import images, languages, mail
from newsletter.errors import Invalid

ROOT = Path(__file__).parents[2]
ERRORS = {
    "Invalid",
    "NotFound",
    "Conflict",
    "Expired",
    "Damaged",
    "NotAllowed",
    "Unreachable",
    "Unreadable",
    "Unusable",
}
MET_BY_PROGRAMMERS = {
    "The consent ledger is only ever added to; write another record.",
    "Readers are selected as address, variant, reader, name, fields.",
}
SAID_FOR_EACH_VALUE = re.compile("“something” (looks like|is) something")  # the catalogue holds one for each


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
        "Only 5,000 messages an hour may leave through relay.example.org:587.",
        "Only 20 messages a second may go to example.org.",
        "relay.example.org:587 does not answer.",
        "relay.example.org:25 closed the connection.",
        "relay.example.org:25 answered what it was not asked: 250 Ok",
        "relay.example.org:25 did not answer within 300 seconds.",
        "The connection to relay.example.org:25 broke ([Errno 104] Connection reset by peer).",
        "relay.example.org:25 is closing: 421 4.3.2 Service shutting down",
        "relay.example.org:25 turned us away for now: 421 Too busy. The server is busy.",
        "SMTP_URL: relay.example.org:587 does not take the user name and password: 535 5.7.8 Authentication failed",
        "SMTP_URL: relay.example.org:25 offers no STARTTLS; write tls=none only if that is meant",
        "SMTP_URL: relay.example.org:25 lets nobody sign in before encryption; write tls=starttls",
        "SMTP_URL: relay.example.org:587 does not offer to sign in by PLAIN or LOGIN (it offers CRAM-MD5)",
        "SMTP_URL: relay.example.org:587 does not take the token in /run/secrets/token; mail goes on by itself once a fresh one is there: 535 5.7.8 bad credentials",
        "relay.example.org:587 does not take the token in /run/secrets/token for now: 454 4.7.0 later. The server asks to try again later.",
        "SMTP_URL: there is no token file /run/secrets/token for relay.example.org:587; let the token be written there, or mend token_file",
        "SMTP_URL: the token file /run/secrets/token for relay.example.org:587 cannot be read (Permission denied); let this service read it",
        "SMTP_URL: the token file /run/secrets/token for relay.example.org:587 is empty; let the token be written there",
        "SMTP_URL: the token file /run/secrets/token for relay.example.org:587 holds no token, or more than one; let the access token alone be written there",
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


def errors_in(package):
    """What a package says when something is wrong, as a page would get it; only the values of constants are known."""
    for path in sorted((ROOT / "newsletter" / package).rglob("*.py")):
        module = import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in ERRORS and call.args:
                yield from sentences_of(call.args[ast.unparse(call.func) == "Unusable"], vars(module))


def sentences_of(said, known):
    if isinstance(said, ast.IfExp):
        yield from (*sentences_of(said.body, known), *sentences_of(said.orelse, known))
    elif isinstance(said, ast.Constant):
        yield said.value
    elif isinstance(said, ast.JoinedStr):
        yield "".join(
            part.value if isinstance(part, ast.Constant) else value_of(part, known) for part in said.values
        )


def value_of(part, known):
    try:
        return eval(ast.unparse(ast.JoinedStr([part])), dict(known))
    except NameError:
        return "something"


@pytest.mark.parametrize(
    "package",
    ["accounts", "audience", "delivery", "entries", "images", "issues", "settings", "tokens", "web"],
)
def test_every_error_that_a_page_shows_is_said_in_japanese(package):
    t = languages.translator("ja")
    said = {one for one in errors_in(package) if not SAID_FOR_EACH_VALUE.match(one)} - MET_BY_PROGRAMMERS
    assert said
    assert sorted(sentence for sentence in said if not re.search("[ぁ-ん]", t.filled(sentence))) == []


def test_an_error_of_several_sentences_is_said_sentence_by_sentence():
    t = languages.translator("ja")
    over = "“Mr. Sato speaks” is over when this issue goes out. Drop it, or tell it as a look back."
    assert (
        t.filled(over)
        == "「Mr. Sato speaks」は、この号が届くときには終わっています。外すか、報告として載せてください。"
    )
    assert t.filled("Nobody wrote this. Nor this one.") == "Nobody wrote this. Nor this one."


@pytest.mark.parametrize(
    "begins",
    [
        b"PK\x03\x04",
        b"%PDF",
        b"\x00\x00\x00\x18ftypheic",
        b"II*\x00",
        b"<svg",
        b"<!doctype html>",
        b"what is this?",
    ],
)
def test_what_a_file_is_that_is_no_fit_picture_is_said_in_japanese(begins):
    with pytest.raises(Invalid) as refused:
        images.accept(begins + bytes(64))
    said = languages.translator("ja").filled(str(refused.value))
    assert said.endswith("画像を選んでください。")
    assert not re.search("The|Choose", said)


def test_why_a_domain_is_left_alone_is_said_in_japanese_with_its_reason():
    t = languages.translator("ja")
    meaning = mail.explain(mail.Reply(421, "4.7.28", "too many messages"))
    said = t.filled(f"example.org is left alone for a while. {meaning}")
    assert said == f"example.org宛ての送信をしばらく控えています。{t(meaning)}"
    assert re.search("[ぁ-ん]", t(meaning))
