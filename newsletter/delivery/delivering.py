"""Delivering: one call that sends what is due and returns."""

import asyncio
import time
from threading import Event

from sqlalchemy import Engine

from newsletter import settings
from newsletter.database import db, transaction
from newsletter.delivery.allowance import shared
from newsletter.delivery.books import Books
from newsletter.delivery.claims import is_due
from newsletter.delivery.courier import Courier
from newsletter.delivery.destinations import special
from newsletter.delivery.faces import Tally
from newsletter.delivery.journal import Journal
from newsletter.delivery.pacer import Pacer
from newsletter.delivery.recovery import settle_expired, settle_orphans, start_due
from newsletter.delivery.relays import configured, full_until, resting_until, taking
from newsletter.delivery.tray import Tray
from newsletter.delivery.watch import Watch
from newsletter.delivery.workers import count, journal_folder, seen
from newsletter.delivery.writing import Writer

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
    publication = settings.publication()
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
    environment, signers = settings.environment(), settings.signers()
    db.session.commit()
    writer = Writer(settings.tokens(), environment.secret_keys, publication.bounce_domain, signers)
    journal = Journal(journal_folder())
    tray = Tray(journal)
    watch = Watch(relays, resting, well)
    watch.heard_of_limits(full)
    watch.heard_of_domains(domains)
    tray.treat(domains)
    pacer = Pacer(shared(environment.redis_url), processes, tray, watch)
    opened = {relay.name: _share(relay.connections, processes) or connections for relay in relays}
    courier = Courier(
        Books(engine, journal.owner), tray, watch=watch, pacer=pacer, writer=writer, connections=opened
    )
    try:
        asyncio.run(courier.run(seconds, stop))
    finally:
        settled = tray.empty
        tray.abandon()
        journal.close(settled=settled)
    return Tally(**courier.tally, seconds=time.monotonic() - begun)


def _share(connections: int | None, processes: int) -> int | None:
    """Return how many connections of a relay are for one of so many processes."""
    return connections and max(1, connections // processes)


def _put_in_order(engine: Engine) -> None:
    folder = journal_folder()
    seen(engine)
    start_due(engine)
    settle_orphans(engine, folder)
    settle_expired(engine, folder)
