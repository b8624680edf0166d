"""Several machines share a mailing through the database alone, whatever becomes of one of them, and whatever its clock says."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from benchmarks.faulting.servers import Receiver
from newsletter import clock, delivery, settings
from newsletter.database import db
from newsletter.delivery import MailingState
from newsletter.delivery.claims import claim
from newsletter.delivery.counting import Counts
from newsletter.delivery.tables import WorkerRow
from tests.delivery.conftest import agree, look, send, use
from tests.delivery.machines import machines
from tests.delivery.test_faults import leases_run_out, until

pytestmark = [pytest.mark.postgres, pytest.mark.fault]
CONNECTIONS = 10
OFF = 300
"""Seconds by which a clock is wrong."""


@pytest.fixture
def receiver(tmp_path) -> Iterator[Receiver]:
    """A mail server that notes from which address each message came."""
    with closing(Receiver(tmp_path, latency_ms=10, host="0.0.0.0")) as running:
        yield running


@pytest.fixture
def three(tmp_path, receiver, postgres_app):
    """Three machines beside the one that runs the test, which is a fourth."""
    use(f"smtp://127.0.0.1:{receiver.port}?tls=none")
    settings.change_publication(bounce_domain="bounces.example.org")
    db.session.commit()
    with machines(tmp_path, receiver.port) as made:
        yield made


def taken(receiver: Receiver) -> int:
    return receiver.counts()["taken"]


def test_three_machines_share_a_mailing_without_talking_to_each_other(three, receiver):
    mailing = send(3900)
    for machine in three:
        machine.stand_by()
    for machine in three:
        machine.go()
    until(lambda: {worker.name.rpartition("-")[0] for worker in delivery.health().workers} >= names(three))
    for machine in three:
        machine.end()
    assert look(mailing).state == MailingState.FINISHED
    notes = receiver.notes()
    assert set(notes.peers) == {machine.address for machine in three}
    everybody_once(notes, 3900)
    agree(mailing)


def test_whoever_claims_at_the_same_moment_leaves_the_rest_to_others(three, receiver):
    send(1000)
    with db.engine.connect() as somebody:
        assert len(claim(somebody, "somebody", Counts())) == 1
        assert delivery.deliver().sent == 499
    assert delivery.deliver().sent == 500
    everybody_once(receiver.notes(), 1000)


def names(three) -> set[str]:
    apart = not three[0].address.startswith("127.")
    return {machine.name if apart else socket.gethostname() for machine in three}


def everybody_once(notes, count: int) -> None:
    refused = count // 1000
    assert len(notes.taken) == count - refused
    assert len({recipient for recipient, _, _ in notes.taken}) == count - refused


@pytest.mark.parametrize("policy", ["resend", "hold"])
def test_a_machine_that_never_comes_back_is_waited_for_and_then_its_list_decides(three, receiver, policy):
    mailing = send(3900, unknown=policy)
    dead, *others = three
    dead.start()
    until(lambda: taken(receiver) > 500)
    dead.kill()
    dead.data_dir.rename(dead.data_dir.with_name("gone"))
    for machine in others:
        machine.start()
    for machine in others:
        machine.end()
    in_hand = look(mailing).sending
    assert 0 < in_hand <= 1500
    delivery.sweep()
    assert look(mailing).sending == in_hand
    leases_run_out()
    delivery.sweep()
    assert look(mailing).sending == in_hand, "it was called and had no time to answer"
    leases_run_out()
    delivery.sweep()
    assert look(mailing).unknown == in_hand
    delivery.deliver()
    seen, notes = look(mailing), receiver.notes()
    if policy == "hold":
        assert seen.unknown == in_hand
        assert len({recipient for recipient, _, _ in notes.taken}) == len(notes.taken)
    else:
        assert (seen.sent, seen.state) == (3897, MailingState.FINISHED)
        only_what_it_had_in_hand_came_twice(notes, dead.address, in_hand)
    agree(mailing)


def only_what_it_had_in_hand_came_twice(notes, address: str, in_hand: int) -> None:
    by_it = {(recipient, message_id) for recipient, message_id, peer in notes.taken if peer == address}
    by_others = {(recipient, message_id) for recipient, message_id, peer in notes.taken if peer != address}
    assert len(by_it) + len(by_others) == len(notes.taken)
    twice = by_it & by_others
    assert len(twice) <= in_hand
    assert len({recipient for recipient, _, _ in notes.taken}) == len(by_it | by_others) == 3897


def test_a_machine_that_comes_back_with_its_journal_settles_exactly(three, receiver):
    mailing = send(2900)
    unlucky, other, _ = three
    unlucky.start()
    until(lambda: taken(receiver) > 500)
    unlucky.kill()
    assert unlucky.journals()
    other.start().end()
    assert look(mailing).sending > CONNECTIONS
    unlucky.start().end()
    seen, notes = look(mailing), receiver.notes()
    assert (seen.sent, seen.refused, seen.state) == (2898, 2, MailingState.FINISHED)
    assert len({recipient for recipient, _, _ in notes.taken}) == 2898
    assert len(notes.taken) - 2898 <= CONNECTIONS
    assert not unlucky.journals()
    agree(mailing)


@pytest.mark.parametrize(("its_clock", "our_clock"), [(-OFF, 0), (0, OFF)])
def test_a_wrong_clock_takes_no_batch_from_anybody_who_lives(three, receiver, its_clock, our_clock):
    with time_machine.travel(clock.now() - timedelta(seconds=2 * OFF), tick=True):
        mailing = send(2900)
    machine = three[0].start(clock_off=its_clock)
    until(lambda: taken(receiver) > 100)
    with time_machine.travel(clock.now() + timedelta(seconds=our_clock), tick=True):
        while machine.runs:
            delivery.sweep()
            assert look(mailing).unknown == 0
            time.sleep(0.05)
    machine.end()
    everybody_once(receiver.notes(), 2900)
    agree(mailing)


def test_leases_that_all_run_out_at_once_while_their_couriers_live_cost_nothing(three, receiver):
    """The database was away for long, or its clock was set."""
    mailing = send(2900)
    machine = three[0].start()
    until(lambda: taken(receiver) > 100)
    for _ in range(5):
        leases_run_out()
        for _ in range(10):
            delivery.sweep()
            assert look(mailing).unknown == 0
            time.sleep(0.05)
    machine.end()
    everybody_once(receiver.notes(), 2900)
    agree(mailing)


def test_a_worker_says_how_far_its_clock_is_off(three):
    with time_machine.travel(clock.now() + timedelta(seconds=OFF), tick=True):
        delivery.sweep()
    (worker,) = delivery.health().workers
    assert worker.clock_is_wrong
    assert worker.ahead == pytest.approx(OFF, abs=2)
    assert db.session.scalars(select(WorkerRow.seen_at)).one() < clock.now() + timedelta(seconds=2)
