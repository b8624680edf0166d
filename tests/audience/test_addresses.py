import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from email_validator import EmailNotValidError, validate_email

from newsletter.audience import read_address
from newsletter.errors import Invalid

CORPUS = Path(os.environ.get("NEWSLETTER_CORPORA", "../shared/corpora")) / "addresses" / "isemail.xml"


@pytest.mark.parametrize(
    "typed",
    ["dora@example.org", "Dora@Example.ORG", " dora@example.org\n", "ｄｏｒａ＠ｅｘａｍｐｌｅ．ｏｒｇ"],
)
def test_spellings_of_one_address_are_one(typed):
    assert read_address(typed).key == "dora@example.org"


def test_a_domain_in_any_letters_is_known_by_its_ascii_form():
    keys = {read_address(a).key for a in ("a@bücher.example", "a@BÜCHER.example", "A@xn--bcher-kva.example")}
    assert keys == {"a@xn--bcher-kva.example"}
    assert read_address("Dora@Example.org").typed == "Dora@Example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "dora",
        "@example.org",
        "dora@",
        "a b@example.org",
        "a..b@example.org",
        "a@-x.org",
        "a@b",
        "<a@b.org>",
        "a@b.org,c@d.org",
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(typed):
    with pytest.raises(Invalid) as caught:
        read_address(typed)
    assert caught.value.field == "email"


def test_the_short_way_refuses_what_the_long_way_refuses():
    if not CORPUS.exists():
        pytest.skip(f"{CORPUS} is not there")
    for test in ET.parse(CORPUS).iter("test"):
        text = (test.findtext("address") or "").strip()
        try:
            validate_email(text, check_deliverability=False, test_environment=True)
            good = True
        except EmailNotValidError:
            good = False
        try:
            read_address(text)
            read = True
        except Invalid:
            read = False
        assert read == good, text
