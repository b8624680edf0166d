"""Everything in one process: pages, a real Celery worker and beat, and the inbox that catches the mail.

`python -m worker.embedded` is what `scripts/run` starts. The rows in the database are the queue, so killing this process
at any moment loses nothing.
"""

import errno
import fcntl
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM, signal
from typing import IO, Any

import structlog
import waitress
from celery import Celery
from celery.beat import Scheduler, Service
from celery.worker import WorkController

from newsletter import delivery, settings
from newsletter.app import create_app, migrate
from newsletter.errors import Misconfigured, NewsletterError
from newsletter.sample import greet
from worker import tasks
from worker.app import make_celery

log = structlog.get_logger()
_THREADS = 8
_PATIENCE = 20.0  # seconds that a stop waits for what is on the wire


class EmbeddedWorker:
    """A Celery worker and beat in threads of this process, started again when one of them dies."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._threads: dict[str, threading.Thread] = {}
        self._services: dict[str, Any] = {}

    def start(self) -> None:
        """Begin to work, and to watch that the work goes on."""
        self._celery.finalize()
        self._start_missing()
        self._keeper.start()

    def stop(self) -> bool:
        """Stop in order: nothing new begins, what is on the wire ends. Returns whether all did so in time."""
        self._ended.set()
        tasks.stop()
        self._services["beat"].stop(wait=False)
        self._services["worker"].stop()
        for thread in self._threads.values():
            thread.join(_PATIENCE)
        return not any(thread.is_alive() for thread in self._threads.values())

    def _keep(self) -> None:
        while not self._ended.wait(1.0):
            self._start_missing()

    def _start_missing(self) -> None:
        for name, begin in (("worker", self._worker), ("beat", self._beat)):
            if name in self._threads and self._threads[name].is_alive():
                continue
            if name in self._threads:
                log.error("a part of the embedded worker died and is started again", part=name)
            self._threads[name] = begin()
            self._threads[name].start()

    def _worker(self) -> threading.Thread:
        worker = WorkController(
            app=self._celery,
            pool="threads",
            concurrency=_THREADS // 2,
            hostname="embedded@local",
            without_mingle=True,
            without_gossip=True,
            without_heartbeat=True,
        )
        self._services["worker"] = worker
        return threading.Thread(target=worker.start, name="celery-worker", daemon=True)

    def _beat(self) -> threading.Thread:
        beat = Service(self._celery, scheduler_cls=Scheduler, max_interval=1)
        self._services["beat"] = beat
        return threading.Thread(
            target=beat.start, kwargs={"embedded_process": True}, name="celery-beat", daemon=True
        )


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder: two such processes would each have a queue of their own in memory. Raises `Misconfigured`."""
    file: IO[str] = (data_dir / "serving.lock").open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Misconfigured(
                f"another process serves from {data_dir} already; stop it, or choose another folder.",
                "DATA_DIR",
            ) from error
        yield


def serve(*, sample: bool) -> None:
    """Serve until a signal ends it. Raises `Misconfigured` where a setting stands in the way."""
    app = create_app()
    environment = settings.environment()
    if not environment.embedded:
        raise Misconfigured(
            "it is set; then gunicorn serves wsgi:app and Celery runs worker.production.", "REDIS_URL"
        )
    listener = _listen(environment.host, environment.port)
    with alone(environment.data_dir), delivery.catching():
        (environment.data_dir / "address").write_text(
            environment.base_url, encoding="utf-8"
        )  # for the command line
        migrate(app)
        with app.app_context():
            words = greet(sample=sample)
        worker = EmbeddedWorker(make_celery(app))
        worker.start()
        signal(SIGTERM, _end)
        print(words, flush=True)  # noqa: T201 - this is the one thing that whoever started it wants to read
        try:
            waitress.create_server(app, sockets=[listener], threads=_THREADS, ident=None).run()
        finally:
            worker.stop()


def _end(*_: object) -> None:
    raise SystemExit(0)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        away = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
        wrong = "HOST" if away else "PORT"
        raise Misconfigured(
            f"{host}:{port} cannot be opened ({error.strerror}); choose another.", wrong
        ) from error
    return listener


def main() -> None:
    """Run from the command line: `python -m worker.embedded [--empty]`."""
    unknown = set(sys.argv[1:]) - {"--empty"}
    if unknown:
        sys.exit(f"scripts/run knows --empty alone, not {' '.join(sorted(unknown))}.")
    try:
        serve(sample="--empty" not in sys.argv[1:])
    except NewsletterError as error:
        sys.exit(f"scripts/run: {error}")
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
