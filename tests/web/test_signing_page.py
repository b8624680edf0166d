"""An owner makes a key, enters its record in DNS, has it checked, and only then is mail signed with it."""

import html
from dataclasses import replace

import pytest

from newsletter import accounts, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.settings import KeyState
from tests.mail.names import name_server

PAGE = "/dashboard/settings/signing"


@pytest.fixture
def alice(app, publication):
    settings.change_publication(sender_email="letter@minato.com")
    owner = accounts.add("alice@example.org", Role.OWNER, name="Alice")
    client = app.test_client()
    with client.session_transaction() as session:
        session["person"] = accounts.begin_session(owner)
    db.session.commit()
    return client


@pytest.fixture
def server():
    with name_server() as running:
        yield running


def make(alice, **changes):
    typed = {"domain": "minato.com", "selector": "s1", "algorithm": "rsa", **changes}
    return alice.post(PAGE, data=typed, follow_redirects=True)


def act(alice, what, number=1, **data):
    page = alice.post(f"{PAGE}/{number}/{what}", data=data, follow_redirects=True)
    db.session.expire_all()
    return html.unescape(page.text)


def state(number=1):
    return settings.signing_key(number).state


def test_a_key_is_made_shown_checked_and_used(alice, server):
    assert "is not signed here" in alice.get(PAGE).text
    page = html.unescape(make(alice).text)
    record = settings.signing_keys()[0].record
    assert record.name in page
    assert record.value in page
    assert '"' + '" "'.join(record.strings) + '"' in page
    assert settings.signing_keys()[0].sealed not in page
    assert "no TXT record" in act(alice, "check")
    assert "Check it again" in act(alice, "use")
    assert state() is KeyState.NEW
    server.texts[record.name] = [record.strings]
    assert "Sign with this key" in act(alice, "check")
    assert "Mail from letter@minato.com is signed here, as minato.com." in act(alice, "use")
    assert state() is KeyState.IN_USE
    assert [record.what for record in accounts.audit_log().items][:2] == [
        "began to sign mail with a key",
        "made a key that signs mail",
    ]


def test_a_second_key_of_a_kind_takes_over_and_the_first_is_kept_in_dns_for_a_while(alice):
    for name in ("s1", "s2"):
        make(alice, selector=name)
    act(alice, "use", 1, unchecked="1")
    page = act(alice, "use", 2, unchecked="1")
    assert (state(1), state(2)) == (KeyState.RETIRED, KeyState.IN_USE)
    assert "Leave its record in DNS until" in page
    assert "Leave its record in DNS for two weeks" in act(alice, "remove", 1)
    assert "is not signed here" in act(alice, "retire", 2)


def test_a_key_in_use_is_not_removed(alice):
    make(alice)
    act(alice, "use", unchecked="1")
    assert alice.post(f"{PAGE}/1/remove").status_code == 409
    assert alice.post(f"{PAGE}/7/check").status_code == 404


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(alice):
    page = make(alice, selector="no good", domain="minato.com")
    assert page.status_code == 422
    assert "cannot name a key" in page.text
    assert 'value="no good"' in page.text


def test_the_page_proposes_the_senders_domain_and_the_other_kind_beside_rsa(alice):
    assert 'value="minato.com"' in alice.get(PAGE).text
    assert 'value="rsa" checked' in alice.get(PAGE).text
    make(alice)
    assert 'value="ed25519" checked' in alice.get(PAGE).text


def test_a_key_that_cannot_be_opened_is_told_on_the_overview_and_can_be_retired(alice):
    make(alice)
    act(alice, "use", unchecked="1")
    settings.bind(replace(settings.environment(), secret_keys=("another key than that of then",)))
    assert "Mail waits: the key s1" in alice.get("/dashboard/").text
    page = alice.get(PAGE).text
    assert "Mail waits" in page
    assert "cannot be opened" in page
    assert "Mail waits" not in act(alice, "retire")


def test_findings_are_said_in_japanese(alice, server):
    make(alice)
    act(alice, "check")
    assert "まだTXTレコードがありません" in alice.get(PAGE, query_string={"language": "ja"}).text
