"""A relay's address is understood, or refused in one line that says what to write."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from newsletter import clock
from newsletter.errors import Misconfigured
from newsletter.mail import Pace, Relay, has_news


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://relay.example.org", "relay.example.org", 25, "none"),
        ("smtp://relay.example.org:2525", "relay.example.org", 2525, "none"),
        ("smtp://relay.example.org?tls=starttls", "relay.example.org", 587, "starttls"),
        ("smtp://u:p@relay.example.org", "relay.example.org", 587, "starttls"),
        ("smtp://u:p@relay.example.org:25?tls=none", "relay.example.org", 25, "none"),
        ("smtp://u:p@127.0.0.1:1025", "127.0.0.1", 1025, "none"),
        ("smtp://u:p@[::1]:1025", "::1", 1025, "none"),
        ("smtps://u:p@relay.example.org", "relay.example.org", 465, "implicit"),
        ("smtp://relay.example.org?tls=implicit", "relay.example.org", 465, "implicit"),
        ("smtp://u@relay.example.org?auth=xoauth2&token_file=/t", "relay.example.org", 587, "starttls"),
        ("smtp://u@127.0.0.1:1025?auth=xoauth2&token_file=/t", "127.0.0.1", 1025, "none"),
    ],
)
def test_an_address_tells_the_server_and_how_to_encrypt(url, host, port, tls):
    relay = Relay.parse(url)
    assert (relay.host, relay.port, relay.tls) == (host, port, tls)


def test_a_password_is_decoded_and_never_shown():
    relay = Relay.parse("smtp://letter%40example.org:p%40ss%2Fword@relay.example.org?name=main&verify=no")
    assert (relay.username, relay.password) == ("letter@example.org", "p@ss/word")
    assert relay.name == "main"
    assert not relay.verify
    assert "ss/word" not in repr(relay)


def test_a_relay_is_called_by_its_server_unless_named():
    assert Relay.parse("smtp://u:p@relay.example.org:587").name == "relay.example.org:587"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "relay.example.org",
        "http://relay.example.org",
        "smtp://",
        "smtp://relay.example.org:port",
        "smtp://relay.example.org:0",
        "smtp://relay.example.org:99999",
        "smtp://relay.example.org/path",
        "smtp://user@relay.example.org",
        "smtp://relay.example.org?tls=ssl3",
        "smtp://relay.example.org?tsl=starttls",
        "smtp://relay.example.org?verify=maybe",
        "smtps://relay.example.org?tls=none",
        "smtp://relay.example.org?helo=x%0d%0aDATA",
        "smtp://relay.example.org?source=here",
        "smtp://[::1",
        "smtp://relay.example.org?per_hour=many",
        "smtp://relay.example.org?per_second=0",
        "smtp://relay.example.org?connections=-1",
        "smtp://relay.example.org?warm_up=200-500",
        "smtp://relay.example.org?warm_up=200-x&warm_up_from=2026-11-02",
        "smtp://relay.example.org?warm_up=200-500&warm_up_from=soon",
        "smtp://user@relay.example.org?auth=xoauth2",
        "smtp://user@relay.example.org?token_file=/run/secrets/token",
        "smtp://relay.example.org?auth=xoauth2&token_file=/run/secrets/token",
        "smtp://user:password@relay.example.org?auth=xoauth2&token_file=/run/secrets/token",
        "smtp://user@relay.example.org?auth=xoauth2&token_file=secrets/token",
        "smtp://user@relay.example.org?auth=cram-md5&token_file=/run/secrets/token",
    ],
)
def test_what_is_no_relay_is_refused_with_the_variable_named(url):
    with pytest.raises(Misconfigured) as refused:
        Relay.parse(url)
    assert refused.value.variable == "SMTP_URL"
    assert "\n" not in str(refused.value)


def test_an_address_tells_how_fast_mail_may_go():
    relay = Relay.parse(
        "smtp://relay.example.org?per_second=14&per_hour=5000&per_day=50000&connections=20&weight=3"
        "&warm_up=200-500&warm_up_from=2026-11-02"
    )
    assert relay.pace == Pace(14, 5000, 50_000, (200, 500), date(2026, 11, 2))
    assert (relay.connections, relay.weight) == (20, 3)
    assert not Relay.parse("smtp://relay.example.org").pace


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_an_address_tells_in_which_file_the_token_is(auth):
    relay = Relay.parse(
        f"smtp://letter%40example.org@smtp.example.org?auth={auth}&token_file=/run/secrets/token"
    )
    assert (relay.username, relay.password) == ("letter@example.org", None)
    assert (relay.auth, relay.token_file) == (auth, Path("/run/secrets/token"))


def test_a_token_file_that_was_written_since_is_news_unless_its_time_is_yet_to_come(tmp_path):
    file, begun = tmp_path / "token", clock.now()
    relay = Relay.parse(f"smtp://u@smtp.example.org?auth=xoauth2&token_file={file}")
    assert not has_news(relay, begun - timedelta(minutes=1))
    file.write_text("fresh")
    with time_machine.travel(begun + timedelta(minutes=5)):
        assert has_news(relay, begun - timedelta(minutes=1))
        assert not has_news(relay, begun + timedelta(minutes=1))
    with time_machine.travel(begun - timedelta(minutes=5)):
        assert not has_news(relay, begun - timedelta(minutes=6))
    assert not has_news(Relay("smtp.example.org"), begun - timedelta(minutes=1))
