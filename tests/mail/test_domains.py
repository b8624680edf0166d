"""A form asks DNS whether a domain takes mail, and believes nothing but a plain no."""

import time

import pytest

from newsletter.mail import read_address, takes_no_mail
from tests.mail.names import name_server


@pytest.fixture
def server():
    with name_server() as running:
        yield running


def refused(address):
    return takes_no_mail(read_address(address))


def test_a_domain_with_a_mail_server_is_taken_and_one_with_a_null_mx_is_not(server):
    assert not refused("dora@good.com")
    assert refused("dora@null.com")


def test_a_name_that_nobody_has_is_refused(server):
    assert refused("dora@gmial.example-typo.com")


def test_a_domain_without_mx_is_taken_for_its_own_address_may_take_mail(server):
    assert not refused("dora@alone.com")


def test_a_resolver_that_knows_nobody_outside_is_not_believed(server):
    server.known = set()
    assert not refused("dora@good.com")


def test_a_resolver_that_is_silent_keeps_nobody_out_and_nobody_waiting(server):
    server.silent = True
    began = time.monotonic()
    assert not refused("dora@good.com")
    assert time.monotonic() - began < 5
    asked = len(server.asked)
    assert not refused("emi@null.com")
    assert len(server.asked) == asked, "the next reader waits for it again"


def test_nobody_is_asked_about_names_that_no_public_dns_knows(server):
    for domain in ("example.org", "mail.example", "office.test", "intranet.local"):
        assert not refused(f"dora@{domain}")
    assert server.asked == []


def test_a_domain_in_japanese_is_asked_for_in_ascii(server):
    refused("dora@みなと.com")
    assert server.asked[0] == "xn--o9jd6d.com."
