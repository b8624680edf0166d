"""Delivering: one call that sends what is due and returns."""

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from newsletter import settings
from newsletter.database import db, transaction
from newsletter.delivery.allowance import shared
from newsletter.delivery.books import Books
from newsletter.delivery.claims import is_due
from newsletter.delivery.courier import Courier
from newsletter.delivery.destinations import special
from newsletter.delivery.faces import Tally
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
    with transaction(engine) as connection:
        due = is_due(connection)
        resting, full, domains = resting_until(connection), full_until(connection), special(connection)
        processes, well = count(connection), taking(connection)
    relays = configured()
    if not due or not relays or stop.is_set():
        return Tally(seconds=time.monotonic() - begun)
    environment, writer = settings.environment(), make_writer()
    db.session.commit()
    journal = Journal(journal_folder())
    tray = Tray(journal)
    watch = Watch(relays, resting, well)
    watch.heard_of_limits(full)
    watch.heard_of_domains(domains)
    tray.treat(domains)
    pacer = Pacer(shared(environment.redis_url), processes, tray, watch)
    opened = {relay.name: _share(relay.connections, processes) or connections for relay in relays}
    over = Event()
    with ThreadPoolExecutor(1, "freeze") as thread:
        freezing = thread.submit(_freeze_rest, engine, over)
        courier = Courier(
            Books(engine, journal.owner),
            tray,
            watch=watch,
            pacer=pacer,
            writer=writer,
            connections=opened,
            more_follows=lambda: not freezing.done(),
        )
        try:
            asyncio.run(courier.run(seconds, stop))
        finally:
            over.set()
            settled = tray.empty
            tray.abandon()
            journal.close(settled=settled)
    return Tally(**courier.tally, seconds=time.monotonic() - begun)


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
