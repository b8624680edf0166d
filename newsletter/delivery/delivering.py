"""Delivering: one call that sends what is due and returns."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from newsletter import mail, settings
from newsletter.database import db, transaction
from newsletter.delivery.allowance import shared
from newsletter.delivery.books import Books
from newsletter.delivery.claims import is_due
from newsletter.delivery.courier import Courier
from newsletter.delivery.destinations import special
from newsletter.delivery.faces import Destination, Tally
from newsletter.delivery.freezing import freeze_due
from newsletter.delivery.journal import Journal
from newsletter.delivery.pacer import Pacer
from newsletter.delivery.recovery import settle_expired, settle_orphans
from newsletter.delivery.relays import configured, full_until, resting_until, taking
from newsletter.delivery.tray import Tray
from newsletter.delivery.watch import Watch
from newsletter.delivery.workers import count, journal_folder, seen
from newsletter.delivery.writing import make_writer

_log = logging.getLogger(__name__)
CONNECTIONS = 10
_OFTEN = 5.0


def deliver(seconds: float | None = None, stop: Event | None = None, connections: int = CONNECTIONS) -> Tally:
    """Send what is due, for at most `seconds`, and return what was done once nothing more is due.

    Waits for a relay that rests as long as `seconds` allow, by default for a minute. When `stop` is set it finishes what
    is on the wire and gives the rest back. Several calls at once, in threads, processes and on many machines, share the
    work. Commits what the caller's session holds: couriers work in transactions of their own.
    """
    begun = time.monotonic()
    stop = stop or Event()
    db.session.commit()
    engine = db.engine
    _put_in_order(engine)
    standing, relays = _look(engine), configured()
    if not standing.due or not relays or stop.is_set():
        return Tally(seconds=time.monotonic() - begun)
    tally = _carry(engine, standing, relays, connections, lambda courier: courier.run(seconds, stop))
    return Tally(**tally, seconds=time.monotonic() - begun)


class _Standing(NamedTuple):
    """How the ledger stands as a run begins: whether mail is due, and what holds relays and domains back."""

    due: bool
    resting: Mapping[str, datetime]
    full: Mapping[str, datetime]
    domains: Mapping[str, Destination]
    processes: int
    well: Collection[str]


def _look(engine: Engine) -> _Standing:
    with transaction(engine) as connection:
        return _Standing(
            is_due(connection),
            resting_until(connection),
            full_until(connection),
            special(connection),
            count(connection),
            taking(connection),
        )


def _carry(
    engine: Engine,
    standing: _Standing,
    relays: Sequence[mail.Relay],
    connections: int,
    run: Callable[[Courier], Coroutine[None, None, None]],
) -> Mapping[str, int]:
    """Let a courier run, with a journal of its own, and return its tally by outcome."""
    redis_url, writer = settings.environment().redis_url, make_writer()
    db.session.commit()
    journal = Journal(journal_folder())
    tray = Tray(journal)
    watch = Watch(relays, standing.resting, standing.well)
    watch.heard_of_limits(standing.full)
    watch.heard_of_domains(standing.domains)
    tray.treat(standing.domains)
    with _freezing(engine) as more_follows:
        courier = Courier(
            Books(engine, journal.owner),
            tray,
            watch=watch,
            pacer=Pacer(shared(redis_url), standing.processes, tray, watch),
            writer=writer,
            connections={
                one.name: _share(one.connections, standing.processes) or connections for one in relays
            },
            more_follows=more_follows,
        )
        try:
            asyncio.run(run(courier))
        finally:
            settled = tray.empty
            tray.abandon()
            journal.close(settled=settled)
    return courier.tally


@contextmanager
def _freezing(engine: Engine) -> Iterator[Callable[[], bool]]:
    """Freeze what is left of mailings meanwhile; what is given tells whether more may follow."""
    over = Event()
    with ThreadPoolExecutor(1, "freeze") as thread:
        freezing = thread.submit(_freeze_rest, engine, over)
        try:
            yield lambda: not freezing.done()
        finally:
            over.set()


def _share(connections: int | None, processes: int) -> int | None:
    """Return how many connections of a relay are for one of so many processes."""
    return connections and max(1, connections // processes)


def _freeze_rest(engine: Engine, over: Event) -> None:
    """Freeze what is left of mailings while their first readers get theirs. What stays here is for the sweep."""
    try:
        while not over.is_set() and freeze_due(engine):
            pass
    except (OperationalError, InterfaceError) as trouble:
        _log.warning("the database did not answer while recipients were frozen: %s", trouble.orig)


def _put_in_order(engine: Engine) -> None:
    folder = journal_folder()
    seen(engine)
    freeze_due(engine)
    settle_orphans(engine, folder)
    settle_expired(engine, folder)
