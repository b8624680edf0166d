"""What people type where an address is asked for: what is taken, as what, and what is said of the rest."""

import os
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email

from newsletter.errors import Invalid
from newsletter.languages import translator
from newsletter.mail import Address, read_address

CORPUS = Path(os.environ.get("NEWSLETTER_CORPORA", "../shared/corpora")) / "addresses" / "isemail.xml"


@pytest.mark.parametrize(
    "typed",
    [
        "dora@example.org",
        "Dora@Example.ORG",
        " dora@example.org\n",
        "ｄｏｒａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        "dora＠example。org",
        "\u3000dora@example.org\u3000",
        "dora@example.org.",
        "mailto:dora@example.org",
        '"dora"@example.org',
        "\u200bdora@example.org\ufeff",
        "\u202adora@example.org\u202c",
    ],
)
def test_spellings_of_one_address_are_one(typed):
    assert read_address(typed).key == "dora@example.org"


def test_an_address_is_kept_as_it_was_typed():
    assert read_address("Dora@Example.org") == Address("Dora@Example.org")
    assert read_address("dora+news@example.org").email == "dora+news@example.org"
    assert read_address("d.o.r.a@example.org").key == "d.o.r.a@example.org"
    assert read_address("o'dora@example.org").key == "o'dora@example.org"


def test_a_domain_in_any_letters_is_known_by_its_ascii_form():
    keys = {read_address(a).key for a in ("a@bücher.example", "a@BÜCHER.example", "A@xn--bcher-kva.example")}
    assert keys == {"a@xn--bcher-kva.example"}
    assert read_address("info@みなと.example").key == "info@xn--o9jd6d.example"


def test_letters_beyond_ascii_before_the_at_are_kept_in_one_form():
    for typed in ("用户@例え.jp", unicodedata.normalize("NFD", "dörte@example.org")):
        read = read_address(typed)
        assert read.email == unicodedata.normalize("NFC", typed)
        assert read.key.isascii() == read.email.isascii()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter an email address."),
        (" \u3000 ", "Enter an email address."),
        ("dora", "has no @"),
        ("@example.org", "before the @"),
        ("dora@", "after the @"),
        ("do ra@example.org", "holds a space"),
        ("dora@example.org, bob@example.org", "holds a space"),
        ("dora@example.org;bob@example.org", "holds a space"),
        ("dora@example.org\r\nBcc: all@example.org", "holds a space"),
        ("dora@@example.org", "second @"),
        ("d" * 65 + "@example.org", "64 characters"),
        ("d@" + ("e" * 60 + ".") * 5 + "org", "254 characters"),
        ("do..ra@example.org", "dot too many"),
        (".dora@example.org", "dot too many"),
        ("dora.@example.org", "dot too many"),
        ("dora@.example.org", "dot too many"),
        ("dora@example", "ends too soon"),
        ("dora@-example.org", "no mail address"),
        ("dora@example.123", "no mail address"),
        ("dora@exam_ple.org", "no mail address"),
        ("dora@xn--zzzzzz99999.example", "no mail address"),
        ("dora@" + "e" * 64 + ".org", "no mail address"),
        ("dora@[192.0.2.1]", "no mail address"),
        ('"do ra"@example.org', "holds a space"),
        ('"do\\"ra"@example.org', "no mail address"),
        ("<dora@example.org>", "no mail address"),
        ("dora(home)@example.org", "no mail address"),
        ("do\x00ra@example.org", "do\N{REPLACEMENT CHARACTER}ra"),
        ("dora@exa\x7fmple.org", "no mail address"),
    ],
)
def test_what_is_no_address_is_refused_with_what_is_wrong_in_both_languages(typed, said):
    with pytest.raises(Invalid) as caught:
        read_address(typed)
    assert caught.value.field == "email"
    assert said in str(caught.value)
    assert translator("ja").filled(str(caught.value)) != str(caught.value)


def test_a_sentence_about_a_long_address_stays_short():
    with pytest.raises(Invalid) as caught:
        read_address("d" * 5000)
    assert len(str(caught.value)) < 200


def test_an_address_of_the_longest_kind_is_taken():
    longest = "d" * 64 + "@" + ("e" * 61 + ".") * 3 + "org"
    assert len(longest) == 254
    assert read_address(longest).email == longest


def test_the_short_way_refuses_what_the_long_way_refuses():
    if not CORPUS.exists():
        pytest.skip(f"{CORPUS} is not there")
    for test in ET.parse(CORPUS).iter("test"):
        text = (test.findtext("address") or "").strip()
        assert _is_read(text) == (_is_good(text) or text in _KINDLY_READ), text


_KINDLY_READ = {'"test"@iana.org', "test@iana.org."}


def _is_good(text):
    try:
        validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return False
    return True


def _is_read(text):
    try:
        read_address(text)
    except Invalid:
        return False
    return True
