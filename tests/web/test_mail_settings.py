"""Settings → Mail: how relays and domains do, the limits of a domain, and “Try now”."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter import clock, delivery, settings
from newsletter.database import db
from newsletter.delivery.destinations import pause_domain
from newsletter.delivery.relays import rest
from newsletter.delivery.tables import WorkerRow
from newsletter.mail import Fault, Pace
from tests.web.test_dashboard import as_, cast

__all__ = ["as_", "cast"]
PAGE = "/dashboard/settings/mail"


@pytest.fixture
def relay(app):
    url = "smtp://relay.example.org:587?tls=none&per_second=14"
    settings.bind(replace(settings.environment(), smtp_urls=(url,), catches_mail=False))
    return "relay.example.org:587"


def test_an_owner_sets_the_limits_of_a_domain_and_takes_them_away(as_, relay):
    alice = as_("alice")
    alice.post(f"{PAGE}/domains", data={"domain": "Example.com", "per_hour": "2000", "warm_up": "200-500"})
    found = delivery.destinations()[0]
    assert (found.name, found.pace) == (
        "example.com",
        Pace(per_hour=2000, warm_up=(200, 500), warm_up_from=clock.now().date()),
    )
    page = alice.get(PAGE).text
    assert "2,000 an hour" in page
    assert "14 a second" in page
    alice.post(f"{PAGE}/domains/free", data={"domain": "example.com"})
    assert delivery.destinations() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"domain": "nowhere", "per_hour": "5"}, "Give a domain such as example.org."),
        ({"domain": "example.com"}, "Give one limit at least."),
        ({"domain": "example.com", "per_hour": "many"}, "Write a number of messages, 1 or more."),
        ({"domain": "example.com", "warm_up": "a-b"}, "Write the steps of a warm-up"),
        (
            {"domain": "example.com", "warm_up": "5", "warm_up_from": "soon"},
            "Write a day such as 2026-11-02.",
        ),
    ],
)
def test_a_limit_that_is_none_is_named_at_its_field_and_nothing_is_saved(as_, relay, wrong, words):
    answer = as_("alice").post(f"{PAGE}/domains", data=wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert delivery.destinations() == []


def test_a_relay_that_rests_is_tried_now(as_, relay):
    with db.engine.begin() as connection:
        rest(connection, relay, Fault.SENDER, "The relay wants a user name and password.")
    alice = as_("alice")
    assert "The relay wants a user name and password." in alice.get(PAGE).text
    alice.post(f"{PAGE}/relay/try", data={"name": relay})
    assert not delivery.relays()[0].resting
    assert as_("bob").post(f"{PAGE}/relay/try", data={"name": relay}).status_code == 403
    assert alice.post(f"{PAGE}/relay/try", data={"name": "another"}).status_code == 404


def test_machines_that_call_from_addresses_of_their_own_heed_one_rest(app, relay):
    with db.engine.begin() as connection:
        rest(connection, relay, Fault.SENDER, "The relay wants a user name and password.")
    (url,) = settings.environment().smtp_urls
    for other, resting in (
        (f"{url}&source=192.0.2.7&helo=two.example.org", True),
        (f"{url}&per_day=5", False),
    ):
        settings.bind(replace(settings.environment(), smtp_urls=(other,)))
        assert delivery.relays()[0].resting is resting


@pytest.mark.parametrize(("ahead", "words"), [(300, "300 s ahead of"), (-61.5, "62 s behind"), (0.4, "")])
def test_a_worker_whose_clock_is_wrong_is_named_with_what_to_do(as_, relay, ahead, words):
    now = clock.now()
    db.session.add(WorkerRow(name="machine2-7", started_at=now, seen_at=now, ahead=ahead))
    db.session.commit()
    alice = as_("alice")
    assert words in alice.get(PAGE).text
    assert ("network&#39;s time" in alice.get(PAGE).text) is bool(words)
    assert ("The clock of machine2-7 is wrong" in alice.get("/dashboard/").text) is bool(words)
    seen = as_("bob").get("/dashboard/").text
    assert "machine2-7" not in seen
    assert ("The clock of a worker is wrong" in seen) is bool(words)


def test_a_domain_that_is_left_alone_is_named_with_its_reason_and_tried_now(as_, relay):
    with db.engine.begin() as connection:
        pause_domain(connection, "example.com", "The receiving server is upset.", "421 4.7.28 too many")
    page = as_("alice").get(PAGE).text
    assert "The receiving server is upset." in page
    assert "421 4.7.28 too many" in page
    assert delivery.destinations()[0].paused_until > clock.now() + timedelta(minutes=4)
    assert as_("carol").post(f"{PAGE}/domains/try", data={"domain": "example.com"}).status_code == 403
    as_("bob").post(f"{PAGE}/domains/try", data={"domain": "example.com"})
    assert delivery.destinations() == []
