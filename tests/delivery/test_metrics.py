"""The figures for Prometheus: what its own parser reads of them, through a mailing, a rest and a pause."""

from datetime import timedelta

import pytest
import time_machine
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from newsletter import clock, delivery, mail
from newsletter.database import db
from tests.delivery.conftest import draft, engine_matters_little, send, use


def figures():
    """Read all figures, as samples by name and labels, and see that each has a kind and words."""
    text = delivery.metrics()
    db.session.commit()
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
        assert family.type in {"gauge", "counter", "info"}, family.name
        for sample in family.samples:
            key = (sample.name, *sorted(sample.labels.items()))
            assert key not in found, key
            found[key] = sample.value
    return found


def of(found, name, **labels):
    return found[f"newsletter_{name}", *sorted(labels.items())]


def test_what_relays_were_handed_only_rises_and_is_told_by_outcome(relay):
    use(f"{relay.url}?name=relay.example.org")
    answers = {"reader1@example.org": "550 5.1.1 unknown", "reader2@example.org": "452 4.2.2 full"}
    relay.judge = lambda stage, who: answers.get(who) if stage == "RCPT" else None
    before = figures()
    assert ("newsletter_messages_total", ("outcome", "sent"), ("relay", "relay.example.org")) not in before
    send(600)
    waiting = figures()
    assert of(waiting, "messages_left", kind="issue", state="queued") == 600
    assert of(waiting, "mailings_under_way", kind="issue") == 1
    assert of(waiting, "batches_due") == 2
    delivery.deliver()
    after = figures()
    for outcome, count in {"sent": 598, "refused": 1, "deferred": 1}.items():
        assert of(after, "messages_total", relay="relay.example.org", outcome=outcome) == count
    assert of(after, "messages_left", kind="issue", state="deferred") == 1
    assert of(after, "connections", relay="relay.example.org") == 0
    send(50, reference="issue:43")
    delivery.deliver()
    again = figures()
    assert of(again, "messages_total", relay="relay.example.org", outcome="sent") == 598 + 48
    assert of(again, "recipients", state="suppressed") == 1


@engine_matters_little
def test_what_is_due_and_not_taken_has_an_age_unless_it_is_paused(relay):
    mailing = send(10)
    delivery.post(draft(), mail.Address("dora@example.org", ""), "confirm")
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert of(figures(), "oldest_batch_due_seconds") == pytest.approx(300, abs=5)
        assert of(figures(), "oldest_service_mail_seconds") == pytest.approx(300, abs=5)
        assert of(figures(), "batches_due") == 2
        delivery.pause(mailing)
        db.session.commit()
        assert of(figures(), "batches_due") == 1
        delivery.deliver()
        assert of(figures(), "oldest_batch_due_seconds") == 0
        assert of(figures(), "mailings_under_way", kind="issue") == 1


@engine_matters_little
def test_a_resting_relay_says_whose_fault_it_is_and_a_paused_domain_counts(relay):
    send(20)
    use("smtp://127.0.0.1:1?name=down")
    delivery.deliver(seconds=1)
    found = figures()
    assert of(found, "relay_resting", relay="down", fault="relay") == 1
    assert of(found, "relay_resting", relay="down", fault="sender") == 0
    use(relay.url)
    relay.judge = lambda stage, _: "450 4.7.28 too much mail from you" if stage == "RCPT" else None
    delivery.deliver(seconds=5)
    assert of(figures(), "domains_paused") == 1


@engine_matters_little
def test_a_sweep_that_stays_away_is_seen(relay):
    assert of(figures(), "last_sweep_timestamp_seconds") == 0
    delivery.sweep()
    assert of(figures(), "last_sweep_timestamp_seconds") == pytest.approx(clock.now().timestamp(), abs=5)
    assert of(figures(), "workers") == 1


@engine_matters_little
def test_names_with_signs_of_their_own_are_escaped(relay):
    use(f"{relay.url}?name=a%22b%5Cc")
    send(3)
    delivery.deliver()
    assert of(figures(), "messages_total", relay='a"b\\c', outcome="sent") == 3


@engine_matters_little
def test_a_larger_mailing_costs_no_further_question(relay):
    def questions():
        asked = []
        event.listen(db.engine, "before_cursor_execute", asked_one := lambda *words: asked.append(words[2]))
        delivery.metrics()
        event.remove(db.engine, "before_cursor_execute", asked_one)
        db.session.commit()
        return asked

    send(1)
    few = questions()
    send(3000, reference="issue:43")
    assert questions() == few
    assert not any("recipients WHERE" in one or "FROM recipients" in one for one in few)


@engine_matters_little
def test_figures_name_no_address_and_no_issue(relay):
    relay.judge = lambda stage, who: f"550 5.1.1 <{who}> unknown" if stage == "RCPT" else None
    send(30)
    delivery.deliver()
    text = delivery.metrics()
    for word in ("@", "reader", "No. 42", "issue:42", "unknown>"):
        assert word not in text.replace('outcome="unknown"', "")
