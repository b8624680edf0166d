"""Worker machines, as far as one real machine can be several: each with a data folder, a host name and an address of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.database import db

_SCRIPT = Path(__file__).with_name("courier_process.py")
_ROOT = _SCRIPT.parents[2]
_SLOTS = 60
"""So many runs of the tests may have machines at the same time."""


class Machine:
    """A machine that delivers: it can be started, killed and cut off from what it kept."""

    def __init__(
        self, folder: Path, number: int, address: str, before: tuple[str, ...], smtp_url: str
    ) -> None:
        self.name = f"machine{number}"
        self.address = address
        self.data_dir = folder / self.name
        self._before = before
        self._smtp_url = smtp_url
        self._process: subprocess.Popen | None = None

    def start(self, clock_off: float = 0) -> "Machine":
        """Let it deliver until nothing is due, with a clock that is wrong by so many seconds."""
        return self.stand_by(clock_off).go()

    def stand_by(self, clock_off: float = 0) -> "Machine":
        """Start it, so that it can begin at once."""
        database = db.engine.url.render_as_string(hide_password=False)
        command = [sys.executable, str(_SCRIPT), str(self.data_dir), database, self._smtp_url]
        more = {"PYTHONPATH": str(_ROOT), "CLOCK_OFF": str(clock_off), "ON_CALL": "yes"}
        self._process = subprocess.Popen(
            [*self._before, *command],
            cwd=_ROOT,
            env={**os.environ, **more},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"
        return self

    def go(self) -> "Machine":
        """Let it begin."""
        self._process.stdin.write("go\n")
        self._process.stdin.close()
        return self

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        """Wait until it has nothing more to do."""
        assert self._process is not None
        assert self._process.wait(60) == 0

    def kill(self) -> None:
        """Let it die as at a power cut."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()

    def journals(self) -> list[Path]:
        """What it left of its journal."""
        return list((self.data_dir / "journal").glob("*/*-*"))


@contextmanager
def machines(folder: Path, port: int, count: int = 3) -> Iterator[list[Machine]]:
    """Give machines that know the mail server on a port, in namespaces of their own where we may make some.

    Elsewhere each calls from a loopback address of its own.
    """
    made: list[Machine] = []
    with _network(count) as network:
        for number in range(1, count + 1):
            if network is not None:
                before = ("ip", "netns", "exec", network.space(number), "unshare", "--uts", "sh", "-c")
                before = (*before, f'hostname machine{number}; exec "$@"', "sh")
                url, address = f"smtp://{network.home}:{port}?tls=none", f"{network.net(number)}.2"
            else:
                before, address = (), f"127.0.0.{number + 10}"
                url = f"smtp://127.0.0.1:{port}?tls=none&source={address}"
            made.append(Machine(folder, number, address, before, url))
        try:
            yield made
        finally:
            for machine in made:
                machine.kill()


@dataclass(frozen=True)
class _Network:
    """Names and addresses of machines that no other run of the tests on this machine has."""

    slot: int

    @property
    def home(self) -> str:
        """Where the machines find the mail server."""
        return f"10.213.255.{self.slot}"

    def space(self, number: int) -> str:
        return f"newsletter-{self.slot}-{number}"

    def net(self, number: int) -> str:
        return f"10.213.{4 * self.slot + number}"

    def lay(self, number: int) -> bool:
        """Lay a cable from a machine's namespace to us."""
        name, net, ours = self.space(number), self.net(number), f"letter{self.slot}-{number}"
        return all(
            _run(command)
            for command in (
                f"ip link add {ours} type veth peer name eth0 netns {name}",
                f"ip address add {net}.1/30 dev {ours}",
                f"ip link set {ours} up",
                f"ip -n {name} address add {net}.2/30 dev eth0",
                f"ip -n {name} link set eth0 up",
                f"ip -n {name} link set lo up",
                f"ip -n {name} route add default via {net}.1",
            )
        )


@contextmanager
def _network(count: int) -> Iterator[_Network | None]:
    """Make network namespaces, each with one cable to us; none where that is not allowed.

    Whoever makes the first namespace of a slot has the slot: the kernel lets but one.
    """
    network = next(
        (one for one in map(_Network, range(1, _SLOTS)) if _run(f"ip netns add {one.space(1)}")), None
    )
    if network is None:
        yield None
        return
    try:
        numbers = range(1, count + 1)
        others = all(_run(f"ip netns add {network.space(number)}") for number in numbers[1:])
        home = _run(f"ip address add {network.home}/32 dev lo")
        yield network if others and home and all(map(network.lay, numbers)) else None
    finally:
        for number in range(1, count + 1):
            _run(f"ip netns delete {network.space(number)}")
        _run(f"ip address delete {network.home}/32 dev lo")


def _run(command: str) -> bool:
    try:
        return subprocess.run(command.split(), capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
