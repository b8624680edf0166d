"""A line to the web: only public addresses are connected to, and whoever is called is hung up on in time."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests_hardened import Config, Manager
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

CONNECT_AND_READ = (5.0, 10.0)
"""Seconds for a connection, and between two bytes."""


def open_line(who: str) -> Any:
    """Return a session that says who asks, and follows no redirect by itself."""
    config = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=CONNECT_AND_READ,
        user_agent_override=who,
    )
    session = Manager(config).get_session()
    session.get_redirect_target = lambda _answer: (
        None
    )  # or it reads all that a redirect carries, however much
    session.trust_env = False  # no proxy, no .netrc: the address that was checked is the one that is visited
    return session


class Clock:
    """Hangs up on whoever is visited once the time is over: a timeout between two bytes never ends what drips."""

    def __init__(self, seconds: float) -> None:
        self.rang = False
        self._seconds = seconds
        self._lines: list[socket.socket] = []

    @contextmanager
    def over(self, session: Any) -> Iterator[None]:
        """Watch over all connections of a session."""
        for adapter in session.adapters.values():
            adapter.poolmanager.pool_classes_by_scheme = _pools(self._note)
        timer = threading.Timer(self._seconds, self._ring)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _note(self, line: socket.socket) -> None:
        self._lines.append(line)
        if self.rang:
            self._ring()

    def _ring(self) -> None:
        self.rang = True
        for line in self._lines:
            with suppress(OSError):  # closed already
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def _pools(note: Callable[[socket.socket], None]) -> dict[str, type[HTTPConnectionPool]]:
    """Return what makes connections, by scheme, such that each is noted."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            note(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            note(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
