"""What was settled long ago: service mail goes, issues and everything that waits stay."""

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select

from newsletter import delivery, mail, settings
from newsletter.database import db
from newsletter.delivery.tables import Recipient
from tests.delivery.conftest import draft, look, send

START = datetime.now(UTC)


def post(to="dora@example.org"):
    posted = delivery.post(draft(), mail.Address(to), "confirm")
    db.session.commit()
    return posted


def prune_after(days):
    with time_machine.travel(START + timedelta(days=days), tick=True):
        pruned = delivery.prune()
        db.session.commit()
        return pruned


def path(mailing):
    return mail.return_path("bounces.example.org", settings.environment().secret_keys, mailing, 1)


def test_settled_service_mail_goes_after_a_month_and_issues_stay(relay):
    confirmation, issue, later = post(), send(3), post("emi@example.org")
    delivery.deliver()
    assert prune_after(29) == 0
    assert prune_after(31) == 1
    assert delivery.bounced(path(confirmation)) is None
    left = db.session.scalars(select(Recipient.mailing_id).distinct().order_by(Recipient.mailing_id)).all()
    assert left == [issue, later]
    assert look(issue).sent == 3
    assert look(later).sent == 1


def test_service_mail_that_still_waits_is_never_dropped(relay):
    relay.judge = lambda stage, _: "451 4.7.1 greylisted, try later" if stage == "RCPT" else None
    waiting = post()
    delivery.deliver()
    send(1)
    assert prune_after(60) == 0
    assert look(waiting).deferred == 1


def test_no_number_is_given_twice_so_a_late_bounce_speaks_of_nobody_else(relay):
    dropped, newest = post(), post("emi@example.org")
    delivery.deliver()
    assert prune_after(40) == 1
    fresh = post("mallory@example.com")
    assert fresh > newest > dropped
    assert delivery.bounced(path(dropped)) is None
    assert delivery.bounced(path(newest)).address == "emi@example.org"
