"""At one time by each reader's own clock: everybody once, at their moment, in one report."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter import audience, delivery, issues
from newsletter.database import db
from newsletter.errors import Conflict
from newsletter.issues import State
from tests.issues.test_plans import enrol, got
from tests.issues.test_sending import adds_up, server

__all__ = ["server"]

NINE = datetime.fromisoformat("2026-10-12T09:00")
TOKYO, LONDON, NEW_YORK = (datetime(2026, 10, 12, hour, tzinfo=UTC) for hour in (0, 8, 13))


@pytest.fixture
def spread(letter, readers, dialogue):
    """Dora is in London, Emi in Tokyo, Gil in New York; Finn has named no zone."""
    enrol(letter, "gil@example.org")
    for address, zone in (
        ("dora@example.org", "Europe/London"),
        ("emi@example.jp", "Asia/Tokyo"),
        ("gil@example.org", "America/New_York"),
    ):
        moves(address, zone)
    draft = issues.draft(letter)
    db.session.commit()
    return draft


def moves(address, zone):
    audience.change_preferences(audience.subscriber(address).id, timezone=zone)
    db.session.commit()


def tick(now, moment):
    now.move_to(moment + timedelta(seconds=1))
    issues.send_due()
    issues.send_waves()
    delivery.deliver(10)
    issues.settle()
    db.session.commit()


def test_each_zone_has_its_moment_and_one_report_adds_up(spread, server, now):
    issues.send(spread.id, by_own_clock=NINE)
    assert issues.issue(spread.id).send_at == TOKYO
    assert [(wave.at, wave.readers) for wave in issues.waves(issues.issue(spread.id), NINE)] == [
        (TOKYO, 2), (LONDON, 1), (NEW_YORK, 1),
    ]  # fmt: skip
    tick(now, TOKYO - timedelta(minutes=1))
    assert issues.report(spread.id).state is State.SCHEDULED
    tick(now, TOKYO)
    assert got(spread.id) == ["emi@example.jp", "finn@example.org"]
    assert issues.report(spread.id).state is State.SENDING
    with pytest.raises(Conflict, match="wait for their time"):
        issues.later_readers(spread.id)
    tick(now, LONDON)
    assert [wave.at for wave in issues.to_come(spread.id)] == [NEW_YORK]
    tick(now, NEW_YORK)
    report = issues.report(spread.id)
    assert (report.state, report.recipients, report.sent) == (State.SENT, 4, 4)
    assert adds_up(report)
    assert all(len(mails) == 1 for mails in server.taken.values())
    subjects = {mails[0]["Subject"] for address, mails in server.taken.items() if address.endswith(".org")}
    assert len(subjects) == 1


def test_whoever_moves_meanwhile_gets_it_once(spread, server, now):
    issues.send(spread.id, by_own_clock=NINE)
    tick(now, TOKYO)
    moves("emi@example.jp", "America/New_York")
    moves("gil@example.org", "Asia/Tokyo")
    tick(now, TOKYO + timedelta(minutes=16))
    assert got(spread.id) == ["emi@example.jp", "finn@example.org", "gil@example.org"]
    tick(now, LONDON)
    report = issues.report(spread.id)
    assert (report.state, report.recipients, report.sent) == (State.SENT, 4, 4)
    assert {address: len(mails) for address, mails in server.taken.items()} == dict.fromkeys(
        got(spread.id), 1
    )


def test_those_for_whom_the_time_is_past_get_it_at_once(spread, now):
    now.move_to(LONDON + timedelta(hours=1))
    issues.send(spread.id, by_own_clock=NINE)
    assert got(spread.id) == ["dora@example.org", "emi@example.jp", "finn@example.org"]
    assert [wave.at for wave in issues.to_come(spread.id)] == [NEW_YORK]


def test_pausing_and_cancelling_hold_for_all_zones(spread, server, now):
    issues.send(spread.id, by_own_clock=NINE)
    tick(now, TOKYO)
    issues.pause(spread.id, "Bob")
    tick(now, LONDON)
    assert len(got(spread.id)) == 2
    assert issues.waves_paused_by(spread.id) == "Bob"
    issues.resume(spread.id)
    tick(now, LONDON + timedelta(minutes=1))
    assert len(got(spread.id)) == 3
    issues.cancel(spread.id)
    tick(now, NEW_YORK)
    report = issues.report(spread.id)
    assert (report.state, report.recipients, report.sent) == (State.CANCELLED, 3, 3)


def test_two_workers_at_a_wave_add_nobody_twice(spread, server, now):
    issues.send(spread.id, by_own_clock=NINE)
    tick(now, TOKYO)
    now.move_to(LONDON + timedelta(seconds=1))
    assert issues.send_waves() == [spread.id]
    assert issues.send_waves() == []
    assert issues.report(spread.id).recipients == 3
