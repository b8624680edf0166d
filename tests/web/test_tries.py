"""Tries at a password from outside: nobody guesses for long, and nobody is locked out by somebody else."""

import pytest
from argon2 import PasswordHasher

from newsletter import accounts
from newsletter.accounts import Role
from newsletter.app import create_app
from newsletter.database import db
from newsletter.web import frame

ALICE, WORDS = "alice@example.org", "a long walk by the sea"
HASHED = PasswordHasher(time_cost=1, memory_cost=64).hash(WORDS)
OFFICE, MALLORY = "192.0.2.1", "198.51.100.7"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An application whose doors are limited, in which Alice owns and Bob edits."""
    before = frame.limiter.enabled
    folder = tmp_path_factory.mktemp("limited")
    app = create_app("config.Testing", DATA_DIR=str(folder), RATE_LIMITS="on", WTF_CSRF_ENABLED=False)
    with app.app_context():
        db.create_all()
        for email in (ALICE, "bob@example.org"):
            accounts.add(email, Role.OWNER).password_hash = HASHED
        db.session.commit()
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()
    frame.limiter.enabled = before


@pytest.fixture
def app(house):
    frame.limiter.reset()
    return house


def guess(app, network, email=ALICE, times=1):
    answers = [try_in(app.test_client(), network, email, "wrong") for _ in range(times)]
    return [answer.status_code for answer in answers]


def try_in(browser, network, email=ALICE, password=WORDS):
    return browser.post(
        "/dashboard/sign-in",
        data={"email": email, "password": password},
        environ_base={"REMOTE_ADDR": network},
    )


@pytest.fixture
def hers(app):
    """The browser with which Alice signed in once, and out again."""
    browser = app.test_client()
    assert try_in(browser, OFFICE).status_code == 302
    browser.post("/dashboard/sign-out")
    accounts.people()[0].password_hash = HASHED  # the sign-in has made the hash a costly one
    db.session.commit()
    return browser


def test_a_stranger_who_guesses_is_stopped_and_told_of_the_way_by_mail(app):
    assert guess(app, MALLORY, times=11) == [422] * 10 + [429]
    answer = try_in(app.test_client(), MALLORY)
    assert answer.status_code == 429
    assert "/dashboard/forgotten" in answer.text
    assert int(answer.headers["Retry-After"]) <= 3600


def test_a_stranger_locks_nobody_out_not_even_on_another_network(app, hers):
    guess(app, MALLORY, times=12)
    assert try_in(app.test_client(), OFFICE).status_code == 302
    assert try_in(hers, OFFICE).status_code == 302


def test_strangers_on_many_networks_and_on_her_own_leave_her_browser_its_tries(app, hers):
    for n in range(12):
        guess(app, f"198.51.100.{n}", times=9)
    assert guess(app, "203.0.113.9") == [429]
    assert try_in(hers, "198.51.100.1").status_code == 302


def test_a_known_browser_has_no_endless_tries_either(app, hers):
    answers = [try_in(hers, OFFICE, password="wrong").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_to_be_known_for_ones_own_account_helps_at_no_other(app):
    bobs = app.test_client()
    try_in(bobs, MALLORY, "bob@example.org")
    bobs.post("/dashboard/sign-out")
    guess(app, MALLORY, times=10)
    assert try_in(bobs, MALLORY).status_code == 429


def test_a_forged_mark_makes_no_browser_known(app):
    guess(app, MALLORY, times=10)
    browser = app.test_client()
    browser.set_cookie("newsletter-known", "1-1.a.b", path="/dashboard/sign-in")
    assert try_in(browser, MALLORY).status_code == 429


def test_the_addresses_of_one_ipv6_network_are_one_place(app):
    assert [guess(app, f"2001:db8::{n}")[0] for n in range(1, 12)] == [422] * 10 + [429]
    assert guess(app, "2001:db8:0:1::1") == [422]


def test_an_address_that_nobody_has_is_counted_alike(app):
    assert guess(app, MALLORY, "nobody@example.org", times=11) == [422] * 10 + [429]


def test_the_mark_of_a_known_browser_is_sent_to_the_sign_in_alone_and_to_no_script(app):
    answer = try_in(app.test_client(), OFFICE)
    mark = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("newsletter-known="))
    assert "Path=/dashboard/sign-in" in mark
    assert "HttpOnly" in mark
    assert "SameSite=Lax" in mark
