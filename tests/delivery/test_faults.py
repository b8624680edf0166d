"""Nobody is lost and nobody is mailed twice beyond what was on the wire, whatever dies."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from newsletter import clock, delivery, mail, settings
from newsletter.database import db
from newsletter.delivery import MailingState
from newsletter.delivery.tables import Batch, WorkerRow
from tests.delivery.conftest import agree, draft, engine_matters_little, look, rows, send

_CONNECTIONS = 10


def start_worker(smtp_url: str, *redis_url: str) -> subprocess.Popen:
    environment = settings.environment()
    database = db.engine.url.render_as_string(hide_password=False)
    script = Path(__file__).with_name("courier_process.py")
    root = script.parents[2]
    return subprocess.Popen(
        [sys.executable, script, str(environment.data_dir), database, smtp_url, *redis_url],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def until(happens, seconds=60):
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def leases_run_out():
    """Let five minutes pass for all leases."""
    for batch in db.session.scalars(select(Batch).where(Batch.lease_owner.is_not(None)).with_for_update()):
        batch.lease_until -= timedelta(minutes=5)
        if batch.called_at:
            batch.called_at -= timedelta(minutes=5)
    db.session.commit()


class Beside:
    """Deliver in a thread beside the test."""

    def __init__(self, app, **arguments):
        self.stop = threading.Event()
        self.tally = None
        self._arguments = arguments
        self._app = app
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _run(self):
        with self._app.app_context():
            self.tally = delivery.deliver(stop=self.stop, **self._arguments)
            db.session.remove()


@pytest.mark.fault
def test_a_worker_killed_in_mid_send_loses_nobody_and_doubles_only_what_was_on_the_wire(relay):
    relay.delay = 0.01
    mailing = send(1500)
    for _ in range(3):
        before = len(relay.taken)
        worker = start_worker(relay.url)
        until(lambda before=before: len(relay.taken) > before + 100)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        look(mailing)
    relay.delay = 0
    delivery.deliver()
    seen = look(mailing)
    assert (seen.sent, seen.state) == (1500, MailingState.FINISHED)
    agree(mailing)
    got = relay.recipients
    assert len(got) == 1500
    assert sum(got.values()) - 1500 <= 3 * _CONNECTIONS
    doubled = {who for who, times in got.items() if times > 1}
    for who in doubled:
        assert len({message_id for recipient, message_id, _ in relay.taken if recipient == who}) == 1


@pytest.mark.fault
def test_what_was_on_the_wire_is_held_where_the_list_says_so(relay):
    relay.delay = 0.3
    mailing = send(200, unknown="hold")
    worker = start_worker(relay.url)
    until(lambda: len(relay.taken) >= 20)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    relay.delay = 0
    delivery.deliver()
    seen = look(mailing)
    assert 0 < seen.unknown <= _CONNECTIONS
    assert seen.unknown + seen.sent == 200
    assert seen.state == MailingState.FINISHED
    assert max(relay.recipients.values()) == 1
    assert delivery.resend_unknown(mailing) == seen.unknown
    db.session.commit()
    assert look(mailing).state != MailingState.FINISHED
    delivery.deliver()
    assert look(mailing).sent == 200
    assert len(relay.recipients) == 200
    agree(mailing)


@pytest.mark.fault
def test_an_orderly_stop_leaves_nothing_unknown_and_doubles_nobody(relay):
    relay.delay = 0.02
    mailing = send(1000)
    worker = start_worker(relay.url)
    until(lambda: len(relay.taken) > 100)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    seen = look(mailing)
    assert (seen.unknown, seen.sending) == (0, 0)
    assert seen.sent == len(relay.taken) < 1000
    relay.delay = 0
    delivery.deliver()
    assert look(mailing).sent == 1000
    assert set(relay.recipients.values()) == {1}


@pytest.mark.fault
def test_a_worker_lost_with_its_machine_leaves_doubts_and_no_losses(relay, place):
    relay.delay = 0.05
    mailing = send(300)
    worker = start_worker(relay.url)
    until(lambda: len(relay.taken) > 50)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    for folder in (settings.environment().data_dir / "journal").iterdir():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    relay.delay = 0
    delivery.deliver()
    assert look(mailing).sending > 0
    for _ in range(2):  # its lease runs out, it is called, and says nothing
        assert look(mailing).unknown == 0
        leases_run_out()
        delivery.sweep()
    assert look(mailing).unknown > 0
    delivery.deliver()
    assert look(mailing).sent == 300
    assert len(relay.recipients) == 300
    agree(mailing)


@pytest.mark.slow
@engine_matters_little
def test_a_server_that_goes_down_and_comes_back_is_waited_for(relay, place):
    relay.delay = 0.005
    mailing = send(400)
    with Beside(place):
        until(lambda: len(relay.taken) > 100)
        relay.kill()
        until(lambda: look(mailing).notice)
        seen = look(mailing)
        assert seen.state == MailingState.WAITING
        assert seen.refused == seen.deferred == 0
        relay.start()
        relay.delay = 0
    assert look(mailing).refused == 0
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=True):
        delivery.deliver()
        seen = look(mailing)
    assert (seen.sent, seen.state, seen.notice) == (400, MailingState.FINISHED, "")
    assert len(relay.recipients) == 400
    assert sum(relay.recipients.values()) <= 400 + _CONNECTIONS


@engine_matters_little
def test_a_server_that_does_not_answer_at_all_marks_nobody(relay, place):
    relay.kill()
    mailing = send(50)
    tally = delivery.deliver(seconds=1)
    assert tally.seconds < 5
    seen = look(mailing)
    assert (seen.queued, seen.state) == (
        50,
        MailingState.QUEUED if seen.started_at is None else MailingState.WAITING,
    )
    assert "127.0.0.1" in seen.notice
    assert seen.next_try_at is not None
    relay.start()


@engine_matters_little
def test_a_relay_that_blames_us_rests_and_nobody_is_refused(relay):
    relay.judge = lambda stage, _: (
        "550 5.7.26 unauthenticated mail is not accepted" if stage == "dot" else None
    )
    mailing = send(100)
    delivery.deliver(seconds=1)
    seen = look(mailing)
    assert (seen.queued, seen.refused) == (100, 0)
    assert seen.notice
    assert delivery.suppression("reader1@example.org") is None
    relay.judge = lambda *_: None
    with time_machine.travel(clock.now() + timedelta(minutes=20), tick=True):
        delivery.deliver()
        assert look(mailing).sent == 100


def test_what_is_no_mail_server_rests_with_the_words_it_said_and_marks_nobody(relay):
    relay.judge = lambda stage, _: "J\x00\x00\x00\n8.0.33\x00" if stage == "connect" else None
    mailing = send(5)
    delivery.deliver(seconds=1)
    [one] = delivery.relays()
    assert one.resting
    assert one.reason.endswith("sent what is no SMTP reply: J")
    assert look(mailing).queued == 5


@engine_matters_little
def test_a_message_that_upsets_the_relay_does_not_stand_in_the_way_of_the_others(relay):
    relay.judge = lambda stage, who: "cut" if (stage, who) == ("dot", "reader7@example.org") else None
    mailing = send(60)
    delivery.deliver(seconds=20)
    seen = look(mailing)
    assert seen.sent == 59
    assert seen.refused == 0


def test_pausing_stops_a_batch_on_its_way_and_resuming_goes_on(relay, place):
    relay.delay = 0.05
    mailing = send(400)
    with Beside(place):
        until(lambda: len(relay.taken) > 20)
        delivery.pause(mailing, "Alice")
        db.session.commit()
        until(lambda: look(mailing).sending == 0)
        count = len(relay.taken)
        assert count < 200
        seen = look(mailing)
        assert (seen.state, seen.paused_by, seen.sent) == (MailingState.PAUSED, "Alice", count)
    relay.delay = 0
    delivery.resume(mailing)
    db.session.commit()
    delivery.deliver()
    assert look(mailing).sent == 400
    assert set(relay.recipients.values()) == {1}


def test_withdrawing_cancels_the_rest(relay, place):
    relay.delay = 0.05
    mailing = send(400)
    with Beside(place):
        until(lambda: len(relay.taken) > 20)
        delivery.withdraw(mailing)
        db.session.commit()
    seen = look(mailing)
    assert (seen.state, seen.sending, seen.queued) == (MailingState.WITHDRAWN, 0, 0)
    assert seen.sent == len(relay.taken)
    assert seen.withdrawn == 400 - seen.sent
    agree(mailing)
    delivery.deliver()
    assert look(mailing).sent == seen.sent


def test_a_reader_who_leaves_while_the_batch_is_on_its_way_gets_nothing_more(relay, place):
    relay.delay = 0.05
    mailing = send(300, scope=7)
    with Beside(place):
        until(lambda: len(relay.taken) > 10)
        assert delivery.withdraw_reader(299, scope=7) == 1
        assert delivery.withdraw_reader(298, scope=8) == 0
        db.session.commit()
    assert "reader299@example.org" not in relay.recipients
    seen = look(mailing)
    assert (seen.sent, seen.withdrawn, seen.state) == (299, 1, MailingState.FINISHED)
    agree(mailing)


def test_several_couriers_share_a_mailing_without_doubling_anybody(relay, place):
    relay.delay = 0.002
    mailing = send(1600)
    with Beside(place), Beside(place), Beside(place):
        pass
    delivery.deliver()
    assert look(mailing).sent == 1600
    assert set(relay.recipients.values()) == {1}
    agree(mailing)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_under_random_faults_the_counts_always_add_up_and_everybody_gets_one_mail(relay, place, seed):
    chance = random.Random(seed)
    answers = {
        "RCPT": ("451 4.3.0 not now", "450 4.2.1 busy"),
        "dot": ("451 4.3.0 later", "421 4.3.2 closing", "cut"),
        "MAIL": ("451 4.3.0 hold on", "cut"),
    }

    def judge(stage, _argument):
        return chance.choice(answers[stage]) if stage in answers and chance.random() < 0.03 else None

    relay.judge = judge
    mailing = send(700)
    with time_machine.travel(clock.now(), tick=True) as time_now:
        for turn in range(12):
            with Beside(place, seconds=10) as beside:
                while beside._thread.is_alive():
                    look(mailing)
                    time.sleep(0.02)
            if turn == 8:
                relay.judge = lambda *_: None
            time_now.shift(timedelta(hours=9))
            if look(mailing).state == MailingState.FINISHED:
                break
    seen = look(mailing)
    assert (seen.sent, seen.state) == (700, MailingState.FINISHED)
    assert set(relay.recipients.values()) == {1}
    assert len(relay.recipients) == 700
    agree(mailing)


@engine_matters_little
def test_an_answer_lost_after_the_final_dot_is_unknown_and_sent_again_under_the_same_message_id(relay):
    once = {"reader2@example.org"}

    def judge(stage, who):
        if stage == "dot" and who in once:
            once.remove(who)
            return "take and cut"
        return None

    relay.judge = judge
    mailing = send(5)
    delivery.deliver()
    seen = look(mailing)
    assert (seen.sent, seen.unknown, seen.state) == (4, 1, MailingState.WAITING)
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=True):
        delivery.deliver()
        assert look(mailing).sent == 5
    ids = [message_id for who, message_id, _ in relay.taken if who == "reader2@example.org"]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_reader_can_be_forgotten(relay):
    mailing = send(3)
    delivery.suppress("reader2@example.org", "asked")
    db.session.commit()
    delivery.deliver()
    delivery.forget(2, "reader2@example.org")
    db.session.commit()
    row = rows(mailing)[1]
    assert (row.address, row.name, row.reply) == ("", None, None)
    assert delivery.suppressions().items[0].address is None
    assert delivery.suppression("reader2@example.org") is not None
    agree(mailing)


def test_health_names_the_workers_and_what_waits(relay):
    delivery.post(draft(), mail.Address("dora@example.org"), "confirm")
    db.session.commit()
    assert delivery.health().waiting_service_mail == 1
    delivery.deliver()
    seen = delivery.health()
    assert len(seen.workers) == 1
    assert seen.waiting_service_mail == 0
    assert seen.relays[0].well_at is not None
    assert 'newsletter_recipients{state="sent"} 1' in delivery.metrics()


def test_a_worker_that_stopped_in_order_is_named_no_more(relay):
    delivery.sweep()
    assert len(delivery.health().workers) == 1
    delivery.sign_off()
    assert delivery.health().workers == ()


def test_a_worker_that_was_killed_is_named_no_more_once_another_starts_on_its_machine(relay, session):
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait()
    machine = socket.gethostname()[:80]
    for name in (f"{machine}-{killed.pid}", "elsewhere-1"):
        session.add(WorkerRow(name=name, started_at=clock.now(), seen_at=clock.now()))
    session.commit()
    delivery.sweep()
    assert {worker.name for worker in delivery.health().workers} == {
        f"{machine}-{os.getpid()}",
        "elsewhere-1",
    }


@pytest.mark.slow
@engine_matters_little
def test_a_slow_answer_is_waited_for_when_the_time_of_a_courier_is_over(relay):
    relay.delay = 2.5
    mailing = send(10)
    delivery.deliver(seconds=2)
    seen = look(mailing)
    assert (seen.sent, seen.unknown) == (10, 0)


def test_a_mailing_is_finished_when_the_last_reader_it_waits_for_leaves(relay):
    relay.judge = lambda stage, who: "451 later" if (stage, who) == ("RCPT", "reader2@example.org") else None
    mailing = send(3)
    delivery.deliver()
    assert look(mailing).deferred == 1
    delivery.withdraw_reader(2)
    db.session.commit()
    delivery.deliver()
    seen = look(mailing)
    assert (seen.state, seen.sent, seen.withdrawn) == (MailingState.FINISHED, 2, 1)
