"""Mail is signed where its sender has a key in use: issues and service mail, as long as the key is good for it."""

from dataclasses import replace
from datetime import timedelta

import dkim
import pytest

from newsletter import clock, delivery, mail, settings
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, Misconfigured
from newsletter.settings import KeyState
from tests.delivery.conftest import draft, engine_matters_little, look, send


def make(domain="example.org", selector="s1", algorithm="ed25519", *, use=True):
    key = settings.add_signing_key(domain, selector, algorithm)
    if use:
        settings.use_signing_key(key.id, unchecked=True)
    db.session.commit()
    return key


def signatures(message: bytes) -> list[str]:
    """The selectors and domains of the signatures that verify; fails on one that does not."""
    wire = message.removesuffix(b".\r\n")
    records = {key.record.name: key.record.value.encode() for key in settings.signing_keys()}
    found = []
    for number in range(wire.count(b"DKIM-Signature:")):
        checked = dkim.DKIM(wire)
        assert checked.verify(number, dnsfunc=lambda name, **_: records[name.decode().removesuffix(".")])
        found.append(f"{checked.selector.decode()} {checked.domain.decode()}")
    db.session.commit()
    return found


def sent(relay) -> list[list[str]]:
    delivery.deliver()
    found = [signatures(message) for _, _, message in relay.taken]
    relay.taken.clear()
    return found


@engine_matters_little
def test_issues_and_service_mail_are_signed_on_the_wire_under_both_keys(relay):
    make()
    make(selector="s2", algorithm="rsa")
    send(3)
    delivery.post(draft(), mail.Address("dora@example.com", "Dora"), "signup:1")
    db.session.commit()
    assert sent(relay) == [["s2 example.org", "s1 example.org"]] * 4


def test_without_a_key_in_use_mail_leaves_as_it_is(relay):
    make(use=False)
    make("example.net")
    send(1)
    assert sent(relay) == [[]]


def test_a_domain_signs_for_those_beneath_it_unless_they_have_a_key_of_their_own(relay):
    make("example.org")
    send(1, sender_email="letter@news.example.org")
    assert sent(relay) == [["s1 example.org"]]
    make("news.example.org", "s9")
    send(1, sender_email="letter@NEWS.example.org")
    assert sent(relay) == [["s9 news.example.org"]]


def test_a_domain_in_japanese_is_known_by_its_ascii_form(relay):
    assert make("みなと.example.org").domain == "xn--o9jd6d.example.org"
    assert settings.signers().of("letter@みなと.example.org")


def test_a_new_key_takes_the_place_of_the_old_one_whose_record_is_needed_for_a_while(relay):
    old, other = make(), make(selector="r1", algorithm="rsa")
    new = make(selector="s2", use=False)
    assert settings.use_signing_key(new.id, unchecked=True) == [old]
    db.session.commit()
    assert [key.state for key in (old, new, other)] == [KeyState.RETIRED, KeyState.IN_USE, KeyState.IN_USE]
    assert old.needed_until > clock.now() + timedelta(days=13)
    send(1)
    assert sent(relay) == [["r1 example.org", "s2 example.org"]]
    settings.remove_signing_key(old.id)
    with pytest.raises(Conflict):
        settings.remove_signing_key(new.id)
    settings.retire_signing_key(new.id)
    settings.use_signing_key(new.id, unchecked=True)
    assert new.state is KeyState.IN_USE


def test_a_key_is_used_once_dns_agrees_and_not_before(relay):
    key = make(use=False)
    with pytest.raises(Conflict):
        settings.use_signing_key(key.id)
    settings.note_finding(key.id, mail.DkimFinding(mail.Standing.WRONG, "No."))
    with pytest.raises(Conflict):
        settings.use_signing_key(key.id)
    settings.note_finding(key.id, mail.DkimFinding(mail.Standing.GOOD, "Yes."))
    settings.use_signing_key(key.id)
    assert key.state is KeyState.IN_USE


def test_another_secret_key_in_front_changes_nothing_and_without_the_old_one_mail_waits(relay):
    make()
    environment = settings.environment()
    settings.bind(replace(environment, secret_keys=("k" * 40, *environment.secret_keys)))
    send(1)
    assert sent(relay) == [["s1 example.org"]]
    settings.bind(replace(environment, secret_keys=("k" * 40,)))
    mailing = send(1)
    with pytest.raises(Misconfigured, match="SECRET_KEY"):
        delivery.deliver()
    assert look(mailing).queued == 1
    assert not settings.signing_keys()[0].opens
    settings.bind(environment)
    assert sent(relay) == [["s1 example.org"]]
    assert look(mailing).sent == 1


def test_the_private_half_lies_sealed_in_the_database(app):
    key = make(algorithm="rsa")
    assert b"\x30\x82" not in key.sealed.encode()
    assert key.sealed.startswith("gAAAA")
    assert len(key.record.value) > 390


@pytest.mark.parametrize(
    ("domain", "selector", "algorithm", "field"),
    [
        ("example", "s1", "rsa", "domain"),
        ("a b.org", "s1", "rsa", "domain"),
        ("", "s1", "rsa", "domain"),
        ("example.org", "s_1", "rsa", "selector"),
        ("example.org", "", "rsa", "selector"),
        ("example.org", "-a", "rsa", "selector"),
        ("example.org", "s1", "dsa", "algorithm"),
    ],
)
def test_what_cannot_be_a_key_is_refused_at_its_field(app, domain, selector, algorithm, field):
    with pytest.raises(Invalid) as refused:
        settings.add_signing_key(domain, selector, algorithm)
    assert refused.value.field == field


def test_a_name_is_proposed_by_the_date_and_never_twice(app):
    first = settings.propose_selector()
    assert first == f"{clock.now():%Y%m%d}"
    make(selector=first, use=False)
    assert settings.propose_selector() == f"{first}b"
    with pytest.raises(Invalid, match="already"):
        make(selector=first)
