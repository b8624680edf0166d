"""The faults: each breaks something in the middle of a mailing, and says afterwards what it may have cost."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from benchmarks.faulting.servers import Receiver
from benchmarks.faulting.workers import Process

_OFTEN = 0.01
_PATIENCE = 300.0
_EARLIEST, _LATEST = 0.05, 0.9


class Server(Protocol):
    """What can be away for a while."""

    def stop(self) -> None: ...

    def start(self) -> None: ...


@dataclass(frozen=True)
class Scene:
    """What a fault finds: a mailing to so many readers that is under way."""

    recipients: int
    receiver: Receiver
    workers: list[Process]
    servers: dict[str, Server]
    chance: random.Random
    in_doubt: Callable[[], int]
    """How many rows of the ledger are unknown at this moment."""


@dataclass(frozen=True)
class Cost:
    """What a fault may have cost: how many doubles are allowed, and what it found amiss by itself."""

    times: int
    doubles_allowed: int
    amiss: tuple[str, ...] = ()


class TooSlowError(Exception):
    """The mailing does not go on."""


def kill(scene: Scene, times: int) -> Cost:
    """`kill -9` of a worker, so many times at random moments, each time started again."""
    open_then = 0
    for victim in _moments(scene, times):
        open_then += victim.connections(scene.receiver.port)
        victim.end(signal.SIGKILL)
        victim.start()
    return Cost(times, open_then)


def terminate(scene: Scene, times: int) -> Cost:
    """SIGTERM to a worker, so many times at random moments, each time started again."""
    amiss = []
    for victim in _moments(scene, times):
        status = victim.end(signal.SIGTERM)
        if status:
            amiss.append(f"{victim.name} ended with status {status}")
        if doubts := scene.in_doubt():
            amiss.append(f"{victim.name} left {doubts} in doubt")
        victim.start()
    return Cost(times, 0, tuple(amiss))


def absence(scene: Scene, name: str, seconds: float) -> Cost:
    """A server goes away at a random moment for so many seconds."""
    _wait_for(scene, round(scene.recipients * scene.chance.uniform(0.2, 0.5)))
    before = scene.receiver.counts()
    scene.servers[name].stop()
    time.sleep(seconds)
    scene.servers[name].start()
    relay = name == "relay"  # what it took and had not answered for nobody but it can tell
    return Cost(1, before["open"] if relay else 0)


def _moments(scene: Scene, times: int) -> Iterator[Process]:
    """At so many random moments of the mailing give a random worker that has a connection."""
    shares = sorted(scene.chance.uniform(_EARLIEST, _LATEST) for _ in range(times))
    for share in shares:
        _wait_for(scene, round(scene.recipients * share))
        time.sleep(scene.chance.uniform(0, 0.05))
        yield _somebody_at_work(scene)


def _somebody_at_work(scene: Scene) -> Process:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        at_work = [one for one in scene.workers if one.connections(scene.receiver.port)]
        if at_work:
            return scene.chance.choice(at_work)
        time.sleep(_OFTEN)
    raise TooSlowError("no worker opened a connection to the mail server")


def _wait_for(scene: Scene, messages: int) -> None:
    """Wait until so many messages have arrived."""
    end, most = time.monotonic() + _PATIENCE, 0
    while (taken := scene.receiver.counts()["taken"]) < messages:
        if taken > most:
            end, most = time.monotonic() + _PATIENCE, taken
        if time.monotonic() > end:
            raise TooSlowError(f"nothing arrived for {_PATIENCE:.0f} s")
        time.sleep(_OFTEN)
