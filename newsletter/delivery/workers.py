"""Who delivers: processes that were seen of late, and whether mail goes out at all."""

import os
import socket
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, select, update

from newsletter import clock, settings
from newsletter.database import db, moment, transaction
from newsletter.delivery.faces import Health, RelayState, Worker
from newsletter.delivery.relays import relays
from newsletter.delivery.states import RUNNING
from newsletter.delivery.tables import Mailing, WorkerRow
from newsletter.delivery.upserts import add

_OFTEN = timedelta(seconds=5)
LATELY = timedelta(seconds=90)
"""For how long a process that was seen counts as one at work."""
_FRESH = timedelta(seconds=20)
_KEPT = timedelta(days=1)


def name() -> str:
    """What this process is called among the workers."""
    return f"{_machine()}-{os.getpid()}"


def journal_folder() -> Path:
    """Where the couriers of this machine keep their journals."""
    return settings.environment().data_dir / "journal"


def seen(engine: Engine, *, sweeping: bool = False) -> None:
    """Note that this process is at work, whether it sweeps, and how far its clock is off; at most every few seconds."""
    me = WorkerRow.name == name()
    with transaction(engine) as connection:
        now = connection.execute(select(moment(connection))).scalar_one()
        note = {"seen_at": now, "ahead": round((clock.now() - now).total_seconds(), 1)}
        note |= {"swept_at": now} if sweeping else {}
        noted = WorkerRow.swept_at if sweeping else WorkerRow.seen_at
        found = connection.execute(select(noted).where(me)).first()
        if found is None:
            connection.execute(delete(WorkerRow).where(WorkerRow.seen_at < now - _KEPT))
            _bury(connection)
            add(connection, WorkerRow, {"name": name()}, started_at=now, **note)
        elif found[0] is None or now - found[0] > _OFTEN:
            connection.execute(update(WorkerRow).where(me).values(**note))


def count(connection: Connection) -> int:
    """Return how many processes were seen at work of late; this one at least."""
    lately = select(func.count()).where(_seen_lately(connection))
    return max(1, connection.execute(lately).scalar_one())


def somebody_works() -> bool:
    """Tell whether a process was seen at work of late."""
    lately = select(WorkerRow.name).where(_seen_lately(db.session.connection()))
    return db.session.scalar(lately.limit(1)) is not None


def _seen_lately(connection: Connection) -> ColumnElement[bool]:
    return WorkerRow.seen_at > moment(connection, -LATELY)


def note_alone(connection: Connection, since: datetime | None) -> None:
    """Note since when this process keeps limits by itself, or that it shares them again."""
    connection.execute(update(WorkerRow).where(WorkerRow.name == name()).values(alone_since=since))


def note_connections(connection: Connection, there: dict[str, int]) -> None:
    """Note how many connections this process has open to which relay; it is seen at work by that, too."""
    me = update(WorkerRow).where(WorkerRow.name == name())
    connection.execute(me.values(connections=there, seen_at=moment(connection)))


def sign_off() -> None:
    """Note that this process has stopped in order and is at work no more. Commits what the caller's session holds."""
    db.session.commit()
    with transaction() as connection:
        connection.execute(delete(WorkerRow).where(WorkerRow.name == name()))


def _bury(connection: Connection) -> None:
    """Take away the rows of processes of this machine that were killed and are no more."""
    here = connection.scalars(select(WorkerRow.name).where(WorkerRow.name.startswith(f"{_machine()}-")))
    dead = [one for one in here if not _lives(one.rpartition("-")[2])]
    connection.execute(delete(WorkerRow).where(WorkerRow.name.in_(dead)))


def _machine() -> str:
    return socket.gethostname()[:80]


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:  # it lives, and is somebody else's
        return True
    return True


def health() -> Health:
    """Return who was seen at work of late, how the relays do, and which service mail waits."""
    lately = select(WorkerRow).where(_seen_lately(db.session.connection())).order_by(WorkerRow.name)
    waits = select(func.count(), func.min(Mailing.created_at)).where(
        Mailing.service, Mailing.state.in_(RUNNING)
    )
    waiting, oldest = db.session.execute(waits).one()
    workers = tuple(
        Worker(row.name, row.started_at, row.seen_at, row.alone_since, row.ahead, row.connections)
        for row in db.session.scalars(lately)
    )
    known = tuple(relays())
    now = db.session.execute(select(moment(db.session.connection()))).scalar_one()
    return Health(
        workers=workers,
        relays=known,
        waiting_service_mail=waiting,
        oldest_waiting_since=oldest,
        connections=_connections(known, workers, now),
    )


def _connections(known: Iterable[RelayState], workers: Iterable[Worker], now: datetime) -> dict[str, int]:
    """Add up what is open to each relay; what a worker noted that is silent since is no longer there."""
    there: Counter[str] = Counter({relay.name: 0 for relay in known})
    for worker in workers:
        if now - worker.seen_at < _FRESH:
            there.update(worker.connections)
    return dict(there)
