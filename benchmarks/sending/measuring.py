"""One run: the load generator before and after, the mailing between, the plain way last."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import psutil
from sqlalchemy import text

from benchmarks.sending import pages, past, plainly, readers
from benchmarks.sending.letters import SENDER, octets
from benchmarks.sending.servers import Database, database, sink, smtp_source
from benchmarks.sending.tenths import Samples, tenths
from newsletter import delivery, settings
from newsletter.app import create_app, migrate
from newsletter.database import UTCDateTime, db

_SESSIONS = 10
_SOURCE_MESSAGES = 20_000
_PLAIN_MESSAGES = 500
_LOOK = 0.05
_PARTING = 1.0
"""Seconds until PostgreSQL has counted what the workers' connections took; between two counts it is nowhere."""
_FIRST = text("SELECT min(sent_at) AS first FROM recipients WHERE mailing_id = :mailing").columns(
    first=UTCDateTime
)
_KEY = "a key for the benchmark alone"
KINDS = {"ed25519": "ed25519", "rsa2048": "rsa"}
"""The kinds of keys that messages may be signed with, as they are asked for and as the product calls them."""


@dataclass(frozen=True)
class Asked:
    """What is to be measured."""

    recipients: int
    engine: str
    processes: int
    connections: int = 10
    latency: int = 0
    dkim: str | None = None
    ledger_rows: int = 0


@dataclass(frozen=True)
class Measured:
    """What one run took: rates in messages a second, the processor's seconds for a thousand messages."""

    recipients: int
    processes: int
    engine: str
    connections: int
    messages_per_second: float
    worker_cpu_s_per_1000: float
    database_cpu_s_per_1000: float
    peak_mb: float
    fill_seconds: float
    first_message_seconds: float
    rates: list[float]
    """Messages a second of each tenth of the mailing, one after the other."""
    cpu_s_per_1000_then: list[float]
    """What worker and database took for each of them."""
    pages_ms: dict[str, float]
    ledger_rows: int = 0
    dkim: str | None = None
    ratio: float = 0.0
    smtp_source_per_second: float = 0.0
    message_octets: int = 0
    smtplib_per_second: float = 0.0
    smtplib_cpu_s_per_1000: float = 0.0


def measure(asked: Asked, folder: Path) -> Measured:
    """Measure in an empty folder. Ends the process in one line where something is missing or does not add up."""
    size = octets()
    with sink() as port:
        before = smtp_source(port, _SOURCE_MESSAGES, size, _SESSIONS)
        with database(asked.engine, folder) as base, sink(asked.latency) as relay:
            ours = _send(asked, folder, base, relay)
        after = smtp_source(port, _SOURCE_MESSAGES, size, _SESSIONS)
        plain_rate, plain_cpu = plainly.send(port, _PLAIN_MESSAGES)
    source = mean((before, after))
    return replace(
        ours,
        ratio=ours.messages_per_second / source,
        smtp_source_per_second=source,
        message_octets=size,
        smtplib_per_second=plain_rate,
        smtplib_cpu_s_per_1000=plain_cpu,
    )


@dataclass(frozen=True)
class _Course:
    """How a mailing went: moments in seconds since 1970, what each worker said, what the database took."""

    mailing: int
    begun: float
    filled: float
    told: list[dict[str, float]]
    database_cpu: float
    samples: Samples


def _send(asked: Asked, folder: Path, base: Database, relay: int) -> Measured:
    place = {
        "DATABASE_URL": base.url,
        "DATA_DIR": str(folder / "data"),
        "SMTP_URL": f"smtp://127.0.0.1:{relay}?tls=none",
        "SECRET_KEY": _KEY,
    }
    app = create_app("config.Testing", **place)
    with app.app_context():
        migrate(app)
        list_id = _install(asked)
        workers = [_start(asked, place) for _ in range(asked.processes)]
        measured = _weigh(asked, _run(list_id, base, workers))
        db.session.remove()
        db.engine.dispose()
    return measured


def _start(asked: Asked, place: dict[str, str]) -> "_Worker":
    """Start a worker, and let it send a test of the letter."""
    readers.post_test()
    return _Worker(asked.connections, place)


def _install(asked: Asked) -> int:
    """Make an installation with readers, and return their list's number."""
    settings.change_publication(sender_email=SENDER, bounce_domain="bounces.example.org")
    if asked.dkim:
        key = settings.add_signing_key(SENDER.partition("@")[2], "benchmark", KINDS[asked.dkim])
        settings.use_signing_key(key.id, unchecked=True)
    list_id = readers.make(asked.recipients)
    if asked.ledger_rows:
        past.make(asked.ledger_rows, asked.recipients)
    return list_id


def _run(list_id: int, base: Database, workers: "list[_Worker]") -> _Course:
    spent, begun = base.cpu_seconds(), time.time()
    mailing = readers.enqueue(list_id)
    with Samples(lambda: base.cpu_seconds() + sum(worker.cpu_seconds() for worker in workers)) as samples:
        for worker in workers:
            worker.go()
        filled = _filled(mailing)
        told = [worker.wait() for worker in workers]
    time.sleep(_PARTING)
    return _Course(mailing, begun, filled, told, base.cpu_seconds() - spent, samples)


def _filled(mailing: int) -> float:
    """Return the moment at which the last of a mailing's readers is in the ledger."""
    while delivery.progress(mailing).grows:
        db.session.rollback()
        time.sleep(_LOOK)
    db.session.rollback()
    return time.time()


def _weigh(asked: Asked, course: _Course) -> Measured:
    _check(course.mailing, asked.recipients)
    first = db.session.execute(_FIRST, {"mailing": course.mailing}).scalar_one()
    rates, spent_then = tenths(course.mailing, course.samples)
    told, thousands = course.told, asked.recipients / 1000
    return Measured(
        recipients=asked.recipients,
        processes=asked.processes,
        engine=asked.engine,
        connections=asked.connections,
        dkim=asked.dkim,
        messages_per_second=asked.recipients / _span(told),
        worker_cpu_s_per_1000=sum(each["cpu"] for each in told) / thousands,
        database_cpu_s_per_1000=course.database_cpu / thousands,
        peak_mb=max(each["peak_mb"] for each in told),
        fill_seconds=course.filled - course.begun,
        first_message_seconds=first.timestamp() - course.begun,
        rates=rates,
        cpu_s_per_1000_then=spent_then,
        pages_ms=pages.look(course.mailing, asked.recipients),
        ledger_rows=asked.ledger_rows,
    )


def _span(told: list[dict[str, float]]) -> float:
    return max(each["ended"] for each in told) - min(each["begun"] for each in told)


class _Worker:
    """A worker in a process of its own, started and waiting."""

    def __init__(self, connections: int, place: dict[str, str]) -> None:
        command = [sys.executable, "-m", "benchmarks.sending.worker", str(connections)]
        self._said = Path(place["DATA_DIR"]).with_name(f"worker-{secrets.token_hex(4)}.log")
        with self._said.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env=os.environ | place,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._spent = 0.0
        self._hear("ready")

    def cpu_seconds(self) -> float:
        """Return what it took of the processor so far."""
        with contextlib.suppress(psutil.NoSuchProcess):
            times = psutil.Process(self._process.pid).cpu_times()
            self._spent = times.user + times.system
        return self._spent

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.close()

    def wait(self) -> dict[str, float]:
        """Return what it says at its end."""
        told: dict[str, float] = json.loads(self._hear())
        self._process.wait()
        return told

    def _hear(self, wanted: str | None = None) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        if not line or (wanted and line != wanted):
            sys.exit(
                f"{self._said.read_text()}benchmarks/send: a worker did not do its work; what it said stands above."
            )
        return line


def _check(mailing: int, recipients: int) -> None:
    progress = delivery.progress(mailing)
    if progress.sent != recipients:
        sys.exit(f"benchmarks/send: of {recipients} only {progress.sent} were sent: {progress}")
