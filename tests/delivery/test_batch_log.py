"""The lines in the log: one for each batch that a courier gives back, whose numbers add up to the report's."""

import json
import logging

import pytest
from sqlalchemy import String, case, cast, literal, null

from newsletter import delivery, mail
from newsletter.app.logs import _formatter, _last
from newsletter.database import db
from newsletter.delivery import Letter
from tests.delivery.conftest import draft, engine_matters_little, look, readers, send, template, use

TOLD = ("sent", "deferred", "refused", "unknown")


@pytest.fixture
def lines(caplog):
    """What the log of a server says, line by line."""
    caplog.set_level(logging.INFO, "newsletter")
    formatter = _formatter(_last())
    return lambda: [json.loads(formatter.format(record)) for record in caplog.records]


def to_three_domains(count):
    """Select made-up readers at large.example, small.example and full.example."""
    found = readers(count).subquery()
    _, variant, number, name, _ = found.c
    domain = case(
        (number % 3 == 0, "small.example"), (number % 3 == 1, "full.example"), else_="large.example"
    )
    address = literal("reader", String) + cast(number, String) + "@" + cast(domain, String)
    return db.select(address, variant, number, name, cast(null(), String))


def test_each_batch_has_one_line_and_their_numbers_are_the_reports(relay, lines):
    def judge(stage, argument):
        if stage == "RCPT" and argument.endswith("@full.example"):
            return "452 4.2.2 Mailbox full" if int(argument[6:-13]) % 2 else "550 5.1.1 User unknown"
        return None

    relay.judge = judge
    letter = Letter("No. 42", "issue:42", {"en": template()}, "letter@example.org")
    mailing = delivery.enqueue(letter, to_three_domains(1200))
    db.session.commit()
    delivery.deliver()
    seen, told = look(mailing), lines()
    assert [line["event"] for line in told] == ["batch given back"] * 3
    assert sorted(line["first"] for line in told) == [1, 501, 1001]
    assert {line["mailing"] for line in told} == {mailing}
    for state in TOLD:
        assert sum(line[state] for line in told) == getattr(seen, state), state
    assert (seen.sent, seen.deferred, seen.refused) == (800, 200, 200)
    assert sum(line["claimed"] for line in told) == 1200
    assert all(line["back"] == 0 and line["seconds"] > 0 for line in told)
    assert all(line["relays"] == [f"127.0.0.1:{relay.port}"] for line in told)
    assert "@" not in json.dumps(told)
    assert "example" not in json.dumps(told)


@engine_matters_little
def test_what_a_courier_has_no_time_for_is_told_as_given_back(relay, lines):
    relay.delay = 0.02
    mailing = send(600)
    delivery.deliver(seconds=0.5)
    told, seen = lines(), look(mailing)
    assert sum(line["sent"] for line in told) == seen.sent > 0
    assert sum(line["back"] for line in told) == sum(line["claimed"] for line in told) - seen.sent > 0


@engine_matters_little
def test_service_mails_that_go_back_together_share_a_line(relay, lines):
    for number in range(5):
        delivery.post(draft(), mail.Address(f"reader{number}@example.org", ""), "confirm")
    db.session.commit()
    delivery.deliver()
    told = lines()
    assert {line["event"] for line in told} == {"service mail given back"}
    assert sum(line["sent"] for line in told) == 5
    assert len(told) < 5


@engine_matters_little
def test_two_relays_that_share_the_mail_are_both_named(relay, lines):
    use(f"{relay.url}?name=first&weight=1", f"{relay.url}?name=second&weight=1")
    send(1000)
    delivery.deliver()
    assert {name for line in lines() for name in line["relays"]} == {"first", "second"}
