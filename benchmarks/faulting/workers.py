"""The workers of an installation and their beat, as an operator runs them."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

_ROOT = Path(__file__).parents[2]
_WORKER = ("worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "warning")


class Process:
    """One process of Celery's, which can be killed and started again."""

    def __init__(self, folder: Path, name: str, words: tuple[str, ...], place: dict[str, str]) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        self._command = [sys.executable, "-m", "celery", "--app", "worker.production", *words]
        self._environment = os.environ | place
        self.start()

    def start(self) -> None:
        """Begin to work."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=_ROOT, env=self._environment, stdout=log, stderr=log
            )

    @property
    def runs(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def connections(self, port: int) -> int:
        """Return how many connections it has open to a port."""
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(self._process.pid).net_connections("tcp")
            return sum(bool(one.raddr) and one.raddr.port == port for one in found)
        return 0

    def end(self, sent: signal.Signals) -> int:
        """Send it a signal, wait until it is gone, and return its status."""
        self._process.send_signal(sent)
        return self._process.wait(60)

    def close(self) -> None:
        """End, in order if that works."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.end(signal.SIGTERM)
        self._process.kill()
        self._process.wait()


def worker(folder: Path, number: int, place: dict[str, str]) -> Process:
    """Start a worker."""
    return Process(folder, f"worker-{number}", (*_WORKER, "--hostname", f"{number}@%h"), place)


def beat(folder: Path, place: dict[str, str]) -> Process:
    """Start the beat, which wakes the workers every second."""
    words = ("beat", "--loglevel", "warning", "--schedule", str(folder / "beat"))
    return Process(folder, "beat", words, place)
