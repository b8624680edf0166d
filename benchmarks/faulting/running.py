"""One run: an installation is started, a mailing sent, something broken in the middle, and everything counted."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from benchmarks.faulting.faults import Cost, Scene, TooSlowError
from benchmarks.faulting.servers import Broker, Database, Receiver
from benchmarks.faulting.weighing import Weighed, weigh
from benchmarks.faulting.workers import beat, worker
from benchmarks.sending import readers
from benchmarks.sending.letters import SENDER
from newsletter import delivery, settings
from newsletter.app import create_app, migrate
from newsletter.database import db

_KEY = "a key for the benchmark alone"
_LEDGER = text("SELECT address, state FROM recipients WHERE mailing_id = :mailing")
_UNKNOWN = text("SELECT count(*) FROM recipients WHERE mailing_id = :mailing AND state = 'unknown'")
_PATIENCE = 900.0
_AFTERWARDS = 3.0
"""Seconds that are waited at the end for what should not come."""


@dataclass(frozen=True)
class Asked:
    """What is to be sent, and how."""

    recipients: int
    processes: int
    latency: float
    seed: int


@dataclass(frozen=True)
class Proved:
    """What came out of one fault."""

    fault: str
    times: int
    doubles_allowed: int
    seconds: float
    weighed: Weighed
    broken: tuple[str, ...]
    """The promises that were not kept, each in one sentence."""


def prove(asked: Asked, fault: str, cause: Callable[[Scene], Cost], folder: Path) -> Proved:
    """Send a mailing in an empty folder, let `cause` break something in the middle, and count afterwards."""
    with _installation(asked, folder) as (scene, mailing):
        begun = time.monotonic()
        cost, late = _cause(cause, scene)
        late += _until_finished(mailing)
        seconds = time.monotonic() - begun
        time.sleep(_AFTERWARDS)
        rows = db.session.execute(_LEDGER, {"mailing": mailing}).tuples()
        weighed = weigh(dict(rows.all()), scene.receiver.notes())
        late += tuple(f"{one.name} ended by itself." for one in scene.workers if not one.runs)
    broken = (*late, *cost.amiss, *_broken(weighed, cost))
    return Proved(fault, cost.times, cost.doubles_allowed, round(seconds, 1), weighed, broken)


def _cause(cause: Callable[[Scene], Cost], scene: Scene) -> tuple[Cost, tuple[str, ...]]:
    try:
        return cause(scene), ()
    except TooSlowError as error:
        return Cost(0, 0), (f"The mailing stood still: {error}.",)


def _broken(weighed: Weighed, cost: Cost) -> Iterator[str]:
    if weighed.lost:
        yield f"{weighed.lost} readers were lost."
    if weighed.wrong:
        yield f"Of {weighed.wrong} readers the ledger says what is not so."
    if weighed.unknown or weighed.unfinished:
        yield f"{weighed.unknown} readers are left unknown, {weighed.unfinished} unfinished."
    if weighed.doubled > cost.doubles_allowed:
        yield f"{weighed.doubled} messages came twice, where {cost.doubles_allowed} may."
    if weighed.renamed:
        yield f"{weighed.renamed} readers got a second message under another Message-ID."


def _until_finished(mailing: int) -> tuple[str, ...]:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            state = delivery.progress(mailing).state
            db.session.commit()
        except (OperationalError, InterfaceError):
            db.session.rollback()
        else:
            if state == delivery.MailingState.FINISHED:
                return ()
        time.sleep(0.2)
    return (f"The mailing did not end within {_PATIENCE:.0f} s.",)


@contextmanager
def _installation(asked: Asked, folder: Path) -> Iterator[tuple[Scene, int]]:
    """Start everything, and give the scene with the number of a mailing that has begun."""
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(folder / "postgres")))
        broker = stack.enter_context(closing(Broker(folder)))
        receiver = stack.enter_context(closing(Receiver(folder, asked.latency)))
        place = {
            "DATABASE_URL": database.url,
            "REDIS_URL": broker.url,
            "SMTP_URL": receiver.url,
            "DATA_DIR": str(folder / "data"),
            "SECRET_KEY": _KEY,
        }
        stack.enter_context(_app(place).app_context())
        stack.callback(_let_go)
        list_id = readers.make(asked.recipients)
        workers = [
            stack.enter_context(closing(worker(folder, number, place))) for number in range(asked.processes)
        ]
        stack.enter_context(closing(beat(folder, place)))
        mailing = readers.enqueue(list_id)
        servers = {"relay": receiver, "database": database, "redis": broker}
        chance = random.Random(asked.seed)
        yield (
            Scene(asked.recipients, receiver, workers, servers, chance, lambda: _in_doubt(mailing)),
            mailing,
        )


def _app(place: dict[str, str]) -> Flask:
    app = create_app("config.Testing", **place)
    migrate(app)
    with app.app_context():
        settings.change_publication(sender_email=SENDER, bounce_domain="bounces.example.org")
        db.session.commit()
        db.session.remove()
    return app


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _in_doubt(mailing: int) -> int:
    count: int = db.session.execute(_UNKNOWN, {"mailing": mailing}).scalar_one()
    db.session.commit()
    return count
